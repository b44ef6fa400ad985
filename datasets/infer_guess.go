package datasets

import (
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// What a column may still be.
type kinds uint8

const (
	numbers kinds = 1 << iota
	times
	truthValues
)

// A guess is what the cells of one column have shown so far.
type guess struct {
	kinds  kinds // what it may still be; none: text
	values int64 // cells with text that is no null mark
	marks  int64 // null marks
	stored int64 // values of which the file itself says the type

	styles   uint8 // the bits of the styles that fit all numbers
	scales   [styles]scaleRange
	grouped  [styles]int64 // numbers with groups
	loose    [styles]int64 // numbers without groups that could have some: 18010
	plain    int64         // numbers that are only digits
	round    int64         // numbers with one comma before three digits of which the last is 0
	parted   string        // the first number that may have groups or decimals: 1,234
	commas   [2]int64      // decimal commas that part no groups; of those, behind over three digits: no pair
	exponent bool
	digits   int  // the most digits before the point
	long     bool // some number has more digits than an integer holds
	width    int  // of the cells in digits, -1 when it differs or there is more than digits

	layouts layout // that fit all dates
	timed   int64  // values with a time
	zoned   int64  // values with a zone

	money  string // the currency beside amounts, of which there is one
	moneys int64  // amounts with it

	pairs  uint16 // of truth words that fit all
	truths [2]bool
}

// A scaleRange is how many digits stand after the point.
type scaleRange struct {
	min, max int
	sig      int // the most, not counting zeros at the end
	whole    int // the largest number, rounded away from zero and without its sign; only up to mostWhole
}

func newGuess() guess {
	g := guess{kinds: numbers | times | truthValues, styles: 1<<styles - 1, layouts: allLayouts, pairs: ^uint16(0)}
	for i := range g.scales {
		g.scales[i].min = maxNumber
	}
	return g
}

// cell takes note of one cell.
func (g *guess) cell(c *Cell) {
	if g.kinds == 0 {
		if len(c.Text) > 0 {
			g.values++
		}
		return
	}
	text := trim(c.Text)
	if len(text) == 0 {
		return
	}
	var buf [64]byte
	ascii, isPersian := asciiDigits(text, buf[:0])
	still := kinds(0)
	if g.kinds&numbers != 0 && (g.number(ascii, c.Kind, isPersian) || g.amount(ascii, c.Kind, isPersian)) {
		still |= numbers
	}
	if g.kinds&times != 0 && still == 0 && g.time(ascii, text) {
		still |= times
	}
	if g.kinds&truthValues != 0 && still == 0 && g.truth(text) {
		still |= truthValues
	}
	if still == 0 && c.Kind == CellText && nullMark(text) {
		g.marks++
		return
	}
	g.kinds &= still
	g.values++
	if c.Kind != CellText {
		g.stored++
	}
}

// amount takes note of a number with a currency beside it.
func (g *guess) amount(b []byte, kind CellKind, isPersian bool) bool {
	rest, unit := cutMoney(b)
	if unit == "" || g.money != "" && g.money != unit || kind != CellText || !g.number(rest, kind, isPersian) {
		return false
	}
	g.money = unit
	g.moneys++
	return true
}

// time takes note of a date or a date with a time.
func (g *guess) time(ascii, text []byte) bool {
	if len(ascii) < 8 {
		return false
	}
	date, at := cutTime(ascii)
	fits := dateLayouts(date, g.layouts)
	if fits == 0 && at == nil && len(text) != len(ascii) { // month names in Persian
		fits = dateLayouts(text, g.layouts)
	}
	if fits &= g.layouts; fits == 0 {
		return false
	}
	if at != nil {
		c, ok := parseClock(at)
		if !ok {
			return false
		}
		g.timed++
		if c.zoned {
			g.zoned++
		}
	}
	g.layouts = fits
	return true
}

func (g *guess) truth(b []byte) bool {
	t, ok := parseTruth(b)
	if !ok || g.pairs&t.pair == 0 {
		return false
	}
	g.pairs &= t.pair
	if t.value {
		g.truths[1] = true
	} else {
		g.truths[0] = true
	}
	return true
}

// decide returns the format of a column with the given heading.
func (g *guess) decide(label string, ev evidence) format {
	if g.values == 0 || g.marks > g.values && g.values < 2 {
		return format{}
	}
	switch {
	case g.kinds&numbers != 0 && g.moneys > 0:
		if g.moneys*2 < g.values { // the others may be of another currency
			return format{}
		}
		f := g.decideNumber(label, ev)
		f.money = g.money
		return f
	case g.kinds&numbers != 0:
		return g.decideNumber(label, ev)
	case g.kinds&times != 0:
		return g.decideTime()
	case g.kinds&truthValues != 0:
		if g.pairs&1 != 0 || g.truths[0] && g.truths[1] {
			return format{typ: Boolean}
		}
	}
	return format{}
}

// labelWords returns the words of a heading, folded; also those of
// camelCaseNames and snake_case_names.
func labelWords(label string) []string {
	var b strings.Builder
	prev := ' '
	for _, r := range label {
		if unicode.IsUpper(r) && unicode.IsLower(prev) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		prev = r
	}
	var words []string
	for _, t := range persian.Tokens(b.String()) {
		words = append(words, t.Text)
	}
	return words
}

func (g *guess) decideTime() format {
	f := format{typ: Date, layout: g.layouts}
	if g.layouts&(g.layouts-1) != 0 { // more than one: the fifth of November, or the eleventh of May
		return format{}
	}
	if g.timed == 0 {
		return f
	}
	if g.zoned != 0 && g.zoned != g.values {
		return format{}
	}
	f.typ, f.utc = DateTime, g.zoned > 0
	return f
}
