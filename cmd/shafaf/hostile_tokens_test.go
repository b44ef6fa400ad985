package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
)

// hostileTokens uses tokens that are not good for what is done with them.
func hostileTokens(t *testing.T, s *siege) {
	make1 := func(t *testing.T, who string, token accounts.Token) (accounts.Token, string) {
		p, err := s.people.Person(t.Context(), who+"@example.org")
		if err != nil {
			t.Fatal(err)
		}
		token.Person, token.Title = p.ID, "test"
		made, text, err := s.people.CreateToken(t.Context(), &catalog.Shell, token)
		if err != nil {
			t.Fatal(err)
		}
		return made, text
	}
	_, good := make1(t, "operator", accounts.Token{Scopes: []catalog.Verb{catalog.View, catalog.Edit, catalog.Publish}})
	as := func(t *testing.T, token, method, path, body string, header ...string) int {
		return s.call(t, "", method, path, body, append([]string{"Authorization", "Bearer " + token, "If-Match", "*"}, header...)...).status
	}
	const list = "/api/v1/desk/datasets"
	if status := as(t, good, "GET", list, ""); status != http.StatusOK {
		t.Fatalf("a good token is answered %d", status)
	}
	for _, param := range []string{"access_token", "token", "api_key", "key", "Authorization", "bearer", "_token"} {
		s.try(t, "in the address: "+param, func(t *testing.T) {
			if a := s.call(t, "", "GET", list+"?"+param+"="+url.QueryEscape(good), ""); a.status != http.StatusUnauthorized {
				t.Errorf("%d", a.status)
			}
		})
		s.try(t, "in a form: "+param, func(t *testing.T) {
			a := s.send(t, shot{method: "POST", path: "/api/v1/datasets", form: url.Values{param: {good}, "agency": {"own-agency"}}})
			if a.status != http.StatusUnauthorized {
				t.Errorf("%d", a.status)
			}
		})
	}
	for name, text := range map[string]string{
		"cut": good[:len(good)-1], "longer": good + "A", "in small letters": strings.ToLower(good), "its prefix": "shafaf_", "nothing": "", "SQL": "' or 1=1 --", "another prefix": "shafag_" + good[7:], "two": good + " " + good, "with a comma": good + ",x", "a hash": strings.Repeat("a", 64), "a wild card": "shafaf_%", "null": "null", "a session": s.cookie["operator"],
	} {
		s.try(t, "that is none: "+name, func(t *testing.T) {
			if status := as(t, text, "GET", list, ""); status != http.StatusUnauthorized {
				t.Errorf("%d", status)
			}
		})
	}
	s.try(t, "revoked", func(t *testing.T) {
		made, text := make1(t, "operator", accounts.Token{Scopes: []catalog.Verb{catalog.View}})
		before := as(t, text, "GET", list, "")
		if err := s.people.RevokeToken(t.Context(), &catalog.Shell, made.ID); err != nil {
			t.Fatal(err)
		}
		if after := as(t, text, "GET", list, ""); before != http.StatusOK || after != http.StatusUnauthorized {
			t.Errorf("before %d, after %d", before, after)
		}
	})
	s.try(t, "expired", func(t *testing.T) {
		_, text := make1(t, "operator", accounts.Token{Scopes: []catalog.Verb{catalog.View}, Expires: s.now.Add(time.Hour)})
		before := as(t, text, "GET", list, "")
		s.now = s.now.Add(time.Hour)
		if after := as(t, text, "GET", list, ""); before != http.StatusOK || after != http.StatusUnauthorized {
			t.Errorf("before %d, after %d", before, after)
		}
	})
	s.try(t, "of somebody who may not come in any more", func(t *testing.T) {
		_, text := make1(t, "viewer", accounts.Token{Scopes: []catalog.Verb{catalog.View}})
		before := as(t, text, "GET", list, "")
		s.must(s.people.SetState(t.Context(), &catalog.Shell, "viewer@example.org", accounts.Disabled))
		after := as(t, text, "GET", list, "")
		s.must(s.people.SetState(t.Context(), &catalog.Shell, "viewer@example.org", accounts.Active))
		if before != http.StatusOK || after != http.StatusUnauthorized {
			t.Errorf("before %d, after %d", before, after)
		}
	})
	s.try(t, "of somebody whose role was taken", func(t *testing.T) {
		_, text := make1(t, "publisher", accounts.Token{Scopes: []catalog.Verb{catalog.View, catalog.Edit}})
		s.must(s.people.SetRole(t.Context(), &catalog.Shell, "publisher@example.org", s.agency[0].ID, catalog.Viewer))
		status := as(t, text, "PATCH", "/api/v1/datasets/"+s.things[0].ID, `{"note":"hostile"}`)
		s.must(s.people.SetRole(t.Context(), &catalog.Shell, "publisher@example.org", s.agency[0].ID, catalog.Publisher))
		if status != http.StatusForbidden {
			t.Errorf("%d", status)
		}
	})
	s.beyond(t, make1, as)
}

