package search

import (
	"context"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// relax finds documents for a text that none satisfies: with words that occur
// in place of those that do not, phrases in any order; and if that finds
// nothing, documents with any of the words.
func (p *plan) relax(ctx context.Context, t *tree, res *Result) ([]*roaring.Bitmap, error) {
	res.Relaxed = true
	loose := tree{excluded: t.excluded}
	for _, c := range t.clauses {
		if c.phrase {
			loose.clauses = append(loose.clauses, c.words...)
		} else {
			loose.clauses = append(loose.clauses, c)
		}
	}
	if err := p.set(ctx, &loose); err != nil {
		return nil, err
	}
	if _, err := p.matches(ctx); err != nil { // counts the documents of each word
		return nil, err
	}
	goals := p.goals[:0:0]
	suggest, read := "", 0
	for _, g := range p.goals {
		c := g.clause
		if g.docs == 0 {
			word, err := p.similar(&g)
			if err != nil {
				return nil, err
			}
			if word == "" {
				res.Missing = append(res.Missing, t.text[c.start:c.end])
				continue
			}
			suggest, read = suggest+t.text[read:c.start]+word, c.end
		}
		goals = append(goals, g)
	}
	if read > 0 {
		res.Suggest = suggest + t.text[read:]
	}
	p.goals = goals
	if len(res.Missing) == 0 {
		docs, err := p.matches(ctx)
		if err != nil || !none(docs) {
			return docs, err
		}
	}
	p.any, res.AnyWord = true, true
	return p.matches(ctx)
}

// Words of so many letters are taken for others that differ in one, or two.
const (
	fuzzyOne = 4
	fuzzyTwo = 8
)

// similar makes words that occur satisfy a goal whose words do not, and
// returns the likeliest of them; nothing when there is none.
func (p *plan) similar(g *goal) (string, error) {
	for _, f := range g.clause.forms {
		if len(f.words) != 1 {
			continue
		}
		word := f.words[0]
		list, err := p.fuzzy(word)
		if err != nil {
			return "", err
		}
		if len(list) == 0 {
			continue
		}
		w, err := p.wantAny(word+"\x00similar", list)
		if err != nil {
			return "", err
		}
		g.clause = &clause{start: g.clause.start, end: g.clause.end, forms: []form{{words: []string{list[0].term}}}}
		g.forms = [][]*want{{w}}
		return list[0].term, nil
	}
	return "", nil
}

// fuzzy returns the terms that a word may be a slip of, the nearest and most
// frequent first.
func (p *plan) fuzzy(word string) ([]alt, error) {
	n := utf8.RuneCountInString(word)
	if n < fuzzyOne {
		return nil, nil
	}
	list, err := p.within(word, 1)
	if err == nil && len(list) == 0 && n >= fuzzyTwo {
		list, err = p.within(word, 2)
	}
	return list, err
}

// within returns the terms at most so many letters away from a word.
func (p *plan) within(word string, distance int) ([]alt, error) {
	r, ok := p.snap.reader.(index.IndexReaderFuzzy)
	if !ok {
		return nil, nil
	}
	_, first := utf8.DecodeRuneInString(word) // slips of the first letter are rare and dear to look for
	counts := map[string]uint64{}
	for _, f := range fields {
		dict, err := r.FieldDictFuzzy(f.name, word, distance, word[:first])
		if err != nil {
			return nil, err
		}
		for range maxScanned {
			e, err := dict.Next()
			if err != nil || e == nil {
				break
			}
			counts[e.Term] += e.Count
		}
		if err := dict.Close(); err != nil {
			return nil, err
		}
	}
	return frequent(counts, fuzzyWeight), nil
}
