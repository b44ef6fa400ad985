package builtin

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// Kept is how long an edition is good while things change; after that it is
// frozen anew when somebody asks for it.
const Kept = 10 * time.Minute

const (
	tick       = time.Second      // how often what was taken away is looked for
	patience   = 10 * time.Second // how long who asks waits for a table that there is not
	eraseAfter = time.Hour        // rows that no edition has stay for this long: a backup may be reading them
	attempts   = 5                // at a table from which things are taken while it is read
)

// Tables keeps editions of what the portal knows.
type Tables struct {
	store *catalog.Store
	files *datasets.Files
	drop  func(digest string) // exports of rows that are erased
	kinds []Kind

	mu      sync.Mutex
	asked   map[string]bool // by name of the table
	first   map[string]bool // likewise: it is looked whether there are rows by now
	follows bool            // Follow does what is asked for
	wake    chan struct{}
	turned  chan struct{} // closed after each turn of Follow

	work sync.Mutex // one turn at a time
}

// New returns the Tables of a portal. drop is told the digests of rows that are
// erased, so that exports of them go too.
func New(store *catalog.Store, files *datasets.Files, drop func(digest string)) *Tables {
	return &Tables{
		store: store, files: files, drop: drop, kinds: Kinds(),
		asked: map[string]bool{}, first: map[string]bool{}, wake: make(chan struct{}, 1), turned: make(chan struct{}),
	}
}

// Ask says that somebody is about to read the dataset or resource with the id.
// An edition that is older than Kept, and than something that changed, is frozen
// anew: by Follow where it runs, else before Ask returns. Where there is none,
// because it is the first or something was just taken away, Ask waits a while.
// It reports whether there may be another edition than before. Other ids and a
// nil Tables are nothing to do.
func (t *Tables) Ask(ctx context.Context, id string) (renewed bool, err error) {
	if t == nil || !catalog.IsBuiltin(id) {
		return false, nil
	}
	for i := range t.kinds {
		if k := &t.kinds[i]; id == catalog.BuiltinDataset(k.Name) || id == catalog.BuiltinResource(k.Name) {
			return t.ask(ctx, k)
		}
	}
	return false, nil
}

