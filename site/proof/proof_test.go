package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newGuard() (*Guard, *clock) {
	c := &clock{time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	return New(bytes.Repeat([]byte("k"), 32), c.now), c
}

func TestTicketIsForItsForm(t *testing.T) {
	g, _ := newGuard()
	issued := g.Issue("ask a")
	got, err := g.Read("ask a", issued.Text)
	if err != nil || got != issued {
		t.Fatalf("%+v, %v; want %+v", got, err, issued)
	}
	if g.Issue("ask a").Once == issued.Once {
		t.Error("two forms have the same name")
	}
	for what, try := range map[string][2]string{
		"of another form": {"ask b", issued.Text}, "empty": {"ask a", ""}, "no base64": {"ask a", "!!"},
		"cut": {"ask a", issued.Text[:40]}, "longer": {"ask a", issued.Text + "AAAA"},
	} {
		if _, err := g.Read(try[0], try[1]); !errors.Is(err, ErrForged) {
			t.Errorf("a ticket that is %s: %v", what, err)
		}
	}
	raw, err := base64.RawURLEncoding.DecodeString(issued.Text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		raw[i] ^= 1
		if _, err := g.Read("ask a", base64.RawURLEncoding.EncodeToString(raw)); !errors.Is(err, ErrForged) {
			t.Errorf("with byte %d changed: %v", i, err)
		}
		raw[i] ^= 1
	}
	if _, err := New(NewKey(), time.Now).Read("ask a", issued.Text); !errors.Is(err, ErrForged) {
		t.Errorf("under another key: %v", err)
	}
}

func TestTicketGrowsStale(t *testing.T) {
	g, c := newGuard()
	issued := g.Issue("ask")
	for after, want := range map[time.Duration]error{MaxAge: nil, MaxAge + time.Second: ErrStale, -time.Hour: ErrStale} {
		c.at = issued.Issued.Add(after)
		if got, err := g.Read("ask", issued.Text); !errors.Is(err, want) || got.Once != issued.Once {
			t.Errorf("after %v: %v, want %v", after, err, want)
		}
	}
}

func TestSolutionOrPatience(t *testing.T) {
	g, c := newGuard()
	issued := g.Issue("ask")
	nonce := Solve(issued.Seed, issued.Bits)
	if worked, err := g.Check(&issued, nonce); !worked || err != nil {
		t.Errorf("a solution: %v, %v", worked, err)
	}
	for _, wrong := range []string{nonce + "0", "-1", "1e9", strings.Repeat("1", 1000), "abc", "٣"} {
		if _, err := g.Check(&issued, wrong); !errors.Is(err, ErrWrong) {
			t.Errorf("%q: %v", wrong[:min(len(wrong), 20)], err)
		}
	}
	if _, err := g.Check(&issued, ""); !errors.Is(err, ErrSoon) {
		t.Errorf("at once and without a solution: %v", err)
	}
	c.at = c.at.Add(MinAge)
	if worked, err := g.Check(&issued, ""); worked || err != nil {
		t.Errorf("after the wait: %v, %v", worked, err)
	}
}

func TestPuzzlesGetHarderInAFlood(t *testing.T) {
	g, c := newGuard()
	for range 16 * calm {
		g.Accepted()
	}
	if b := g.Issue("ask").Bits; b != Bits+5 {
		t.Errorf("%d bits in a flood, want %d", b, Bits+5)
	}
	c.at = c.at.Add(time.Minute)
	if b := g.Issue("ask").Bits; b != Bits+5 {
		t.Errorf("%d bits in the minute after it", b)
	}
	c.at = c.at.Add(time.Minute)
	if b := g.Issue("ask").Bits; b != Bits {
		t.Errorf("%d bits when it is over", b)
	}
}

func TestReceiptFollowsFromTheTicket(t *testing.T) {
	g, _ := newGuard()
	issued := g.Issue("ask")
	code := g.Receipt(&issued)
	if again, err := g.Read("ask", issued.Text); err != nil || g.Receipt(&again) != code {
		t.Error("the same form has two receipts")
	}
	if len(code) != 23 || strings.Count(code, "-") != 3 {
		t.Fatalf("receipt %q", code)
	}
	hash, ok := CodeHash(code)
	if !ok || len(hash) != sha256.Size {
		t.Fatalf("%q is not taken", code)
	}
	for _, same := range []string{strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " "), strings.NewReplacer("0", "O", "1", "l").Replace(code)} {
		if got, ok := CodeHash(same); !ok || !bytes.Equal(got, hash) {
			t.Errorf("%q is not %q", same, code)
		}
	}
	for _, none := range []string{"", code[:22], code + "0", strings.Repeat("U", 20), "۱۲۳۴۵"} {
		if _, ok := CodeHash(none); ok {
			t.Errorf("%q is taken", none)
		}
	}
	if g.Knows("mail", "a", g.Word("mail", "b")) || !g.Knows("mail", "a", g.Word("mail", "a")) || g.Knows("mail", "a", "") {
		t.Error("words are not told apart")
	}
}
