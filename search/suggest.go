package search

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Suggestions are what a text may go on to that somebody is typing.
type Suggestions struct {
	// Texts are the text with its last word ended, or gone on with by words that
	// follow it in titles; spelled as titles spell them.
	Texts []string
	// Hits are things of which the title holds the last word or one that it may
	// become, and which hold all other words: the best of each kind together.
	Hits []Hit
}

// Bounds of suggestions.
const (
	MaxSuggested  = 20  // of Texts, and of Hits of each kind
	begunWords    = 32  // words that the last one may become
	sampledTitles = 64  // things of a kind of which the titles are read
	fewTitles     = 200 // in so many all titles are read for words
	spellings     = 4   // titles that are read for how a word is spelled
	phraseWords   = 3
)

// Suggest returns what a text may go on to: at most so many texts, and so many
// things of each kind. Nothing comes of a text that says what is not wanted at
// its end. The error is ErrRebuilding while there is no whole index.
func (x *Index) Suggest(ctx context.Context, text string, texts, things int) (Suggestions, error) {
	var found Suggestions
	err := x.ask(func(s *snapshot) error {
		g, ok := s.suggesting(text)
		if !ok {
			return nil
		}
		defer s.rooms.Put(g.plan.scratch)
		texts = min(texts, MaxSuggested)
		if err := g.run(ctx, texts); err != nil {
			return fmt.Errorf("search: suggest: %w", err)
		}
		found.Texts = g.texts(texts)
		var err error
		found.Hits, err = g.things(min(things, MaxSuggested))
		return err
	})
	return found, err
}

// A suggesting is the search for suggestions. It is for one goroutine.
type suggesting struct {
	plan  *plan
	text  string // as it was typed, without spaces at its end
	whole bool   // there were spaces: the last word does not go on
	head  string // what stands before the last word, as it was typed
	begun string // the last word, folded

	capital bool // the last word opens with one
	dicts   []segment.TermDictionary
	docs    []*roaring.Bitmap // by segment: what holds all other words

	words   []begunWord // that the last one may become, those of most documents first
	shown   []string    // the first of them, one of each stem
	spelled map[string]spelling
	phrases map[string]*phraseCount
	seen    map[titleKey]bool // titles that were read for words
	hits    []titleHit
}

// A begunWord is a word that begins as the last one does, and the documents of
// which the titles hold it.
type begunWord struct {
	text string
	docs []*roaring.Bitmap // by segment, nil for none; also those without the other words
	n    uint64            // that have these
}

// A spelling counts the ways in which a word is written.
type spelling map[string]int

func (s spelling) best() string {
	best := ""
	for as, n := range s {
		if n > s[best] || n == s[best] && as > best { // small letters stand behind capitals
			best = as
		}
	}
	return best
}

type phraseCount struct {
	spelling
	words, docs int
}

type titleKey struct {
	part int
	doc  uint32
}

// suggesting reads a text; ok is false where nothing can be suggested.
func (s *snapshot) suggesting(text string) (g *suggesting, ok bool) {
	text = strings.TrimRight(strings.ToValidUTF8(head(text, maxText-1), ""), "\u200c") // the other half of a word is still to come
	typed := strings.TrimRightFunc(text, unicode.IsSpace)
	last := groups(split(typed))
	if len(last) == 0 || endsOpen(typed) {
		return nil, false
	}
	word := last[len(last)-1]
	first, _ := utf8.DecodeRuneInString(typed[word[0].start:])
	g = &suggesting{
		text: typed, capital: unicode.IsUpper(first), whole: typed != text, head: text[:word[0].start], begun: joinedText(word),
		spelled: map[string]spelling{}, phrases: map[string]*phraseCount{}, seen: map[titleKey]bool{},
	}
	whole := parse(typed + "x") // no word that says nothing
	if n := len(whole.excluded); n > 0 && whole.excluded[n-1].end == len(whole.text) {
		return nil, false // it is not to occur
	}
	g.plan = newPlan(s, &Query{})
	g.dicts = make([]segment.TermDictionary, len(s.parts))
	return g, true
}

// endsOpen reports whether another mark than those of words closed the last word.
func endsOpen(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
}

// run finds the words and the things, and reads the titles of some of these. So
// many words are to be shown.
func (g *suggesting) run(ctx context.Context, words int) (err error) {
	others := parse(g.head)
	if err = g.plan.set(ctx, &others); err != nil {
		return err
	}
	if g.docs, err = g.plan.matches(ctx); err != nil {
		return err
	}
	for i := range g.dicts {
		if g.dicts[i], err = g.plan.snap.parts[i].seg.Dictionary(titlesField); err != nil {
			return err
		}
	}
	if err = g.findWords(len(others.clauses)+len(others.excluded) > 0); err != nil || len(g.words) == 0 {
		return err
	}
	if err = g.findThings(ctx); err != nil {
		return err
	}
	g.choose(words)
	return g.spellWords()
}

