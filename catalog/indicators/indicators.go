// Package indicators keeps what agencies are measured by: the set of
// transparency indicators, what each agency hands in for them and when, what
// the machine finds in it, what people decide about it, and the scores that
// follow.
//
// The set is data, and has versions: a period is judged by the set that was in
// force when it ended, for ever. A check keeps what was seen of the evidence, so
// that its points can be worked out again. What was never asked for is not
// measured, which is something else than 0.
package indicators

import "github.com/openshafaf/shafaf/catalog"

// Nouns of the changes and of the log.
const (
	NounFiling = "filing"
	NounSet    = "indicators"
)

// An Indicators is the indicators of a catalogue. It is safe for concurrent
// use. Readers are its methods; what writes takes the *catalog.Tx of a write.
type Indicators struct {
	store   *catalog.Store
	leagues leagues
}

// New returns the indicators of the catalogue.
func New(store *catalog.Store) *Indicators { return &Indicators{store: store} }
