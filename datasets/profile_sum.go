package datasets

import (
	"math"
	"math/big"
	"math/bits"
)

// A sum128 is an exact sum of integers: up to 2^63 of any size.
type sum128 struct {
	hi int64
	lo uint64
}

// add adds n times v, for n ≥ 0.
func (s *sum128) add(v, n int64) {
	abs, neg := uint64(v), v < 0
	if neg {
		abs = -abs
	}
	hi, lo := bits.Mul64(abs, uint64(n))
	if neg {
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, hi, borrow)
	}
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, lo, 0)
	s.hi += int64(hi) + int64(carry)
}

// mean returns the sum divided by n and 10^scale, rounded once.
func (s *sum128) mean(n int64, scale int) float64 {
	sum := new(big.Int).Lsh(big.NewInt(s.hi), 64)
	sum.Add(sum, new(big.Int).SetUint64(s.lo))
	by := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	f, _ := new(big.Rat).SetFrac(sum, by.Mul(by, big.NewInt(n))).Float64()
	return f
}

// A floatSum is an exact sum of floats, as parts that do not overlap (Shewchuk,
// Adaptive Precision Floating-Point Arithmetic, 1997).
type floatSum struct {
	parts []float64
	bad   bool // an addition overflowed
}

// add adds n times x.
func (s *floatSum) add(x float64, n int64) {
	product := x * float64(n)
	s.addOne(product)
	s.addOne(math.FMA(x, float64(n), -product))
}

func (s *floatSum) addOne(x float64) {
	kept := s.parts[:0]
	for _, y := range s.parts {
		if math.Abs(x) < math.Abs(y) {
			x, y = y, x
		}
		sum := x + y
		if rest := y - (sum - x); rest != 0 {
			kept = append(kept, rest)
		}
		x = sum
	}
	s.parts = append(kept, x)
	s.bad = s.bad || math.IsInf(x, 0) || math.IsNaN(x)
}

// mean returns the sum divided by n, or false if the sum is no float.
func (s *floatSum) mean(n int64) (float64, bool) {
	if s.bad {
		return 0, false
	}
	sum := new(big.Rat)
	for _, p := range s.parts {
		sum.Add(sum, new(big.Rat).SetFloat64(p))
	}
	f, _ := sum.Quo(sum, new(big.Rat).SetInt64(n)).Float64()
	return f, !math.IsInf(f, 0)
}
