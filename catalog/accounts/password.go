package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The cost of a password hash: argon2id as OWASP's Password Storage Cheat Sheet
// asks at least. A server under attack computes so many at once and no more.
const (
	argonTime    = 2
	argonMemory  = 19 << 10 // KiB
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
	hashesAtOnce = 2
)

// The bounds of a password, in characters, and how hard to guess it must be, on
// zxcvbn's scale from 0 to 4.
const (
	shortestPassword = 15
	longestPassword  = 200
	leastScore       = 4
	scoredLength     = 72 // of a longer one the beginning tells enough
)

// CheckPassword says in a sentence what is wrong with a new password: known are
// the words that an attacker would try first, such as the person's own name.
func CheckPassword(password string, known ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < shortestPassword:
		return &catalog.InvalidError{Field: "password", Reason: fmt.Sprintf("it has %d characters; take %d or more, a few words that do not belong together for example", n, shortestPassword)}
	case n > longestPassword:
		return &catalog.InvalidError{Field: "password", Reason: fmt.Sprintf("it has %d characters; at most %d are read", n, longestPassword)}
	}
	words := []string{"shafaf", "شفاف"}
	for _, text := range known {
		words = append(words, strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	head := string([]rune(password)[:min(n, scoredLength)])
	if zxcvbn.PasswordStrength(head, words).Score < leastScore {
		return &catalog.InvalidError{Field: "password", Reason: "it is among those that are tried first, or made of what is known of you; take a few words that do not belong together"}
	}
	return nil
}

// normal is the form of a password that is hashed: the same text typed on
// another keyboard must open the door too.
func normal(password string) []byte { return norm.NFKC.Bytes([]byte(password)) }

// hash returns the password as it is kept, in the PHC string format.
func (a *Accounts) hash(ctx context.Context, password string) (string, error) {
	if err := a.turn(ctx); err != nil {
		return "", err
	}
	defer a.done()
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey(normal(password), salt, argonTime, argonMemory, argonThreads, argonKey)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

// nobody is the hash that the password of somebody unknown is compared with, so
// that it takes as long as that of somebody known.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// matches reports whether the password is the one that was hashed.
func (a *Accounts) matches(ctx context.Context, hash, password string) (bool, error) {
	if hash == "" {
		hash = nobody
	}
	var version, memory, passes int
	var threads uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("a password hash of an unknown kind is kept")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads); err != nil {
		return false, fmt.Errorf("a password hash cannot be read: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("a password hash cannot be read: %w", err)
	}
	key, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("a password hash cannot be read: %w", err)
	}
	if err := a.turn(ctx); err != nil {
		return false, err
	}
	defer a.done()
	got := argon2.IDKey(normal(password), salt, uint32(passes), uint32(memory), threads, uint32(len(key))) //nolint:gosec // written by hash
	return subtle.ConstantTimeCompare(got, key) == 1, nil
}

// turn waits until a hash may be computed.
func (a *Accounts) turn(ctx context.Context) error {
	select {
	case a.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *Accounts) done() { <-a.turns }
