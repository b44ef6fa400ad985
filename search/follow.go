package search

import (
	"context"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"

	"github.com/blevesearch/bleve/v2"
	"github.com/goccy/go-json"
)

// A Cursor says how far an index has followed the catalogue's changes.
type Cursor struct {
	Epoch string `json:"epoch"`
	Seq   int64  `json:"seq"`
}

// How much is read and written at once: the memory that following takes.
const (
	maxChanges   = 5000    // changes read at once
	maxBatchDocs = 500     // documents in a batch, of which each takes some 40 kB until it is written
	maxBatchText = 4 << 20 // bytes of text in a batch
	readDatasets = 250     // datasets read at once
	followEvery  = time.Second
	retryEvery   = 15 * time.Second
)

// Cursor returns how far the index has followed; it is zero while the index
// holds nothing whole.
func (x *Index) Cursor() (Cursor, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.snap == nil {
		return Cursor{}, errClosed
	}
	return cursorOf(x.bleve)
}

func cursorOf(ix bleve.Index) (Cursor, error) {
	var c Cursor
	b, err := ix.GetInternal([]byte(cursorKey))
	if err != nil || len(b) == 0 {
		return c, err
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return Cursor{}, nil //nolint:nilerr // a cursor that cannot be read is none
	}
	return c, nil
}

// Lag returns how many changes of the catalogue the index does not show yet,
// and whether it is whole: built once from this catalogue.
func (x *Index) Lag(ctx context.Context, store *catalog.Store) (lag int64, whole bool, err error) {
	c, err := x.Cursor()
	if err != nil {
		return 0, false, err
	}
	epoch, err := store.Epoch(ctx)
	if err != nil {
		return 0, false, err
	}
	last, err := store.LastSeq(ctx)
	if err != nil {
		return 0, false, err
	}
	if c.Epoch != epoch {
		return last, false, nil
	}
	return last - c.Seq, true, nil
}

// Follow keeps the index up to date, and mends it, until ctx ends. What goes
// wrong is logged and tried again.
func (x *Index) Follow(ctx context.Context, store *catalog.Store) error {
	wait := time.NewTimer(0)
	defer wait.Stop()
	alarmed := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-wait.C:
		case <-x.alarm:
			alarmed = true
		}
		every := followEvery
		err := x.caughtUp(ctx, store, alarmed)
		alarmed = false
		if err != nil && ctx.Err() == nil {
			x.log.Error("the search index does not follow the catalogue", "reason", err, "again_in", retryEvery)
			every = retryEvery
		}
		wait.Reset(every)
	}
}

// caughtUp mends the index where needed and applies the changes; with alarmed
// set every byte is looked at first.
func (x *Index) caughtUp(ctx context.Context, store *catalog.Store, alarmed bool) error {
	if _, err := x.Mend(ctx, store, alarmed); err != nil {
		return err
	}
	return x.CatchUp(ctx, store, nil)
}

// CatchUp applies the changes of the catalogue that the index has not seen.
// An index of another catalogue, or one that missed changes, is built anew
// while the old one goes on answering. progress, where given, is told of the
// changes or documents done.
func (x *Index) CatchUp(ctx context.Context, store *catalog.Store, progress func(done, total int64)) error {
	x.follow.Lock()
	defer x.follow.Unlock()
	return x.alarmed(caught(func() error { return x.catchUp(ctx, store, progress) }))
}

func (x *Index) catchUp(ctx context.Context, store *catalog.Store, progress func(done, total int64)) error {
	at, err := x.Cursor()
	if err != nil {
		return err
	}
	epoch, err := store.Epoch(ctx)
	if err != nil {
		return err
	}
	last, err := store.LastSeq(ctx)
	if err != nil {
		return err
	}
	if at.Epoch != epoch || at.Seq > last {
		if at, err = x.rebuild(ctx, store, progress); err != nil {
			return err
		}
	}
	start := at.Seq
	for {
		changes, err := store.Changes(ctx, at.Seq, maxChanges)
		if err != nil || len(changes) == 0 {
			return err
		}
		if changes[0].Seq != at.Seq+1 { // what lies between was removed from the list
			if at, err = x.rebuild(ctx, store, progress); err != nil {
				return err
			}
			continue
		}
		at.Seq = changes[len(changes)-1].Seq
		if err := x.apply(ctx, store, changes, at); err != nil {
			return err
		}
		if progress != nil {
			progress(at.Seq-start, max(last, at.Seq)-start)
		}
	}
}

// apply writes what the changes left behind in the catalogue, and the cursor
// with the last of it: a crash in between repeats work and loses none.
func (x *Index) apply(ctx context.Context, store *catalog.Store, changes []catalog.Change, to Cursor) error {
	b, err := x.batch(ctx, store)
	if err != nil {
		return err
	}
	changed := map[string][]string{} // ids by noun
	seen := map[string]bool{}
	for _, c := range changes {
		if !seen[c.ID] {
			seen[c.ID] = true
			changed[c.Noun] = append(changed[c.Noun], c.ID)
		}
	}
	for _, id := range changed[catalog.NounAgency] {
		if err := b.agency(ctx, id); err != nil {
			return err
		}
	}
	if err := b.datasets(ctx, changed[catalog.NounDataset]); err != nil {
		return err
	}
	drafts, err := b.talk.DraftsOf(ctx, changed[consultation.NounVersion])
	if err != nil {
		return err
	}
	for _, id := range changed[consultation.NounDraft] {
		if !slices.Contains(drafts, id) {
			drafts = append(drafts, id)
		}
	}
	if err := b.drafts(ctx, drafts); err != nil {
		return err
	}
	if err := b.comments(ctx, changed[consultation.NounComment]); err != nil {
		return err
	}
	if err := b.processes(ctx, changed[contracts.NounProcess]); err != nil {
		return err
	}
	return b.end(ctx, to)
}
