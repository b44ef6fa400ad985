package search

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// A snapshot is one state of the index: the segments it consists of and the
// facts of their documents. Documents have their numbers in it alone.
type snapshot struct {
	reader index.IndexReader
	parts  []piece
	live   int64 // documents
	names  [valueFacets][]string
	dicts  dicts
	refs   atomic.Int64
	rooms  sync.Pool // of *scratch
}

// A piece is a segment in a snapshot.
type piece struct {
	seg   segment.Segment
	gone  *roaring.Bitmap            // deleted documents, nil for none
	alive *roaring.Bitmap            // the others
	kinds [kindCount]*roaring.Bitmap // of these, by kind
	facts *facts
}

// release gives back a snapshot that acquire returned.
func (s *snapshot) release() {
	if s.refs.Add(-1) == 0 {
		_ = s.reader.Close() // it only counts references
	}
}

// scratch is room for one search, which gives it back to rooms.
func (s *snapshot) scratch() *scratch {
	if room, ok := s.rooms.Get().(*scratch); ok {
		return room
	}
	return &scratch{}
}

// refresh makes the present state of the index the one that is searched.
// Facts of segments that were there before are taken over.
func (x *Index) refresh() error {
	snap, parts, err := snapshotOf(x.bleve, x.parts, x.dicts)
	if err != nil {
		return fmt.Errorf("search: read the index: %w", err)
	}
	x.mu.Lock()
	old := x.snap
	x.snap, x.parts = snap, parts
	x.state.Add(1)
	x.mu.Unlock()
	if old != nil {
		old.release()
	}
	return nil
}

func snapshotOf(from bleve.Index, known map[uint64]*facts, dd dicts) (*snapshot, map[uint64]*facts, error) {
	low, err := from.Advanced()
	if err != nil {
		return nil, nil, err
	}
	r, err := low.Reader()
	if err != nil {
		return nil, nil, err
	}
	state, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, nil, fmt.Errorf("the index gives a %T", r)
	}
	snap := &snapshot{reader: r, dicts: dd}
	snap.refs.Store(1)
	parts := map[uint64]*facts{}
	for _, seg := range state.Segments() {
		f := known[seg.Id()]
		if f == nil {
			if f, err = readFacts(seg.Segment(), dd); err != nil {
				snap.release()
				return nil, nil, err
			}
			f.weigh()
		}
		parts[seg.Id()] = f
		p := piece{seg: seg.Segment(), gone: seg.Deleted(), facts: f, alive: roaring.New()}
		p.alive.AddRange(0, uint64(len(f.ids)))
		p.kinds = f.of
		if p.gone != nil {
			p.alive.AndNot(p.gone)
			for kind, docs := range f.of {
				p.kinds[kind] = roaring.AndNot(docs, p.gone)
			}
		}
		snap.live += int64(p.alive.GetCardinality())
		snap.parts = append(snap.parts, p)
	}
	for i, d := range dd {
		snap.names[i] = d.list()
	}
	return snap, parts, nil
}

// readFacts reads the stored facts of all documents of a segment.
func readFacts(seg segment.Segment, dd dicts) (*facts, error) {
	n := seg.Count()
	f := newFacts(int(n))
	var id, stored []byte // copies: what a visitor is given is used again
	visit := func(field string, _ byte, value []byte, _ []uint64) bool {
		switch field {
		case "_id":
			id = append(id[:0], value...)
		case factsField:
			stored = append(stored[:0], value...)
		}
		return true
	}
	for doc := range n {
		id, stored = id[:0], stored[:0]
		if err := seg.VisitStoredFields(doc, visit); err != nil {
			return nil, err
		}
		if err := f.add(string(id), stored, dd); err != nil {
			return nil, err
		}
	}
	var err error
	f.titled, err = readVocabulary(seg)
	return f, err
}
