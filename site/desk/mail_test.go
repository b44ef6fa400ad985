package desk_test

import (
	"errors"
	"html"
	"log/slog"
	"net/http"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/site/mail"
	"github.com/openshafaf/shafaf/site/mail/mailtest"
)

// folderPost sends the letters of the office into a folder.
func (o *office) folderPost() *mail.Post {
	return &mail.Post{
		Store: o.store, Folder: o.t.TempDir(), Open: o.people.Open, Log: slog.New(slog.DiscardHandler),
		Head: mail.Head{Portal: func(lang string) string { return catalog.Text{"fa": "شفاف", "en": "Shafaf"}[lang] }, From: netmail.Address{Address: "noreply@data.example"}, Base: base},
	}
}

// letters sends what waits and returns what each letter says, as composed.
func (o *office) letters(p *mail.Post) (all []string) {
	o.t.Helper()
	_, err := p.Round(o.t.Context())
	o.must(err)
	names, err := filepath.Glob(filepath.Join(p.Folder, "*.eml"))
	o.must(err)
	for _, name := range names {
		b, err := os.ReadFile(name)
		o.must(err)
		o.must(os.Remove(name))
		l := mailtest.Open(o.t, string(b))
		all = append(all, l.To+"\n"+l.Text)
	}
	return all
}

var joinInLetter = regexp.MustCompile(base + `(/(?:fa|en)/desk/join/join_[A-Z0-9]+)`)

// The way of an invitation: it is made at the desk, a letter becomes a file, its
// link opens the page, and who opens it comes in. Nothing of the link stays in
// the catalogue.
func TestInvitationByLetter(t *testing.T) {
	o := newOffice(t)
	post := o.folderPost()
	agency := o.agency("water")
	omid := o.operator()
	o.letters(post)
	a := omid.post("/en/desk/people", "do", "invite", "email", "zahra@example.org", "agency", agency, "role", "editor")
	page := html.UnescapeString(a.body)
	if a.status != http.StatusOK || !strings.Contains(page, "No letter was sent: no mail server is set") || !strings.Contains(page, base+"/en/desk/join/join_") {
		t.Fatalf("invite: %d\n%s", a.status, a.body)
	}
	waiting, err := o.store.Outbox(t.Context(), catalog.MailWaiting, 10)
	o.must(err)
	if len(waiting) != 1 || strings.Contains(string(waiting[0].Secret), "join_") {
		t.Fatalf("%d letters wait, or the link is readable in the catalogue", len(waiting))
	}
	all := o.letters(post)
	if len(all) != 1 || !strings.HasPrefix(all[0], "<zahra@example.org>") || !strings.Contains(all[0], "as an editor") || !strings.Contains(all[0], "امید") {
		t.Fatalf("%q", all)
	}
	link := joinInLetter.FindStringSubmatch(all[0])
	if link == nil {
		t.Fatalf("no link: %s", all[0])
	}
	sent, err := o.store.Outbox(t.Context(), catalog.MailSent, 10)
	o.must(err)
	for i := range sent {
		if len(sent[i].Secret) != 0 || sent[i].Data.Path != "" {
			t.Errorf("a letter that was sent is kept: %+v", sent[i])
		}
	}
	zahra := o.come(link[1], "zahra@example.org", "زهرا")
	if a := zahra.get("/fa/desk"); a.status != http.StatusOK {
		t.Errorf("the desk: %d", a.status)
	}
	for _, path := range []string{"/fa/desk/mail", "/en/desk/mail"} {
		if a := zahra.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s to an editor: %d", path, a.status)
		}
	}
}

// Who lost password and telephone gets a link, and is told when it was used, in
// the language of the pages that they used.
func TestRecoveryByLetter(t *testing.T) {
	o := newOffice(t)
	post := o.folderPost()
	omid := o.operator()
	o.letters(post)
	person, err := o.people.Person(t.Context(), omid.email)
	o.must(err)
	for range 2 { // the second link takes the place of the first
		_, err = o.people.Recover(t.Context(), &catalog.Shell, person.ID)
		o.must(err)
	}
	all := o.letters(post)
	if len(all) != 1 || !strings.Contains(all[0], "از نو تعیین کنید") {
		t.Fatalf("%d letters: %q", len(all), all)
	}
	o.come(joinInLetter.FindStringSubmatch(all[0])[1], omid.email, "امید")
	all = o.letters(post)
	if len(all) == 0 || !strings.Contains(all[0], "قبلی‌ها دیگر به کار نمی‌آیند") {
		t.Fatalf("%q", all)
	}
}

