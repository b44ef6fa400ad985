package site

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"net/url"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/site/chart"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// A chartView is the page of a chart: the form that chooses it, the drawing,
// and the table of the same figures.
type chartView struct {
	Frame
	Name      string
	Explorer  explorerView
	Fields    []chartField
	Hidden    []hiddenField // what the form sends along: the table and the filters
	FormURL   string
	Fault     string // why there is no chart
	Empty     bool   // no row matches
	Figure    *chartFigure
	Downloads []download
	EmbedCode string
	shape     chartShape
}

// A chartField is a select of the form.
type chartField struct {
	Name    string
	ID      string // where two have the same name
	Choices []choice
	Bad     bool // what was asked for in it cannot be followed
}

// A chartFigure is a chart on a page: on a wide screen, on a phone, in words
// and as a table.
type chartFigure struct {
	Title    template.HTML
	Subtitle template.HTML
	Period   template.HTML
	Wide     template.HTML
	Phone    template.HTML
	Notes    []template.HTML
	Table    dataTable
}

type chartShape struct {
	Resource string          `json:"resource"`
	Edition  string          `json:"edition"`
	Type     chart.Kind      `json:"type"`
	Title    string          `json:"title"`
	X        string          `json:"x,omitempty"`
	Y        []string        `json:"y,omitempty"`
	Group    string          `json:"group,omitempty"`
	Agg      string          `json:"agg"`
	Top      int             `json:"top"`
	Unit     string          `json:"unit,omitempty"`
	Notes    []string        `json:"notes"`
	Total    int64           `json:"total"`
	Columns  datasets.Schema `json:"columns"`
	Results  json.RawMessage `json:"results"`
}

// JSON is the figures of the chart.
func (v *chartView) JSON() any { return v.shape }

// A plotted is a chart with all that belongs to it.
type plotted struct {
	l       *locale
	x       *exploration
	spec    chartSpec
	figures *chartFigures
	drawing *chart.Chart
	address string // of its page
}

// plot computes and lays out the chart that x asks for. The error is a
// *chartError where there is none; the spec is there for the form even then.
func (s *Site) plot(ctx context.Context, x *exploration) (*plotted, error) {
	p := &plotted{l: s.locales[x.lang], x: x}
	var err error
	if p.spec, err = p.l.chartSpec(x); err != nil {
		return p, err
	}
	p.address = s.baseURL() + x.address("chart", x.Query, p.spec.Values())
	if p.figures, err = s.chartFigures(ctx, p.l, x, &p.spec); err != nil {
		return p, err
	}
	if p.spec.Kind == chart.Area && p.negative() {
		return p, &chartError{paramType, p.l.Text("chart.fault.negative")}
	}
	p.drawing = p.l.drawn(p.figures, &p.spec, x.Schema)
	if p.drawing.CutsRest() {
		p.figures.Notes = append(p.figures.Notes, p.l.Text("chart.note.cut"))
	}
	p.drawing.Title = p.title()
	p.drawing.Subtitle = p.subtitle()
	return p, nil
}

func (p *plotted) negative() bool {
	for k := range p.figures.Series {
		s := &p.figures.Series[k]
		for _, f := range s.Figures {
			if f.OK && f.value(&s.Column) < 0 {
				return len(p.figures.Series) > 1
			}
		}
	}
	return false
}

func (p *plotted) title() string {
	if t := p.l.finding(p.figures, &p.spec, p.x.Schema); t != "" {
		return capital(t)
	}
	return capital(p.l.plainTitle(p.figures, &p.spec, p.x.Schema))
}

// capital begins a sentence: with a capital, where the language has them.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// subtitle says what is drawn where the title says what is seen in it, and the
// unit.
func (p *plotted) subtitle() string {
	text := capital(p.l.plainTitle(p.figures, &p.spec, p.x.Schema))
	if p.drawing.Title == text {
		text = ""
	}
	if _, unit := p.l.unitTimes(unitText(&p.spec, p.x.Schema)); unit != "" && p.spec.Kind != chart.Histogram {
		unit = p.l.Text("chart.unit", "unit", unit)
		if text == "" {
			return unit
		}
		text += p.l.Text("list.comma") + " " + unit
	}
	return text
}

