package search

import (
	"cmp"
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
	all := s.narrowed(q, docs)
	for i := range all {
		res.Total += int64(all[i].hits.GetCardinality())
	}
	facets := s.counting(ctx, q, all, res.Total)
	best := &top{order: w.order, n: w.skip + w.size}
	rest, err := p.order(ctx, all, &w, best)
	counts, countErr := facets() // also after an error: it reads what the caller gives back
	if err = cmp.Or(err, countErr); err != nil {
		return res, fmt.Errorf("search: %w", err)
	}
	res.Facets = counts
	return res, s.page(&res, best.sorted(), rest, &w)
}

// found is what a query finds in a segment: what its text does, and what its
// filters leave of that.
type found struct {
	docs, hits *roaring.Bitmap
	by         narrowing
}

func (s *snapshot) narrowed(q *Query, docs []*roaring.Bitmap) []found {
	all := make([]found, len(s.parts))
	for i := range all {
		by := s.narrow(q, &s.parts[i])
		all[i] = found{docs[i], by.apply(docs[i], -1), by}
	}
	return all
}

// countBeside is from how many results on their facets are counted while they are
// put in order; below, a second goroutine costs more than it saves.
const countBeside = 5000

// counting counts the facets of what was found and gives the function that waits
// for them, which must be called.
func (s *snapshot) counting(ctx context.Context, q *Query, all []found, total int64) func() ([]Facet, error) {
	if !q.Facets {
		return func() ([]Facet, error) { return nil, nil }
	}
	var facets []Facet
	count := func() error {
		room := s.scratch()
		defer s.rooms.Put(room)
		c := s.counter()
		for i := range all {
			if err := ctx.Err(); err != nil {
				return err
			}
			c.add(&s.parts[i], &all[i], room)
		}
		facets = c.facets(q)
		return nil
	}
	if total < countBeside {
		return func() ([]Facet, error) {
			err := count()
			return facets, err
		}
	}
	done := make(chan error, 1)
	go func() { done <- caught(count) }()
	return func() ([]Facet, error) {
		err := <-done
		return facets, err
	}
}

// order offers what was found, and returns how many results there are after the
// cursor.
func (p *plan) order(ctx context.Context, all []found, w *window, best *top) (rest int64, err error) {
	for i := range all {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		more, err := p.collect(i, all[i].hits, w, best)
		if err != nil {
			return 0, err
		}
		rest += more
	}
	return rest, nil
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
