package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
)

var referrersTag = regexp.MustCompile(`^sha256-[0-9a-f]{64}$`)

// subjectOf is the digest whose referrers a request asks for, by the API or by the referrers tag.
func subjectOf(r *http.Request) string {
	path := parsePath(r.URL.Path)
	switch {
	case !isRead(r):
		return ""
	case path.kind == "referrers":
		return path.reference
	case path.kind == "manifest" && referrersTag.MatchString(path.reference):
		return strings.Replace(path.reference, "-", ":", 1)
	}
	return ""
}

// lyingReferrersTag is GitLab: `sha256-<hex>` is taken for the digest, so the subject itself answers.
func lyingReferrersTag(_ *fault, w http.ResponseWriter, r *http.Request, next http.Handler) bool {
	path := parsePath(r.URL.Path)
	if path.kind != "manifest" || subjectOf(r) == "" {
		return false
	}
	replay(w, r, ask(next, r, http.MethodGet, "/v2/"+path.repository+"/manifests/"+subjectOf(r)))
	return true
}

// noReferrersAPI takes the API, and the header that promises it, from a registry that has it.
func noReferrersAPI(_ *fault, w http.ResponseWriter, r *http.Request, next http.Handler) bool {
	path := parsePath(r.URL.Path)
	if path.kind == "manifest" && r.Method == http.MethodPut {
		next.ServeHTTP(&withoutSubject{w}, r)
		return true
	}
	if path.kind != "referrers" {
		return false
	}
	http.Error(w, "404 page not found", http.StatusNotFound)
	return true
}

type withoutSubject struct{ http.ResponseWriter }

func (w *withoutSubject) WriteHeader(status int) {
	w.Header().Del("OCI-Subject")
	w.ResponseWriter.WriteHeader(status)
}

// wrongArtifactTypes is a listing whose artifact types are the empty config's, as by old clients, or missing.
func wrongArtifactTypes(f *fault, w http.ResponseWriter, r *http.Request, next http.Handler) bool {
	wrong := "application/vnd.oci.empty.v1+json"
	if f.ArtifactType != nil {
		wrong = *f.ArtifactType
	}
	return changeListing(w, r, next, func(listed []descriptor) []descriptor {
		for i := range listed {
			listed[i].ArtifactType = wrong
		}
		return listed
	})
}

// cyclicReferrers lists, for each of the digests, the next one too; without digests every subject lists itself.
func cyclicReferrers(f *fault, w http.ResponseWriter, r *http.Request, next http.Handler) bool {
	back := subjectOf(r)
	if len(f.Digests) > 0 {
		at := slices.Index(f.Digests, back)
		if at < 0 {
			return false
		}
		back = f.Digests[(at+1)%len(f.Digests)]
	}
	return changeListing(w, r, next, func(listed []descriptor) []descriptor {
		manifest := ask(next, r, http.MethodGet, "/v2/"+parsePath(r.URL.Path).repository+"/manifests/"+back)
		return append(listed, descriptor{
			MediaType: manifest.Header().Get("Content-Type"), Digest: back, Size: int64(manifest.Body.Len()),
			ArtifactType: artifactType(manifest.Body.Bytes()),
		})
	})
}

// changeListing changes what a listing says; a missing referrers tag counts as an empty listing.
func changeListing(w http.ResponseWriter, r *http.Request, next http.Handler, change func([]descriptor) []descriptor) bool {
	if subjectOf(r) == "" {
		return false
	}
	answer := ask(next, r, http.MethodGet, r.URL.Path)
	if answer.Code == http.StatusUnauthorized {
		return false
	}
	var listing index
	if answer.Code == http.StatusOK {
		_ = json.Unmarshal(answer.Body.Bytes(), &listing)
	} else if parsePath(r.URL.Path).kind == "referrers" {
		return false
	}
	changed := httptest.NewRecorder()
	writeIndex(changed, change(listing.Manifests))
	if parsePath(r.URL.Path).kind == "manifest" {
		changed.Header().Set("Docker-Content-Digest", digestOf(changed.Body.Bytes()))
	}
	replay(w, r, changed)
	return true
}
