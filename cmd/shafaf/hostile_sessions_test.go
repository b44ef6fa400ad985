package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/pquerna/otp/totp"
)

// code is what somebody's authenticator shows; the clock moves on, since a code
// is good once.
func (s *siege) code(t *testing.T, who string) string {
	t.Helper()
	s.now = s.now.Add(30 * time.Second)
	c, err := totp.GenerateCode(s.secret[who], s.now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// signIn signs somebody in by the page and keeps the cookie.
func (s *siege) signIn(t *testing.T, who string, header ...string) told {
	t.Helper()
	a := s.send(t, shot{method: "POST", path: "/en/desk/sign-in", form: url.Values{"email": {who + "@example.org"}, "password": {staffPassword}, "code": {s.code(t, who)}}, header: header})
	if a.status != http.StatusSeeOther || cookieOf(a) == "" {
		t.Fatalf("%s does not come in: %d %s", who, a.status, text(a.body))
	}
	s.cookie[who] = cookieOf(a)
	return a
}

// enters reports whether a request with these headers comes to the desk.
func (s *siege) enters(t *testing.T, header ...string) bool {
	t.Helper()
	a := s.send(t, shot{path: "/en/desk/account", header: header})
	if a.status != http.StatusOK && (a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/en/desk/sign-in")) {
		t.Errorf("the desk answers %d to %s", a.status, a.header.Get("Location"))
	}
	return a.status == http.StatusOK
}

const hostCookie = "__Host-shafaf="

// hostileSessions uses sessions that are not, or not any more, of who uses them.
func hostileSessions(t *testing.T, s *siege) {
	s.signIn(t, "viewer")
	good := s.cookie["viewer"]
	if !s.enters(t, "Cookie", hostCookie+good) {
		t.Fatal("a good session does not come in")
	}
	s.try(t, "a session that was there before the sign-in", func(t *testing.T) {
		a := s.signIn(t, "viewer", "Cookie", hostCookie+"s_CHOSENBYSOMEBODYELSE")
		if cookieOf(a) == "s_CHOSENBYSOMEBODYELSE" || s.enters(t, "Cookie", hostCookie+"s_CHOSENBYSOMEBODYELSE") {
			t.Error("it is good")
		}
		good = cookieOf(a)
	})
	s.try(t, "what a cookie is", func(t *testing.T) {
		line := s.signIn(t, "viewer").header.Get("Set-Cookie")
		for _, want := range []string{"; path=/", "; secure", "; httponly", "; samesite=lax"} {
			if !strings.Contains(strings.ToLower(line), want) || strings.Contains(strings.ToLower(line), "domain=") {
				t.Errorf("%s lacks %s", line, want)
			}
		}
		good = s.cookie["viewer"]
	})
	head, tail := good[:len(good)-1], good[len(good)-1:]
	other := map[bool]string{true: "B", false: "A"}[tail == "A"]
	for name, cookie := range map[string]string{
		"cut": hostCookie + head, "longer": hostCookie + good + "A", "another end": hostCookie + head + other, "in small letters": hostCookie + strings.ToLower(good), "nothing": hostCookie, "blanks": hostCookie + "%20" + good, "a NUL behind it": hostCookie + good + "%00", "SQL": hostCookie + "' or 1=1 --",
		"its hash": hostCookie + strings.Repeat("a", 64), "without a prefix": "shafaf=" + good, "with another prefix": "__Secure-shafaf=" + good, "the name in small letters": "__host-shafaf=" + good, "the browser's own text": "__Host-shafaf-device=" + good, "the text of a token": hostCookie + s.token["operator"], "an id of a person": hostCookie + s.things[0].ID,
	} {
		s.try(t, "a cookie: "+name, func(t *testing.T) {
			if s.enters(t, "Cookie", cookie) {
				t.Error("it comes in")
			}
		})
	}
	for name, header := range map[string][]string{"as a token": {"Authorization", "Bearer " + good}, "as a name and a password": {"Authorization", "Basic " + good}, "in another header": {"X-Session", good}, "in the referrer": {"Referer", "https://data.example/en/desk?session=" + good}} {
		s.try(t, "a session "+name, func(t *testing.T) {
			if s.enters(t, header...) {
				t.Error("it comes in")
			}
		})
	}
	for _, param := range []string{"session", "__Host-shafaf", "s", "sid", "token", "access_token", "cookie"} {
		s.try(t, "a session in the address: "+param, func(t *testing.T) {
			if a := s.send(t, shot{path: "/en/desk/account?" + param + "=" + good}); a.status != http.StatusSeeOther {
				t.Errorf("%d", a.status)
			}
		})
	}
	s.ended(t)
}

// ended uses sessions whose end has come in every way.
func (s *siege) ended(t *testing.T) {
	t.Helper()
	end := func(name string, do func(t *testing.T)) {
		s.try(t, name, func(t *testing.T) {
			s.signIn(t, "viewer")
			cookie, was := s.cookie["viewer"], s.now
			if !s.enters(t, "Cookie", hostCookie+cookie) {
				t.Fatal("it was not good before")
			}
			do(t)
			if s.enters(t, "Cookie", hostCookie+cookie) {
				t.Error("it comes in")
			}
			s.now = s.now.Add(max(0, was.Sub(s.now)))
		})
	}
	person := func(t *testing.T) string {
		p, err := s.people.Person(t.Context(), "viewer@example.org")
		if err != nil {
			t.Fatal(err)
		}
		return p.ID
	}
	end("after signing out", func(t *testing.T) { s.form(t, "viewer", "/en/desk/sign-out") })
	end("after it was ended elsewhere", func(t *testing.T) {
		if err := s.people.SignOut(t.Context(), person(t), ""); err != nil {
			t.Fatal(err)
		}
	})
	end("after password and code were given again", func(t *testing.T) {
		if a := s.form(t, "viewer", "/en/desk/confirm", "password", staffPassword, "code", s.code(t, "viewer")); a.status != http.StatusSeeOther {
			t.Fatalf("confirm: %d", a.status)
		}
	})
	end("after another role", func(t *testing.T) {
		if err := s.people.SetRole(t.Context(), &catalog.Shell, "viewer@example.org", s.agency[0].ID, catalog.Viewer); err != nil {
			t.Fatal(err)
		}
	})
	end("after the account was closed", func(t *testing.T) {
		for _, state := range []string{"disabled", "active"} {
			if err := s.people.SetState(t.Context(), &catalog.Shell, "viewer@example.org", state); err != nil {
				t.Fatal(err)
			}
		}
	})
	end("after a recovery was begun", func(t *testing.T) {
		if _, err := s.people.Recover(t.Context(), &catalog.Shell, "viewer@example.org"); err != nil {
			t.Fatal(err)
		}
	})
	end("after half an hour without a sign", func(*testing.T) { s.now = s.now.Add(31 * time.Minute) })
	end("after half a day", func(t *testing.T) {
		for range 25 {
			s.now = s.now.Add(29 * time.Minute)
			s.send(t, shot{path: "/en/desk", who: "viewer"})
		}
	})
	s.try(t, "signing out by a link", func(t *testing.T) {
		s.signIn(t, "viewer")
		s.send(t, shot{path: "/en/desk/sign-out", who: "viewer"})
		if !s.enters(t, "Cookie", hostCookie+s.cookie["viewer"]) {
			t.Error("the session is ended by a link")
		}
	})
	s.try(t, "an act long after the sign-in", func(t *testing.T) {
		s.signIn(t, "operator")
		for range 2 {
			s.now = s.now.Add(8 * time.Minute)
			s.send(t, shot{path: "/en/desk", who: "operator"})
		}
		was := s.written(t)
		for _, form := range [][]string{{"/en/desk/people", "do", "invite", "email", "late@example.org", "agency", "portal"}, {"/en/desk/account", "do", "token", "title", "x", "scopes", "view", "days", "30"}, {"/en/desk/settings", "do", "look", "name-en", "x"}} {
			if a := s.form(t, "operator", form[0], form[1:]...); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/en/desk/confirm") {
				t.Errorf("%s: %d to %s", form[0], a.status, a.header.Get("Location"))
			}
		}
		if s.written(t) != was {
			t.Error("it is done")
		}
	})
}
