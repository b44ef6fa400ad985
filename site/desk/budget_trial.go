package desk

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets"
)

// A trial reads a table by a mapping without keeping anything. A table of
// millions of rows takes longer than a request: it goes on behind it.
type trial struct {
	edition string // digest of the table
	mapping fiscal.Mapping
	rows    atomic.Int64 // read so far
	cancel  context.CancelFunc
	done    chan struct{} // closed when what follows stands
	loading fiscal.Loading
	err     error
}

// trials are those that go on and the last ones that ended: one for each person
// and table.
type trials struct {
	mu    sync.Mutex
	turns chan struct{}
	all   map[trialKey]*trial
}

type trialKey struct{ person, resource string }

const (
	trialsAtOnce = 1 // read a table; the others wait
	mostTrials   = 50
	trialWait    = 3 * time.Second // that a request waits for a trial
	trialLimit   = 10 * time.Minute
)

// errTrials says that too many tables are tried at once.
var errTrials = errors.New("too many tables are tried")

// of returns the trial of a person and a resource, nil when there is none.
func (q *trials) of(k trialKey) *trial {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.all[k]
}

// ended reports whether the trial is over.
func (t *trial) ended() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// start returns the trial of a table by a mapping: the one that there is, else a
// new one, in whose place another one of the same person and table is given up.
// It outlives ctx. The error is errTrials.
func (q *trials) start(ctx context.Context, k trialKey, edition string, m *fiscal.Mapping, read func(context.Context, *trial) (fiscal.Loading, error)) (*trial, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if was := q.all[k]; was != nil {
		if was.edition == edition && reflect.DeepEqual(&was.mapping, m) {
			return was, nil
		}
		was.cancel()
		delete(q.all, k)
	}
	if !q.room() {
		return nil, errTrials
	}
	if q.all == nil {
		q.all, q.turns = map[trialKey]*trial{}, make(chan struct{}, trialsAtOnce)
	}
	t := &trial{edition: edition, mapping: *m, done: make(chan struct{})}
	ctx, t.cancel = context.WithTimeout(context.WithoutCancel(ctx), trialLimit)
	q.all[k] = t
	go func() {
		defer close(t.done)
		defer t.cancel()
		select {
		case q.turns <- struct{}{}:
			defer func() { <-q.turns }()
			t.loading, t.err = read(ctx, t)
		case <-ctx.Done():
			t.err = ctx.Err()
		}
	}()
	return t, nil
}

// room makes room for one more trial, and reports whether there is any.
func (q *trials) room() bool {
	if len(q.all) < mostTrials {
		return true
	}
	for k, t := range q.all {
		if t.ended() {
			delete(q.all, k)
			return true
		}
	}
	return false
}

// forget drops a trial that is over.
func (q *trials) forget(k trialKey) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t := q.all[k]; t != nil && t.ended() {
		delete(q.all, k)
	}
}

// wait waits a moment for the end of a trial and reports whether it came.
func (t *trial) wait(ctx context.Context) bool {
	timer := time.NewTimer(trialWait)
	defer timer.Stop()
	select {
	case <-t.done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return t.ended()
}

// counted is a table of which the trial counts the rows as they are read, and
// which is read no further than ctx.
func (t *trial) counted(ctx context.Context, table *datasets.Table) *datasets.Table {
	out := *table
	out.Scan = func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			t.rows.Store(0)
			for b, err := range table.Scan(from, to) {
				if err == nil {
					err = ctx.Err()
				}
				if err == nil {
					t.rows.Add(int64(b.Len))
				}
				if !yield(b, err) || err != nil {
					return
				}
			}
		}
	}
	return &out
}
