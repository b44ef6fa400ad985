package chart

import "math"

// A linear scale maps values to pixels.
type linear struct {
	low, high float64 // values
	from, to  float64 // pixels
}

func (l linear) at(v float64) float64 {
	if l.high == l.low {
		return (l.from + l.to) / 2
	}
	// halves first: the difference of two huge numbers may be infinite
	share := (v/2 - l.low/2) / (l.high/2 - l.low/2)
	return l.from + share*(l.to-l.from)
}

// niceStep is the step among 1, 2, 5 · 10^n that divides span into at most n
// parts, or nearly so.
func niceStep(span float64, n int) float64 {
	raw := span / float64(max(n, 1))
	if raw <= 0 || math.IsInf(raw, 0) || math.IsNaN(raw) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range [...]float64{1, 2, 5} {
		if raw <= m*power*1.0001 {
			return m * power
		}
	}
	return 10 * power
}

// ticks are round values that enclose low to high, about n steps of them.
func ticks(low, high float64, n int) (values []float64, step float64) {
	if low == high {
		pad := math.Abs(low) / 2
		if pad == 0 {
			pad = 1
		}
		low, high = low-pad, high+pad
	}
	step = niceStep(high/2-low/2, n) * 2
	if s := niceStep(high-low, n); !math.IsInf(high-low, 0) {
		step = s
	}
	first, last := math.Floor(low/step+1e-9), math.Ceil(high/step-1e-9)
	for k := first; k <= last && len(values) < 100; k++ {
		values = append(values, k*step)
	}
	return values, step
}

// within keeps the ticks that lie in low to high.
func within(values []float64, low, high float64) []float64 {
	var kept []float64
	slack := (high/2 - low/2) * 1e-9
	for _, v := range values {
		if v >= low-slack && v <= high+slack {
			kept = append(kept, v)
		}
	}
	return kept
}

// extent is the smallest and the largest figure of the series; ok is false
// when there is none.
func (c *Chart) extent(of func(Point) float64) (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range c.Series {
		for _, p := range c.Series[i].Points {
			if p.Missing {
				continue
			}
			v := of(p)
			low, high, ok = math.Min(low, v), math.Max(high, v), true
		}
	}
	return low, high, ok
}

func figure(p Point) float64 { return p.Y }
func place(p Point) float64  { return p.X }
