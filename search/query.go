package search

import (
	"fmt"
	"math"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// A Query says what to search for. Several values of one field mean any of
// them; several fields mean all of them. What is empty does not narrow.
type Query struct {
	// Text is what a person typed: words (all of them), "quoted phrases", and
	// -words that must not occur.
	Text    string
	Agency  []string // ids
	Theme   []string
	Format  []string
	Licence []string
	From    int    // first year, of the Gregorian calendar; 0 is open
	To      int    // last year
	Kind    string // one of Kinds; all when empty
	Sort    string // one of the Sort constants, or empty: by relevance where there is a text, else the newest first
	Page    int    // from 1, at most up to result MaxPaged; 0 is 1
	Size    int    // results a page, at most MaxSize; 0 is DefaultSize
	After   string // Result.Next of the page before, instead of Page
	Lang    string // language of the reader: which title is sorted by
	Facets  bool   // whether Result.Facets is wanted
	// FacetValues is how many values of a facet are wanted at most, beside the
	// chosen ones; all when 0. Years always are.
	FacetValues int
	ByKind      bool // whether Result.Kinds is wanted
}

// Orders of results.
const (
	SortRelevance = "relevance"
	SortNewest    = "newest"
	SortTitle     = "title"
)

// Bounds of a query.
const (
	DefaultSize = 20
	MaxSize     = 1000
	MaxPaged    = 10_000 // results that Page reaches; After has no end
	maxText     = 400    // bytes of a text that are read
	maxWords    = 32     // words of a text that are searched for
)

// An InputError says which parameter of a search cannot be understood, and
// what to do.
type InputError struct {
	Param string
	Text  string
}

func (e *InputError) Error() string { return e.Param + ": " + e.Text }

// A Result is one page of what was found.
type Result struct {
	Total  int64   `json:"total"` // all that was found, not only this page
	Hits   []Hit   `json:"hits"`
	Facets []Facet `json:"facets,omitempty"`
	Next   string  `json:"next,omitempty"` // for Query.After; empty on the last page
	// Relaxed says that nothing holds all words as they were typed, and that
	// these are results for less: see Suggest, Missing and AnyWord.
	Relaxed bool     `json:"relaxed,omitempty"`
	Suggest string   `json:"suggest,omitempty"` // the text with words that occur in place of misspelt ones
	Missing []string `json:"missing,omitempty"` // typed words that occur nowhere, nor anything like them
	AnyWord bool     `json:"any_word,omitempty"`
	// Cut says that the text was longer than what is searched for.
	Cut bool `json:"cut,omitempty"`
	// Marks finds the words searched for in texts.
	Marks *Highlighter `json:"-"`
	// Kinds counts what holds all words as they were typed, by kind, whatever the
	// filters are.
	Kinds map[string]int64 `json:"kinds,omitempty"`
}

// A Hit is one thing found.
type Hit struct {
	Kind  string  `json:"kind"`            // one of Kinds
	ID    string  `json:"id"`              // of the thing; see Article for one of KindArticle
	Score float64 `json:"score,omitempty"` // comparable within one result; 0 unless sorted by relevance
}

// Names of facets.
const (
	FacetAgency  = "agency"
	FacetTheme   = "theme"
	FacetFormat  = "format"
	FacetLicence = "licence"
	FacetYear    = "year"
)

// A Facet counts what the text finds by the values of a field: for each value
// the results that choosing it alone in this facet gives, with the filters by
// the other facets as they are.
type Facet struct {
	Name   string       `json:"name"`
	Values []FacetValue `json:"values"`         // the most frequent first; years the latest first
	More   int64        `json:"more,omitempty"` // values that are not among these
}

// A FacetValue is a value and how many results have it. Chosen values are
// listed even where the count is 0.
type FacetValue struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
	On    bool   `json:"on,omitempty"` // it is chosen
}

// A window is which part of the ordered results is wanted.
type window struct {
	order order
	skip  int   // results before the page
	size  int   // results on it
	after *rank // only results after this one
	lang  int   // index into catalog.Languages, of titles
}

const notYear = "give a year of the Gregorian calendar, such as 2024"

// order checks the parameters that are not text and returns what they ask for.
func (q *Query) order() (window, error) {
	w := window{size: q.Size, lang: 1}
	if w.size <= 0 {
		w.size = DefaultSize
	}
	w.size = min(w.size, MaxSize)
	for i, l := range catalog.Languages {
		if l == q.Lang {
			w.lang = i
		}
	}
	switch {
	case q.Sort == SortNewest || q.Sort == "" && blank(q.Text):
		w.order = byDate
	case q.Sort == SortRelevance || q.Sort == "":
		w.order = byScore
	case q.Sort == SortTitle:
		w.order = byTitle
	default:
		return w, &InputError{"sort", fmt.Sprintf("results are sorted by %s, %s or %s, not %q", SortRelevance, SortNewest, SortTitle, q.Sort)}
	}
	if _, ok := kindNamed(q.Kind); !ok {
		return w, &InputError{"kind", fmt.Sprintf("a result is one of %s, not %q", strings.Join(Kinds(), ", "), q.Kind)}
	}
	if q.From < 0 || q.From > math.MaxInt16 {
		return w, &InputError{"from", notYear}
	}
	if q.To < 0 || q.To > math.MaxInt16 {
		return w, &InputError{"to", notYear}
	}
	if q.After != "" {
		var err error
		w.after, err = parseCursor(q.After, w.order)
		return w, err
	}
	if page := max(q.Page, 1); page > 1 {
		if page-1 > (MaxPaged-1)/w.size {
			return w, &InputError{"page", fmt.Sprintf("pages reach up to result %d; follow the cursor of the page before (_after) to go on", MaxPaged)}
		}
		w.skip = (page - 1) * w.size
	}
	return w, nil
}
