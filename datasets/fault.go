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
	Text   string `json:"text"`           // in English
	Said   []Said `json:"said,omitempty"` // the parts of Text, by kind; none: there is only the text
}

// MaxFaults is how many faults of one table are kept; the rest are counted.
const MaxFaults = 1000

// FaultKind is what the kinds of faults begin with, as parts of sentences.
const FaultKind = "reader."

// FaultKinds returns the English texts of the faults of files, by kind, as
// formats of package fmt.
func FaultKinds() map[string]string {
	all := make(map[string]string, len(faultKinds))
	for kind, text := range faultKinds {
		all[FaultKind+kind] = text
	}
	return all
}

// faultAt returns a fault of a kind at a row, a column, or neither.
func faultAt(row int64, column, kind string, args ...any) Fault {
	text, said := NewSaid(FaultKind+kind, faultKinds[kind], args...)
	return Fault{Row: row, Column: column, Text: text, Said: []Said{said}}
}

// leftOut returns the fault of a part of a file that is left out for one of its
// own.
func leftOut(kind, name string, cause *FileError) Fault {
	f := faultAt(0, "", kind, name)
	f.Text += ": " + sentence(cause)
	f.Said = append(f.Said, cause.Placed()...)
	return f
}

// Placed returns the parts of the whole sentence about a file: where the fault
// is, and what; none when the fault has none.
func (f *Fault) Placed() []Said {
	if len(f.Said) == 0 {
		return nil
	}
	var all []Said
	if f.Row > 0 {
		all = append(all, faultAt(0, "", "at.row", f.Row).Said...)
	}
	if f.Column != "" {
		all = append(all, faultAt(0, "", "at.column", f.Column).Said...)
	}
	return append(all, f.Said...)
}

// A FileError says that a file cannot be read as a table at all, and what to
// do. Its text is for the person who gave the file.
type FileError struct {
	File string // its name, as its giver knows it
	Fault
}

// NewFileError returns an error of a whole file of one of the FaultKinds.
func NewFileError(kind string, args ...any) *FileError {
	return &FileError{Fault: faultAt(0, "", kind, args...)}
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
