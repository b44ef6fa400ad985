package catalog

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// A Store keeps the catalogue in SQLite. It is safe for concurrent use, and
// several processes may have the same catalogue open.
type Store struct {
	read    *sql.DB // many connections, query only
	stmts   sync.Map
	queries atomic.Int64 // queries
	counted counted
	newest  newest
	watch   watch
	writer  *writer
	now     func() time.Time
	dir     string
}

// Options are what a Store needs to know of the program around it.
type Options struct {
	Now func() time.Time // the clock
	// Fatal is called when a commit failed in a way that leaves unknown what
	// is on disk; it must end the process.
	Fatal func(error)
}

const busyTimeout = 10 * time.Second

// Open opens the catalogue in dir, making and migrating it where needed. A
// catalogue of a newer program is refused with ErrNewer.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, wrap("open", err)
	}
	db, err := sql.Open("sqlite", dsn(dir, writerCache, "_txlock=immediate"))
	if err != nil {
		return nil, wrap("open", err)
	}
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, db, o.Now); err != nil {
		return nil, errors.Join(wrap("open", err), db.Close())
	}
	read, err := sql.Open("sqlite", dsn(dir, readerCache, "_pragma=query_only(1)&"+mapped))
	if err != nil {
		return nil, errors.Join(wrap("open", err), db.Close())
	}
	n := max(4, 2*runtime.NumCPU()) + 1 // one is the watch
	read.SetMaxOpenConns(n)
	read.SetMaxIdleConns(n)
	s := &Store{read: read, now: o.Now, dir: dir}
	if s.writer, err = newWriter(ctx, db, o); err != nil {
		return nil, errors.Join(wrap("open", err), read.Close(), db.Close())
	}
	return s, nil
}

// The pages that a connection holds, in KiB; what holds them takes twice that,
// since a page with its head is a little larger than 4096 bytes. Those who read
// have the file mapped, and hold what is not in it yet.
const (
	writerCache = 32 << 10
	readerCache = 16 << 10
	mapped      = "_pragma=mmap_size(1099511627776)"
)

func dsn(dir string, cache int, extra string) string {
	// busy_timeout comes first: opening a WAL database takes a lock.
	file := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Join(dir, "catalog.db")}).EscapedPath()}
	return file.String() + fmt.Sprintf("?_pragma=busy_timeout(%d)&_pragma=journal_mode(wal)&_pragma=synchronous(full)"+
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-%d)&%s", busyTimeout.Milliseconds(), cache, extra)
}

// Close waits for the writes under way and closes the catalogue.
func (s *Store) Close() error { return errors.Join(s.writer.close(), s.watch.close(), s.read.Close()) }

// Now returns the time of the store's clock, in UTC.
func (s *Store) Now() time.Time { return s.now().UTC() }

// Ping reports whether the catalogue can be read.
func (s *Store) Ping(ctx context.Context) error {
	var n int
	return wrap("ping", s.row(ctx, "select 1").Scan(&n))
}

// Epoch names this catalogue since it was made or last restored: a cursor of
// another epoch is worth nothing.
func (s *Store) Epoch(ctx context.Context) (string, error) {
	var e string
	err := s.row(ctx, "select value from meta where key = 'epoch'").Scan(&e)
	return e, wrap("epoch", err)
}

// prepared returns a statement of the reader pool, prepared once.
func (s *Store) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	s.queries.Add(1)
	if st, ok := s.stmts.Load(query); ok {
		return st.(*sql.Stmt), nil
	}
	st, err := s.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	old, loaded := s.stmts.LoadOrStore(query, st)
	if loaded { // another was quicker
		defer st.Close()
	}
	return old.(*sql.Stmt), nil
}

// Queries returns how many queries were asked since the catalogue was opened.
func (s *Store) Queries() int64 { return s.queries.Load() }

func (s *Store) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := s.prepared(ctx, query) //nolint:sqlclosecheck // prepared statements live as long as the store
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// row is query for one row; an error of preparing comes out of Scan.
func (s *Store) row(ctx context.Context, query string, args ...any) scanner {
	st, err := s.prepared(ctx, query) //nolint:sqlclosecheck // likewise
	if err != nil {
		return failed{err}
	}
	return st.QueryRowContext(ctx, args...)
}

type scanner interface{ Scan(...any) error }

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

// collect scans every row with one and closes rows.
func collect[T any](rows *sql.Rows, err error, one func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := one(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// newID returns a UUIDv7 of the moment t.
func newID(t time.Time) string {
	var id uuid.UUID
	_, _ = rand.Read(id[:]) // never fails
	ms := uint64(t.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

const timeLayout = "2006-01-02T15:04:05.000Z"

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeLayout)
}

func unstamp(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(timeLayout, s)
	if err != nil {
		return time.Time{}
	}
	return t
}
