package search

import (
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

// scores returns the score of each of the docs of a segment, by document.
func (p *plan) scores(part int, docs *roaring.Bitmap) ([]float32, error) {
	n := len(p.snap.parts[part].facts.ids)
	total, weight := make([]float32, n), make([]float32, n)
	for i := range p.goals {
		g := &p.goals[i]
		for _, wants := range g.forms {
			in := docs
			if p.any || len(g.forms) > 1 || len(wants) > 1 {
				in = roaring.And(docs, formIn(part, wants))
			}
			for _, w := range wants {
				if err := w.weigh(part, in, weight); err != nil {
					return nil, err
				}
			}
		}
		rare := float32(math.Log1p((float64(p.live-g.docs) + 0.5) / (float64(g.docs) + 0.5)))
		for it := docs.Iterator(); it.HasNext(); {
			doc := it.Next()
			w := weight[doc]
			if w == 0 {
				continue
			}
			total[doc] += rare * w / (saturation + w)
			if p.any {
				total[doc] += coordinate
			}
			weight[doc] = 0
		}
	}
	for kind, share := range worth {
		if share == 1 {
			continue
		}
		for it := roaring.And(docs, p.snap.parts[part].facts.of[kind]).Iterator(); it.HasNext(); {
			total[it.Next()] *= share
		}
	}
	return total, nil
}

// weigh adds what the word weighs in each of docs.
func (w *want) weigh(part int, docs *roaring.Bitmap, weight []float32) error {
	for _, l := range w.lists[part] {
		it := l.list.Iterator(true, true, false, nil)
		hits := docs
		if o, ok := it.(segment.OptimizablePostingsIterator); ok {
			if have := o.ActualBitmap(); have != nil {
				if hits = roaring.And(have, docs); hits.IsEmpty() {
					continue
				}
				if hits.GetCardinality() < have.GetCardinality() {
					o.ReplaceActual(hits)
				}
			}
		}
		f := &fields[l.field]
		for {
			post, err := it.Next()
			if err != nil {
				return err
			}
			if post == nil {
				break
			}
			if doc := uint32(post.Number()); hits.Contains(doc) {
				weight[doc] += l.weight * f.boost * float32(post.Frequency()) / f.dampen(post)
			}
		}
	}
	return nil
}

// dampen returns by how much the words of a field count less for its length.
func (f *field) dampen(post segment.Posting) float32 {
	norm := post.Norm() // 1 / sqrt(length)
	if norm <= 0 || math.IsInf(norm, 0) {
		return 1
	}
	return 1 - lengthPart + lengthPart*float32(1/(norm*norm))/f.length
}