// findWords finds the words that the last one may become. narrowed says that not
// everything holds the other words: then the words of few titles are looked
// through, since the most frequent of all words may be in none of them.
func (g *suggesting) findWords(narrowed bool) error {
	counts := map[string]uint64{}
	for i := range g.plan.snap.parts {
		g.plan.snap.parts[i].facts.titled.most(g.begun, begunWords, counts)
	}
	if g.whole {
		counts = map[string]uint64{g.begun: counts[g.begun]}
	}
	if total := g.total(); narrowed && total <= fewTitles {
		clear(counts)
		for i, docs := range g.docs {
			for it := docs.Iterator(); it.HasNext(); {
				if err := g.readTitles(i, it.Next(), func(l *titleLine) { l.each(g, func(w *term) { counts[w.text]++ }) }); err != nil {
					return err
				}
			}
		}
	}
	for _, word := range g.most(counts) {
		w, err := g.lookup(word, narrowed)
		if err != nil {
			return err
		}
		if w.n > 0 {
			g.words = append(g.words, w)
		}
	}
	slices.SortFunc(g.words, func(a, b begunWord) int {
		return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.text, b.text))
	})
	return nil
}

// most returns the words with the highest counts.
func (g *suggesting) most(counts map[string]uint64) []string {
	words := slices.Collect(maps.Keys(counts))
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	return words[:min(len(words), begunWords)]
}

// lookup finds the documents of a word.
func (g *suggesting) lookup(word string, narrowed bool) (begunWord, error) {
	w := begunWord{text: word, docs: make([]*roaring.Bitmap, len(g.docs))}
	for i := range g.docs {
		p := &g.plan.snap.parts[i]
		if !p.facts.titled.mayHold(word) {
			continue
		}
		held, err := p.facts.titled.lists.get(word, g.dicts[i])
		if err != nil {
			return w, err
		}
		switch {
		case held == nil:
			continue
		case narrowed || p.gone != nil:
			w.n += held.docs.AndCardinality(g.docs[i])
		default:
			w.n += held.docs.GetCardinality()
		}
		w.docs[i] = held.docs
	}
	return w, nil
}

// total returns how many documents hold the other words.
func (g *suggesting) total() (n uint64) {
	for _, docs := range g.docs {
		n += docs.GetCardinality()
	}
	return n
}

// fits reports whether the last word may become another.
func (g *suggesting) fits(word string) bool {
	return word == g.begun || !g.whole && strings.HasPrefix(word, g.begun)
}

// A titleLine is a title, cut into its parts.
type titleLine struct {
	text  string
	parts []part
}

// each sees the words that the last one may become.
func (l *titleLine) each(g *suggesting, see func(w *term)) {
	for _, w := range plainTerms(l.parts) {
		if g.fits(w.text) {
			see(&w)
		}
	}
}

// readTitles sees the titles of a document.
func (g *suggesting) readTitles(part int, doc uint32, see func(l *titleLine)) error {
	written, err := g.written(part, doc)
	if err != nil {
		return err
	}
	for text := range strings.SplitSeq(written, "\n") {
		see(&titleLine{text, split(text)})
	}
	return nil
}

// written returns the titles of a document, one a line.
func (g *suggesting) written(part int, doc uint32) (text string, err error) {
	err = g.plan.snap.parts[part].seg.VisitStoredFields(uint64(doc), func(field string, _ byte, value []byte, _ []uint64) bool {
		if field == titlesField {
			text = string(value)
			return false
		}
		return true
	})
	return text, err
}

// texts returns what the text may go on to: words, then phrases.
func (g *suggesting) texts(n int) []string {
	phrases := g.bestPhrases(n)
	words := make([]string, 0, n)
	for _, w := range g.shown {
		words = append(words, g.spelled[w].best())
	}
	if over := len(words) + len(phrases) - n; over > 0 {
		phrases = phrases[:max(len(phrases)-over, min(n/2, len(phrases)))]
		words = words[:min(len(words), n-len(phrases))]
	}
	all := make([]string, 0, len(words)+len(phrases))
	for _, s := range slices.Concat(words, phrases) {
		if s = g.head + s; s != g.text {
			all = append(all, s)
		}
	}
	return all
}

// choose chooses the words to show: one of each stem, and not what is typed
// already.
func (g *suggesting) choose(n int) {
	said := map[string]bool{}
	for i := range g.words {
		if g.words[i].text == g.begun {
			said[root(g.begun)] = true
		}
	}
	for _, w := range g.words {
		if r := root(w.text); !said[r] && len(g.shown) < n {
			said[r] = true
			g.shown = append(g.shown, w.text)
		}
	}
}

func root(word string) string { return cmp.Or(stem(word), word) }

// bestPhrases returns the phrases of most titles as they are spelled. One that
// always goes on is left out for what it goes on to.
func (g *suggesting) bestPhrases(n int) []string {
	keys := slices.DeleteFunc(slices.Collect(maps.Keys(g.phrases)), func(key string) bool { return g.phrases[key].docs < 2 })
	slices.SortFunc(keys, func(a, b string) int {
		p, q := g.phrases[a], g.phrases[b]
		return cmp.Or(cmp.Compare(q.docs, p.docs), cmp.Compare(q.words, p.words), strings.Compare(a, b))
	})
	var phrases, kept []string
	for _, key := range keys {
		goes := func(k string) bool {
			return strings.HasPrefix(k, key+" ") && g.phrases[k].docs == g.phrases[key].docs
		}
		if len(phrases) < n && !slices.ContainsFunc(kept, goes) {
			phrases, kept = append(phrases, g.phrases[key].best()), append(kept, key)
		}
	}
	return phrases
}
