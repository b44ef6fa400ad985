package accounts_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"

	"github.com/pquerna/otp/totp"
)

const password = "باران روی کاشی آبی و ۷ گنجشک"

// A desk is accounts with a clock that the test moves.
type desk struct {
	*accounts.Accounts
	t     *testing.T
	store *catalog.Store
	now   time.Time
	dir   string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), dir: t.TempDir()}
	var err error
	d.store, err = catalog.Open(t.Context(), d.dir, catalog.Options{Now: func() time.Time { return d.now }, Fatal: func(err error) { panic(err) }})
	d.must(err)
	t.Cleanup(func() { _ = d.store.Close() })
	d.Accounts, err = accounts.Open(d.store, []byte(strings.Repeat("s", 32)))
	d.must(err)
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) agency(slug string) string {
	d.t.Helper()
	a := catalog.Agency{Slug: slug, Title: catalog.Text{"fa": slug}}
	d.must(d.store.Write(d.t.Context(), func(tx *catalog.Tx) error { return tx.PutAgency(&a) }))
	return a.ID
}

// A member is somebody who has come in, and their authenticator.
type member struct {
	accounts.Person
	secret string
}

func (d *desk) join(in accounts.Invitation, name string) member {
	d.t.Helper()
	_, link, err := d.Invite(d.t.Context(), &catalog.Shell, in)
	d.must(err)
	return d.joinBy(link, name)
}

func (d *desk) joinBy(link, name string) member {
	d.t.Helper()
	f, err := d.Factor(d.t.Context(), link, "Shafaf")
	d.must(err)
	p, err := d.Join(d.t.Context(), link, accounts.Joining{Name: name, Password: password, Code: d.code(f.Secret)})
	d.must(err)
	return member{p, f.Secret}
}

// code is what the authenticator shows now; the clock moves on, since a code is
// good once.
func (d *desk) code(secret string) string {
	d.t.Helper()
	d.now = d.now.Add(30 * time.Second)
	code, err := totp.GenerateCode(secret, d.now)
	d.must(err)
	return code
}

func (d *desk) signIn(m member) (accounts.Session, string) {
	d.t.Helper()
	s, secret, err := d.SignIn(d.t.Context(), accounts.SignIn{Email: m.Email, Password: password, Code: d.code(m.secret), Agent: "Firefox"})
	d.must(err)
	return s, secret
}

func TestJoinAndSignIn(t *testing.T) {
	d := newDesk(t)
	agency := d.agency("water")
	_, link, err := d.Invite(t.Context(), &catalog.Shell, accounts.Invitation{Email: " Zahra@Example.org ", Agency: agency, Role: catalog.Editor})
	d.must(err)
	f, err := d.Factor(t.Context(), link, "شفاف")
	d.must(err)
	again, err := d.Factor(t.Context(), link, "شفاف")
	d.must(err)
	if again.Secret != f.Secret || !strings.HasPrefix(f.URL, "otpauth://totp/%D8") {
		t.Errorf("another secret, or no address: %+v, %+v", f.URL, again.URL)
	}
	image, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(f.Image, "data:image/png;base64,"))
	d.must(err)
	if _, err := png.Decode(bytes.NewReader(image)); err != nil {
		t.Error(err)
	}
	for field, j := range map[string]accounts.Joining{
		"name":     {Name: " ", Password: password, Code: d.code(f.Secret)},
		"password": {Name: "زهرا", Password: "passwordpassword1", Code: d.code(f.Secret)},
		"code":     {Name: "زهرا", Password: password, Code: "000000"},
	} {
		_, err := d.Join(t.Context(), link, j)
		if invalid := (*catalog.InvalidError)(nil); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	m := member{secret: f.Secret}
	m.Person, err = d.Join(t.Context(), link, accounts.Joining{Name: "زهرا  رضایی", Password: password, Code: d.code(f.Secret)})
	d.must(err)
	if m.Email != "zahra@example.org" || m.Name != "زهرا رضایی" || m.Roles[agency] != catalog.Editor || m.Operator {
		t.Errorf("%+v", m.Person)
	}
	if _, err := d.Join(t.Context(), link, accounts.Joining{Name: "x", Password: password, Code: d.code(f.Secret)}); !errors.Is(err, accounts.ErrExpired) {
		t.Errorf("a link that was used: %v", err)
	}
	s, secret := d.signIn(m)
	got, err := d.Session(t.Context(), secret)
	d.must(err)
	actor := got.Actor()
	if got.ID != s.ID || !actor.Can(catalog.Edit, agency) || actor.Can(catalog.Publish, agency) || actor.Can(catalog.Edit, "other") {
		t.Errorf("%+v may %+v", got, actor)
	}
}

