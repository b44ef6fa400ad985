package datasets

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A valueSpan is what the text of a filter stands for: the physical values from lo
// to hi, both included; none where hi is below lo, as for 1.5 among integers,
// which lies between two values.
type valueSpan struct{ lo, hi any }

// parseSpan reads the value of a filter for a column. The error is a sentence.
func parseSpan(c *Column, text string) (valueSpan, error) {
	if c.Type == Text {
		return valueSpan{text, text}, nil
	}
	s := strings.TrimSpace(persian.ASCIIDigits(text))
	if c.Numeric() {
		s = bareNumber(s)
	}
	switch {
	case c.Type == Decimal && c.Float:
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(x) {
			return valueSpan{}, badValue("number", "%q is no number", text)
		}
		return valueSpan{x, x}, nil
	case c.Numeric():
		lo, hi, err := parseScaled(s, c.Scale)
		if err != nil {
			return valueSpan{}, scaledError(text, err)
		}
		return valueSpan{lo, hi}, nil
	case c.Type == Boolean:
		switch strings.ToLower(s) {
		case "true", "1":
			return valueSpan{int64(1), int64(1)}, nil
		case "false", "0":
			return valueSpan{int64(0), int64(0)}, nil
		}
		return valueSpan{}, badValue("boolean", "%q is neither true nor false", text)
	default:
		lo, hi, err := parseTime(c, s)
		if err != nil {
			return valueSpan{}, badValue("time", "%q is no %s; write 2024-08-03, 2024-08 or 2024, or a Jalali day as 1403/05/13", text, c.Type)
		}
		return valueSpan{lo, hi}, nil
	}
}

// thousands are the marks that part the thousands of a number.
var thousands = [...]string{"٬", ",", "،", "\u00a0", "\u202f", "'"}

// bareNumber returns a number with ASCII digits as a machine writes it: with a
// point for the Persian mark, without marks between groups of three digits.
func bareNumber(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "٫", "."), "−", "-")
	for _, mark := range thousands {
		groups := strings.Split(s, mark)
		if len(groups) < 2 || strings.Contains(strings.Join(groups[:len(groups)-1], ""), ".") {
			continue
		}
		first := strings.TrimLeft(groups[0], "+-")
		right := first != "" && len(first) <= 3
		for i, group := range groups[1:] {
			if i == len(groups)-2 {
				group, _, _ = strings.Cut(group, ".")
			}
			right = right && len(group) == 3
		}
		if right {
			return strings.Join(groups, "")
		}
	}
	return s
}

// What a number can be that is none of a column.
var (
	errNoNumber = errors.New("is no number")
	errTooLarge = errors.New("is larger than any value of the column can be")
)

// scaledError says what is wrong with a number.
func scaledError(text string, err error) error {
	if errors.Is(err, errTooLarge) {
		return badValue("large", "%q is larger than any value of the column can be", text)
	}
	return badValue("number", "%q is no number", text)
}

// parseScaled reads a decimal number as an integer of 10^-scale. One with more
// digits lies between two: then hi is lo - 1.
func parseScaled(s string, scale int) (lo, hi int64, err error) {
	sign := strings.HasPrefix(s, "-")
	whole, part, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	digits := whole + part
	if digits == "" || strings.Trim(digits, "0123456789") != "" || len(s)-len(strings.TrimLeft(s, "+-")) > 1 {
		return 0, 0, errNoNumber
	}
	rest := ""
	if len(part) > scale {
		part, rest = part[:scale], strings.Trim(part[scale:], "0")
	}
	text := whole + part + strings.Repeat("0", scale-len(part))
	if sign {
		text = "-" + text
	}
	if text == "" || text == "-" {
		text += "0"
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || rest != "" && (n == math.MaxInt64 || n == math.MinInt64):
		return 0, 0, errTooLarge
	case rest == "":
		return n, n, nil
	case sign:
		return n, n - 1, nil
	default:
		return n + 1, n, nil
	}
}

// timeForms is how a filter may name a time, and how long what it names lasts.
var timeForms = []struct {
	layout       string
	years, month int
	length       time.Duration // when neither of the two
}{
	{"2006", 1, 0, 0},
	{"2006-01", 0, 1, 0},
	{"2006-01-02", 0, 0, 24 * time.Hour},
	{"2006-01-02T15:04", 0, 0, time.Minute},
	{"2006-01-02T15:04:05", 0, 0, time.Microsecond},
	{"2006-01-02T15:04Z07:00", 0, 0, time.Minute},
	{"2006-01-02T15:04:05Z07:00", 0, 0, time.Microsecond},
}

// parseTime reads a day, month, year or moment as days of a Date column or
// microseconds of a DateTime column: its first and its last.
func parseTime(c *Column, s string) (lo, hi int64, err error) {
	if c.Type == DateTime {
		s = strings.Replace(s, " ", "T", 1)
	}
	from, to, err := parseMoment(s)
	if err != nil {
		return 0, 0, err
	}
	if c.Type == DateTime {
		return from.UnixMicro(), to.UnixMicro() - 1, nil
	}
	if to.Sub(from) < 24*time.Hour {
		return 0, 0, errors.New("a moment is no day")
	}
	return floorDiv(from.Unix(), secondsPerDay), floorDiv(to.Unix(), secondsPerDay) - 1, nil
}

func parseMoment(s string) (from, to time.Time, err error) {
	if from, to, ok := parseJalali(s); ok {
		return from, to, nil
	}
	for _, form := range timeForms {
		t, err := time.Parse(form.layout, s)
		if err != nil {
			continue
		}
		if form.length == 0 {
			return t, t.AddDate(form.years, form.month, 0), nil
		}
		return t, t.Add(form.length), nil
	}
	return from, to, errors.New("no time")
}

// firstGregorian is the year from which on a number is a Gregorian year.
const firstGregorian = 1600

// parseJalali reads a Jalali day, as persian.Parse does, month (1403-05) or year.
func parseJalali(s string) (from, to time.Time, ok bool) {
	if d, err := persian.Parse(s); err == nil && d.Y < firstGregorian {
		from, ok = jalaliDay(d)
		return from, from.AddDate(0, 0, 1), ok
	}
	y, m, month := strings.Cut(strings.ReplaceAll(s, "/", "-"), "-")
	first := persian.Date{M: 1, D: 1}
	var err error
	if first.Y, err = strconv.Atoi(y); err != nil || first.Y < 1000 || first.Y >= firstGregorian {
		return from, to, false
	}
	after := persian.Date{Y: first.Y + 1, M: 1, D: 1}
	if month {
		if first.M, err = strconv.Atoi(m); err != nil {
			return from, to, false
		}
		if first.M < 12 {
			after = persian.Date{Y: first.Y, M: first.M + 1, D: 1}
		}
	}
	from, ok = jalaliDay(first)
	to, valid := jalaliDay(after)
	return from, to, ok && valid
}

func jalaliDay(d persian.Date) (time.Time, bool) {
	day, err := d.Days()
	return time.Unix(day*secondsPerDay, 0).UTC(), err == nil
}
