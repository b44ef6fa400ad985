package search

import (
	"iter"
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// The score of a document is BM25F: what a word weighs in all fields of the
// document together, boosted and made comparable by the length of the field,
// is bounded by saturation and multiplied by how rare the clause is.
const (
	saturation = 8
	lengthPart = 0.5 // how much a long field counts against its words
	coordinate = 2   // what each satisfied clause counts when not all must be
)

// scores returns the score of each of the docs of a segment, by document. They
// hold until the next segment.
func (p *plan) scores(part int, docs *roaring.Bitmap) ([]float32, error) {
	s := p.scratch
	s.clear(len(p.snap.parts[part].facts.ids))
	for i := range p.goals {
		g := &p.goals[i]
		if err := p.weigh(part, g, docs); err != nil {
			return nil, err
		}
		rare := float32(math.Log1p((float64(p.live-g.docs) + 0.5) / (float64(g.docs) + 0.5)))
		for some := range s.each(docs) {
			for _, doc := range some {
				if w := s.weight[doc]; w != 0 {
					s.total[doc] += rare * w / (saturation + w)
					if p.any {
						s.total[doc] += coordinate
					}
				}
			}
		}
		clear(s.weight)
	}
	for kind, share := range worth {
		if share == 1 {
			continue
		}
		for it := roaring.And(docs, p.snap.parts[part].facts.of[kind]).Iterator(); it.HasNext(); {
			s.total[it.Next()] *= share
		}
	}
	return s.total, nil
}

// weigh adds up what a goal weighs in each of docs; what it weighs in others
// means nothing. Words of a form count where all of them stand.
func (p *plan) weigh(part int, g *goal, docs *roaring.Bitmap) error {
	s := p.scratch
	if len(g.forms) == 1 && (len(g.forms[0]) == 1 || !p.any) { // all docs hold the words
		return s.add(part, g.forms[0], s.weight)
	}
	for _, wants := range g.forms {
		if err := s.add(part, wants, s.form); err != nil {
			return err
		}
		for some := range s.each(roaring.And(docs, p.formIn(part, wants))) {
			for _, doc := range some {
				s.weight[doc] += s.form[doc]
			}
		}
		clear(s.form)
	}
	return nil
}

// A scratch is room for one search: for the weights of the documents of a
// segment, by document, and for what is read of it.
type scratch struct {
	total, weight, form []float32
	docs                [1024]uint32
	postings            segment.PostingsIterator // has room for the places of a word
}

// clear makes room for n documents, all of them 0.
func (s *scratch) clear(n int) {
	for _, room := range []*[]float32{&s.total, &s.weight, &s.form} {
		if cap(*room) < n {
			*room = make([]float32, n)
		}
		*room = (*room)[:n]
		clear(*room)
	}
}

// each gives the documents of a bitmap, many at a time, until the next is asked for.
func (s *scratch) each(docs *roaring.Bitmap) iter.Seq[[]uint32] {
	return func(yield func([]uint32) bool) {
		it := docs.ManyIterator()
		for n := it.NextMany(s.docs[:]); n > 0 && yield(s.docs[:n]); n = it.NextMany(s.docs[:]) {
		}
	}
}

// add adds to room what words weigh in each document of a segment that holds them.
func (s *scratch) add(part int, wants []*want, room []float32) error {
	for _, w := range wants {
		for _, l := range w.lists[part] {
			heavy, err := l.weights(s)
			if err != nil {
				return err
			}
			unit := l.worth / weightUnit
			for some := range s.each(l.docs) {
				for i, doc := range some {
					room[doc] += unit * float32(heavy[i])
				}
				heavy = heavy[len(some):]
			}
		}
	}
	return nil
}

// dampen returns by how much the words of a field of so many words count less.
func (f *field) dampen(length int) float32 {
	if length == 0 {
		return 1
	}
	return 1 - lengthPart + lengthPart*float32(length)/f.length
}
