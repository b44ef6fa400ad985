package mail_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site/mail"
	"github.com/openshafaf/shafaf/site/mail/mailtest"

	"github.com/emersion/go-smtp"
)

func TestLetterGoesOverSTARTTLSWithPassword(t *testing.T) {
	box := newMailbox(t, true)
	d := newDesk(t, box.way())
	m := d.round(d.queue("zahra@example.org"))
	if m.State != catalog.MailSent || m.Attempts != 1 || m.Fault != "" || len(m.Secret) != 0 || m.Data.Path != "" {
		t.Fatalf("%+v", m)
	}
	letters := box.got()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	l := mailtest.Open(t, letters[0])
	if l.Head.Get("Message-ID") != "<"+m.ID+"@data.example>" || l.Head.Get("Auto-Submitted") != "auto-generated" || l.Head.Get("List-Unsubscribe") != "" {
		t.Errorf("%v", l.Head)
	}
	if l.Subject != "دعوت به میز کار شفاف" || l.To != "زهرا احمدی <zahra@example.org>" || !l.Date.Equal(d.now) {
		t.Errorf("%q to %q at %s", l.Subject, l.To, l.Date)
	}
	const link = "https://data.example/fa/desk/join/join_SECRET"
	if !strings.Contains(l.Text, "\r\n"+link+"\r\n") || !strings.Contains(l.HTML, `<a href="`+link+`">`) || !strings.Contains(l.HTML, `dir="rtl"`) {
		t.Errorf("%s\n%s", l.Text, l.HTML)
	}
	if n, err := d.post.Round(t.Context()); n != 0 || err != nil || len(box.got()) != 1 {
		t.Errorf("it is sent again: %d, %v", n, err)
	}
	if f := d.post.Figures(); f != (mail.Figures{Sent: 1}) {
		t.Errorf("%+v", f)
	}
}

func TestLetterGoesOverTLSFromTheFirstByte(t *testing.T) {
	box := newMailbox(t, true)
	way := box.way()
	way.TLS, way.Port = mail.TLSFirst, box.secureFromTheStart()
	d := newDesk(t, way)
	if m := d.round(d.queue("zahra@example.org")); m.State != catalog.MailSent || len(box.got()) != 1 {
		t.Fatalf("%+v", m)
	}
}

func TestAddressThatIsRefusedIsGivenUp(t *testing.T) {
	box := newMailbox(t, true)
	d := newDesk(t, box.way())
	box.refuse = &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "come back later"}
	id := d.queue("zahra@example.org")
	if m := d.round(id); m.State != catalog.MailWaiting || m.Attempts != 1 || !m.Due.Equal(d.now.Add(time.Minute)) || !strings.Contains(m.Fault, "come back later") {
		t.Fatalf("%+v", m)
	}
	if m := d.round(id); m.Attempts != 1 {
		t.Errorf("it was tried before its time: %+v", m)
	}
	d.now = d.now.Add(time.Minute)
	box.refuse = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name\r\nhere"}
	m := d.round(id)
	if m.State != catalog.MailFailed || m.Attempts != 2 || !strings.Contains(m.Fault, "nobody of that name") || strings.ContainsAny(m.Fault, "\r\n") {
		t.Fatalf("%+v", m)
	}
	box.refuse = nil
	retry := func(by *catalog.Actor) error {
		return d.store.Write(t.Context(), func(tx *catalog.Tx) error { return tx.RetryMail(by, id) })
	}
	if err := retry(&catalog.Actor{Person: "x"}); !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("somebody sends it again: %v", err)
	}
	d.must(retry(&catalog.Shell))
	if m := d.round(id); m.State != catalog.MailSent || len(box.got()) != 1 {
		t.Errorf("%+v", m)
	}
}

func TestServerThatIsDownIsTriedForThreeDays(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = ln.Close()
	d := newDesk(t, &mail.Server{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, TLS: mail.TLSNone, Patience: time.Second})
	id, start := d.queue("zahra@example.org"), d.now
	var pauses []time.Duration
	m := d.round(id)
	for m.State == catalog.MailWaiting {
		pauses = append(pauses, m.Due.Sub(d.now))
		d.now = m.Due
		m = d.round(id)
	}
	if m.State != catalog.MailFailed || d.now.Sub(start) > 72*time.Hour || d.now.Sub(start) < 60*time.Hour {
		t.Errorf("%s after %s: %+v", m.State, d.now.Sub(start), m)
	}
	if pauses[0] != time.Minute || pauses[1] != 2*time.Minute || pauses[len(pauses)-1] != 6*time.Hour {
		t.Errorf("%v", pauses)
	}
	if f := d.post.Figures(); f.GivenUp != 1 || f.Failed != int64(m.Attempts) {
		t.Errorf("%+v", f)
	}
}

