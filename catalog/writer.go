package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Commits are shared: a write waits at most this long, and for at most this
// many others, before its transaction is made durable.
const (
	commitAfter = 5 * time.Millisecond
	commitCount = 200
)

// beginPatience is how long SQLite itself waits for another process that writes.
const beginPatience = 25 * time.Millisecond

var errClosed = errors.New("the catalogue is closed")

// A writer runs write functions one after the other, several to a transaction,
// each in a savepoint of its own, and answers them after the commit. It has one
// connection, on which each statement is prepared once.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	now   func() time.Time
	fatal func(error)
	queue chan *write
	quit  chan struct{}
	done  chan struct{}
	once  sync.Once

	figures writerFigures
}

type write struct {
	ctx    context.Context
	do     func(*Tx) error
	err    error
	answer chan struct{}
}

func newWriter(ctx context.Context, db *sql.DB, o Options) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("pragma busy_timeout = %d", beginPatience.Milliseconds())); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &writer{
		db: db, conn: conn, stmts: map[string]*sql.Stmt{}, now: o.Now, fatal: o.Fatal,
		queue: make(chan *write, commitCount), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.loop() //nolint:contextcheck // it outlives the opening
	return w, nil
}

// A Tx is the transaction that a write function works in. It does no other I/O
// and is of no use after the function returned.
type Tx struct {
	ctx     context.Context
	writer  *writer
	now     time.Time
	changes []Change
}

// Write runs do in a transaction and returns when what it did is on disk, or
// when it failed and left nothing behind. do must be quick and do no I/O but
// through its Tx: all other writers wait for it.
func (s *Store) Write(ctx context.Context, do func(*Tx) error) error {
	w := &write{ctx: ctx, do: do, answer: make(chan struct{})}
	select {
	case s.writer.queue <- w:
	case <-s.writer.quit:
		return wrap("write", errClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-w.answer:
	case <-s.writer.done: // closed while it waited
		select {
		case <-w.answer:
		default:
			return wrap("write", errClosed)
		}
	}
	return w.err
}

func (w *writer) close() error {
	w.once.Do(func() { close(w.quit) })
	<-w.done
	for _, st := range w.stmts {
		_ = st.Close() // the connection is closed with it
	}
	return errors.Join(w.conn.Close(), w.db.Close())
}

func (w *writer) loop() {
	defer close(w.done)
	for {
		select {
		case first := <-w.queue:
			w.batch(first)
		case <-w.quit:
			for { // what was accepted is still done
				select {
				case first := <-w.queue:
					w.batch(first)
				default:
					return
				}
			}
		}
	}
}

// batch runs first and whatever else is waiting in one transaction. It never
// waits for more: while it commits, the next batch gathers.
func (w *writer) batch(first *write) {
	ctx := context.WithoutCancel(first.ctx) // one caller's patience must not undo another's work
	err := w.begin(ctx)
	batch := []*write{first}
	var took time.Duration
	if err == nil {
		deadline := w.now().Add(commitAfter)
		err = w.first(ctx, first)
	gather:
		for err == nil && len(batch) < commitCount && w.now().Before(deadline) {
			select {
			case next := <-w.queue:
				batch = append(batch, next)
				w.one(ctx, next)
			default:
				break gather
			}
		}
		if err == nil {
			start := w.now()
			_, err = w.conn.ExecContext(ctx, "commit")
			took = w.now().Sub(start)
		}
		if err != nil {
			_, _ = w.conn.ExecContext(ctx, "rollback") // some errors have undone it already
		}
	}
	if err != nil && Lost(err) && w.fatal != nil {
		w.fatal(wrap("commit", err))
	}
	for _, b := range batch {
		if err != nil && b.err == nil {
			b.err = wrap("write", err)
		}
	}
	w.figures.note(batch, took, wrap("write", err))
	for _, b := range batch {
		close(b.answer)
	}
}

// first runs b, the first of a transaction. It has that to itself, and its
// failure begins another one: a savepoint would copy all pages that it changes.
// The error says that there is no transaction any more.
func (w *writer) first(ctx context.Context, b *write) error {
	if w.do(ctx, b); b.err == nil {
		return nil
	}
	_, _ = w.conn.ExecContext(ctx, "rollback") // some errors have undone it already
	return w.begin(ctx)
}

// begin begins a transaction. While another process writes it asks again and
// again at short intervals: SQLite's own grow so long that a process which
// writes all the time, as a harvest does, would hardly let another in.
func (w *writer) begin(ctx context.Context) (err error) {
	for range busyTimeout / beginPatience {
		if _, err = w.conn.ExecContext(ctx, "begin immediate"); !busy(err) {
			return err
		}
	}
	return err
}

// one runs b in a savepoint, so that its failure undoes only itself.
func (w *writer) one(ctx context.Context, b *write) {
	t := &Tx{ctx: ctx, writer: w}
	if b.err = t.exec("savepoint one"); b.err != nil {
		return
	}
	if w.do(ctx, b); b.err != nil {
		b.err = errors.Join(b.err, t.exec("rollback to one"))
	}
	if err := t.exec("release one"); err != nil {
		b.err = wrapWrite(errors.Join(b.err, err))
	}
}

// do runs b. Its changes are listed last, so that their order is the order of
// commits.
func (w *writer) do(ctx context.Context, b *write) {
	if b.err = b.ctx.Err(); b.err != nil {
		return
	}
	t := &Tx{ctx: ctx, writer: w, now: w.now().UTC()}
	if b.err = safely(b.do, t); b.err == nil {
		b.err = t.closeTaken()
	}
	if b.err == nil {
		b.err = t.list()
	}
	if b.err != nil {
		b.err = wrapWrite(b.err)
	}
}

// safely turns a panic of do into an error: the other writes of the batch go on.
func safely(do func(*Tx) error, t *Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return do(t)
}

// wrapWrite leaves errors alone that are meant for the caller.
func wrapWrite(err error) error {
	var invalid *InvalidError
	if errors.As(err, &invalid) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict) || errors.Is(err, ErrDenied) || errors.Is(err, ErrReused) {
		return err
	}
	return wrap("write", err)
}

