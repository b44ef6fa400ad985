package harvesters

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/openshafaf/shafaf/catalog"
)

// explain says in a sentence what kept something from being fetched.
func (c *Client) explain(ctx context.Context, url, host string, err error) error {
	var f *FetchError
	if errors.As(err, &f) {
		return f
	}
	cause := context.Cause(ctx)
	if errors.Is(cause, context.Canceled) && ctx.Err() != nil {
		return ctx.Err()
	}
	why, temporary := c.why(host, err, cause)
	f = why.because(err).fetchError(url)
	f.Temporary = temporary
	return f
}

// why returns the sentence for an error and whether it may pass.
func (c *Client) why(host string, err, cause error) (why *sentence, temporary bool) {
	var private *privateError
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(cause, errIdle):
		return say("fetch.idle", host, seconds(c.limits.Idle)), true
	case errors.Is(cause, errTotal):
		return say("fetch.total", host, seconds(c.limits.Total)), true
	case errors.As(err, &private) && isAddress(host):
		return say("fetch.inside", host), false
	case errors.As(err, &private):
		return say("fetch.private", host, private.addr), false
	case errors.As(err, &dns) && dns.IsNotFound:
		return say("fetch.nohost", host), true
	case errors.As(err, &dns):
		return say("fetch.lookup", host), true
	case errors.Is(err, syscall.ECONNREFUSED):
		return say("fetch.closed", host), true
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return say("fetch.unreachable", host), true
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return say("fetch.brokeoff", host), true
	case errors.As(err, &timeout) && timeout.Timeout():
		return say("fetch.silent", host, seconds(c.limits.Connect), seconds(c.limits.Header)), true
	case errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/":
		return say("fetch.plain", host), false
	case strings.Contains(err.Error(), "server response headers exceeded"):
		return say("fetch.head", host, catalog.Bytes(c.limits.Head)), false
	}
	if kind := certificate(err); kind != "" {
		return say(kind, host), false
	}
	return say("fetch.nohttp", host), true
}

// isAddress reports whether a host, with its port or without, is the address of
// a machine itself and no name.
func isAddress(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return net.ParseIP(strings.Trim(host, "[]")) != nil
}

// unknownHost reports whether a name was not found. That may pass, when it is
// the network here that fails, but not within seconds.
func unknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// certificate returns the kind of an error of TLS, or nothing.
func certificate(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &name):
		return "fetch.cert.name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "fetch.cert.old"
	case errors.As(err, &unknown):
		return "fetch.cert.signed"
	case errors.As(err, &invalid), errors.As(err, &verify), errors.As(err, &record), errors.As(err, &alert):
		return "fetch.cert"
	}
	return ""
}
