package fiscal

import (
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// factorOf decides on what the amounts of a column are counted in.
func (c *compiler) factorOf(v *valueColumn, said, label string) bool {
	n, ok := factorOf(said)
	if !ok {
		c.say(-1, label, "budget.factor", said)
		return false
	}
	heading := c.unitOf(v.column)
	own := unitFactor(heading)
	if c.written == toman && datasets.CurrencyOf(heading) != toman {
		n *= tomanRials
	}
	switch {
	case said == "" && own > 1:
		c.say(-1, label, "budget.factor.unit", heading, own)
		n = own
	case said != "" && own > 1 && own != n:
		c.say(-1, label, "budget.factor.other", heading, said)
		return false
	}
	v.factor = n
	return true
}

// unitWords are the words of headings by what they count in.
var unitWords = []struct {
	word   string
	factor int64
}{
	{"هزار", 1e3},
	{"thousand", 1e3},
	{"thousands", 1e3},
	{"میلیون", 1e6},
	{"million", 1e6},
	{"millions", 1e6},
	{"میلیارد", 1e9},
	{"billion", 1e9},
	{"billions", 1e9},
	{"تومان", 10},
	{"toman", 10},
	{"tomans", 10},
}

// unitFactor is what a unit such as «میلیون ریال» counts in; 1 when it says nothing.
func unitFactor(heading string) int64 {
	n := int64(1)
	for _, t := range persian.Tokens(heading) {
		for _, u := range unitWords {
			if t.Text == persian.Fold(u.word) && n <= maxFactor/u.factor {
				n *= u.factor
			}
		}
	}
	return n
}

// unitOf is what the heading or the cells of a column say that it is counted in.
func (c *compiler) unitOf(column int) string {
	if column < 0 {
		return ""
	}
	return c.schema[column].Unit
}
