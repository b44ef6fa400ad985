package catalog

import (
	"database/sql/driver"

	"github.com/openshafaf/shafaf/datasets"
)

// What the program says by kind of sources, runs and files is told with the
// files themselves: see datasets.Said.
type (
	// Said is a part of a sentence.
	Said = datasets.Said
	// Bytes is a size in it.
	Bytes = datasets.Bytes
	// Seconds is a length of time in it.
	Seconds = datasets.Seconds
	// Day is a day in it.
	Day = datasets.Moment
)

// A saidColumn keeps the parts of a sentence as JSON, none as nothing.
type saidColumn struct{ list *[]Said }

func asSaid(list *[]Said) saidColumn { return saidColumn{list} }

// Value encodes for writing.
func (c saidColumn) Value() (driver.Value, error) {
	if len(*c.list) == 0 {
		return "", nil
	}
	return asJSON(c.list).Value()
}

// Scan decodes what was read.
func (c saidColumn) Scan(src any) error {
	*c.list = nil
	if src == "" {
		return nil
	}
	return asJSON(c.list).Scan(src)
}
