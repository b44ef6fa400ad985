package chart

import (
	"math"
	"slices"
)

// The sizes of type, and the width below which a chart is laid out for a phone.
const (
	titleSize = 18.0
	bodySize  = 13.0
	smallSize = 11.5
	narrow    = 480.0
	gap       = 8.0
)

// The widths at which charts are laid out: for a page, for a phone, for a file.
const (
	Wide  = 760.0
	Phone = 290.0
	File  = 900.0
)

// Scene lays the chart out, width pixels wide and as high as it needs. With
// alone it has its title and footer in it, and a margin.
func (c *Chart) Scene(width float64, alone bool) *Scene {
	c = c.bounded()
	if alone {
		return c.Framed(width, func(s *Scene, x, y, w float64) float64 { return c.draw(s, area{x, y, w}) })
	}
	s := c.scene(width)
	s.Height = c.draw(s, area{w: width})
	return s
}

// Framed lays out a picture that stands alone, width pixels wide: the title and
// the footer of the chart and, between them, what draw adds to the scene. It is
// told the left end, the top and the width of the room for it, and returns
// where it ends.
func (c *Chart) Framed(width float64, draw func(s *Scene, x, y, width float64) float64) *Scene {
	const margin = 24.0
	s := c.scene(width)
	s.add(Mark{Shape: RectShape, Style: "paper", W: width})
	box := area{x: margin, y: margin, w: width - 2*margin}
	bottom := draw(s, box.x, c.header(s, box), box.w)
	s.Height = c.foot(s, area{x: box.x, y: bottom, w: box.w}) + margin
	s.Marks[0].H = s.Height
	return s
}

func (c *Chart) scene(width float64) *Scene {
	return &Scene{Width: width, Lang: c.Lang, Title: c.Title, Description: c.Subtitle}
}

// What is further than this from zero is drawn at it: beyond, differences of
// two places have no finite number any more.
const (
	mostDrawn   = 1e60
	mostSeconds = 1e12
)

// bounded is the chart with all figures within what can be drawn.
func (c *Chart) bounded() *Chart {
	out := *c
	out.Series = slices.Clone(c.Series)
	most := mostDrawn
	if c.X.Scale == Time {
		most = mostSeconds
	}
	for i := range out.Series {
		points := slices.Clone(out.Series[i].Points)
		for j := range points {
			p := &points[j]
			p.Missing = p.Missing || math.IsNaN(p.Y) || math.IsNaN(p.X)
			p.X, p.To, p.Y = clamp(p.X, most), clamp(p.To, most), clamp(p.Y, mostDrawn)
		}
		out.Series[i].Points = points
	}
	return &out
}

func clamp(v, most float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return math.Min(math.Max(v, -most), most)
}

// An area is where something is laid out: its height follows from what is in it.
type area struct{ x, y, w float64 }

func (a area) right() float64 { return a.x + a.w }

// header draws the title and returns where the chart begins.
func (c *Chart) header(s *Scene, a area) float64 {
	const lines, bold = 3, 1.12 // bold letters are wider
	from, y := len(s.Marks), a.y
	for _, line := range Wrap(c.Title, titleSize*bold, a.w, lines) {
		y += titleSize * 1.3
		s.text("title", c.own(line), a.x, y-4, titleSize, Start)
	}
	for _, line := range Wrap(c.Subtitle, bodySize, a.w, lines) {
		y += bodySize * 1.5
		s.text("soft", c.own(line), a.x, y-3, bodySize, Start)
	}
	c.turn(s, from)
	return y + 2*gap
}

func (c *Chart) foot(s *Scene, a area) float64 {
	from, y := len(s.Marks), a.y+gap
	s.line("grid", a.x, y, a.right(), y)
	y += gap / 2
	for _, text := range c.Footer {
		for _, line := range Wrap(text, smallSize, a.w, 2) {
			y += smallSize * 1.5
			s.text("soft", c.own(line), a.x, y, smallSize, Start)
		}
	}
	c.turn(s, from)
	return y
}

// turn mirrors what follows the line of text where that runs to the left.
func (c *Chart) turn(s *Scene, from int) {
	if c.rtl() {
		s.mirror(from)
	}
}

// draw lays out the chart itself and returns where it ends.
func (c *Chart) draw(s *Scene, a area) float64 {
	switch c.Kind {
	case Bars, Grouped:
		if c.Upright && c.Kind == Bars {
			return c.columns(s, a)
		}
		from := len(s.Marks)
		bottom := c.bars(s, a)
		if mirrorBars {
			c.turn(s, from)
		}
		return bottom
	case Lines, Area:
		return c.lines(s, a)
	case Histogram:
		return c.histogram(s, a)
	case Scatter:
		return c.scatter(s, a)
	default:
		return a.y
	}
}
