package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestAnAnswerIsGivenSoManyTimes(t *testing.T) {
	r := start(t, options{kind: "api"})
	r.push("app", "1", "a/image", "")
	r.fault(`{"match":{"method":"GET","pathRegex":"/manifests/1$"},"status":429,"headers":{"Retry-After":"1"},"times":2}`)
	for range 2 {
		response, _ := r.expect(http.StatusTooManyRequests, "GET", "/v2/app/manifests/1", "", "")
		if response.Header.Get("Retry-After") != "1" {
			t.Fatal("Retry-After is missing")
		}
	}
	r.expect(http.StatusOK, "GET", "/v2/app/manifests/1", "", "")
}

func TestReferrersFaults(t *testing.T) {
	r := start(t, options{kind: "api"})
	subject, _ := r.push("app", "1", "a/image", "")
	referrer, _ := r.push("app", "", "a/sbom", subject)

	r.fault(`{"kind":"wrong-artifact-types"}`)
	if got := r.referrers(subject)[0].ArtifactType; got != "application/vnd.oci.empty.v1+json" {
		t.Fatal(got)
	}
	r.do("DELETE", r.control+"/_faults", "", "")
	r.fault(`{"kind":"cyclic-referrers","digests":["` + subject + `","` + referrer + `"]}`)
	if back := r.referrers(referrer); len(back) != 1 || back[0].Digest != subject {
		t.Fatalf("%+v", back)
	}
	r.do("DELETE", r.control+"/_faults", "", "")
	r.fault(`{"kind":"lying-referrers-tag"}`)
	tag := strings.Replace(subject, ":", "-", 1)
	_, body := r.expect(http.StatusOK, "GET", "/v2/app/manifests/"+tag, "", "")
	if digestOf([]byte(body)) != subject {
		t.Fatal("the tag does not answer with the subject")
	}
	r.fault(`{"kind":"no-referrers-api"}`)
	r.expect(http.StatusNotFound, "GET", "/v2/app/referrers/"+subject, "", "")
	if _, response := r.push("app", "", "a/vex", subject); response.Header.Get("OCI-Subject") != "" {
		t.Fatal("OCI-Subject was sent")
	}
}

func TestContentFaults(t *testing.T) {
	for _, kind := range []string{"api", "distribution"} {
		t.Run(kind, func(t *testing.T) {
			r := start(t, options{kind: kind})
			digest, _ := r.push("app", "1", "a/image", "")
			r.fault(`{"kind":"immutable-tags","tags":"[0-9]+"}`)
			r.push("app", "1", "a/image", "")
			r.expect(http.StatusConflict, "PUT", "/v2/app/manifests/1", imageType, `{}`)
			r.fault(`{"kind":"corrupt","digest":"` + digest + `"}`)
			_, body := r.expect(http.StatusOK, "GET", "/v2/app/manifests/"+digest, "", "")
			if digestOf([]byte(body)) == digest {
				t.Fatal("the bytes are the right ones")
			}
			r.fault(`{"kind":"oversized-manifest","match":{"pathRegex":"/1$"}}`)
			if _, body = r.expect(http.StatusOK, "GET", "/v2/app/manifests/1", "", ""); len(body) <= 4<<20 {
				t.Fatalf("%d bytes", len(body))
			}
			r.fault(`{"kind":"drop-blob","digest":"` + empty + `"}`)
			r.expect(http.StatusNotFound, "HEAD", "/v2/app/blobs/"+empty, "", "")
			r.fault(`{"kind":"delete-unsupported"}`)
			r.expect(http.StatusMethodNotAllowed, "DELETE", "/v2/app/manifests/"+digest, "", "")
			r.fault(`{"kind":"missing-repository","match":{"pathRegex":"^/v2/new/"}}`)
			_, text := r.expect(http.StatusNotFound, "POST", "/v2/new/blobs/uploads/", "", "")
			if !strings.Contains(text, "NAME_UNKNOWN") {
				t.Fatal(text)
			}
		})
	}
}

func TestRequestsAreLoggedAndReset(t *testing.T) {
	r := start(t, options{kind: "api"})
	r.expect(http.StatusOK, "GET", "/v2/", "", "")
	_, body := r.do("GET", r.control+"/_requests", "", "")
	if strings.Count(body, `"kind":"ping"`) != 1 {
		t.Fatal(body)
	}
	r.do("DELETE", r.control+"/_requests", "", "")
	if _, body = r.do("GET", r.control+"/_requests", "", ""); strings.TrimSpace(body) != "[]" {
		t.Fatal(body)
	}
}
