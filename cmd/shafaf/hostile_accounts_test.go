package main

import (
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/site"
	"github.com/openshafaf/shafaf/site/limit"

	"github.com/pquerna/otp/totp"
)

// attempt signs in with what may be wrong.
func (s *siege) attempt(t *testing.T, email, password, code string, header ...string) told {
	t.Helper()
	return s.send(t, shot{method: "POST", path: "/en/desk/sign-in", form: url.Values{"email": {email}, "password": {password}, "code": {code}}, header: header})
}

// hostileAccounts guesses at accounts and passwords, and uses twice what is good
// once.
func hostileAccounts(t *testing.T, s *siege) {
	t.Helper()
	s.unknown(t)
	s.guessed(t)
	s.twice(t)
	s.invited(t)
}

// unknown compares what somebody is answered who has an account with what
// somebody is who has none: words, headers, writes and work.
func (s *siege) unknown(t *testing.T) {
	t.Helper()
	counted := func(t *testing.T) (n int) {
		t.Helper()
		if err := s.portal.store.Row(t.Context(), "select (select coalesce(sum(failures), 0) from people) + (select coalesce(max(cast(value as integer)), 0) from meta where key = 'sign-ins in vain')").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	locked := func(t *testing.T) { // somebody else's account waits
		t.Helper()
		for range 6 {
			s.attempt(t, "viewer@example.org", "x", "1")
		}
	}
	for name, c := range map[string]struct {
		email, password, code string
		before                func(*testing.T)
	}{
		"a wrong password":             {email: "editor@example.org", password: "wrong wrong wrong wrong", code: "123456"},
		"the right password":           {email: "editor@example.org", password: staffPassword, code: "000000"},
		"no password":                  {email: "editor@example.org"},
		"capitals":                     {email: "EDITOR@example.org", password: "x", code: "1"},
		"an account that waits":        {email: "viewer@example.org", password: "x", code: "1", before: locked},
		"the right one of one waiting": {email: "viewer@example.org", password: staffPassword, code: "000000", before: locked},
		"markup":                       {email: `"><script>hostile()</script>`, password: "x"},
		"SQL":                          {email: "' or '1'='1", password: "' or '1'='1", code: "' or '1'='1"},
		"a long one":                   {email: strings.Repeat("a", 5000) + "@example.org", password: strings.Repeat("p", 50_000), code: strings.Repeat("1", 5000)},
		"NUL":                          {email: "editor@example.org\x00", password: "x\x00"},
	} {
		s.try(t, "who is there: "+name, func(t *testing.T) {
			if c.before != nil {
				c.before(t)
			}
			measure := func(email string) (string, int, uint64) {
				var before, after runtime.MemStats
				n := counted(t)
				runtime.ReadMemStats(&before)
				a := s.attempt(t, email, c.password, c.code)
				runtime.ReadMemStats(&after)
				a.harmless(t, "the page")
				a.header.Del("X-Request-Id")
				a.header.Del("Date")
				a.header.Del("Content-Length")
				at := strings.ReplaceAll(strings.ReplaceAll(text(a.body), strings.ReplaceAll(email, "\x00", "\uFFFD"), "EMAIL"), squeezed(email), "EMAIL")
				return strings.Join([]string{http.StatusText(a.status), squeezed(at), strings.Join(a.header.Values("Set-Cookie"), "")}, "|"), counted(t) - n, after.TotalAlloc - before.TotalAlloc
			}
			words, writes, work := measure(c.email)
			none, noneWrites, noneWork := measure("nobody@example.org")
			if words != none {
				t.Errorf("the words differ:\n%s\n%s", words, none)
			}
			const hash = 19 << 20
			if writes != 1 || noneWrites != 1 || work < hash || noneWork < hash {
				t.Errorf("%d writes and %d bytes of work, for nobody %d and %d", writes, work, noneWrites, noneWork)
			}
		})
	}
	s.now = s.now.Add(time.Hour)
	s.signIn(t, "admin")
	for name, form := range map[string][2][]string{
		"an invitation":   {{"do", "invite", "email", "operator@example.org", "agency", s.agency[1].ID, "role", "viewer"}, {"do", "invite", "email", "operatox@example.org", "agency", s.agency[1].ID, "role", "viewer"}},
		"an appointment":  {{"do", "appoint", "person", "operator@example.org", "agency", s.agency[1].ID, "role", "viewer"}, {"do", "appoint", "person", "operatox@example.org", "agency", s.agency[1].ID, "role", "viewer"}},
		"an id of nobody": {{"do", "appoint", "person", nowhere, "agency", s.agency[1].ID, "role", "viewer"}, {"do", "appoint", "person", "operator@example.org", "agency", s.agency[1].ID, "role", "viewer"}},
	} {
		s.try(t, "who is there, by "+name, func(t *testing.T) {
			var seen []string
			for _, f := range form {
				a := s.form(t, "admin", "/en/desk/people", f...)
				seen = append(seen, http.StatusText(a.status)+strings.NewReplacer("operatox@", "X@", "operator@", "X@", nowhere, "X@example.org").Replace(text(a.body)))
			}
			if seen[0] != seen[1] {
				t.Error("the words differ")
			}
		})
	}
}

// guessed tries many passwords and codes.
func (s *siege) guessed(t *testing.T) {
	t.Helper()
	s.try(t, "passwords by the dozen, for one account", func(t *testing.T) {
		code := s.code(t, "moderator")
		for range 12 {
			s.attempt(t, "moderator@example.org", "x", "1")
		}
		if a := s.attempt(t, "moderator@example.org", staffPassword, code); cookieOf(a) != "" {
			t.Error("the account does not wait")
		}
		s.now = s.now.Add(20 * time.Minute)
		s.signIn(t, "moderator")
	})
	s.try(t, "accounts by the dozen, from one address", func(t *testing.T) {
		o := s.with(func(o *site.Site) {
			o.Limits = site.Limits{site.BudgetSignIn: limit.New(limit.Options{Units: 5, Per: time.Hour, Now: o.Now})}
		})
		last := 0
		for i := range 8 {
			last = o.attempt(t, strings.Repeat("a", i+1)+"@example.org", "x", "1", "X-Forwarded-For", "203.0.113.9").status
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the last one is answered %d", last)
		}
		for _, path := range []string{"/en/desk/join/join_X", "/fa/desk/sign-in", "/en/desk/confirm"} {
			if a := o.send(t, shot{method: "POST", path: path, who: "operator", form: url.Values{}, header: []string{"X-Forwarded-For", "203.0.113.9"}}); a.status != http.StatusTooManyRequests && path != "/en/desk/confirm" {
				t.Errorf("%s is answered %d", path, a.status)
			}
		}
	})
	for name, code := range map[string]string{"no code": "", "zeros": "000000", "a list": "000000,111111,222222", "a pattern": "......", "a number": "1e5", "a minus": "-1"} {
		s.try(t, "a code that is none: "+name, func(t *testing.T) {
			if a := s.attempt(t, "publisher@example.org", staffPassword, code); cookieOf(a) != "" {
				t.Error("it is good")
			}
			s.now = s.now.Add(20 * time.Minute)
		})
	}
}

// twice uses twice what is good once, or what its time is over for.
func (s *siege) twice(t *testing.T) {
	t.Helper()
	s.try(t, "a code twice", func(t *testing.T) {
		code := s.code(t, "publisher")
		if cookieOf(s.attempt(t, "publisher@example.org", staffPassword, code)) == "" {
			t.Fatal("the code is not good once")
		}
		if cookieOf(s.attempt(t, "publisher@example.org", staffPassword, code)) != "" {
			t.Error("it is good twice")
		}
	})
	for name, shift := range map[string]time.Duration{"of before": -2 * time.Minute, "of later": 2 * time.Minute} {
		s.try(t, "a code "+name, func(t *testing.T) {
			s.now = s.now.Add(5 * time.Minute)
			code, _ := totp.GenerateCode(s.secret["publisher"], s.now.Add(shift))
			if cookieOf(s.attempt(t, "publisher@example.org", staffPassword, code)) != "" {
				t.Error("it is good")
			}
		})
	}
	link := func(t *testing.T, back bool) (link, secret string) {
		t.Helper()
		var err error
		if back {
			link, err = s.people.Recover(t.Context(), &catalog.Shell, "viewer@example.org")
		} else {
			_, link, err = s.people.Invite(t.Context(), &catalog.Shell, accounts.Invitation{Email: "new@example.org", Agency: s.agency[0].ID, Role: catalog.Viewer})
		}
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.people.Factor(t.Context(), link, "Shafaf")
		if err != nil {
			t.Fatal(err)
		}
		return link, f.Secret
	}
	use := func(t *testing.T, link, secret string) int {
		s.now = s.now.Add(30 * time.Second)
		code, _ := totp.GenerateCode(secret, s.now)
		return s.send(t, shot{method: "POST", path: "/en/desk/join/" + link, form: url.Values{"name": {"New"}, "password": {staffPassword}, "code": {code}}}).status
	}
	for name, back := range map[string]bool{"an invitation": false, "a recovery": true} {
		s.try(t, name+" twice", func(t *testing.T) {
			at, secret := link(t, back)
			if first, second := use(t, at, secret), use(t, at, secret); first != http.StatusSeeOther || second != http.StatusNotFound {
				t.Errorf("first %d, then %d", first, second)
			}
			if back {
				s.secret["viewer"] = secret
			}
		})
		s.try(t, name+" whose time is over", func(t *testing.T) {
			at, secret := link(t, back)
			s.now = s.now.Add(8 * 24 * time.Hour)
			if a := use(t, at, secret); a != http.StatusNotFound {
				t.Errorf("%d", a)
			}
		})
	}
	for name, text := range map[string]string{"none": "join_NOTHING", "SQL": "'%20or%201=1", "a token": s.token["operator"], "a session": s.cookie["operator"], "a path": "..%2f..%2fsign-in", "a long one": strings.Repeat("A", 4000)} {
		s.try(t, "a link that is none: "+name, func(t *testing.T) {
			if a := s.send(t, shot{path: "/en/desk/join/" + text}); a.status != http.StatusNotFound {
				t.Errorf("%d", a.status)
			}
		})
	}
}

// invited tries to come into somebody else's account by inviting them.
func (s *siege) invited(t *testing.T) {
	t.Helper()
	for _, who := range []string{"operator", "publisher"} {
		s.try(t, "an account by an invitation: "+who, func(t *testing.T) {
			admin, err := s.people.Person(t.Context(), "admin@example.org")
			if err != nil {
				t.Fatal(err)
			}
			by := admin.Actor()
			_, link, err := s.people.Invite(t.Context(), &by, accounts.Invitation{Email: who + "@example.org", Agency: s.agency[0].ID, Role: catalog.Publisher})
			if err != nil {
				t.Fatal(err)
			}
			if page := s.send(t, shot{path: "/en/desk/join/" + link}); strings.Contains(string(page.body), "data:image/png") {
				t.Error("the page of the link offers another second factor")
			}
			f, err := s.people.Factor(t.Context(), link, "Shafaf")
			if err != nil {
				t.Fatal(err)
			}
			code, _ := totp.GenerateCode(f.Secret, s.now)
			a := s.form(t, "", "/en/desk/join/"+link, "name", "x", "password", "another password of the attacker 9", "code", code)
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("%d", a.status)
			}
			s.signIn(t, who)
		})
	}
}
