package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
)

// registryPath is what a path of the distribution API speaks of.
type registryPath struct {
	kind       string // ping, manifest, blob, upload, referrers, tags, token, other
	repository string
	reference  string
}

var (
	pathPattern = regexp.MustCompile(`^/v2/(.+)/(manifests|blobs/uploads|blobs|referrers|tags)/([^/]*)$`)
	kinds       = map[string]string{"manifests": "manifest", "blobs/uploads": "upload", "blobs": "blob"}
	digest      = regexp.MustCompile(`^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$`)
)

func isDigest(reference string) bool { return digest.MatchString(reference) }

func parsePath(path string) registryPath {
	switch path {
	case "/v2", "/v2/":
		return registryPath{kind: "ping"}
	case "/token":
		return registryPath{kind: "token"}
	}
	found := pathPattern.FindStringSubmatch(path)
	if found == nil {
		return registryPath{kind: "other"}
	}
	kind := found[2]
	if known, ok := kinds[kind]; ok {
		kind = known
	}
	return registryPath{kind: kind, repository: found[1], reference: found[3]}
}

// ask runs another request of the same client against a handler and keeps the answer.
func ask(handler http.Handler, like *http.Request, method, path string) *httptest.ResponseRecorder {
	request := like.Clone(like.Context())
	request.Method, request.Body, request.ContentLength = method, http.NoBody, 0
	request.URL.Path, request.URL.RawPath, request.URL.RawQuery = path, "", ""
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

func writeError(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []map[string]string{{"code": code, "message": message}}})
}
