package site

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/chart"
	"github.com/openshafaf/shafaf/site/geomap"

	"github.com/gofiber/fiber/v2"
)

// The bounds of a map's data.
const (
	mostPlaceNames = 5000   // different names in a column of provinces
	mostMapRows    = 20_000 // rows with positions or shapes
	mostDots       = 1500   // before near ones are put together
	gatherColumns  = 90
	namedUnmatched = 60
)

// A mapPlace is a place with its figure.
type mapPlace struct {
	Name     string
	Figure   figure
	Province int      // of the grid; -1 for others
	Values   []string // what the column says for it
	Row      int64
	At       orb.Point
}

// mapFigures is the table of a map: what is drawn is what it says.
type mapFigures struct {
	Column    datasets.Column // of the figures
	Places    []mapPlace      // those with the largest figures first
	Unmatched []string        // names that are no province
	More      int             // further ones
	Missing   []string        // provinces without a row
	Notes     []string
}

// mapData computes the figures of one map.
type mapData struct {
	site    *Site
	l       *locale
	x       *exploration
	spec    *mapSpec
	figures mapFigures
}

// mapFigures computes what spec asks for of the rows of x.
func (s *Site) mapFigures(ctx context.Context, l *locale, x *exploration, spec *mapSpec) (*mapFigures, error) {
	ctx, cancel := context.WithTimeout(ctx, rowsTime)
	defer cancel()
	d := &mapData{site: s, l: l, x: x, spec: spec}
	var err error
	if spec.provinces() {
		err = d.provinces(ctx)
	} else {
		err = d.rows(ctx)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, s.because(s.refuse(l.lang, fiber.StatusServiceUnavailable, "", "refused.slow", "n", int64(rowsTime/time.Second)), err)
	case errors.Is(err, datasets.ErrDamaged):
		return nil, s.because(s.refuse(l.lang, fiber.StatusServiceUnavailable, "", "refused.damaged"), err)
	case err != nil:
		return nil, err
	}
	d.order()
	return &d.figures, nil
}

func (d *mapData) note(key string, args ...any) {
	d.figures.Notes = append(d.figures.Notes, d.l.Text(key, args...))
}

// order puts the places with the largest figures first, those without one last.
func (d *mapData) order() {
	c := &d.figures.Column
	slices.SortStableFunc(d.figures.Places, func(a, b mapPlace) int {
		switch {
		case a.Figure.OK != b.Figure.OK:
			if a.Figure.OK {
				return -1
			}
			return 1
		case a.Figure.OK && a.Figure.value(c) != b.Figure.value(c):
			if a.Figure.value(c) > b.Figure.value(c) {
				return -1
			}
			return 1
		}
		return 0
	})
}

// measures is the figure as a row query asks for it.
func (d *mapData) measures() []datasets.Measure {
	if d.spec.Measure == "" {
		return []datasets.Measure{{Op: datasets.OpCount}}
	}
	return []datasets.Measure{{Op: d.spec.Agg, Column: d.spec.Measure}, {Op: datasets.OpCount}}
}

// provinces computes the figure of each province.
func (d *mapData) provinces(ctx context.Context) error {
	q := datasets.RowQuery{
		Filters: d.x.Query.Filters, Group: []datasets.GroupBy{{Column: d.spec.Place}},
		Measures: d.measures(), Size: datasets.MaxSize,
	}
	var all []mapPlace
	empty := int64(0)
	for {
		page, err := d.x.Rows.Page(ctx, q)
		if err != nil {
			return err
		}
		if page.Total > mostPlaceNames {
			return &chartError{paramPlace, d.l.Text("map.fault.names", "name", d.l.name(columnLabel(d.x.Schema, d.spec.Place)), "n", page.Total)}
		}
		d.figures.Column = page.Schema[1]
		count := len(page.Schema) - 1
		for i := range page.Rows.Len {
			if page.Rows.Columns[0].Null[i] {
				empty += page.Rows.Columns[count].Int[i]
				continue
			}
			all = append(all, mapPlace{
				Name:   string(page.Schema[0].Append(nil, &page.Rows.Columns[0], i)),
				Figure: figureAt(&page.Schema[1], &page.Rows.Columns[1], i),
			})
		}
		if page.Next == "" {
			if page.Left > 0 {
				d.note("chart.note.totals", "n", page.Left)
			}
			break
		}
		q.After = page.Next
	}
	if empty > 0 {
		d.note("chart.note.nulls", "n", empty, "name", d.l.name(columnLabel(d.x.Schema, d.spec.Place)))
	}
	return d.match(ctx, all)
}

