package geomap

import (
	"maps"
	"math"
	"slices"

	"github.com/openshafaf/shafaf/site/chart"

	"github.com/paulmach/orb"
)

// outline is the lines of a geometry on a picture, in halves of pixels, so that
// what two areas share stays shared, and whether they have an inside. Holes run
// the other way round than what they are in.
func outline(g orb.Geometry, p *projection) (steps []chart.Step, closed bool) {
	polygon := func(rings orb.Polygon) {
		for i, ring := range rings {
			line := onPicture(ring, p)
			if len(line) > 0 && (turns(line) > 0) != (i == 0) {
				slices.Reverse(line)
				line[0].Move, line[len(line)-1].Move = true, false
			}
			steps = append(steps, line...)
		}
	}
	switch g := g.(type) {
	case orb.LineString:
		return onPicture(g, p), false
	case orb.MultiLineString:
		for _, l := range g {
			steps = append(steps, onPicture(l, p)...)
		}
	case orb.Polygon:
		polygon(g)
		return steps, true
	case orb.MultiPolygon:
		for _, one := range g {
			polygon(one)
		}
		return steps, true
	}
	return steps, false
}

// onPicture is a line on a picture without points that fall on the one before.
// One that would be a point has the least size that is seen.
func onPicture(points []orb.Point, p *projection) []chart.Step {
	var line []chart.Step
	for _, o := range points {
		x, y := p.at(o)
		s := chart.Step{X: math.Round(x*2) / 2, Y: math.Round(y*2) / 2, Move: len(line) == 0}
		if n := len(line); n == 0 || line[n-1].X != s.X || line[n-1].Y != s.Y {
			line = append(line, s)
		}
	}
	if len(line) == 1 {
		line = append(line, chart.Step{X: line[0].X + 0.5, Y: line[0].Y}, chart.Step{X: line[0].X + 0.5, Y: line[0].Y + 0.5})
	}
	return line
}

// turns is more than 0 for a ring that runs one way round, less for the other.
func turns(line []chart.Step) float64 {
	sum := 0.0
	for i := range line {
		a, b := line[i], line[(i+1)%len(line)]
		sum += a.X*b.Y - b.X*a.Y
	}
	return sum
}

// hatch adds lines from upper right to lower left within closed lines.
func (l *layout) hatch(steps []chart.Step) {
	const apart = 8.5 // pixels across
	crossings := map[int][]float64{}
	start := 0
	for i := range steps {
		if steps[i].Move {
			start = i
		}
		a, b := steps[i], steps[start]
		if i+1 < len(steps) && !steps[i+1].Move {
			b = steps[i+1]
		}
		if a.X+a.Y > b.X+b.Y {
			a, b = b, a
		}
		from, to := a.X+a.Y, b.X+b.Y
		for k := int(math.Ceil(from / apart)); float64(k)*apart < to; k++ {
			crossings[k] = append(crossings[k], a.X+(b.X-a.X)*(float64(k)*apart-from)/(to-from))
		}
	}
	m := chart.Mark{Shape: chart.PathShape, Style: "hatch"}
	for _, k := range slices.Sorted(maps.Keys(crossings)) {
		at := crossings[k]
		slices.Sort(at)
		for i := 0; i+1 < len(at); i += 2 {
			sum := float64(k) * apart
			m.Path = append(m.Path, chart.Step{X: at[i], Y: sum - at[i], Move: true}, chart.Step{X: at[i+1], Y: sum - at[i+1]})
		}
	}
	if len(m.Path) > 0 {
		l.add(m)
	}
}
