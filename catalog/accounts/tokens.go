package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A Token lets a program act for a person, in some verbs, perhaps for one
// agency only, until it expires. It never may more than the person.
type Token struct {
	ID      string         `json:"id"`
	Person  string         `json:"person"` // id of whose it is
	Agency  string         `json:"agency,omitempty"`
	Title   string         `json:"title"` // what it is for
	Scopes  []catalog.Verb `json:"scopes"`
	Created time.Time      `json:"created"`
	Expires time.Time      `json:"expires"`
	Used    time.Time      `json:"used,omitzero"`
	Revoked time.Time      `json:"revoked,omitzero"`
}

// The beginning of every token, by which leaked ones can be searched for, and
// how long one may be good for.
const (
	TokenPrefix  = "shafaf_"
	tokenDefault = 90 * 24 * time.Hour
	tokenLongest = 366 * 24 * time.Hour
)

// tokenScopes are the verbs that a token may have: no program appoints people
// or runs the portal.
var tokenScopes = []catalog.Verb{catalog.View, catalog.Edit, catalog.Publish, catalog.Answer, catalog.Harvest, catalog.Audit}

// CreateToken makes a token of the person for which it acts, and returns its
// text, which is shown once. Expires left out means 90 days.
func (a *Accounts) CreateToken(ctx context.Context, by *catalog.Actor, t Token) (Token, string, error) {
	p, err := a.Person(ctx, t.Person)
	if err != nil {
		return t, "", err
	}
	if by.Token != "" || by.Person != p.ID && !by.Can(catalog.Operate, "") {
		return t, "", ErrDenied
	}
	now := a.store.Now()
	if t.Expires.IsZero() {
		t.Expires = now.Add(tokenDefault)
	}
	if t.Title, err = checkName(t.Title); err != nil {
		return t, "", &catalog.InvalidError{Field: "title", Reason: "say what the token is for, so that you know it again"}
	}
	if !t.Expires.After(now) || t.Expires.Sub(now) > tokenLongest {
		return t, "", &catalog.InvalidError{Field: "expires", Reason: "a token is good for a year at most, and not until a time that is past"}
	}
	if err := checkScopes(&p, &t); err != nil {
		return t, "", err
	}
	t.Person = p.ID
	secret := secretText(TokenPrefix)
	err = a.store.Write(ctx, func(tx *catalog.Tx) error {
		t.ID, t.Created = tx.NewID(), tx.Now()
		if err := tx.Exec("insert into tokens (id, hash, person, agency, title, scopes, created, expires) values (?, ?, ?, ?, ?, ?, ?, ?)",
			t.ID, hashOf(secret), t.Person, catalog.OrNull(&t.Agency), t.Title, catalog.AsJSON(&t.Scopes), catalog.AsTime(&t.Created), catalog.AsTime(&t.Expires)); err != nil {
			return err
		}
		return tx.Log(by, catalog.Entry{Act: "token.create", Noun: "token", Thing: t.ID, Agency: t.Agency}, nil, t)
	})
	return t, secret, err
}

// checkScopes refuses scopes that there are not, or that the person could not
// use.
func checkScopes(p *Person, t *Token) error {
	if len(t.Scopes) == 0 {
		return &catalog.InvalidError{Field: "scopes", Reason: "say what the token may do: view, edit, publish, answer, harvest, audit"}
	}
	actor := p.Actor()
	for _, verb := range t.Scopes {
		if !slices.Contains(tokenScopes, verb) {
			return &catalog.InvalidError{Field: "scopes", Reason: fmt.Sprintf("no token may %q; there are view, edit, publish, answer, harvest, audit", verb)}
		}
		if agencies, all := actor.Agencies(verb); !all && (len(agencies) == 0 || t.Agency != "" && !slices.Contains(agencies, t.Agency)) {
			return &catalog.InvalidError{Field: "scopes", Reason: fmt.Sprintf("%s may not %s there, so the token could not either", p.Name, verb)}
		}
	}
	return nil
}

const tokenColumns = "id, person, agency, title, scopes, created, expires, used, revoked"

func scanToken(row catalog.Row) (t Token, err error) {
	err = row.Scan(&t.ID, &t.Person, catalog.OrNull(&t.Agency), &t.Title, catalog.AsJSON(&t.Scopes),
		catalog.AsTime(&t.Created), catalog.AsTime(&t.Expires), catalog.AsTime(&t.Used), catalog.AsTime(&t.Revoked))
	return t, err
}

// Tokens returns the tokens of a person, or of everybody when person is empty,
// the newest first.
func (a *Accounts) Tokens(ctx context.Context, person string) ([]Token, error) {
	rows, err := a.store.Rows(ctx, "select "+tokenColumns+" from tokens where ?1 = '' or person = ?1 order by created desc, id desc", person)
	all, err := catalog.Collect(rows, err, scanToken)
	return all, wrap("tokens", err)
}

// RevokeToken makes a token good for nothing. Its owner may, and who operates.
func (a *Accounts) RevokeToken(ctx context.Context, by *catalog.Actor, id string) error {
	t, err := scanToken(a.store.Row(ctx, "select "+tokenColumns+" from tokens where id = ?", id))
	if catalog.NoRow(err) || err == nil && by.Person != t.Person && !by.Can(catalog.Operate, "") {
		return fmt.Errorf("token %q: %w", id, catalog.ErrNotFound)
	}
	if err != nil || !t.Revoked.IsZero() {
		return wrap("token", err)
	}
	return a.store.Write(ctx, func(tx *catalog.Tx) error {
		if err := tx.Exec("update tokens set revoked = ? where id = ?", catalog.Stamp(tx.Now()), id); err != nil {
			return err
		}
		return tx.Log(by, catalog.Entry{Act: "token.revoke", Noun: "token", Thing: id, Agency: t.Agency}, nil, nil)
	})
}

// Bearer returns who acts with the text of a token, or ErrRefused when it is
// none, expired, was revoked, or its owner may not sign in any more.
func (a *Accounts) Bearer(ctx context.Context, secret string) (catalog.Actor, error) {
	t, err := scanToken(a.store.Row(ctx, "select "+tokenColumns+" from tokens where hash = ? and revoked = '' and expires > ?", hashOf(secret), catalog.Stamp(a.store.Now())))
	if catalog.NoRow(err) {
		return catalog.Actor{}, ErrRefused
	}
	if err != nil {
		return catalog.Actor{}, wrap("token", err)
	}
	p, err := a.Person(ctx, t.Person)
	if err != nil || p.State != Active {
		return catalog.Actor{}, errors.Join(err, ErrRefused)
	}
	if a.store.Now().Sub(t.Used) >= seenEvery {
		err = a.store.Write(ctx, func(tx *catalog.Tx) error {
			return tx.Exec("update tokens set used = ? where id = ?", catalog.Stamp(tx.Now()), t.ID)
		})
	}
	actor := p.Actor()
	actor.Token, actor.Scopes, actor.Agency = t.ID, t.Scopes, t.Agency
	return actor, wrap("token", err)
}
