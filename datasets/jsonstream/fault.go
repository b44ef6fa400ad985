package jsonstream

import (
	"fmt"
)

// A SyntaxError says that a document is no JSON from a byte on.
type SyntaxError struct {
	Offset int64
	Text   string
	Kind   string // of Text, by which it is told in other languages
	Args   []any  // what stands in Text: strings
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("the JSON is broken at byte %d: %s", e.Offset, e.Text)
}

// Bad returns a *SyntaxError of a kind at the place that the stream has come
// to. args are strings and bytes.
func (s *Stream) Bad(kind, format string, args ...any) error {
	e := &SyntaxError{Offset: s.off, Text: fmt.Sprintf(format, args...), Kind: kind}
	for _, a := range args {
		if c, isByte := a.(byte); isByte {
			a = string(rune(c))
		}
		e.Args = append(e.Args, a)
	}
	return e
}
