package indicators

import (
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// Seen is what a check looked at: all that its points follow from, and nothing
// else.
type Seen struct {
	Evidence []Look `json:"evidence"`
}

// A Look is what was seen of one piece of evidence.
type Look struct {
	N        int          `json:"n"`
	Kind     string       `json:"kind"`
	Title    catalog.Text `json:"title,omitempty"`
	At       time.Time    `json:"at"`                // when it was handed in
	State    string       `json:"state"`             // of the dataset: catalog.Published …; of the link: catalog.LinkAlive …
	Since    time.Time    `json:"since,omitzero"`    // of that state of a link
	Licence  string       `json:"licence,omitempty"` // id of a licence, or LicenceOther for conditions in words
	Modified time.Time    `json:"modified,omitzero"` // of the data, as far as anything tells
	Files    []FileSeen   `json:"files,omitempty"`
}

// came reports whether what tells when the data was modified is that a file came
// here as it is.
func (l *Look) came() bool {
	return slices.ContainsFunc(l.Files, func(f FileSeen) bool { return f.Since.Equal(l.Modified) })
}

// A FileSeen is what was seen of a file of the evidence.
type FileSeen struct {
	Resource string            `json:"resource"`
	Title    string            `json:"title,omitempty"`
	Format   string            `json:"format,omitempty"`
	Digest   string            `json:"digest,omitempty"` // of its edition; empty: it is not here
	Table    bool              `json:"table,omitempty"`
	Rows     int64             `json:"rows,omitempty"`
	Faults   int64             `json:"faults,omitempty"`
	Since    time.Time         `json:"since,omitzero"`    // of the edition
	Columns  map[string]string `json:"columns,omitempty"` // of those asked for that it has, what they are called in it
}
