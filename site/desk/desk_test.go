package desk_test

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/harvesters"
	"github.com/openshafaf/shafaf/search"
	"github.com/openshafaf/shafaf/site"
	"github.com/openshafaf/shafaf/site/desk"

	"github.com/gofiber/fiber/v2"
	"github.com/pquerna/otp/totp"
)

const (
	base     = "https://data.example"
	password = "باران روی کاشی آبی و ۷ گنجشک"
)

// An office is a desk that is served, with a clock that the test moves.
type office struct {
	t      *testing.T
	now    time.Time
	store  *catalog.Store
	people *accounts.Accounts
	files  *datasets.Files
	app    *fiber.App
	asked  int    // runs that were asked for
	forgot string // id of the source that was retired last
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, now: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return o.now }
	var err error
	o.store, err = catalog.Open(t.Context(), t.TempDir(), catalog.Options{Now: clock, Fatal: func(err error) { panic(err) }})
	o.must(err)
	t.Cleanup(func() { _ = o.store.Close() })
	o.people, err = accounts.Open(o.store, []byte(strings.Repeat("s", 32)))
	o.must(err)
	key, err := catalog.NewLogKey([]byte(strings.Repeat("k", 32)))
	o.must(err)
	dir := t.TempDir()
	o.files, err = datasets.OpenFiles(dir)
	o.must(err)
	t.Cleanup(func() { _ = o.files.Close() })
	built, err := exporters.OpenFiles(filepath.Join(dir, "exports"))
	o.must(err)
	index, err := search.Open(filepath.Join(dir, "search"), search.Options{Now: clock})
	o.must(err)
	t.Cleanup(func() { _ = index.Close() })
	d := &desk.Desk{Store: o.store, Accounts: o.people, Files: o.files, Log: key, Portal: "Shafaf"}
	d.Harvest = desk.Harvest{
		Kinds: harvesters.WebKinds(), Check: harvesters.CheckWeb,
		Asked: func() { o.asked++ }, Forget: func(source string) error { o.forgot = source; return nil },
	}
	o.follow(d.Follow)
	o.app = (&site.Site{Catalog: o.store, Files: o.files, Exports: built, Index: index, Now: clock, BaseURL: base, TrustedProxies: []string{"0.0.0.0"}, Parts: []site.Part{d.Part()}}).App()
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) agency(slug string) string {
	o.t.Helper()
	a := catalog.Agency{Slug: slug, Title: catalog.Text{"fa": "سازمان " + slug, "en": slug}}
	o.must(o.store.Write(o.t.Context(), func(tx *catalog.Tx) error { return tx.PutAgency(&a) }))
	return a.ID
}

// A visitor is a browser with at most one cookie, and an authenticator.
type visitor struct {
	*office
	cookie, email, secret string
	device                string // what the browser keeps
}

// An answer is a page.
type answer struct {
	status   int
	location string
	body     string
}

func (v *visitor) get(path string) answer { return v.ask(http.MethodGet, path, nil) }

func (v *visitor) post(path string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.ask(http.MethodPost, path, form, "Sec-Fetch-Site", "same-origin")
}

func (v *visitor) ask(method, path string, form url.Values, headers ...string) answer {
	v.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	req.Host = "data.example"
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if v.cookie != "" {
		req.AddCookie(&http.Cookie{Name: "__Host-shafaf", Value: v.cookie})
	}
	if v.device != "" {
		req.AddCookie(&http.Cookie{Name: "__Host-shafaf-device", Value: v.device})
	}
	resp, err := v.app.Test(req, -1)
	v.must(err)
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		if !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			v.t.Errorf("%s: the cookie is %v", path, c)
		}
		if c.Name == "__Host-shafaf" {
			v.cookie = c.Value
		} else {
			v.device = c.Value
		}
	}
	b, err := io.ReadAll(resp.Body)
	v.must(err)
	return answer{resp.StatusCode, resp.Header.Get("Location"), string(b)}
}

// code is what the authenticator shows; the clock moves on, since a code is
// good once.
func (v *visitor) code() string {
	v.t.Helper()
	v.now = v.now.Add(30 * time.Second)
	c, err := totp.GenerateCode(v.secret, v.now)
	v.must(err)
	return c
}

