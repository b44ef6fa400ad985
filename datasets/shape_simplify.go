package datasets

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"
)

// The bounds of the shapes of a table. A map is shapePixels wide or high; what
// is smaller than one of them is not kept.
const (
	shapePixels = 1000
	shapeBytes  = 1 << 20 // as they are kept
	looseBytes  = 4 << 20 // before they are made to fit
	pointBytes  = 16
	ringBytes   = 5*pointBytes + 13 // of an area of four corners
	maxShapes   = shapeBytes / ringBytes
)

// A shapeKeeper simplifies shapes so that all of them fit. It removes the
// points that change the outline least (Visvalingam). What a point changes
// depends on its neighbours alone, so that borders that two areas share stay
// one, but for points near their ends.
type shapeKeeper struct {
	lon, lat float64 // degrees of a pixel
	shapes   []Shape
	bytes    int
}

func newShapeKeeper(b orb.Bound) *shapeKeeper {
	shrink := math.Max(math.Cos((b.Min[1]+b.Max[1])/2*math.Pi/180), 0.01)
	pixel := math.Max((b.Max[0]-b.Min[0])*shrink, b.Max[1]-b.Min[1]) / shapePixels
	pixel = math.Max(pixel, 1e-9)
	return &shapeKeeper{lon: pixel / shrink, lat: pixel}
}

// add keeps the lines and areas of g, which it changes.
func (k *shapeKeeper) add(row int64, g orb.Geometry) {
	if g = k.simpler(drawn(g)); g == nil {
		return
	}
	k.shapes = append(k.shapes, Shape{row, g})
	if k.bytes += sizeOfShape(g); k.bytes > looseBytes {
		k.shrink(shapeBytes)
	}
}

// fit makes the shapes fit, and as small as they can be at the last pixel.
func (k *shapeKeeper) fit() { k.shrink(shapeBytes) }

// shrink makes the pixel larger until the shapes have at most so many bytes,
// or cannot have fewer.
func (k *shapeKeeper) shrink(most int) {
	for n := 0; k.bytes > most && n < 40; n++ {
		k.lon, k.lat = k.lon*1.5, k.lat*1.5
		k.bytes = 0
		for i := range k.shapes {
			k.shapes[i].Geometry = k.simpler(k.shapes[i].Geometry)
			k.bytes += sizeOfShape(k.shapes[i].Geometry)
		}
	}
}

// drawn returns the part of a geometry that a map draws as a shape: lines, or
// areas where there are any; nil for points.
func drawn(g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.LineString:
		return orb.MultiLineString{g}
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiLineString, orb.MultiPolygon:
		return g
	case orb.Collection:
		var areas orb.MultiPolygon
		var lines orb.MultiLineString
		for _, part := range g {
			switch part := drawn(part).(type) {
			case orb.MultiPolygon:
				areas = append(areas, part...)
			case orb.MultiLineString:
				lines = append(lines, part...)
			}
		}
		switch {
		case len(areas) > 0:
			return areas
		case len(lines) > 0:
			return lines
		}
	}
	return nil
}

// simpler returns g without the points that the pixel does not show. It is
// never without any part.
func (k *shapeKeeper) simpler(g orb.Geometry) orb.Geometry {
	visvalingam := simplify.VisvalingamThreshold(k.lon * k.lat / 2)
	switch g := g.(type) {
	case orb.MultiLineString:
		return visvalingam.MultiLineString(k.largerLines(g))
	case orb.MultiPolygon:
		g = k.largerAreas(g)
		for i := range g {
			for j := range g[i] {
				g[i][j] = k.ring(g[i][j], visvalingam)
			}
		}
		return g
	}
	return nil
}

// ring simplifies a ring; one that no pixel shows becomes the box around it.
func (k *shapeKeeper) ring(r orb.Ring, s *simplify.VisvalingamSimplifier) orb.Ring {
	if b := r.Bound(); k.tiny(b) {
		return b.ToRing()
	}
	return s.Ring(r)
}

// tiny reports whether a pixel covers the box.
func (k *shapeKeeper) tiny(b orb.Bound) bool {
	return b.Max[0]-b.Min[0] < k.lon && b.Max[1]-b.Min[1] < k.lat
}

// largerAreas returns the areas that are larger than a pixel, without such
// holes, but at least the largest.
func (k *shapeKeeper) largerAreas(areas orb.MultiPolygon) orb.MultiPolygon {
	largest := slices.MaxFunc(areas, func(a, b orb.Polygon) int {
		d := math.Abs(planar.Area(a[0])) - math.Abs(planar.Area(b[0]))
		return int(math.Copysign(1, d)) * boolInt(d != 0)
	})
	kept := areas[:0:0]
	for _, p := range areas {
		if k.tiny(p.Bound()) {
			continue
		}
		rings := p[:1:1]
		for _, hole := range p[1:] {
			if !k.tiny(hole.Bound()) {
				rings = append(rings, hole)
			}
		}
		kept = append(kept, rings)
	}
	if len(kept) == 0 {
		kept = append(kept, largest[:1:1])
	}
	return kept
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// largerLines returns the lines that are longer than a pixel, but at least one.
func (k *shapeKeeper) largerLines(lines orb.MultiLineString) orb.MultiLineString {
	kept := lines[:0:0]
	for _, l := range lines {
		if !k.tiny(l.Bound()) {
			kept = append(kept, l)
		}
	}
	if len(kept) == 0 {
		kept = append(kept, lines[0])
	}
	return kept
}

// sizeOfShape returns about how many bytes a shape is kept in.
func sizeOfShape(g orb.Geometry) int {
	n := 9
	switch g := g.(type) {
	case orb.MultiLineString:
		for _, l := range g {
			n += 9 + len(l)*pointBytes
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += 9
			for _, r := range p {
				n += 4 + len(r)*pointBytes
			}
		}
	}
	return n
}

// widest returns the middle of the widest part of a polygon on the line of
// latitude y, and how wide that is.
func widest(p orb.Polygon, y float64) (orb.Point, float64) {
	var cuts []float64
	for _, ring := range p {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > y) != (b[1] > y) {
				cuts = append(cuts, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(cuts)
	best, width := orb.Point{}, -1.0
	for i := 1; i < len(cuts); i += 2 {
		if w := cuts[i] - cuts[i-1]; w > width {
			best, width = orb.Point{(cuts[i] + cuts[i-1]) / 2, y}, w
		}
	}
	return best, width
}
