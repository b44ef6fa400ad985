package site

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/url"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// pageRows is how many rows a page of a table shows; previewRows how many the
// page of a dataset does.
const (
	pageRows    = 50
	previewRows = 10
)

// A download is a link to data that holds what it is in its text.
type download struct {
	Format string
	Kind   string // of its hint
	Of     string // what it is a download of
	URL    string
	Size   int64 // 0: not known before somebody asks for it
	Rows   int64 // of the table

	Columns int64 // of a view of the table
	Groups  bool  // whose rows are groups
	Part    bool  // which is not the whole table
}

// downloadKinds are the formats with a hint of their own.
var downloadKinds = map[string]bool{"csv": true, "xlsx": true, "parquet": true, "json": true, "jsonl": true}

// downloads are the ways to take away the table of r, and its file.
func (s *Site) downloads(l *locale, slug string, r *catalog.Resource) []download {
	var all []download
	e := r.Edition
	if e == nil {
		return nil
	}
	of := r.Label(l.lang)
	if e.HasTable {
		for _, f := range exporters.Formats() {
			kind := f.Ext
			if !downloadKinds[kind] {
				kind = "other"
			}
			size, _ := s.Exports.Peek(e.Digest, f, exporters.Options{Title: r.SheetTitle()})
			all = append(all, download{Format: f.Title, Kind: kind, Of: of, URL: tablePath(slug, r.ID, f.Ext), Size: size, Rows: e.Rows})
		}
	}
	if e.File != "" {
		all = append(all, download{Format: firstOf(r.Format, "FILE"), Kind: "file", Of: of, URL: filePath(slug, r.ID), Size: e.Size})
	}
	return all
}

// A choice is an option of a select.
type choice struct {
	Key, Label string
	Value      string // what the form sends, where it is not Key
	Current    bool
}

// Dir is the direction that the label is written in.
func (c choice) Dir() string { return labelDirection(c.Label) }

// labelDirection is "ltr" for a label of digits and signs alone, whose order
// matters, else what its letters say.
func labelDirection(label string) string {
	if plainCode(label) {
		return "ltr"
	}
	return "auto"
}

// A tableView is a page of the rows of a table, or of groups of them.
type tableView struct {
	Frame
	explorerView
	Name     string
	Table    viewTable
	Facets   []facetColumn
	Late     bool       // figures are left out, since they took too long
	Removals []chipView // of a result without rows: the conditions to blame, each with the view without it
	NoMore   bool       // the page is behind the last row
	Raw      bool
	RawURL   string
	FirstURL string
	NextURL  string
	Take     takeView
	shape    tableShape
}

// A tableShape is where the rows of a view are in the API; they have an address
// of their own there.
type tableShape struct {
	Resource string `json:"resource"`
	Edition  string `json:"edition"`
	Total    int64  `json:"total"`
	RowsURL  string `json:"rows_url"`
}

// JSON is where the rows are.
func (v *tableView) JSON() any { return v.shape }

// The parameters of the page beside those of a row query.
const (
	paramSize = "_size"
	paramSort = "_sort"
)

// table answers the rows of a table, filtered, sorted and page by page.
func (s *Site) table(r *Request) (View, error) {
	l := s.locales[r.Lang]
	x, err := s.explore(r)
	if err != nil {
		return nil, err
	}
	title := l.said(x.Dataset.Title)
	v := &tableView{Name: title.Text, Raw: x.raw()}
	page, err := s.viewPage(r, x)
	if err != nil {
		return nil, err
	}
	n := counted{Rows: page.Matched, Groups: page.Total, All: x.Edition.Rows}
	v.explorerView = s.explorer(l, x, n)
	v.shape = tableShape{x.Resource.ID, x.Edition.Digest, page.Total, s.rowsURL(x)}
	v.fill(l, x, page)
	if v.Take, err = s.take(r.Context(), l, x, page); err != nil {
		return nil, err
	}
	v.Frame = Frame{
		Title: l.Text("table.title") + " — " + title.Text, Section: "datasets", Crumbs: datasetCrumbs(l, &x.Dataset),
		NoIndex: len(r.Query) > 0,
	}
	if len(x.Faults) > 0 {
		v.Status = fiber.StatusUnprocessableEntity
	}
	if r.JSON {
		return v, nil
	}
	return v, s.figures(r.Context(), l, x, v, page)
}

// datasetCrumbs lead from the list of datasets to d.
func datasetCrumbs(l *locale, d *catalog.Dataset) []Link {
	title := l.said(d.Title)
	return []Link{{Text: l.Text("nav.datasets"), URL: "/" + l.lang + "/datasets"}, {Text: title.Text, Lang: title.Lang, URL: "/" + l.lang + datasetPath(d.Slug)}}
}

