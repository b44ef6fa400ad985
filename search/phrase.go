package search

import (
	"encoding/binary"

	"github.com/RoaringBitmap/roaring/v2"
)

// phraseIn adds to found those of docs, which hold all words, in which these
// follow each other, each at its gap from the first.
func (p *plan) phraseIn(part int, wants []*want, gaps []int, docs, found *roaring.Bitmap) error {
	words := make([]*standing, len(wants))
	for i, w := range wants {
		var err error
		if words[i], err = w.lists[part][0].standing(p.scratch); err != nil { // of a phrase only the word itself counts
			return err
		}
		words[i].gap = uint32(gaps[i])
	}
	for some := range p.scratch.each(docs) {
		for _, doc := range some {
			for _, w := range words {
				w.move(doc)
			}
			if meet(words) {
				found.Add(doc)
			}
		}
	}
	return nil
}

// A standing is where a word of a phrase stands in one document after another.
type standing struct {
	docs   roaring.ManyIntIterable
	places []byte
	starts []uint32
	gap    uint32 // from the first word of the phrase
	room   [256]uint32
	some   []uint32 // documents that come next, in room
	next   int      // number of the first of them
	at     int      // number of the document that places were read up to,
	rest   []byte   // and the places from there on
	all    []uint32 // places in the document
	here   []uint32 // those of them that matter yet
}

// move goes on to a document that holds the word.
func (s *standing) move(doc uint32) {
	for n := len(s.some); n == 0 || s.some[n-1] < doc; n = len(s.some) {
		s.next += n
		s.some = s.room[:s.docs.NextMany(s.room[:])]
		if len(s.some) == 0 { // it holds the word no more than others after it
			s.here = nil
			return
		}
	}
	n := 0
	for s.some[n] != doc {
		n++
	}
	s.some, s.next = s.some[n:], s.next+n
	if start := s.next / placesEvery; start > s.at/placesEvery || s.rest == nil {
		s.at, s.rest = start*placesEvery, s.places[s.starts[start]:]
	}
	var of []byte
	for ; s.at <= s.next; s.at++ {
		n, after := uvarint(s.rest)
		of, s.rest = after[:n], after[n:]
	}
	s.all = s.all[:0]
	for last := uint32(0); len(of) > 0; s.all = append(s.all, last) {
		var more uint32
		more, of = uvarint(of)
		last += more
	}
	s.here = s.all
}

// uvarint cuts a number off b.
func uvarint(b []byte) (n uint32, rest []byte) {
	if b[0] < 0x80 {
		return uint32(b[0]), b[1:]
	}
	v, size := binary.Uvarint(b)
	return uint32(v), b[size:]
}

// meet reports whether the words stand one after another.
func meet(words []*standing) bool {
	first := words[0]
	for _, at := range first.here {
		start, all := at-first.gap, at >= first.gap
		for i := 1; all && i < len(words); i++ {
			all = words[i].stands(start + words[i].gap)
		}
		if all {
			return true
		}
	}
	return false
}

// stands reports whether the word stands at a place, which is not before that of
// the last call.
func (s *standing) stands(place uint32) bool {
	for len(s.here) > 0 && s.here[0] < place {
		s.here = s.here[1:]
	}
	return len(s.here) > 0 && s.here[0] == place
}
