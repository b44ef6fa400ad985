package search

import (
	"context"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// relax finds documents for a text that none satisfies: phrases become their
// words, words that do not occur the most similar ones that do; and if that
// finds nothing, documents with any of the words.
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
	m := mending{plan: p, text: t.text}
	if err := m.run(); err != nil {
		return nil, err
	}
	res.Missing = m.missing
	if m.read > 0 {
		res.Suggest = m.suggest + t.text[m.read:]
	}
	p.goals = m.goals
	if len(m.missing) == 0 {
		docs, err := p.matches(ctx)
		if err != nil || p.found > 0 {
			return docs, err
		}
	}
	p.any, res.AnyWord = true, true
	docs, err := p.matches(ctx)
	if p.found == 0 { // there is nothing to explain
		res.Relaxed, res.AnyWord, res.Suggest = false, false, ""
	}
	return docs, err
}

// A mending replaces the words of a query that do not occur by ones that do.
type mending struct {
	plan    *plan
	text    string
	goals   []goal
	missing []string
	suggest string // the text up to read, mended
	read    int
	tried   int // words that were looked for in other shapes
}

func (m *mending) run() error {
	goals := m.plan.goals
	for i := 0; i < len(goals); i++ {
		g := goals[i]
		if i+1 < len(goals) {
			joined, err := m.join(&g, &goals[i+1])
			if err != nil {
				return err
			}
			if joined {
				i++
				continue
			}
		}
		if g.docs > 0 {
			m.goals = append(m.goals, g)
			continue
		}
		if err := m.mend(&g); err != nil {
			return err
		}
	}
	return nil
}

// use takes a goal in for what stands in the text from start to end.
func (m *mending) use(c clause, wants []*want, start, end int, word string) {
	c.start, c.end = start, end
	m.goals = append(m.goals, goal{clause: &c, forms: [][]*want{wants}})
	m.suggest, m.read = m.suggest+m.text[m.read:start]+word, end
}

// join takes two words that occur as one: child care as childcare.
func (m *mending) join(a, b *goal) (bool, error) {
	left, okLeft := a.clause.single()
	right, okRight := b.clause.single()
	if !okLeft || !okRight {
		return false, nil
	}
	w, err := m.plan.want(left+right, false)
	if err != nil || !m.plan.occurs(w) {
		return false, err
	}
	c := clause{forms: []form{{words: []string{left + right}}}}
	m.use(c, []*want{w}, a.clause.start, b.clause.end, left+right)
	return true, nil
}

// single returns the word of a clause of one word.
func (c *clause) single() (string, bool) {
	if len(c.forms) != 1 || len(c.forms[0].words) != 1 {
		return "", false
	}
	return c.forms[0].words[0], true
}

// occurs reports whether any of the documents that are asked for holds the word.
func (p *plan) occurs(w *want) bool {
	for i := range w.lists {
		if len(w.lists[i]) > 0 && p.in(i, w).Intersects(p.scope[i]) {
			return true
		}
	}
	return false
}

// mend finds two words for a word that are written as one, or a similar word.
func (m *mending) mend(g *goal) error {
	for _, f := range g.clause.forms {
		if len(f.words) != 1 || m.tried >= maxMending || utf8.RuneCountInString(f.words[0]) > fuzzyMost {
			continue
		}
		m.tried++
		done, err := m.part(g, f.words[0])
		if err == nil && !done {
			done, err = m.similar(g, f.words[0])
		}
		if err != nil || done {
			return err
		}
	}
	m.missing = append(m.missing, m.text[g.clause.start:g.clause.end])
	return nil
}

// leastPart is how many letters a word has at least that is part of another.
const leastPart = 3

// part takes a word for two that follow each other: powerplant for power plant.
func (m *mending) part(g *goal, word string) (bool, error) {
	letters := []rune(word)
	var best clause
	var bestWants []*want
	most := 0
	for i := leastPart; i <= len(letters)-leastPart; i++ {
		c := clause{phrase: true, forms: []form{{words: []string{string(letters[:i]), string(letters[i:])}, gaps: []int{0, 1, 2}}}}
		wants, n, err := m.plan.follows(&c)
		if err != nil {
			return false, err
		}
		if n > most {
			best, bestWants, most = c, wants, n
		}
	}
	if most == 0 {
		return false, nil
	}
	m.use(best, bestWants, g.clause.start, g.clause.end, best.forms[0].words[0]+" "+best.forms[0].words[1])
	return true, nil
}

// follows looks the words of a phrase up, and counts the documents that hold it.
func (p *plan) follows(c *clause) (wants []*want, n int, err error) {
	for _, word := range c.forms[0].words {
		w, err := p.want(word, true)
		if err != nil || !p.occurs(w) {
			return nil, 0, err
		}
		wants = append(wants, w)
	}
	g := goal{clause: c, forms: [][]*want{wants}}
	for i := range p.snap.parts {
		docs, err := p.satisfying(i, &g, p.scope[i])
		if err != nil {
			return nil, 0, err
		}
		n += int(docs.GetCardinality())
	}
	return wants, n, nil
}

// similar takes a word for a slip of one that occurs.
func (m *mending) similar(g *goal, word string) (bool, error) {
	list, err := m.plan.fuzzy(word)
	for err == nil && len(list) > 0 {
		var w *want
		if w, err = m.plan.wantAny(list[0].term+"\x00alone", list[:1]); err != nil || m.plan.occurs(w) {
			break
		}
		list = list[1:]
	}
	if err != nil || len(list) == 0 {
		return false, err
	}
	w, err := m.plan.wantAny(word+"\x00similar", list)
	if err != nil {
		return false, err
	}
	m.use(clause{forms: []form{{words: []string{list[0].term}}}}, []*want{w}, g.clause.start, g.clause.end, list[0].term)
	return true, nil
}

// Words of so many letters are taken for others that differ in one, or two;
// longer ones, and more of them, are not mended at all.
const (
	fuzzyOne   = 4
	fuzzyTwo   = 8
	fuzzyMost  = 30 // letters
	maxMending = 8  // words of one query
)

// fuzzy returns the terms that a word may be a slip of, the most frequent first.
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
	dict, err := r.FieldDictFuzzy(wordsField, word, distance, word[:first])
	if err != nil {
		return nil, err
	}
	counts, err := tally(dict) // which has no counts of these
	if err != nil {
		return nil, err
	}
	for term := range counts {
		if counts[term], err = p.frequency(term); err != nil {
			return nil, err
		}
	}
	return frequent(counts, fuzzyWeight), nil
}

// frequency returns how many documents hold a term, deleted ones included.
func (p *plan) frequency(term string) (n uint64, err error) {
	for i := range p.snap.parts {
		dict, err := p.dict(i)
		if err != nil {
			return 0, err
		}
		held, err := p.snap.parts[i].facts.words.get(term, dict)
		if err != nil {
			return 0, err
		}
		if held != nil {
			n += held.docs.GetCardinality()
		}
	}
	return n, nil
}

// tally returns the counts of the terms of a dictionary, and closes it.
func tally(dict index.FieldDict) (map[string]uint64, error) {
	counts := map[string]uint64{}
	for range maxScanned {
		e, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		counts[e.Term] += e.Count
	}
	return counts, dict.Close()
}
