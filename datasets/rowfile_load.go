package datasets

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-json"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// A Loaded is what is known of a table after it was loaded into a row file.
type Loaded struct {
	Digest  string // of the table: the name of its row file
	Schema  Schema
	Rows    int64
	Profile []ColumnProfile // in the order of the columns
}

// The row file's layout. A table has its columns c0, c1 … in `rows`; one wider
// than partColumns goes on in `rows1`, `rows2` …, since SQLite ends at 2,000
// columns. n is the number of the row, from 0. `source` holds the source texts.
// A table with totals has their rows in `totals` and their number in meta; one
// of GeoJSON has the shapes of its rows, as WKB, in `shapes`.
const (
	rowFormat   = 1
	partColumns = 1000
)

// loadPragmas make the load of a new file fast. It needs no journal: a file
// whose load fails is thrown away, and it gets its name only after an fsync.
// Pages of 4 to 16 KiB load equally fast; 8 KiB keeps long rows off overflow
// pages.
const loadPragmas = `
PRAGMA page_size = 8192;
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
PRAGMA locking_mode = exclusive;
PRAGMA cache_size = -32768;
PRAGMA temp_store = memory;
`

// PutRows loads a table into a row file, in one pass that also computes its
// digest, its number of rows and its profile. progress, unless nil, is told the
// number of rows after each batch. When PutRows returns without an error the
// row file is on disk under the table's digest.
//
// The error of a table that cannot be read on is passed on, so a FileError of a
// reader stays one.
func (f *Files) PutRows(ctx context.Context, t *Table, progress func(rows int64)) (*Loaded, error) {
	if len(t.Schema) == 0 {
		return nil, NewFileError("columns.none")
	}
	if err := f.Room.Ask(0); err != nil {
		return nil, err
	}
	temp, err := f.temp("rows-*.db")
	if err != nil {
		return nil, err
	}
	defer temp.discard()
	l, err := newLoader(temp.Name(), t.Schema, t.Totals)
	if err != nil {
		return nil, err
	}
	defer l.close()
	for batch, err := range t.Scan(0, -1) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = l.add(batch)
		}
		if err == nil {
			err = f.Room.Ask(0)
		}
		if err != nil {
			return nil, fmt.Errorf("datasets: load rows: %w", loadError(err))
		}
		if progress != nil {
			progress(l.rows)
		}
	}
	if err = l.endRows(); err == nil {
		err = l.putShapes(ctx, t.Shapes)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: load rows: %w", loadError(err))
	}
	loaded, err := l.finish(ctx)
	if err != nil {
		return nil, fmt.Errorf("datasets: load rows: %w", loadError(err))
	}
	if err := temp.keep(f.rowPath(loaded.Digest)); err != nil {
		return nil, err
	}
	if err := f.conns.drop(loaded.Digest); err != nil { // to a file that was there before
		return nil, fmt.Errorf("datasets: load rows: %w", err)
	}
	return loaded, nil
}

// loadError says what SQLite means by a full disk.
func loadError(err error) error {
	if code := sqlite.ErrCode(err).ToPrimary(); code == sqlite.ResultFull {
		return fmt.Errorf("%w (%w)", errDiskFull, err)
	}
	return diskError(err)
}

// A loader writes one new row file.
type loader struct {
	schema  Schema
	path    string
	conn    *sqlite.Conn // nil while the rows are written
	writer  *rowWriter
	digest  *tableDigest
	profile *profiler
	rows    int64
	sources int64
	totals  []int64
}

func newLoader(path string, s Schema, totals []int64) (*loader, error) {
	l := &loader{schema: s, path: path, totals: totals, digest: newTableDigest(s, totals), profile: newProfiler(s, totals, limitsFor(len(s)))}
	if err := l.prepare(); err != nil {
		l.close()
		return nil, fmt.Errorf("datasets: make a row file: %w", loadError(err))
	}
	return l, nil
}

func (l *loader) close() {
	if l.writer != nil {
		_ = l.writer.close() // of no use any more
		l.writer = nil
	}
	if l.conn != nil {
		_ = l.conn.Close() // of no use any more, or closed by finish
		l.conn = nil
	}
}

// prepare makes a file without rows.
func (l *loader) prepare() error {
	if err := l.open(sqlite.OpenCreate); err != nil {
		return err
	}
	var script strings.Builder
	script.WriteString("BEGIN;\n" +
		"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;\n" +
		"CREATE TABLE source(n INTEGER, c INTEGER, text TEXT NOT NULL, PRIMARY KEY(n, c)) STRICT, WITHOUT ROWID;\n")
	for part := range partCount(l.schema) {
		script.WriteString(createPart(l.schema, part))
	}
	script.WriteString("COMMIT;\n")
	if err := execLines(l.conn, script.String()); err != nil {
		return err
	}
	roots, err := rootPages(l.conn)
	if err == nil {
		err = l.conn.Close()
		l.conn = nil
	}
	if err == nil {
		l.writer, err = newRowWriter(l.path, l.schema, roots)
	}
	return err
}

func (l *loader) open(flags sqlite.OpenFlags) (err error) {
	if l.conn, err = sqlite.OpenConn(l.path, sqlite.OpenReadWrite|flags); err != nil {
		return err
	}
	return execLines(l.conn, loadPragmas)
}

// endRows ends the rows: what is written from here on SQLite writes, in one
// transaction.
func (l *loader) endRows() error {
	err := l.writer.finish()
	l.sources = l.writer.sources
	l.writer = nil
	if err == nil {
		err = l.open(0)
	}
	if err == nil {
		err = execLines(l.conn, "BEGIN")
	}
	return err
}

