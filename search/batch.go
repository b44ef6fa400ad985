package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/blevesearch/bleve/v2"
	"github.com/goccy/go-json"
)

// A batch collects documents and writes them when there are enough.
type batch struct {
	store  *catalog.Store
	reader *reader
	talk   *consultation.Consultation
	into   bleve.Index
	out    *bleve.Batch
	text   int                      // bytes of text in out
	inOut  map[string]bool          // ids that out says something of
	live   *Index                   // that into is searched through; nil for one that is being built
	hand   func(*bleve.Batch) error // takes full batches instead of into, where it is set
}

// batch returns a batch of changes to the index that is searched.
func (x *Index) batch(ctx context.Context, store *catalog.Store) (*batch, error) {
	agencies, err := store.Agencies(ctx)
	if err != nil {
		return nil, err
	}
	b := newBatch(store, agencies, x.bleve)
	b.live = x
	return b, nil
}

func newBatch(store *catalog.Store, agencies []catalog.Agency, into bleve.Index) *batch {
	return &batch{store: store, reader: newReader(agencies), talk: consultation.New(store), into: into, out: into.NewBatch(), inOut: map[string]bool{}}
}

// datasets puts the visible ones of the datasets and deletes the others.
func (b *batch) datasets(ctx context.Context, ids []string) error {
	for len(ids) > 0 {
		n := min(len(ids), readDatasets)
		found, err := b.store.DatasetsByID(ctx, ids[:n], true)
		if err != nil {
			return err
		}
		at := 0
		for _, id := range ids[:n] {
			if at < len(found) && found[at].ID == id {
				err = b.put(b.reader.dataset(&found[at]))
				at++
			} else {
				err = b.remove(id)
			}
			if err != nil {
				return err
			}
		}
		ids = ids[n:]
	}
	return nil
}

// agency puts an agency, or deletes it when it is not to be seen, and puts its
// datasets and drafts, which are found by its name.
func (b *batch) agency(ctx context.Context, id string) error {
	a, err := b.store.Agency(ctx, id)
	switch {
	case errors.Is(err, catalog.ErrNotFound):
		if err := b.remove(id); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		if err := b.put(b.reader.agency(&a)); err != nil {
			return err
		}
	}
	after := ""
	for {
		ids, err := b.store.DatasetIDs(ctx, catalog.Filter{Agency: id, After: after, Limit: readDatasets})
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return b.ofAgency(ctx, id)
		}
		if err := b.datasets(ctx, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// put adds a document, unless the index has it as it is.
func (b *batch) put(e *entry) error {
	if b.live != nil && !b.inOut[e.id] {
		same, err := b.live.has(e.id, e.facts.hash)
		if err != nil || same {
			return err
		}
	}
	if err := b.out.IndexAdvanced(e.document()); err != nil {
		return fmt.Errorf("search: index %s: %w", e.id, err)
	}
	b.text += e.size()
	return b.added(e.id)
}

func (b *batch) remove(id string) error {
	b.out.Delete(id)
	return b.added(id)
}

func (b *batch) added(id string) error {
	b.inOut[id] = true
	if b.out.Size() < maxBatchDocs && b.text < maxBatchText {
		return nil
	}
	return b.write()
}

// write writes what was collected.
func (b *batch) write() error {
	b.text = 0
	clear(b.inOut)
	if b.hand != nil {
		full := b.out
		b.out = b.into.NewBatch()
		return b.hand(full)
	}
	if err := b.into.Batch(b.out); err != nil {
		return fmt.Errorf("search: write the index: %w", err)
	}
	b.out.Reset()
	if b.live == nil {
		return nil
	}
	return b.live.refresh()
}

// end writes the rest, and how far the index has followed.
func (b *batch) end(ctx context.Context, at Cursor) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	cursor, err := json.Marshal(at)
	if err != nil {
		return err
	}
	b.out.SetInternal([]byte(cursorKey), cursor)
	return b.write()
}

// has reports whether the index holds a document with this hash.
func (x *Index) has(id string, hash uint64) (bool, error) {
	snap, err := x.acquire()
	if err != nil {
		return false, err
	}
	defer snap.release()
	p, doc, ok, err := snap.find(id)
	return ok && p.facts.hashes[doc] == hash, err
}

// holds reports whether the index holds a document.
func (x *Index) holds(id string) (bool, error) {
	snap, err := x.acquire()
	if err != nil {
		return false, err
	}
	defer snap.release()
	_, _, ok, err := snap.find(id)
	return ok, err
}

// find returns where a document stands.
func (s *snapshot) find(id string) (p *piece, doc uint32, ok bool, err error) {
	for i := range s.parts {
		p = &s.parts[i]
		docs, err := p.seg.DocNumbers([]string{id})
		if err != nil {
			return nil, 0, false, err
		}
		docs.And(p.alive)
		if !docs.IsEmpty() {
			return p, docs.Minimum(), true, nil
		}
	}
	return nil, 0, false, nil
}
