package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// grants says who may do what: passwords by user name, and per user the rules of --allow.
type grants struct {
	passwords map[string]string
	rules     map[string][]rule
}

type rule struct {
	repository *regexp.Regexp
	actions    []string
}

// access is one entry of a token's claim, as in https://distribution.github.io/distribution/spec/auth/jwt/.
type access struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

func parseGrants(users, allows []string) (grants, error) {
	g := grants{passwords: map[string]string{}, rules: map[string][]rule{}}
	for _, user := range users {
		name, password, ok := strings.Cut(user, ":")
		if !ok || name == "" || password == "" {
			return g, fmt.Errorf("--user %q: expected name:password", name)
		}
		g.passwords[name] = password
	}
	for _, allow := range allows {
		parts := strings.Split(allow, ":")
		if len(parts) != 3 {
			return g, fmt.Errorf("--allow %q: expected name:repository-glob:actions", allow)
		}
		g.rules[parts[0]] = append(g.rules[parts[0]], rule{globPattern(parts[1]), strings.Split(parts[2], ",")})
	}
	return g, nil
}

func globPattern(glob string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(glob), `\*`, ".*") + "$")
}

// authenticate: the empty name is anybody, who may come without a password.
func (g grants) authenticate(name, password string) bool {
	return name == "" || password != "" && g.passwords[name] == password
}

// grant cuts a scope `repository:name:pull,push` down to what the user may do; nil when that is nothing.
func (g grants) grant(user, scope string) *access {
	parts := strings.Split(scope, ":")
	if len(parts) < 3 {
		return nil
	}
	asked := access{Type: parts[0], Name: strings.Join(parts[1:len(parts)-1], ":")}
	for _, action := range strings.Split(parts[len(parts)-1], ",") {
		if g.allows(user, asked.Name, action) {
			asked.Actions = append(asked.Actions, action)
		}
	}
	if asked.Actions == nil {
		return nil
	}
	return &asked
}

func (g grants) allows(user, repository, action string) bool {
	rules, restricted := g.rules[user]
	if !restricted {
		return user != ""
	}
	return slices.ContainsFunc(rules, func(r rule) bool {
		return r.repository.MatchString(repository) && slices.Contains(r.actions, action)
	})
}
