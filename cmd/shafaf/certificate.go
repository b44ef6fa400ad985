package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// A certificate is the one of the site, read again when its files change: it is
// renewed without a restart.
type certificate struct {
	cert, key string // files
	log       *slog.Logger
	now       func() time.Time

	mu      sync.Mutex
	loaded  *tls.Certificate
	changed time.Time // when the newer of its files changed last
	looked  time.Time
}

// lookEvery is the least time between two looks at the files.
const lookEvery = 10 * time.Second

// newCertificate reads the certificate for the first time.
func newCertificate(e *env, cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key, log: e.log, now: e.now}
	if err := c.load(); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return c, nil
}

func (c *certificate) load() error {
	changed, err := c.modified()
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.loaded, c.changed = &pair, changed
	return nil
}

// modified is when the newer of the two files changed last.
func (c *certificate) modified() (time.Time, error) {
	cert, err := os.Stat(c.cert)
	key, err2 := os.Stat(c.key)
	if err := errors.Join(err, err2); err != nil {
		return time.Time{}, err
	}
	if key.ModTime().After(cert.ModTime()) {
		return key.ModTime(), nil
	}
	return cert.ModTime(), nil
}

// get returns the certificate for a handshake. One that cannot be read, perhaps
// since only one of its files is new yet, leaves the old one in use.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if now.Sub(c.looked) < lookEvery && !now.Before(c.looked) {
		return c.loaded, nil
	}
	c.looked = now
	if changed, err := c.modified(); err == nil && changed.Equal(c.changed) {
		return c.loaded, nil
	}
	if err := c.load(); err != nil {
		c.log.Error("the new certificate cannot be read; the old one stays in use", "file", c.cert, "err", err)
	} else {
		c.log.Info("the certificate was read again", "file", c.cert)
	}
	return c.loaded, nil
}
