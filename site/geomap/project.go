package geomap

import (
	"math"

	"github.com/paulmach/orb"
)

// A projection puts positions on a picture: longitude and latitude as they
// are, longitude shortened as at the middle latitude (equirectangular). West is
// left in every language.
type projection struct {
	west, north float64
	shrink      float64 // of longitude
	scale       float64 // pixels a degree of latitude
	dx, dy      float64
	width       float64
	height      float64
}

// The shape of a picture: not higher than this much of its width, with room at
// its edges.
const (
	highest = 1.1
	edge    = 22
)

// newProjection fits what lies in b into a picture of the given width.
func newProjection(b orb.Bound, width float64) projection {
	shrink := math.Max(math.Cos((b.Min[1]+b.Max[1])/2*math.Pi/180), 0.05)
	w, h := (b.Max[0]-b.Min[0])*shrink, b.Max[1]-b.Min[1]
	least := math.Max(math.Max(w, h), 0.02) / 4 // a single point, or points in a row, lie in some land
	p := projection{west: b.Min[0], north: b.Max[1], shrink: shrink, width: width}
	inner := width - 2*edge
	p.scale = inner / math.Max(w, least)
	if most := width * highest; math.Max(h, least)*p.scale > most-2*edge {
		p.scale = (most - 2*edge) / math.Max(h, least)
	}
	p.height = math.Max(h, least)*p.scale + 2*edge
	p.dx = (width - w*p.scale) / 2
	p.dy = (p.height - h*p.scale) / 2
	return p
}

// at returns where on the picture a position is.
func (p *projection) at(o orb.Point) (x, y float64) {
	return p.dx + (o[0]-p.west)*p.shrink*p.scale, p.dy + (p.north-o[1])*p.scale
}
