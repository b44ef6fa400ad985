package datasets

import (
	"math"
	"time"
)

// maxBins is how many bins a histogram has at most. minBins is the least number
// of cells of a fine histogram with which any histogram can still be made of
// it: more cells than that of one level span over 20 bins of the next but one
// step, as no level is more than 31 times as wide as the one below.
const (
	maxBins = 20
	minBins = 32 * maxBins
)

// A step is a way to divide integers into bins: all of one width, with 0+offset
// as one of the edges, or calendar months.
type step struct {
	width  int64
	offset int64
	months int64 // of the calendar; 0 when width counts
	unit   int64 // of months: how many integers a day has
}

// floor returns the lower edge of the bin that v is in; the least integer where
// the edge is below it.
func (s step) floor(v int64) int64 {
	if s.months > 0 {
		m := monthOf(floorDiv(v, s.unit))
		return dayOfMonth(floorDiv(m, s.months)*s.months) * s.unit
	}
	q := floorDiv(v-s.offset, s.width)
	if q < math.MinInt64/s.width {
		return math.MinInt64
	}
	return q*s.width + s.offset
}

// next returns the upper edge of the bin with the lower edge v; the greatest
// integer where the edge is above it.
func (s step) next(v int64) int64 {
	if s.months > 0 {
		return dayOfMonth(monthOf(floorDiv(v, s.unit))+s.months) * s.unit
	}
	q := floorDiv(v-s.offset, s.width)
	if q >= math.MaxInt64/s.width {
		return math.MaxInt64
	}
	return (q+1)*s.width + s.offset
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// monthOf returns the month of a day since 1970, counted from year 0.
func monthOf(day int64) int64 {
	t := time.Unix(day*secondsPerDay, 0).UTC()
	return int64(t.Year())*12 + int64(t.Month()) - 1
}

// dayOfMonth returns the first day of a month that is counted from year 0.
func dayOfMonth(month int64) int64 {
	year := floorDiv(month, 12)
	return time.Date(int(year), time.Month(month-year*12+1), 1, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay
}

// A scale is the steps that histograms of a type may have, narrowest first, and
// those of them that a fine histogram may have (its levels), each a whole
// multiple of the one before.
type scale struct {
	steps  []step
	levels []step
}

// decimalScale is 1, 2, 5, 10, 20 … with the powers of ten as levels.
func decimalScale() scale {
	var s scale
	for w := int64(1); ; w *= 10 {
		s.levels = append(s.levels, step{width: w})
		s.steps = append(s.steps, step{width: w}, step{width: 2 * w}, step{width: 5 * w})
		if w == 1e18 {
			return s
		}
	}
}

const (
	microsPerSecond = 1_000_000
	microsPerDay    = secondsPerDay * microsPerSecond
)

// calendarScale is days, weeks from Monday, months, quarters, half-years and
// years, where a day has unit integers.
func calendarScale(unit int64) scale {
	days := scale{levels: []step{{width: unit}, {months: 1, unit: unit}, {months: 12, unit: unit}, {months: 120, unit: unit}}}
	days.steps = []step{{width: unit}, {width: 7 * unit, offset: 4 * unit}} // 1970-01-05 was a Monday
	for _, months := range []int64{1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000, 60000, 120000} {
		days.steps = append(days.steps, step{months: months, unit: unit})
	}
	return days
}

// clockScale is microseconds by tens up to a second, then clock times, then the
// calendar.
func clockScale() scale {
	var s scale
	for w := int64(1); w < microsPerSecond; w *= 10 {
		s.levels = append(s.levels, step{width: w})
		s.steps = append(s.steps, step{width: w}, step{width: 2 * w}, step{width: 5 * w})
	}
	for _, seconds := range []int64{1, 10, 60, 600, 3600} {
		s.levels = append(s.levels, step{width: seconds * microsPerSecond})
	}
	for _, seconds := range []int64{1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600} {
		s.steps = append(s.steps, step{width: seconds * microsPerSecond})
	}
	days := calendarScale(microsPerDay)
	return scale{steps: append(s.steps, days.steps...), levels: append(s.levels, days.levels...)}
}

// A grid is a fine histogram that takes integers as they come, whatever their
// range: when it has too many cells it goes to a coarser level, where whole
// cells become one. So no value is ever counted in a wrong bin.
type grid struct {
	scale scale
	limit int
	level int
	cells map[int64]int64 // lower edge → count
}

func newGrid(s scale, limit int) *grid {
	return &grid{scale: s, limit: limit, cells: map[int64]int64{}}
}

func (g *grid) add(v, n int64) {
	g.cells[g.scale.levels[g.level].floor(v)] += n
	for len(g.cells) > g.limit && g.level+1 < len(g.scale.levels) {
		g.level++
		g.rekey(g.scale.levels[g.level].floor)
	}
}

func (g *grid) rekey(key func(int64) int64) {
	cells := make(map[int64]int64, len(g.cells)/2)
	for v, n := range g.cells {
		cells[key(v)] += n
	}
	g.cells = cells
}

// edges returns the edges of the narrowest bins of the scale with which at most
// so many hold all from lo to hi: one more edge than bins.
func (s scale) edges(lo, hi int64, bins int) (step, []int64) {
	for _, st := range s.steps {
		edges := []int64{st.floor(lo)}
		for len(edges) <= bins+1 {
			next := st.next(edges[len(edges)-1])
			edges = append(edges, next)
			if next > hi || next == math.MaxInt64 {
				break
			}
		}
		if len(edges) <= bins+1 {
			return st, edges
		}
	}
	return step{}, []int64{lo, hi} // not reached: the widest steps hold every integer
}

// histogram sorts values, or cells of a grid, into bins. text prints an edge.
func (s scale) histogram(lo, hi int64, cells func(yield func(v, n int64) bool), text func(int64) string) []HistoBin {
	st, edges := s.edges(lo, hi, maxBins)
	at := make(map[int64]int, len(edges))
	bins := make([]HistoBin, len(edges)-1)
	for i := range bins {
		at[edges[i]] = i
		bins[i].From, bins[i].To = text(edges[i]), text(edges[i+1])
	}
	for v, n := range cells {
		bins[at[st.floor(max(v, lo))]].Count += n // a cell may begin below the least value
	}
	return bins
}