func TestSignInRefusals(t *testing.T) {
	d := newDesk(t)
	m := d.join(accounts.Invitation{Email: "o@example.org", Operator: true}, "Omid")
	good := d.code(m.secret)
	for name, in := range map[string]accounts.SignIn{
		"unknown address": {Email: "nobody@example.org", Password: password, Code: good},
		"wrong password":  {Email: m.Email, Password: password + "x", Code: good},
		"wrong code":      {Email: m.Email, Password: password, Code: "123"},
		"no code":         {Email: m.Email, Password: password},
	} {
		if _, _, err := d.SignIn(t.Context(), in); !errors.Is(err, accounts.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	persian := strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴", "5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹").Replace(good)
	in := accounts.SignIn{Email: "O@EXAMPLE.ORG", Password: password, Code: persian[:6] + " " + persian[6:]}
	if _, _, err := d.SignIn(t.Context(), in); err != nil {
		t.Errorf("with Persian digits: %v", err)
	}
	if _, _, err := d.SignIn(t.Context(), in); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("a code that was used: %v", err)
	}
	for range 5 {
		_, _, _ = d.SignIn(t.Context(), accounts.SignIn{Email: m.Email, Password: "x"})
	}
	in.Code, d.now = d.code(m.secret), d.now.Add(-time.Minute)
	if _, _, err := d.SignIn(t.Context(), in); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("after many failures: %v", err)
	}
	d.now = d.now.Add(20 * time.Minute)
	in.Code = d.code(m.secret)
	if _, _, err := d.SignIn(t.Context(), in); err != nil {
		t.Errorf("when the time is over: %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	d := newDesk(t)
	operator := d.join(accounts.Invitation{Email: "o@example.org", Operator: true}, "Omid")
	agency := d.agency("roads")
	m := d.join(accounts.Invitation{Email: "e@example.org", Agency: agency, Role: catalog.Editor}, "Elham")
	refused := func(why, secret string) {
		t.Helper()
		if _, err := d.Session(t.Context(), secret); !errors.Is(err, accounts.ErrRefused) {
			t.Errorf("%s: %v", why, err)
		}
	}
	_, idle := d.signIn(m)
	d.now = d.now.Add(31 * time.Minute)
	refused("idle", idle)
	_, old := d.signIn(m)
	for range 13 * 3 {
		d.now = d.now.Add(20 * time.Minute)
		_, _ = d.Session(t.Context(), old)
	}
	refused("after twelve hours", old)
	s, first := d.signIn(m)
	if d.now = d.now.Add(16 * time.Minute); s.Fresh(d.now) {
		t.Error("still fresh after a quarter of an hour")
	}
	second, err := d.Confirm(t.Context(), &s, password, d.code(m.secret))
	d.must(err)
	refused("the secret before a confirmation", first)
	if !s.Fresh(d.now) {
		t.Error("not fresh after a confirmation")
	}
	by := operator.Person
	actor := catalog.Actor{Person: by.ID, Operator: true}
	d.must(d.SetRole(t.Context(), &actor, m.ID, agency, catalog.Publisher))
	refused("after a change of role", second)
	_, third := d.signIn(m)
	d.must(d.SetState(t.Context(), &actor, m.ID, accounts.Disabled))
	refused("of somebody disabled", third)
	if _, _, err := d.SignIn(t.Context(), accounts.SignIn{Email: m.Email, Password: password, Code: d.code(m.secret)}); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("somebody disabled signs in: %v", err)
	}
	if err := d.SetState(t.Context(), &actor, operator.ID, accounts.Disabled); err == nil {
		t.Error("the last operator was disabled")
	}
}

func TestRecovery(t *testing.T) {
	d := newDesk(t)
	m := d.join(accounts.Invitation{Email: "o@example.org", Operator: true}, "Omid")
	_, session := d.signIn(m)
	if _, err := d.Recover(t.Context(), &catalog.Actor{Person: m.ID}, m.ID); !errors.Is(err, accounts.ErrDenied) {
		t.Errorf("whoever asks: %v", err)
	}
	link, err := d.Recover(t.Context(), &catalog.Shell, "o@example.org")
	d.must(err)
	if _, err := d.Session(t.Context(), session); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("the session goes on: %v", err)
	}
	again := d.joinBy(link, "")
	if again.ID != m.ID || again.Name != "Omid" || !again.Operator || again.secret == m.secret {
		t.Errorf("%+v", again)
	}
	d.signIn(again)
	late, err := d.Recover(t.Context(), &catalog.Shell, m.ID)
	d.must(err)
	d.now = d.now.Add(25 * time.Hour)
	if _, err := d.Invitation(t.Context(), late); !errors.Is(err, accounts.ErrExpired) {
		t.Errorf("a link of yesterday: %v", err)
	}
}

