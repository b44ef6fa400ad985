package catalog

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// The packages below this one keep tables of their own in the catalogue. They
// reach them here, in the transactions and with the readers of everything else.

// A Row is one row that a query found.
type Row interface{ Scan(...any) error }

// Rows are the rows that a query found, for Collect.
type Rows = sql.Rows

// NewID returns a UUIDv7 of the moment of the write.
func (t *Tx) NewID() string { return newID(t.now) }

// Exec runs a statement.
func (t *Tx) Exec(query string, args ...any) error { return t.exec(query, args...) }

// Count runs a statement and returns how many rows it changed.
func (t *Tx) Count(query string, args ...any) (int64, error) {
	st, err := t.prepared(query) //nolint:sqlclosecheck // it lives as long as the writer
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Row finds one row as it is in the transaction.
func (t *Tx) Row(query string, args ...any) Row { return t.row(query, args...) }

// Rows finds rows as they are in the transaction.
func (t *Tx) Rows(query string, args ...any) (*sql.Rows, error) { return t.query(query, args...) }

// FreeSlug returns the slug of a thing by its title, or one with a number
// behind it: whichever is free in the table.
func (t *Tx) FreeSlug(table string, title Text, noun, id string) (string, error) {
	return t.freeSlug(table, slugFor(title, noun, id))
}

// DraftSlug is what a thing is called until it is published: it tells nothing
// of it.
func DraftSlug(id string) string { return draftSlug(id) }

// RetireThing takes the thing of r from the public: it gets the state, Retired
// or Withdrawn, and the ledger says why. No harvest brings back what is
// Withdrawn.
func (t *Tx) RetireThing(r *Removal, state string) error {
	record := recordRetired
	if state == Withdrawn {
		record = recordClosed
	}
	return t.retire(r, state, record)
}

// RestoreThing takes back that a thing was taken down: its line in the ledger is
// closed, and records of it come in again. The state is for who calls.
func (t *Tx) RestoreThing(noun, thing string) error {
	return errors.Join(
		t.exec("update removals set returned = ? where thing = ? and noun = ? and returned = ''", asTime(&t.now), thing, noun),
		t.exec("update records set retired = 0, missing = '', misses = 0 where thing = ?", thing))
}

// Returned closes the ledger's line about a thing that is there again. That of
// a takedown stays.
func (t *Tx) Returned(noun, thing string) error { return t.returned(noun, thing) }

// Gone is the error for a thing that is no longer published, with its line in
// the ledger.
func (s *Store) Gone(ctx context.Context, noun, id, slug string) error {
	return s.retired(ctx, noun, id, slug)
}

// NotFound is ErrNotFound for a thing.
func NotFound(noun, key string) error { return notFound(noun, key) }

// Wrap tells what was done when err came; of a full disk it makes ErrFull.
func Wrap(op string, err error) error { return wrap(op, err) }

// The conditions in SQL of what the public sees and of what it knows of, on a
// table that has a state.
const (
	PublicRows = visible
	KnownRows  = once
)

// Setting returns what operators have set under the name, empty for nothing.
func (t *Tx) Setting(name string) (string, error) {
	var value []byte
	err := t.row("select value from settings where name = ?", name).Scan(&value)
	if NoRow(err) {
		err = nil
	}
	return string(value), err
}

// Changed lists a change of a thing.
func (t *Tx) Changed(noun, id, op string) { t.changed(noun, id, op) }

// Row finds one row.
func (s *Store) Row(ctx context.Context, query string, args ...any) Row {
	return s.row(ctx, query, args...)
}

// An Asker finds rows, as they are in a write or outside of one; Collect reads
// them.
type Asker interface {
	Rows(query string, args ...any) (*sql.Rows, error)
}

// Asker finds rows for as long as ctx.
func (s *Store) Asker(ctx context.Context) Asker { return asker{s, ctx} }

type asker struct {
	store *Store
	ctx   context.Context
}

// Rows is Store.Rows.
func (a asker) Rows(query string, args ...any) (*sql.Rows, error) {
	return a.store.query(a.ctx, query, args...) //nolint:wrapcheck // wrapped by the package that asks
}

// NoRow reports whether Row found none.
func NoRow(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Rows finds rows; Collect reads them.
func (s *Store) Rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.query(ctx, query, args...) //nolint:wrapcheck // wrapped by the package that asks
}

// Collect reads every row with one and closes rows; err is the error of the
// query.
func Collect[T any](rows *sql.Rows, err error, one func(Row) (T, error)) ([]T, error) {
	return collect(rows, err, func(r scanner) (T, error) { return one(r) })
}

// Stamp writes a time as the catalogue keeps it: fixed-width UTC text that
// sorts, and nothing for the zero time.
func Stamp(t time.Time) string { return stamp(t) }

// AsTime keeps a time in a column as Stamp writes it.
func AsTime(t *time.Time) any { return asTime(t) }

// OrNull keeps a reference that may be absent: null in the table, "" here.
func OrNull(s *string) any { return orNull(s) }

// AsJSON keeps a value as JSON in a text column.
func AsJSON[T any](v *T) any { return asJSON(v) }
