package search

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// Stats tell how an index was used since it was opened.
type Stats struct {
	Searches int64         // answered, also with an error
	Took     time.Duration // to answer, all of them together
	Compared *Comparison   // the last one of Check; nil before the first
}

// A Comparison is what the index was beside the catalogue, see Compare.
type Comparison struct {
	At                    time.Time
	Missing, Extra, Stale int64
	Rebuilt               bool // it had differed before, and was built anew
}

// Differences is 0 when the index says what the catalogue does.
func (c *Comparison) Differences() int64 { return c.Missing + c.Extra + c.Stale }

// figures are those of Stats.
type figures struct {
	mu    sync.Mutex
	stats Stats
}

// Stats returns the figures of this moment.
func (x *Index) Stats() Stats {
	x.figures.mu.Lock()
	defer x.figures.mu.Unlock()
	return x.figures.stats
}

// searched counts a search that began at start.
func (x *Index) searched(start time.Time) {
	took := max(x.now().Sub(start), 0)
	x.figures.mu.Lock()
	defer x.figures.mu.Unlock()
	x.figures.stats.Searches++
	x.figures.stats.Took += took
}

func (x *Index) compared(c Comparison) {
	x.figures.mu.Lock()
	defer x.figures.mu.Unlock()
	x.figures.stats.Compared = &c
}

// When Watch compares.
const (
	watchFirst = time.Minute // after it started
	watchEvery = 24 * time.Hour
	watchAgain = time.Minute // when the catalogue changed meanwhile
)

// Watch checks the index each day until ctx ends. What goes wrong is logged and
// tried again.
func (x *Index) Watch(ctx context.Context, store *catalog.Store) error {
	wait := time.NewTimer(watchFirst)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-wait.C:
		}
		next := watchEvery
		switch done, err := x.Check(ctx, store); {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			x.log.Error("the search index could not be compared with the catalogue", "reason", err, "again_in", watchAgain)
			next = watchAgain
		case !done:
			next = watchAgain
		}
		wait.Reset(next)
	}
}

// Check looks at every byte of the index's files, brings it up to date, compares it with the catalogue and notes
// the result in Stats. An index that differs is built anew while the old one
// answers, and compared again. done is false when it differs and the catalogue
// changed meanwhile, so that nothing follows from it.
func (x *Index) Check(ctx context.Context, store *catalog.Store) (done bool, err error) {
	if _, err := x.Mend(ctx, store, true); err != nil {
		return false, err
	}
	c, still, err := x.check(ctx, store)
	if err != nil || !still && c.Differences() > 0 {
		return false, err
	}
	x.compared(c)
	if c.Differences() == 0 {
		return true, nil
	}
	x.log.Error("the search index differs from the catalogue and is built anew", "missing", c.Missing, "extra", c.Extra, "stale", c.Stale)
	if err := x.Rebuild(ctx, store, nil); err != nil {
		return false, err
	}
	c, still, err = x.check(ctx, store)
	if err != nil || !still && c.Differences() > 0 {
		return false, err
	}
	c.Rebuilt = true
	x.compared(c)
	if c.Differences() > 0 {
		return false, errors.New("search: the index differs from the catalogue though it was built anew")
	}
	return true, nil
}

// check compares once; still says that nothing changed meanwhile.
func (x *Index) check(ctx context.Context, store *catalog.Store) (c Comparison, still bool, err error) {
	if err := x.CatchUp(ctx, store, nil); err != nil {
		return c, false, err
	}
	at, err := x.Cursor()
	if err != nil {
		return c, false, err
	}
	if c.Missing, c.Extra, c.Stale, err = x.Compare(ctx, store); err != nil {
		return c, false, err
	}
	last, err := store.LastSeq(ctx)
	c.At = x.now().UTC()
	return c, last == at.Seq, err
}