// chart answers the page of a chart.
func (s *Site) chart(r *Request) (View, error) {
	l := s.locales[r.Lang]
	x, err := s.explore(r)
	if err != nil {
		return nil, err
	}
	p, err := s.plot(r.Context(), x)
	var fault *chartError
	if err != nil && (!errors.As(err, &fault) || r.JSON) {
		if fault != nil {
			return nil, &datasets.InputError{Param: fault.Param, Text: fault.Sentence}
		}
		return nil, err
	}
	title := l.said(x.Dataset.Title)
	v := &chartView{Name: title.Text}
	page, err := x.Rows.Page(r.Context(), datasets.RowQuery{Filters: x.Query.Filters, Size: 1})
	if err != nil {
		return nil, err
	}
	v.Explorer = s.explorer(l, x, counted{Rows: page.Matched, All: x.Rows.Len()})
	v.Fields, v.FormURL = x.chartFields(l, &p.spec, fault), "/"+r.Lang+r.Path
	v.Hidden = hidden(x.params(x.first(), nil))
	v.Frame = Frame{
		Title: l.Text("chart.page") + " — " + title.Text, Section: "datasets",
		Crumbs:  []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}, {Text: title.Text, Lang: title.Lang, URL: "/" + r.Lang + datasetPath(x.Dataset.Slug)}},
		NoIndex: len(r.Query) > 0,
	}
	if len(x.Faults) > 0 {
		v.Status = fiber.StatusUnprocessableEntity
	}
	if fault != nil {
		v.Fault, v.Status = fault.Sentence, fiber.StatusUnprocessableEntity
		if len(r.Query) == 0 || fault.Param == "" {
			v.Status = fiber.StatusOK // nobody asked for what there is not
		}
		return v, nil
	}
	if len(p.figures.Steps) == 0 {
		v.Empty = true
	}
	if r.JSON {
		v.shape, err = p.shape(r.Context())
		return v, err
	}
	if !v.Empty {
		v.Figure, v.Downloads, v.EmbedCode = p.figure(), p.downloads(), s.embedCode(unmarked(p.drawing.Title), p.embedURL())
	}
	return v, nil
}

// shape is the chart as the API answers it.
func (p *plotted) shape(ctx context.Context) (chartShape, error) {
	t := p.figures.table()
	shape := chartShape{
		Resource: p.x.Resource.ID, Edition: p.x.Edition.Digest, Type: p.spec.Kind, Title: unmarked(p.drawing.Title), X: p.spec.Values().Get(paramX), Y: p.spec.Y,
		Group: p.spec.Split, Agg: string(p.spec.Agg), Top: p.spec.Top, Unit: unitText(&p.spec, p.x.Schema), Notes: []string{}, Columns: t.Schema, Total: int64(len(p.figures.Steps)),
	}
	for _, note := range p.figures.Notes {
		shape.Notes = append(shape.Notes, unmarked(note))
	}
	for i := range t.Schema {
		t.Schema[i].Label = t.Schema[i].Name
	}
	var b bytes.Buffer
	format, _ := exporters.ByExt("json")
	err := format.Write(ctx, &b, t, exporters.Options{})
	shape.Results = bytes.TrimSpace(b.Bytes())
	return shape, err
}

// figure is the chart on a page.
func (p *plotted) figure() *chartFigure {
	f := &chartFigure{Title: markedUp(p.drawing.Title), Subtitle: markedUp(p.drawing.Subtitle), Table: p.table()}
	for _, note := range p.figures.Notes {
		f.Notes = append(f.Notes, markedUp(note))
	}
	if t := p.x.Dataset.Temporal; t.Start != "" || t.End != "" {
		f.Period = p.l.Period(t.Start, t.End)
	}
	f.Wide = svgOf(p.drawing, chart.Wide, "chart-wide")
	f.Phone = svgOf(p.drawing, chart.Phone, "chart-phone")
	return f
}

func svgOf(c *chart.Chart, width float64, class string) template.HTML {
	return template.HTML(c.Scene(width, false).SVG( //nolint:gosec // the writer escapes
		"class", "chart-svg "+class, "role", "img", "aria-labelledby", "chart-title", "aria-describedby", "chart-words", "data-table", "chart-table"))
}

// mostListed is how many rows the table beside a chart shows; its file has all.
const mostListed = 500

