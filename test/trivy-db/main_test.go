package main

import (
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

func TestBucketsOfSeveralFilesBecomeOne(t *testing.T) {
	folder := t.TempDir()
	files := []string{}
	for name, text := range map[string]string{
		"a.json": `[{"bucket":"debian 13","pairs":[{"bucket":"zlib","pairs":[{"key":"CVE-1","value":{"Status":5}}]}]}]`,
		"b.json": `[{"bucket":"debian 13","pairs":[{"bucket":"zlib","pairs":[{"key":"CVE-2","value":{"Status":2}}]}]}]`,
	} {
		files = append(files, filepath.Join(folder, name))
		if err := os.WriteFile(files[len(files)-1], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(folder, "trivy.db")
	if err := build(path, files); err != nil {
		t.Fatal(err)
	}
	database, err := bbolt.Open(path, 0o644, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	_ = database.View(func(tx *bbolt.Tx) error {
		zlib := tx.Bucket([]byte("debian 13")).Bucket([]byte("zlib"))
		if got := string(zlib.Get([]byte("CVE-1"))) + string(zlib.Get([]byte("CVE-2"))); got != `{"Status":5}{"Status":2}` {
			t.Fatal(got)
		}
		return nil
	})
}
