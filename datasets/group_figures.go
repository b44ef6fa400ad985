package datasets

import (
	"math"
	"math/big"
	"sort"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// sumVector returns sums. Where one is too large for the column all become
// floats, and the exact sums are kept as source texts.
func sumVector(def *Column, values *columnar.Values) Vector {
	exact := func(i int) int64 { return values.Ints[i] }
	switch {
	case values.Reals != nil:
		return realVector(def, values, func(x float64, _ int64) float64 { return x })
	case values.Big != nil:
		for _, s := range values.Big {
			if s.Hi != int64(s.Lo)>>63 { //nolint:gosec // the sign of an integer that fits
				return bigVector(def, values)
			}
		}
		exact = func(i int) int64 { return int64(values.Big[i].Lo) } //nolint:gosec // it fits
	}
	var v Vector
	v.Reset(def, len(values.N))
	for i, n := range values.N {
		if v.Null[i] = n == 0; n > 0 {
			v.Int[i] = exact(i)
		}
	}
	return v
}

func bigVector(def *Column, values *columnar.Values) Vector {
	scale, fixed := def.Scale, def.Fixed
	def.Type, def.Float, def.Scale, def.Fixed = Decimal, true, 0, false
	var v Vector
	v.Reset(def, len(values.N))
	for i, n := range values.N {
		if v.Null[i] = n == 0; n == 0 {
			continue
		}
		s := sum128{values.Big[i].Hi, values.Big[i].Lo}
		v.Float[i] = s.mean(1, scale)
		v.Source = append(v.Source, SourceText{Row: i, Text: printBig(s.big(), scale, fixed)})
	}
	return v
}

// big returns the sum as an integer of any size.
func (s *sum128) big() *big.Int {
	sum := new(big.Int).Lsh(big.NewInt(s.hi), 64)
	return sum.Add(sum, new(big.Int).SetUint64(s.lo))
}

// printBig prints n / 10^scale as AppendDecimal does.
func printBig(n *big.Int, scale int, fixed bool) string {
	if n.IsInt64() {
		return string(AppendDecimal(nil, n.Int64(), scale, fixed))
	}
	digits := n.String()
	if scale == 0 {
		return digits
	}
	whole, part := digits[:len(digits)-scale], digits[len(digits)-scale:] // beyond int64 there are more digits than 9
	for !fixed && part != "" && part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	if part == "" {
		return whole
	}
	return whole + "." + part
}

// realVector returns what of makes of sums of floats and the number of values;
// null where it is no number that can be kept.
func realVector(def *Column, values *columnar.Values, of func(sum float64, n int64) float64) Vector {
	var v Vector
	v.Reset(def, len(values.N))
	for i, n := range values.N {
		if v.Null[i] = n == 0; n == 0 {
			continue
		}
		x := of(values.Reals[i].Sum+values.Reals[i].Rest, n)
		if v.Null[i] = math.IsNaN(x) || math.IsInf(x, 0); !v.Null[i] {
			v.Float[i] = x
		}
	}
	return v
}

// meanVector returns exact sums divided by the number of values and 10^scale,
// rounded once.
func meanVector(def *Column, values *columnar.Values, scale int) Vector {
	if values.Reals != nil {
		return realVector(def, values, func(x float64, n int64) float64 { return x / float64(n) })
	}
	var v Vector
	v.Reset(def, len(values.N))
	unit := int64(math.Pow10(scale))
	for i, n := range values.N {
		if v.Null[i] = n == 0; n == 0 {
			continue
		}
		v.Float[i] = mean(values, i, n, scale, unit)
	}
	return v
}

func mean(values *columnar.Values, i int, n int64, scale int, unit int64) float64 {
	const exact = 1 << 53 // integers up to here are floats
	s := sum128{}
	if values.Big != nil {
		s = sum128{values.Big[i].Hi, values.Big[i].Lo}
	} else {
		sum := values.Ints[i]
		if -exact <= sum && sum <= exact && n <= exact/unit {
			return float64(sum) / float64(n*unit) // one rounding
		}
		s.add(sum, 1)
	}
	return s.mean(n, scale)
}

// extremeVector returns least or greatest values.
func extremeVector(def *Column, c *column, values *columnar.Values) Vector {
	var v Vector
	v.Reset(def, len(values.N))
	for i, n := range values.N {
		if v.Null[i] = n == 0; n == 0 {
			continue
		}
		switch {
		case c.texts != nil:
			v.Text[i] = c.texts.at(int(values.Ints[i]))
		case values.Float != nil:
			v.Float[i] = values.Float[i]
		case v.Float != nil:
			v.Float[i] = c.Floats[values.Ints[i]]
		case c.Codes != nil:
			v.Int[i] = c.Ints[values.Ints[i]]
		default:
			v.Int[i] = values.Ints[i]
		}
	}
	return v
}

// source returns the source text of a row, if there is one.
func (v *Vector) source(row int) string {
	i, found := sort.Find(len(v.Source), func(i int) int { return row - v.Source[i].Row })
	if !found {
		return ""
	}
	return v.Source[i].Text
}
