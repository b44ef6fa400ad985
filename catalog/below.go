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

// Changed lists a change of a thing.
func (t *Tx) Changed(noun, id, op string) { t.changed(noun, id, op) }

// Row finds one row.
func (s *Store) Row(ctx context.Context, query string, args ...any) Row {
	return s.row(ctx, query, args...)
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
