package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/RoaringBitmap/roaring/v2"
)

// A titleHit is a thing of which the title holds a word that is begun.
type titleHit struct {
	rank
	kind int
	near int // how much of the text the title is
}

// How near a title is to what is typed.
const (
	holdsBegun = iota // it holds a word that begins as the last one does
	holdsWord         // it holds the last word as it is
	opens             // it opens with all that is typed
)

// findThings finds the things to suggest and reads their titles: the newest of
// each kind, those that hold the last word as it is before others.
func (g *suggesting) findThings(ctx context.Context) error {
	exact, begun := make([]*roaring.Bitmap, len(g.docs)), make([]*roaring.Bitmap, len(g.docs))
	for i := range g.docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		var all []*roaring.Bitmap
		for _, w := range g.words {
			if w.docs[i] == nil {
				continue
			}
			all = append(all, w.docs[i])
			if w.text == g.begun {
				exact[i] = roaring.And(w.docs[i], g.docs[i])
			}
		}
		begun[i] = roaring.FastOr(all...)
		begun[i].And(g.docs[i])
	}
	typed := persian.Fold(g.text)
	for kind := range kindCount {
		if !suggested[kind] {
			continue
		}
		best := g.newest(kind, exact)
		if len(best) < sampledTitles {
			best = append(best, g.newest(kind, begun)...)
			best = best[:min(len(best), sampledTitles)]
		}
		for i := range best {
			if err := g.look(kind, &best[i], typed); err != nil {
				return err
			}
		}
	}
	return nil
}

// newest returns the newest of the documents of a kind.
func (g *suggesting) newest(kind int, docs []*roaring.Bitmap) []rank {
	best := &top{order: byDate, n: sampledTitles}
	last := best.last()
	for i, some := range docs {
		if some == nil {
			continue
		}
		p := &g.plan.snap.parts[i]
		r := rank{piece: i}
		for many := range g.plan.scratch.each(roaring.And(some, p.facts.of[kind])) {
			for _, doc := range many {
				if r.date = p.facts.dates[doc]; r.date < last.date {
					continue
				}
				r.doc, r.id = doc, p.facts.ids[doc]
				best.offer(&r)
				last = best.last()
			}
		}
	}
	return best.sorted()
}

// look reads the titles of a thing: for how near they are, and for the words and
// phrases in them.
func (g *suggesting) look(kind int, r *rank, typed string) error {
	key := titleKey{r.piece, r.doc}
	if g.seen[key] {
		return nil
	}
	g.seen[key] = true
	h := titleHit{rank: *r, kind: kind}
	err := g.readTitles(r.piece, r.doc, func(l *titleLine) {
		holds := false
		l.each(g, func(w *term) {
			g.spell(l.text, w)
			holds = true
			if w.text == g.begun {
				h.near = max(h.near, holdsWord)
			}
		})
		if !holds {
			return
		}
		g.countPhrases(l)
		if strings.HasPrefix(persian.Fold(l.text), typed) {
			h.near = opens
		}
	})
	g.hits = append(g.hits, h)
	return err
}

// spell notes how a word is written.
func (g *suggesting) spell(line string, w *term) {
	s := g.spelled[w.text]
	if s == nil {
		s = spelling{}
		g.spelled[w.text] = s
	}
	s.note(g.piece(line, w.start, w.end), w.start)
}

// piece is a piece of a title as it is shown. The capital of its first word is
// that of the title, where nobody types one.
func (g *suggesting) piece(line string, start, end int) string {
	s := persian.Clean(line[start:end])
	first, n := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[n:])
	if start == 0 && !g.capital && unicode.IsUpper(first) && unicode.IsLower(second) {
		return string(unicode.ToLower(first)) + s[n:]
	}
	return s
}

// note counts a spelling, less at the beginning of a title.
func (s spelling) note(as string, at int) {
	s[as]++
	if at > 0 {
		s[as]++
	}
}

// countPhrases counts the phrases of a title that open with a word that is begun.
func (g *suggesting) countPhrases(l *titleLine) {
	line, all := l.text, groups(l.parts)
	said := map[string]bool{}
	for i, first := range all {
		text := joinedText(first)
		if !g.fits(text) || stopped(text) {
			continue
		}
		words := 1
		for j := i + 1; j < len(all) && words < phraseWords && apart(line[all[j-1][len(all[j-1])-1].end:all[j][0].start]); j++ {
			next := joinedText(all[j])
			text += " " + next
			if stopped(next) {
				continue
			}
			words++
			if said[text] {
				continue
			}
			said[text] = true
			p := g.phrases[text]
			if p == nil {
				p = &phraseCount{spelling: spelling{}, words: words}
				g.phrases[text] = p
			}
			p.docs++
			p.note(g.piece(line, first[0].start, all[j][len(all[j])-1].end), first[0].start)
		}
	}
}

// apart reports whether nothing but a space stands between two words.
func apart(between string) bool {
	return between != "" && strings.IndexFunc(between, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}

// spellWords reads titles for how the words to show are spelled that stand in none
// that was read.
func (g *suggesting) spellWords() error {
	for _, w := range g.words {
		if !slices.Contains(g.shown, w.text) {
			continue
		}
		for i := 0; i < len(g.docs) && g.spelled[w.text] == nil; i++ {
			if w.docs[i] == nil {
				continue
			}
			read := 0
			for it := roaring.And(w.docs[i], g.docs[i]).Iterator(); it.HasNext() && read < spellings; read++ {
				if err := g.readTitles(i, it.Next(), func(l *titleLine) { l.each(g, func(w *term) { g.spell(l.text, w) }) }); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// things returns the best things: so many of each kind.
func (g *suggesting) things(n int) ([]Hit, error) {
	slices.SortStableFunc(g.hits, func(a, b titleHit) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(b.near, a.near), byDate.compare(&a.rank, &b.rank))
	})
	var hits []Hit
	of := [kindCount]int{}
	for i := range g.hits {
		h := &g.hits[i]
		if of[h.kind]++; of[h.kind] > n {
			continue
		}
		id, err := g.plan.snap.parts[h.piece].seg.DocID(uint64(h.doc))
		if err != nil {
			return nil, err
		}
		hits = append(hits, Hit{Kind: kinds[h.kind], ID: string(id)})
	}
	return hits, nil
}
