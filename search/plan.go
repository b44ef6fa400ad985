package search

import (
	"context"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// An alt is a term of the index that stands for a word of the query, and what
// it is worth beside the word itself.
type alt struct {
	term   string
	weight float32
}

// What terms are worth that are not the word that was typed.
const (
	stemWeight  = 0.7
	fuzzyWeight = 0.5
)

// alts returns the terms under which documents hold a word: it, its stem, and
// the mark of that stem, which all words of one stem bear.
func alts(word string) []alt {
	list := []alt{{word, 1}}
	root := word
	if s := stem(word); s != "" {
		root = s
		list = append(list, alt{s, stemWeight})
	}
	return append(list, alt{stemMark + root, stemWeight})
}

// A want is a word of the query, looked up in every segment.
type want struct {
	alts  []alt
	lists [][]listed        // by segment
	docs  []*roaring.Bitmap // by segment: where any of the lists holds; nil until asked for
}

// A listed is a term of a segment, and what it is worth beside the word itself.
type listed struct {
	*postings
	worth float32
}

// A goal is a clause, looked up.
type goal struct {
	clause *clause
	forms  [][]*want
	docs   int64 // documents in scope that satisfy it, a phrase apart from the order of its words
}

// A plan is a query, looked up in a snapshot. It is for one goroutine.
type plan struct {
	snap     *snapshot
	dicts    []segment.TermDictionary // by segment
	wants    map[string]*want
	goals    []goal
	excluded []goal
	any      bool              // one goal is enough
	byKind   bool              // whether all kinds are to be counted
	found    int64             // documents in scope that satisfy the goals, before any is excluded
	scope    []*roaring.Bitmap // by segment: the documents that are asked for
	live     int64             // how many these are
	scratch  *scratch
}

// newPlan returns an empty plan for what has the kind that q asks for. Words are
// looked up in all documents, and are as rare as they are among those.
func newPlan(s *snapshot, q *Query) *plan {
	p := &plan{snap: s, dicts: make([]segment.TermDictionary, len(s.parts)), wants: map[string]*want{}, byKind: q.ByKind, scratch: s.scratch()}
	kind, _ := kindNamed(q.Kind)
	for i := range s.parts {
		docs := s.parts[i].of(kind)
		p.scope = append(p.scope, docs)
		p.live += int64(docs.GetCardinality())
	}
	return p
}

// set makes t what the plan looks for.
func (p *plan) set(ctx context.Context, t *tree) (err error) {
	if p.goals, err = p.lookup(ctx, t.clauses); err != nil {
		return err
	}
	p.excluded, err = p.lookup(ctx, t.excluded)
	return err
}

func (p *plan) lookup(ctx context.Context, clauses []clause) ([]goal, error) {
	goals := make([]goal, 0, len(clauses))
	for i := range clauses {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		g := goal{clause: &clauses[i]}
		for _, f := range clauses[i].forms {
			wants := make([]*want, 0, len(f.words))
			for _, word := range f.words {
				w, err := p.want(word, g.clause.phrase)
				if err != nil {
					return nil, err
				}
				wants = append(wants, w)
			}
			g.forms = append(g.forms, wants)
		}
		goals = append(goals, g)
	}
	return goals, nil
}

// want looks a word up. In a phrase it must stand as it was typed.
func (p *plan) want(word string, exact bool) (*want, error) {
	if exact {
		return p.wantAny(word+"\x00exact", []alt{{word, 1}})
	}
	return p.wantAny(word, alts(word))
}

// wantAny looks up terms of which any will do.
func (p *plan) wantAny(key string, list []alt) (*want, error) {
	if w := p.wants[key]; w != nil {
		return w, nil
	}
	w := &want{alts: list, lists: make([][]listed, len(p.snap.parts)), docs: make([]*roaring.Bitmap, len(p.snap.parts))}
	for i := range p.snap.parts {
		dict, err := p.dict(i)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			held, err := p.snap.parts[i].facts.words.get(a.term, dict)
			if err != nil {
				return nil, err
			}
			if held != nil {
				w.lists[i] = append(w.lists[i], listed{held, a.weight})
			}
		}
	}
	p.wants[key] = w
	return w, nil
}

func (p *plan) dict(part int) (segment.TermDictionary, error) {
	d := &p.dicts[part]
	if *d == nil {
		var err error
		if *d, err = p.snap.parts[part].seg.Dictionary(wordsField); err != nil {
			return nil, err
		}
	}
	return *d, nil
}

