package datasets

import (
	"fmt"
	"strings"
)

// A Fault is something wrong with a file, said in a sentence to the person who
// can mend it. Row is the line of a spreadsheet or the record of a CSV file as
// its author would count it, from 1 with the header; 0 when the fault is not
// of one row. Column is the label of the column, empty when it is not of one.
type Fault struct {
	Row    int64  `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
	Text   string `json:"text"`
}

// MaxFaults is how many faults of one table are kept; the rest are counted.
const MaxFaults = 1000

// A FileError says that a file cannot be read as a table at all, and what to
// do. Its text is for the person who gave the file.
type FileError struct {
	File string // its name, as its giver knows it
	Fault
}

func (e *FileError) Error() string {
	var b strings.Builder
	if e.File != "" {
		fmt.Fprintf(&b, "%s: ", e.File)
	}
	if e.Row > 0 {
		fmt.Fprintf(&b, "row %d: ", e.Row)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, "column %q: ", e.Column)
	}
	return b.String() + e.Text
}
