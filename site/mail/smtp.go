package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// A Server is where letters are handed in.
type Server struct {
	Host     string
	Port     int
	User     string // empty: without signing in
	Password string
	TLS      string         // TLSStart, TLSFirst or TLSNone
	Roots    *x509.CertPool // that certificates are checked with; nil: those of the system
	Patience time.Duration  // that it may take to be ready, and again for the letter; 0: serverTime
}

// How the connection to a server is secured.
const (
	TLSStart = "starttls" // it has to offer STARTTLS
	TLSFirst = "tls"      // from the first byte
	TLSNone  = "none"     // not at all
)

// serverTime is how long a server may take unless something else is said.
const serverTime = 15 * time.Second

// logins are the ways of signing in, the best first. PLAIN and LOGIN are not
// used over a connection that can be listened to.
var logins = []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5}

// send hands the letter in; domain is what we say we are. The letter was taken
// when the error is nil, whatever the server does afterwards.
func (s *Server) send(ctx context.Context, msg *gomail.Msg, domain string) error {
	var raw net.Conn
	dial := func(ctx context.Context, network, address string) (_ net.Conn, err error) {
		if raw, err = new(net.Dialer).DialContext(ctx, network, address); err != nil || s.TLS != TLSFirst {
			return raw, err
		}
		secure := tls.Client(raw, s.config())
		return secure, secure.HandshakeContext(ctx)
	}
	defer func() {
		if raw != nil {
			_ = raw.Close() // it is closed already when all went well
		}
	}()
	client, err := gomail.NewClient(s.Host, s.options(domain, dial)...)
	if err != nil {
		return &ServerError{s.Address(), err}
	}
	ready, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return &ServerError{s.Address(), err}
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	err = client.SendWithSMTPClient(ready, msg)
	if msg.IsDelivered() {
		_ = client.CloseWithSMTPClient(ready)
		return nil
	}
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.Reason == gomail.ErrConnCheck {
		return &ServerError{s.Address(), err}
	}
	return err
}

func (s *Server) options(domain string, dial gomail.DialContextFunc) []gomail.Option {
	policy := map[string]gomail.TLSPolicy{TLSStart: gomail.TLSMandatory, TLSFirst: gomail.NoTLS, TLSNone: gomail.NoTLS}[s.TLS]
	all := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(cmp.Or(s.Patience, serverTime)), gomail.WithHELO(domain), gomail.WithTLSPolicy(policy),
		gomail.WithTLSConfig(s.config()), gomail.WithDialContextFunc(dial),
	}
	if s.User != "" {
		all = append(all, gomail.WithUsername(s.User), gomail.WithPassword(s.Password), gomail.WithOpportunisticSMTPAuth(logins...))
	}
	return all
}

func (s *Server) config() *tls.Config {
	return &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: s.Roots}
}

// Address is the server with its port.
func (s *Server) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }
