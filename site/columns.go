package site

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A columnsView says what is known of the columns of a table.
type columnsView struct {
	Frame
	Name      string
	Sentence  string
	Tabs      []tab
	Resources []choice
	SelfURL   string
	Columns   []columnView
	Described bool // the source says something of the columns
	Edition   *editionNote
	shape     columnsShape
}

type columnsShape struct {
	Resource string        `json:"resource"`
	Rows     int64         `json:"rows"`
	Total    int64         `json:"total"`
	Results  []columnShape `json:"results"`
}

type columnShape struct {
	datasets.Column
	Described *columnEntry            `json:"described,omitempty"` // by the source
	Profile   *datasets.ColumnProfile `json:"profile,omitempty"`
	Remarks   []remark                `json:"remarks,omitempty"`
	Joins     []join                  `json:"joins,omitempty"`
}

// A columnView is what is known of one column, written for readers.
type columnView struct {
	ID        string // of its heading
	Label     string
	Name      string
	Named     bool // queries know it by a name that differs from its label
	Type      string
	Filled    int64
	Nulls     int64
	Distinct  int64
	Estimated bool
	Min, Max  string
	Mean      string
	Top       []bar
	Chart     template.HTML
	Unit      string
	Said      columnEntry // by the source
	Remarks   []remark
	Joins     []join
	TableURL  string // of the table sorted by the column
}

// JSON is the columns with their profiles.
func (v *columnsView) JSON() any { return v.shape }

func (s *Site) columns(r *Request) (View, error) {
	l := s.locales[r.Lang]
	x, err := s.explore(r)
	if err != nil {
		return nil, err
	}
	d, res, e := x.Dataset, x.Resource, x.Edition
	title := l.said(d.Title)
	v := &columnsView{Name: title.Text, SelfURL: "/" + r.Lang + r.Path, Resources: x.choices(), Tabs: s.exploreTabs(x)}
	if x.Frozen {
		v.Edition = x.editionNote()
	}
	v.Sentence = l.Text("columns.sentence", "n", len(e.Schema), "rows", e.Rows)
	v.shape = columnsShape{Resource: res.ID, Rows: e.Rows, Total: int64(len(e.Schema)), Results: []columnShape{}}
	words, err := s.dictionary(r.Context(), &d)
	if err != nil {
		return nil, err
	}
	joins, err := s.joins(r.Context(), l, x)
	if err != nil {
		return nil, err
	}
	for i := range x.Schema {
		c := &x.Schema[i]
		p := profileOf(e.Profile, c.Name)
		cv := l.columnView(i, c, p)
		cv.Said = words.of(c)
		if own := d.ColumnText(res, c.Name); !own.Empty() {
			cv.Said = l.ownEntry(&own)
		}
		cv.Joins, cv.Unit = joins[c.Name], firstOf(cv.Said.Unit, c.Unit)
		if p != nil {
			cv.Remarks = l.remarks(c, p, s.Now())
		}
		cv.TableURL = x.address("table", datasets.RowQuery{Sort: []datasets.Sort{{Column: c.Name}}}, nil)
		v.Described = v.Described || cv.Said.said()
		v.Columns = append(v.Columns, cv)
		v.shape.Results = append(v.shape.Results, cv.shape(c, p))
	}
	v.Frame = Frame{
		Title: l.Text("columns.page") + " — " + title.Text, Section: "datasets",
		Crumbs: []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}, {Text: title.Text, Lang: title.Lang, URL: "/" + r.Lang + datasetPath(d.Slug)}},
		State:  keepOnly(r.Query, paramResource).Encode(),
	}
	return v, nil
}

// shape is the column as the API answers it.
func (v *columnView) shape(c *datasets.Column, p *datasets.ColumnProfile) columnShape {
	shape := columnShape{Column: *c, Profile: p, Remarks: v.Remarks, Joins: v.Joins}
	if v.Said.said() {
		shape.Described = &v.Said
	}
	return shape
}

// ownEntry is what the agency says of a column at the desk.
func (l *locale) ownEntry(c *catalog.ColumnText) columnEntry {
	return columnEntry{Title: l.said(c.Title).Text, Description: l.said(c.About).Text, Unit: c.Unit}
}

// said reports whether the source says anything of the column.
func (e *columnEntry) said() bool {
	return e.Title != "" || e.Description != "" || e.Unit != "" || len(e.Codes) > 0
}

// topValues is how many of the most frequent values a page shows; a column in
// which no value comes twice has none, and one with a histogram only when it
// has few values.
const (
	topValues = 5
	fewValues = 30
)

func (l *locale) columnView(i int, c *datasets.Column, p *datasets.ColumnProfile) columnView {
	label := firstOf(c.Label, c.Name)
	v := columnView{ID: "c" + strconv.Itoa(i), Label: label, Name: c.Name, Named: label != c.Name, Type: c.Type.String()}
	if p == nil {
		return v
	}
	w := l.cellWriter(c, p, false)
	v.Filled, v.Nulls, v.Distinct, v.Estimated = p.Rows-p.Nulls, p.Nulls, p.Distinct, p.Estimated
	if c.Type != datasets.Text && c.Type != datasets.Boolean && p.Min != "" {
		v.Min, v.Max = w.canonical(p.Min), w.canonical(p.Max)
	}
	if p.Mean != nil && averaged(c) {
		const places = 3
		v.Mean = l.Float(*p.Mean, places)
	}
	if len(p.Top) > 0 && p.Top[0].Count > 1 && (len(p.Histogram) == 0 || p.Distinct <= fewValues) {
		for _, t := range p.Top[:min(len(p.Top), topValues)] {
			b := bar{Link: Link{Text: w.canonical(t.Value)}}
			if c.Type == datasets.Text && plainCode(t.Value) {
				b.Lang = codeLang
			}
			b.setBar(t.Count, v.Filled, l.lang)
			v.Top = append(v.Top, b)
		}
	}
	v.Chart = histogram(p.Histogram)
	return v
}

// histogram draws bins as bars. The axis of numbers and times runs from left
// to right in both languages.
func histogram(bins []datasets.HistoBin) template.HTML {
	const width, height, gap = 240.0, 60.0, 1.0
	var most int64
	for _, b := range bins {
		most = max(most, b.Count)
	}
	if len(bins) < 2 || most == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %g %g" preserveAspectRatio="none" aria-hidden="true" focusable="false">`, width, height+1)
	step := width / float64(len(bins))
	for i, bin := range bins {
		if bin.Count == 0 {
			continue
		}
		h := max(float64(bin.Count)/float64(most)*height, 1)
		fmt.Fprintf(&b, `<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f"/>`, float64(i)*step, height-h, max(step-gap, gap), h)
	}
	fmt.Fprintf(&b, `<line x1="0" x2="%g" y1="%g" y2="%g" vector-effect="non-scaling-stroke"/></svg>`, width, height+0.5, height+0.5)
	return template.HTML(b.String()) //nolint:gosec // numbers of ours
}

// columnNames are the columns of an edition for a short list.
func columnNames(lang string, r *catalog.Resource, e *catalog.Edition) []headCell {
	var all []headCell
	schema := spoken(lang, r, e.Schema)
	for i := range schema {
		c := &schema[i]
		all = append(all, headCell{Label: firstOf(c.Label, c.Name), Type: c.Type.String(), Numeric: c.Numeric()})
	}
	return all
}
