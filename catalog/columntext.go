package catalog

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// A ColumnText is what an agency says of a column of a resource: a line of its
// data dictionary.
type ColumnText struct {
	Table string `json:"table,omitempty"` // of a file with several tables: the name of the one
	Name  string `json:"name"`            // of the column
	Title Text   `json:"title,omitempty"`
	About Text   `json:"description,omitempty"`
	Unit  string `json:"unit,omitempty"`
}

// Empty reports whether nothing is said.
func (c *ColumnText) Empty() bool { return len(c.Title) == 0 && len(c.About) == 0 && c.Unit == "" }

// Bounds of a data dictionary.
const (
	maxColumnText  = 4000 // characters of a text
	maxColumnTexts = 5000
)

// DescribeColumns says what the columns of a resource hold: it takes the place
// of what was said of these columns before, and nothing is said of a column
// whose text is empty. Of a public resource it needs Publish, else Edit.
func (t *Tx) DescribeColumns(by *Actor, key string, revision int64, resource string, columns []ColumnText) (DeskDataset, error) {
	d, r, err := t.fileAt(by, key, revision, resource)
	if err == nil {
		err = mayChange(by, &d, &r)
	}
	if err != nil {
		return d, err
	}
	type words struct {
		Resource string       `json:"resource"`
		Columns  []ColumnText `json:"columns"`
	}
	before := words{r.ID, slices.Clone(r.Columns)}
	for _, c := range columns {
		for _, text := range []string{c.Title["fa"], c.Title["en"], c.About["fa"], c.About["en"], c.Unit} {
			if utf8.RuneCountInString(text) > maxColumnText {
				return d, &InvalidError{"columns", fmt.Sprintf("what is said of %q is longer than %d characters", c.Name, maxColumnText)}
			}
		}
		r.Columns = slices.DeleteFunc(r.Columns, func(old ColumnText) bool { return old.Table == c.Table && old.Name == c.Name })
		if !c.Empty() {
			r.Columns = append(r.Columns, c)
		}
	}
	if len(r.Columns) > maxColumnTexts {
		return d, &InvalidError{"columns", fmt.Sprintf("more than %d columns are described", maxColumnTexts)}
	}
	if err := t.place(&r); err != nil {
		return d, err
	}
	return t.did(by, "columns", &d, before, words{r.ID, r.Columns}, "")
}

// ColumnText returns what is said of a column of the resource or, where it is a
// table in the file of another one, of that.
func (d *Dataset) ColumnText(r *Resource, column string) ColumnText {
	table := ""
	if r.PartOf != "" {
		table = r.Identifier
		if r = d.Resource(r.PartOf); r == nil {
			return ColumnText{}
		}
	}
	for _, c := range r.Columns {
		if c.Table == table && c.Name == column {
			return c
		}
	}
	return ColumnText{}
}
