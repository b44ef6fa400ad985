package datasets

import (
	"math"
	"strconv"
)

// A style is how numbers are written. The zero style has a point before the
// decimals and no groups.
type style uint8

const (
	pointStyle      style = iota // 1234.5
	commaGroups                  // 1,234.5
	pointGroups                  // 1.234,5
	commaStyle                   // 1234,5
	spaceGroups                  // 1 234,5
	spacePointGroup              // 1 234.5
	styles
)

// A number is what the text of one cell is, read as a number.
type number struct {
	neg      bool
	digits   uint64 // all its digits, without sign, groups and point
	count    int    // of them, without leading zeros
	scale    int    // of them after the point
	sig      int    // of those, but for zeros at the end
	groups   int    // separators of thousands
	exponent bool   // it is in scientific notation: only its float is known
	overflow bool   // digits do not fit
}

// maxScale is the most digits after the point of a scaled integer.
const maxScale = 9

// maxNumber is the longest text that is read as a number.
const maxNumber = 400

// asciiDigits returns the text with ASCII digits and points for Persian and
// Arabic ones, and the ASCII minus for U+2212, written into buf where it
// differs. The second result says that it was Persian: its ٬ and ٫ leave no
// doubt. Text without such characters is returned as it is.
func asciiDigits(b, buf []byte) (text []byte, persian bool) {
	i := 0
	for i < len(b) && b[i] < 0x80 {
		i++
	}
	if i == len(b) || len(b) > maxNumber {
		return b, false
	}
	buf = append(buf[:0], b[:i]...)
	for i < len(b) {
		c := b[i]
		switch {
		case c == 0xDB && i+1 < len(b) && 0xB0 <= b[i+1] && b[i+1] <= 0xB9: // ۰ to ۹
			buf, i = append(buf, '0'+b[i+1]-0xB0), i+2
		case c == 0xD9 && i+1 < len(b) && 0xA0 <= b[i+1] && b[i+1] <= 0xA9: // ٠ to ٩
			buf, i = append(buf, '0'+b[i+1]-0xA0), i+2
		case c == 0xD9 && i+1 < len(b) && b[i+1] == 0xAB: // ٫
			buf, i, persian = append(buf, '.'), i+2, true
		case c == 0xD9 && i+1 < len(b) && b[i+1] == 0xAC: // ٬
			buf, i, persian = append(buf, ','), i+2, true
		case c == 0xE2 && i+2 < len(b) && b[i+1] == 0x88 && b[i+2] == 0x92: // −
			buf, i = append(buf, '-'), i+3
		case c == 0xE2 && i+2 < len(b) && b[i+1] == 0x80 && b[i+2] == 0xAF,
			c == 0xE2 && i+2 < len(b) && b[i+1] == 0x80 && b[i+2] == 0x89: // narrow spaces
			buf, i = append(buf, ' '), i+3
		case c == 0xC2 && i+1 < len(b) && b[i+1] == 0xA0:
			buf, i = append(buf, ' '), i+2
		case c == 0xE2 && i+2 < len(b) && b[i+1] == 0x80 && (b[i+2] == 0x8E || b[i+2] == 0x8F): // marks of direction
			i += 3
		default:
			buf, i = append(buf, c), i+1
		}
	}
	return buf, persian
}

// parseNumber reads b, which is trimmed and has ASCII digits, in a style. In one
// with groups a number needs none. Numbers with leading zeros, plus signs or groups that are not of three digits
// are none, nor is anything else that may be a code.
func parseNumber(b []byte, st style) (n number, ok bool) {
	i := 0
	if i < len(b) && b[i] == '-' {
		n.neg = true
		i++
	}
	if i == len(b) || len(b) > maxNumber {
		return n, false
	}
	group, point := st.separators()
	start, since := i, 0
	for ; i < len(b); i++ {
		c := b[i]
		if '0' <= c && c <= '9' {
			n.add(c)
			since++
			continue
		}
		if c != group || group == 0 {
			break
		}
		if since == 0 || since > 3 || n.groups > 0 && since != 3 {
			return n, false
		}
		n.groups, since = n.groups+1, 0
	}
	whole := i - start
	if n.groups > 0 && since != 3 {
		return n, false
	}
	if whole > 1 && b[start] == '0' {
		return n, false
	}
	if i < len(b) && b[i] == point {
		from := i + 1
		for i++; i < len(b) && '0' <= b[i] && b[i] <= '9'; i++ {
			n.add(b[i])
			if b[i] != '0' {
				n.sig = i + 1 - from
			}
		}
		n.scale = i - from
		if n.scale == 0 { // "5." may be the fifth
			return n, false
		}
	} else if whole == 0 {
		return n, false
	}
	if i < len(b) && st == pointStyle && (b[i] == 'e' || b[i] == 'E') {
		n.exponent = true
		return n, exponent(b[i+1:], n.scale > 0)
	}
	return n, i == len(b)
}

