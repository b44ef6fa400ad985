package datasets

import (
	"bytes"
	"slices"
	"strings"
)

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
	one, same := oneReading(b, fits)
	for st := range styles {
		if fits>>st&1 == 0 {
			continue
		}
		n, ok := one, same
		if !same {
			n, ok = parseNumber(b, st)
		}
		if !ok {
			fits &^= 1 << st
			continue
		}
		g.scales[st].min = min(g.scales[st].min, n.scale)
		g.scales[st].max = max(g.scales[st].max, n.scale)
		g.scales[st].sig = max(g.scales[st].sig, n.sig)
		if st == pointStyle || st == commaStyle {
			g.scales[st].whole = max(g.scales[st].whole, n.whole())
		}
		if n.groups > 0 {
			g.grouped[st]++
		} else if n.count-n.scale > 3 {
			g.loose[st]++
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
	g.parts(b)
	g.digits = max(g.digits, digits)
	g.widths(b)
	return true
}

// oneReading reads b where it is the same number in all of the styles: digits
// alone, or with a point that can be before decimals only. Most numbers are.
func oneReading(b []byte, fits uint8) (n number, same bool) {
	point := false
	for _, c := range b {
		switch {
		case '0' <= c && c <= '9':
		case c == '.' && !point && fits&^(1<<pointStyle|1<<commaGroups|1<<spacePointGroup) == 0:
			point = true
		default:
			return n, false
		}
	}
	return parseNumber(b, pointStyle)
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

// parts takes note of a number that may have a group of thousands or three
// decimals, and of those by which that may be decided.
func (g *guess) parts(b []byte) {
	switch {
	case !bytes.ContainsAny(b, ",. "):
		g.plain++
	case g.fits(commaGroups) && g.fits(commaStyle), g.fits(pointGroups) && g.fits(pointStyle):
		if b[len(b)-1] == '0' {
			g.round++
		}
		if g.parted == "" {
			g.parted = string(b)
		}
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

// decimalPoints reports whether the file is one of decimal points.
func (ev evidence) decimalPoints() bool { return ev.point && !ev.dotted }

// groupsByPoints reports whether the file is one of decimal commas.
func (ev evidence) groupsByPoints() bool { return ev.dotted && !ev.point }

// fits reports whether all numbers are of a style.
func (g *guess) fits(st style) bool { return g.styles>>st&1 == 1 }

// provesComma reports whether commas before decimals can be nothing else:
// between commas, 1,5 may be two numbers.
func (g *guess) provesComma(ev evidence) bool {
	return g.commas[0] > 0 && !ev.commas || g.commas[1] > 0
}

// A proof is what shows how the numbers of a column are to be read.
type proof uint8

const (
	noProof   proof = iota // they are in no style, or in two of which none is shown to be theirs
	byStyle                // no other style fits
	byColumn               // another one fits each of them, but not all together
	byFile                 // other columns show it, or the delimiter
	byHeading              // it says that they are degrees, which they can be only so
)

// numberStyle returns the style in which all numbers are read, and what shows
// it. Where nothing does, it is the likelier one of two.
func (g *guess) numberStyle(ev evidence) (style, proof) {
	switch {
	case g.fits(pointStyle):
		return g.pointNumbers(ev)
	case g.fits(commaGroups):
		return g.commaNumbers(ev)
	case g.fits(commaStyle):
		if g.provesComma(ev) || ev.groupsByPoints() {
			return commaStyle, byStyle
		}
	case g.fits(pointGroups):
		return pointGroups, byStyle
	case g.fits(spaceGroups) && g.grouped[spaceGroups] > 1:
		return spaceGroups, byStyle
	case g.fits(spacePointGroup) && g.grouped[spacePointGroup] > 1:
		return spacePointGroup, byStyle
	}
	return 0, noProof
}

// pointNumbers decides on numbers that all may have decimal points. 1.234 is
// one and a bit where numbers such as 18010 stand beside it without a point:
// programs write decimals so, and nobody groups only some.
func (g *guess) pointNumbers(ev evidence) (style, proof) {
	switch {
	case !g.fits(pointGroups) || g.grouped[pointGroups] == 0:
		return pointStyle, byStyle
	case ev.decimalPoints():
		return pointStyle, byFile
	case ev.groupsByPoints():
		return pointGroups, byFile
	case g.loose[pointGroups] > 0:
		return pointStyle, byColumn
	}
	return pointStyle, noProof
}

// commaNumbers decides on numbers that all may be grouped by commas. Where
// each of them also may be one of three decimals, it is a thousand if numbers
// of four digits and more stand beside it without a comma; or if numbers
// without decimals show that three are not always written, and one that ends
// in 0 shows that zeros at the end are.
func (g *guess) commaNumbers(ev evidence) (style, proof) {
	switch {
	case !g.fits(commaStyle):
		return commaGroups, byStyle
	case ev.groupsByPoints():
		return commaStyle, byFile
	case ev.decimalPoints() || ev.commas:
		return commaGroups, byFile
	case g.loose[commaGroups] > 0 || g.plain > 0 && g.round > 0:
		return commaGroups, byColumn
	}
	return commaGroups, noProof
}

// A Reading tells of numbers that could be read in two ways.
type Reading struct {
	Written string   `json:"written"`      // one of them, as the source writes it: "1,234"
	Values  []string `json:"values"`       // what it may be: "1234", "1.234"; the first is how it was read
	By      string   `json:"by,omitempty"` // what decided: "column", "file" or "heading"; empty: nothing, and the column is text
}

// reading tells of the numbers if they could be read in two ways.
func (g *guess) reading(st style, by proof) *Reading {
	if g.parted == "" || by == byStyle {
		return nil
	}
	r := &Reading{Written: g.parted, By: map[proof]string{byColumn: "column", byFile: "file", byHeading: "heading"}[by]}
	for _, other := range []style{st, pointStyle, commaGroups, commaStyle, pointGroups} {
		if n, ok := parseNumber([]byte(g.parted), other); ok && len(r.Values) < 2 {
			value := string(AppendDecimal(nil, int64(n.digits), n.scale, true)) //nolint:gosec // at most six digits
			if n.neg {
				value = "-" + value
			}
			if !slices.Contains(r.Values, value) {
				r.Values = append(r.Values, value)
			}
		}
	}
	return r
}

// tellReadings puts into the profile of the table how its numbers were read.
func (s *Sheet) tellReadings(profile []ColumnProfile) {
	for i := range min(len(s.columns), len(profile)) {
		profile[i].Reading = s.columns[i].reading
	}
}

// codeDigits is from how many digits on a whole number is a code: no double
// keeps so many.
const codeDigits = 16

// mostWhole stands for all numbers that are too large for degrees.
const mostWhole = 1000

// whole is the number without its sign, rounded away from zero, at most mostWhole.
func (n *number) whole() int {
	if n.count-n.scale > 3 || n.overflow || n.exponent {
		return mostWhole
	}
	part := uint64(1)
	for range n.scale {
		part *= 10
	}
	return int((n.digits + part - 1) / part) //nolint:gosec // at most mostWhole
}

// degrees returns the style in which numbers under a heading of coordinates can
// be degrees, where they are not shown to be of another one: 35.611 is no
// 35611. x and y may be other things, so they say the least.
func (g *guess) degrees(label string, by proof) (style, bool) {
	axis := AxisOf(label)
	if axis == NoAxis || by == byStyle || by != noProof && len(strings.TrimSpace(label)) == 1 {
		return 0, false
	}
	for _, st := range []style{pointStyle, commaStyle} {
		if g.fits(st) && g.scales[st].max > 0 && float64(g.scales[st].whole) <= axis.Most() {
			return st, true
		}
	}
	return 0, false
}

func (g *guess) decideNumber(label string, ev evidence) format {
	st, by := g.numberStyle(ev)
	if degrees, ok := g.degrees(label, by); ok {
		st, by = degrees, byHeading
	}
	if g.stored == 0 && g.isCode(label) {
		return format{}
	}
	reading := g.reading(st, by)
	if by == noProof {
		return format{reading: reading}
	}
	scale := g.scales[st].max
	if scale > maxScale { // 54.89111000000 needs fewer
		scale = max(g.scales[st].sig, 1)
	}
	switch {
	case g.digits >= codeDigits && !g.exponent:
		return format{}
	case g.exponent || g.long || scale > maxScale || g.digits+scale > 18:
		return format{typ: Decimal, style: st, float: true, reading: reading}
	case scale == 0:
		return format{typ: Integer, style: st, reading: reading}
	}
	return format{typ: Decimal, style: st, scale: scale, reading: reading}
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
