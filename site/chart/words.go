package chart

import (
	"math"
	"strings"
	"unicode"
)

// steps are the words for large numbers, the largest first.
var steps = []struct {
	size float64
	key  string
}{{1e12, "compact.trillion"}, {1e9, "compact.billion"}, {1e6, "compact.million"}, {1e3, "compact.thousand"}}

// smallest is where words for large numbers begin, largest where they end.
const (
	smallest = 10_000
	largest  = 1e21
	tiny     = 1e-6
)

// power writes a number that no words are used for.
func power(n Numbers, f float64) string {
	e := math.Floor(math.Log10(math.Abs(f)))
	return n.Float(f/math.Pow(10, e), 2) + "·10^" + n.Plain(int64(e))
}

// Compact writes a figure so short that it fits beside its mark: three digits
// or so and a word.
func Compact(n Numbers, f float64) string {
	a := math.Abs(f)
	if a > 0 && a < tiny {
		return power(n, f)
	}
	if a < smallest {
		return n.Float(f, digitsFor(a))
	}
	if a >= largest {
		return power(n, f)
	}
	for _, s := range steps {
		if a >= s.size {
			return n.Text(s.key, "x", n.Float(f/s.size, digitsFor(a/s.size)))
		}
	}
	return n.Float(f, 0)
}

// digitsFor is how many digits after the point leave three in all.
func digitsFor(a float64) int {
	const three, most = 2, 6
	if a == 0 || a >= 100 {
		return 0
	}
	return min(max(three-int(math.Floor(math.Log10(a))), 0), most)
}

// tick writes a value of an axis whose ticks are step apart.
func tick(n Numbers, f, step, most float64) string {
	if f == 0 {
		return n.Float(0, 0)
	}
	if a := math.Abs(f); a >= largest || most < smallest && a < tiny {
		return power(n, f)
	}
	if most >= smallest {
		for _, s := range steps {
			if math.Abs(f) >= s.size {
				return n.Text(s.key, "x", n.Float(f/s.size, places(step/s.size)))
			}
		}
	}
	return n.Float(f, places(step))
}

// places is how many digits after the point a multiple of step needs.
func places(step float64) int {
	const most = 9
	for p := range most {
		scaled := step * math.Pow10(p)
		if math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			return p
		}
	}
	return most
}

// Marks of direction: what stands after the first two reads as a line of
// Persian or English, and a name of the data stands between the other two.
const (
	rightToLeft = "\u200f"
	leftToRight = "\u200e"
	isolate     = "\u2068"
	endIsolate  = "\u2069"
)

// own makes a text that the chart puts together read in its language, whatever
// letters it begins with.
func (c *Chart) own(text string) string {
	if c.rtl() {
		return rightToLeft + text
	}
	return leftToRight + text
}

// Width estimates how wide a text of a size is in pixels. It is rather too wide than
// too narrow: the font is the reader's.
func Width(text string, size float64) float64 {
	w := 0.0
	for _, r := range text {
		w += letterWidth(r)
	}
	return w * size
}

func letterWidth(r rune) float64 {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Cf):
		return 0
	case r == ' ' || strings.ContainsRune(".,:;'|()[]،٫٬", r):
		return 0.36
	case strings.ContainsRune("ijlftrI", r), strings.ContainsRune("ارزژدذوآا", r):
		return 0.42
	case strings.ContainsRune("mwMW%٪—…", r), strings.ContainsRune("صضسش", r):
		return 0.95
	case unicode.IsUpper(r):
		return 0.7
	case unicode.Is(unicode.Arabic, r) && !unicode.IsDigit(r):
		return 0.54
	case r >= 0x2500 && r < 0x2e80: // shapes and stars
		return 0.95
	case r >= 0x2e80: // ideographs
		return 1.05
	default:
		return 0.61
	}
}

// fit cuts text with an ellipsis so that it is not wider than width.
func fit(text string, size, width float64) string {
	if Width(text, size) <= width {
		return text
	}
	room := width/size - letterWidth('…')
	for i, r := range text {
		if room -= letterWidth(r); room < 0 {
			return strings.TrimRightFunc(text[:i], unicode.IsSpace) + "…"
		}
	}
	return text
}

// Wrap breaks a text of a size into lines of at most width pixels; the last of most lines is cut.
func Wrap(text string, size, width float64, most int) []string {
	var lines []string
	line := ""
	words := strings.Fields(text)
	for i, word := range words {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if line == "" || Width(longer, size) <= width {
			line = longer
			continue
		}
		if len(lines) == most-1 {
			return append(lines, fit(line+" "+strings.Join(words[i:], " "), size, width))
		}
		lines, line = append(lines, fit(line, size, width)), word
	}
	if line != "" {
		lines = append(lines, fit(line, size, width))
	}
	return lines
}
