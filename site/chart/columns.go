package chart

import "math"

// columns lays out standing bars of one series over steps in time.
func (c *Chart) columns(s *Scene, a area) float64 {
	if len(c.Series) == 0 || len(c.Series[0].Points) == 0 {
		return a.y
	}
	points := c.Series[0].Points
	low, high, ok := c.extent(figure)
	if !ok {
		low, high = 0, 1
	}
	p := c.plotY(s, a, math.Min(low, 0), math.Max(high, 0), 0)
	first, last := c.reach()
	pitch := (p.right - p.left) / c.slots(points, first, last)
	c.plotX(s, &p, a, first, last, pitch/2)
	const filled, widest, least = 0.76, 64.0, 1.0
	w := math.Min(math.Max(pitch*filled, least), widest)
	zero := p.y.at(0)
	labelled := c.roomForFigures(pitch)
	for i, point := range points {
		x := p.x.at(c.spot(point, i))
		if point.Missing {
			s.text("soft", "×", x, zero-gap/2, smallSize, Middle)
			continue
		}
		top, bottom := p.y.at(point.Y), zero
		if point.Y < 0 {
			top, bottom = zero, p.y.at(point.Y)
		}
		h := bottom - top
		if point.Y != 0 {
			h = math.Max(h, least)
		}
		s.add(Mark{Shape: RectShape, Style: "fill" + c.key(0), X: x - w/2, Y: top, W: w, H: h, Hint: c.hint(0, i), Figure: true, Row: i})
		if labelled {
			c.columnLabel(s, point, x, top, bottom)
		}
	}
	return p.end
}

// roomForFigures reports whether all bars can have their figure at their end.
func (c *Chart) roomForFigures(pitch float64) bool {
	for _, p := range c.Series[0].Points {
		if !p.Missing && Width(Compact(c.Numbers, p.Y), smallSize)+2 > pitch {
			return false
		}
	}
	return true
}

// columnLabel writes the figure at the end of its bar.
func (c *Chart) columnLabel(s *Scene, p Point, x, top, bottom float64) {
	text := c.own(Compact(c.Numbers, p.Y))
	y := top - 4
	if p.Y < 0 {
		y = bottom + smallSize
	}
	s.text("text", text, x, y, smallSize, Middle)
}

// slots is how many bars of equal width the axis has room for: the steps that
// are missing count.
func (c *Chart) slots(points []Point, first, last float64) float64 {
	n := float64(len(points))
	if c.X.Scale == Band || n < 2 {
		return n
	}
	least := math.Inf(1)
	for i := 1; i < len(points); i++ {
		if d := math.Abs(points[i].X - points[i-1].X); d > 0 {
			least = math.Min(least, d)
		}
	}
	const most = 2000
	return math.Min(math.Max((last-first)/least+1, n), most)
}

// hint is what a mark says: its place, series and exact figure.
func (c *Chart) hint(series, i int) string {
	p := c.Series[series].Points[i]
	text := p.Text
	if i < len(c.X.Names) {
		text = isolate + c.X.Names[i].Text + endIsolate + ": " + text
	}
	if len(c.Series) > 1 {
		text = isolate + c.Series[series].Name + endIsolate + " – " + text
	}
	return c.own(text)
}
