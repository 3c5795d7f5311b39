package main

import (
	"encoding/json"
	"net/http"
	"sort"
)

const indexMediaType = "application/vnd.oci.image.index.v1+json"

type descriptor struct {
	MediaType    string            `json:"mediaType"`
	Digest       string            `json:"digest"`
	Size         int64             `json:"size"`
	ArtifactType string            `json:"artifactType,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
}

type index struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Manifests     []descriptor `json:"manifests"`
}

// listReferrers answers as the specification says, where go-containerregistry does not: the artifact type is
// the manifest's own before the config's media type, a filter is applied, the order is fixed, never 404.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
func (a *apiRegistry) listReferrers(w http.ResponseWriter, r *http.Request, path registryPath) {
	if !isDigest(path.reference) {
		writeError(w, http.StatusBadRequest, "DIGEST_INVALID", "not a digest: "+path.reference)
		return
	}
	var found index
	_ = json.Unmarshal(ask(a.inner, r, http.MethodGet, r.URL.Path).Body.Bytes(), &found)
	wanted := r.URL.Query().Get("artifactType")
	listed := []descriptor{}
	for _, referrer := range found.Manifests {
		manifest := ask(a.inner, r, http.MethodGet, "/v2/"+path.repository+"/manifests/"+referrer.Digest)
		referrer.ArtifactType = artifactType(manifest.Body.Bytes())
		if wanted == "" || wanted == referrer.ArtifactType {
			listed = append(listed, referrer)
		}
	}
	sort.Slice(listed, func(i, j int) bool { return listed[i].Digest < listed[j].Digest })
	if wanted != "" {
		w.Header().Set("OCI-Filters-Applied", "artifactType")
	}
	writeIndex(w, listed)
}

func artifactType(manifest []byte) string {
	var m struct {
		ArtifactType string
		Config       descriptor
	}
	_ = json.Unmarshal(manifest, &m)
	if m.ArtifactType != "" {
		return m.ArtifactType
	}
	return m.Config.MediaType
}

func writeIndex(w http.ResponseWriter, manifests []descriptor) {
	w.Header().Set("Content-Type", indexMediaType)
	_ = json.NewEncoder(w).Encode(index{SchemaVersion: 2, MediaType: indexMediaType, Manifests: manifests})
}
