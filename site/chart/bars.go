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
			r.name = math.Max(r.name, widthOf(n.Text, bodySize))
		}
		const share = 0.36
		r.name = math.Min(r.name, a.w*share) + gap
	}
	for k := range c.Series {
		for i := range c.Series[k].Points {
			r.label = math.Max(r.label, widthOf(c.barLabel(k, i), r.size))
		}
	}
	r.label = math.Min(r.label, a.w/3) + gap
	low, high, ok := c.extent(figure)
	if !ok {
		low, high = 0, 1
	}
	low, high = math.Min(low, 0), math.Max(high, 0)
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
		text = compact(c.Numbers, p.Y)
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
		from, to := r.zero, r.scale.at(p.Y)
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
	}
	s.text(style, c.barLabel(series, i), end, y+r.bar/2+r.size*0.35, r.size, anchor)
}
