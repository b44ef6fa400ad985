package site

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"net/url"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/site/geomap"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// A mapView is the page of a map: the form that chooses it, the drawing, and
// the table of the same figures.
type mapView struct {
	Frame
	Name      string
	Explorer  explorerView
	Fields    []chartField
	Hidden    []hiddenField
	FormURL   string
	Fault     string // why there is no map
	Empty     bool   // no row matches
	Figure    *mapFigure
	Downloads []download
	EmbedCode string
	shape     mapShape
}

// A mapFigure is a map on a page: drawn, in words and as a table.
type mapFigure struct {
	Title     template.HTML
	Subtitle  template.HTML
	Drawing   template.HTML
	Legend    []mapLabel
	Notes     []template.HTML
	Unmatched []string
	More      int
	Missing   []string
	Table     dataTable
}

// A mapLabel is a line of the legend.
type mapLabel struct {
	Swatch template.HTML
	Text   string
}

type mapShape struct {
	Resource  string          `json:"resource"`
	Edition   string          `json:"edition"`
	Title     string          `json:"title"`
	Place     string          `json:"place"`
	Measure   string          `json:"measure,omitempty"`
	Agg       string          `json:"agg"`
	Unit      string          `json:"unit,omitempty"`
	Notes     []string        `json:"notes"`
	Unmatched []string        `json:"unmatched"`
	Missing   []string        `json:"missing"`
	Columns   datasets.Schema `json:"columns"`
	Total     int64           `json:"total"`
	Results   json.RawMessage `json:"results"`
}

// JSON is the figures of the map.
func (v *mapView) JSON() any { return v.shape }

// A mapped is a map with all that belongs to it.
type mapped struct {
	l       *locale
	x       *exploration
	spec    mapSpec
	figures *mapFigures
	drawing *geomap.Map
	address string // of its page
}

// mapOf computes and lays out the map that x asks for. The error is a
// *chartError where there is none; the spec is there for the form even then.
func (s *Site) mapOf(ctx context.Context, x *exploration) (*mapped, error) {
	p := &mapped{l: s.locales[x.lang], x: x}
	places, err := s.mapPlaces(ctx, x.Edition)
	if err != nil {
		return p, err
	}
	if p.spec, err = p.l.mapSpec(x, places); err != nil {
		return p, err
	}
	p.address = s.baseURL() + x.address("map", mapKeeps(x.Query), p.spec.Values())
	if p.figures, err = s.mapFigures(ctx, p.l, x, &p.spec); err != nil {
		return p, err
	}
	if p.drawing, err = s.drawMap(ctx, p.l, x, &p.spec, p.figures); err != nil {
		return p, err
	}
	p.drawing.Title, p.drawing.Subtitle, p.drawing.Address = p.title(), p.subtitle(), p.address
	return p, nil
}

// measureText is what the figures are: "sum of amount". The figure of a row is
// the value itself.
func (p *mapped) measureText() string {
	label := p.l.name(bareLabel(p.x.Schema, p.spec.Measure))
	switch {
	case p.spec.Measure == "" && p.spec.provinces():
		return p.l.Text("measure.count")
	case p.spec.Measure == "":
		return ""
	case !p.spec.provinces():
		return label
	}
	return p.l.Text("measure."+string(p.spec.Agg)+".of", "column", label)
}

func (p *mapped) unit() string {
	if i := p.x.Schema.Index(p.spec.Measure); i >= 0 {
		return p.x.Schema[i].Unit
	}
	return ""
}

func (p *mapped) title() string {
	name := p.l.name(p.l.said(p.x.Dataset.Title).Text)
	measure := p.measureText()
	switch {
	case measure == "":
		return name
	case p.spec.provinces():
		return capital(p.l.Text("map.title.provinces", "measure", measure))
	}
	return p.l.Text("map.title", "measure", measure, "name", name)
}

func (p *mapped) subtitle() string {
	if unit := p.unit(); unit != "" {
		return p.l.Text("chart.unit", "unit", unit)
	}
	return ""
}

