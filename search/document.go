package search

import (
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
)

// How far the words of one text stand from those of the next, and those of one
// field from those of the next, so that no phrase spans two.
const (
	valueGap = 10
	fieldGap = maxText
)

// document returns the entry as Bleve indexes it.
func (e *entry) document() *document.Document {
	doc := document.NewDocument(e.id)
	doc.AddField(document.NewTextFieldCustom(factsField, nil, e.facts.encode(nil), index.StoreField, nil))
	w := &words{texts: e.texts, titled: e.titled()}
	doc.AddField(w)
	if w.titled != nil {
		doc.AddField(w.titled) // after w, which cuts its titles
	}
	return doc
}

// words are the texts of a document for Bleve: our analysis of them. The
// frequency of a term is what it weighs in the document, see weightOf.
type words struct {
	texts  [fieldCount][]string
	titled *titles // told what words the titles have; may be nil
	freqs  index.TokenFrequencies
}

// Analyze cuts the texts into terms and weighs them. Bleve calls it from several
// goroutines, one for each document.
func (w *words) Analyze() {
	var b weighing
	b.at = map[string]int32{}
	base := 1
	for f := range fields {
		from, length := len(b.places), 0
		for _, s := range w.texts[f] {
			end := base
			for _, t := range terms(s) {
				if t.last == t.pos {
					length++
				}
				b.add(&t, base)
				if f == inTitle && w.titled != nil {
					w.titled.held = append(w.titled.held, t.text)
				}
				end = max(end, base+t.last+1)
			}
			base = end + valueGap
		}
		base += fieldGap
		b.weigh(from, fields[f].boost/fields[f].dampen(length))
	}
	w.freqs, w.texts = b.freqs(), [fieldCount][]string{}
}

// A weighing gathers the terms of a document.
type weighing struct {
	at     map[string]int32 // in terms
	terms  []weighed
	places []place
	used   int32 // of places, by terms that keep theirs
}

// A weighed is a term with what it weighs in all fields together, and how often
// its place is kept.
type weighed struct {
	text   string
	weight float32
	places int32
}

// A place is where a term stands: the number of a word, 0 where nobody asks for
// it, and below 0 for another place of an occurrence that was counted.
type place struct {
	term int32
	pos  int
}

// add takes a term in that stands at its place from base. Stems have no places:
// phrases are of words as they were typed.
func (b *weighing) add(t *term, base int) {
	n := b.number(t.text)
	b.places = append(b.places, place{n, base + t.pos})
	b.keep(n)
	if t.last > t.pos { // a phrase may go on behind the joined form
		b.places = append(b.places, place{n, -base - t.last})
		b.keep(n)
	}
	if t.stem != "" {
		b.places = append(b.places, place{b.number(stemMark + t.stem), 0})
	}
}

func (b *weighing) keep(n int32) {
	b.terms[n].places++
	b.used++
}

func (b *weighing) number(text string) int32 {
	n, ok := b.at[text]
	if !ok {
		n = int32(len(b.terms))
		b.at[text] = n
		b.terms = append(b.terms, weighed{text: text})
	}
	return n
}

// weigh counts the occurrences from one on, each of which weighs so much.
func (b *weighing) weigh(from int, each float32) {
	for _, p := range b.places[from:] {
		if p.pos >= 0 {
			b.terms[p.term].weight += each
		}
	}
}

// freqs returns the terms as Bleve takes them.
func (b *weighing) freqs() index.TokenFrequencies {
	all := make(index.TokenFrequencies, len(b.terms))
	freqs, places, room := make([]index.TokenFreq, len(b.terms)), make([]index.TokenLocation, b.used), make([]*index.TokenLocation, b.used)
	for i := range b.terms {
		t := &b.terms[i]
		freqs[i].SetFrequency(weightOf(t.weight))
		freqs[i].Locations, room = room[:0:t.places], room[t.places:]
		all[t.text] = &freqs[i]
	}
	for _, p := range b.places {
		if p.pos == 0 {
			continue
		}
		l := &places[0]
		places = places[1:]
		l.Position = max(p.pos, -p.pos)
		freqs[p.term].Locations = append(freqs[p.term].Locations, l)
	}
	return all
}

// Name returns the field's name.
func (*words) Name() string { return wordsField }

// ArrayPositions returns none: the words of all texts are numbered in one row.
func (*words) ArrayPositions() []uint64 { return nil }

// Options says that words and their places are indexed and nothing is stored.
func (*words) Options() index.FieldIndexingOptions {
	return index.IndexField | index.IncludeTermVectors
}

// Value returns nothing: nothing is stored.
func (*words) Value() []byte { return nil }

// NumPlainTextBytes returns how much text is indexed.
func (w *words) NumPlainTextBytes() uint64 {
	n := 0
	for _, list := range w.texts {
		for _, s := range list {
			n += len(s)
		}
	}
	return uint64(n)
}

// Size returns about how many bytes the field takes in memory.
func (w *words) Size() int { return int(w.NumPlainTextBytes()) }

// EncodedFieldType says that it is text.
func (*words) EncodedFieldType() byte { return 't' }

// AnalyzedLength is the same for all: weights know the lengths of texts.
func (*words) AnalyzedLength() int { return 1 }

// AnalyzedTokenFrequencies returns the terms.
func (w *words) AnalyzedTokenFrequencies() index.TokenFrequencies { return w.freqs }
