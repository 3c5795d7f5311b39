package main

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sync"
)

// fault is something wrong that a test asks for. Without a kind it is an answer: status, headers, body.
type fault struct {
	Kind    string            `json:"kind,omitempty"`
	Match   match             `json:"match,omitzero"`
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
	Skip    int               `json:"skip,omitempty"`  // matching requests that pass before the first fault
	Times   int               `json:"times,omitempty"` // 0: until cleared
	Hits    int               `json:"hits"`

	Digest       string   `json:"digest,omitempty"`       // corrupt, drop-blob
	Digests      []string `json:"digests,omitempty"`      // cyclic-referrers
	Tags         string   `json:"tags,omitempty"`         // immutable-tags: a pattern of whole tags
	ArtifactType *string  `json:"artifactType,omitempty"` // wrong-artifact-types; "" leaves it out

	seen int
	path *regexp.Regexp
	tags *regexp.Regexp
}

// match: an empty method is any, an empty pattern every path.
type match struct {
	Method    string `json:"method,omitempty"`
	PathRegex string `json:"pathRegex,omitempty"`
}

// effect answers a request wrongly and says so, or returns false and leaves it to the registry.
type effect func(f *fault, w http.ResponseWriter, r *http.Request, next http.Handler) bool

var effects = map[string]effect{
	"":                     answerFault,
	"disconnect":           disconnect,
	"lying-referrers-tag":  lyingReferrersTag,
	"no-referrers-api":     noReferrersAPI,
	"wrong-artifact-types": wrongArtifactTypes,
	"cyclic-referrers":     cyclicReferrers,
	"immutable-tags":       immutableTags,
	"oversized-manifest":   oversizedManifest,
	"missing-repository":   missingRepository,
	"delete-unsupported":   deleteUnsupported,
	"corrupt":              corrupt,
	"drop-blob":            dropBlob,
}

type faultList struct {
	lock   sync.Mutex
	faults []*fault
}

func (l *faultList) add(f *fault) (err error) {
	if _, known := effects[f.Kind]; !known {
		return fmt.Errorf("fault kind %q is unknown", f.Kind)
	}
	if f.path, err = regexp.Compile(f.Match.PathRegex); err != nil {
		return err
	}
	if f.Tags == "" {
		f.Tags = ".*"
	}
	if f.tags, err = regexp.Compile("^(?:" + f.Tags + ")$"); err != nil {
		return err
	}
	l.lock.Lock()
	defer l.lock.Unlock()
	l.faults = append(l.faults, f)
	return nil
}

func (l *faultList) clear() {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.faults = nil
}

func (l *faultList) list() []fault {
	l.lock.Lock()
	defer l.lock.Unlock()
	copies := []fault{}
	for _, f := range l.faults {
		copies = append(copies, *f)
	}
	return copies
}

// apply lets the first fault that fits and has an effect answer; else the registry does.
func (l *faultList) apply(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.lock.Lock()
		faults := slices.Clone(l.faults)
		l.lock.Unlock()
		for _, f := range faults {
			if !f.matches(r) || !l.take(f) {
				continue
			}
			if effects[f.Kind](f, w, r, next) {
				return
			}
			l.giveBack(f)
		}
		next.ServeHTTP(w, r)
	})
}

func (f *fault) matches(r *http.Request) bool {
	return (f.Match.Method == "" || f.Match.Method == r.Method) && f.path.MatchString(r.URL.Path)
}

// take counts before the effect, so that requests side by side get no more than `times` together.
func (l *faultList) take(f *fault) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	f.seen++
	if f.seen <= f.Skip || f.Times > 0 && f.Hits >= f.Times {
		return false
	}
	f.Hits++
	return true
}

func (l *faultList) giveBack(f *fault) {
	l.lock.Lock()
	defer l.lock.Unlock()
	f.Hits--
}