// rootPages returns the page that each table begins with.
func rootPages(conn *sqlite.Conn) (map[string]uint32, error) {
	roots := map[string]uint32{}
	err := sqlitex.ExecuteTransient(conn, "SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			roots[stmt.ColumnText(0)] = uint32(stmt.ColumnInt64(1)) //nolint:gosec // pages are counted so
			return nil
		},
	})
	return roots, err
}

// execLines runs statements that stand on a line each, outside of a transaction.
func execLines(conn *sqlite.Conn, script string) error {
	for line := range strings.Lines(strings.TrimSpace(script)) {
		if err := sqlitex.ExecuteTransient(conn, strings.TrimSpace(line), nil); err != nil {
			return err
		}
	}
	return nil
}

// partCount is how many tables the columns of s need.
func partCount(s Schema) int { return (len(s) + partColumns - 1) / partColumns }

// partRange is the columns that part holds: from, up to but not including to.
func partRange(s Schema, part int) (from, to int) {
	return part * partColumns, min((part+1)*partColumns, len(s))
}

func partTable(part int) string {
	if part == 0 {
		return "rows"
	}
	return "rows" + strconv.Itoa(part)
}

func sqlColumn(c int) string { return "c" + strconv.Itoa(c) }

func createPart(s Schema, part int) string {
	b := []byte("CREATE TABLE " + partTable(part) + "(n INTEGER PRIMARY KEY")
	from, to := partRange(s, part)
	for c := from; c < to; c++ {
		b = append(b, ", "+sqlColumn(c)+" "+storages[storageOf(&s[c])]...)
	}
	return string(append(b, ") STRICT;\n"...))
}

// A storage is how values of a column are kept: in Vector and in SQLite.
type storage uint8

const (
	inInt storage = iota
	inFloat
	inText
)

// storages is the SQLite type of each storage.
var storages = [...]string{inInt: "INTEGER", inFloat: "REAL", inText: "TEXT"}

func storageOf(c *Column) storage {
	switch {
	case c.Type == Text:
		return inText
	case c.Type == Decimal && c.Float:
		return inFloat
	default:
		return inInt
	}
}

// add loads a batch. The digest and the profile are computed beside the writing;
// all have ended when add returns, since the batch is the reader's again.
func (l *loader) add(b *Batch) error {
	if err := l.check(b); err != nil {
		return err
	}
	var beside sync.WaitGroup
	each := l.profile.columnsEach()
	faults := make([]error, 1+each)
	beside.Go(func() { faults[0] = recovered(func() { l.digest.add(b) }) })
	l.profile.begin(b)
	for from := range each {
		beside.Go(func() { faults[1+from] = recovered(func() { l.profile.addColumns(b, from, each) }) })
	}
	err := l.writer.add(b)
	beside.Wait()
	l.rows += int64(b.Len)
	return errors.Join(append(faults, err)...)
}

// recovered calls do and returns its panic as an error: a batch that contradicts
// itself must not end the program from a goroutine of ours.
func recovered(do func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the batch is broken: %v", p)
		}
	}()
	do()
	return nil
}

// check refuses a batch that does not belong here; readers that are right
// never make one.
func (l *loader) check(b *Batch) error {
	if b.First != l.rows || len(b.Columns) != len(l.schema) {
		return fmt.Errorf("a batch of %d columns from row %d came where %d columns from row %d were due",
			len(b.Columns), b.First, len(l.schema), l.rows)
	}
	for c := range l.schema {
		if storageOf(&l.schema[c]) != inFloat {
			continue
		}
		for row, x := range b.Columns[c].Float {
			if !b.Columns[c].Null[row] && (math.IsNaN(x) || math.IsInf(x, 0)) {
				return &FileError{Fault: faultAt(0, l.schema[c].Label, "cell.number", x, b.First+int64(row)+1)}
			}
		}
	}
	return nil
}

// run executes a statement that gives no rows, and makes it ready again.
func run(stmt *sqlite.Stmt) error {
	if _, err := stmt.Step(); err != nil {
		return err
	}
	return stmt.Reset()
}

// finish ends the transaction and closes the file.
func (l *loader) finish(ctx context.Context) (*Loaded, error) {
	loaded := &Loaded{Digest: l.digest.hex(), Schema: l.schema, Rows: l.rows}
	schema, err := json.Marshal(l.schema)
	if err != nil {
		return nil, err
	}
	for _, m := range [][2]string{
		{metaFormat, strconv.Itoa(rowFormat)},
		{metaDigest, loaded.Digest},
		{metaRows, strconv.FormatInt(l.rows, 10)},
		{metaSources, strconv.FormatInt(l.sources, 10)},
		{metaSchema, string(schema)},
	} {
		err := sqlitex.ExecuteTransient(l.conn, "INSERT INTO meta VALUES (?, ?)",
			&sqlitex.ExecOptions{Args: []any{m[0], m[1]}})
		if err != nil {
			return nil, err
		}
	}
	if err := l.putTotals(); err != nil {
		return nil, err
	}
	if err := sqlitex.ExecuteTransient(l.conn, "COMMIT", nil); err != nil {
		return nil, err
	}
	loaded.Profile, err = l.profile.finish(ctx, l.conn)
	if err != nil {
		return nil, err
	}
	err = l.conn.Close()
	l.conn = nil
	return loaded, errors.Join(err, ctx.Err())
}

// The keys of meta.
const (
	metaFormat  = "format"
	metaDigest  = "digest"
	metaRows    = "rows"
	metaSources = "sources"
	metaSchema  = "schema"
	metaTotals  = "totals" // only where there are any
	metaShapes  = "shapes" // how many; only where there may be some
)
