package mail_test

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

// A letter is one as its reader's program sees it.
type letter struct {
	head       netmail.Header
	subject    string
	to         string
	date       time.Time
	text, html string
}

// open reads a letter, which must be one of two parts.
func open(t *testing.T, raw string) letter {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	l := letter{head: m.Header}
	words := new(mime.WordDecoder)
	if l.subject, err = words.DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	if l.to, err = words.DecodeHeader(m.Header.Get("To")); err != nil {
		t.Fatal(err)
	}
	if l.date, err = m.Header.Date(); err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s: %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, to := range []*string{&l.text, &l.html} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		var r io.Reader = quotedprintable.NewReader(part)
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			r = base64.NewDecoder(base64.StdEncoding, part)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		*to = string(b)
	}
	if _, err := parts.NextRawPart(); err != io.EOF {
		t.Errorf("there is a third part: %v", err)
	}
	return l
}
