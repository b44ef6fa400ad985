package chart

import "math"

// A barRoom is how horizontal bars share the width: names first, then values,
// with room for figures at their ends.
type barRoom struct {
	area
	name        float64 // width of the names; 0: they stand above their bars
	scale       linear
	zero        float64
	bar, pitch  float64 // thickness of a bar, and from one to the next
	block       float64 // from one name to the next
	label, size float64 // of a figure beside its bar: room and type
	cut         bool    // the bar of the rest is longer than there is room for
}

// bars lays out lying bars, the names from top to bottom. Each bar has its
// figure at its end and, where there are several series, its series' name, so
// that nothing hangs on a colour.
func (c *Chart) bars(s *Scene, a area) float64 {
	if len(c.X.Names) == 0 || len(c.Series) == 0 {
		return a.y
	}
	r := c.barRoom(a)
	y, axis := a.y, a.y
	for i, name := range c.X.Names {
		c.barName(s, &r, name, y)
		if r.name == 0 {
			y += bodySize * 1.5
			axis = y - 2
		}
		top := y
		for k := range c.Series {
			c.bar(s, &r, i, k, top)
			top += r.pitch
		}
		y += r.block
		if r.name == 0 || i == len(c.X.Names)-1 {
			s.line("axis", r.zero, axis, r.zero, y-gap/2)
		}
	}
	return y
}

func (c *Chart) barRoom(a area) barRoom {
	r := barRoom{area: a, bar: 18, pitch: 20, size: bodySize}
	if len(c.Series) > 1 {
		r.bar, r.pitch, r.size = 15, 18, smallSize
	}
	r.block = r.pitch*float64(len(c.Series)) + gap
	if a.w >= narrow {
		for _, n := range c.X.Names {
			r.name = math.Max(r.name, Width(n.Text, bodySize))
		}
		const share = 0.36
		r.name = math.Min(r.name, a.w*share) + gap
	}
	for k := range c.Series {
		for i := range c.Series[k].Points {
			r.label = math.Max(r.label, Width(c.barLabel(k, i), r.size))
		}
	}
	r.label = math.Min(r.label, a.w/3) + gap
	low, high, ok := c.extent(figure)
	if !ok {
		low, high = 0, 1
	}
	low, high = math.Min(low, 0), math.Max(high, 0)
	if most := c.withoutRest(); most > 0 && high > most*cutFrom {
		high, r.cut = most*cutAt, true
	}
	r.scale = linear{low, high, a.x + r.name, a.right()}
	if low < 0 {
		r.scale.from += r.label
	}
	if high > 0 || low == 0 {
		r.scale.to -= r.label
	}
	r.zero = r.scale.at(0)
	if high == low {
		r.zero = r.scale.from
	}
	return r
}

// Where the bar of the rest is more than cutFrom times as long as the longest
// other one it is drawn cutAt times as long, and broken.
const (
	cutFrom = 2.0
	cutAt   = 1.2
)

// withoutRest is the largest figure of a name, 0 where there is no rest.
func (c *Chart) withoutRest() float64 {
	most, rest := 0.0, false
	for i, n := range c.X.Names {
		for k := range c.Series {
			if p := c.Series[k].Points[i]; !n.Rest && !p.Missing {
				most = math.Max(most, p.Y)
			}
		}
		rest = rest || n.Rest
	}
	if !rest {
		return 0
	}
	return most
}

// CutsRest reports whether the bar of the rest is drawn broken, since it would
// press the others flat.
func (c *Chart) CutsRest() bool {
	if c.Kind != Bars && c.Kind != Grouped || c.Upright {
		return false
	}
	_, high, ok := c.extent(figure)
	most := c.withoutRest()
	return ok && most > 0 && high > most*cutFrom
}

func (c *Chart) barName(s *Scene, r *barRoom, name Name, y float64) {
	style := "text"
	if name.Rest {
		style = "soft"
	}
	if r.name == 0 {
		s.cutText(style, name.Text, r.x, y+bodySize, bodySize, r.w, Start)
		return
	}
	middle := y + (r.block-gap)/2
	s.cutText(style, name.Text, r.x+r.name-gap, middle+bodySize*0.3, bodySize, r.name-gap, End)
}

// barLabel is what stands at the end of a bar.
func (c *Chart) barLabel(series, i int) string {
	p := c.Series[series].Points[i]
	text := c.NoValue
	if !p.Missing {
		text = Compact(c.Numbers, p.Y)
	}
	if len(c.Series) > 1 {
		const longest = 110.0
		text = isolate + fit(c.Series[series].Name, smallSize, longest) + endIsolate + " " + text
	}
	return c.own(text)
}

func (c *Chart) bar(s *Scene, r *barRoom, i, series int, y float64) {
	p, name := c.Series[series].Points[i], c.X.Names[i]
	hint := c.hint(series, i)
	end, anchor := r.zero+gap/2, Start
	style := "soft"
	if !p.Missing {
		from, to := r.zero, math.Min(r.scale.at(p.Y), r.scale.to)
		if r.scale.low == r.scale.high {
			to = from
		}
		key := c.key(series)
		if name.Rest {
			key = "rest"
		}
		const least = 1.0 // a figure that is not 0 is never invisible
		w := math.Abs(to - from)
		if p.Y != 0 {
			w = math.Max(w, least)
		}
		x := from
		end, style = from+w+gap/2, "text"
		if p.Y < 0 {
			x, end, anchor = from-w, from-w-gap/2, End
		}
		s.add(Mark{Shape: RectShape, Style: "fill" + key, X: x, Y: y, W: w, H: r.bar, Hint: hint, Figure: true, Row: i, Column: series})
		if r.cut && name.Rest && p.Y > r.scale.high {
			c.breakBar(s, r, x+w, y)
		}
	}
	s.text(style, c.barLabel(series, i), end, y+r.bar/2+r.size*0.35, r.size, anchor)
}

// breakBar draws two slanting gaps near the end of a bar that is cut.
func (c *Chart) breakBar(s *Scene, r *barRoom, end, y float64) {
	const slant, wide = 5.0, 3.0
	for _, back := range [...]float64{22, 14} {
		x := end - back
		s.add(Mark{Shape: PathShape, Style: "paper", Closed: true, Path: []Step{
			{x, y + r.bar + 1, true}, {x + slant, y - 1, false}, {x + slant + wide, y - 1, false}, {x + wide, y + r.bar + 1, false},
		}})
	}
}
