package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/accounts"
)

// nowhere is an id of nothing.
const nowhere = "01890000-0000-7000-8000-000000000000"

// hostileIDs asks at every address that has an id for what is another agency's,
// and for what there is not. Both are answered alike, word for word, and nothing
// is done.
func hostileIDs(t *testing.T, s *siege) {
	was := s.written(t)
	braces := regexp.MustCompile(`\{(id|resource|upload|run|question|link)\}`)
	for _, key := range slices.Sorted(maps.Keys(s.addresses())) {
		method, path, _ := strings.Cut(key, " ")
		write := strings.HasPrefix(path, "/api/v1/datasets/{slug}") && method != http.MethodGet
		if !write && (!strings.Contains(path, "/desk/") || !braces.MatchString(path)) {
			continue
		}
		s.try(t, key, func(t *testing.T) {
			foreign, missing := s.fill(path, 1), braces.ReplaceAllString(strings.Replace(path, "{slug}", nowhere, 1), nowhere)
			if write {
				foreign = strings.Replace(foreign, s.things[1].Slug, s.things[1].ID, 1)
			}
			for _, who := range []string{"viewer", "editor", "moderator", "publisher", "admin"} {
				a, b := s.alike(t, method, foreign, who), s.alike(t, method, missing, who)
				if a != b {
					t.Errorf("%s is answered %s\nand for nothing %s", who, a, b)
				}
				if strings.HasPrefix(a, "200") {
					t.Errorf("%s sees it: %s", who, a)
				}
			}
			if own := s.alike(t, method, s.fill(path, 0), "operator"); method == http.MethodGet && own == s.alike(t, method, missing, "operator") && !strings.Contains(path, "{upload}") && !strings.Contains(path, "/changes") && !strings.Contains(path, "{link}") {
				t.Errorf("who may see it is answered as for nothing: %s", own) // so that nothing is proved
			}
		})
	}
	d, foreign := s.things[0], s.things[1]
	for _, path := range []string{
		"/en/desk/datasets/" + d.ID + "/files/" + foreign.Resources[0].ID, "/en/desk/datasets/" + d.ID + "/files/" + foreign.Resources[0].ID + "/columns", "/en/desk/datasets/" + d.ID + "/files/" + foreign.Resources[0].ID + "/faults", "/en/desk/datasets/" + d.ID + "/uploads/" + foreign.ID,
		"/en/desk/sources/" + s.source[0].ID + "/runs/" + s.run[1].ID,
	} {
		s.try(t, "within one's own: "+strings.NewReplacer(d.ID, "own", foreign.Resources[0].ID, "foreign", foreign.ID, "foreign", s.source[0].ID, "own", s.run[1].ID, "foreign").Replace(path), func(t *testing.T) {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				if a := s.alike(t, method, path, "publisher"); !strings.HasPrefix(a, "404") && !strings.HasPrefix(a, "405") {
					t.Errorf("%s: %.300s", method, a)
				}
			}
		})
	}
	for _, body := range []string{`{"agency":"other-agency","title":{"en":"x"}}`, `{"agency":"` + s.agency[1].ID + `","title":{"en":"x"}}`} {
		s.try(t, "a dataset of another agency "+body, func(t *testing.T) {
			if a := s.call(t, "publisher", "POST", "/api/v1/datasets", body); a.status != http.StatusForbidden {
				t.Errorf("%d", a.status)
			}
		})
	}
	for _, field := range []string{"id", "slug", "state", "source", "revision", "publish_at", "created", "resources", "identifier", "access_level"} {
		s.try(t, "a field that is not to be set: "+field, func(t *testing.T) {
			if a := s.call(t, "publisher", "PATCH", "/api/v1/datasets/"+d.ID, `{"`+field+`":"`+foreign.ID+`"}`, "If-Match", s.tag(t, d.ID)); a.status != http.StatusUnprocessableEntity {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	if n := s.written(t); n != was {
		t.Errorf("%d acts were done", n-was)
	}
	s.others(t)
}

// alike is what an answer says, without what differs between any two.
func (s *siege) alike(t *testing.T, method, path, who string) string {
	t.Helper()
	one := shot{method: method, path: path, who: who, header: []string{"Sec-Fetch-Site", "same-origin", "If-Match", `"r1"`}}
	if method != http.MethodGet {
		one.body, one.header = "{}", append(one.header, "Content-Type", "application/json")
		if strings.HasSuffix(path, "/file") || strings.HasSuffix(path, "/resources") {
			one.path += "?name=a.csv"
		}
	}
	if !strings.HasPrefix(path, "/api/") && method != http.MethodGet {
		one.body, one.header[5] = "do=x&revision=1", "application/x-www-form-urlencoded"
	}
	a := s.send(t, one)
	body := string(a.body)
	if strings.HasPrefix(path, "/api/") {
		var p map[string]any
		_ = json.Unmarshal(a.body, &p)
		delete(p, "request_id")
		body = fmt.Sprint(p)
	}
	body = regexp.MustCompile(`[0-9a-f]{16}\b`).ReplaceAllString(strings.ReplaceAll(body, path, "PATH"), "REQUEST")
	for _, lang := range []string{"fa", "en"} {
		body = strings.ReplaceAll(body, strings.Replace(path, "/en/", "/"+lang+"/", 1), "PATH")
	}
	return fmt.Sprintf("%d %s %s", a.status, strings.ReplaceAll(a.header.Get("Location"), path, "PATH"), strings.ReplaceAll(body, strings.TrimPrefix(path, "/en"), "PATH"))
}

// others ends sessions and revokes tokens of somebody else.
func (s *siege) others(t *testing.T) {
	t.Helper()
	operator, err := s.people.Person(t.Context(), "operator@example.org")
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := s.people.Tokens(t.Context(), operator.ID)
	if err != nil || len(tokens) == 0 {
		t.Fatalf("%d tokens, %v", len(tokens), err)
	}
	sessions, err := s.people.Sessions(t.Context(), operator.ID)
	if err != nil || len(sessions) == 0 {
		t.Fatalf("%d sessions, %v", len(sessions), err)
	}
	s.signIn(t, "admin")
	for name, form := range map[string][]string{"a token of somebody else": {"do", "revoke", "id", tokens[0].ID}, "a session of somebody else": {"do", "end", "id", sessions[0].ID}} {
		s.try(t, name, func(t *testing.T) {
			s.form(t, "admin", "/en/desk/account", form...).harmless(t, "the answer")
			if a := s.call(t, "operator", "GET", "/api/v1/desk/datasets", ""); a.status != http.StatusOK {
				t.Errorf("the token is good for nothing: %d", a.status)
			}
			if now, err := s.people.Sessions(t.Context(), operator.ID); err != nil || len(now) != len(sessions) {
				t.Errorf("%d sessions instead of %d, %v", len(now), len(sessions), err)
			}
		})
	}
	for name, form := range map[string][]string{
		"a role in another agency": {"do", "appoint", "person", "admin@example.org", "agency", s.agency[1].ID, "role", "admin"}, "an invitation to another agency": {"do", "invite", "email", "x@example.org", "agency", s.agency[1].ID, "role", "admin"},
		"an invitation to the portal": {"do", "invite", "email", "x@example.org", "agency", "portal", "role", "admin"}, "a role that there is not": {"do", "appoint", "person", "admin@example.org", "agency", s.agency[0].ID, "role", "operator"}, "a role in the portal": {"do", "appoint", "person", "admin@example.org", "agency", "", "role", "admin"},
	} {
		s.try(t, name, func(t *testing.T) {
			if a := s.form(t, "admin", "/en/desk/people", form...); a.status != http.StatusUnprocessableEntity {
				t.Errorf("%d %s", a.status, a.header.Get("Location"))
			}
			p, err := s.people.Person(t.Context(), "admin@example.org")
			waiting, _ := s.people.Invitations(t.Context(), []string{s.agency[1].ID})
			if err != nil || p.Operator || len(p.Roles) != 1 || len(waiting) > 0 || slices.ContainsFunc(waiting, func(in accounts.Invitation) bool { return in.Operator }) {
				t.Errorf("%+v, %v, %v", p, waiting, err)
			}
		})
	}
}
