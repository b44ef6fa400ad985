package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site/mail"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const (
	mailUser     = "shafaf"
	mailPassword = "a password of the mail server"
)

// A mailbox is a mail server, and what it was given.
type mailbox struct {
	t      *testing.T
	server *smtp.Server
	port   int
	roots  *x509.CertPool
	refuse error // to RCPT
	cut    bool  // in the middle of a letter

	mu      sync.Mutex
	letters []string
}

// newMailbox starts a mail server. Without a certificate it offers no STARTTLS.
func newMailbox(t *testing.T, secure bool) *mailbox {
	t.Helper()
	b := &mailbox{t: t, roots: x509.NewCertPool()}
	b.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{box: b, conn: c}, nil }))
	b.server.Domain = "mail.example"
	b.server.ErrorLog = quiet{}
	if secure {
		b.server.TLSConfig = b.certificate()
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.port = ln.Addr().(*net.TCPAddr).Port
	go func() { _ = b.server.Serve(ln) }()
	t.Cleanup(func() { _ = b.server.Close() })
	return b
}

// secureFromTheStart lets the server answer at a second port, with TLS from the
// first byte.
func (b *mailbox) secureFromTheStart() int {
	b.t.Helper()
	ln, err := tls.Listen("tcp", "127.0.0.1:0", b.server.TLSConfig)
	if err != nil {
		b.t.Fatal(err)
	}
	go func() { _ = b.server.Serve(ln) }()
	return ln.Addr().(*net.TCPAddr).Port
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func (b *mailbox) certificate() *tls.Config {
	b.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		b.t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		b.t.Fatal(err)
	}
	b.roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

func (b *mailbox) got() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.letters...)
}

// way is how this server is reached.
func (b *mailbox) way() *mail.Server {
	s := &mail.Server{Host: "127.0.0.1", Port: b.port, TLS: mail.TLSNone, Roots: b.roots, Patience: 5 * time.Second}
	if b.server.TLSConfig != nil {
		s.TLS, s.User, s.Password = mail.TLSStart, mailUser, mailPassword
	}
	return s
}

// A session is one connection to it.
type session struct {
	box  *mailbox
	conn *smtp.Conn
	in   bool // signed in
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if s.in = user == mailUser && password == mailPassword; !s.in {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.box.server.TLSConfig != nil && !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(string, *smtp.RcptOptions) error { return s.box.refuse }

func (s *session) Data(r io.Reader) error {
	if s.box.cut {
		_ = s.conn.Conn().Close()
		return errors.New("cut")
	}
	letter, err := io.ReadAll(r)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.letters = append(s.box.letters, string(letter))
	return err
}

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

// A desk is a catalogue with a clock, and its post.
type desk struct {
	t     *testing.T
	now   time.Time
	store *catalog.Store
	post  *mail.Post
}

func newDesk(t *testing.T, server *mail.Server) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	var err error
	d.store, err = catalog.Open(t.Context(), t.TempDir(), catalog.Options{Now: func() time.Time { return d.now }})
	d.must(err)
	t.Cleanup(func() { _ = d.store.Close() })
	d.post = d.newPost(server)
	return d
}

func (d *desk) newPost(server *mail.Server) *mail.Post {
	return &mail.Post{
		Store: d.store, Server: server, Folder: filepath.Join(d.t.TempDir(), "outbox"), Log: slog.New(slog.DiscardHandler),
		Open: func(_ string, sealed []byte) (string, error) { return string(sealed), nil },
		Head: mail.Head{Portal: func(lang string) string { return map[string]string{"fa": "شفاف", "en": "Shafaf"}[lang] }, From: netmail.Address{Address: "noreply@data.example"}, Base: "https://data.example"},
	}
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// queue queues an invitation and returns its id.
func (d *desk) queue(to string) string {
	d.t.Helper()
	m := catalog.Mail{
		Kind: catalog.MailInvitation, To: to, Name: "زهرا احمدی", Lang: "fa", Secret: []byte("join_SECRET"), Expires: d.now.Add(7 * 24 * time.Hour),
		Data: catalog.MailData{Who: "امید", Agency: catalog.Text{"fa": "آب"}, Role: catalog.Editor, Path: "/desk/join/", At: d.now.Add(7 * 24 * time.Hour)},
	}
	d.must(d.store.Write(d.t.Context(), func(tx *catalog.Tx) error {
		m.ID = tx.NewID()
		return tx.QueueMail(m)
	}))
	return m.ID
}

// round lets the post look once, and returns the letter with the id.
func (d *desk) round(id string) catalog.Mail {
	d.t.Helper()
	_, err := d.post.Round(d.t.Context())
	d.must(err)
	return d.letter(id)
}

func (d *desk) letter(id string) catalog.Mail {
	d.t.Helper()
	all, err := d.store.Outbox(d.t.Context(), "", 2000)
	d.must(err)
	for i := range all {
		if all[i].ID == id {
			return all[i]
		}
	}
	d.t.Fatalf("no letter %s among %d", id, len(all))
	return catalog.Mail{}
}

func (d *desk) files() []string {
	d.t.Helper()
	entries, err := os.ReadDir(d.post.Folder)
	d.must(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
