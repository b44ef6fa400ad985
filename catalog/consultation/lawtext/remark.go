package lawtext

import (
	"fmt"
	"maps"
)

// A Remark is something that the splitter was not sure of, or that looks wrong
// in the text. It is said in any language by its kind.
type Remark struct {
	Kind    string
	Address string // of the provision it is about; empty for the whole text
	Line    int    // of the text, from 1; 0 where it is not known
	Args    []any  // what stands in the sentence, in its order in English: int64 or string
}

// String returns the remark in English.
func (r Remark) String() string { return fmt.Sprintf(sayings[r.Kind], r.Args...) }

// An Error says why a file cannot be read as a law.
type Error struct {
	Kind string
	Args []any // as of a Remark
}

// Error returns the sentence in English.
func (e *Error) Error() string { return fmt.Sprintf(sayings[e.Kind], e.Args...) }

func fault(kind string, args ...any) *Error { return &Error{Kind: kind, Args: args} }

// Sayings returns the English texts of remarks and errors by kind, as formats
// of package fmt.
func Sayings() map[string]string { return maps.Clone(sayings) }

// sayings is the table of them.
var sayings = map[string]string{
	"many":            "there are more remarks; only the first %d are kept",
	"articles.none":   "no articles were found; mark each with its word and number, as in «Article 1.» or «ماده ۱–»",
	"number.repeats":  "the number of %s is there %d times; the address of this one tells them apart",
	"number.jumps":    "%s comes where %s is expected",
	"number.falls":    "%s comes after %s",
	"number.begins":   "the list begins with %s",
	"mark.quoted":     "%s was read as the text of another law, since it is not the next number here",
	"mark.article":    "%s was read as the article that is missing here",
	"page.left":       "%q was taken for the head or foot of a page and left out",
	"format.line":     "%q names no kind of provision and was left as text",
	"provisions.many": "the text has more than %d provisions; the rest was put into the last",
}