func TestServerThatHangsOrCutsCostsNoLetter(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close() // it accepts in the kernel and never says a word
	d := newDesk(t, &mail.Server{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, TLS: mail.TLSNone, Patience: 200 * time.Millisecond})
	id, second := d.queue("zahra@example.org"), d.queue("omid@example.org")
	if m := d.round(id); m.State != catalog.MailWaiting || m.Attempts != 1 || !strings.Contains(m.Fault, "the mail server 127.0.0.1:") {
		t.Fatalf("%+v", m)
	}
	if m := d.letter(second); m.Attempts != 1 {
		t.Errorf("the second letter does not know: %+v", m)
	}
	box := newMailbox(t, true)
	box.cut = true
	d.post = d.newPost(box.way())
	d.now = d.now.Add(time.Minute)
	if m := d.round(id); m.State != catalog.MailWaiting || m.Attempts != 2 || m.Fault == "" {
		t.Fatalf("%+v", m)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d.now = d.now.Add(time.Hour)
	if _, err := d.post.Round(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a post that is told to stop: %v", err)
	}
	if m := d.letter(id); m.Attempts != 2 {
		t.Errorf("stopping counts as an attempt: %+v", m)
	}
}

// A process that is killed between sending and noting it sends the letter once
// more, and it is the same letter to the byte.
func TestLetterSentTwiceIsTheSame(t *testing.T) {
	box := newMailbox(t, true)
	d := newDesk(t, box.way())
	id := d.queue("zahra@example.org")
	due, err := d.store.DueMail(t.Context(), 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("%d letters: %v", len(due), err)
	}
	d.must(d.post.Send(t.Context(), &due[0]))
	d.now = d.now.Add(time.Hour)
	if m := d.round(id); m.State != catalog.MailSent {
		t.Fatalf("%+v", m)
	}
	if l := box.got(); len(l) != 2 || l[0] != l[1] {
		t.Errorf("%d letters, not the same\n%s", len(l), strings.Join(l, "\n----\n"))
	}
}

func TestPasswordIsSentToNobodyElse(t *testing.T) {
	for name, change := range map[string]func(*mail.Server){
		"a wrong password":         func(s *mail.Server) { s.Password = "wrong secret" },
		"a certificate of nobody":  func(s *mail.Server) { s.Roots = nil },
		"TLS from the first byte":  func(s *mail.Server) { s.TLS = mail.TLSFirst },
		"a certificate of another": func(s *mail.Server) { s.Host = "localhost" },
	} {
		box := newMailbox(t, true)
		way := box.way()
		change(way)
		d := newDesk(t, way)
		m := d.round(d.queue("zahra@example.org"))
		if m.State != catalog.MailWaiting || m.Fault == "" || strings.Contains(m.Fault, way.Password) || len(box.got()) != 0 {
			t.Errorf("%s: %+v", name, m)
		}
	}
	open := newMailbox(t, false)
	way := open.way()
	way.TLS, way.User, way.Password = mail.TLSStart, mailUser, mailPassword
	d := newDesk(t, way)
	if m := d.round(d.queue("zahra@example.org")); m.State != catalog.MailWaiting || !strings.Contains(m.Fault, "STARTTLS") {
		t.Errorf("a server without STARTTLS: %+v", m)
	}
}

func TestLinkThatExpiredIsNotSent(t *testing.T) {
	box := newMailbox(t, false)
	d := newDesk(t, box.way())
	id := d.queue("zahra@example.org")
	d.now = d.now.Add(8 * 24 * time.Hour)
	if m := d.round(id); m.State != catalog.MailFailed || len(box.got()) != 0 {
		t.Fatalf("%+v", m)
	}
	var conflict *catalog.ConflictError
	if err := d.store.Write(t.Context(), func(tx *catalog.Tx) error { return tx.RetryMail(&catalog.Shell, id) }); !errors.As(err, &conflict) {
		t.Errorf("it can be sent again: %v", err)
	}
	d.must(d.store.Write(t.Context(), (*catalog.Tx).CleanOutbox))
	if m := d.letter(id); len(m.Secret) != 0 {
		t.Error("the secret of a dead link is kept")
	}
}

func TestLettersBecomeFiles(t *testing.T) {
	d := newDesk(t, nil)
	d.must(os.MkdirAll(d.post.Folder, 0o700))
	for i := range 1005 {
		d.must(os.WriteFile(filepath.Join(d.post.Folder, fmt.Sprintf("2025%04d.eml", i)), nil, 0o600))
	}
	id := d.queue("zahra@example.org")
	if m := d.round(id); m.State != catalog.MailSent {
		t.Fatalf("%+v", m)
	}
	names := d.files()
	last := names[len(names)-1]
	if len(names) != 1000 || last != "20261122T080000Z-"+id+".eml" {
		t.Fatalf("%d files, the last %s", len(names), last)
	}
	info, err := os.Stat(filepath.Join(d.post.Folder, last))
	d.must(err)
	b, err := os.ReadFile(filepath.Join(d.post.Folder, last))
	d.must(err)
	if info.Mode().Perm() != 0o600 || !strings.Contains(mailtest.Open(t, string(b)).Text, "join_SECRET") {
		t.Errorf("%s\n%s", info.Mode(), b)
	}
	d.post.Folder = filepath.Join(d.post.Folder, last) // a file stands where the folder should
	if m := d.round(d.queue("b@example.org")); m.State != catalog.MailWaiting || m.Fault == "" {
		t.Errorf("a folder that cannot be made: %+v", m)
	}
}

func TestAddressesAreRefusedThatWouldBeHeaders(t *testing.T) {
	d := newDesk(t, nil)
	for _, m := range []catalog.Mail{
		{To: "a@example.org\r\nBcc: b@example.org"},
		{To: "a@example.org, b@example.org"},
		{To: "A <a@example.org>"},
		{To: "nobody"},
		{To: ""},
		{To: "a@example.org", Name: "A\r\nBcc: b@example.org"},
		{To: "a@example.org", Name: "A\nB"},
	} {
		m.Kind = catalog.MailTest
		var invalid *catalog.InvalidError
		if err := d.store.Write(t.Context(), func(tx *catalog.Tx) error { return tx.QueueMail(m) }); !errors.As(err, &invalid) {
			t.Errorf("%q, %q: %v", m.To, m.Name, err)
		}
	}
}

// To an address that nobody has confirmed nothing is sent that a stranger wrote.
func TestConfirmationSaysNothingOfAStranger(t *testing.T) {
	d := newDesk(t, nil)
	for i := range 2 * len(catalog.Languages) {
		lang := catalog.Languages[i/2]
		m := catalog.Mail{
			ID: "id", Kind: []string{catalog.MailConfirm, catalog.MailComment}[i%2], To: "a@example.org", Name: "Win a prize", Lang: lang, Created: d.now,
			Data: catalog.MailData{Who: "Win a prize", Agency: catalog.Text{"en": "Water"}, Quote: "Win a prize", Text: "Win a prize", Path: "/questions/1/confirm?token=x&y=z"},
		}
		msg, err := mail.Compose(&m, &d.post.Head, "")
		d.must(err)
		var b strings.Builder
		_, err = msg.WriteTo(&b)
		d.must(err)
		l := mailtest.Open(t, b.String())
		if all := l.To + l.Subject + l.Text + l.HTML; strings.Contains(all, "prize") || !strings.Contains(l.Text, "Water") {
			t.Errorf("%s", all)
		}
		if !strings.Contains(l.HTML, `href="https://data.example/`+lang+`/questions/1/confirm?token=x&amp;y=z"`) {
			t.Errorf("%s", l.HTML)
		}
	}
}

var anyLink = regexp.MustCompile(`https?://[^\s"<]+`)

// Every letter exists in both languages, whatever it is told, and what it is
// told can neither make a header nor a link nor markup.
func TestEveryLetterIsWholeInBothLanguages(t *testing.T) {
	const evil = "x\r\nBcc: evil@example.org\r\n\r\nhttps://evil.example/ <script>alert(1)</script>\u202e\u2068"
	full := catalog.MailData{
		Who: evil, Agency: catalog.Text{"en": evil}, Title: catalog.Text{"fa": evil, "en": evil}, Role: catalog.Admin, Path: "/desk/join/", Quote: evil, Text: evil,
		Count: 3, At: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), Agent: evil, Address: "192.0.2.1",
	}
	d := newDesk(t, nil)
	for _, kind := range catalog.MailKinds {
		for _, lang := range catalog.Languages {
			for _, data := range []catalog.MailData{full, {Path: "/"}} {
				m := catalog.Mail{ID: "id", Kind: kind, To: "a@example.org", Lang: lang, Data: data, Created: d.now}
				msg, err := mail.Compose(&m, &d.post.Head, "")
				d.must(err)
				var b strings.Builder
				_, err = msg.WriteTo(&b)
				d.must(err)
				l := mailtest.Open(t, b.String())
				if l.Head.Get("Bcc") != "" || l.Subject == "" || strings.ContainsAny(l.Subject, "\u2068\u2069\u202e\r\n") || strings.Contains(l.HTML, "<script") || strings.Contains(l.HTML, "\u202e") {
					t.Errorf("%s in %s: %v\n%s\n%s", kind, lang, l.Head, l.Subject, l.HTML)
				}
				if strings.Contains(l.Text, "<no value>") || strings.Contains(l.Text, "%!") || strings.Count(l.Text, "\u2068") != strings.Count(l.Text, "\u2069") {
					t.Errorf("%s in %s:\n%s", kind, lang, l.Text)
				}
				if (l.Head.Get("List-Unsubscribe") != "") != catalog.MailNotice(kind) {
					t.Errorf("%s: List-Unsubscribe %q", kind, l.Head.Get("List-Unsubscribe"))
				}
				for _, a := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(l.HTML, -1) {
					if !strings.HasPrefix(a[1], "https://data.example/"+lang+"/") {
						t.Errorf("%s in %s leads to %s", kind, lang, a[1])
					}
				}
				if lang == "fa" && catalog.LanguageOf(anyLink.ReplaceAllString(strings.ReplaceAll(l.Text, "evil", ""), "")) != "fa" {
					t.Errorf("%s is not in Persian:\n%s", kind, l.Text)
				}
			}
		}
	}
}

