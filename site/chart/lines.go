package chart

import (
	"math"
	"slices"
)

// lines draws the series over steps, numbers or time, with their names beside
// their ends. Where a figure is missing the line has a gap. An Area is filled
// to zero, and its series are stacked.
func (c *Chart) lines(s *Scene, a area) float64 {
	if len(c.Series) == 0 || len(c.Series[0].Points) == 0 {
		return a.y
	}
	base, tops := c.stacked()
	low, high := c.lineExtent(tops)
	wide := 0.0
	if len(c.Series) > 1 {
		for i := range c.Series {
			wide = math.Max(wide, Width(c.Series[i].Name, smallSize))
		}
		const share = 0.28
		wide = math.Min(wide, a.w*share) + 2*gap
	}
	p := c.plotY(s, a, low, high, wide)
	first, last := c.reach()
	c.plotX(s, &p, a, first, last, 6)
	var ends []lineEnd
	for i := range c.Series {
		if c.Kind == Area {
			c.layer(s, &p, i, base[i], tops[i])
		}
	}
	for i := range c.Series {
		ends = append(ends, c.oneLine(s, &p, i, tops[i]))
	}
	if wide > 0 {
		c.lineNames(s, &p, ends, wide-gap)
	}
	return p.end
}

// stacked returns from where to where each figure reaches: a line's from zero
// to itself, an area's on top of the series before.
func (c *Chart) stacked() (base, tops [][]float64) {
	n := len(c.Series[0].Points)
	floor := make([]float64, n)
	for i := range c.Series {
		low, high := make([]float64, n), make([]float64, n)
		for j, p := range c.Series[i].Points {
			high[j] = p.Y
			if c.Kind == Area {
				low[j], high[j] = floor[j], floor[j]
				if !p.Missing {
					high[j] += p.Y
				}
				floor[j] = high[j]
			}
		}
		base, tops = append(base, low), append(tops, high)
	}
	return base, tops
}

// lineExtent is what the axis must hold. Lines that stay far from zero are not
// pressed flat by it; areas stand on it.
func (c *Chart) lineExtent(tops [][]float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range c.Series {
		for j, p := range c.Series[i].Points {
			if !p.Missing {
				low, high = math.Min(low, tops[i][j]), math.Max(high, tops[i][j])
			}
		}
	}
	if low > high {
		return 0, 1
	}
	const near = 0.5
	if c.Kind == Area || low > 0 && low < high*near || high < 0 && high > low*near {
		low, high = math.Min(low, 0), math.Max(high, 0)
	}
	return low, high
}

// A lineEnd is where a series was last seen.
type lineEnd struct {
	x, y   float64
	series int
	ok     bool
}

// oneLine draws series i; a figure between two gaps is a point.
func (c *Chart) oneLine(s *Scene, p *plot, i int, tops []float64) lineEnd {
	points, key := c.Series[i].Points, c.key(i)
	const dot = 5.5
	most := 60 // points that are drawn one by one
	if len(c.Series) > 1 {
		most = 24 // more would hide the dashes
	}
	var path []Step
	var dots []Mark
	end := lineEnd{series: i}
	for j, point := range points {
		if c.gapAt(i, j) {
			continue
		}
		x, y := p.x.at(c.spot(point, j)), p.y.at(tops[j])
		before := j > 0 && !c.gapAt(i, j-1)
		after := j+1 < len(points) && !c.gapAt(i, j+1)
		path = append(path, Step{x, y, !before})
		alone := !before && !after
		if !point.Missing && (alone || len(points) <= most) {
			dots = append(dots, Mark{Shape: CircleShape, Style: "dot" + key, X: x, Y: y, W: dot, Hint: c.hint(i, j), Figure: true, Row: j, Column: i})
		}
		end = lineEnd{x, y, i, true}
	}
	if len(path) > 0 {
		s.add(Mark{Shape: PathShape, Style: "line" + key, Path: path, Hint: c.Series[i].Name, Column: i})
	}
	s.add(dots...)
	return end
}

// layer fills series i between its base and its top, in pieces between the
// gaps that all series have. A figure that only this one lacks adds nothing.
func (c *Chart) layer(s *Scene, p *plot, i int, base, tops []float64) {
	points := c.Series[i].Points
	flush := func(from, to int) {
		if to-from < 2 {
			return
		}
		var path []Step
		for j := from; j < to; j++ {
			path = append(path, Step{p.x.at(c.spot(points[j], j)), p.y.at(tops[j]), j == from})
		}
		for j := to - 1; j >= from; j-- {
			path = append(path, Step{p.x.at(c.spot(points[j], j)), p.y.at(base[j]), false})
		}
		s.add(Mark{Shape: PathShape, Style: "layer" + c.key(i), Path: path, Closed: true, Hint: c.Series[i].Name, Column: i})
	}
	from := 0
	for j := range points {
		if c.lacks(j) {
			flush(from, j)
			from = j + 1
		}
	}
	flush(from, len(points))
}

// gapAt reports whether the line of series i has a gap at place j: that of a
// stack only where the whole stack has one.
func (c *Chart) gapAt(i, j int) bool {
	if c.Kind == Area {
		return c.lacks(j)
	}
	return c.Series[i].Points[j].Missing
}

// lacks reports whether no series has a figure at place j.
func (c *Chart) lacks(j int) bool {
	for i := range c.Series {
		if !c.Series[i].Points[j].Missing {
			return false
		}
	}
	return true
}

// lineNames writes the names of the series beside their ends, moved apart
// where they would overlap.
func (c *Chart) lineNames(s *Scene, p *plot, ends []lineEnd, width float64) {
	ends = slices.DeleteFunc(ends, func(e lineEnd) bool { return !e.ok })
	slices.SortFunc(ends, func(a, b lineEnd) int {
		switch {
		case a.y < b.y:
			return -1
		case a.y > b.y:
			return 1
		}
		return a.series - b.series
	})
	const pitch = smallSize * 1.35
	at := make([]float64, len(ends))
	for i, e := range ends {
		at[i] = e.y
		if i > 0 {
			at[i] = math.Max(at[i], at[i-1]+pitch)
		}
	}
	limit := p.bottom
	for i := len(at) - 1; i >= 0; i-- {
		at[i] = math.Min(at[i], limit)
		limit = at[i] - pitch
	}
	for i, e := range ends {
		x := p.right + gap
		s.line("leader", math.Min(e.x+4, x-2), e.y, x-2, at[i])
		s.cutText("name"+c.key(e.series), c.Series[e.series].Name, x, at[i]+smallSize*0.35, smallSize, width-gap/2, Start)
	}
}
