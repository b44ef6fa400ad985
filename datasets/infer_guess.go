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
	commas   [2]int64      // decimal commas that part no groups; of those, behind over three digits: no pair
	exponent bool
	digits   int  // the most digits before the point
	long     bool // some number has more digits than an integer holds
	width    int  // of the cells in digits, -1 when it differs or there is more than digits

	layouts layout // that fit all dates
	timed   int64  // values with a time
	zoned   int64  // values with a zone

	pairs  uint16 // of truth words that fit all
	truths [2]bool
}

// A scaleRange is how many digits stand after the point.
type scaleRange struct {
	min, max int
	sig      int // the most, not counting zeros at the end
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
	if g.kinds&numbers != 0 && g.number(ascii, c.Kind, isPersian) {
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

// number takes note of a number; it reports whether b is one in a style that
// fits all so far.
func (g *guess) number(b []byte, kind CellKind, isPersian bool) bool {
	if c := b[0]; (c < '0' || c > '9') && c != '-' && c != '.' && c != ',' {
		return false
	}
	fits := g.styles
	switch {
	case kind == CellDate:
		return false
	case kind == CellNumber:
		fits &= 1 << pointStyle
	case isPersian:
		fits &= 1<<pointStyle | 1<<commaGroups
	}
	digits := -1
	for st := range styles {
		if fits>>st&1 == 0 {
			continue
		}
		n, ok := parseNumber(b, st)
		if !ok {
			fits &^= 1 << st
			continue
		}
		g.scales[st].min = min(g.scales[st].min, n.scale)
		g.scales[st].max = max(g.scales[st].max, n.scale)
		g.scales[st].sig = max(g.scales[st].sig, n.sig)
		if n.groups > 0 {
			g.grouped[st]++
		}
		if st == commaStyle && n.scale > 0 {
			g.decimalComma(b, &n)
		}
		g.exponent = g.exponent || n.exponent
		digits = max(digits, n.count-n.scale)
		g.long = g.long || n.overflow
	}
	if fits == 0 {
		return false
	}
	g.styles = fits
	g.digits = max(g.digits, digits)
	g.widths(b)
	return true
}

// decimalComma takes note of a number with a comma that may be of decimals.
func (g *guess) decimalComma(b []byte, n *number) {
	if _, ok := parseNumber(b, commaGroups); ok {
		return
	}
	g.commas[0]++
	if n.count-n.scale > 3 {
		g.commas[1]++
	}
}

func (g *guess) widths(b []byte) {
	switch {
	case !allDigits(b):
		g.width = -1
	case g.width == 0:
		g.width = len(b)
	case g.width != len(b):
		g.width = -1
	}
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

// Evidence is what a file shows about its numbers as a whole, for columns that
// could be read in two ways.
type evidence struct {
	commas        bool // commas part its cells
	point, dotted bool // some column proves the decimal point, or groups by points or a decimal comma
}

// add takes the evidence of one column, of which the numbers have one reading.
func (ev *evidence) add(g *guess) {
	if g.kinds&numbers == 0 || g.values < 2 || g.stored > 0 {
		return
	}
	if g.fits(pointStyle) {
		ev.point = ev.point || g.scales[pointStyle].max > 0 && (!g.fits(pointGroups) || g.grouped[pointGroups] == 0)
		return
	}
	ev.point = ev.point || g.fits(commaGroups) && !g.fits(commaStyle)
	ev.dotted = ev.dotted || g.fits(pointGroups) && g.grouped[pointGroups] > 0 || g.fits(commaStyle) && g.provesComma(*ev)
}

// fits reports whether all numbers are of a style.
func (g *guess) fits(st style) bool { return g.styles>>st&1 == 1 }

// provesComma reports whether commas before decimals can be nothing else:
// between commas, 1,5 may be two numbers.
func (g *guess) provesComma(ev evidence) bool {
	return g.commas[0] > 0 && !ev.commas || g.commas[1] > 0
}

// numberStyle returns the one style in which all numbers are read, if there is
// one and no other reading.
func (g *guess) numberStyle(ev evidence) (style, bool) {
	pointDecimals := ev.point && !ev.dotted
	pointGroup := ev.dotted && !ev.point
	switch {
	case g.fits(pointStyle):
		if !g.fits(pointGroups) || g.grouped[pointGroups] == 0 || pointDecimals {
			return pointStyle, true
		}
		return pointGroups, pointGroup // 1.234: one and a bit, or a thousand
	case g.fits(commaGroups):
		if !g.fits(commaStyle) || pointDecimals || ev.commas && !pointGroup {
			return commaGroups, true
		}
		return commaStyle, pointGroup
	case g.fits(commaStyle):
		return commaStyle, g.provesComma(ev) || pointGroup
	case g.fits(pointGroups):
		return pointGroups, true
	case g.fits(spaceGroups):
		return spaceGroups, g.grouped[spaceGroups] > 1
	case g.fits(spacePointGroup):
		return spacePointGroup, g.grouped[spacePointGroup] > 1
	}
	return 0, false
}

// decide returns the format of a column with the given heading.
func (g *guess) decide(label string, ev evidence) format {
	if g.values == 0 || g.marks > g.values && g.values < 2 {
		return format{}
	}
	switch {
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

// codeDigits is from how many digits on a whole number is a code: no double
// keeps so many.
const codeDigits = 16

func (g *guess) decideNumber(label string, ev evidence) format {
	st, ok := g.numberStyle(ev)
	if !ok || g.stored == 0 && g.isCode(label) {
		return format{}
	}
	scale := g.scales[st].max
	if scale > maxScale { // 54.89111000000 needs fewer
		scale = max(g.scales[st].sig, 1)
	}
	switch {
	case g.digits >= codeDigits && !g.exponent:
		return format{}
	case g.exponent || g.long || scale > maxScale || g.digits+scale > 18:
		return format{typ: Decimal, style: st, float: true}
	case scale == 0:
		return format{typ: Integer, style: st}
	}
	return format{typ: Decimal, style: st, scale: scale}
}

// isCode reports whether numbers under the heading are codes: whole ones of
// one length, of any length under a heading for phones and the like, and those
// with a point under a heading that ends in a word for codes.
func (g *guess) isCode(label string) bool {
	words := labelWords(label)
	if g.scales[pointStyle].max > 0 {
		return len(words) > 0 && codeWords[words[len(words)-1]] && g.styles&(1<<pointStyle) != 0
	}
	for _, w := range words {
		if numberWords[w] || g.width >= 3 && codeWords[w] {
			return true
		}
	}
	return false
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
