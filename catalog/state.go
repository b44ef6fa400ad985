package catalog

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// A watch is the connection that sees when the catalogue was written. What it
// tells is only comparable with what the same connection told before, so that
// it is one and is never given back.
type watch struct {
	mu   sync.Mutex
	conn *sql.Conn
	ask  *sql.Stmt
}

// State names what the catalogue holds: it is another number after each commit
// of any process, and the same between two. It costs some microseconds, no look
// at a table.
func (s *Store) State(ctx context.Context) (n int64, err error) {
	if n, known := ctx.Value(stateKey{}).(int64); known {
		return n, nil
	}
	w := &s.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		if err := w.open(s.read); err != nil { //nolint:contextcheck // it outlives who asks first
			return 0, wrap("state", err)
		}
	}
	return n, wrap("state", w.ask.QueryRowContext(ctx).Scan(&n))
}

// InState returns a context in which State is what it was when somebody asked, for
// who answers one question from what is kept and need not see what is written
// meanwhile.
func InState(ctx context.Context, n int64) context.Context {
	return context.WithValue(ctx, stateKey{}, n)
}

type stateKey struct{}

func (w *watch) open(db *sql.DB) error {
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	ask, err := conn.PrepareContext(ctx, "pragma data_version")
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	w.conn, w.ask = conn, ask
	return nil
}

func (w *watch) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return nil
	}
	return errors.Join(w.ask.Close(), w.conn.Close())
}
