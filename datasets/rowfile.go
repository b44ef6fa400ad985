package datasets

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"

	"github.com/goccy/go-json"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// ErrDamaged says that a row file does not hold what it once held, or that a
// newer release wrote it.
var ErrDamaged = errors.New("the row file is damaged")

// A RowFile is the kept rows of one table. It is immutable and safe for
// concurrent use. It holds no descriptor: connections are taken from the pool
// of its Files for a page or a scan, so thousands of row files may be at hand.
type RowFile struct {
	files   *Files
	digest  string
	schema  Schema
	rows    int64
	sources int64
	totals  []int64
	shapes  int // how many
}

// Rows returns the row file of the table with the given digest. The error wraps
// fs.ErrNotExist when there is none, and ErrDamaged when it cannot be read.
func (f *Files) Rows(digest string) (*RowFile, error) {
	if !isDigest(digest) {
		return nil, fmt.Errorf("datasets: open rows: %q is no digest: %w", digest, fs.ErrNotExist)
	}
	if r := f.known.get(digest); r != nil {
		return r, nil
	}
	if _, err := os.Stat(f.rowPath(digest)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("datasets: there are no rows of table %s: %w", digest, fs.ErrNotExist)
	}
	r := &RowFile{files: f, digest: digest}
	if err := r.use(context.Background(), r.readMeta); err != nil {
		return nil, fmt.Errorf("datasets: open rows: %w", err)
	}
	f.known.put(r)
	return r, nil
}

// Digest returns the table's digest.
func (r *RowFile) Digest() string { return r.digest }

// Schema returns the table's columns. The caller must not change them.
func (r *RowFile) Schema() Schema { return r.schema }

// Len returns how many rows the table has.
func (r *RowFile) Len() int64 { return r.rows }

// Totals returns the rows, counted from 0 and ascending, that are sums of
// others: they are rows of the table like others, but belong into no sum,
// average or group. None for row files of releases that did not mark them.
// The caller must not change them.
func (r *RowFile) Totals() []int64 { return r.totals }

// Close closes the idle connections to this row file. It may be used again.
func (r *RowFile) Close() error { return r.files.conns.drop(r.digest) }

// Verify reads the whole table and returns an error that wraps ErrDamaged when
// its digest is not the one that the row file is named by.
func (r *RowFile) Verify(ctx context.Context) error {
	d := newTableDigest(r.schema, r.totals)
	for batch, err := range r.Table().Scan(0, -1) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("datasets: verify rows: %w", err)
		}
		d.add(batch)
	}
	if err := r.verifyShapes(ctx, d); err != nil {
		return fmt.Errorf("datasets: verify rows: %w", err)
	}
	if got := d.hex(); got != r.digest {
		return fmt.Errorf("datasets: verify rows: the content of table %s has digest %s: %w", r.digest, got, ErrDamaged)
	}
	return nil
}

func (r *RowFile) readMeta(conn *sqlite.Conn) error {
	meta := map[string]string{}
	err := sqlitex.Execute(conn, "SELECT key, value FROM meta", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			meta[stmt.ColumnText(0)] = stmt.ColumnText(1)
			return nil
		},
	})
	if err != nil {
		return err
	}
	if v := meta[metaFormat]; v != strconv.Itoa(rowFormat) {
		return fmt.Errorf("%w: its format is %q and this release reads %d; import the file again", ErrDamaged, v, rowFormat)
	}
	if meta[metaDigest] != r.digest {
		return fmt.Errorf("%w: it names itself %q", ErrDamaged, meta[metaDigest])
	}
	rows, err1 := strconv.ParseInt(meta[metaRows], 10, 64)
	sources, err2 := strconv.ParseInt(meta[metaSources], 10, 64)
	var schema Schema
	if err := errors.Join(err1, err2, json.Unmarshal([]byte(meta[metaSchema]), &schema)); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	for i := range schema { // row files of older releases do not say it
		if schema[i].Unit == "" {
			schema[i].Unit = unitOf(&schema[i])
		}
	}
	r.rows, r.sources, r.schema = rows, sources, schema
	if text := meta[metaShapes]; text != "" {
		if r.shapes, err = strconv.Atoi(text); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	r.totals, err = readTotals(conn, meta[metaTotals], rows)
	return err
}

// use calls do with a connection of its own. The end of ctx interrupts what it
// runs.
func (r *RowFile) use(ctx context.Context, do func(*sqlite.Conn) error) error {
	conn, err := r.files.conns.get(r.digest, r.files.rowPath(r.digest))
	if err != nil {
		return r.readError(ctx, err)
	}
	conn.SetInterrupt(ctx.Done())
	broken, err := guard(func() error { return do(conn) })
	r.release(conn, broken)
	return r.readError(ctx, err)
}

