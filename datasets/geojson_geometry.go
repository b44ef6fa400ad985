package datasets

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/openshafaf/shafaf/datasets/jsonstream"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A jsonCursor walks over a value of JSON that jsonstream has checked, in
// memory. It never goes beyond the end.
type jsonCursor struct {
	b []byte
	i int
}

// peek returns the next byte that is no white space; 0 at the end.
func (c *jsonCursor) peek() byte {
	for c.i < len(c.b) {
		switch c.b[c.i] {
		case ' ', '\n', '\t', '\r', 0x1E:
			c.i++
		default:
			return c.b[c.i]
		}
	}
	return 0
}

// members calls member for each key of the object that comes next; member must
// take the value.
func (c *jsonCursor) members(member func(key string)) {
	c.items('}', func() {
		key := c.text()
		if c.peek() == ':' {
			c.i++
		}
		member(key)
	})
}

// items calls item for each item up to the closing bracket; item must take it.
func (c *jsonCursor) items(closed byte, item func()) {
	c.i++
	for c.peek() != closed && c.peek() != 0 {
		at := c.i
		item()
		if c.peek() == ',' {
			c.i++
		}
		if c.i == at {
			c.i = len(c.b) // not as checked; never stay here
		}
	}
	c.i = min(c.i+1, len(c.b))
}

// token takes the next value that is no object and no list.
func (c *jsonCursor) token() []byte {
	quoted := c.peek() == '"'
	at := c.i
	if quoted {
		for c.i++; c.i < len(c.b) && c.b[c.i] != '"'; c.i++ {
			if c.b[c.i] == '\\' {
				c.i++
			}
		}
		c.i = min(c.i+1, len(c.b))
		return c.b[at:c.i]
	}
	for c.i < len(c.b) {
		switch c.b[c.i] {
		case ',', ']', '}', ':', ' ', '\n', '\t', '\r':
			return c.b[at:c.i]
		}
		c.i++
	}
	return c.b[at:c.i]
}

// text takes a string; another value gives no text.
func (c *jsonCursor) text() string {
	if c.peek() != '"' {
		c.skip()
		return ""
	}
	return string(jsonstream.AppendString(nil, c.token()))
}

// skip takes the next value.
func (c *jsonCursor) skip() {
	depth := 0
	for {
		switch c.peek() {
		case 0:
			return
		case '{', '[':
			depth++
			c.i++
		case '}', ']':
			depth--
			c.i++
		case ',', ':':
			c.i++
			continue
		default:
			c.token()
		}
		if depth <= 0 {
			return
		}
	}
}

// position takes a list of numbers: longitude, latitude and what else there
// may be. lon and lat are as they are written.
func (c *jsonCursor) position() (p orb.Point, lon, lat string, ok bool) {
	if c.peek() != '[' {
		c.skip()
		return p, "", "", false
	}
	n := 0
	c.items(']', func() {
		if n > 1 || c.peek() == '[' || c.peek() == '{' {
			c.skip()
			n++
			return
		}
		text := string(c.token())
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
			n = math.MinInt32
			return
		}
		p[n] = x
		if n == 0 {
			lon = text
		} else {
			lat = text
		}
		n++
	})
	return p, lon, lat, n >= 2
}

// geometryBound returns where a geometry lies and whether it has lines or
// areas; false when it has no position.
func geometryBound(raw []byte) (bound orb.Bound, area, ok bool) {
	c := &jsonCursor{b: raw}
	depth := 0
	for c.i < len(c.b) {
		switch ch := c.peek(); {
		case ch == '[' && c.startsPosition():
			p, _, _, fine := c.position()
			if !fine {
				continue
			}
			area = area || depth > 0
			if !ok {
				bound, ok = p.Bound(), true
			} else {
				bound = bound.Extend(p)
			}
		case ch == '[':
			depth++
			c.i++
		case ch == ']':
			depth--
			c.i++
		case ch == '"':
			c.token()
		default:
			c.i++
		}
	}
	return bound, area, ok
}

// startsPosition reports whether a number follows the bracket.
func (c *jsonCursor) startsPosition() bool {
	next := jsonCursor{b: c.b, i: c.i + 1}
	ch := next.peek()
	return ch == '-' || ch >= '0' && ch <= '9'
}

