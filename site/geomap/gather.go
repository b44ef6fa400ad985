package geomap

import (
	"math"

	"github.com/paulmach/orb"
)

// Gather puts points together that a picture would draw over one another: the
// picture is cut into so many columns of squares, and the points of a square
// are one group. It returns the groups, as places in points, in the order of
// their first point, and the middle of each.
func Gather(points []orb.Point, columns int) (groups [][]int, middles []orb.Point) {
	if len(points) == 0 {
		return nil, nil
	}
	b := orb.MultiPoint(points).Bound()
	p := newProjection(b, PageWidth)
	side := PageWidth / float64(columns)
	squares := map[[2]int]int{}
	for i, o := range points {
		x, y := p.at(o)
		square := [2]int{int(math.Floor(x / side)), int(math.Floor(y / side))}
		g, ok := squares[square]
		if !ok {
			g = len(groups)
			squares[square] = g
			groups, middles = append(groups, nil), append(middles, orb.Point{})
		}
		groups[g] = append(groups[g], i)
		middles[g][0] += o[0]
		middles[g][1] += o[1]
	}
	for g := range groups {
		n := float64(len(groups[g]))
		middles[g][0] /= n
		middles[g][1] /= n
	}
	return groups, middles
}
