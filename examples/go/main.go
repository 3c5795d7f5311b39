// A client that promotes an image with cssc: it gates it, and promotes it when it passes. Prints the result as JSON.
//
//	go run . -image ghcr.io/acme/quarantine/app:1.4 -target ghcr.io/acme/golden/app
//
// It asks by GraphQL, in one request, which is what generated bindings do.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"dagger.io/dagger"
)

func main() {
	module := flag.String("module", "github.com/acme/cssc@v0.1.0", "where the module is")
	image := flag.String("image", "", "registry/repository:tag of the quarantine")
	target := flag.String("target", "", "registry/repository[:tag] of the trusted images")
	service := flag.String("service", "", "address=tcp://host:port of a registry that only this machine reaches")
	toolbox := flag.String("toolbox", "", "another image with crane, oras and trivy")
	database := flag.String("database", "", "a folder with Trivy's vulnerability database")
	flag.Parse()
	result, err := promote(context.Background(), *module, *image, *target, *service, *toolbox, *database)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(result)
}

func promote(ctx context.Context, module, image, target, service, toolbox, database string) (string, error) {
	client, err := dagger.Connect(ctx, dagger.WithLogOutput(os.Stderr))
	if err != nil {
		return "", err
	}
	defer client.Close()
	if err := client.ModuleSource(module).AsModule().Serve(ctx); err != nil {
		return "", err
	}
	constructor := arguments{}
	if toolbox != "" {
		id, err := client.Address(toolbox).Container().ID(ctx)
		if err != nil {
			return "", err
		}
		constructor["toolbox"] = id
	}
	if database != "" {
		id, err := client.Host().Directory(database).ID(ctx)
		if err != nil {
			return "", err
		}
		constructor["databaseDirectory"] = id
	}
	chain := []string{call("cssc", constructor)}
	if address, url, found := strings.Cut(service, "="); found {
		id, err := client.Address(url).Service().ID(ctx)
		if err != nil {
			return "", err
		}
		chain = append(chain, call("withRegistryService", arguments{"address": address, "service": id}))
	}
	chain = append(chain, call("gate", arguments{"image": image}), call("promote", arguments{"target": target}))
	return ask(ctx, client, append(chain, "json"))
}

type arguments map[string]any

// call is one link of a chain; GraphQL's strings are JSON's.
func call(name string, given arguments) string {
	words := make([]string, 0, len(given))
	for argument, value := range given {
		quoted, _ := json.Marshal(fmt.Sprint(value))
		words = append(words, argument+": "+string(quoted))
	}
	if len(words) == 0 {
		return name
	}
	return name + "(" + strings.Join(words, ", ") + ")"
}

// ask selects the links inside one another, and returns the last one's text.
func ask(ctx context.Context, client *dagger.Client, chain []string) (string, error) {
	query := "query { " + strings.Join(chain, " { ") + strings.Repeat(" }", len(chain))
	var answer any
	if err := client.Do(ctx, &dagger.Request{Query: query}, &dagger.Response{Data: &answer}); err != nil {
		return "", err
	}
	for _, link := range chain {
		name, _, _ := strings.Cut(link, "(")
		fields, _ := answer.(map[string]any)
		answer = fields[name]
	}
	text, ok := answer.(string)
	if !ok {
		return "", fmt.Errorf("the answer has no %s", chain[len(chain)-1])
	}
	return text, nil
}
