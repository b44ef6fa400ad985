package desk

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A fileView is what was found in a file.
type fileView struct {
	page
	Name      string
	FileName  string
	Format    string
	Size      int64
	Waits     bool // to be published
	Saved     bool
	Fault     string
	Said      []catalog.Said
	Tables    []tableFound
	Personal  []personalRow
	Read      *form  // how it is to be read; nil when there is no choice
	Forms     []form // what else can be done to it
	UploadURL string // where it gets a new file
}

// A tableFound is a table in a file.
type tableFound struct {
	ID         string
	Name       string
	Rows       int64
	Totals     bool
	Columns    []columnFound
	Encoding   string
	Delimiter  string // key of its name
	HeaderRow  int64
	Notes      []string
	Faults     []datasets.Fault
	FaultsN    int64
	FaultsURL  string
	ColumnsURL string
	BudgetURL  string // where it is made a budget
	ChangesURL string // what changes for the public
	Sample     any
}

// A columnFound is a column of a table, and what its values are.
type columnFound struct {
	Label  string
	Type   string // its name in the reader's language
	Layout string // key of how its dates are written
	Unit   string
	Money  string // key of the currency of the unit
	From   string // key of where the unit was found
	Place  string // key of the kind of places that the values are
	Empty  int64
	Sample string
	Chosen bool // its type was chosen by a person
}

// A personalRow is personal data in a column, for a list.
type personalRow struct {
	catalog.Personal
	Value string // by which a form says that it is meant
	File  string
}

func filePath(ds *catalog.DeskDataset, resource string) string {
	return datasetPath(ds) + "/files/" + resource
}

// A filePlace is a file of a dataset, and its tables as they will be.
type filePlace struct {
	ds     *catalog.DeskDataset
	pv     catalog.Dataset
	res    *catalog.Resource // in pv
	how    catalog.How
	tables []*catalog.Resource
}

// place returns the file that the address names.
func (d *Desk) place(r *site.Request) (*filePlace, error) {
	ds, err := d.editable(r)
	if err != nil {
		return nil, err
	}
	p := &filePlace{ds: ds, pv: ds.Preview()}
	if p.res = p.pv.Resource(r.Param("resource")); p.res == nil || p.res.PartOf != "" {
		return nil, catalog.ErrNotFound
	}
	p.tables = tablesOf(&p.pv, p.res)
	p.how, err = d.Store.LastHow(r.Context(), ds, p.res.ID)
	return p, err
}

// tableName is what the table is called in its file; empty when the file is it.
func tableName(t *catalog.Resource) string {
	if t.PartOf == "" {
		return ""
	}
	return t.Identifier
}

// table returns the table of the file with the name, or its first one.
func (p *filePlace) table(name string) *catalog.Resource {
	for _, t := range p.tables {
		if tableName(t) == name {
			return t
		}
	}
	if len(p.tables) > 0 {
		return p.tables[0]
	}
	return nil
}

func (d *Desk) filePage(s *site.Site, r *site.Request) (*fileView, *filePlace, error) {
	p, err := d.place(r)
	if err != nil {
		return nil, nil, err
	}
	f, _ := p.ds.GivenFile(p.res.ID)
	v := &fileView{
		page: page{datasetFrame(r, p.ds, "desk.file.kicker")}, Name: p.res.Label(r.Lang), FileName: f.Name, Format: p.res.Format, Size: f.Size,
		Saved: r.Query.Has("saved"), Waits: p.ds.PendingOf(p.res.ID) != nil, Fault: p.res.FetchFault, Said: p.res.FetchSaid,
		UploadURL: "/" + r.Lang + datasetPath(p.ds) + "/file?resource=" + url.QueryEscape(p.res.ID),
	}
	v.Title = v.Name
	for i, t := range p.tables {
		found, err := d.found(s, r, p, t)
		if err != nil {
			return nil, nil, err
		}
		found.ID, found.BudgetURL = "t"+strconv.Itoa(i), "/"+r.Lang+budgetPath(p, tableName(t))
		v.Tables = append(v.Tables, found)
	}
	v.Personal = personalRows(p)
	v.Read = readForm(p)
	v.Forms = fileForms(r, p)
	return v, p, nil
}

// found is what was found in a table of the file.
func (d *Desk) found(s *site.Site, r *site.Request, p *filePlace, t *catalog.Resource) (tableFound, error) {
	e, base, query := t.Edition, "/"+r.Lang+filePath(p.ds, p.res.ID), ""
	if name := tableName(t); name != "" {
		query = "?table=" + url.QueryEscape(name)
	}
	f := tableFound{
		Name: tableName(t), Rows: e.Rows, Notes: e.Notes, Faults: e.Faults[:min(len(e.Faults), shownFaults)], FaultsN: e.FaultsN,
		FaultsURL: base + "/faults" + query, ColumnsURL: base + "/columns" + query,
	}
	if w := p.ds.PendingOf(p.res.ID); w != nil {
		for i := range w.Imported.Tables {
			if im := &w.Imported.Tables[i]; im.Name == f.Name || len(p.tables) == 1 {
				f.Encoding, f.Delimiter, f.HeaderRow = im.Encoding, delimiterKey(im.Delimiter), im.HeaderRow
			}
		}
		if was := p.ds.Resource(t.ID); was != nil && was.Edition != nil && was.Edition.HasTable {
			f.ChangesURL = base + "/changes" + query
		}
	}
	for i := range e.Schema {
		f.Columns = append(f.Columns, p.column(r, t, &e.Schema[i]))
	}
	places, err := s.PlaceColumns(r.Context(), e)
	if err != nil {
		return f, err
	}
	for i := range e.Schema {
		f.Columns[i].Place = places[e.Schema[i].Name]
	}
	f.Sample, err = s.Sample(r, "rows-"+t.Edition.Digest[:8], t)
	if errors.Is(err, datasets.ErrManyRows) || r.Context().Err() != nil {
		return f, err
	}
	return f, nil
}

