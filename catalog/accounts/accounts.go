// Package accounts keeps the people who publish, moderate and operate: how they
// are invited, how they sign in with a password and a second factor, their
// sessions and their API tokens. What they may do is decided by catalog.Actor.
//
// Nothing that opens a door is kept as it is: passwords as argon2id hashes,
// secrets of second factors sealed with a key that is not in the database,
// links, sessions and tokens as SHA-256 hashes. Every act is in the log.
//
// Passkeys and single sign-on will be further ways to prove who one is: they
// end, like SignIn, in a session.
package accounts

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"golang.org/x/crypto/chacha20poly1305"
)

// The errors that callers test for. Their texts are for the log: pages have
// sentences of their own in both languages.
var (
	ErrRefused = errors.New("the address, the password or the code is wrong")
	ErrLocked  = errors.New("too many attempts: wait before the next")
	ErrExpired = errors.New("the link is not valid any more")
	ErrDenied  = catalog.ErrDenied
)

// A Person signs in.
type Person struct {
	ID       string                  `json:"id"`
	Email    string                  `json:"email"`
	Name     string                  `json:"name"`
	State    string                  `json:"state"` // Active or Disabled
	Operator bool                    `json:"operator,omitempty"`
	Roles    map[string]catalog.Role `json:"roles"` // by id of the agency
	Created  time.Time               `json:"created"`
	Seen     time.Time               `json:"seen,omitzero"`
}

// States of a person.
const (
	Active   = "active"
	Disabled = "disabled"
)

// Accounts is the people of a catalogue. It is safe for concurrent use.
type Accounts struct {
	store *catalog.Store
	seal  cipher.AEAD
	turns chan struct{} // password hashes that may be computed at once
}

// Open returns the accounts of the catalogue. secret are 32 bytes that are kept
// outside of it: without them no second factor can be checked.
func Open(store *catalog.Store, secret []byte) (*Accounts, error) {
	seal, err := chacha20poly1305.NewX(secret)
	if err != nil {
		return nil, fmt.Errorf("accounts: open: %w", err)
	}
	return &Accounts{store: store, seal: seal, turns: make(chan struct{}, hashesAtOnce)}, nil
}

// Actor is what the person may do when there in person.
func (p *Person) Actor() catalog.Actor {
	return catalog.Actor{Person: p.ID, Name: p.Name, Operator: p.Operator, Roles: p.Roles}
}

const personColumns = `p.id, p.email, p.name, p.state, p.operator, p.created, p.seen,
	(select json_group_object(r.agency, r.role) from roles r where r.person = p.id)`

func scanPerson(row catalog.Row) (p Person, err error) {
	err = row.Scan(&p.ID, &p.Email, &p.Name, &p.State, &p.Operator, catalog.AsTime(&p.Created), catalog.AsTime(&p.Seen), catalog.AsJSON(&p.Roles))
	return p, err
}

// People returns the people who have a role in one of the agencies, or all when
// agencies is nil, by name.
func (a *Accounts) People(ctx context.Context, agencies []string) ([]Person, error) {
	query := "select " + personColumns + " from people p order by p.name, p.id"
	var args []any
	if agencies != nil {
		query = "select " + personColumns + ` from people p where exists (select 1 from roles r
			where r.person = p.id and r.agency in (select value from json_each(?))) order by p.name, p.id`
		args = append(args, catalog.AsJSON(&agencies))
	}
	rows, err := a.store.Rows(ctx, query, args...)
	all, err := catalog.Collect(rows, err, scanPerson)
	return all, wrap("people", err)
}

// Person returns the person with the id or address, or catalog.ErrNotFound.
func (a *Accounts) Person(ctx context.Context, key string) (Person, error) {
	p, err := scanPerson(a.store.Row(ctx, "select "+personColumns+" from people p where p.id = ?1 or p.email = ?2", key, foldEmail(key)))
	if catalog.NoRow(err) {
		return p, fmt.Errorf("person %q: %w", key, catalog.ErrNotFound)
	}
	return p, wrap("person", err)
}

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("accounts: %s: %w", op, err)
}

const longestEmail = 254

// checkEmail returns the address as it is kept.
func checkEmail(text string) (string, error) {
	parsed, err := mail.ParseAddress(strings.TrimSpace(text))
	if err != nil || len(text) > longestEmail || parsed.Name != "" || !strings.Contains(parsed.Address, ".") {
		return "", &catalog.InvalidError{Field: "email", Reason: fmt.Sprintf("%q is no e-mail address like name@example.org", text)}
	}
	return foldEmail(parsed.Address), nil
}

// foldEmail is what an address is compared by.
func foldEmail(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

const longestName = 200

func checkName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len(name) > longestName {
		return "", &catalog.InvalidError{Field: "name", Reason: fmt.Sprintf("a name has 1 to %d characters", longestName)}
	}
	return name, nil
}

// secretText returns a new text that opens a door: prefix and 256 random bits.
func secretText(prefix string) string { return prefix + rand.Text() + rand.Text() }

// hashOf is how such a text is kept. It is too long to be guessed, so a plain
// hash is enough.
func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// sealed encrypts a secret for the person or link with the given id.
func (a *Accounts) sealed(secret, id string) []byte {
	nonce := make([]byte, a.seal.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return a.seal.Seal(nonce, nonce, []byte(secret), []byte(id))
}

// opened is sealed undone.
func (a *Accounts) opened(box []byte, id string) (string, error) {
	n := a.seal.NonceSize()
	if len(box) < n {
		return "", errors.New("there is no second factor")
	}
	b, err := a.seal.Open(nil, box[:n], box[n:], []byte(id))
	if err != nil {
		return "", errors.New("the secret of a second factor cannot be read: data/keys is not that of this catalogue")
	}
	return string(b), nil
}
