package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	tokenIssuer  = "cssc-test-issuer"
	tokenService = "cssc-test-registry"
	// distribution accepts tokens until a minute after they expired; tokens are dated back by as much.
	distributionLeeway = time.Minute
)

type claims struct {
	jwt.Claims
	Access []*access `json:"access"`
}

// tokenServer hands out the bearer tokens of https://distribution.github.io/distribution/spec/auth/token/.
type tokenServer struct {
	grants grants
	ttl    time.Duration
	key    *ecdsa.PrivateKey
	signer jose.Signer
}

func newTokenServer(users, allows []string, ttl time.Duration) (*tokenServer, error) {
	g, err := parseGrants(users, allows)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	signingKey := jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "test"}}
	signer, err := jose.NewSigner(signingKey, nil)
	return &tokenServer{grants: g, ttl: ttl, key: key, signer: signer}, err
}

// ServeHTTP takes both forms: GET with basic authentication, and OAuth2's POST with a password.
func (t *tokenServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		writeError(w, http.StatusBadRequest, "UNSUPPORTED", err.Error())
		return
	}
	user, password, _ := r.BasicAuth()
	if r.Method == http.MethodPost {
		user, password = r.PostForm.Get("username"), r.PostForm.Get("password")
	}
	if !t.grants.authenticate(user, password) {
		writeError(w, http.StatusUnauthorized, "UNAUTHORIZED", "incorrect username or password")
		return
	}
	granted := []*access{}
	for _, scope := range strings.Fields(strings.Join(r.Form["scope"], " ")) {
		if a := t.grants.grant(user, scope); a != nil {
			granted = append(granted, a)
		}
	}
	token, err := t.sign(user, granted)
	if err != nil {
		writeError(w, http.StatusInternalServerError, "UNKNOWN", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"token": token, "access_token": token, "expires_in": int(t.ttl.Seconds()), "issued_at": time.Now().UTC(),
	})
}

func (t *tokenServer) sign(user string, granted []*access) (string, error) {
	issued := time.Now().Add(-distributionLeeway)
	return jwt.Signed(t.signer).Claims(claims{Access: granted, Claims: jwt.Claims{
		Issuer: tokenIssuer, Subject: user, Audience: jwt.Audience{tokenService},
		IssuedAt: jwt.NewNumericDate(issued), NotBefore: jwt.NewNumericDate(issued),
		// Whole seconds, rounded up: a token lives for its time and up to a second more.
		Expiry: jwt.NewNumericDate(issued.Add(t.ttl + time.Second - 1)),
	}}).Serialize()
}

// writeKeys gives distribution the public key; it reads the file once, when it starts.
func (t *tokenServer) writeKeys() (string, error) {
	file, err := os.CreateTemp("", "registries-jwks-*.json")
	if err != nil {
		return "", err
	}
	defer file.Close()
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: t.key.Public(), KeyID: "test"}}}
	return file.Name(), json.NewEncoder(file).Encode(keys)
}
