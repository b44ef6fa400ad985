package search

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// A field is a group of texts of a document and what a word in it is worth.
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

// factsField holds the facts of a document, stored and not searched.
const factsField = "facts"

// edition counts the changes of what analyse, entries and facts write that
// the table of fields does not show.
const edition = 3

// mapping names what an index holds and how: an index with another name is
// made anew.
func mapping() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d", edition)
	for _, f := range fields {
		fmt.Fprintf(h, " %s", f.name)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
