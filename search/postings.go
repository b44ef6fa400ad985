package search

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// weightUnit is by how much weights are multiplied to be kept as whole numbers.
const weightUnit = 128

// maxWeight is far above what saturates a score.
const maxWeight = 32 * saturation * weightUnit

// weightOf returns the frequency as which Bleve keeps a weight.
func weightOf(weight float32) int { return min(max(int(weight*weightUnit+0.5), 1), maxWeight) }

// postings are the documents of a segment that hold a term, what it weighs in
// each and where it stands, which is read when it is first asked for.
type postings struct {
	docs *roaring.Bitmap // deleted ones too; not to be changed
	list segment.PostingsList
	in   *lexicon
	size int // bytes, for in, which guards it

	mu     sync.Mutex
	heavy  []uint16 // weights by the order of docs
	places []byte   // of each document: how many bytes follow, the first one, how far each is from the one before; nil until read
	starts []uint32 // in places, of each placesEvery-th document
}

// placesEvery is how many documents there are from one start to the next.
const placesEvery = 64

// weights returns what the term weighs in each of docs, in weightUnits. s is the
// caller's alone.
func (p *postings) weights(s *scratch) ([]uint16, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.heavy == nil {
		if err := p.read(s, false); err != nil {
			return nil, err
		}
	}
	return p.heavy, nil
}

// standing returns the places where the term stands in docs, as a reader of them
// wants it. s is the caller's alone.
func (p *postings) standing(s *scratch) (*standing, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.places == nil {
		if err := p.read(s, true); err != nil {
			return nil, err
		}
	}
	return &standing{docs: p.docs.ManyIterator(), places: p.places, starts: p.starts}, nil
}

func (p *postings) read(s *scratch, standing bool) error {
	n := int(p.docs.GetCardinality())
	heavy := make([]uint16, 0, n)
	var places []byte
	var starts []uint32
	if standing {
		places, starts = make([]byte, 0, 4*n), make([]uint32, 0, n/placesEvery+1)
	}
	var here []uint64
	var packed []byte
	for s.postings = p.list.Iterator(true, true, standing, s.postings); ; {
		post, err := s.postings.Next()
		if err != nil {
			return err
		}
		if post == nil {
			break
		}
		if standing && len(heavy)%placesEvery == 0 {
			starts = append(starts, uint32(len(places)))
		}
		heavy = append(heavy, uint16(post.Frequency()))
		if !standing {
			continue
		}
		here = here[:0]
		for _, l := range post.Locations() {
			here = append(here, l.Pos())
		}
		slices.Sort(here)
		last := uint64(0)
		packed = packed[:0]
		for _, at := range here {
			packed = binary.AppendUvarint(packed, at-last)
			last = at
		}
		places = append(binary.AppendUvarint(places, uint64(len(packed))), packed...)
	}
	if len(heavy) != n {
		return errPostings
	}
	p.heavy = heavy
	if standing {
		p.places, p.starts = bytes.Clone(places), starts // without room to grow
	}
	p.in.grew(p, 2*len(heavy)+len(places)+4*len(starts))
	return nil
}

// A lexicon keeps the postings of the words of a segment that were asked for
// last, in the segment's mapped memory where that is possible: who uses them
// holds a snapshot with the segment.
type lexicon struct {
	mu         sync.Mutex
	young, old map[string]*postings // those used since the last time that young was full, and before
	room, used int                  // bytes that young may take, and does
}

// What a lexicon takes at most is twice so much.
const (
	lexiconLeast  = 64 << 10 // bytes
	lexiconPerDoc = 128      // bytes
	postingsBytes = 300      // about, without what is read of them
)

func newLexicon(docs int) *lexicon {
	return &lexicon{room: lexiconLeast + docs*lexiconPerDoc, young: map[string]*postings{}}
}

// get returns the postings of a term, nil where the segment does not hold it.
// dict is the segment's, and the caller's alone.
func (l *lexicon) get(term string, dict segment.TermDictionary) (*postings, error) {
	if p := l.known(term); p != nil {
		return p, nil
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil || list.Count() == 0 {
		return nil, err
	}
	p := &postings{list: list, docs: roaring.New(), in: l, size: postingsBytes}
	if it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator); ok {
		if all := it.ActualBitmap(); all != nil {
			p.docs = all
		} else if n, ok := it.DocNum1Hit(); ok {
			p.docs.Add(uint32(n))
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put(term, p)
	return p, nil
}

func (l *lexicon) known(term string) *postings {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.young[term]
	if p == nil {
		if p = l.old[term]; p != nil {
			l.put(term, p)
		}
	}
	return p
}

func (l *lexicon) put(term string, p *postings) {
	l.young[term] = p
	l.took(p.size)
}

// grew counts what was read of postings.
func (l *lexicon) grew(p *postings, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p.size += bytes
	l.took(bytes)
}

func (l *lexicon) took(bytes int) {
	if l.used += bytes; l.used > l.room {
		l.old, l.young, l.used = l.young, map[string]*postings{}, 0
	}
}
