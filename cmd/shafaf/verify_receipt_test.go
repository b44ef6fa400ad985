package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

func TestReceiptIsVerifiedAnywhere(t *testing.T) {
	p := newProgram(t)
	s, c, d := openDraft(t, p.data())
	f := commentOf(&d, 1, 1)
	if err := s.Write(t.Context(), func(tx *catalog.Tx) error { _, _, err := consultation.File(tx, &f); return err }); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(p.dir, "receipt.json")
	keep := func(change func(*consultation.Receipt)) {
		r, err := c.Receipt(t.Context(), f.Receipt)
		if err != nil {
			t.Fatal(err)
		}
		change(&r)
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		write(t, file, string(b))
	}
	fails := func(p *program, says string, args ...string) {
		t.Helper()
		if u, err := p.try(append([]string{"verify", "--receipt", file}, args...)...); err == nil || !strings.Contains(u.out, says) {
			t.Errorf("%v: %v %s", args, err, u.out)
		}
	}
	as := func(*consultation.Receipt) {}
	keep(as)
	fails(p, "tomorrow")
	key, err := (&env{dir: p.data()}).logKey()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignLog(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	keep(as)
	if out := p.run("verify", "--receipt", file).out; !strings.Contains(out, "was counted") || !strings.Contains(out, "not altered") {
		t.Errorf("%s", out)
	}
	elsewhere := newProgram(t)
	if out := elsewhere.run("verify", "--receipt", file, "--key", key.Public(), "--json").out; !strings.Contains(out, `"counted":true`) || !strings.Contains(out, f.Text) {
		t.Errorf("%s", out)
	}
	fails(elsewhere, "--key")
	other, err := catalog.NewLogKey(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	fails(elsewhere, "not signed with this key", "--key", other.Public())
	fails(elsewhere, "not signed with this key", "--key", "no key")
	keep(func(r *consultation.Receipt) { r.Filed.Text = "Something else." })
	fails(p, "altered")
	write(t, file, "{}")
	fails(p, "no receipt")
}
