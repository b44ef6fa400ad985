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

var errClosed = errors.New("the catalogue is closed")

// A writer runs write functions one after the other, several to a transaction,
// each in a savepoint of its own, and answers them after the commit.
type writer struct {
	db    *sql.DB
	now   func() time.Time
	fatal func(error)
	queue chan *write
	quit  chan struct{}
	done  chan struct{}
	once  sync.Once
}

type write struct {
	ctx    context.Context
	do     func(*Tx) error
	err    error
	answer chan struct{}
}

func newWriter(db *sql.DB, o Options) *writer {
	w := &writer{
		db: db, now: o.Now, fatal: o.Fatal,
		queue: make(chan *write, commitCount), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.loop()
	return w
}

// A Tx is the transaction that a write function works in. It does no other I/O
// and is of no use after the function returned.
type Tx struct {
	ctx     context.Context
	tx      *sql.Tx
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
	return w.db.Close()
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
	tx, err := w.db.BeginTx(ctx, nil)
	batch := []*write{first}
	if err == nil {
		deadline := w.now().Add(commitAfter)
		w.one(ctx, tx, first)
	gather:
		for len(batch) < commitCount && w.now().Before(deadline) {
			select {
			case next := <-w.queue:
				batch = append(batch, next)
				w.one(ctx, tx, next)
			default:
				break gather
			}
		}
		err = tx.Commit()
	}
	if err != nil && lostDisk(err) && w.fatal != nil {
		w.fatal(wrap("commit", err))
	}
	for _, b := range batch {
		if err != nil && b.err == nil {
			b.err = wrap("write", err)
		}
		close(b.answer)
	}
}

// one runs b in a savepoint, so that its failure undoes only itself. Its
// changes are listed last, so that their order is the order of commits.
func (w *writer) one(ctx context.Context, tx *sql.Tx, b *write) {
	if b.err = b.ctx.Err(); b.err != nil {
		return
	}
	if _, b.err = tx.ExecContext(ctx, "savepoint one"); b.err != nil {
		return
	}
	t := &Tx{ctx: ctx, tx: tx, now: w.now().UTC()}
	if b.err = safely(b.do, t); b.err == nil {
		b.err = t.list()
	}
	end := "release one"
	if b.err != nil {
		end = "rollback to one; release one"
	}
	if _, err := tx.ExecContext(ctx, end); err != nil {
		b.err = errors.Join(b.err, err)
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
	if errors.As(err, &invalid) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict) {
		return err
	}
	return wrap("write", err)
}

// Now is the moment of the write, in UTC.
func (t *Tx) Now() time.Time { return t.now }

func (t *Tx) exec(query string, args ...any) error {
	_, err := t.tx.ExecContext(t.ctx, query, args...)
	return err
}

func (t *Tx) row(query string, args ...any) scanner {
	return t.tx.QueryRowContext(t.ctx, query, args...)
}

func (t *Tx) query(query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.ctx, query, args...)
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
