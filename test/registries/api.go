package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"

	"github.com/google/go-containerregistry/pkg/registry"
)

// apiRegistry makes go-containerregistry's test registry behave as registries in production do, where that
// matters to a client: blobs belong to repositories, manifests need their blobs, the OCI-Subject header.
type apiRegistry struct {
	inner http.Handler
	blobs *repositoryBlobs
}

func newAPIRegistry() http.Handler {
	blobs := newRepositoryBlobs()
	inner := registry.New(
		registry.WithReferrersSupport(true), registry.WithBlobHandler(blobs), registry.Logger(log.New(io.Discard, "", 0)))
	return &apiRegistry{inner: inner, blobs: blobs}
}

func (a *apiRegistry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := parsePath(r.URL.Path)
	switch {
	case path.kind == "upload" && r.Method == http.MethodPost && r.URL.Query().Has("mount"):
		a.mount(w, r, path)
	case path.kind == "manifest" && r.Method == http.MethodPut:
		a.putManifest(w, r, path)
	case path.kind == "manifest" && r.Method == http.MethodDelete:
		a.deleteManifest(w, r, path)
	case path.kind == "referrers" && r.Method == http.MethodGet:
		a.listReferrers(w, r, path)
	default:
		a.inner.ServeHTTP(w, r)
	}
}

// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository
func (a *apiRegistry) mount(w http.ResponseWriter, r *http.Request, path registryPath) {
	digest, from := r.URL.Query().Get("mount"), r.URL.Query().Get("from")
	if !a.blobs.mount(path.repository, from, digest) {
		a.inner.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Location", "/v2/"+path.repository+"/blobs/"+digest)
	w.Header().Set("Docker-Content-Digest", digest)
	w.WriteHeader(http.StatusCreated)
}

func (a *apiRegistry) putManifest(w http.ResponseWriter, r *http.Request, path registryPath) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		writeError(w, http.StatusBadRequest, "MANIFEST_INVALID", err.Error())
		return
	}
	var manifest struct {
		Subject *descriptor
		Config  *descriptor
		Layers  []descriptor
	}
	if json.Unmarshal(body, &manifest) != nil {
		writeError(w, http.StatusBadRequest, "MANIFEST_INVALID", "the manifest is not JSON")
		return
	}
	needed := manifest.Layers
	if manifest.Config != nil {
		needed = append(needed, *manifest.Config)
	}
	for _, blob := range needed {
		if !a.blobs.has(path.repository, blob.Digest) {
			writeError(w, http.StatusNotFound, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry: "+blob.Digest)
			return
		}
	}
	if manifest.Subject != nil {
		w.Header().Set("OCI-Subject", manifest.Subject.Digest)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	a.inner.ServeHTTP(w, r)
}

// deleteManifest also removes the tags of a digest, which go-containerregistry leaves behind.
func (a *apiRegistry) deleteManifest(w http.ResponseWriter, r *http.Request, path registryPath) {
	var list struct{ Tags []string }
	if isDigest(path.reference) {
		_ = json.Unmarshal(ask(a.inner, r, http.MethodGet, "/v2/"+path.repository+"/tags/list").Body.Bytes(), &list)
	}
	for _, tag := range list.Tags {
		url := "/v2/" + path.repository + "/manifests/" + tag
		if ask(a.inner, r, http.MethodHead, url).Header().Get("Docker-Content-Digest") == path.reference {
			ask(a.inner, r, http.MethodDelete, url)
		}
	}
	a.inner.ServeHTTP(w, r)
}