// mapPage answers the page of a map.
func (s *Site) mapPage(r *Request) (View, error) {
	l := s.locales[r.Lang]
	x, err := s.explore(r)
	if err != nil {
		return nil, err
	}
	p, err := s.mapOf(r.Context(), x)
	var fault *chartError
	if err != nil && (!errors.As(err, &fault) || r.JSON) {
		return nil, inputFault(err)
	}
	title := l.said(x.Dataset.Title)
	v := &mapView{Name: title.Text}
	page, err := s.findRows(r.Context(), r.Lang, x.Rows, datasets.RowQuery{Filters: x.Query.Filters, Size: 1})
	if err != nil {
		return nil, err
	}
	v.Explorer = s.explorer(l, x, counted{Rows: page.Matched, All: x.Rows.Len()})
	v.Fields, v.FormURL = x.mapFields(l, &p.spec, fault), "/"+r.Lang+r.Path
	if !p.spec.Places.any() {
		v.Fields = nil
	}
	v.Hidden = hidden(x.params(mapKeeps(x.first()), nil))
	v.Frame = Frame{
		Title: l.Text("map.page") + " — " + title.Text, Section: "datasets",
		Crumbs: datasetCrumbs(l, &x.Dataset), NoIndex: len(r.Query) > 0,
	}
	if len(x.Faults) > 0 {
		v.Status = fiber.StatusUnprocessableEntity
	}
	if fault != nil {
		if v.Fault, v.Status = fault.Sentence, fiber.StatusUnprocessableEntity; fault.Param == "" && len(withoutEmpty(x.Own)) == 0 {
			v.Status = fiber.StatusOK // nobody asked for what there is not
		}
		return v, nil
	}
	if r.JSON {
		v.shape, err = p.shape(r.Context())
		return v, err
	}
	if v.Empty = len(p.figures.Places) == 0; v.Empty {
		return v, nil
	}
	v.Figure = p.figure()
	v.Downloads, v.EmbedCode = p.downloads(), s.embedCode(unmarked(p.drawing.Title), p.embedURL())
	return v, nil
}

// figure is the map on a page.
func (p *mapped) figure() *mapFigure {
	f := &mapFigure{
		Title: markedUp(p.drawing.Title), Subtitle: markedUp(p.drawing.Subtitle),
		Unmatched: p.figures.Unmatched, More: p.figures.More, Missing: p.figures.Missing, Table: p.table(), Drawing: p.html(),
	}
	for _, note := range p.figures.Notes {
		f.Notes = append(f.Notes, markedUp(note))
	}
	for _, label := range p.drawing.Legend {
		f.Legend = append(f.Legend, mapLabel{template.HTML(geomap.Swatch(label)), label.Text}) //nolint:gosec // the writer escapes
	}
	return f
}

// html is the drawing on a page.
func (p *mapped) html() template.HTML {
	if !p.spec.provinces() {
		svg := p.drawing.SVG("class", "map-svg", "role", "img", "aria-labelledby", "chart-title", "aria-describedby", "chart-words")
		return template.HTML(`<div dir="auto">` + svg + "</div>") //nolint:gosec // the writer escapes
	}
	links := make([]string, len(p.drawing.Tiles))
	for i, t := range p.drawing.Tiles {
		links[i] = p.link(t.Province)
	}
	return template.HTML(p.drawing.TileList(links, "class", "map-tiles", "role", "list", "aria-labelledby", "chart-title")) //nolint:gosec // the writer escapes
}

// link is where the rows of a province are, empty when it has none.
func (p *mapped) link(province int) string {
	for i := range p.figures.Places {
		if place := &p.figures.Places[i]; place.Province == province {
			return p.x.address("table", p.x.without(func(q *datasets.RowQuery) {
				q.Filters = append(q.Filters[:len(q.Filters):len(q.Filters)], place.filter(p.spec.Place))
			}), nil)
		}
	}
	return ""
}

