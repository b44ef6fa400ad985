package fiscal

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// Bounds of the proof of totals: places that a sum may begin at, totals that
// stand before their parts, and how often both are compared.
const (
	maxStarts = 4096
	maxClaims = 4096
	maxTries  = 20 << 20

	largestDigit = 1_000_000_000_000_000_000
)

// A totalsProof holds the rows that a table marks as sums of others against
// these rows. The mark follows from most columns of the table: here all amounts
// that are mapped have to agree, or a sum misses a part.
type totalsProof struct {
	*reading
	digit  []Amount  // to which each column is rounded
	now    []tally   // of all rows before that are no totals, by column
	starts [][]tally // where sums may begin, the latest last
	claims []claim   // totals that are no sums of what is above them
	tries  int
}

// A tally is a sum of amounts and how many they are.
type tally struct {
	sum Amount
	n   int64
}

// A claim is a row that is marked as a total, with what was summed before it.
type claim struct {
	row   int64
	label string
	own   []part
	from  []tally
}

// proveTotals tells of the totals of the table, its rows in r.skip, that are not
// the sums of the rows above or below them.
func (r *reading) proveTotals(ctx context.Context, t *datasets.Table) error {
	quiet := *r
	quiet.faults, quiet.skip, quiet.totals = &faults{}, nil, nil
	p := &totalsProof{reading: &quiet, now: make([]tally, len(r.values))}
	p.starts = [][]tally{slices.Clone(p.now)}
	if err := p.digits(ctx, t); err != nil {
		return err
	}
	own, marked := make([]part, len(r.values)), r.skip
	err := quiet.each(ctx, t, func() bool {
		some := false
		for k := range r.values {
			own[k].sum, own[k].has = quiet.amount(&quiet.values[k])
			some = some || own[k].has
		}
		for len(marked) > 0 && marked[0] < quiet.row {
			marked = marked[1:]
		}
		switch {
		case !some: // the heading of a group
			p.settle()
			p.begin()
		case len(marked) > 0 && marked[0] == quiet.row:
			p.total(own)
		default:
			for k := range own {
				if own[k].has {
					p.now[k].sum += own[k].sum
					p.now[k].n++
				}
			}
		}
		return true
	})
	p.settle()
	for _, c := range p.claims {
		r.faults.say(c.row, "", "budget.total.wrong", c.label)
	}
	return err
}

// total looks for the rows above that the row at hand is the sum of, the
// nearest first.
func (p *totalsProof) total(own []part) {
	p.settle()
	for i := len(p.starts) - 1; i >= 0; i-- {
		if p.sums(own, p.starts[i], p.now) {
			p.starts = p.starts[:i+1]
			p.begin()
			return
		}
	}
	if len(p.claims) < maxClaims {
		p.classify()
		c := claim{row: p.row, own: slices.Clone(own), from: slices.Clone(p.now)}
		for _, at := range p.place {
			for _, text := range at {
				if text >= 0 && datasets.SaysTotal(p.texts[text]) {
					c.label = strings.Clone(p.texts[text])
				}
			}
		}
		p.claims = append(p.claims, c)
	}
	p.begin()
}

// settle drops the totals that are the sums of the rows below them, down to the
// row at hand.
func (p *totalsProof) settle() {
	p.claims = slices.DeleteFunc(p.claims, func(c claim) bool { return p.sums(c.own, c.from, p.now) })
}

// begin lets sums begin at the row at hand.
func (p *totalsProof) begin() {
	if slices.Equal(p.starts[len(p.starts)-1], p.now) {
		return
	}
	if len(p.starts) == maxStarts {
		p.starts = slices.Delete(p.starts, 1, 2)
	}
	p.starts = append(p.starts, slices.Clone(p.now))
}

// sums reports whether all amounts of a total are those of the rows between two
// places.
func (p *totalsProof) sums(own []part, from, to []tally) bool {
	if p.tries++; p.tries > maxTries {
		return true // nothing is told that was not found out
	}
	for k := range own {
		if !own[k].has {
			continue
		}
		n := to[k].n - from[k].n
		if d := to[k].sum - from[k].sum - own[k].sum; n == 0 && own[k].sum != 0 || max(d, -d) > p.rounding(k, own[k].sum, n) {
			return false
		}
	}
	return true
}

// rounding is how much of a difference between n amounts and their sum rounding
// explains: of each to the last digit that is not zero in all its column, and of
// a sum without decimals to a whole unit; half a percent at most.
func (p *totalsProof) rounding(k int, sum Amount, n int64) Amount {
	d := float64(p.digit[k]) * (1 + math.Sqrt(float64(n)))
	if whole := newUnit(p.values[k].factor, p.scale, 0).mul; p.digit[k] < whole && sum%whole == 0 {
		d += float64(whole / 2)
	}
	const most = 0.005
	return Amount(min(d, max(math.Abs(float64(sum))*most, 1)))
}

// digits finds the last digit of each column that is not always zero.
func (p *totalsProof) digits(ctx context.Context, t *datasets.Table) error {
	for range p.values {
		p.digit = append(p.digit, largestDigit)
	}
	return p.rows(ctx, t, func(own []part) {
		for k := range own {
			for p.digit[k] > 1 && own[k].sum%p.digit[k] != 0 {
				p.digit[k] /= 10
			}
		}
	})
}
