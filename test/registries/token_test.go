package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// login follows the challenge of a request, as a client does.
func (r *testRegistry) login(user, path, scope string) int {
	r.t.Helper()
	r.authorization = ""
	challenge, _ := r.expect(http.StatusUnauthorized, "GET", path, "", "")
	header := challenge.Header.Get("WWW-Authenticate")
	if !strings.Contains(header, `realm="`+r.url+`/token"`) {
		r.t.Fatalf("challenge %s", header)
	}
	request, _ := http.NewRequest("GET", r.url+"/token?"+url.Values{"scope": {scope}}.Encode(), nil)
	request.SetBasicAuth(user, "secret")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	var body struct{ Token string }
	_ = json.NewDecoder(response.Body).Decode(&body)
	r.authorization = "Bearer " + body.Token
	return response.StatusCode
}

func TestTokensOpenWhatTheyWereGrantedAndExpire(t *testing.T) {
	for _, kind := range []string{"api", "distribution"} {
		t.Run(kind, func(t *testing.T) {
			r := start(t, options{kind: kind, tokenTTL: 2 * time.Second,
				users: list{"robot:secret"}, allows: list{"robot:team/*:pull,push"}})
			if status := r.login("stranger", "/v2/", ""); status != http.StatusUnauthorized {
				t.Fatalf("a stranger got %d", status)
			}
			r.login("robot", "/v2/", "repository:team/app:pull,push")
			r.push("team/app", "1", "a/image", "")
			r.expect(http.StatusUnauthorized, "POST", "/v2/other/blobs/uploads/", "", "")
			time.Sleep(3100 * time.Millisecond)
			r.expect(http.StatusUnauthorized, "GET", "/v2/team/app/manifests/1", "", "")
			r.login("robot", "/v2/", "repository:other:pull,push")
			r.expect(http.StatusUnauthorized, "POST", "/v2/other/blobs/uploads/", "", "")
		})
	}
}