func TestTokens(t *testing.T) {
	d := newDesk(t)
	agency, other := d.agency("a"), d.agency("b")
	m := d.join(accounts.Invitation{Email: "e@example.org", Agency: agency, Role: catalog.Editor}, "Elham")
	actor := catalog.Actor{Person: m.ID, Roles: m.Roles}
	for name, token := range map[string]accounts.Token{
		"no title":            {Person: m.ID, Scopes: []catalog.Verb{catalog.Edit}},
		"no scope":            {Person: m.ID, Title: "x"},
		"more than the owner": {Person: m.ID, Title: "x", Scopes: []catalog.Verb{catalog.Publish}},
		"another agency":      {Person: m.ID, Title: "x", Agency: other, Scopes: []catalog.Verb{catalog.Edit}},
		"appointing":          {Person: m.ID, Title: "x", Scopes: []catalog.Verb{catalog.Appoint}},
		"for ten years":       {Person: m.ID, Title: "x", Scopes: []catalog.Verb{catalog.Edit}, Expires: d.now.AddDate(10, 0, 0)},
	} {
		if _, _, err := d.CreateToken(t.Context(), &actor, token); err == nil {
			t.Errorf("%s: it was made", name)
		}
	}
	token, text, err := d.CreateToken(t.Context(), &actor, accounts.Token{Person: m.ID, Title: "nightly upload", Agency: agency, Scopes: []catalog.Verb{catalog.Edit}})
	d.must(err)
	if !strings.HasPrefix(text, accounts.TokenPrefix) || len(text) < 40 {
		t.Errorf("the token is %q", text)
	}
	got, err := d.Bearer(t.Context(), text)
	d.must(err)
	if !got.Can(catalog.Edit, agency) || got.Can(catalog.View, agency) || got.Can(catalog.Edit, other) {
		t.Errorf("it may %+v", got)
	}
	if _, _, err := d.CreateToken(t.Context(), &got, token); !errors.Is(err, accounts.ErrDenied) {
		t.Errorf("a token makes tokens: %v", err)
	}
	if err := d.RevokeToken(t.Context(), &catalog.Actor{Person: "somebody"}, token.ID); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("somebody else revokes it: %v", err)
	}
	d.must(d.RevokeToken(t.Context(), &actor, token.ID))
	if _, err := d.Bearer(t.Context(), text); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("after it was revoked: %v", err)
	}
	_, text, err = d.CreateToken(t.Context(), &actor, accounts.Token{Person: m.ID, Title: "x", Scopes: []catalog.Verb{catalog.Edit}})
	d.must(err)
	d.now = d.now.AddDate(0, 4, 0)
	if _, err := d.Bearer(t.Context(), text); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("after it expired: %v", err)
	}
}

// TestNoSecretIsKept searches the database for whatever opens a door, and the
// log for all acts.
func TestNoSecretIsKept(t *testing.T) {
	d := newDesk(t)
	_, link, err := d.Invite(t.Context(), &catalog.Shell, accounts.Invitation{Email: "o@example.org", Operator: true})
	d.must(err)
	m := d.joinBy(link, "Omid")
	_, session := d.signIn(m)
	_, token, err := d.CreateToken(t.Context(), &catalog.Actor{Person: m.ID}, accounts.Token{Person: m.ID, Title: "t", Scopes: []catalog.Verb{catalog.View}})
	d.must(err)
	d.must(d.store.Close())
	b, err := os.ReadFile(filepath.Join(d.dir, "catalog.db"))
	d.must(err)
	wal, err := os.ReadFile(filepath.Join(d.dir, "catalog.db-wal"))
	if err == nil {
		b = append(b, wal...)
	}
	for what, secret := range map[string]string{"password": password, "second factor": m.secret, "link": link, "session": session, "token": token} {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("the %s is in the database", what)
		}
	}
	for _, act := range []string{"person.invite", "person.join", "session.open", "token.create"} {
		if !bytes.Contains(b, []byte(act)) {
			t.Errorf("%s is not in the log", act)
		}
	}
}

func TestPasswords(t *testing.T) {
	for _, bad := range []string{"short", "passwordpassword", "aaaaaaaaaaaaaaaaaaaa", "123456789012345", "qwertyuiopasdfgh", "zahrarezaeizahra", strings.Repeat("x", 201)} {
		if accounts.CheckPassword(bad, "zahra rezaei", "zahra@example.org") == nil {
			t.Errorf("%q is good enough", bad)
		}
	}
	for _, good := range []string{password, "correct horse battery staple", "kQ7-vT2m_Lp9zX4"} {
		if err := accounts.CheckPassword(good, "zahra"); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}