// raw reports whether cells are to be shown as the source wrote them.
func (x *exploration) raw() bool {
	switch v := x.Own.Get(paramRaw); v {
	case "", "0", "1":
		return v == "1"
	default:
		x.Faults = append(x.Faults, queryFault{paramRaw, x.Own[paramRaw], &datasets.InputError{Param: paramRaw, Text: "it is 0 or 1"}})
		delete(x.Own, paramRaw)
		return false
	}
}

// viewPage reads the page of rows that x asks for. A cursor that is of no use
// is a fault of the query, and the page is the first one.
func (s *Site) viewPage(r *Request, x *exploration) (*datasets.RowPage, error) {
	q := x.Query
	q.Size = cmp.Or(q.Size, pageRows)
	page, err := s.findRows(r.Context(), r.Lang, x.Rows, q)
	if err == nil && !r.JSON {
		page.Schema = spoken(r.Lang, x.Resource, page.Schema)
	}
	var input *datasets.InputError
	if !errors.As(err, &input) || r.JSON {
		return page, err
	}
	fault := queryFault{input.Param, r.Query[input.Param], input}
	x.Faults = append(x.Faults, fault)
	switch {
	case input.Param == paramAfter:
		x.Query.After = ""
	case q.Grouped():
		ungroup(&x.Query)
	default:
		return nil, err
	}
	return s.viewPage(r, x)
}

// fill puts the rows of a page and the links around them into the view.
func (v *tableView) fill(l *locale, x *exploration, page *datasets.RowPage) {
	v.Table = l.viewTable(x, page, v.Raw)
	if len(x.Query.Sort) < mostSorts {
		x.sortLinks(v.Table.Head, page.Schema)
	}
	if hasSource(page) || v.Raw {
		own := maps.Clone(x.Own)
		if own.Set(paramRaw, "1"); v.Raw {
			own.Del(paramRaw)
		}
		v.RawURL = x.address(x.tab, x.Query, own)
	}
	if page.Next != "" {
		v.NextURL = x.here(x.without(func(q *datasets.RowQuery) { q.After = page.Next }))
	}
	if x.Query.After != "" {
		v.FirstURL = x.here(x.first())
	}
	v.NoMore = page.Rows.Len == 0 && page.Total > 0
	if page.Total == 0 && v.Exclude == nil {
		v.Removals = v.Chips[:len(x.Query.Filters)]
	}
}

func hasSource(page *datasets.RowPage) bool {
	for i := range page.Rows.Columns {
		if len(page.Rows.Columns[i].Source) > 0 {
			return true
		}
	}
	return false
}

// keepOnly is the named parameters of query that have a value.
func keepOnly(query url.Values, names ...string) url.Values {
	out := url.Values{}
	for _, name := range names {
		if v := query[name]; len(v) > 0 && v[0] != "" {
			out[name] = v
		}
	}
	return out
}

// dataTable writes a page of rows for the readers of l's language.
func (l *locale) dataTable(id, caption string, page *datasets.RowPage, profile []datasets.ColumnProfile, raw bool) dataTable {
	t := dataTable{ID: id, Caption: caption, Total: page.Total, Rows: make([][]cell, page.Rows.Len)}
	for i := range t.Rows {
		t.Rows[i] = make([]cell, len(page.Schema))
	}
	for c := range page.Schema {
		column := &page.Schema[c]
		t.Head = append(t.Head, headCell{Label: firstOf(column.Label, column.Name), Type: column.Type.String(), Numeric: column.Numeric()})
		w := l.cellWriter(column, profileOf(profile, column.Name), raw)
		for i := range page.Rows.Len {
			t.Rows[i][c] = w.cell(&page.Rows.Columns[c], i)
		}
	}
	return t
}

func profileOf(profile []datasets.ColumnProfile, name string) *datasets.ColumnProfile {
	for i := range profile {
		if profile[i].Name == name {
			return &profile[i]
		}
	}
	return nil
}

// preview reads the first rows of the table of r. An error is for the log: the
// page does without.
func (s *Site) preview(ctx context.Context, l *locale, r *catalog.Resource) (*dataTable, error) {
	rows, err := s.Files.Rows(r.Edition.Digest) //nolint:contextcheck // what it opens outlives the request
	if err != nil {
		return nil, err
	}
	page, err := rows.Page(ctx, datasets.RowQuery{Size: previewRows})
	if err != nil {
		return nil, err
	}
	page.Schema = spoken(l.lang, r, page.Schema)
	caption := l.Text("dataset.preview.caption.all", "n", page.Total, "name", r.Label(l.lang))
	if page.Total > int64(page.Rows.Len) {
		caption = l.Text("dataset.preview.caption", "n", page.Rows.Len, "total", page.Total, "name", r.Label(l.lang))
	}
	t := l.dataTable("preview", caption, page, r.Edition.Profile, false)
	return &t, nil
}
