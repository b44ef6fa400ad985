package search

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// phraseIn adds to found those of docs, which hold all words, in which these
// follow each other, each at its gap from the first.
func (p *plan) phraseIn(part int, wants []*want, gaps []int, docs, found *roaring.Bitmap) error {
	words := make([]standing, len(wants))
	for i, w := range wants {
		l := w.lists[part][0] // of a phrase only the word itself counts
		ends, places, err := l.standing(p.scratch)
		if err != nil {
			return err
		}
		words[i] = standing{docs: l.docs.Iterator(), ends: ends, places: places, gap: uint32(gaps[i])}
	}
	for it := docs.Iterator(); it.HasNext(); {
		doc := it.Next()
		for i := range words {
			words[i].move(doc)
		}
		if meet(words) {
			found.Add(doc)
		}
	}
	return nil
}

// A standing is where a word of a phrase stands in one document after another.
type standing struct {
	docs   roaring.IntPeekable
	ends   []uint32
	places []uint32
	gap    uint32 // from the first word of the phrase
	next   int    // number of the document that comes next
	here   []uint32
}

// move goes on to a document that holds the word.
func (s *standing) move(doc uint32) {
	for s.docs.Next() != doc {
		s.next++
	}
	s.here = s.places[s.ends[s.next]:s.ends[s.next+1]]
	s.next++
}

// meet reports whether the words stand one after another.
func meet(words []standing) bool {
	for _, at := range words[0].here {
		start, all := at-words[0].gap, at >= words[0].gap
		for i := 1; all && i < len(words); i++ {
			_, all = slices.BinarySearch(words[i].here, start+words[i].gap)
		}
		if all {
			return true
		}
	}
	return false
}
