package search

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// A field is a group of texts of a document and what a word in it is worth. All
// of them are indexed as one: what a word weighs in a document is worked out
// when it is indexed.
type field struct {
	name   string
	boost  float32
	length float32 // usual number of words, to which a text is compared
}

// The fields of a document, by their place in the table fields.
const (
	inTitle = iota
	inKeywords
	inNames // of agency, publisher and resources
	inColumns
	inDescription
	fieldCount
)

// fields is the table of what is searched in.
var fields = [fieldCount]field{
	inTitle:       {"title", 12, 10},
	inKeywords:    {"keywords", 6, 15},
	inNames:       {"names", 4, 20},
	inColumns:     {"columns", 4, 30},
	inDescription: {"description", 1, 80},
}

// The fields that Bleve knows.
const (
	factsField = "facts" // the facts of a document, stored and not searched
	wordsField = "words" // the words of all its texts
)

// edition counts the changes of what analyse, entries and facts write that
// the table of fields does not show.
const edition = 5

// mapping names what an index holds and how: an index with another name is
// made anew.
func mapping() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d", edition, weightUnit)
	for _, f := range fields {
		fmt.Fprintf(h, " %s %g %g", f.name, f.boost, f.length)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
