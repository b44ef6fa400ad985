package fiscal

import (
	"math"
	"math/big"
)

// A Ratio is an exact share in percent.
type Ratio struct{ of big.Rat }

// ratio is 100 × part / whole; whole is not 0.
func ratio(part, whole *big.Int) *Ratio {
	r := &Ratio{}
	r.of.SetFrac(new(big.Int).Mul(part, big.NewInt(hundred)), whole)
	return r
}

const hundred = 100

// Float is the nearest number.
func (r *Ratio) Float() float64 {
	f, _ := r.of.Float64()
	return f
}

// MarshalJSON writes it with six digits behind the point.
func (r *Ratio) MarshalJSON() ([]byte, error) {
	if f := r.Float(); math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return []byte(r.of.FloatString(6)), nil
}

func (r *Ratio) below(percent int64) bool { return r.of.Cmp(new(big.Rat).SetInt64(percent)) < 0 }
func (r *Ratio) above(percent int64) bool { return r.of.Cmp(new(big.Rat).SetInt64(percent)) > 0 }

// grades of PEFA and how far from the plan each may be, in percent, in two of
// three years.
var grades = []struct {
	name   string
	within int64
}{{"A", 5}, {"B", 10}, {"C", 15}}

// gradeOf is the best grade whose bound at least two of the years keep.
func gradeOf(rates []*Ratio, keeps func(r *Ratio, within int64) bool) string {
	const needed = 2
	for _, g := range grades {
		n := 0
		for _, r := range rates {
			if keeps(r, g.within) {
				n++
			}
		}
		if n >= needed {
			return g.name
		}
	}
	return "D"
}

// A Composition is PEFA PI-2.1: how far the parts of the expenditure came out
// otherwise than the whole.
type Composition struct {
	Heads string            `json:"heads,omitempty"` // what the parts are: OutturnFunction or OutturnAgency
	Years []CompositionYear `json:"years"`
	Grade string            `json:"grade,omitempty"`
	Why   []Lack            `json:"why,omitempty"`
}

// A CompositionYear is the variance of a year. Amounts are without interest.
type CompositionYear struct {
	Year     string `json:"year"`
	Approved Amount `json:"approved"`
	Executed Amount `json:"executed"`
	N        int    `json:"heads"` // how many heads were compared
	Variance *Ratio `json:"variance"`
	Why      []Lack `json:"why,omitempty"`
}

// mostHeads is how many heads are compared where they are agencies; what is
// left is one more.
const mostHeads = 20

// A head is a part of the expenditure without interest.
type head struct{ approved, executed Amount }

// variance is the sum of what the heads differ from their share of the whole
// outturn, as a share of that: Σ|e − a·E/A| / E. It is nil where nothing was
// approved or executed.
func variance(heads []head) (*Ratio, head) {
	var (
		whole   head
		a, e    big.Int
		off, to big.Int
	)
	for _, h := range heads {
		a.Add(&a, big.NewInt(h.approved))
		e.Add(&e, big.NewInt(h.executed))
	}
	if !a.IsInt64() || !e.IsInt64() || a.Sign() <= 0 || e.Sign() <= 0 {
		return nil, whole
	}
	whole = head{a.Int64(), e.Int64()}
	for _, h := range heads {
		is := new(big.Int).Mul(big.NewInt(h.executed), &a)
		was := new(big.Int).Mul(big.NewInt(h.approved), &e)
		off.Add(&off, is.Abs(is.Sub(is, was)))
	}
	return ratio(&off, to.Mul(&a, &e)), whole
}

// grade is the grade of PI-2.1, or why there is none.
func (c *Composition) grade() {
	var rates []*Ratio
	for i := range c.Years {
		if c.Years[i].Variance == nil {
			c.Why = append(c.Why, c.Years[i].Why...)
			continue
		}
		rates = append(rates, c.Years[i].Variance)
	}
	if len(c.Why) == 0 && len(rates) == outturnYears {
		c.Grade = gradeOf(rates, func(r *Ratio, within int64) bool { return r.below(within) })
	}
}
