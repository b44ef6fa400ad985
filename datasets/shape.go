package datasets

import (
	"context"
	"iter"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// A Shape is the line or area that a row of a table is about, simplified for a
// map of the table. Positions are longitude and latitude in degrees (WGS 84).
type Shape struct {
	Row      int64 // counted from 0
	Geometry orb.Geometry
}

// shapes returns the shapes of the features of a table, simplified.
func (t *jsonTable) shapes(s *Sheet) func(context.Context) iter.Seq2[Shape, error] {
	return func(ctx context.Context) iter.Seq2[Shape, error] {
		return func(yield func(Shape, error) bool) {
			keep := newShapeKeeper(t.geo.bound)
			row := int64(-1)
			r := &jsonRows{t: t, ctx: ctx, sheet: s, width: s.width}
			r.yield = func(rec *Record, err error) bool {
				if err == nil && !blank(rec.Cells) {
					row++
					keep.add(row, r.where.geometry)
				}
				return true
			}
			if err := r.read(); err != nil {
				yield(Shape{}, t.file.fault(err, r.rec.Row))
				return
			}
			keep.fit()
			for _, shape := range keep.shapes {
				if !yield(shape, nil) {
					return
				}
			}
		}
	}
}

// pointInside returns a point of the geometry: of areas one inside the
// largest, of lines the middle of the longest; false when it has no position.
func pointInside(g orb.Geometry) (orb.Point, bool) {
	switch g := g.(type) {
	case orb.Point:
		return g, true
	case orb.MultiPoint:
		return g[0], true
	case orb.LineString:
		return middle(g), true
	case orb.MultiLineString:
		longest := g[0]
		for _, l := range g[1:] {
			if planar.Length(l) > planar.Length(longest) {
				longest = l
			}
		}
		return middle(longest), true
	case orb.Polygon:
		return insidePolygon(g), true
	case orb.MultiPolygon:
		largest := g[0]
		for _, p := range g[1:] {
			if math.Abs(planar.Area(p)) > math.Abs(planar.Area(largest)) {
				largest = p
			}
		}
		return insidePolygon(largest), true
	case orb.Collection:
		return insideCollection(g)
	}
	return orb.Point{}, false
}

// insideCollection prefers areas to lines, and lines to points.
func insideCollection(c orb.Collection) (orb.Point, bool) {
	var best orb.Geometry
	for _, g := range c {
		if best == nil || g.Dimensions() > best.Dimensions() {
			best = g
		}
	}
	if best == nil {
		return orb.Point{}, false
	}
	return pointInside(best)
}

// middle returns the point half way along a line.
func middle(l orb.LineString) orb.Point {
	left := planar.Length(l) / 2
	for i := 1; i < len(l); i++ {
		d := planar.Distance(l[i-1], l[i])
		if d >= left && d > 0 {
			f := left / d
			return orb.Point{l[i-1][0] + f*(l[i][0]-l[i-1][0]), l[i-1][1] + f*(l[i][1]-l[i-1][1])}
		}
		left -= d
	}
	return l[0]
}

// insidePolygon returns the centre of a polygon, or where that lies outside of
// it, the middle of the widest part at half its height.
func insidePolygon(p orb.Polygon) orb.Point {
	centre, area := planar.CentroidArea(p)
	if area != 0 && !math.IsNaN(centre[0]) && !math.IsNaN(centre[1]) && planar.PolygonContains(p, centre) {
		return centre
	}
	b := p.Bound()
	best, width := p[0][0], -1.0
	for _, part := range []float64{0.5, 0.25, 0.75, 0.125, 0.875} {
		y := b.Min[1] + part*(b.Max[1]-b.Min[1])
		at, w := widest(p, y)
		if w > width*1.5 {
			best, width = at, w
		}
	}
	return best
}
