package main

import "github.com/openshafaf/shafaf/catalog"

// act writes into the log what a command did to a dataset, in the same write;
// now is what the dataset is after it.
func act(tx *catalog.Tx, name, dataset, agency, why string, now datasetShape) error {
	return tx.Log(&catalog.Shell, catalog.Entry{Act: name, Noun: catalog.NounDataset, Thing: dataset, Agency: agency, Note: why}, nil, now)
}

// A datasetShape is what the log keeps of a dataset that a command changed.
type datasetShape struct {
	Slug string `json:"slug"`
	File string `json:"file,omitempty"`   // that came
	Hash string `json:"digest,omitempty"` // of it
}
