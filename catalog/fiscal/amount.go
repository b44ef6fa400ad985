package fiscal

import (
	"math"
	"math/big"
	"math/bits"
	"regexp"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A unit is what brings the numbers of a column into minor units: they are
// multiplied and divided, both exactly.
type unit struct{ mul, div int64 }

const maxFactor = 1_000_000_000_000 // what amounts may be counted in

// factorOf reads what amounts are counted in: a whole number, 1 for nothing.
func factorOf(s string) (int64, bool) {
	if s == "" {
		return 1, true
	}
	r, ok := ratOf(strings.TrimSpace(persian.ASCIIDigits(s)))
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	n := r.Num().Int64()
	return n, n > 0 && n <= maxFactor
}

// newUnit is that of numbers which are integers of 10^-digits, counted in factor
// of a currency of scale digits.
func newUnit(factor int64, scale, digits int) unit {
	u := unit{mul: factor, div: 1}
	for ; digits > scale; digits-- {
		u.div *= 10
	}
	for ; digits < scale; digits++ {
		u.mul *= 10
	}
	return u
}

// amount returns n of the unit in minor units, rounded half away from zero where
// that is not exact, and false when it is too large.
func (u unit) amount(n int64) (a Amount, rounded, ok bool) {
	if n == math.MinInt64 {
		return 0, false, false
	}
	size := uint64(max(n, -n))
	hi, lo := bits.Mul64(size, uint64(u.mul)) //nolint:gosec // a factor is above 0
	div := uint64(u.div)                      //nolint:gosec // a power of ten
	if hi >= div {
		return 0, false, false
	}
	q, rest := bits.Div64(hi, lo, div)
	if rest*2 >= div && rest > 0 {
		q++
	}
	if q > math.MaxInt64 {
		return 0, false, false
	}
	if a = Amount(q); n < 0 {
		a = -a
	}
	return a, rest != 0, true
}

// amountOf is likewise that of a number as text, in ASCII with a point.
func (u unit) amountOf(text string) (a Amount, rounded, ok bool) {
	r, ok := ratOf(text)
	if !ok {
		return 0, false, false
	}
	r.Mul(r, big.NewRat(u.mul, u.div))
	if r.IsInt() {
		return r.Num().Int64(), false, r.Num().IsInt64()
	}
	half := big.NewRat(int64(r.Sign()), 2)
	r.Add(r, half)
	q := new(big.Int).Quo(r.Num(), r.Denom()) // towards zero
	return q.Int64(), true, q.IsInt64()
}

const (
	maxAmountText = 60 // bytes
	maxExponent   = 30
)

// ratOf reads a number exactly. What has more digits than any amount is none.
func ratOf(text string) (*big.Rat, bool) {
	if text == "" || len(text) > maxAmountText || strings.ContainsAny(text, "/_xXpPbBoO") {
		return nil, false
	}
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		exp, ok := new(big.Int).SetString(strings.TrimPrefix(text[i+1:], "+"), 10)
		if !ok || exp.CmpAbs(big.NewInt(maxExponent)) > 0 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}

// noAmounts are what tables write where there is no amount.
var noAmounts = map[string]bool{"-": true, "–": true, "—": true, "--": true, ".": true, "..": true, "...": true, "…": true, "n/a": true, "na": true, "null": true, "none": true, "#n/a": true, "nil": true}

// threes are numbers with commas between groups of three digits. Nothing else is
// taken for groups that nobody spoke of.
var threes = regexp.MustCompile(`^[-(]?\d{1,3}(,\d{3})+(\.\d+)?\)?-?$`)

// undisclosed are what tables write where there is an amount that they do not
// tell.
var undisclosed = map[string]bool{"nfp": true, "n.f.p.": true, "confidential": true, "withheld": true, "محرمانه": true}

// plainNumber brings a number as text into ASCII with a point: digits of other
// scripts, groups, brackets and signs behind for what is below zero. It is empty
// where there is no amount.
func plainNumber(text, decimal, group string) string {
	s := strings.TrimSpace(persian.ASCIIDigits(text))
	if s == "" || noAmounts[strings.ToLower(s)] {
		return ""
	}
	s = strings.NewReplacer("٫", ".", "٬", "", "−", "-", "\u00a0", "", "\u202f", "", " ", "", "'", "", "\u200f", "", "\u200e", "").Replace(s)
	if group == "" && decimal != "," && threes.MatchString(s) {
		group = ","
	}
	if group != "" && group != " " {
		s = strings.ReplaceAll(s, group, "")
	}
	if decimal != "" && decimal != "." {
		s = strings.ReplaceAll(s, decimal, ".")
	}
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inner, ")") {
		s = "-" + strings.TrimSuffix(inner, ")")
	}
	if before, ok := strings.CutSuffix(s, "-"); ok {
		s = "-" + before
	}
	return s
}

// add returns a + b, and false when that does not fit.
func add(a, b Amount) (Amount, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}
