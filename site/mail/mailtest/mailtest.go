// Package mailtest reads letters that tests had written.
package mailtest

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

// A Letter is one as its reader's program sees it.
type Letter struct {
	Head       netmail.Header
	Subject    string
	To         string // with the name
	Date       time.Time
	Text, HTML string
}

// Open reads a letter, which must be one of two parts.
func Open(tb testing.TB, raw string) Letter {
	tb.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		tb.Fatalf("%v\n%s", err, raw)
	}
	l := Letter{Head: m.Header}
	words := new(mime.WordDecoder)
	if l.Subject, err = words.DecodeHeader(m.Header.Get("Subject")); err != nil {
		tb.Fatal(err)
	}
	if l.To, err = words.DecodeHeader(m.Header.Get("To")); err != nil {
		tb.Fatal(err)
	}
	if l.Date, err = m.Header.Date(); err != nil {
		tb.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		tb.Fatalf("%s: %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, to := range []*string{&l.Text, &l.HTML} {
		part, err := parts.NextRawPart()
		if err != nil {
			tb.Fatal(err)
		}
		var r io.Reader = quotedprintable.NewReader(part)
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			r = base64.NewDecoder(base64.StdEncoding, part)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		*to = string(b)
	}
	if _, err := parts.NextRawPart(); err != io.EOF {
		tb.Errorf("there is a third part: %v", err)
	}
	return l
}