var (
	secretOnPage = regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`)
	linkOnPage   = regexp.MustCompile(`<code>` + base + `(/fa/desk/join/join_[A-Z0-9]+)</code>`)
)

// come brings somebody in by the page of a link, and signs them in.
func (o *office) come(link, email, name string) *visitor {
	o.t.Helper()
	v := &visitor{office: o, email: email}
	m := secretOnPage.FindStringSubmatch(v.get(link).body)
	if m == nil {
		o.t.Fatal("the page of the link shows no key")
	}
	v.secret = m[1]
	if a := v.post(link, "name", name, "password", password, "code", v.code()); a.status != http.StatusSeeOther {
		o.t.Fatalf("join: %d\n%s", a.status, a.body)
	}
	if a := v.post("/fa/desk/sign-in", "email", email, "password", password, "code", v.code()); a.status != http.StatusSeeOther || a.location != "/fa/desk" {
		o.t.Fatalf("sign in: %d to %s", a.status, a.location)
	}
	return v
}

func (o *office) operator() *visitor {
	o.t.Helper()
	_, secret, err := o.people.Invite(o.t.Context(), &catalog.Shell, accounts.Invitation{Email: "omid@example.org", Operator: true})
	o.must(err)
	return o.come("/fa/desk/join/"+secret, "omid@example.org", "امید")
}

// TestFirstSteps goes the way of a new portal: the first operator comes by a
// link, invites an editor, who comes in, and each sees what is theirs.
func TestFirstSteps(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("water")
	omid := o.operator()
	for _, path := range []string{"/fa/desk", "/en/desk", "/fa/desk/people", "/en/desk/people", "/fa/desk/account", "/en/desk/account", "/fa/desk/log", "/en/desk/log", "/fa/desk/sign-out", "/en/desk/confirm"} {
		if a := omid.get(path); a.status != http.StatusOK || !strings.Contains(a.body, "</html>") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	a := omid.post("/fa/desk/people", "do", "invite", "email", "Zahra@Example.org", "agency", agency, "role", "editor")
	link := linkOnPage.FindStringSubmatch(html.UnescapeString(a.body))
	if a.status != http.StatusOK || link == nil {
		t.Fatalf("invite: %d\n%s", a.status, a.body)
	}
	zahra := o.come(link[1], "zahra@example.org", "زهرا")
	if a := zahra.get("/fa/desk"); !strings.Contains(a.body, "زهرا") || strings.Contains(a.body, "/fa/desk/people") {
		t.Errorf("the editor's desk: %d\n%s", a.status, a.body)
	}
	for _, path := range []string{"/fa/desk/people", "/fa/desk/log"} {
		if a := zahra.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s to an editor: %d", path, a.status)
		}
	}
	a = omid.post("/fa/desk/people", "do", "appoint", "person", "zahra@example.org", "agency", agency, "role", "admin")
	if a.status != http.StatusSeeOther {
		t.Fatalf("appoint: %d\n%s", a.status, a.body)
	}
	if a := omid.get("/fa/desk/people"); !strings.Contains(a.body, "مدیر") || !strings.Contains(a.body, "زهرا") {
		t.Errorf("the people: %d\n%s", a.status, a.body)
	}
	if a := zahra.get("/fa/desk"); a.status != http.StatusSeeOther || a.location != "/fa/desk/sign-in?next=%2Fdesk" {
		t.Errorf("after a change of role: %d to %s", a.status, a.location)
	}
	zahra.post("/fa/desk/sign-in?next=/desk/log", "email", zahra.email, "password", password, "code", zahra.code())
	if a := zahra.get("/fa/desk/log"); a.status != http.StatusOK || !strings.Contains(a.body, "نقشی را تغییر داد") || strings.Contains(a.body, "omid@example.org") {
		t.Errorf("the log of an agency: %d\n%s", a.status, a.body)
	}
}

func TestSignInSaysNothing(t *testing.T) {
	o := newOffice(t)
	omid := o.operator()
	stranger := &visitor{office: o, secret: omid.secret}
	var bodies []string
	for _, email := range []string{"omid@example.org", "nobody@example.org"} {
		a := stranger.post("/en/desk/sign-in", "email", email, "password", "hunterhunter", "code", "123456")
		if a.status != http.StatusUnprocessableEntity || stranger.cookie != "" {
			t.Errorf("%s: %d, cookie %q", email, a.status, stranger.cookie)
		}
		if strings.Contains(a.body, "hunterhunter") {
			t.Error("the password is on the page again")
		}
		bodies = append(bodies, strings.ReplaceAll(a.body, email, "EMAIL"))
	}
	if bodies[0] != bodies[1] {
		t.Error("the page tells whether somebody has an account")
	}
}

// TestForgedRequests tries what a page of somebody else, or somebody on the way,
// could make a browser do.
func TestForgedRequests(t *testing.T) {
	o := newOffice(t)
	omid := o.operator()
	form := url.Values{"do": {"invite"}, "email": {"x@example.org"}, "agency": {"portal"}}
	for name, headers := range map[string][]string{
		"cross-site":     {"Sec-Fetch-Site", "cross-site"},
		"same-site":      {"Sec-Fetch-Site", "same-site"},
		"foreign origin": {"Origin", "https://evil.example"},
		"null origin":    {"Origin", "null"},
	} {
		if a := omid.ask(http.MethodPost, "/fa/desk/people", form, headers...); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if waiting, err := o.people.Invitations(t.Context(), nil); err != nil || len(waiting) != 0 {
		t.Errorf("%d invitations were made, %v", len(waiting), err)
	}
	for _, to := range []string{"//evil.example", "/\\evil.example", "https://evil.example", "/desk//evil", "/deskevil", "/fa/datasets"} {
		fresh := &visitor{office: o, secret: omid.secret}
		a := fresh.post("/fa/desk/sign-in?next="+url.QueryEscape(to), "email", omid.email, "password", password, "code", fresh.code())
		if a.status != http.StatusSeeOther || a.location != "/fa/desk" {
			t.Errorf("next=%s: %d to %s", to, a.status, a.location)
		}
	}
	fixed := &visitor{office: o, secret: omid.secret, cookie: "s_CHOSENBYSOMEBODYELSE"}
	fixed.post("/fa/desk/sign-in", "email", omid.email, "password", password, "code", fixed.code())
	if fixed.cookie == "s_CHOSENBYSOMEBODYELSE" || fixed.get("/fa/desk").status != http.StatusOK {
		t.Error("the session is one that was there before")
	}
}

func TestPlainHTTP(t *testing.T) {
	o := newOffice(t)
	d := &desk.Desk{Store: o.store, Accounts: o.people, Portal: "Shafaf"}
	o.app = (&site.Site{Catalog: o.store, Now: func() time.Time { return o.now }, BaseURL: "http://data.example", Parts: []site.Part{d.Part()}}).App()
	v := &visitor{office: o}
	if a := v.get("/en/desk/sign-in"); a.status != http.StatusForbidden || !strings.Contains(a.body, "--tls-cert") {
		t.Errorf("over plain HTTP: %d\n%s", a.status, a.body)
	}
}

func TestOldSessionsProveThemselves(t *testing.T) {
	o := newOffice(t)
	omid := o.operator()
	o.now = o.now.Add(16 * time.Minute)
	a := omid.post("/en/desk/account", "do", "token", "title", "x", "scopes", "view", "days", "30")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/en/desk/confirm?next=") {
		t.Fatalf("a token after a quarter of an hour: %d to %s", a.status, a.location)
	}
	if a := omid.post(a.location, "password", password, "code", omid.code()); a.location != "/en/desk/account" {
		t.Fatalf("confirm: %d to %s\n%s", a.status, a.location, a.body)
	}
	a = omid.post("/en/desk/account", "do", "token", "title", "nightly", "scopes", "view", "days", "30")
	if a.status != http.StatusOK || !strings.Contains(a.body, accounts.TokenPrefix) {
		t.Errorf("a token: %d\n%s", a.status, a.body)
	}
	if a = omid.post("/en/desk/account", "do", "token", "title", "", "days", "30"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "know it again") {
		t.Errorf("a token for nothing: %d", a.status)
	}
}
