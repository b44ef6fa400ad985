package harvesters

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
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
	f = &FetchError{URL: url, Err: err}
	f.Text, f.Temporary = c.why(host, err, cause)
	return f
}

// why returns the sentence for an error and whether it may pass.
func (c *Client) why(host string, err, cause error) (text string, temporary bool) {
	var private *privateError
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(cause, errIdle):
		return fmt.Sprintf("%s sent nothing for %s in the middle of its answer; it is tried again later", host, c.limits.Idle), true
	case errors.Is(cause, errTotal):
		return fmt.Sprintf("%s did not end its answer within %s", host, c.limits.Total), true
	case errors.As(err, &private):
		return fmt.Sprintf("%s leads to %s, an address of a private network, which is not fetched from; for a source inside your own network the operator gives --allow-private-network",
			host, private.addr), false
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("there is no host %s; check the address, and the network here", host), true
	case errors.As(err, &dns):
		return fmt.Sprintf("the name %s could not be looked up; check the network and the address", host), true
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("%s refuses connections; check the address, or ask its owner whether the service runs", host), true
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return fmt.Sprintf("%s cannot be reached from here; check the network", host), true
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return fmt.Sprintf("%s broke off its answer before the end", host), true
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("%s did not answer in time (%s to connect, %s to begin its answer)", host, c.limits.Connect, c.limits.Header), true
	case errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/":
		return fmt.Sprintf("%s speaks http, not https; give its address with http://", host), false
	case strings.Contains(err.Error(), "server response headers exceeded"):
		return fmt.Sprintf("%s sends a head of more than %s, which is not taken", host, byteSize(c.limits.Head)), false
	}
	if text := certificate(host, err); text != "" {
		return text, false
	}
	return fmt.Sprintf("%s could not be fetched from: its answer is no proper HTTP", host), true
}

// unknownHost reports whether a name was not found. That may pass, when it is
// the network here that fails, but not within seconds.
func unknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// certificate explains an error of TLS, or returns nothing.
func certificate(host string, err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &name):
		return fmt.Sprintf("the certificate of %s is for another name; ask its owner to mend it", host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s has run out; ask its owner to renew it", host)
	case errors.As(err, &unknown):
		return fmt.Sprintf("the certificate of %s is signed by nobody who is trusted here; ask its owner to mend it", host)
	case errors.As(err, &invalid), errors.As(err, &verify), errors.As(err, &record), errors.As(err, &alert):
		return fmt.Sprintf("no safe connection to %s could be made; ask its owner to mend its certificate", host)
	}
	return ""
}
