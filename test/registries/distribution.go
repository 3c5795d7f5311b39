package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/distribution/distribution/v3/configuration"
	_ "github.com/distribution/distribution/v3/registry/auth/token" // names itself "token"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory" // names itself "inmemory"
	"github.com/sirupsen/logrus"
)

// newDistributionRegistry is the CNCF registry, in memory, with deletion; its own token verification.
func newDistributionRegistry(tokens *tokenServer) (http.Handler, error) {
	config := &configuration.Configuration{Storage: configuration.Storage{
		"inmemory":    configuration.Parameters{},
		"delete":      configuration.Parameters{"enabled": true},
		"maintenance": configuration.Parameters{"uploadpurging": map[any]any{"enabled": false}},
	}}
	config.Log.Level = "error"
	config.Catalog.MaxEntries = 1000
	config.HTTP.Secret = "loopback"
	config.HTTP.RelativeURLs = true // clients come under different names: loopback, a service's name
	logrus.SetOutput(io.Discard)
	if tokens != nil {
		keys, err := tokens.writeKeys()
		if err != nil {
			return nil, err
		}
		config.Auth = configuration.Auth{"token": configuration.Parameters{
			"realm": realmPlaceholder, "service": tokenService, "issuer": tokenIssuer, "jwks": keys,
		}}
	}
	return newApp(config)
}

// newApp turns the panic by which distribution reports a wrong configuration into an error.
func newApp(config *configuration.Configuration) (app http.Handler, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("distribution: %v", cause)
		}
	}()
	return handlers.NewApp(context.Background(), config), nil
}
