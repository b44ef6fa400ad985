package main

import (
	"cmp"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site/desk"
	"github.com/openshafaf/shafaf/site/mail"
)

// mailFlags are how letters go out.
type mailFlags struct {
	Host         string `help:"Mail server that letters are handed to; without one they become files in the folder outbox." env:"SHAFAF_MAIL_HOST" placeholder:"HOST"`
	Port         int    `help:"Its port; 0 is 587, and 465 with --mail-tls=tls." default:"0" env:"SHAFAF_MAIL_PORT" placeholder:"PORT"`
	User         string `help:"Who signs in there; empty: nobody does." env:"SHAFAF_MAIL_USER" placeholder:"NAME"`
	Password     string `help:"Their password; a file or the environment tells it to nobody else on this machine." env:"SHAFAF_MAIL_PASSWORD" placeholder:"TEXT"`
	PasswordFile string `help:"File that holds the password." env:"SHAFAF_MAIL_PASSWORD_FILE" placeholder:"FILE" type:"path"`
	TLS          string `name:"tls" help:"How the connection is secured: starttls, tls (from the first byte), none." enum:"starttls,tls,none" default:"starttls" env:"SHAFAF_MAIL_TLS"`
	From         string `help:"Address that letters come from, with a name if wanted: 'Shafaf <noreply@data.example>'." env:"SHAFAF_MAIL_FROM" placeholder:"ADDRESS"`
}

const (
	portStartTLS = 587
	portTLS      = 465
)

// check refuses settings by which no letter could go out, or a password would
// be read on the way. base is the public address of the site as it was set.
func (f *mailFlags) check(base string) error {
	invalid := func(flag, format string, args ...any) error {
		return &catalog.InvalidError{Field: "--mail-" + flag, Reason: fmt.Sprintf(format, args...)}
	}
	if f.From != "" {
		if _, err := netmail.ParseAddress(f.From); err != nil {
			return invalid("from", "%q is no address like 'Shafaf <noreply@data.example>'", f.From)
		}
	}
	if f.Host == "" {
		if f.User != "" || f.Password != "" || f.PasswordFile != "" || f.Port != 0 {
			return invalid("host", "the other settings of the mail server are there, and which server it is is not")
		}
		return nil
	}
	switch {
	case strings.ContainsAny(f.Host, "/: \t") && net.ParseIP(f.Host) == nil:
		return invalid("host", "%q is no name of a host; the port is --mail-port", f.Host)
	case f.Port < 0 || f.Port > 65535:
		return invalid("port", "%d is no port", f.Port)
	case f.From == "":
		return invalid("from", "say which address letters come from: the mail server asks for it")
	case base == "":
		return &catalog.InvalidError{Field: "--base-url", Reason: "letters lead to the site, so with --mail-host its public address has to be set"}
	case f.User == "" && (f.Password != "" || f.PasswordFile != ""):
		return invalid("user", "there is a password, and nobody whose it is")
	case f.Password != "" && f.PasswordFile != "":
		return invalid("password-file", "the password is set already by --mail-password or SHAFAF_MAIL_PASSWORD")
	case f.User != "" && f.Password == "" && f.PasswordFile == "":
		return invalid("password-file", "%s has no password: give the file that holds it, or SHAFAF_MAIL_PASSWORD", f.User)
	case f.User != "" && f.TLS == mail.TLSNone && !loopback(f.Host):
		return invalid("tls", "none would send the password readable to %s; take starttls or tls", f.Host)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// server is the mail server, nil when there is none.
func (f *mailFlags) server() (*mail.Server, error) {
	if f.Host == "" {
		return nil, nil
	}
	s := &mail.Server{Host: f.Host, Port: f.Port, User: f.User, Password: f.Password, TLS: f.TLS}
	if s.Port == 0 {
		s.Port = portStartTLS
		if s.TLS == mail.TLSFirst {
			s.Port = portTLS
		}
	}
	if f.PasswordFile != "" {
		b, err := os.ReadFile(f.PasswordFile)
		if s.Password = strings.TrimRight(string(b), "\r\n"); err == nil && s.Password == "" {
			err = fmt.Errorf("%s is empty", f.PasswordFile)
		}
		if err != nil {
			return nil, &catalog.InvalidError{Field: "--mail-password-file", Reason: err.Error()}
		}
	}
	return s, nil
}

// outboxFolder holds letters as files, below the data folder.
const outboxFolder = "outbox"

// post sends the letters of the portal, which is called by the names that are
// set and whose links lead to base.
func (e *env) post(p *portal, base string, names catalog.Text) (*mail.Post, error) {
	f := &e.settings.Mail
	if err := f.check(strings.TrimSuffix(e.settings.Serve.BaseURL, "/")); err != nil {
		return nil, err
	}
	server, err := f.server()
	if err != nil {
		return nil, err
	}
	people, err := e.accounts(p)
	if err != nil {
		return nil, err
	}
	from := netmail.Address{Address: "shafaf@localhost"}
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		from.Address = "shafaf@" + u.Hostname()
	}
	if f.From != "" {
		parsed, err := netmail.ParseAddress(f.From)
		if err != nil {
			return nil, err
		}
		from = *parsed
	}
	return &mail.Post{
		Store: p.store, Server: server, Folder: filepath.Join(e.dir, outboxFolder), Open: people.Open, Log: e.log,
		Head: mail.Head{Portal: nameIn(names), From: from, Base: base},
	}, nil
}

// mailing is how letters go out, as the desk says it.
func (e *env) mailing(p *portal) desk.Mailing {
	m := desk.Mailing{Addressed: e.settings.Serve.BaseURL != ""}
	if p.post.Server != nil {
		m.Server = p.post.Server.Address()
	}
	return m
}

// nameIn is what the portal calls itself in a language: as it is set, or else its
// own name.
func nameIn(set catalog.Text) func(lang string) string {
	return func(lang string) string {
		return cmp.Or(set[lang], catalog.Text{"fa": "شفاف", "en": "Shafaf"}[lang])
	}
}

// baseURL is where the site is: as set, else where the server of the folder
// listens, else where it would.
func (e *env) baseURL() string {
	if base := strings.TrimSuffix(e.settings.Serve.BaseURL, "/"); base != "" {
		return base
	}
	addr := "localhost:8080"
	if server, running := e.server(); running {
		addr = strings.Replace(server.Addr, "127.0.0.1", "localhost", 1)
	}
	return "http://" + addr
}