// A portal that gets another name has it in the next letter.
func TestLettersHaveTheNameOfTheirDay(t *testing.T) {
	d := newDesk(t, nil)
	head, name := d.post.Head, "Shafaf"
	head.Portal = func(string) string { return name }
	m := catalog.Mail{ID: "id", Kind: catalog.MailTest, To: "a@example.org", Lang: "en", Data: catalog.MailData{Path: "/"}, Created: d.now}
	for _, name = range []string{"Shafaf", "People’s Data"} {
		msg, err := mail.Compose(&m, &head, "")
		d.must(err)
		if from := msg.GetFrom(); len(from) != 1 || from[0].Name != name {
			t.Errorf("a letter of %s is from %v", name, from)
		}
	}
}

// What the program says in a letter is said in the letter's language, as the
// portal has it; a sentence without parts stays as it was written.
func TestSentencesOfTheProgramAreInTheLanguageOfTheLetter(t *testing.T) {
	d := newDesk(t, nil)
	head := d.post.Head
	head.Say = func(lang, text string, parts []catalog.Said) string {
		return lang + " of " + text + " by " + parts[0].Kind
	}
	said := []catalog.Said{{Kind: "run.last"}}
	for _, c := range []struct {
		lang, want string
		data       catalog.MailData
	}{
		{"fa", "fa of x by run.last", catalog.MailData{Text: "x", Said: said, Path: "/"}},
		{"en", "en of x by run.last", catalog.MailData{Text: "x", Said: said, Path: "/"}},
		{"en", "> x\r\n", catalog.MailData{Text: "x", Path: "/"}},
	} {
		m := catalog.Mail{ID: "id", Kind: catalog.MailHeld, To: "a@example.org", Lang: c.lang, Data: c.data, Created: d.now}
		msg, err := mail.Compose(&m, &head, "")
		d.must(err)
		var b strings.Builder
		_, err = msg.WriteTo(&b)
		d.must(err)
		if l := mailtest.Open(t, b.String()); !strings.Contains(l.Text, c.want) {
			t.Errorf("in %s: %s", c.lang, l.Text)
		}
	}
}