// A letter that was given up is a task of operators, who send it again or forget
// it.
func TestUndeliveredLetters(t *testing.T) {
	o := newOffice(t)
	omid := o.operator()
	post := o.folderPost()
	o.letters(post)
	id := o.failed("nobody@example.org", o.now.Add(time.Hour))
	for _, path := range []string{"/fa/desk", "/en/desk", "/fa/desk/mail", "/en/desk/mail"} {
		if a := omid.get(path); a.status != http.StatusOK || !strings.Contains(a.body, "nobody@example.org") || !strings.Contains(a.body, "550 nobody") {
			t.Errorf("%s: %d\n%s", path, a.status, a.body)
		}
	}
	if a := omid.post("/fa/desk/mail", "do", "retry", "id", id); a.status != http.StatusSeeOther {
		t.Fatalf("retry: %d\n%s", a.status, a.body)
	}
	if all := o.letters(post); len(all) != 1 {
		t.Errorf("%d letters went out", len(all))
	}
	for _, wrong := range []string{id, "none", ""} { // one that was sent, and none
		if a := omid.post("/fa/desk/mail", "do", "drop", "id", wrong); a.status != http.StatusNotFound {
			t.Errorf("drop %q: %d", wrong, a.status)
		}
	}
	id = o.failed("late@example.org", o.now.Add(time.Minute))
	o.now = o.now.Add(2 * time.Minute)
	if a := omid.post("/en/desk/mail", "do", "retry", "id", id); a.status != http.StatusConflict || !strings.Contains(a.body, "not good any more") {
		t.Errorf("a dead link: %d\n%s", a.status, a.body)
	}
	if a := omid.post("/en/desk/mail", "do", "drop", "id", id); a.status != http.StatusSeeOther {
		t.Errorf("drop: %d", a.status)
	}
	if a := omid.post("/en/desk/mail", "do", "test"); a.status != http.StatusSeeOther {
		t.Errorf("test: %d", a.status)
	}
	if all := o.letters(post); len(all) != 1 || !strings.HasPrefix(all[0], "امید <omid@example.org>") || !strings.Contains(all[0], base+"/en/") {
		t.Errorf("%q", all)
	}
}

// failed queues a letter that was given up.
func (o *office) failed(to string, expires time.Time) (id string) {
	o.t.Helper()
	o.must(o.store.Write(o.t.Context(), func(tx *catalog.Tx) error {
		id = tx.NewID()
		err := tx.QueueMail(catalog.Mail{ID: id, Kind: catalog.MailTest, To: to, Lang: "fa", Expires: expires, Data: catalog.MailData{Path: "/"}})
		_, given := tx.MailNotSent(id, "550 nobody", true)
		return errors.Join(err, given)
	}))
	return id
}

// Notices go to those who may act and want them.
func TestNoticesCanBeTurnedOff(t *testing.T) {
	o := newOffice(t)
	post := o.folderPost()
	agency := o.agency("water")
	omid := o.operator()
	_, secret, err := o.people.Invite(t.Context(), &catalog.Shell, accounts.Invitation{Email: "p@example.org", Agency: agency, Role: catalog.Publisher})
	o.must(err)
	publisher := o.come("/fa/desk/join/"+secret, "p@example.org", "پروین")
	_, secret, err = o.people.Invite(t.Context(), &catalog.Shell, accounts.Invitation{Email: "e@example.org", Agency: agency, Role: catalog.Editor})
	o.must(err)
	o.come("/fa/desk/join/"+secret, "e@example.org", "ایرج")
	o.letters(post)
	notify := func() {
		o.must(o.store.Write(t.Context(), func(tx *catalog.Tx) error {
			return tx.QueueNotice(catalog.Harvest, agency, &catalog.Actor{}, catalog.Mail{Kind: catalog.MailHeld, Thing: "s", Data: catalog.MailData{Title: catalog.Text{"en": "Wells"}, Path: "/sources/wells"}})
		}))
	}
	notify()
	notify() // while the first waits there is no second
	all := o.letters(post)
	if len(all) != 2 || strings.Contains(strings.Join(all, ""), "e@example.org") || !strings.Contains(all[0], base+"/fa/desk/account#letters") {
		t.Fatalf("%d letters: %q", len(all), all)
	}
	if a := publisher.post("/fa/desk/account", "do", "notices", "on", "0"); a.status != http.StatusSeeOther {
		t.Fatalf("off: %d", a.status)
	}
	notify()
	if all := o.letters(post); len(all) != 1 || !strings.Contains(all[0], omid.email) {
		t.Errorf("%q", all)
	}
}

// Somebody is told when they sign in with a browser that they had not used, and
// not when it is the first, or one that is known.
func TestSignInFromANewBrowserIsTold(t *testing.T) {
	o := newOffice(t)
	post := o.folderPost()
	omid := o.operator()
	o.letters(post)
	signIn := func() {
		t.Helper()
		if a := omid.post("/en/desk/sign-in", "email", omid.email, "password", password, "code", omid.code()); a.status != http.StatusSeeOther {
			t.Fatalf("sign in: %d\n%s", a.status, a.body)
		}
	}
	if omid.device == "" {
		t.Fatal("the browser keeps nothing")
	}
	signIn()
	if all := o.letters(post); len(all) != 0 {
		t.Fatalf("a known browser: %q", all)
	}
	known := omid.device
	omid.device = "d_SOMETHING"
	signIn()
	all := o.letters(post)
	if len(all) != 1 || !strings.Contains(all[0], omid.email) || !strings.Contains(all[0], base+"/en/desk/account") || omid.device == known {
		t.Errorf("a new browser: %q", all)
	}
}
