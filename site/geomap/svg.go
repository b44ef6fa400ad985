package geomap

import (
	"math"
	"strings"

	"github.com/openshafaf/shafaf/site/svg"

	"github.com/paulmach/orb"
)

// A writer writes shapes for a page.
type writer struct{ svg.Writer }

// number writes a coordinate to a tenth of a pixel.
func number(f float64) string { return svg.Number(f, 1) }

// hatch is the pattern of places without a figure. Its name is one in a
// document, so only one picture of a page may have it.
const hatch = `<defs><pattern id="map-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
	`<rect class="map-none-bg" width="6" height="6"/><path class="map-none-line" d="M0 0V6"/></pattern></defs>`

// SVG writes areas and dots for a page: colours come from the stylesheet, by
// the classes map-0 to map-4, map-none and map-dot. attributes stand in the svg
// element; their names are the caller's own, their values are escaped. It is
// empty when there is nothing to draw.
func (m *Map) SVG(attributes ...string) string {
	b, ok := m.bound()
	if !ok {
		return ""
	}
	w := &writer{}
	p := newProjection(b, PageWidth)
	w.WriteString("<svg")
	w.Attr("viewBox", "0 0 "+number(p.width)+" "+number(math.Ceil(p.height)))
	w.Attr("direction", "ltr")
	w.Attrs(attributes...)
	w.WriteString(">" + hatch)
	m.grid(&p, w.line, w.degrees)
	m.geography(w, &p)
	w.WriteString("</svg>")
	return w.String()
}

// geography writes the areas, and the dots upon them.
func (m *Map) geography(w *writer, p *projection) {
	for i := range m.Areas {
		a := &m.Areas[i]
		data, closed := path(a.Geometry, p)
		if data == "" {
			continue
		}
		w.WriteString("<path")
		w.Attr("d", data)
		w.class(a.Class, closed)
		if a.Hint == "" {
			w.WriteString("/>")
			continue
		}
		w.WriteString(">")
		w.Element("title", a.Hint)
		w.WriteString("</path>")
	}
	most := m.largest()
	for _, d := range m.bySize() {
		x, y := p.at(d.At)
		w.WriteString("<circle")
		w.Attr("cx", number(x))
		w.Attr("cy", number(y))
		w.Attr("r", number(Radius(d.Value, most)))
		w.dot()
		w.WriteString(">")
		w.Element("title", d.Hint)
		w.WriteString("</circle>")
	}
}

func (w *writer) dot() { w.Attr("class", "map-dot") }

// class writes how a shape of a class looks; a line has no filling.
func (w *writer) class(class int, closed bool) {
	kind := "map-line"
	if closed {
		kind = "map-area"
	}
	w.Attr("class", kind+" map-"+className(class))
}

// path writes a geometry and tells whether it has an inside.
func path(g orb.Geometry, p *projection) (data string, closed bool) {
	var b strings.Builder
	steps, closed := outline(g, p)
	for i, s := range steps {
		if !s.Move {
			b.WriteString(relative(s.X-steps[i-1].X, s.Y-steps[i-1].Y))
			continue
		}
		if closed && i > 0 {
			b.WriteByte('z')
		}
		b.WriteString("M" + number(s.X) + " " + number(s.Y))
	}
	if closed && len(steps) > 0 {
		b.WriteByte('z')
	}
	return b.String(), closed
}

// relative writes a step of a path in the fewest characters.
func relative(dx, dy float64) string {
	switch {
	case dy == 0:
		return "h" + short(dx)
	case dx == 0:
		return "v" + short(dy)
	}
	y := short(dy)
	if y[0] != '-' {
		y = " " + y
	}
	return "l" + short(dx) + y
}

// short writes a number without the zero before its point.
func short(f float64) string {
	s := number(f)
	if strings.HasPrefix(s, "0.") {
		return s[1:]
	}
	if strings.HasPrefix(s, "-0.") {
		return "-" + s[2:]
	}
	return s
}
