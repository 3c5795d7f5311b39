package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
)

// replay sends an answer that was held back; HEAD gets no body.
func replay(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(answer.Body.Len()))
	w.WriteHeader(answer.Code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(answer.Body.Bytes())
	}
}

// replaceBody also corrects the digest header, so that only what is asked for is wrong.
func replaceBody(answer *httptest.ResponseRecorder, body []byte) {
	answer.Body = bytes.NewBuffer(body)
	if answer.Header().Get("Docker-Content-Digest") != "" {
		answer.Header().Set("Docker-Content-Digest", digestOf(body))
	}
}

func digestOf(content []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(content)) }

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// immutableTags is Harbor, ECR and ACR: a tag that exists is not moved to another digest.
func immutableTags(f *fault, w http.ResponseWriter, r *http.Request, next http.Handler) bool {
	path := parsePath(r.URL.Path)
	if path.kind != "manifest" || r.Method != http.MethodPut || isDigest(path.reference) ||
		!f.tags.MatchString(path.reference) {
		return false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	existing := ask(next, r, http.MethodHead, r.URL.Path)
	if existing.Code != http.StatusOK || existing.Header().Get("Docker-Content-Digest") == digestOf(body) {
		return false
	}
	status, code := http.StatusConflict, "MANIFEST_INVALID"
	if f.Status != 0 {
		status = f.Status
	}
	if status == http.StatusPreconditionFailed {
		code = "PRECONDITION" // Harbor
	}
	writeError(w, status, code, "tag "+path.reference+" is immutable and cannot be overwritten")
	return true
}

// oversizedManifest pads a manifest with white space beyond the 4 MiB that clients accept.
func oversizedManifest(_ *fault, w http.ResponseWriter, r *http.Request, next http.Handler) bool {
	if parsePath(r.URL.Path).kind != "manifest" || !isRead(r) {
		return false
	}
	answer := ask(next, r, http.MethodGet, r.URL.Path)
	if answer.Code != http.StatusOK {
		return false
	}
	replaceBody(answer, append(answer.Body.Bytes(), bytes.Repeat([]byte(" "), 4<<20+1)...))
	replay(w, r, answer)
	return true
}