// match finds the province of each name. Figures of names that are one
// province are computed of their rows together.
func (d *mapData) match(ctx context.Context, all []mapPlace) error {
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	matcher := geomap.NewMatcher(names, provinceWord.MatchString(columnLabel(d.x.Schema, d.spec.Place)))
	places := make([]*mapPlace, len(geomap.Provinces))
	for i := range all {
		at, ok := matcher.Place(all[i].Name)
		if !ok {
			if d.figures.More++; len(d.figures.Unmatched) < namedUnmatched {
				d.figures.More--
				d.figures.Unmatched = append(d.figures.Unmatched, all[i].Name)
			}
			continue
		}
		if places[at] == nil {
			places[at] = &mapPlace{Name: geomap.Provinces[at].Name(d.l.lang), Province: at, Figure: all[i].Figure}
		}
		places[at].Values = append(places[at].Values, all[i].Name)
	}
	for at, p := range places {
		if p == nil {
			d.figures.Missing = append(d.figures.Missing, geomap.Provinces[at].Name(d.l.lang))
			continue
		}
		if len(p.Values) > 1 {
			if err := d.together(ctx, p); err != nil {
				return err
			}
		}
		d.figures.Places = append(d.figures.Places, *p)
	}
	if coded, old := matcher.Codes(); coded {
		key := "map.note.codes"
		if old {
			key = "map.note.codes.old"
		}
		d.note(key)
	}
	return nil
}

// together computes the figure of the rows of all names of a place.
func (d *mapData) together(ctx context.Context, p *mapPlace) error {
	page, err := d.x.Rows.Page(ctx, datasets.RowQuery{Filters: append(slices.Clone(d.x.Query.Filters), p.filter(d.spec.Place)), Measures: d.measures()})
	if err != nil {
		return err
	}
	if page.Rows.Len > 0 {
		p.Figure = figureAt(&page.Schema[0], &page.Rows.Columns[0], 0)
	}
	return nil
}

// filter is the rows of the place.
func (p *mapPlace) filter(column string) datasets.Filter {
	if len(p.Values) == 1 {
		return datasets.Filter{Column: column, Op: datasets.Equal, Values: p.Values}
	}
	return datasets.Filter{Column: column, Op: datasets.In, Values: p.Values}
}

