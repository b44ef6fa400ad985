package site

import (
	"context"
	"maps"
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
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

// A tableView is a page of the rows of a table.
type tableView struct {
	Frame
	Name       string
	Sentence   string
	Tabs       []tab
	Resources  []choice
	SelfURL    string
	Table      dataTable
	Filtered   string // what the filters say, empty without filters
	ClearURL   string
	SortedBy   string
	UnsortURL  string
	Raw        bool
	RawURL     string
	FirstURL   string
	NextURL    string
	Downloads  []download
	Curl       string
	RowsURL    string
	total      int64
	resourceID string
}

// JSON is where the rows are in the API; rows themselves have an address of
// their own there.
func (v *tableView) JSON() any {
	return struct {
		Resource string `json:"resource"`
		Total    int64  `json:"total"`
		RowsURL  string `json:"rows_url"`
	}{v.resourceID, v.total, v.RowsURL}
}

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
	d, res := x.Dataset, x.Resource
	query := maps.Clone(r.Query)
	query.Del(paramResource)
	query.Del(paramEdition)
	page, err := s.tablePage(r.Context(), r.Lang, res.Edition, query, pageRows)
	if err != nil {
		return nil, err
	}
	v := &tableView{Name: l.said(d.Title).Text, resourceID: res.ID, SelfURL: "/" + r.Lang + r.Path}
	v.Tabs, v.Resources = s.exploreTabs(x), x.choices()
	v.Downloads = s.downloads(l, d.Slug, res)
	v.fill(r, l, res, page)
	v.RowsURL = s.baseURL() + withQuery(apiPrefix+resourcePath(d.Slug, res.ID)+"/rows", apiQuery(r.Query))
	v.Curl = "curl '" + v.RowsURL + "'"
	title := l.said(d.Title)
	v.Frame = Frame{
		Title: l.Text("table.title") + " — " + title.Text, Section: "datasets",
		Crumbs:  []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}, {Text: title.Text, Lang: title.Lang, URL: "/" + r.Lang + datasetPath(d.Slug)}},
		NoIndex: len(r.Query) > 0,
	}
	return v, nil
}

// fill puts the rows of a page and the links of its head into the view.
func (v *tableView) fill(r *Request, l *locale, res *catalog.Resource, page *rowsPage) {
	q := &page.Query
	v.Raw = page.Raw
	v.Table = l.dataTable("rows", l.Text("table.caption", "name", res.Label(r.Lang)), page.RowPage, res.Edition.Profile, v.Raw)
	columns := int64(len(page.Schema))
	v.Sentence = l.Text("table.sentence", "n", page.Total, "columns", columns)
	if len(q.Filters) > 0 {
		v.Sentence = l.Text("table.sentence.filtered", "n", page.Total, "total", res.Edition.Rows)
		v.Filtered = describeFilters(q.Filters)
		v.ClearURL = withQuery(v.SelfURL, keepOnly(r.Query, paramResource, paramRaw, paramSort, "_select"))
	}
	for i := range page.Schema {
		h, name := &v.Table.Head[i], page.Schema[i].Name
		h.URL = r.url(paramSort, name, paramAfter, "")
		if len(q.Sort) > 0 && q.Sort[0].Column == name {
			h.Sorted = "ascending"
			if q.Sort[0].Desc {
				h.Sorted = "descending"
			} else {
				h.URL = r.url(paramSort, "-"+name, paramAfter, "")
			}
			v.SortedBy, v.UnsortURL = h.Label, r.url(paramSort, "", paramAfter, "")
		}
	}
	if hasSource(page.RowPage) || v.Raw {
		raw := "1"
		if v.Raw {
			raw = ""
		}
		v.RawURL = r.url(paramRaw, raw)
	}
	if page.Next != "" {
		v.NextURL = r.url(paramAfter, page.Next)
	}
	if q.After != "" {
		v.FirstURL = r.url(paramAfter, "")
	}
	v.total = page.Total
}

func hasSource(page *datasets.RowPage) bool {
	for i := range page.Rows.Columns {
		if len(page.Rows.Columns[i].Source) > 0 {
			return true
		}
	}
	return false
}

// apiQuery is the row query of a page's address for the API.
func apiQuery(query url.Values) url.Values {
	out := withoutEmpty(query)
	out.Del(paramResource)
	out.Del(paramAfter)
	return out
}

func keepOnly(query url.Values, names ...string) url.Values {
	out := url.Values{}
	for _, name := range names {
		if v := query[name]; len(v) > 0 && v[0] != "" {
			out[name] = v
		}
	}
	return out
}

// describeFilters says filters in signs that both languages read.
func describeFilters(filters []datasets.Filter) string {
	signs := map[datasets.Op]string{
		datasets.Equal: "=", datasets.Not: "≠", datasets.Greater: ">", datasets.AtLeast: "≥", datasets.Less: "<", datasets.AtMost: "≤",
		datasets.Contains: "⊇", datasets.StartsWith: "^", datasets.In: "∈", datasets.IsNull: "∅",
	}
	parts := make([]string, 0, len(filters))
	for _, f := range filters {
		values := make([]string, 0, len(f.Values))
		for _, v := range f.Values {
			values = append(values, shortened(v, longURL))
		}
		parts = append(parts, f.Column+" "+signs[f.Op]+" "+strings.Join(values, ", "))
	}
	return strings.Join(parts, " · ")
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
	caption := l.Text("dataset.preview.caption.all", "n", page.Total, "name", r.Label(l.lang))
	if page.Total > int64(page.Rows.Len) {
		caption = l.Text("dataset.preview.caption", "n", page.Rows.Len, "total", page.Total, "name", r.Label(l.lang))
	}
	t := l.dataTable("preview", caption, page, r.Edition.Profile, false)
	return &t, nil
}
