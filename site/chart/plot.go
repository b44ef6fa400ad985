package chart

import "math"

// A plot is an area with a scale on each side.
type plot struct {
	left, right, top, bottom float64
	x, y                     linear
	end                      float64 // below the names of the axis
}

// plotHeight is how high the area of points is.
func plotHeight(width float64) float64 {
	if width < narrow {
		return 210
	}
	return 300
}

// plotY lays out the side with the figures: grid, ticks and, above them, what
// they are. wide is room at the right end for names of series.
func (c *Chart) plotY(s *Scene, a area, low, high, wide float64) plot {
	const parts = 5
	values, step := ticks(low, high, parts)
	most := math.Max(math.Abs(values[0]), math.Abs(values[len(values)-1]))
	room := 0.0
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = c.own(tick(c.Numbers, v, step, most))
		room = math.Max(room, Width(texts[i], smallSize))
	}
	p := plot{left: a.x + room + gap, right: a.right() - wide, top: a.y + gap}
	from := len(s.Marks)
	for _, line := range Wrap(c.Y.Label, smallSize, a.w, 2) {
		s.text("soft", c.own(line), a.x, p.top+smallSize*0.7, smallSize, Start)
		p.top += smallSize * 1.5
	}
	c.turnWithin(s, from, a)
	p.top += gap
	p.bottom = p.top + plotHeight(a.w)
	p.y = linear{values[0], values[len(values)-1], p.bottom, p.top}
	for i, v := range values {
		y := p.y.at(v)
		style := "grid"
		if v == 0 {
			style = "axis"
		}
		s.line(style, p.left, y, p.right, y)
		s.text("soft", texts[i], p.left-gap/2, y+smallSize*0.35, smallSize, End)
	}
	return p
}

// turnWithin puts marks at the other side of a, which may be off the middle.
func (c *Chart) turnWithin(s *Scene, from int, a area) {
	if !c.rtl() {
		return
	}
	for i := from; i < len(s.Marks); i++ {
		m := &s.Marks[i]
		m.X, m.Anchor = a.x+a.right()-m.X, End-m.Anchor
	}
}

// plotX lays out the other side below the plot. inset keeps its first and last
// marks off the edges.
func (c *Chart) plotX(s *Scene, p *plot, a area, low, high, inset float64) {
	p.x = linear{low, high, p.left + inset, p.right - inset}
	y := p.bottom + smallSize*1.5
	last := math.Inf(-1)
	put := func(x float64, text string) {
		half := Width(text, smallSize) / 2
		if x-half < last+gap || x < p.left-1 || x > p.right+1 {
			return
		}
		middle := math.Min(math.Max(x, a.x+half), a.right()-half)
		s.line("axis", x, p.bottom, x, p.bottom+4)
		s.text("soft", text, middle, y, smallSize, Middle)
		last = middle + half
	}
	n := int((p.right - p.left) / 80)
	switch c.X.Scale {
	case Time:
		for _, t := range c.timeTicks(low, high, n) {
			put(p.x.at(t.at), c.own(t.text))
		}
	case Linear:
		c.numberTicks(p, low, high, n, put)
	case Band:
		for _, i := range c.shown(p) {
			put(p.x.at(float64(i)), fit(c.X.Names[i].Text, smallSize, (p.right-p.left)/3))
		}
	}
	s.line("axis", p.left, p.bottom, p.right, p.bottom)
	p.end = y + gap/2
	if c.X.Label != "" {
		p.end += smallSize * 1.5
		s.cutText("soft", c.own(c.X.Label), (p.left+p.right)/2, p.end-gap/2, smallSize, a.w, Middle)
	}
}

func (c *Chart) numberTicks(p *plot, low, high float64, n int, put func(float64, string)) {
	values, step := ticks(low, high, max(n, 2))
	if c.X.Years && step < 1 {
		first, end := math.Floor(low), math.Max(math.Ceil(high), math.Floor(low)+1)
		values, step = ticks(first, end, int(end-first))
	}
	most := math.Max(math.Abs(low), math.Abs(high))
	if low < high {
		values = within(values, low, high)
	} else {
		values = []float64{low}
	}
	for _, v := range values {
		text := c.own(tick(c.Numbers, v, step, most))
		if c.X.Years {
			text = c.Numbers.Plain(int64(math.Round(v)))
		}
		put(p.x.at(v), text)
	}
}

// shown are the names of a band that there is room for: every one, or every
// second, fifth, …
func (c *Chart) shown(p *plot) []int {
	widest := 0.0
	for _, n := range c.X.Names {
		widest = math.Max(widest, Width(fit(n.Text, smallSize, (p.right-p.left)/3), smallSize))
	}
	count := len(c.X.Names)
	fits := max(1, int((p.right-p.left)/(widest+gap)))
	step := 1
	for _, m := range [...]int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if step = m; (count+m-1)/m <= fits {
			break
		}
	}
	var all []int
	for i := 0; i < count; i += step {
		all = append(all, i)
	}
	return all
}

// spot is where a point stands on the axis of steps: on a band at its number.
func (c *Chart) spot(p Point, i int) float64 {
	if c.X.Scale == Band {
		return float64(i)
	}
	return p.X
}

// reach is the first and the last place on the axis of steps.
func (c *Chart) reach() (low, high float64) {
	if c.X.Scale == Band {
		return 0, math.Max(float64(len(c.X.Names)-1), 0)
	}
	low, high = math.Inf(1), math.Inf(-1)
	for i := range c.Series {
		for _, p := range c.Series[i].Points { // those without a figure too: a gap has its place
			low, high = math.Min(low, p.X), math.Max(high, p.X)
		}
	}
	if low > high {
		return 0, 1
	}
	return low, high
}
