package site

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/openshafaf/shafaf/datasets"
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
func (f *mapFigures) words(l *locale, of figure) string {
	if !of.OK {
		return l.Text("chart.novalue")
	}
	return of.read(l, &f.Column)
}
