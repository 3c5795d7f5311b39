package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// realmPlaceholder stands in a challenge until it is known under which name the client reached us.
const realmPlaceholder = "http://realm.invalid/token"

// serveBeside answers /token and puts the realm into the challenges of the registry.
func (t *tokenServer) serveBeside(registry http.Handler, realm string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if parsePath(r.URL.Path).kind == "token" {
			t.ServeHTTP(w, r)
			return
		}
		registry.ServeHTTP(&challengeWriter{ResponseWriter: w, realm: realmOf(realm, r)}, r)
	})
}

func realmOf(realm string, r *http.Request) string {
	if realm != "" {
		return realm
	}
	if r.TLS != nil {
		return "https://" + r.Host + "/token"
	}
	return "http://" + r.Host + "/token"
}

type challengeWriter struct {
	http.ResponseWriter
	realm string
}

func (c *challengeWriter) WriteHeader(status int) {
	if challenge := c.Header().Get("WWW-Authenticate"); challenge != "" {
		c.Header().Set("WWW-Authenticate", strings.Replace(challenge, realmPlaceholder, c.realm, 1))
	}
	c.ResponseWriter.WriteHeader(status)
}

// protect does for the api registry what distribution does by itself.
func (t *tokenServer) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		needed := neededAccess(r)
		if t.verify(r.Header.Get("Authorization"), needed) {
			next.ServeHTTP(w, r)
			return
		}
		challenge := fmt.Sprintf("Bearer realm=%q,service=%q", realmPlaceholder, tokenService)
		if needed != nil {
			scope := needed.Type + ":" + needed.Name + ":" + strings.Join(needed.Actions, ",")
			challenge += fmt.Sprintf(",scope=%q", scope)
		}
		w.Header().Set("WWW-Authenticate", challenge)
		writeError(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
	})
}

func neededAccess(r *http.Request) *access {
	path := parsePath(r.URL.Path)
	if path.repository == "" {
		return nil
	}
	needed := &access{Type: "repository", Name: path.repository, Actions: []string{"pull"}}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodDelete:
		needed.Actions = []string{"delete"}
	default:
		needed.Actions = append(needed.Actions, "push")
	}
	return needed
}

func (t *tokenServer) verify(authorization string, needed *access) bool {
	raw, isBearer := strings.CutPrefix(authorization, "Bearer ")
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256})
	if !isBearer || err != nil {
		return false
	}
	var c claims
	if token.Claims(t.key.Public(), &c) != nil {
		return false
	}
	expected := jwt.Expected{Issuer: tokenIssuer, AnyAudience: jwt.Audience{tokenService}, Time: time.Now()}
	if c.ValidateWithLeeway(expected, distributionLeeway) != nil {
		return false
	}
	return needed == nil || !slices.ContainsFunc(needed.Actions, func(action string) bool {
		return !slices.ContainsFunc(c.Access, func(a *access) bool {
			return a.Type == needed.Type && a.Name == needed.Name && slices.Contains(a.Actions, action)
		})
	})
}
