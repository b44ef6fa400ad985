package chart

import "math"

// histogram draws how many values lie in each range as bars that touch.
func (c *Chart) histogram(s *Scene, a area) float64 {
	if len(c.Series) == 0 || len(c.Series[0].Points) == 0 {
		return a.y
	}
	points := c.Series[0].Points
	_, high, _ := c.extent(figure)
	p := c.plotY(s, a, 0, math.Max(high, 1), 0)
	c.plotX(s, &p, a, points[0].X, points[len(points)-1].To, 0)
	const least = 1.0
	for i, point := range points {
		if point.Y == 0 || point.Missing {
			continue
		}
		from, to := p.x.at(point.X), p.x.at(point.To)
		if from == to { // all values are the same
			from, to = p.left, p.right
		}
		h := math.Max(p.bottom-p.y.at(point.Y), least)
		s.add(Mark{Shape: RectShape, Style: "fill" + c.key(0), X: from, Y: p.bottom - h, W: math.Max(to-from-1, least), H: h, Hint: c.hint(0, i), Figure: true, Row: i})
	}
	return p.end
}

// scatter draws a point for each pair of numbers.
func (c *Chart) scatter(s *Scene, a area) float64 {
	if len(c.Series) == 0 || len(c.Series[0].Points) == 0 {
		return a.y
	}
	low, high, ok := c.extent(figure)
	left, right, _ := c.extent(place)
	if !ok {
		low, high, left, right = 0, 1, 0, 1
	}
	p := c.plotY(s, a, low, high, 0)
	if c.X.Scale == Linear {
		values, _ := ticks(left, right, max(int((p.right-p.left)/80), 2))
		left, right = values[0], values[len(values)-1]
	}
	c.plotX(s, &p, a, left, right, 4)
	const many, large, small = 300, 7.0, 4.5
	size := large
	if len(c.Series[0].Points) > many {
		size = small
	}
	for k := range c.Series {
		for i, point := range c.Series[k].Points {
			if !point.Missing {
				s.add(Mark{Shape: CircleShape, Style: "cloud" + c.key(k), X: p.x.at(point.X), Y: p.y.at(point.Y), W: size, Hint: point.Text, Figure: true, Row: i, Column: k})
			}
		}
	}
	return p.end
}
