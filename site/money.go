package site

import (
	"math"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// A money writes amounts of one currency for the readers of one language.
type money struct {
	l        *locale
	currency string
	scale    int   // digits behind the point of its smallest unit
	people   int64 // amounts are shown by the head of so many; 0: as they are
	exact    bool  // to the last digit
}

// An amountCell is an amount on a page: in words, and exactly.
type amountCell struct {
	Text  string
	Exact string // empty where Text is exact
	Value string // for machines, in whole units
	None  bool
}

// cell writes an amount that may not be there.
func (m *money) cell(a *fiscal.Amount) amountCell {
	if a == nil {
		return amountCell{None: true}
	}
	c := amountCell{Text: m.words(*a), Value: m.plain(*a)}
	if e := m.digits(*a); e != c.Text {
		c.Exact = e + " " + m.unit()
	}
	return c
}

// fewest is the amount from which on words are used.
const fewest = 10_000

// words writes an amount in a few digits and a word.
func (m *money) words(a fiscal.Amount) string {
	whole := float64(a) / math.Pow10(m.scale)
	switch {
	case m.people > 0:
		return m.few(whole / float64(m.people))
	case m.exact, math.Abs(whole) < fewest:
		return m.digits(a)
	}
	return m.l.Compact(int64(math.Round(whole)))
}

func (m *money) few(f float64) string {
	const places = 2
	if math.Abs(f) >= fewest {
		return m.l.Compact(int64(math.Round(f)))
	}
	return m.l.Float(f, places)
}

// plain writes an amount in whole units with a point, as programs do.
func (m *money) plain(a fiscal.Amount) string {
	s := strconv.FormatInt(a, 10)
	if m.scale == 0 {
		return s
	}
	s, negative := strings.CutPrefix(s, "-")
	if short := m.scale + 1 - len(s); short > 0 {
		s = strings.Repeat("0", short) + s
	}
	s = s[:len(s)-m.scale] + "." + s[len(s)-m.scale:]
	if negative {
		return "-" + s
	}
	return s
}

// digits writes an amount to the last digit.
func (m *money) digits(a fiscal.Amount) string { return m.l.number(m.plain(a), true) }

// unit is what the currency is called.
func (m *money) unit() string {
	if key := "currency." + m.currency; m.l.texts[key].other != "" {
		return m.l.Text(key)
	}
	return m.currency
}

// float is an amount as charts draw it.
func (m *money) float(a fiscal.Amount) float64 {
	f := float64(a) / math.Pow10(m.scale)
	if m.people > 0 {
		f /= float64(m.people)
	}
	return f
}