// maxCollected is how deep collections of geometries may be nested.
const maxCollected = 8

// readGeometry reads a geometry of RFC 7946. What is wrong with it is told in
// a sentence, and what can be read of it is kept.
func readGeometry(raw []byte) (geoPlace, Fault) {
	g := geometryReader{c: &jsonCursor{b: raw}}
	where := g.geometry(0)
	if where.geometry == nil && g.fault.Text == "" && where.typ == "" {
		g.fault = faultAt(0, "", "geo.notype")
	}
	return where, g.fault
}

type geometryReader struct {
	c     *jsonCursor
	fault Fault
}

// geometry takes the geometry object that comes next.
func (g *geometryReader) geometry(depth int) geoPlace {
	var where geoPlace
	at, list := -1, ""
	c := g.c
	if c.peek() != '{' {
		c.skip()
		return where
	}
	c.members(func(key string) {
		switch key {
		case "type":
			where.typ = c.text()
			return
		case "coordinates", "geometries":
			if c.peek() == '[' {
				at, list = c.i, key
			}
		}
		c.skip()
	})
	end := c.i
	defer func() { c.i = end }()
	if at < 0 {
		return where
	}
	c.i = at
	if where.typ == "GeometryCollection" && list == "geometries" {
		where.geometry = g.collection(depth)
		return where
	}
	g.coordinates(&where)
	return where
}

// coordinates takes the coordinates of a geometry of the type that where
// names.
func (g *geometryReader) coordinates(where *geoPlace) {
	switch where.typ {
	case "Point":
		p, lon, lat, ok := g.c.position()
		if ok {
			where.geometry, where.lon, where.lat = p, lon, lat
		}
	case "MultiPoint":
		if points := g.points(); len(points) > 0 {
			where.geometry = orb.MultiPoint(points)
		}
	case "LineString":
		if points := g.points(); len(points) > 1 {
			where.geometry = orb.LineString(points)
		}
	case "MultiLineString":
		var lines orb.MultiLineString
		g.each(func() {
			if points := g.points(); len(points) > 1 {
				lines = append(lines, points)
			}
		})
		if len(lines) > 0 {
			where.geometry = lines
		}
	case "Polygon":
		if p := g.polygon(); len(p) > 0 {
			where.geometry = p
		}
	case "MultiPolygon":
		var polygons orb.MultiPolygon
		g.each(func() {
			if p := g.polygon(); len(p) > 0 {
				polygons = append(polygons, p)
			}
		})
		if len(polygons) > 0 {
			where.geometry = polygons
		}
	default:
		g.fault = faultAt(0, "", "geo.type", persian.Shorten(where.typ, 40))
		where.typ = ""
	}
}

func (g *geometryReader) each(item func()) {
	if g.c.peek() != '[' {
		g.c.skip()
		return
	}
	g.c.items(']', item)
}

func (g *geometryReader) collection(depth int) orb.Geometry {
	var all orb.Collection
	if depth == maxCollected {
		g.fault = faultAt(0, "", "geo.nested", maxCollected)
		g.c.skip()
		return nil
	}
	g.each(func() {
		if part := g.geometry(depth + 1); part.geometry != nil {
			all = append(all, part.geometry)
		}
	})
	if len(all) == 0 {
		return nil
	}
	return all
}

func (g *geometryReader) points() []orb.Point {
	var points []orb.Point
	g.each(func() {
		p, _, _, ok := g.c.position()
		if !ok {
			g.fault = faultAt(0, "", "geo.position")
			return
		}
		points = append(points, p)
	})
	return points
}

// polygon takes the rings of a polygon; each is closed, and has an area.
func (g *geometryReader) polygon() orb.Polygon {
	var p orb.Polygon
	outer := true
	g.each(func() {
		ring := orb.Ring(g.points())
		if len(ring) > 0 && !ring.Closed() {
			ring = append(ring, ring[0])
		}
		if len(ring) < 4 {
			if len(ring) > 0 {
				g.fault = faultAt(0, "", "geo.ring")
			}
			outer = outer && len(p) > 0
			return
		}
		if outer || len(p) > 0 {
			p = append(p, ring)
		}
	})
	return p
}