// rows reads the rows that have a place of their own.
func (d *mapData) rows(ctx context.Context) error {
	q := datasets.RowQuery{Filters: d.x.Query.Filters, Size: datasets.MaxSize}
	name := nameColumn(d.x.Schema, d.x.Edition.Profile)
	for _, c := range once([]string{d.spec.Places.Lon, d.spec.Places.Lat, name, d.spec.Measure}) {
		if c != "" {
			q.Select = append(q.Select, c)
		}
	}
	d.figures.Column = datasets.Column{Name: "count", Type: datasets.Integer}
	if i := d.x.Schema.Index(d.spec.Measure); i >= 0 {
		d.figures.Column = d.x.Schema[i]
	}
	totals := d.x.Rows.Totals()
	left, unplaced := int64(0), int64(0)
	for read := 0; ; {
		page, err := d.x.Rows.Page(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows.Len {
			if _, is := slices.BinarySearch(totals, page.Numbers[i]); is {
				left++
				continue
			}
			p, ok := d.row(page, name, i)
			if !ok {
				unplaced++
				continue
			}
			d.figures.Places = append(d.figures.Places, p)
		}
		read += page.Rows.Len
		if page.Next == "" || read >= mostMapRows {
			if page.Next != "" {
				d.note("map.note.sample", "n", read, "total", page.Total)
			}
			break
		}
		q.After = page.Next
	}
	if left > 0 {
		d.note("chart.note.totals", "n", left)
	}
	if unplaced > 0 {
		d.note("map.note.unplaced", "n", unplaced)
	}
	return nil
}

// row makes the place of a row; false when it has no position.
func (d *mapData) row(page *datasets.RowPage, name string, i int) (mapPlace, bool) {
	p := mapPlace{Province: -1, Row: page.Numbers[i]}
	at := func(column string) (*datasets.Column, *datasets.Vector) {
		k := page.Schema.Index(column)
		if k < 0 {
			return nil, nil
		}
		return &page.Schema[k], &page.Rows.Columns[k]
	}
	for k, column := range [2]string{d.spec.Places.Lon, d.spec.Places.Lat} {
		c, v := at(column)
		if c == nil || v.Null[i] {
			return p, false
		}
		p.At[k] = figureAt(c, v, i).value(c)
	}
	if c, v := at(name); c != nil && !v.Null[i] {
		p.Name = v.Text[i]
	}
	if p.Name = strings.TrimSpace(p.Name); p.Name == "" {
		p.Name = d.l.Text("map.row", "n", p.Row+1)
	}
	if c, v := at(d.spec.Measure); c != nil {
		p.Figure = figureAt(c, v, i)
	} else {
		p.Figure = figure{OK: true, Int: 1}
	}
	return p, true
}

// classes are those of the figures.
func (f *mapFigures) classes() []geomap.Class {
	var all []float64
	for i := range f.Places {
		if p := &f.Places[i]; p.Figure.OK {
			all = append(all, p.Figure.value(&f.Column))
		}
	}
	return geomap.Classes(all)
}

// class is that of a place.
func (f *mapFigures) class(classes []geomap.Class, p *mapPlace) int {
	if !p.Figure.OK {
		return geomap.NoClass
	}
	return geomap.ClassOf(classes, p.Figure.value(&f.Column))
}

// words writes a figure for readers.
func (d *mapFigures) words(l *locale, f figure) string {
	if !f.OK {
		return l.Text("chart.novalue")
	}
	return f.read(l, &d.Column)
}

// drawMap makes the picture of the figures.
func (s *Site) drawMap(ctx context.Context, l *locale, x *exploration, spec *mapSpec, f *mapFigures) (*geomap.Map, error) {
	m := &geomap.Map{Lang: l.lang, Degrees: l.degrees}
	classes := f.classes()
	switch {
	case spec.provinces():
		f.tiles(l, m, classes)
		f.legend(l, m, classes, len(f.Missing) > 0 || f.blank())
	case spec.Place == placeShapes:
		if err := f.areas(ctx, l, x, spec, m, classes); err != nil {
			return nil, err
		}
		if spec.Measure != "" {
			f.legend(l, m, classes, f.blank())
		}
	default:
		f.dots(l, m, spec)
	}
	return m, nil
}

// blank reports whether some place has no figure.
func (f *mapFigures) blank() bool {
	return slices.ContainsFunc(f.Places, func(p mapPlace) bool { return !p.Figure.OK })
}

// tiles are all provinces in the order of the grid.
func (f *mapFigures) tiles(l *locale, m *geomap.Map, classes []geomap.Class) {
	for at := range geomap.Provinces {
		t := geomap.Tile{Province: at, Class: geomap.NoClass, Value: "—"}
		for i := range f.Places {
			if p := &f.Places[i]; p.Province == at && p.Figure.OK {
				t.Class = f.class(classes, p)
				t.Value = chart.Compact(l, p.Figure.value(&f.Column))
			}
		}
		m.Tiles = append(m.Tiles, t)
	}
}

// areas are the shapes of the rows, and dots where a row has a point alone.
func (f *mapFigures) areas(ctx context.Context, l *locale, x *exploration, spec *mapSpec, m *geomap.Map, classes []geomap.Class) error {
	byRow := map[int64]*mapPlace{}
	for i := range f.Places {
		byRow[f.Places[i].Row] = &f.Places[i]
	}
	for shape, err := range x.Rows.Shapes(ctx) {
		if err != nil {
			return err
		}
		p := byRow[shape.Row]
		if p == nil {
			continue
		}
		delete(byRow, shape.Row)
		a := geomap.Area{Geometry: shape.Geometry, Hint: p.Name}
		if spec.Measure != "" {
			a.Class = f.class(classes, p)
			a.Hint += ": " + f.words(l, p.Figure)
		} else {
			a.Class = 1
		}
		m.Areas = append(m.Areas, a)
	}
	for i := range f.Places {
		if p := &f.Places[i]; byRow[p.Row] != nil {
			m.Dots = append(m.Dots, geomap.Dot{At: p.At, Value: math.NaN(), Hint: p.Name})
		}
	}
	return nil
}

// dots are the points of the rows; where they are many, those that lie close
// together are one dot.
func (f *mapFigures) dots(l *locale, m *geomap.Map, spec *mapSpec) {
	if len(f.Places) > mostDots {
		f.gathered(l, m, spec)
	} else {
		for i := range f.Places {
			p := &f.Places[i]
			dot := geomap.Dot{At: p.At, Value: math.NaN(), Hint: p.Name}
			if spec.Measure != "" {
				dot.Hint += ": " + f.words(l, p.Figure)
				if p.Figure.OK {
					dot.Value = p.Figure.value(&f.Column)
				}
			}
			m.Dots = append(m.Dots, dot)
		}
	}
	most := 0.0
	for _, d := range m.Dots {
		if v := math.Abs(d.Value); v > most {
			most = v
		}
	}
	if most == 0 {
		return
	}
	for _, v := range []float64{geomap.Round(most), geomap.Round(most / 4), geomap.Round(most / 25)} {
		m.Legend = append(m.Legend, geomap.Label{Dot: geomap.Radius(v, most), Text: chart.Compact(l, v)})
	}
}

// gathered draws points that lie close together as one dot, whose area is
// their sum, or their number where no column is drawn or means cannot be
// added.
func (f *mapFigures) gathered(l *locale, m *geomap.Map, spec *mapSpec) {
	points := make([]orb.Point, len(f.Places))
	for i := range f.Places {
		points[i] = f.Places[i].At
	}
	groups, middles := geomap.Gather(points, gatherColumns)
	sums := spec.Measure != "" && spec.Agg == datasets.OpSum
	for g, group := range groups {
		value := float64(len(group))
		hint := l.Text("map.gathered", "n", len(group))
		if sums {
			total := figure{}
			for _, i := range group {
				total = total.plus(f.Places[i].Figure, &f.Column)
			}
			if value = math.NaN(); total.OK {
				value = total.value(&f.Column)
			}
			hint += ": " + f.words(l, total)
		}
		m.Dots = append(m.Dots, geomap.Dot{At: middles[g], Value: value, Hint: hint})
	}
	key := "map.note.gathered"
	if sums {
		key = "map.note.gathered.sum"
	}
	f.Notes = append(f.Notes, l.Text(key))
}

// degrees writes a line of latitude (north) or longitude.
func (l *locale) degrees(at float64, north bool) string {
	key := "map.east"
	switch {
	case north && at < 0:
		key = "map.south"
	case north:
		key = "map.north"
	case at < 0:
		key = "map.west"
	}
	const places = 3
	return l.Text(key, "n", l.Float(math.Abs(at), places))
}

// legend says in words what the classes are.
func (f *mapFigures) legend(l *locale, m *geomap.Map, classes []geomap.Class, blank bool) {
	for i, c := range classes {
		from, to := f.bound(l, c.From), f.bound(l, c.To)
		label := geomap.Label{Class: i}
		switch {
		case c.From == c.To:
			label.Text = l.Text("map.class.one", "a", from, "n", c.Count)
		default:
			label.Text = l.Text("map.class", "a", from, "b", to, "n", c.Count)
		}
		m.Legend = append(m.Legend, label)
	}
	if blank {
		m.Legend = append(m.Legend, geomap.Label{Class: geomap.NoClass, Text: l.Text("map.none")})
	}
}

// bound writes the end of a class, which is a figure of the map.
func (f *mapFigures) bound(l *locale, v float64) string {
	for i := range f.Places {
		if p := &f.Places[i]; p.Figure.OK && p.Figure.value(&f.Column) == v {
			return p.Figure.read(l, &f.Column)
		}
	}
	return chart.Compact(l, v)
}