// Now is the moment of the write, in UTC.
func (t *Tx) Now() time.Time { return t.now }

// prepared returns the statement of a query, prepared the first time.
func (t *Tx) prepared(query string) (*sql.Stmt, error) {
	if st := t.writer.stmts[query]; st != nil {
		return st, nil
	}
	st, err := t.writer.conn.PrepareContext(t.ctx, query)
	if err == nil {
		t.writer.stmts[query] = st
	}
	return st, err
}

func (t *Tx) exec(query string, args ...any) error {
	st, err := t.prepared(query) //nolint:sqlclosecheck // it lives as long as the writer
	if err == nil {
		_, err = st.ExecContext(t.ctx, args...)
	}
	return err
}

func (t *Tx) row(query string, args ...any) scanner {
	st, err := t.prepared(query) //nolint:sqlclosecheck // likewise
	if err != nil {
		return failed{err}
	}
	return st.QueryRowContext(t.ctx, args...)
}

func (t *Tx) query(query string, args ...any) (*sql.Rows, error) {
	st, err := t.prepared(query) //nolint:sqlclosecheck // likewise
	if err != nil {
		return nil, err
	}
	return st.QueryContext(t.ctx, args...)
}

// changed notes that the thing changed; one line per thing and write.
func (t *Tx) changed(noun, id, op string) {
	for _, c := range t.changes {
		if c.Noun == noun && c.ID == id && c.Op == op {
			return
		}
	}
	t.changes = append(t.changes, Change{Noun: noun, ID: id, Op: op})
}

func (t *Tx) list() error {
	for _, c := range t.changes {
		if err := t.exec("insert into changes (at, noun, id, op) values (?, ?, ?, ?)", stamp(t.now), c.Noun, c.ID, c.Op); err != nil {
			return err
		}
	}
	return nil
}
