// Package proof tells people who fill in a form without an account from
// programs that fill in thousands. Each form that is shown carries a ticket,
// signed by the server, with the time, a key that makes it one form, and a
// puzzle; a script of the page solves the puzzle meanwhile. Who has no script
// waits a little instead, and has a smaller budget.
//
// It knows nothing of what the form asks for, and keeps nothing: that a ticket
// is used once is the business of who stores what was sent, by its Once.
package proof

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/bits"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What a ticket asks for.
const (
	Bits     = 18               // zero bits of a solution: half a second to a second on a telephone
	MinAge   = 20 * time.Second // of a form that comes without a solution
	MaxAge   = 4 * time.Hour    // then the form has to be shown anew
	maxNonce = 20               // characters of a solution
)

// Under a flood puzzles get harder: by a bit each time that twice as many forms
// were accepted in the last minute.
const (
	calm     = 60 // forms a minute that are no flood
	mostBits = 6  // more than Bits
)

// Why a form is not accepted. Each can be mended by who sent it.
var (
	ErrForged = errors.New("the ticket is not one of ours for this form")
	ErrStale  = errors.New("the ticket is too old")
	ErrSoon   = errors.New("the form came sooner than anybody can type")
	ErrWrong  = errors.New("the solution is none")
)

// A Ticket is what a form carries.
type Ticket struct {
	Text   string    // to be sent back as it is
	Seed   string    // of the puzzle: a nonce is wanted so that SHA-256 of Seed, ":" and it begins with Bits zero bits
	Bits   int       //
	Issued time.Time //
	Once   string    // names the form: what came with it before is the same form again
}

// A Guard issues tickets and checks them. It is safe for concurrent use.
type Guard struct {
	key []byte
	now func() time.Time

	mu       sync.Mutex
	minute   int64 // since when accepted counts
	accepted int
	before   int // in the minute before
}

// New returns a Guard whose tickets are signed with the key. Guards with the
// same key accept each other's.
func New(key []byte, now func() time.Time) *Guard { return &Guard{key: key, now: now} }

// NewKey returns a key for a Guard that nobody shares.
func NewKey() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return key
}

const seedBytes = 16

// Issue makes a ticket for a form. scope says which form it is, and about what:
// for another the ticket is worth nothing.
func (g *Guard) Issue(scope string) Ticket {
	body := make([]byte, 8+1+seedBytes)
	binary.BigEndian.PutUint64(body, uint64(g.now().Unix())) //nolint:gosec // a time after 1970
	body[8] = byte(Bits + g.flood())
	_, _ = rand.Read(body[9:]) // never fails
	return g.ticket(scope, body)
}

func (g *Guard) ticket(scope string, body []byte) Ticket {
	return Ticket{
		Text: base64.RawURLEncoding.EncodeToString(append(g.sign("ticket", scope, string(body)), body...)),
		Seed: hex.EncodeToString(body[9:]), Bits: int(body[8]), Issued: time.Unix(int64(binary.BigEndian.Uint64(body)), 0).UTC(), //nolint:gosec // it was signed here
		Once: hex.EncodeToString(g.sign("once", scope, string(body))[:seedBytes]),
	}
}

// Read returns the ticket that came with a form, ErrForged for one that is not
// for it, and the ticket with ErrStale for one that is too old.
func (g *Guard) Read(scope, text string) (Ticket, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != sha256.Size+8+1+seedBytes {
		return Ticket{}, ErrForged
	}
	mac, body := raw[:sha256.Size], raw[sha256.Size:]
	if !hmac.Equal(mac, g.sign("ticket", scope, string(body))) {
		return Ticket{}, ErrForged
	}
	t := g.ticket(scope, body)
	if age := g.now().Sub(t.Issued); age > MaxAge || age < -time.Minute {
		return t, ErrStale
	}
	return t, nil
}

// Check says whether a form may be taken in. worked is true when its puzzle was
// solved; without a solution it must be MinAge old, and its sender is one to be
// careful with.
func (g *Guard) Check(t *Ticket, nonce string) (worked bool, err error) {
	switch {
	case nonce == "" && g.now().Sub(t.Issued) < MinAge:
		return false, ErrSoon
	case nonce == "":
		return false, nil
	case !Solves(t.Seed, nonce, t.Bits):
		return false, ErrWrong
	}
	return true, nil
}

// Solves reports whether the nonce solves the puzzle.
func Solves(seed, nonce string, want int) bool {
	if len(nonce) > maxNonce || strings.ContainsFunc(nonce, func(r rune) bool { return r < '0' || r > '9' }) {
		return false
	}
	sum := sha256.Sum256([]byte(seed + ":" + nonce))
	return bits.LeadingZeros64(binary.BigEndian.Uint64(sum[:])) >= want
}

// Solve finds a solution as the script of the page does.
func Solve(seed string, want int) string {
	for n := uint64(0); ; n++ {
		if nonce := strconv.FormatUint(n, 10); Solves(seed, nonce, want) {
			return nonce
		}
	}
}

// Accepted tells the guard that a form was taken in.
func (g *Guard) Accepted() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turn()
	g.accepted++
}

// flood is how many bits more a puzzle has now.
func (g *Guard) flood() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turn()
	return min(bits.Len(uint(max(g.accepted, g.before)/calm)), mostBits) //nolint:gosec // a count
}

// turn begins a new minute when it is time.
func (g *Guard) turn() {
	minute := g.now().Unix() / 60
	if minute == g.minute {
		return
	}
	g.before = 0
	if minute == g.minute+1 {
		g.before = g.accepted
	}
	g.minute, g.accepted = minute, 0
}

// sign returns the code of authentication of the parts under the key. Each part
// goes in with its length, so that none can be moved into another.
func (g *Guard) sign(parts ...string) []byte {
	mac := hmac.New(sha256.New, g.key)
	for _, p := range parts {
		mac.Write(binary.AppendUvarint(nil, uint64(len(p))))
		mac.Write([]byte(p))
	}
	return mac.Sum(nil)
}
