package main

import (
	"net/http"
	"testing"
)

func TestReferrersHaveTheirOwnArtifactTypeAndTheSubjectIsAcknowledged(t *testing.T) {
	r := start(t, options{kind: "api"})
	subject, _ := r.push("app", "1", "a/image", "")
	referrer, response := r.push("app", "", "a/sbom", subject)
	if got := response.Header.Get("OCI-Subject"); got != subject {
		t.Fatalf("OCI-Subject %q", got)
	}
	found := r.referrers(subject)
	if len(found) != 1 || found[0].Digest != referrer || found[0].ArtifactType != "a/sbom" {
		t.Fatalf("%+v", found)
	}
	filtered, _ := r.expect(http.StatusOK, "GET", "/v2/app/referrers/"+subject+"?artifactType=a/other", "", "")
	if filtered.Header.Get("OCI-Filters-Applied") != "artifactType" {
		t.Fatal("the filter is not acknowledged")
	}
}

func TestBlobsBelongToRepositoriesUntilMounted(t *testing.T) {
	r := start(t, options{kind: "api"})
	r.pushBlob("a", "{}")
	r.expect(http.StatusOK, "HEAD", "/v2/a/blobs/"+empty, "", "")
	r.expect(http.StatusNotFound, "HEAD", "/v2/b/blobs/"+empty, "", "")
	r.expect(http.StatusAccepted, "POST", "/v2/b/blobs/uploads/?mount="+empty+"&from=c", "", "")
	r.expect(http.StatusCreated, "POST", "/v2/b/blobs/uploads/?mount="+empty+"&from=a", "", "")
	r.expect(http.StatusOK, "HEAD", "/v2/b/blobs/"+empty, "", "")
}

func TestAManifestNeedsItsBlobs(t *testing.T) {
	r := start(t, options{kind: "api"})
	r.expect(http.StatusNotFound, "PUT", "/v2/a/manifests/1", imageType, `{`+emptyConfig+`}`)
}

func TestDeletingADigestRemovesItsTagsAndDeletingATagOnlyItself(t *testing.T) {
	r := start(t, options{kind: "api"})
	digest, _ := r.push("app", "1", "a/image", "")
	r.push("app", "2", "a/image", "")
	r.expect(http.StatusAccepted, "DELETE", "/v2/app/manifests/1", "", "")
	r.expect(http.StatusOK, "GET", "/v2/app/manifests/"+digest, "", "")
	r.expect(http.StatusAccepted, "DELETE", "/v2/app/manifests/"+digest, "", "")
	r.expect(http.StatusNotFound, "GET", "/v2/app/manifests/2", "", "")
}

func TestDistributionHasNoReferrersAPI(t *testing.T) {
	r := start(t, options{kind: "distribution"})
	subject, response := r.push("app", "1", "a/image", "")
	if response.Header.Get("OCI-Subject") != "" {
		t.Fatal("OCI-Subject was sent")
	}
	r.expect(http.StatusNotFound, "GET", "/v2/app/referrers/"+subject, "", "")
	r.expect(http.StatusAccepted, "DELETE", "/v2/app/manifests/"+subject, "", "")
}
