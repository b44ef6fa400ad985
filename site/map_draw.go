package site

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/chart"
	"github.com/openshafaf/shafaf/site/geomap"
)

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
		label := geomap.Label{Class: i, Text: l.Text("map.class", "a", from, "b", to, "n", c.Count)}
		if from == to {
			label.Text = l.Text("map.class.one", "a", from, "n", c.Count)
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
