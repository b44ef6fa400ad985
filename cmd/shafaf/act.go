package main

import "github.com/openshafaf/shafaf/catalog"

// act writes into the log what a command did to a thing, in the same write; now
// is what the thing is after it.
func act(tx *catalog.Tx, name, noun, thing, agency, why string, now any) error {
	return tx.Log(&catalog.Shell, catalog.Entry{Act: name, Noun: noun, Thing: thing, Agency: agency, Note: why}, nil, now)
}

// A sourceShape is what the log keeps of a source.
type sourceShape struct {
	Slug  string `json:"slug"`
	Kind  string `json:"kind"`
	URL   string `json:"url"`
	State string `json:"state"`
}

func shapeOf(s *catalog.Source) sourceShape { return sourceShape{s.Slug, s.Kind, s.URL, s.State} }

// A datasetShape is what the log keeps of a dataset that a command changed.
type datasetShape struct {
	Slug string `json:"slug"`
	File string `json:"file,omitempty"`   // that came
	Hash string `json:"digest,omitempty"` // of it
}
