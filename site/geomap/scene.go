package geomap

import (
	"math"
	"strings"

	"github.com/openshafaf/shafaf/site/chart"
)

// The measures of a picture that stands alone.
const (
	fileWidth  = 720.0
	tileSide   = 96.0
	lineStep   = 20.0
	legendSize = 13.0
	nameSize   = 12.0
)

// Scene lays the map out as a picture that stands alone, with its title,
// legend and footer.
func (m *Map) Scene() *chart.Scene {
	frame := chart.Chart{Lang: m.Lang, Title: m.Title, Subtitle: m.Subtitle, Footer: m.Footer}
	s := frame.Framed(fileWidth, func(s *chart.Scene, x, y, width float64) float64 {
		l := &layout{m: m, scene: s, left: x, right: x + width}
		if len(m.Tiles) > 0 {
			y = l.tiles(y)
		} else if b, ok := m.bound(); ok {
			p := newProjection(b, width)
			l.geography(&p, y)
			y += p.height + lineStep
		}
		return l.legend(y + lineStep/2)
	})
	s.Description = strings.TrimSpace(strings.Join(append([]string{m.Subtitle}, m.Footer...), "\n"))
	s.Source = m.Address
	return s
}

// A layout adds the parts of a map to a scene.
type layout struct {
	m           *Map
	scene       *chart.Scene
	left, right float64
}

func (l *layout) add(m chart.Mark) { l.scene.Marks = append(l.scene.Marks, m) }

func (l *layout) text(style, text string, x, y, size float64, anchor chart.Anchor) {
	l.add(chart.Mark{Shape: chart.TextShape, Style: style, Text: text, X: x, Y: y, Size: size, Anchor: anchor})
}

// tiles adds the grid of provinces and returns where it ends.
func (l *layout) tiles(y float64) float64 {
	const firstDark, inset, valueSize, step, lines = 3, 1.0, 12.0, 15.0, 3
	left := (l.left + l.right - Columns*tileSide) / 2
	for i := range l.m.Tiles {
		t := &l.m.Tiles[i]
		p := &Provinces[t.Province]
		tx, ty := left+float64(p.Column)*tileSide, y+float64(p.Row)*tileSide
		l.box(t.Class, tx+inset, ty+inset, tileSide-2*inset, tileSide-2*inset)
		plain, bold := "text", "title"
		if t.Class >= firstDark {
			plain, bold = "light", "bright"
		}
		name := chart.Wrap(p.Name(l.m.Lang), nameSize, tileSide-4*inset, lines)
		row := ty + (tileSide-step*float64(len(name)-1))/2 - step/4
		for _, line := range name {
			l.text(plain, line, tx+tileSide/2, row, nameSize, chart.Middle)
			row += step
		}
		l.text(bold, t.Value, tx+tileSide/2, row+step/4, valueSize, chart.Middle)
	}
	return y + Rows*tileSide + lineStep
}

// box adds a rectangle that looks as its class, hatched for none.
func (l *layout) box(class int, x, y, w, h float64) {
	l.add(chart.Mark{Shape: chart.RectShape, Style: "map" + className(class), X: x, Y: y, W: w, H: h})
	if class < 0 {
		l.hatch([]chart.Step{{X: x, Y: y, Move: true}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}})
	}
}

// geography adds the grid, the areas and lines, and the dots upon them, y
// pixels down.
func (l *layout) geography(p *projection, y float64) {
	line := func(x1, y1, x2, y2 float64) {
		l.add(chart.Mark{Shape: chart.PathShape, Style: "grid", Path: []chart.Step{{X: l.left + x1, Y: y + y1, Move: true}, {X: l.left + x2, Y: y + y2}}})
	}
	l.m.grid(p, line, func(tx, ty float64, text string) { l.text("soft", text, l.left+tx, y+ty, 10, chart.Start) })
	p.dx, p.dy = p.dx+l.left, p.dy+y
	for i := range l.m.Areas {
		a := &l.m.Areas[i]
		steps, closed := outline(a.Geometry, p)
		if len(steps) == 0 {
			continue
		}
		kind := "way"
		if closed {
			kind = "map"
		}
		l.add(chart.Mark{Shape: chart.PathShape, Style: kind + className(a.Class), Path: steps, Closed: closed, Hint: a.Hint})
		if closed && a.Class < 0 {
			l.hatch(steps)
		}
	}
	most := l.m.largest()
	for _, d := range l.m.bySize() {
		x, y := p.at(d.At)
		l.add(chart.Mark{Shape: chart.CircleShape, Style: "place", X: x, Y: y, W: 2 * Radius(d.Value, most), Hint: d.Hint})
	}
}

// legend adds what colours and sizes mean and returns where it ends.
func (l *layout) legend(y float64) float64 {
	const box = 14.0
	for _, label := range l.m.Legend {
		x, textX, anchor := l.left, l.left+3*box, chart.Start
		if l.m.Lang == "fa" {
			x, textX, anchor = l.right-2*box, l.right-3*box, chart.End
		}
		step := lineStep
		if label.Dot > 0 {
			step = math.Max(lineStep, 2*label.Dot+4)
			l.add(chart.Mark{Shape: chart.CircleShape, Style: "place", X: x + box, Y: y + step/2 - 8, W: 2 * label.Dot})
		} else {
			l.box(label.Class, x, y-box+4, 2*box, box)
		}
		l.text("text", label.Text, textX, y+step/2-lineStep/2+2, legendSize, anchor)
		y += step
	}
	return y + lineStep/2
}
