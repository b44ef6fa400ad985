package search

import (
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
)

// valueGap is how far the words of one text stand from those of the next, so
// that no phrase spans two.
const valueGap = 10

// document returns the entry as Bleve indexes it.
func (e *entry) document() *document.Document {
	doc := document.NewDocument(e.id)
	doc.AddField(document.NewTextFieldCustom(factsField, nil, e.facts.encode(nil), index.StoreField, nil))
	for i := range e.texts {
		if len(e.texts[i]) > 0 {
			doc.AddField(&words{name: fields[i].name, texts: e.texts[i]})
		}
	}
	return doc
}

// words is a field of a document for Bleve: our analysis of its texts.
type words struct {
	name   string
	texts  []string
	length int
	freqs  index.TokenFrequencies
}

// Analyze cuts the texts into terms and counts them. Bleve calls it from
// several goroutines, one for each document.
func (w *words) Analyze() {
	w.freqs = index.TokenFrequencies{}
	pos := 1
	for _, s := range w.texts {
		end := pos
		for _, t := range terms(s) {
			w.add(t.text, pos+t.pos)
			if t.stem != "" {
				w.add(stemMark+t.stem, pos+t.pos)
			}
			if t.last > t.pos { // a phrase may go on behind the joined form
				w.at(t.text, pos+t.last)
			} else {
				w.length++
			}
			end = max(end, pos+t.last+1)
		}
		pos = end + valueGap
	}
	w.texts = nil
}

func (w *words) add(text string, pos int) {
	f := w.at(text, pos)
	f.SetFrequency(f.Frequency() + 1)
}

func (w *words) at(text string, pos int) *index.TokenFreq {
	f := w.freqs[text]
	if f == nil {
		f = &index.TokenFreq{Term: []byte(text)}
		w.freqs[text] = f
	}
	f.Locations = append(f.Locations, &index.TokenLocation{Position: pos})
	return f
}

// Name returns the field's name.
func (w *words) Name() string { return w.name }

// ArrayPositions returns none: the words of all texts are numbered in one row.
func (w *words) ArrayPositions() []uint64 { return nil }

// Options says that words and their places are indexed and nothing is stored.
func (w *words) Options() index.FieldIndexingOptions {
	return index.IndexField | index.IncludeTermVectors
}

// Value returns nothing: nothing is stored.
func (w *words) Value() []byte { return nil }

// NumPlainTextBytes returns how much text is indexed.
func (w *words) NumPlainTextBytes() uint64 {
	n := 0
	for _, s := range w.texts {
		n += len(s)
	}
	return uint64(n)
}

// Size returns about how many bytes the field takes in memory.
func (w *words) Size() int { return int(w.NumPlainTextBytes()) }

// EncodedFieldType says that it is text.
func (w *words) EncodedFieldType() byte { return 't' }

// AnalyzedLength returns how many words there are.
func (w *words) AnalyzedLength() int { return w.length }

// AnalyzedTokenFrequencies returns the terms.
func (w *words) AnalyzedTokenFrequencies() index.TokenFrequencies { return w.freqs }
