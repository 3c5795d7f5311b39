// Command trivy-db writes a Trivy vulnerability database from JSON files in the form of Trivy's own test fixtures:
// `bucket` opens a bucket, nested ones included, `key` holds a raw JSON value.
//
//	trivy-db trivy.db fixture.json …
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"

	"go.etcd.io/bbolt"
)

type node struct {
	Bucket string          `json:"bucket"`
	Pairs  []node          `json:"pairs"`
	Key    string          `json:"key"`
	Value  json.RawMessage `json:"value"`
}

// parent is a database's root or a bucket.
type parent interface {
	CreateBucketIfNotExists(name []byte) (*bbolt.Bucket, error)
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("trivy-db: ")
	if len(os.Args) < 3 {
		log.Fatal("usage: trivy-db DATABASE FIXTURE.json …")
	}
	if err := build(os.Args[1], os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}

func build(path string, fixtures []string) error {
	database, err := bbolt.Open(path, 0o644, &bbolt.Options{NoSync: true, NoFreelistSync: true})
	if err != nil {
		return err
	}
	defer database.Close()
	for _, fixture := range fixtures {
		if err := load(database, fixture); err != nil {
			return fmt.Errorf("%s: %w", fixture, err)
		}
	}
	return nil
}

func load(database *bbolt.DB, fixture string) error {
	text, err := os.ReadFile(fixture)
	if err != nil {
		return err
	}
	var roots []node
	if err := json.Unmarshal(text, &roots); err != nil {
		return err
	}
	return database.Update(func(tx *bbolt.Tx) error {
		for _, root := range roots {
			if err := write(tx, root); err != nil {
				return err
			}
		}
		return nil
	})
}

func write(into parent, n node) error {
	bucket, err := into.CreateBucketIfNotExists([]byte(n.Bucket))
	if err != nil {
		return fmt.Errorf("bucket %q: %w", n.Bucket, err)
	}
	for _, pair := range n.Pairs {
		if pair.Bucket != "" {
			err = write(bucket, pair)
		} else {
			err = bucket.Put([]byte(pair.Key), pair.Value)
		}
		if err != nil {
			return fmt.Errorf("%q: %w", n.Bucket, err)
		}
	}
	return nil
}