func (r *RowFile) release(conn *sqlite.Conn, broken bool) {
	if broken {
		return // what it holds in memory is not to be trusted: leave it alone
	}
	conn.SetInterrupt(nil)
	r.files.conns.put(r.digest, conn)
}

// guard calls do. A memory-mapped file that is cut while it is read faults in
// the middle of SQLite; that ends the query, not the program, but the
// connection is broken then.
func guard(do func() error) (broken bool, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			broken, err = true, fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return false, do()
}

// readError says what an error of SQLite means for a row file.
func (r *RowFile) readError(ctx context.Context, err error) error {
	switch code := sqlite.ErrCode(err).ToPrimary(); {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("the query took longer than it may and was stopped; ask for less, or download the table: %w", ctx.Err())
	case ctx.Err() != nil:
		return fmt.Errorf("the query was stopped: %w", ctx.Err())
	case code == sqlite.ResultCorrupt, code == sqlite.ResultNotADB, code == sqlite.ResultError && !errors.Is(err, ErrDamaged):
		return fmt.Errorf("table %s: %w (%w); import its file again", r.digest, ErrDamaged, err)
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("table %s: %w", r.digest, err)
	default:
		return err
	}
}

// maxIdle is how many connections are kept open for the next use, of all row
// files together; each holds one descriptor.
const maxIdle = 64

// A connPool keeps idle connections, the least recently used first.
type connPool struct {
	mu     sync.Mutex
	idle   list.List // of idleConn
	closed bool
}

type idleConn struct {
	digest string
	conn   *sqlite.Conn
}

// get returns an idle connection to the row file, or a new one.
func (p *connPool) get(digest, path string) (*sqlite.Conn, error) {
	p.mu.Lock()
	for e := p.idle.Back(); e != nil; e = e.Prev() {
		if c, ok := e.Value.(idleConn); ok && c.digest == digest {
			p.idle.Remove(e)
			p.mu.Unlock()
			return c.conn, nil
		}
	}
	p.mu.Unlock()
	return openRows(path)
}

// put takes a connection back.
func (p *connPool) put(digest string, conn *sqlite.Conn) {
	p.mu.Lock()
	drop := conn
	if !p.closed {
		drop = nil
		p.idle.PushBack(idleConn{digest, conn})
		if p.idle.Len() > maxIdle {
			if c, ok := p.idle.Remove(p.idle.Front()).(idleConn); ok {
				drop = c.conn
			}
		}
	}
	p.mu.Unlock()
	if drop != nil {
		_ = drop.Close() // read-only: nothing can be lost
	}
}

// drop closes the idle connections to one row file.
func (p *connPool) drop(digest string) error {
	return p.remove(func(c idleConn) bool { return c.digest == digest })
}

// close closes all idle connections; those in use are closed when they return.
func (p *connPool) close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	return p.remove(func(idleConn) bool { return true })
}

func (p *connPool) remove(match func(idleConn) bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var faults []error
	for e := p.idle.Front(); e != nil; {
		next := e.Next()
		if c, ok := e.Value.(idleConn); ok && match(c) {
			p.idle.Remove(e)
			faults = append(faults, c.conn.Close())
		}
		e = next
	}
	return errors.Join(faults...)
}

// readPragmas: the file never changes, so SQLite may read it through the memory
// map, which saves a quarter of a scan's time; its own cache stays small.
const readPragmas = `
PRAGMA query_only = on;
PRAGMA mmap_size = 1099511627776;
PRAGMA cache_size = -2048;
PRAGMA trusted_schema = off;
`

// openRows opens a row file that nothing writes any more.
func openRows(path string) (*sqlite.Conn, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	uri := url.URL{Scheme: "file", Path: abs, RawQuery: "mode=ro&immutable=1"}
	conn, err := sqlite.OpenConn(uri.String(), sqlite.OpenReadOnly|sqlite.OpenURI)
	if err != nil {
		return nil, err
	}
	err = execLines(conn, readPragmas)
	if err == nil {
		err = addFunctions(conn)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// maxKnown is how many row files are remembered with their schema.
const maxKnown = 512

// rowFiles remembers the row files that were asked for last.
type rowFiles struct {
	mu       sync.Mutex
	byDigest map[string]*list.Element
	order    list.List // of *RowFile, the least recently used first
}

func (k *rowFiles) get(digest string) *RowFile {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.byDigest[digest]
	if e == nil {
		return nil
	}
	k.order.MoveToBack(e)
	r, _ := e.Value.(*RowFile)
	return r
}

func (k *rowFiles) put(r *RowFile) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byDigest == nil {
		k.byDigest = map[string]*list.Element{}
	}
	if k.byDigest[r.digest] != nil {
		return
	}
	k.byDigest[r.digest] = k.order.PushBack(r)
	if k.order.Len() > maxKnown {
		if old, ok := k.order.Remove(k.order.Front()).(*RowFile); ok {
			delete(k.byDigest, old.digest)
		}
	}
}
