package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/datasets/processors"

	"github.com/blevesearch/bleve/v2"
)

// Rebuild builds the index anew beside the present one, which goes on
// answering, and puts it in its place.
func (x *Index) Rebuild(ctx context.Context, store *catalog.Store, progress func(done, total int64)) error {
	x.follow.Lock()
	defer x.follow.Unlock()
	if _, err := x.rebuild(ctx, store, progress); err != nil {
		return err
	}
	return x.catchUp(ctx, store, nil)
}

func (x *Index) rebuild(ctx context.Context, store *catalog.Store, progress func(done, total int64)) (Cursor, error) {
	var at Cursor
	var err error
	if at.Epoch, err = store.Epoch(ctx); err != nil {
		return at, err
	}
	if at.Seq, err = store.LastSeq(ctx); err != nil { // before the scan: what changes during it is seen again
		return at, err
	}
	start := x.now()
	gen, err := x.nextGen()
	if err != nil {
		return at, fmt.Errorf("search: build the index: %w", err)
	}
	path := filepath.Join(x.dir, genName(gen))
	fresh, err := create(path + tmpSuffix)
	if err != nil {
		return at, fmt.Errorf("search: build the index: %w", err)
	}
	if err := fill(ctx, store, fresh, at, progress); err != nil {
		return at, errors.Join(err, fresh.Close(), os.RemoveAll(path+tmpSuffix))
	}
	if err := fresh.Close(); err != nil {
		return at, fmt.Errorf("search: build the index: %w", err)
	}
	if err := x.finish(gen); err != nil {
		return at, fmt.Errorf("search: build the index: %w", err)
	}
	if err := x.replace(gen, path); err != nil {
		return at, err
	}
	x.log.Info("the search index is built", "documents", x.snap.live, "took", x.now().Sub(start))
	return at, nil
}

// replace makes a finished generation the one that is searched, and removes
// the one before.
func (x *Index) replace(gen int, path string) error {
	fresh, err := x.openBleve(path, time.Second)
	if err != nil {
		return fmt.Errorf("search: open the new index: %w", err)
	}
	snap, parts, err := snapshotOf(fresh, nil, x.dicts)
	if err != nil {
		return errors.Join(fmt.Errorf("search: read the new index: %w", err), fresh.Close())
	}
	x.mu.Lock()
	old, oldSnap := x.bleve, x.snap
	x.bleve, x.gen, x.snap, x.parts, x.whole, x.broken = fresh, gen, snap, parts, true, nil
	x.state.Add(1)
	x.mu.Unlock()
	clear(x.marks)
	oldSnap.release()
	// Searches under way hold the segments that they read; files of these stay
	// readable after their removal.
	if err := guarded(old.Close); err != nil {
		x.log.Warn("the old search index did not close", "reason", err)
	}
	if err := x.removeBelow(gen); err != nil {
		x.log.Warn("the old search index is still there", "reason", err)
	}
	return nil
}

// removeBelow removes the generations before gen.
func (x *Index) removeBelow(gen int) error {
	gens, err := x.generations()
	for _, old := range gens {
		if old < gen {
			err = errors.Join(err, os.RemoveAll(filepath.Join(x.dir, genName(old))))
		}
	}
	return err
}

// fill indexes the whole catalogue, and writes at as how far it has followed.
func fill(ctx context.Context, store *catalog.Store, into bleve.Index, at Cursor, progress func(done, total int64)) error {
	agencies, err := store.Agencies(ctx)
	if err != nil {
		return err
	}
	stats, err := store.Stats(ctx)
	if err != nil {
		return err
	}
	b := newBatch(store, agencies, into)
	w := startWriters(into)
	b.hand = w.put
	err = b.everything(ctx, agencies, stats.Datasets, progress)
	if err = errors.Join(err, w.end()); err != nil {
		return err
	}
	b.hand = nil
	return b.end(ctx, at)
}

// everything puts the agencies, all drafts, all contracts and all datasets.
func (b *batch) everything(ctx context.Context, agencies []catalog.Agency, total int64, progress func(done, total int64)) error {
	for i := range agencies {
		if err := b.put(b.reader.agency(&agencies[i])); err != nil {
			return err
		}
	}
	if err := b.walk().all(ctx); err != nil {
		return err
	}
	if err := b.reader.eachProcess(ctx, contracts.New(b.store), b.put); err != nil {
		return err
	}
	after, done := "", int64(0)
	for {
		ids, err := b.store.DatasetIDs(ctx, catalog.Filter{After: after, Limit: readDatasets})
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := b.datasets(ctx, ids); err != nil {
			return err
		}
		after, done = ids[len(ids)-1], done+int64(len(ids))
		if progress != nil {
			progress(done, max(done, total))
		}
	}
}

// maxWriters is how many batches are turned into segments at a time: each
// takes a core, and memory.
const maxWriters = 2

// writers write batches to an index that is being built, several at a time.
type writers struct {
	jobs chan *bleve.Batch
	wg   sync.WaitGroup
	mu   sync.Mutex
	err  error // the first that went wrong
}

func startWriters(into bleve.Index) *writers {
	w := &writers{jobs: make(chan *bleve.Batch)}
	for range min(maxWriters, processors.Count()) {
		w.wg.Go(func() {
			for b := range w.jobs {
				if w.failed() != nil {
					continue
				}
				if err := caught(func() error { return into.Batch(b) }); err != nil {
					w.mu.Lock()
					w.err = fmt.Errorf("search: write the index: %w", err)
					w.mu.Unlock()
				}
			}
		})
	}
	return w
}

func (w *writers) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// put hands a batch over; the error is that of an earlier one.
func (w *writers) put(b *bleve.Batch) error {
	if err := w.failed(); err != nil {
		return err
	}
	w.jobs <- b
	return nil
}

// end waits until all is written.
func (w *writers) end() error {
	close(w.jobs)
	w.wg.Wait()
	return w.failed()
}