// table is the table of the figures, written for readers.
func (p *plotted) table() dataTable {
	f, l := p.figures, p.l
	t := dataTable{ID: "chart-table", Caption: l.Text("chart.table"), Total: int64(len(f.Steps))}
	head := l.xText(&p.spec, p.x.Schema)
	if p.spec.Kind == chart.Histogram {
		head = columnLabel(p.x.Schema, p.spec.Y[0])
	}
	t.Head = append(t.Head, headCell{Label: unmarked(head), Numeric: p.spec.Kind == chart.Scatter})
	unit := unitText(&p.spec, p.x.Schema)
	for k := range f.Series {
		label := f.Series[k].Name
		if len(f.Series) == 1 {
			label = withUnit(l.measureText(f, &p.spec, p.x.Schema), unit)
			if p.spec.Kind == chart.Histogram {
				label = f.Series[k].Name
			}
		} else if p.spec.Split == "" {
			label = withUnit(label, unit)
		}
		t.Head = append(t.Head, headCell{Label: unmarked(label), Numeric: true})
	}
	for i := range f.Steps[:min(len(f.Steps), mostListed)] {
		row := []cell{{Kind: "text", Text: l.stepText(f, &p.spec, i), Numeric: p.spec.Kind == chart.Scatter}}
		for k := range f.Series {
			s := &f.Series[k]
			c := cell{Kind: "number", Text: s.Figures[i].read(l, &s.Column), Numeric: true}
			if !s.Figures[i].OK {
				c.Kind = "null"
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// parameters are those of the chart in addresses outside the pages: everything
// is said in them.
func (p *plotted) parameters() url.Values {
	v := p.x.params(p.x.first(), p.spec.Values())
	v.Set("lang", p.l.lang)
	return v
}

// downloads are the files of the chart.
func (p *plotted) downloads() []download {
	return pictureDownloads(p.x, "chart", chartFiles, unmarked(p.drawing.Title), p.parameters())
}

func (p *plotted) embedURL() string {
	return withQuery("/embed"+datasetPath(p.x.Dataset.Slug)+"/chart", p.parameters())
}

// chartFields are the selects of the form, with what is drawn chosen in them.
func (x *exploration) chartFields(l *locale, spec *chartSpec, fault *chartError) []chartField {
	var kinds, aggs, tops []choice
	for _, k := range chart.Kinds() {
		kinds = append(kinds, choice{Key: string(k), Label: l.Text("chart.kind." + string(k)), Current: k == spec.Kind})
	}
	for _, a := range chartAggs() {
		aggs = append(aggs, choice{Key: string(a), Label: l.Text("measure." + string(a)), Current: a == spec.Agg})
	}
	known := false
	for _, n := range []int{5, 10, usualTop, 20, 50, 100, mostTop} {
		tops = append(tops, choice{Key: strconv.Itoa(n), Label: l.Plain(int64(n)), Current: n == spec.Top})
		known = known || n == spec.Top
	}
	if !known {
		tops = append(tops, choice{Key: strconv.Itoa(spec.Top), Label: l.Plain(int64(spec.Top)), Current: true})
	}
	first, second := "", ""
	if len(spec.Y) > 0 {
		first = spec.Y[0]
	}
	if len(spec.Y) > 1 {
		second = spec.Y[1]
	}
	none := choice{Label: l.Text("chart.none")}
	all := []chartField{
		{Name: paramType, Choices: kinds},
		{Name: paramX, Choices: append([]choice{none}, x.xChoices(l, spec.X)...)},
		{Name: paramAgg, Choices: aggs},
		{Name: paramY, Choices: append([]choice{none}, x.yChoices(first)...)},
		{Name: paramY, ID: "y2", Choices: append([]choice{none}, x.yChoices(second)...)},
		{Name: paramSplit, Choices: append([]choice{none}, x.splitChoices(spec.Split)...)},
		{Name: paramTop, Choices: tops},
	}
	for i := range all {
		all[i].ID = firstOf(all[i].ID, all[i].Name)
		all[i].Bad = fault != nil && fault.Param == all[i].ID
	}
	return all
}

func (x *exploration) xChoices(l *locale, chosen datasets.GroupBy) []choice {
	var all []choice
	for i := range x.Schema {
		c := &x.Schema[i]
		all = append(all, choice{Key: c.Name, Label: firstOf(c.Label, c.Name), Current: chosen == datasets.GroupBy{Column: c.Name}})
		if c.Type != datasets.Date && c.Type != datasets.DateTime {
			continue
		}
		for _, part := range dateParts() {
			g := datasets.GroupBy{Column: c.Name, Part: part}
			all = append(all, choice{Key: g.Name(), Label: x.groupWords(l, g), Current: chosen == g})
		}
	}
	return all
}

func (x *exploration) yChoices(chosen string) []choice {
	var all []choice
	for i := range x.Schema {
		c := &x.Schema[i]
		if c.Numeric() || c.Type == datasets.Date || c.Name == chosen {
			all = append(all, choice{Key: c.Name, Label: firstOf(c.Label, c.Name), Current: c.Name == chosen})
		}
	}
	return all
}

func (x *exploration) splitChoices(chosen string) []choice {
	var all []choice
	for i := range x.Schema {
		c := &x.Schema[i]
		role := roleOf(c, profileOf(x.Edition.Profile, c.Name))
		if role == roleCategory || role == roleYear || c.Name == chosen {
			all = append(all, choice{Key: c.Name, Label: firstOf(c.Label, c.Name), Current: c.Name == chosen})
		}
	}
	return all
}

// chartTab is whether there is a chart of an edition.
func chartTab(_ *Site, e *catalog.Edition) bool { return chartable(e.Schema, e.Profile) }

// chartKeeps is what of a query a chart takes along: the order and the choice
// of columns mean nothing in it.
func chartKeeps(q datasets.RowQuery) datasets.RowQuery {
	q.Select, q.Sort, q.Size, q.After = nil, nil, 0, ""
	return q
}
