package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// alphabet has no letters that are taken for digits, as Crockford's base 32.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// A code has 100 bits in groups of five characters.
const (
	codeSigns = 20
	codeGroup = 5
)

// Receipt is the code by which who sent a form comes back to what they sent. It
// follows from the ticket, so that a form that came twice gets the same one,
// and nothing but its hash need be kept.
func (g *Guard) Receipt(t *Ticket) string {
	sum := g.sign("receipt", t.Once)
	var b strings.Builder
	var have, n uint
	for i := 0; b.Len() < codeSigns+codeSigns/codeGroup-1; {
		if n < codeGroup {
			have, n = have<<8|uint(sum[i]), n+8
			i++
		}
		n -= codeGroup
		if b.Len()%(codeGroup+1) == codeGroup {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[have>>n&31])
	}
	return b.String()
}

// CodeHash returns what is kept of a receipt, and ok false for what cannot be
// one. Small letters, blanks and letters that look like digits are forgiven.
func CodeHash(code string) (hash []byte, ok bool) {
	plain := Plain(code)
	sum := sha256.Sum256([]byte(plain))
	return sum[:], len(plain) == codeSigns
}

// Plain returns the signs of a receipt alone, nothing for what cannot be one.
func Plain(code string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(code) {
		switch r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		case '-', ' ', '\t', '\r', '\n', '\u00a0', '\u2010', '\u2011', '\u2013':
			continue
		}
		if !strings.ContainsRune(alphabet, r) || b.Len() >= codeSigns {
			return ""
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Word returns the part of an address that only who was sent it can know: that
// of a purpose and a thing.
func (g *Guard) Word(purpose, thing string) string {
	return base64.RawURLEncoding.EncodeToString(g.sign("word", purpose, thing)[:18])
}

// Knows reports whether the word is that of the purpose and the thing.
func (g *Guard) Knows(purpose, thing, word string) bool {
	return hmac.Equal([]byte(word), []byte(g.Word(purpose, thing)))
}
