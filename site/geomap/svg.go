package geomap

import (
	"math"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/site/svg"

	"github.com/paulmach/orb"
)

// A writer writes shapes.
type writer struct {
	svg.Writer
	page bool // colours come from the stylesheet, by class
}

// number writes a coordinate to a tenth of a pixel.
func number(f float64) string { return svg.Number(f, 1) }

// The colours of a file: classes from low to high, places without a figure,
// dots, and ink that is read on each class.
var (
	classColours = [ClassCount]string{"#d3ece8", "#93cfc6", "#4fa79c", "#1b776d", "#06403b"}
	classInks    = [ClassCount]string{"#13211f", "#13211f", "#13211f", "#ffffff", "#ffffff"}
)

const (
	inkColour   = "#13211f"
	softColour  = "#4b5b59"
	lineColour  = "#6d7d7b"
	gridColour  = "#d9e2e0"
	noneColour  = "#f5f8f7"
	dotColour   = "#a34a00"
	paperColour = "#ffffff"
)

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
	w := &writer{page: true}
	p := newProjection(b, PageWidth)
	w.WriteString("<svg")
	w.Attr("viewBox", "0 0 "+number(p.width)+" "+number(math.Ceil(p.height)))
	w.Attr("direction", "ltr")
	w.Attrs(attributes...)
	w.WriteString(">" + hatch)
	m.grid(w, &p)
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

func (w *writer) dot() {
	if w.page {
		w.Attr("class", "map-dot")
		return
	}
	w.Attr("fill", dotColour)
	w.Attr("fill-opacity", "0.6")
	w.Attr("stroke", paperColour)
	w.Attr("stroke-width", "0.8")
}

// class writes how a shape of a class looks; a line has no filling.
func (w *writer) class(class int, closed bool) {
	name := "map-none"
	if class >= 0 {
		name = "map-" + strconv.Itoa(class)
	}
	switch {
	case w.page && closed:
		w.Attr("class", "map-area "+name)
	case w.page:
		w.Attr("class", "map-line "+name)
	case closed:
		w.Attr("fill", fileFill(class))
		w.Attr("fill-rule", "evenodd")
		w.Attr("stroke", lineColour)
		w.Attr("stroke-width", "0.6")
	default:
		colour := lineColour
		if class >= 0 {
			colour = classColours[class]
		}
		w.Attr("fill", "none")
		w.Attr("stroke", colour)
		w.Attr("stroke-width", "2")
	}
}

func fileFill(class int) string {
	if class < 0 {
		return "url(#map-hatch)"
	}
	return classColours[class]
}

// path writes a geometry in whole pixels, so that what two areas share stays
// shared, and tells whether it has an inside.
func path(g orb.Geometry, p *projection) (data string, closed bool) {
	var b strings.Builder
	line := func(points []orb.Point, end string) {
		lastX, lastY, n := math.NaN(), math.NaN(), 0
		for _, o := range points {
			x, y := p.at(o)
			x, y = math.Round(x*2)/2, math.Round(y*2)/2
			if x == lastX && y == lastY {
				continue
			}
			switch n++; n {
			case 1:
				b.WriteString("M" + number(x) + " " + number(y))
			default:
				b.WriteString(relative(x-lastX, y-lastY))
			}
			lastX, lastY = x, y
		}
		switch {
		case n == 1:
			b.WriteString("h.5v.5" + end)
		case n > 1:
			b.WriteString(end)
		}
	}
	switch g := g.(type) {
	case orb.LineString:
		line(g, "")
	case orb.MultiLineString:
		for _, l := range g {
			line(l, "")
		}
	case orb.Polygon:
		closed = true
		for _, r := range g {
			line(r, "z")
		}
	case orb.MultiPolygon:
		closed = true
		for _, polygon := range g {
			for _, r := range polygon {
				line(r, "z")
			}
		}
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
