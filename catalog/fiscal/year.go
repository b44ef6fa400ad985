package fiscal

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// yearText is how a year is kept: as the table writes it, in ASCII digits.
func yearText(s string) string {
	s = strings.TrimSpace(persian.ASCIIDigits(s))
	for _, mark := range []string{"FY", "fy", "سال"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, mark))
	}
	if len(s) == 7 || len(s) == 9 { // 2014/15 as 2014-15
		s = strings.Replace(s, "/", "-", 1)
		s = strings.Replace(s, "–", "-", 1)
	}
	return s
}

// transitionQuarter is the quarter between the fiscal years 1976 and 1977 of the
// United States.
const transitionQuarter = "TQ"

// isYear reports whether a text, as of yearText, is a fiscal year.
func isYear(s string) bool {
	if s == transitionQuarter {
		return true
	}
	from, to, split := strings.Cut(s, "-")
	return plainYear(from) > 0 && (!split || untilYear(plainYear(from), to) > plainYear(from))
}

// plainYear is a year of four digits, 0 for what is none.
func plainYear(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || len(s) != 4 || n < 1200 || n > 2199 || n >= 1500 && n < 1800 {
		return 0
	}
	return n
}

// untilYear is the second year of 2014-15 or 2014-2020.
func untilYear(from int, to string) int {
	if len(to) == 2 {
		n, err := strconv.Atoi(to)
		if err != nil || n != (from+1)%100 {
			return 0
		}
		return from + 1
	}
	return plainYear(to)
}

// yearSpan returns a fiscal year as its first and last day. Years below 1500 are
// of the solar Hijri calendar. starts is the month and day on which the years
// begin, "01-01" when empty, and named whether they are called by the year in
// which they end. A year over two (2014-15) has no days without starts.
func yearSpan(year, starts string, byEnd bool) (first, last string) {
	if year == transitionQuarter {
		return "1976-07-01", "1976-09-30"
	}
	from, rest, split := strings.Cut(year, "-")
	y := plainYear(from)
	if y == 0 || split && untilYear(y, rest) == 0 {
		return "", ""
	}
	end := y
	if split {
		end = untilYear(y, rest)
	}
	if y < 1500 {
		return jalaliSpan(y, end)
	}
	if split && end == y+1 && starts == "" {
		return "", ""
	}
	if starts == "" {
		return fmt.Sprintf("%04d-01-01", y), fmt.Sprintf("%04d-12-31", end)
	}
	if split && end == y+1 { // one year over two
		end = y
	}
	if byEnd {
		y, end = y-1, end-1
	}
	a, err1 := time.Parse(time.DateOnly, fmt.Sprintf("%04d-%s", y, starts))
	b, err2 := time.Parse(time.DateOnly, fmt.Sprintf("%04d-%s", end+1, starts))
	if err1 != nil || err2 != nil {
		return "", ""
	}
	return a.Format(time.DateOnly), b.AddDate(0, 0, -1).Format(time.DateOnly)
}

func jalaliSpan(from, to int) (first, last string) {
	a, err1 := persian.Date{Y: from, M: 1, D: 1}.Days()
	b, err2 := persian.Date{Y: to + 1, M: 1, D: 1}.Days()
	if err1 != nil || err2 != nil {
		return "", ""
	}
	return string(datasets.AppendDate(nil, a)), string(datasets.AppendDate(nil, b-1))
}