// separators returns the characters that part groups (0: none) and decimals.
func (st style) separators() (group, point byte) {
	switch st {
	case commaGroups:
		return ',', '.'
	case pointGroups:
		return '.', ','
	case commaStyle:
		return 0, ','
	case spaceGroups:
		return ' ', ','
	case spacePointGroup:
		return ' ', '.'
	default:
		return 0, '.'
	}
}

func (n *number) add(c byte) {
	if n.count > 0 || c != '0' {
		n.count++
	}
	if n.digits > (math.MaxUint64-9)/10 {
		n.overflow = true
		return
	}
	n.digits = n.digits*10 + uint64(c-'0')
}

// exponent reports whether b is the exponent of a number. Without decimals
// before it it must have a sign: 5E3 may be a code.
func exponent(b []byte, decimals bool) bool {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	} else if !decimals {
		return false
	}
	return len(b) <= 3 && allDigits(b)
}

// scaled returns n as an integer of the smallest unit of a scale, if it fits.
func (n *number) scaled(scale int) (int64, bool) {
	if n.overflow || n.exponent || n.sig > scale {
		return 0, false
	}
	u := n.digits
	for range n.scale - scale {
		u /= 10 // a zero
	}
	for range scale - n.scale {
		if u > math.MaxInt64/10 {
			return 0, false
		}
		u *= 10
	}
	switch {
	case u > math.MaxInt64:
		return 0, false
	case n.neg:
		return -int64(u), true
	}
	return int64(u), true
}

// float reads b, a number in a style, as the nearest float.
func (st style) float(b []byte) (float64, bool) {
	group, point := st.separators()
	var buf [64]byte
	text := buf[:0]
	for _, c := range b {
		switch {
		case c == group && group != 0:
		case c == point:
			text = append(text, '.')
		default:
			text = append(text, c)
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// nullMarks are the texts that stand for "no value" in columns that are
// otherwise of one type: there they become null and keep their text as source.
// In a column of text they are text. Runs of asterisks are marks too.
var nullMarks = map[string]bool{
	"na": true, "n/a": true, "#n/a": true, "n.a.": true, "null": true, "none": true, "nan": true, "nil": true,
	"-": true, "--": true, "---": true, "–": true, "—": true, ".": true, "..": true, "...": true, "…": true,
	"?": true, "#value!": true, "#div/0!": true, "#ref!": true, "#null!": true, "#num!": true, "#name?": true,
}

// nullMark reports whether b, which is trimmed, stands for no value.
func nullMark(b []byte) bool {
	if len(b) > 8 || len(b) == 0 {
		return len(b) > 0 && stars(b)
	}
	if c := b[0]; '0' <= c && c <= '9' {
		return false
	}
	var low [8]byte
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	return nullMarks[string(low[:len(b)])] || stars(b)
}

func stars(b []byte) bool {
	for _, c := range b {
		if c != '*' {
			return false
		}
	}
	return true
}

// A truth is a word of a pair that means true or false.
type truth struct {
	pair  uint16 // the bit of its pair
	value bool
}

// truths are the words of Boolean columns. 0 and 1 are numbers, t and f letters.
var truths = map[string]truth{
	"true": {1, true}, "false": {1, false},
	"yes": {2, true}, "no": {2 | 16, false},
	"بله": {4, true}, "بلی": {4, true}, "خیر": {4, false},
	"آری": {8, true}, "اری": {8, true}, "نه": {8 | 4, false},
	"sí": {16, true}, "si": {16, true}, "oui": {32, true}, "non": {32, false}, "ja": {64 | 128, true}, "nein": {64, false},
	"nee": {128, false}, "nej": {128, false}, "نعم": {256, true}, "لا": {256, false},
}

// parseTruth reads b, which is trimmed, as a word that means true or false.
func parseTruth(b []byte) (truth, bool) {
	if len(b) < 2 || len(b) > 8 {
		return truth{}, false
	}
	var low [8]byte
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	t, ok := truths[string(low[:len(b)])]
	return t, ok
}