// table is the table of the figures, written for readers.
func (p *mapped) table() dataTable {
	l, f := p.l, p.figures
	t := dataTable{ID: "chart-table", Caption: l.Text("map.table"), Total: int64(len(f.Places))}
	head := l.Text("map.place.name")
	if p.spec.provinces() {
		head = bareLabel(p.x.Schema, p.spec.Place)
	}
	t.Head = append(t.Head, headCell{Label: head})
	measured := p.spec.provinces() || p.spec.Measure != ""
	if measured {
		t.Head = append(t.Head, headCell{Label: withUnit(unmarked(p.measureText()), p.unit()), Numeric: true})
	}
	for i := range f.Places[:min(len(f.Places), mostListed)] {
		place := &f.Places[i]
		row := []cell{textCell(place.Name)}
		if measured {
			c := cell{Kind: "number", Text: f.words(l, place.Figure), Numeric: true}
			if !place.Figure.OK {
				c.Kind = "null"
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// figureTable is the figures as a table to export.
func (p *mapped) figureTable() *datasets.Table {
	n := len(p.figures.Places)
	value := p.figures.Column
	value.Label = firstOf(unmarked(p.measureText()), value.Label)
	schema := datasets.Schema{{Name: "place", Label: p.l.Text("map.place.name")}, value}
	if value.Name == "place" {
		schema[1].Name = "figure"
	}
	located := !p.spec.provinces()
	if located {
		for _, name := range []string{"longitude", "latitude"} {
			schema = append(schema, datasets.Column{Name: name, Label: name, Type: datasets.Decimal, Float: true})
		}
	}
	batch := &datasets.Batch{Len: n, Columns: make([]datasets.Vector, len(schema))}
	for c := range schema {
		batch.Columns[c].Reset(&schema[c], n)
	}
	for i := range p.figures.Places {
		place := &p.figures.Places[i]
		batch.Columns[0].Text[i] = place.Name
		v := &batch.Columns[1]
		switch v.Null[i] = !place.Figure.OK; {
		case value.Float:
			v.Float[i] = place.Figure.Float
		default:
			v.Int[i] = place.Figure.Int
		}
		if located {
			batch.Columns[2].Float[i], batch.Columns[3].Float[i] = place.At[0], place.At[1]
		}
	}
	return memoryTable(schema, batch)
}

// shape is the map as the API answers it.
func (p *mapped) shape(ctx context.Context) (mapShape, error) {
	t := p.figureTable()
	for i := range t.Schema {
		t.Schema[i].Label = t.Schema[i].Name
	}
	shape := mapShape{
		Resource: p.x.Resource.ID, Edition: p.x.Edition.Digest, Title: unmarked(p.drawing.Title), Place: p.spec.Place, Measure: p.spec.Measure,
		Agg: string(p.spec.Agg), Unit: p.unit(), Unmatched: p.figures.Unmatched, Missing: p.figures.Missing, Columns: t.Schema, Total: t.Rows,
	}
	for _, note := range p.figures.Notes {
		shape.Notes = append(shape.Notes, unmarked(note))
	}
	for _, list := range []*[]string{&shape.Notes, &shape.Unmatched, &shape.Missing} {
		if *list == nil {
			*list = []string{}
		}
	}
	var b bytes.Buffer
	format, _ := exporters.ByExt("json")
	err := format.Write(ctx, &b, t, exporters.Options{})
	shape.Results = bytes.TrimSpace(b.Bytes())
	return shape, err
}

// parameters are those of the map in addresses outside the pages: everything
// is said in them.
func (p *mapped) parameters() url.Values {
	v := p.x.params(mapKeeps(p.x.first()), p.spec.Values())
	v.Set(paramLang, p.l.lang)
	return v
}

// downloads are the files of the map.
func (p *mapped) downloads() []download {
	return pictureDownloads(p.x, "map", mapFiles, unmarked(p.drawing.Title), p.parameters())
}

func (p *mapped) embedURL() string {
	return withQuery("/embed"+datasetPath(p.x.Dataset.Slug)+"/map", p.parameters())
}

// mapKeeps is what of a query a map takes along: order, groups and the choice
// of columns mean nothing in it.
func mapKeeps(q datasets.RowQuery) datasets.RowQuery {
	return datasets.RowQuery{Filters: q.Filters}
}
