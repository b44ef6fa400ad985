package catalog

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"
)

// An Answered is what a program was answered to a request that it may send
// again: done is what is on disk together with it.
type Answered struct {
	Status int
	Thing  string // revision or address that went out with it, as who answered wrote it
	Body   []byte
}

// ErrReused says that a key came again with another request.
var ErrReused = errors.New("the key was used for another request")

// answersKept is how long a request may be sent again.
const answersKept = 7 * 24 * time.Hour

const answered = "select digest, status, thing, body from answers where actor = ? and key = ?"

func scanAnswered(row scanner, digest []byte) (*Answered, error) {
	var a Answered
	var had []byte
	err := row.Scan(&had, &a.Status, &a.Thing, &a.Body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case digest != nil && !bytes.Equal(had, digest):
		return nil, ErrReused
	}
	return &a, nil
}

// Answered returns what the actor (a name for who sends keys) was answered
// under the key, nil when nothing was yet, and ErrReused when that was to a
// request of another digest. Without a digest any request is the same.
func (s *Store) Answered(ctx context.Context, actor, key string, digest []byte) (*Answered, error) {
	a, err := scanAnswered(s.row(ctx, answered, actor, key), digest)
	if errors.Is(err, ErrReused) {
		return nil, err
	}
	return a, wrap("answered", err)
}

// Answered is Store.Answered inside a write.
func (t *Tx) Answered(actor, key string, digest []byte) (*Answered, error) {
	return scanAnswered(t.row(answered, actor, key), digest)
}

// Answer keeps what is answered to the request with the key, in the write that
// does what it asks for.
func (t *Tx) Answer(actor, key string, digest []byte, a Answered) error {
	if err := t.exec("delete from answers where at < ?", stamp(t.now.Add(-answersKept))); err != nil {
		return err
	}
	return t.exec("insert into answers (actor, key, digest, at, status, thing, body) values (?, ?, ?, ?, ?, ?, ?)",
		actor, key, digest, asTime(&t.now), a.Status, a.Thing, string(a.Body))
}