// column is what was found of a column.
func (p *filePlace) column(r *site.Request, t *catalog.Resource, c *datasets.Column) columnFound {
	f := columnFound{Label: c.Label, Type: r.TypeName(c.Type), Unit: c.Unit}
	if f.Label == "" {
		f.Label = c.Name
	}
	if c.Type == datasets.Date || c.Type == datasets.DateTime {
		f.Layout = c.Layout
	}
	f.Money, f.From = datasets.CurrencyOf(c.Unit), unitFrom(t.Edition, c)
	f.Chosen = p.choice(tableName(t), c.Name) != nil
	for i := range t.Edition.Profile {
		if pr := &t.Edition.Profile[i]; pr.Name == c.Name {
			f.Empty = pr.Nulls
			if len(pr.Top) > 0 {
				f.Sample = pr.Top[0].Value
			}
		}
	}
	return f
}

// unitFrom is the key of where the unit of a column was found; empty without one.
func unitFrom(e *catalog.Edition, c *datasets.Column) string {
	words := persian.Fold(c.Unit)
	switch {
	case c.Unit == "":
		return ""
	case strings.Contains(persian.Fold(c.Label), words):
		return "heading"
	case slices.ContainsFunc(e.Notes, func(note string) bool { return strings.Contains(persian.Fold(note), words) }):
		return "title"
	default:
		return "cells"
	}
}

// choice is what a person chose for a column, nil when nothing.
func (p *filePlace) choice(table, column string) *datasets.ColumnChoice {
	for i := range p.how.Options.Columns {
		if c := &p.how.Options.Columns[i]; c.Table == table && c.Column == column {
			return c
		}
	}
	return nil
}

// delimiters are what can part the cells of a text, with the keys of their names.
var delimiters = map[string]string{",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

func delimiterKey(d string) string {
	if key := delimiters[d]; key != "" {
		return key
	}
	return d
}

// personalRows are the personal data in a file, of the columns that it has.
func personalRows(p *filePlace) []personalRow {
	var all []personalRow
	for _, found := range p.how.Personal {
		t := p.table(found.Table)
		if t == nil || tableName(t) != found.Table || t.Edition.Schema.Index(found.Column) < 0 {
			continue
		}
		all = append(all, personalRow{found, p.res.ID + "/" + found.Table + "/" + found.Column + "/" + found.Kind, p.res.Name})
	}
	return all
}

func (d *Desk) file(s *site.Site, r *site.Request) (site.View, error) {
	v, _, err := d.filePage(s, r)
	return v, err
}

func (d *Desk) doFile(s *site.Site, r *site.Request) (site.View, error) {
	v, p, err := d.filePage(s, r)
	if err != nil {
		return nil, err
	}
	f := v.form(r.Form.Get("do"))
	if f == nil {
		return nil, fiber.ErrBadRequest
	}
	f.take(r)
	to, err := d.actOnFile(r, p, f)
	if err == nil {
		return nil, moved(r, to)
	}
	return stay(v, f, d.refusedWrite(r, f, err, func() (*form, error) {
		now, _, err := d.filePage(s, r)
		if err != nil {
			return nil, err
		}
		return cmp.Or(now.form(f.Do), now.Read, f), nil
	}))
}

// form returns the form of the page that does so, or nil.
func (v *fileView) form(do string) *form {
	if do == "read" {
		return v.Read
	}
	return formOf(v.Forms, do)
}

// actOnFile does what a form of the page of a file says, and returns where to
// go on.
func (d *Desk) actOnFile(r *site.Request, p *filePlace, f *form) (to string, err error) {
	if f.Do == "read" {
		o := p.how.Options
		if err := readOptions(f, &o); err != nil {
			return "", err
		}
		return d.reread(r, p, &o)
	}
	to = datasetPath(p.ds)
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		switch f.Do {
		case "words":
			to = filePath(p.ds, p.res.ID) + "?saved=1"
			_, err = tx.UpdateResource(&r.Actor, p.ds.ID, revisionOf(r), p.res.ID, texts(f, "label"), texts(f, "about"))
		case "discard":
			_, err = tx.DiscardPending(&r.Actor, p.ds.ID, revisionOf(r), p.res.ID)
		default:
			_, err = tx.RemoveResource(&r.Actor, p.ds.ID, revisionOf(r), p.res.ID, f.typed("reason"))
		}
		return err
	})
	return to, err
}

// reread has the file read in another way, and returns the page to go on with.
func (d *Desk) reread(r *site.Request, p *filePlace, o *datasets.Options) (string, error) {
	if revision := revisionOf(r); revision != p.ds.Revision {
		return "", &catalog.StaleError{Given: revision, Current: p.ds.Revision}
	}
	file, ok := p.ds.GivenFile(p.res.ID)
	if !ok {
		return "", catalog.ErrNotFound
	}
	u := catalog.Upload{
		Dataset: p.ds.ID, Resource: p.res.ID, Person: r.Actor.Person, State: catalog.UploadWaiting, File: file,
		How: (&catalog.How{Options: *o}).Raw(),
	}
	if err := d.enqueue(r.Context(), &u); err != nil {
		return "", err
	}
	return d.settled(r.Context(), &u), nil
}