func (t *Tables) ask(ctx context.Context, k *Kind) (renewed bool, err error) {
	state, err := t.look(ctx, k)
	if err != nil || state == fresh {
		return false, err
	}
	t.mu.Lock()
	t.asked[k.Name] = true
	follows, turned := t.follows, t.turned
	t.mu.Unlock()
	if !follows {
		return true, t.turn(ctx)
	}
	select {
	case t.wake <- struct{}{}:
	default: // it is awake
	}
	if state == stale {
		return false, nil
	}
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for state == absent {
		select {
		case <-turned:
		case <-limit.C:
			return true, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
		t.mu.Lock()
		turned = t.turned
		t.mu.Unlock()
		if state, err = t.look(ctx, k); err != nil {
			return false, err
		}
	}
	return true, nil
}

// How an edition stands.
type freshness int

const (
	absent  freshness = iota // there is none
	missing                  // there is not even a dataset
	stale
	fresh
)

// look tells how the edition of a table stands.
func (t *Tables) look(ctx context.Context, k *Kind) (freshness, error) {
	digest, there, err := t.store.BuiltinEdition(ctx, k.Name)
	switch {
	case err != nil:
		return absent, err
	case !there:
		return missing, nil
	case digest == "":
		return absent, nil
	}
	since, err := t.store.Standing(ctx, k.Name)
	if err != nil || t.store.Now().Sub(since.At) < Kept && !t.store.Now().Before(since.At) {
		return fresh, err
	}
	epoch, err := t.store.Epoch(ctx)
	if err != nil || epoch != since.Epoch {
		return stale, err
	}
	changed, err := k.Changed(ctx, t.store, since)
	if err != nil || changed || since.Mended {
		return stale, err
	}
	return fresh, nil
}

// Follow freezes what is asked for, and what has no edition, until ctx ends.
func (t *Tables) Follow(ctx context.Context) error {
	t.mu.Lock()
	t.follows = true
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		t.follows = false
		t.mu.Unlock()
	}()
	pause := time.NewTicker(tick)
	defer pause.Stop()
	for made := (time.Time{}); ctx.Err() == nil; {
		now := t.store.Now()
		first := now.Sub(made) >= Kept || now.Before(made)
		if first {
			made = now
		}
		if err := t.due(ctx, first); err != nil {
			return err
		}
		select {
		case <-t.wake:
		case <-pause.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// due takes a turn when there is something to do in it. With first, tables that
// have their first row by now are made too.
func (t *Tables) due(ctx context.Context, first bool) error {
	t.mu.Lock()
	some := first || len(t.asked) > 0
	if first {
		for i := range t.kinds {
			t.first[t.kinds[i].Name] = true
		}
	}
	t.mu.Unlock()
	if !some {
		var err error
		if some, err = t.store.BuiltinClosed(ctx); err != nil || !some {
			return err
		}
	}
	return t.turn(ctx)
}

// Renew freezes all tables that have rows. A nil Tables has none.
func (t *Tables) Renew(ctx context.Context) error {
	if t == nil {
		return nil
	}
	t.work.Lock()
	defer t.work.Unlock()
	for i := range t.kinds {
		k := &t.kinds[i]
		state, err := t.look(ctx, k)
		if err == nil && state == missing {
			state, err = t.make(ctx, k)
		}
		if err == nil && state != missing {
			err = t.freeze(ctx, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// turn does what is to be done now.
func (t *Tables) turn(ctx context.Context) error {
	t.work.Lock()
	defer t.work.Unlock()
	defer func() {
		t.mu.Lock()
		close(t.turned)
		t.turned = make(chan struct{})
		t.mu.Unlock()
	}()
	var faults []error
	for i := range t.kinds {
		faults = append(faults, t.freezeIf(ctx, &t.kinds[i]))
	}
	return errors.Join(append(faults, t.erase(ctx))...)
}

// freezeIf freezes a table that has no edition, and one that is stale and was
// asked for.
func (t *Tables) freezeIf(ctx context.Context, k *Kind) error {
	t.mu.Lock()
	asked, first := t.asked[k.Name], t.first[k.Name]
	delete(t.asked, k.Name)
	delete(t.first, k.Name)
	t.mu.Unlock()
	state, err := t.look(ctx, k)
	if err == nil && state == missing && (asked || first) {
		state, err = t.make(ctx, k)
	}
	if err == nil && (state == absent || state == stale && asked) {
		err = t.freeze(ctx, k)
	}
	return err
}

// make makes the dataset of a table that has rows.
func (t *Tables) make(ctx context.Context, k *Kind) (freshness, error) {
	table, err := k.Table(ctx, t.store)
	if err != nil || table.Rows == 0 {
		return missing, err
	}
	err = t.store.Write(ctx, func(tx *catalog.Tx) error { return tx.PutBuiltin(&k.Builtin) })
	return absent, err
}

// erase erases the rows that no edition has any more.
func (t *Tables) erase(ctx context.Context) error {
	digests, err := t.store.Erasable(ctx, t.store.Now().Add(-eraseAfter))
	if err != nil {
		return err
	}
	for _, digest := range digests {
		if err := t.eraseOne(ctx, digest); err != nil {
			return err
		}
	}
	return nil
}

// eraseOne erases rows unless an edition has them.
func (t *Tables) eraseOne(ctx context.Context, digest string) error {
	unused := false
	err := t.store.Write(ctx, func(tx *catalog.Tx) (err error) {
		unused, err = tx.Erase(digest)
		return err
	})
	if err != nil || !unused {
		return err
	}
	t.drop(digest)
	return t.files.EraseRows(digest)
}
