package geomap

import (
	"math"

	"github.com/openshafaf/shafaf/site/svg"
)

// steps are the distances of lines of the grid, in degrees.
var steps = [...]float64{60, 30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001}

// grid writes lines of longitude and latitude behind a map of dots, which has
// nothing else to tell where they lie. A map of areas needs none.
func (m *Map) grid(p *projection, line func(x1, y1, x2, y2 float64), degrees func(x, y float64, text string)) {
	if len(m.Areas) > 0 || m.Degrees == nil {
		return
	}
	const lines = 3 // at least, from side to side
	side := math.Max(p.width, p.height) / p.scale
	step := steps[len(steps)-1]
	for _, s := range steps {
		if side/s >= lines {
			step = s
			break
		}
	}
	east := p.west + (p.width-p.dx)/(p.shrink*p.scale)
	west := p.west - p.dx/(p.shrink*p.scale)
	south := p.north - (p.height-p.dy)/p.scale
	north := p.north + p.dy/p.scale
	for i := math.Ceil(west / step); i*step <= east; i++ {
		x := p.dx + (i*step-p.west)*p.shrink*p.scale
		line(x, 0, x, p.height)
		degrees(x+3, p.height-4, m.Degrees(i*step, false))
	}
	for i := math.Ceil(south / step); i*step <= north; i++ {
		y := p.dy + (p.north-i*step)*p.scale
		if math.Abs(i*step) > 90 || y > p.height-12 {
			continue
		}
		line(0, y, p.width, y)
		degrees(2, y-3, m.Degrees(i*step, true))
	}
}

func (w *writer) line(x1, y1, x2, y2 float64) {
	w.WriteString("<path")
	w.Attr("d", "M"+number(x1)+" "+number(y1)+"L"+number(x2)+" "+number(y2))
	w.Attr("class", "map-grid")
	w.WriteString("/>")
}

func (w *writer) degrees(x, y float64, text string) {
	w.WriteString("<text")
	w.Attr("x", number(x))
	w.Attr("y", number(y))
	w.Attr("class", "map-degrees")
	w.Attr("unicode-bidi", "plaintext")
	w.WriteString(">" + svg.Escape(text) + "</text>")
}