// beyond uses tokens beyond their scope and their agency.
func (s *siege) beyond(t *testing.T, make1 func(*testing.T, string, accounts.Token) (accounts.Token, string), as func(t *testing.T, token, method, path, body string, header ...string) int) {
	t.Helper()
	was := s.written(t)
	_, view := make1(t, "operator", accounts.Token{Scopes: []catalog.Verb{catalog.View}})
	_, edit := make1(t, "operator", accounts.Token{Scopes: []catalog.Verb{catalog.View, catalog.Edit}})
	_, own := make1(t, "operator", accounts.Token{Scopes: []catalog.Verb{catalog.View, catalog.Edit, catalog.Publish}, Agency: s.agency[0].ID})
	was += 3
	at := func(i int) string { return "/api/v1/datasets/" + s.things[i].ID }
	for _, c := range []struct {
		name, token, method, path, body string
		want                            int
	}{
		{"viewing makes", view, "POST", "/api/v1/datasets", `{"agency":"own-agency","title":{"en":"x"}}`, 403},
		{"viewing changes", view, "PATCH", at(0), `{"note":"x"}`, 403},
		{"viewing discards", view, "DELETE", at(0), "", 403},
		{"viewing uploads", view, "POST", at(0) + "/resources?name=a.csv", "a\n1\n", 403},
		{"viewing publishes", view, "POST", at(0) + "/publish", "{}", 403},
		{"editing publishes", edit, "POST", at(0) + "/publish", "{}", 403},
		{"editing retires", edit, "POST", at(2) + "/retire", `{"reason":"x"}`, 403},
		{"editing changes what is public", edit, "PATCH", at(2), `{"note":"x"}`, 403},
		{"for one agency, sees another's", own, "GET", at(1), "", 404},
		{"for one agency, changes another's", own, "PATCH", at(1), `{"note":"x"}`, 404},
		{"for one agency, discards another's", own, "DELETE", at(1), "", 404},
		{"for one agency, publishes another's", own, "POST", at(1) + "/publish", "{}", 404},
		{"for one agency, retires another's", own, "POST", at(3) + "/retire", `{"reason":"x"}`, 403},
		{"for one agency, makes for another", own, "POST", "/api/v1/datasets", `{"agency":"other-agency","title":{"en":"x"}}`, 403},
		{"for one agency, uploads to another", own, "POST", at(1) + "/resources?name=a.csv", "a\n1\n", 404},
	} {
		s.try(t, c.name, func(t *testing.T) {
			if got := as(t, c.token, c.method, c.path, c.body); got != c.want {
				t.Errorf("%d instead of %d", got, c.want)
			}
		})
	}
	for _, scope := range []string{"operate", "appoint", "moderate", "*", "", "view,operate", "VIEW"} {
		s.try(t, "with the scope "+scope, func(t *testing.T) {
			s.signIn(t, "admin")
			was += 1 // the sign-in
			a := s.form(t, "admin", "/en/desk/account", "do", "token", "title", "x", "scopes", scope, "days", "30")
			if a.status != http.StatusUnprocessableEntity || strings.Contains(string(a.body), accounts.TokenPrefix) {
				t.Errorf("%d", a.status)
			}
		})
	}
	for _, days := range []string{"100000", "-1", "0", "365d"} {
		s.try(t, "for days: "+days, func(t *testing.T) {
			a := s.form(t, "admin", "/en/desk/account", "do", "token", "title", "days", "scopes", "view", "days", days)
			tokens, err := s.people.Tokens(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			if a.status == http.StatusOK {
				was++ // for as long as tokens are good without a word
			}
			for _, one := range tokens {
				if one.Title == "days" && one.Expires.Sub(one.Created) > 366*24*time.Hour {
					t.Errorf("it is good until %v", one.Expires)
				}
			}
		})
	}
	if n := s.written(t); n != was {
		t.Errorf("%d acts were done", n-was)
	}
}
