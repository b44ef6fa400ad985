package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// titlesField holds the words of titles, and the titles themselves as they were
// written, one a line: from these Suggest takes how words are spelled.
const titlesField = "titles"

// suggested are the kinds of things whose titles are suggested.
var suggested = [kindCount]bool{kindDataset: true, kindAgency: true, kindDraft: true, kindProcess: true}

// titles are the titles of a document for Bleve.
type titles struct {
	words
	written string
	held    []string // words of the titles, some of them several times
}

// titled returns the titles of the entry, nil where none are suggested.
func (e *entry) titled() *titles {
	if !suggested[e.facts.kind] || len(e.texts[inTitle]) == 0 {
		return nil
	}
	lines := make([]string, 0, len(e.texts[inTitle]))
	for _, s := range e.texts[inTitle] {
		lines = append(lines, strings.Join(strings.Fields(s), " "))
	}
	return &titles{written: strings.Join(lines, "\n")}
}

// Analyze counts each word of the titles once.
func (t *titles) Analyze() {
	freqs := make([]index.TokenFreq, len(t.held))
	t.freqs = make(index.TokenFrequencies, len(t.held))
	for i, word := range t.held {
		freqs[i].SetFrequency(1)
		t.freqs[word] = &freqs[i]
	}
	t.held = nil
}

// Name returns the field's name.
func (*titles) Name() string { return titlesField }

// Options says that words are indexed and what was written is stored.
func (*titles) Options() index.FieldIndexingOptions { return index.IndexField | index.StoreField }

// Value returns what is stored.
func (t *titles) Value() []byte { return []byte(t.written) }

// NumPlainTextBytes returns how much text is indexed.
func (t *titles) NumPlainTextBytes() uint64 { return uint64(len(t.written)) }

// Size returns about how many bytes the field takes in memory.
func (t *titles) Size() int { return len(t.written) }

// maxVocabulary is how many words of a segment are kept: in a larger one those
// that few titles hold are not suggested.
const maxVocabulary = 250_000

// A vocabulary is the words of the titles of a segment in order, with how many
// documents hold each, deleted ones included.
type vocabulary struct {
	terms  string // one after another
	ends   []uint32
	counts []uint32
	cut    bool // some words are left out
	lists  *lexicon
}

// readVocabulary reads the words of the titles of a segment.
func readVocabulary(seg segment.Segment) (*vocabulary, error) {
	v := &vocabulary{lists: newLexicon(int(seg.Count()))}
	dict, err := seg.Dictionary(titlesField)
	if err != nil {
		return nil, err
	}
	least := uint64(1)
	if dict.Cardinality() > maxVocabulary {
		if least, err = leastHeld(dict); err != nil {
			return nil, err
		}
		v.cut = true
	}
	var terms strings.Builder
	err = eachWord(dict, func(word string, n uint64) {
		if n >= least {
			terms.WriteString(word)
			v.ends, v.counts = append(v.ends, uint32(terms.Len())), append(v.counts, uint32(n))
		}
	})
	v.terms = terms.String()
	return v, err
}

// leastHeld returns how many documents must hold a word for it to be among
// maxVocabulary.
func leastHeld(dict segment.TermDictionary) (uint64, error) {
	var words [1 << 10]int // by how many documents hold them
	err := eachWord(dict, func(_ string, n uint64) { words[min(n, uint64(len(words)-1))]++ })
	least, kept := len(words), 0
	for least > 1 && kept+words[least-1] <= maxVocabulary {
		least--
		kept += words[least]
	}
	return uint64(least), err
}

func eachWord(dict segment.TermDictionary, see func(word string, documents uint64)) error {
	all := dict.AutomatonIterator(nil, nil, nil)
	for {
		e, err := all.Next()
		if err != nil || e == nil {
			return err
		}
		see(e.Term, e.Count)
	}
}

func (v *vocabulary) term(i int) string {
	if i == 0 {
		return v.terms[:v.ends[0]]
	}
	return v.terms[v.ends[i-1]:v.ends[i]]
}

// starting returns which words begin with prefix.
func (v *vocabulary) starting(prefix string) (from, to int) {
	from = sort.Search(len(v.ends), func(i int) bool { return v.term(i) >= prefix })
	n := sort.Search(len(v.ends)-from, func(i int) bool { return !strings.HasPrefix(v.term(from+i), prefix) })
	return from, from + n
}

// most adds to counts those words that begin with prefix and that most documents
// hold.
func (v *vocabulary) most(prefix string, n int, counts map[string]uint64) {
	from, to := v.starting(prefix)
	best := make([]int, 0, n+1) // places of words, those of most documents first
	for i := from; i < to; i++ {
		if len(best) == n && v.counts[i] <= v.counts[best[n-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, v.counts[i], func(b int, count uint32) int { return cmp.Compare(count, v.counts[b]+1) })
		if best = slices.Insert(best, at, i); len(best) > n {
			best = best[:n]
		}
	}
	for _, i := range best {
		counts[v.term(i)] += uint64(v.counts[i])
	}
}

// mayHold reports whether any document may hold a word.
func (v *vocabulary) mayHold(word string) bool {
	i := sort.Search(len(v.ends), func(i int) bool { return v.term(i) >= word })
	return v.cut || i < len(v.ends) && v.term(i) == word
}
