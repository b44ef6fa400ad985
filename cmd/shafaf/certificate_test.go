package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// putCertificate writes a certificate with a number, changed at a time.
func putCertificate(t *testing.T, cert, key string, number int64, at time.Time) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: at.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: bytes}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCertificateIsRenewed changes the files of a certificate that is in use.
func TestCertificateIsRenewed(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	cert, key := filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	putCertificate(t, cert, key, 1, now)
	e := &env{log: slog.New(slog.DiscardHandler), now: func() time.Time { return now }}
	c, err := newCertificate(e, cert, key)
	if err != nil {
		t.Fatal(err)
	}
	want := func(number int64, why string) {
		t.Helper()
		now = now.Add(lookEvery)
		got, err := c.get(nil)
		if err != nil || got.Leaf.SerialNumber.Int64() != number {
			t.Errorf("%s: number %v, %v", why, got.Leaf.SerialNumber, err)
		}
	}
	want(1, "at first")
	putCertificate(t, cert, key, 2, now.Add(time.Minute))
	want(2, "renewed")
	if err := os.WriteFile(cert, []byte("half of a fi"), 0o600); err != nil {
		t.Fatal(err)
	}
	want(2, "while it is being written")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	want(2, "while it is gone")
	putCertificate(t, cert, key, 3, now.Add(time.Hour))
	want(3, "when it is whole")
	if _, err := newCertificate(e, cert+"x", key); err == nil {
		t.Error("a certificate that is not there was read")
	}
}
