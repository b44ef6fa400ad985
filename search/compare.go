package search

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
)

// Compare reads the whole catalogue and counts the visible things that the
// index does not have, the documents of things that are not to be seen, and
// those that are not as the catalogue has it now.
func (x *Index) Compare(ctx context.Context, store *catalog.Store) (missing, extra, stale int64, err error) {
	snap, err := x.acquire()
	if err != nil {
		return 0, 0, 0, err
	}
	defer snap.release()
	c := comparison{left: map[[16]byte]uint64{}}
	for i := range snap.parts {
		p := &snap.parts[i]
		for it := p.alive.Iterator(); it.HasNext(); {
			doc := it.Next()
			c.left[p.facts.ids[doc]] = p.facts.hashes[doc]
		}
	}
	err = c.catalogue(ctx, store)
	return c.missing, int64(len(c.left)), c.stale, err
}

// A comparison strikes out of left what the catalogue has.
type comparison struct {
	left           map[[16]byte]uint64 // hashes of documents by id
	missing, stale int64
}

func (c *comparison) catalogue(ctx context.Context, store *catalog.Store) error {
	agencies, err := store.Agencies(ctx)
	if err != nil {
		return err
	}
	r := newReader(agencies)
	for i := range agencies {
		c.see(r.agency(&agencies[i]))
	}
	see := func(e *entry) error {
		c.see(e)
		return nil
	}
	w := draftWalk{talk: consultation.New(store), reader: r, see: see}
	if err := w.all(ctx); err != nil {
		return err
	}
	if err := r.eachProcess(ctx, contracts.New(store), see); err != nil {
		return err
	}
	after := ""
	for {
		ids, err := store.DatasetIDs(ctx, catalog.Filter{After: after, Limit: readDatasets})
		if err != nil || len(ids) == 0 {
			return err
		}
		found, err := store.DatasetsByID(ctx, ids, true)
		if err != nil {
			return err
		}
		for i := range found {
			c.see(r.dataset(&found[i]))
		}
		after = ids[len(ids)-1]
	}
}

func (c *comparison) see(e *entry) {
	key := idKey(e.id)
	hash, ok := c.left[key]
	switch {
	case !ok:
		c.missing++
	case hash != e.facts.hash:
		c.stale++
	}
	delete(c.left, key)
}
