package main

import (
	"net/http"
	"strings"
)

func answerFault(f *fault, w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
	for name, value := range f.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(f.Status)
	_, _ = w.Write([]byte(f.Body))
	return true
}

func disconnect(_ *fault, _ http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
	panic(http.ErrAbortHandler)
}

// missingRepository is ECR, which creates no repository on push.
func missingRepository(_ *fault, w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
	if parsePath(r.URL.Path).repository == "" {
		return false
	}
	writeError(w, http.StatusNotFound, "NAME_UNKNOWN", "The repository does not exist in the registry")
	return true
}

// deleteUnsupported is GHCR, and distribution by default.
func deleteUnsupported(_ *fault, w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
	if r.Method != http.MethodDelete {
		return false
	}
	writeError(w, http.StatusMethodNotAllowed, "UNSUPPORTED", "The operation is unsupported.")
	return true
}

func dropBlob(f *fault, w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
	path := parsePath(r.URL.Path)
	if path.kind != "blob" || path.reference != f.Digest {
		return false
	}
	writeError(w, http.StatusNotFound, "BLOB_UNKNOWN", "blob unknown to registry")
	return true
}

// corrupt keeps the length and the digest header and turns one byte over.
func corrupt(f *fault, w http.ResponseWriter, r *http.Request, next http.Handler) bool {
	if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/"+f.Digest) {
		return false
	}
	answer := ask(next, r, r.Method, r.URL.Path)
	if body := answer.Body.Bytes(); len(body) > 0 {
		body[len(body)/2] ^= 1
	}
	replay(w, r, answer)
	return true
}
