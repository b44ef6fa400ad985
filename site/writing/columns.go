package writing

import (
	"fmt"
	"maps"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A Reading is how the file of a resource is to be read, and what its columns
// hold. What is left out stays as it is.
type Reading struct {
	Table     string       `json:"table,omitempty"`      // of a file with several tables: the name of the one that columns are of
	Encoding  *string      `json:"encoding,omitempty"`   // of a CSV file: a name of the WHATWG; empty: recognised
	Delimiter *string      `json:"delimiter,omitempty"`  // of a CSV file: one character; empty: recognised
	HeaderRow *int64       `json:"header_row,omitempty"` // row of the header; -1: there is none; 0: it is looked for
	Columns   []ColumnSaid `json:"columns,omitempty"`
}

// A ColumnSaid is what is said of a column.
type ColumnSaid struct {
	Name        string        `json:"name"`
	Type        *string       `json:"type,omitempty"`   // text, integer, decimal, boolean, date, datetime; empty: recognised
	Layout      string        `json:"layout,omitempty"` // of dates: jalali, iso, dmy, mdy, named
	Unit        *string       `json:"unit,omitempty"`
	Title       *catalog.Text `json:"title,omitempty"`
	Description *catalog.Text `json:"description,omitempty"`
}

// said is what the dictionary then says of the columns, of those that change.
func (in *Reading) said(r *site.Request, d *catalog.DeskDataset, t *catalog.Resource) ([]catalog.ColumnText, error) {
	pv := d.Preview()
	var all []catalog.ColumnText
	for i := range in.Columns {
		c := &in.Columns[i]
		if t.Edition.Schema.Index(c.Name) < 0 {
			return nil, r.Refuse(fiber.StatusUnprocessableEntity, "columns", "write.column", "column", c.Name)
		}
		if err := checkTexts(r, map[string]catalog.Text{"title": or(c.Title), "description": or(c.Description)}); err != nil {
			return nil, err
		}
		was := pv.ColumnText(t, c.Name)
		now := catalog.ColumnText{Table: in.Table, Name: c.Name, Title: was.Title, About: was.About, Unit: was.Unit}
		set(&now.Title, c.Title)
		set(&now.About, c.Description)
		set(&now.Unit, c.Unit)
		if now.Unit != was.Unit || !maps.Equal(now.Title, was.Title) || !maps.Equal(now.About, was.About) {
			all = append(all, now)
		}
	}
	return all, nil
}

// into takes what is said of reading into o.
func (in *Reading) into(r *site.Request, o *datasets.Options) error {
	wrong := func(field string) error {
		return r.Refuse(fiber.StatusUnprocessableEntity, field, "write.reading."+field)
	}
	if in.Encoding != nil && *in.Encoding != "" && !slices.Contains(datasets.Encodings(), *in.Encoding) {
		return wrong("encoding")
	}
	if in.Delimiter != nil && !slices.Contains([]string{"", ",", ";", "\t", "|"}, *in.Delimiter) {
		return wrong("delimiter")
	}
	if n := or(in.HeaderRow); n < -1 || n > 1_000_000 {
		return wrong("header_row")
	}
	set(&o.Encoding, in.Encoding)
	set(&o.Delimiter, in.Delimiter)
	set(&o.HeaderRow, in.HeaderRow)
	o.Columns = slices.Clone(o.Columns)
	for i := range in.Columns {
		c := &in.Columns[i]
		if c.Type == nil {
			continue
		}
		o.Columns = slices.DeleteFunc(o.Columns, func(old datasets.ColumnChoice) bool { return old.Table == in.Table && old.Column == c.Name })
		if *c.Type == "" {
			continue
		}
		choice := datasets.ColumnChoice{Table: in.Table, Column: c.Name, Layout: c.Layout}
		if choice.Type.UnmarshalText([]byte(*c.Type)) != nil {
			return wrong("type")
		}
		dated := choice.Type == datasets.Date || choice.Type == datasets.DateTime
		if c.Layout != "" && (!dated || !slices.Contains(datasets.Layouts, c.Layout)) {
			return wrong("layout")
		}
		o.Columns = append(o.Columns, choice)
	}
	return nil
}

// table returns the table that columns are of: by its name the one of a file
// with several, else the only one.
func (in *Reading) table(d *catalog.DeskDataset, resource string) *catalog.Resource {
	pv := d.Preview()
	for _, t := range pv.Tables() {
		if t.ID == resource && in.Table == "" || t.PartOf == resource && t.Identifier == in.Table {
			return t
		}
	}
	return nil
}

// reread has the file of a resource read in another way, and keeps what is said
// of its columns. What comes of the reading waits to be published.
func (a *API) reread(_ *site.Site, r *site.Request) (site.View, error) {
	var in Reading
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	if err := a.allowed(r, at); err != nil {
		return nil, err
	}
	d, err := a.Store.DeskDataset(r.Context(), &r.Actor, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	resource := r.Param("id")
	var said []catalog.ColumnText
	if len(in.Columns) > 0 {
		t := in.table(&d, resource)
		if t == nil {
			return nil, r.Refuse(fiber.StatusUnprocessableEntity, "table", "write.table")
		}
		if said, err = in.said(r, &d, t); err != nil {
			return nil, err
		}
	}
	h, err := a.Store.LastHow(r.Context(), &d, resource)
	if err != nil {
		return nil, err
	}
	before := h.Raw()
	if err := in.into(r, &h.Options); err != nil {
		return nil, err
	}
	var again *catalog.Given
	if string(h.Raw()) != string(before) {
		if again, err = a.readAgain(r, &d, resource, h.Options); err != nil {
			return nil, err
		}
	}
	return a.do(r, q, fiber.StatusOK, func(tx *catalog.Tx) (catalog.DeskDataset, error) { return keep(tx, r, at, said, again) })
}

// readAgain reads the file of a resource with other options.
func (a *API) readAgain(r *site.Request, d *catalog.DeskDataset, resource string, o datasets.Options) (*catalog.Given, error) {
	file, ok := d.GivenFile(resource)
	if !ok {
		return nil, fmt.Errorf("file of %q: %w", resource, catalog.ErrNotFound)
	}
	g := &catalog.Given{File: file, How: (&catalog.How{Options: o}).Raw()}
	var err error
	g.Imported, err = datasets.Import(r.Context(), a.Files, file.Digest, file.Name, datasets.ImportOptions{Options: o})
	return g, err
}

// keep writes what a reading changes.
func keep(tx *catalog.Tx, r *site.Request, at int64, said []catalog.ColumnText, again *catalog.Given) (d catalog.DeskDataset, err error) {
	key, resource := r.Param("slug"), r.Param("id")
	if again != nil {
		if d, _, err = tx.ReplaceFile(&r.Actor, key, at, resource, *again); err != nil {
			return d, err
		}
		at = d.Revision
		if err := given(tx, r, &d, resource, again); err != nil {
			return d, err
		}
	}
	if len(said) > 0 || again == nil {
		return tx.DescribeColumns(&r.Actor, key, at, resource, said)
	}
	return d, nil
}

// given remembers how a file that a program gave was read, as the desk does for
// the next edition.
func given(tx *catalog.Tx, r *site.Request, d *catalog.DeskDataset, resource string, g *catalog.Given) error {
	if len(g.How) == 0 {
		return nil
	}
	return tx.PutUpload(&catalog.Upload{Dataset: d.ID, Resource: resource, Person: r.Actor.Person, State: catalog.UploadDone, File: g.File, How: g.How})
}
