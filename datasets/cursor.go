package datasets

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// A Signer is the secret key that cursors are signed with, so that nobody can
// make one. It should have at least 32 random bytes.
type Signer []byte

// A cursor says behind which row a page ended: its number in one table, or the
// place of a group, under one query. The values that the row was sorted by are
// not in it but read from the row again, which cannot change; so a cursor is
// short whatever they are.
type cursor struct {
	table string // digest
	query string // orderKey of the query
	row   int64
}

const (
	cursorVersion = 2
	cursorTable   = 12 // bytes of the table's digest
	cursorQuery   = 8  // bytes of the query's digest
	cursorSum     = 16 // bytes of the signature
)

// encode returns the cursor as text for an address: the version, the beginning
// of the table's digest and of the query's, the row, and an HMAC-SHA-256 of
// these, all in base64url.
func (s Signer) encode(c cursor) string {
	b := append([]byte{cursorVersion}, c.place()...)
	b = binary.AppendUvarint(b, uint64(c.row))
	return base64.RawURLEncoding.EncodeToString(append(b, s.sum(b)...))
}

// place is what a cursor must have in common with the query that it is used in.
func (c *cursor) place() []byte {
	table, err := hex.DecodeString(c.table)
	if err != nil || len(table) < cursorTable {
		table = make([]byte, cursorTable) // not a digest: no cursor fits
	}
	query := sha256.Sum256([]byte(c.query))
	return slices.Concat(table[:cursorTable], query[:cursorQuery])
}

func (s Signer) sum(b []byte) []byte {
	mac := hmac.New(sha256.New, s)
	_, _ = mac.Write(b) // a hash never fails
	return mac.Sum(nil)[:cursorSum]
}

// decode reads the row from a cursor for the same table and query as c. The
// error is an InputError.
func (s Signer) decode(text string, c cursor) (row int64, err error) {
	const head = 1 + cursorTable + cursorQuery
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) <= head+cursorSum || b[0] != cursorVersion {
		return 0, cursorError("broken", "is not a cursor of this portal, or a part of it is missing")
	}
	body, sum := b[:len(b)-cursorSum], b[len(b)-cursorSum:]
	if !hmac.Equal(sum, s.sum(body)) {
		return 0, cursorError("changed", "was changed, or its time is over")
	}
	place := c.place()
	if !slices.Equal(body[1:1+cursorTable], place[:cursorTable]) {
		return 0, cursorError("table", "belongs to another table, or to an earlier edition of this one")
	}
	if !slices.Equal(body[1+cursorTable:head], place[cursorTable:]) {
		return 0, cursorError("query", "belongs to another query, with other filters, groups or order")
	}
	n, size := binary.Uvarint(body[head:])
	if size != len(body)-head || n > 1<<62 {
		return 0, cursorError("broken", "is not a cursor of this portal")
	}
	return int64(n), nil
}

func cursorError(kind, text string) error {
	return inputError(paramAfter, "cursor."+kind, "the cursor %s; start again from the first page", text)
}
