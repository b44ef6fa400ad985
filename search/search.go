// Package search keeps a full-text index of the catalogue: its datasets, with
// the names and columns of their resources, its agencies, and its drafts, with
// the articles of their newest texts and their comments. The index is a
// projection of the catalogue's list of changes: delete its folder and it
// grows back.
//
// Bleve maps words to documents and stores nothing but the few facts that
// filters, facets and orders need; these are kept in arrays and bitmaps in
// memory, one set for each segment of the index. What is shown of a result
// comes from the catalogue.
package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
)

// Options are what an Index needs to know of the program around it.
type Options struct {
	Log *slog.Logger     // told what happened to the index that nobody asked for; may be left out
	Now func() time.Time // the clock
	// Wait is how long Open waits for another process to let go of the index;
	// 2 seconds when it is 0.
	Wait time.Duration
	// Probe opens the index in a folder where it may end a process, in one of
	// its own; nil for no such trial. An error other than that of ctx says that
	// the index is damaged.
	Probe func(path string) error
	// Fatal is called when Bleve broke off in a goroutine of its own and the
	// writer waits for it in vain; it must end the process. Nil to go on.
	Fatal func(error)
}

// ErrInUse says that another process has the index open.
var ErrInUse = errors.New("another process has it open")

// An Index answers searches. It is safe for concurrent use; one process at a
// time may have it open.
type Index struct {
	dir   string
	log   *slog.Logger
	now   func() time.Time
	probe func(path string) error
	fatal func(error)
	alarm chan struct{} // rung when the files may be damaged

	figures figures

	follow sync.Mutex // held by the one who writes
	locked *held
	marks  map[string]mark // of the files of the open generation, below its folder

	mu     sync.Mutex
	bleve  bleve.Index
	gen    int     // number of the folder that bleve is in
	whole  bool    // it was built once from a catalogue
	broken *damage // that a goroutine of bleve broke off
	snap   *snapshot
	dicts  dicts
	parts  map[uint64]*facts // of the segments in snap, by segment

	state atomic.Int64 // how often snap became another
}

// Open opens the index in dir, making it where there is none. One that is
// damaged, half made or of another version of the program is put aside, and an
// empty one opened in its place: CatchUp fills it. The error is ErrInUse when
// another process has the index open.
func Open(dir string, o Options) (*Index, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Wait == 0 {
		o.Wait = 2 * time.Second
	}
	x := &Index{dir: dir, log: o.Log, now: o.Now, probe: o.Probe, fatal: o.Fatal, alarm: make(chan struct{}, 1), marks: map[string]mark{}, dicts: newDicts()}
	if err := x.open(o.Wait); err != nil {
		return nil, fmt.Errorf("search: open %s: %w", dir, err)
	}
	return x, nil
}

// Close waits for the write under way and closes the index.
func (x *Index) Close() error {
	x.follow.Lock()
	defer x.follow.Unlock()
	x.mu.Lock()
	snap := x.snap
	x.snap = nil
	x.mu.Unlock()
	if snap == nil {
		return nil
	}
	snap.release()
	return errors.Join(guarded(x.bleve.Close), x.locked.free())
}

// errClosed is what a search of a closed index gives.
var errClosed = errors.New("search: the index is closed")

// acquire returns the current snapshot, which its user releases.
func (x *Index) acquire() (*snapshot, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.snap == nil {
		return nil, errClosed
	}
	x.snap.refs.Add(1)
	return x.snap, nil
}

// State is another number whenever what a search finds may be another.
func (x *Index) State() int64 { return x.state.Load() }

// Docs returns how many documents the index holds.
func (x *Index) Docs() (int64, error) {
	snap, err := x.acquire()
	if err != nil {
		return 0, err
	}
	defer snap.release()
	return snap.live, nil
}

// Search returns what q asks for. The error is an *InputError for a parameter
// that cannot be understood; the text alone never is. It is ErrRebuilding while
// there is no whole index, or when the one there is turns out to be damaged.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) {
	o, err := q.order()
	if err != nil {
		return Result{}, err
	}
	var res Result
	err = x.ask(func(snap *snapshot) error {
		defer x.searched(x.now())
		res, err = snap.search(ctx, &q, o)
		return err
	})
	return res, err
}

// ask asks something of the current snapshot of a whole index, and tells what
// broke off.
func (x *Index) ask(of func(*snapshot) error) error {
	snap, err := x.acquire()
	if err != nil {
		return err
	}
	defer snap.release()
	if !x.isWhole() {
		return ErrRebuilding
	}
	err = x.alarmed(caught(func() error { return of(snap) }))
	var f *fault
	if errors.As(err, &f) {
		x.log.Error("a search broke off", "reason", f.cause, "stack", f.stack)
		if f.memory {
			err = ErrRebuilding
		}
	}
	return err
}

func (x *Index) isWhole() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.whole
}