// in returns the documents of a segment that hold a word, apart from deleted
// ones. The caller does not change it.
func (p *plan) in(part int, w *want) *roaring.Bitmap {
	if w.docs[part] != nil {
		return w.docs[part]
	}
	docs := roaring.New()
	switch lists := w.lists[part]; len(lists) {
	case 0:
	case 1:
		docs = lists[0].docs
	default:
		docs = roaring.Or(lists[0].docs, lists[1].docs)
		for _, l := range lists[2:] {
			docs.Or(l.docs)
		}
	}
	if gone := p.snap.parts[part].gone; gone != nil {
		docs = roaring.AndNot(docs, gone)
	}
	w.docs[part] = docs
	return docs
}

// matches returns, by segment, the documents that satisfy the plan. It counts
// the documents of each goal.
func (p *plan) matches(ctx context.Context) ([]*roaring.Bitmap, error) {
	p.found = 0
	for i := range p.goals {
		p.goals[i].docs = 0
	}
	all := make([]*roaring.Bitmap, len(p.snap.parts))
	for i := range p.snap.parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		docs, err := p.matchesIn(i)
		if err != nil {
			return nil, err
		}
		p.found += int64(docs.AndCardinality(p.scope[i]))
		for _, g := range p.excluded {
			without, err := p.satisfying(i, &g, docs)
			if err != nil {
				return nil, err
			}
			docs = roaring.AndNot(docs, without)
		}
		all[i] = docs
	}
	return all, nil
}

func (p *plan) matchesIn(part int) (*roaring.Bitmap, error) {
	docs := p.snap.parts[part].alive
	if p.any {
		docs = roaring.New()
	}
	phrases := false
	for i := range p.goals {
		g := &p.goals[i]
		have := p.holding(part, g)
		g.docs += int64(have.AndCardinality(p.scope[part]))
		phrases = phrases || g.clause.phrase
		if p.any {
			docs.Or(have)
		} else {
			docs = roaring.And(docs, have)
		}
	}
	if !phrases || p.any {
		return docs, nil
	}
	for i := range p.goals { // positions are read of documents that have all words
		if g := &p.goals[i]; g.clause.phrase {
			exact, err := p.satisfying(part, g, docs)
			if err != nil {
				return nil, err
			}
			docs = exact
		}
	}
	return docs, nil
}

// holding returns the documents that hold all words of any form of a goal.
func (p *plan) holding(part int, g *goal) *roaring.Bitmap {
	if len(g.forms) == 1 {
		return p.formIn(part, g.forms[0])
	}
	docs := roaring.New()
	for _, wants := range g.forms {
		docs.Or(p.formIn(part, wants))
	}
	return docs
}

func (p *plan) formIn(part int, wants []*want) *roaring.Bitmap {
	docs := p.in(part, wants[0])
	for _, w := range wants[1:] {
		docs = roaring.And(docs, p.in(part, w))
	}
	return docs
}

// satisfying returns those of docs that satisfy a goal, the order of the words
// of a phrase included.
func (p *plan) satisfying(part int, g *goal, docs *roaring.Bitmap) (*roaring.Bitmap, error) {
	if !g.clause.phrase {
		return roaring.And(docs, p.holding(part, g)), nil
	}
	found := roaring.New()
	for i, wants := range g.forms {
		in := roaring.And(docs, p.formIn(part, wants))
		if in.IsEmpty() {
			continue
		}
		if len(wants) == 1 {
			found.Or(in)
			continue
		}
		if err := p.phraseIn(part, wants, g.clause.forms[i].gaps, in, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Bounds of looking for similar terms.
const (
	maxExpanded = 64   // terms that stand for one
	maxScanned  = 5000 // terms of a dictionary that are looked at
)

// frequent returns the most frequent of the terms.
func frequent(counts map[string]uint64, weight float32) []alt {
	list := make([]string, 0, len(counts))
	for t := range counts {
		if !strings.HasPrefix(t, stemMark) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		if counts[a] != counts[b] {
			return int(counts[b]) - int(counts[a])
		}
		return strings.Compare(a, b)
	})
	out := make([]alt, 0, maxExpanded)
	for _, t := range list[:min(len(list), maxExpanded)] {
		out = append(out, alt{t, weight})
	}
	return out
}
