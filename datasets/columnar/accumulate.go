package columnar

import (
	"math"
	"math/bits"
)

// A Sum128 is an exact sum of integers: up to 2^63 of any size.
type Sum128 struct {
	Hi int64
	Lo uint64
}

// Add adds v.
func (s *Sum128) Add(v int64) {
	var carry uint64
	s.Lo, carry = bits.Add64(s.Lo, uint64(v), 0)
	s.Hi += v>>63 + int64(carry) //nolint:gosec // 0 or 1
}

// A Real is a sum of floats and what rounding took from it (Neumaier's way, as
// a pair of floats that do not overlap).
type Real struct{ Sum, Rest float64 }

// Add adds x.
func (r *Real) Add(x float64) {
	sum := r.Sum + x
	if math.Abs(r.Sum) >= math.Abs(x) {
		r.Rest += r.Sum - sum + x
	} else {
		r.Rest += x - sum + r.Sum
	}
	r.Sum = sum
}

// An accumulator computes one measure of all groups.
type accumulator struct {
	Measure
	some  bool // N is counted: not every row has a value
	big   bool // sums may not fit an int64
	table []int64
	v     Values
}

func newAccumulator(m Measure, rows int) accumulator {
	a := accumulator{Measure: m}
	c := m.Column
	a.some = c.Nulls != nil || c.Codes != nil || m.Kind != Sum
	if m.Kind == Sum && c.Floats == nil {
		a.big = tooBig(c.Ints, rows)
		if c.Codes != nil {
			a.table = append(append([]int64(nil), c.Ints...), 0) // a null adds nothing
		}
	}
	return a
}

// tooBig reports whether that many of the values can have a sum beyond int64.
func tooBig(values []int64, rows int) bool {
	limit := int64(math.MaxInt64 / max(rows, 1))
	for _, v := range values {
		if v > limit || v < -limit {
			return true
		}
	}
	return false
}

func (a *accumulator) extend(n int) {
	if a.some {
		a.v.N = grown(a.v.N, n)
	}
	switch {
	case a.Kind != Sum && a.Column.Codes == nil && a.Column.Floats != nil:
		a.v.Float = grown(a.v.Float, n)
	case a.Kind != Sum:
		a.v.Ints = grown(a.v.Ints, n)
	case a.Column.Floats != nil:
		a.v.Reals = grown(a.v.Reals, n)
	case a.big:
		a.v.Big = grown(a.v.Big, n)
	default:
		a.v.Ints = grown(a.v.Ints, n)
	}
}

func grown[T any](s []T, n int) []T {
	if n <= len(s) {
		return s
	}
	return append(s, make([]T, n-len(s))...)
}

// add takes the rows from start on, which are in the groups ids.
func (a *accumulator) add(ids []uint32, start int) {
	switch {
	case a.Kind != Sum:
		a.addExtremes(ids, start)
		return
	case a.Column.Floats != nil || a.big:
		a.addSlowly(ids, start)
	case a.Column.Codes == nil:
		sums := a.v.Ints
		values := a.Column.Ints[start:][:len(ids)]
		for i, id := range ids {
			sums[id] += values[i]
		}
	case a.Column.Codes.B8 != nil:
		addCoded(a.v.Ints, ids, a.Column.Codes.B8[start:], a.table)
	case a.Column.Codes.B16 != nil:
		addCoded(a.v.Ints, ids, a.Column.Codes.B16[start:], a.table)
	default:
		addCoded(a.v.Ints, ids, a.Column.Codes.B32[start:], a.table)
	}
	if a.some {
		a.countValues(ids, start)
	}
}

func addCoded[T code](sums []int64, ids []uint32, codes []T, table []int64) {
	codes = codes[:len(ids)]
	for i, id := range ids {
		sums[id] += table[codes[i]]
	}
}

// addSlowly adds floats, and integers whose sum may be large.
func (a *accumulator) addSlowly(ids []uint32, start int) {
	for i, id := range ids {
		switch {
		case a.big:
			a.v.Big[id].Add(a.Column.Int(start + i))
		default:
			a.v.Reals[id].Add(a.Column.Float(start + i))
		}
	}
}

func (a *accumulator) countValues(ids []uint32, start int) {
	for i, id := range ids {
		if !a.Column.Null(start + i) {
			a.v.N[id]++
		}
	}
}

// addExtremes looks for the least or greatest values: codes where there are.
func (a *accumulator) addExtremes(ids []uint32, start int) {
	c := a.Column
	for i, id := range ids {
		row := start + i
		if c.Null(row) {
			continue
		}
		first := a.v.N[id] == 0
		a.v.N[id]++
		if a.v.Float != nil {
			a.v.Float[id] = extreme(a.Kind, first, a.v.Float[id], c.Floats[row])
			continue
		}
		if c.Codes != nil {
			a.v.Ints[id] = extreme(a.Kind, first, a.v.Ints[id], int64(c.Codes.At(row)))
		} else {
			a.v.Ints[id] = extreme(a.Kind, first, a.v.Ints[id], c.Ints[row])
		}
	}
}

func extreme[T int64 | float64](kind Kind, first bool, a, b T) T {
	if first || kind == Min && b < a || kind == Max && b > a {
		return b
	}
	return a
}

// merge adds what another accumulator of the same measure has.
func (a *accumulator) merge(b *accumulator) {
	for i := range b.v.Ints {
		switch {
		case a.Kind == Sum:
			a.v.Ints[i] += b.v.Ints[i]
		case b.v.N[i] > 0:
			a.v.Ints[i] = extreme(a.Kind, a.v.N[i] == 0, a.v.Ints[i], b.v.Ints[i])
		}
	}
	for i := range b.v.Float {
		if b.v.N[i] > 0 {
			a.v.Float[i] = extreme(a.Kind, a.v.N[i] == 0, a.v.Float[i], b.v.Float[i])
		}
	}
	for i, s := range b.v.Big {
		var carry uint64
		a.v.Big[i].Lo, carry = bits.Add64(a.v.Big[i].Lo, s.Lo, 0)
		a.v.Big[i].Hi += s.Hi + int64(carry) //nolint:gosec // 0 or 1
	}
	for i, r := range b.v.Reals {
		a.v.Reals[i].Add(r.Sum)
		a.v.Reals[i].Rest += r.Rest
	}
	for i, n := range b.v.N {
		a.v.N[i] += n
	}
}

// values returns the measure of the groups with the numbers ids.
func (a *accumulator) values(ids []int, counts []int64) Values {
	v := Values{
		N: pick(a.v.N, ids), Ints: pick(a.v.Ints, ids), Big: pick(a.v.Big, ids),
		Reals: pick(a.v.Reals, ids), Float: pick(a.v.Float, ids),
	}
	if v.N == nil {
		v.N = pick(counts, ids)
	}
	return v
}
