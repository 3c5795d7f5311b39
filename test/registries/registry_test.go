package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	empty       = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
	emptyConfig = `"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"` + empty + `","size":2}`
	imageType   = "application/vnd.oci.image.manifest.v1+json"
)

// testRegistry is one registry with its control port, in this process.
type testRegistry struct {
	t             *testing.T
	url, control  string
	authorization string
}

func start(t *testing.T, o options) *testRegistry {
	t.Helper()
	o.tokenTTL = max(o.tokenTTL, time.Second)
	handler, control, err := assemble(o)
	if err != nil {
		t.Fatal(err)
	}
	server, controlServer := httptest.NewServer(handler), httptest.NewServer(control)
	t.Cleanup(server.Close)
	t.Cleanup(controlServer.Close)
	return &testRegistry{t: t, url: server.URL, control: controlServer.URL}
}

func (r *testRegistry) do(method, url, mediaType, body string) (*http.Response, string) {
	r.t.Helper()
	request, _ := http.NewRequest(method, url, strings.NewReader(body))
	request.Header.Set("Content-Type", mediaType)
	request.Header.Set("Accept", imageType+", "+indexMediaType)
	if r.authorization != "" {
		request.Header.Set("Authorization", r.authorization)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	content, _ := io.ReadAll(response.Body)
	return response, string(content)
}

func (r *testRegistry) expect(status int, method, path, mediaType, body string) (*http.Response, string) {
	r.t.Helper()
	response, content := r.do(method, r.url+path, mediaType, body)
	if response.StatusCode != status {
		r.t.Fatalf("%s %s: %d, expected %d: %s", method, path, response.StatusCode, status, content)
	}
	return response, content
}

func (r *testRegistry) pushBlob(repository, content string) {
	r.t.Helper()
	response, _ := r.expect(http.StatusAccepted, "POST", "/v2/"+repository+"/blobs/uploads/", "", "")
	location, _ := url.Parse(r.url)
	location, _ = location.Parse(response.Header.Get("Location"))
	query := location.Query()
	query.Set("digest", digestOf([]byte(content)))
	location.RawQuery = query.Encode()
	put, text := r.do("PUT", location.String(), "application/octet-stream", content)
	if put.StatusCode != http.StatusCreated {
		r.t.Fatalf("upload: %d %s", put.StatusCode, text)
	}
}

// push stores an artifact manifest under a tag (or its digest when the tag is empty).
func (r *testRegistry) push(repository, tag, artifactType, subject string) (digest string, response *http.Response) {
	r.t.Helper()
	r.pushBlob(repository, "{}")
	manifest := `{"schemaVersion":2,"mediaType":"` + imageType + `","artifactType":"` + artifactType + `",` + emptyConfig
	if subject != "" {
		manifest += `,"subject":{"mediaType":"` + imageType + `","digest":"` + subject + `","size":2}`
	}
	manifest += `,"layers":[]}`
	digest = digestOf([]byte(manifest))
	if tag == "" {
		tag = digest
	}
	response, _ = r.expect(http.StatusCreated, "PUT", "/v2/"+repository+"/manifests/"+tag, imageType, manifest)
	return digest, response
}

func (r *testRegistry) fault(text string) {
	r.t.Helper()
	if response, answer := r.do("POST", r.control+"/_faults", "application/json", text); response.StatusCode != 200 {
		r.t.Fatal(answer)
	}
}

func (r *testRegistry) referrers(subject string) []descriptor {
	r.t.Helper()
	_, body := r.expect(http.StatusOK, "GET", "/v2/app/referrers/"+subject, "", "")
	var found index
	if err := json.Unmarshal([]byte(body), &found); err != nil {
		r.t.Fatal(err)
	}
	return found.Manifests
}
