package search

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
)

// search answers a query from the snapshot.
func (s *snapshot) search(ctx context.Context, q *Query, w window) (Result, error) {
	res := Result{Hits: []Hit{}}
	t := parse(q.Text)
	res.Cut = t.cut
	p := newPlan(s, q)
	defer s.rooms.Put(p.scratch)
	docs, err := p.run(ctx, &t, &res)
	if err != nil {
		return res, fmt.Errorf("search: %w", err)
	}
	res.Marks = p.highlighter()
	var count *counter
	if q.Facets {
		count = s.counter()
	}
	best := &top{order: w.order, n: w.skip + w.size}
	rest := int64(0) // results after the cursor
	for i := range s.parts {
		if err := ctx.Err(); err != nil {
			return res, fmt.Errorf("search: %w", err)
		}
		n := s.narrow(q, &s.parts[i])
		hits := n.apply(docs[i], -1)
		res.Total += int64(hits.GetCardinality())
		if count != nil {
			count.add(&s.parts[i], docs[i], &n, p.scratch)
		}
		more, err := p.collect(i, hits, &w, best)
		if err != nil {
			return res, fmt.Errorf("search: %w", err)
		}
		rest += more
	}
	if count != nil {
		res.Facets = count.facets(q)
	}
	return res, s.page(&res, best.sorted(), rest, &w)
}

// collect offers the hits of a segment, those after the cursor where there is
// one, and returns how many these are.
func (p *plan) collect(part int, hits *roaring.Bitmap, w *window, best *top) (int64, error) {
	var scores []float32
	if w.order == byScore && len(p.goals) > 0 && !hits.IsEmpty() {
		var err error
		if scores, err = p.scores(part, hits); err != nil {
			return 0, err
		}
	}
	f, n := p.snap.parts[part].facts, int64(0)
	r := rank{piece: part}
	last := best.last()
	for some := range p.scratch.each(hits) {
		for _, doc := range some {
			if scores != nil {
				if r.score = scores[doc]; r.score < last.score && w.after == nil {
					continue
				}
			}
			if r.date = f.dates[doc]; w.order == byDate && r.date < last.date && w.after == nil {
				continue
			}
			r.doc, r.id = doc, f.ids[doc]
			if w.order == byTitle {
				r.title = f.title(doc, w.lang)
			}
			if w.after != nil && w.order.compare(&r, w.after) <= 0 {
				continue
			}
			n++
			best.offer(&r)
			last = best.last()
		}
	}
	if w.after == nil {
		n = int64(hits.GetCardinality())
	}
	return n, nil
}

// page turns the documents of the page into hits.
func (s *snapshot) page(res *Result, ranks []rank, rest int64, w *window) error {
	if len(ranks) <= w.skip {
		return nil
	}
	ranks = ranks[w.skip:]
	for i := range ranks {
		r := &ranks[i]
		p := &s.parts[r.piece]
		id, err := p.seg.DocID(uint64(r.doc))
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		res.Hits = append(res.Hits, Hit{Kind: kinds[p.facts.kinds[r.doc]], ID: string(id), Score: float64(r.score)})
	}
	if rest > int64(w.skip+len(ranks)) {
		res.Next = w.order.cursor(&ranks[len(ranks)-1])
	}
	return nil
}

// run finds the documents of a text, by segment: those that satisfy all of it,
// else, where nothing does, those that come near. res is told how.
func (p *plan) run(ctx context.Context, t *tree, res *Result) ([]*roaring.Bitmap, error) {
	if err := p.set(ctx, t); err != nil {
		return nil, err
	}
	docs, err := p.matches(ctx)
	if err == nil && p.byKind {
		res.Kinds = p.snap.count(docs)
	}
	if err != nil || !t.asked || p.found > 0 && len(t.clauses)+len(t.excluded) > 0 {
		return docs, err
	}
	if len(t.clauses) == 0 { // nothing but stop words or marks
		for i := range docs {
			docs[i] = roaring.New()
		}
		return docs, nil
	}
	return p.relax(ctx, t, res)
}

// count counts documents, given by segment, by their kind.
func (s *snapshot) count(docs []*roaring.Bitmap) map[string]int64 {
	all := make(map[string]int64, kindCount)
	for kind, name := range kinds {
		for i := range s.parts {
			all[name] += int64(docs[i].AndCardinality(s.parts[i].facts.of[kind]))
		}
	}
	return all
}
