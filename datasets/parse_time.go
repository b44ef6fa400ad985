package datasets

import (
	"bytes"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A layout is how a date is written. A column has one.
type layout uint8

const (
	isoLayout    layout = 1 << iota // 2026-11-22, 2026/11/22
	dmyLayout                       // 22/11/2026, 22.11.2026, 22-11-2026
	mdyLayout                       // 11/22/2026
	jalaliLayout                    // 1405/09/01, 1 آذر 1405
	namedLayout                     // 22 Nov 2026, 22-Nov-2026, November 22, 2026
	allLayouts   = isoLayout | dmyLayout | mdyLayout | jalaliLayout | namedLayout
)

// layoutNames are the layouts as Column.Layout has them.
var layoutNames = map[layout]string{
	isoLayout: "iso", dmyLayout: "dmy", mdyLayout: "mdy", jalaliLayout: "jalali", namedLayout: "named",
}

func layoutNamed(name string) layout {
	for l, n := range layoutNames {
		if n == name {
			return l
		}
	}
	return isoLayout
}

// Years that a y/m/d date has in the Jalali calendar. No register holds
// Gregorian dates of the middle ages.
const (
	firstJalaliYear = 1200
	lastJalaliYear  = 1500
)

// dateLayouts returns the layouts in which b, trimmed and with ASCII digits,
// is a date; 0 if there is none. hint are the layouts that are still asked for.
func dateLayouts(b []byte, hint layout) layout {
	if len(b) < 8 || len(b) > 40 {
		return 0
	}
	if '0' <= b[0] && b[0] <= '9' {
		if p, ok := cutDate(b); ok {
			return p.layouts()
		}
	}
	var fits layout
	if hint&namedLayout != 0 {
		if _, ok := namedDay(b); ok {
			fits |= namedLayout
		}
	}
	if hint&jalaliLayout != 0 && bytes.IndexByte(b, ' ') > 0 {
		if d, err := persian.Parse(string(b)); err == nil && firstJalaliYear <= d.Y && d.Y <= lastJalaliYear {
			fits |= jalaliLayout
		}
	}
	return fits
}

// dateParts are the three numbers of a date.
type dateParts struct {
	a, b, c   int
	yearFirst bool
}

// cutDate cuts a date of three numbers with one sign between them, of which
// the first or the last has four digits.
func cutDate(s []byte) (p dateParts, ok bool) {
	var n [3]int
	var width [3]int
	sep := byte(0)
	at := 0
	for _, c := range s {
		switch {
		case '0' <= c && c <= '9':
			if width[at]++; width[at] > 4 {
				return p, false
			}
			n[at] = n[at]*10 + int(c-'0')
		case (c == '-' || c == '/' || c == '.') && (sep == 0 || sep == c) && at < 2 && width[at] > 0:
			sep = c
			at++
		default:
			return p, false
		}
	}
	if at != 2 || width[1] == 0 || width[1] > 2 {
		return p, false
	}
	p = dateParts{n[0], n[1], n[2], width[0] == 4}
	if p.yearFirst {
		return p, 1 <= width[2] && width[2] <= 2
	}
	return p, width[2] == 4 && width[0] <= 2
}

// layouts returns the layouts in which the three numbers are a day.
func (p dateParts) layouts() layout {
	var fits layout
	if p.yearFirst {
		if firstJalaliYear <= p.a && p.a <= lastJalaliYear {
			if (persian.Date{Y: p.a, M: p.b, D: p.c}).Valid() {
				return jalaliLayout
			}
			return 0
		}
		if gregorian(p.a, p.b, p.c) {
			fits = isoLayout
		}
		return fits
	}
	if gregorian(p.c, p.b, p.a) {
		fits |= dmyLayout
	}
	if gregorian(p.c, p.a, p.b) {
		fits |= mdyLayout
	}
	return fits
}

var monthLengths = [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// gregorian reports whether there is such a day, after the year 1500.
func gregorian(y, m, d int) bool {
	if y <= lastJalaliYear || m < 1 || m > 12 || d < 1 || d > monthLengths[m-1] {
		return false
	}
	return m != 2 || d < 29 || y%4 == 0 && (y%100 != 0 || y%400 == 0)
}

// days returns the days from 1970-01-01 to a Gregorian day.
func days(y, m, d int) int64 {
	// Shift the year to start in March, and count in cycles of 400 years.
	if m <= 2 {
		y--
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int64(era)*146097 + int64(doe) - 719468
}

// parseDate reads b, trimmed and with ASCII digits, in a layout, and returns
// the days since 1970-01-01.
func parseDate(b []byte, l layout) (int64, bool) {
	if l == namedLayout {
		return namedDay(b)
	}
	p, ok := cutDate(b)
	if ok && p.layouts()&l == 0 {
		return 0, false
	}
	switch {
	case !ok && l != jalaliLayout:
		return 0, false
	case !ok:
		d, err := persian.Parse(string(b))
		if err != nil {
			return 0, false
		}
		n, err := d.Days()
		return n, err == nil
	case l == jalaliLayout:
		n, err := persian.Date{Y: p.a, M: p.b, D: p.c}.Days()
		return n, err == nil
	case l == dmyLayout:
		return days(p.c, p.b, p.a), true
	case l == mdyLayout:
		return days(p.c, p.a, p.b), true
	}
	return days(p.a, p.b, p.c), true
}

// namedFormats are dates with the English name of the month and the whole year.
var namedFormats = []string{"2 Jan 2006", "2-Jan-2006", "2 January 2006", "January 2, 2006", "Jan 2, 2006", "January 2 2006", "Jan 2 2006", "2-January-2006"}

func namedDay(b []byte) (int64, bool) {
	if len(b) < 10 || len(b) > 20 {
		return 0, false
	}
	letters := 0
	for _, c := range b {
		if c >= 0x80 {
			return 0, false
		}
		if c|0x20 >= 'a' && c|0x20 <= 'z' {
			letters++
		}
	}
	if letters < 3 {
		return 0, false
	}
	text := strings.ReplaceAll(string(b), "  ", " ")
	for _, f := range namedFormats {
		if t, err := time.Parse(f, text); err == nil && t.Year() > lastJalaliYear {
			return t.Unix() / secondsPerDay, true
		}
	}
	return 0, false
}

// A clock is a time of day, and the zone if it has one.
type clock struct {
	micro  int64 // since midnight
	zoned  bool
	offset int64 // microseconds to subtract for UTC
}

const second = 1_000_000 // microseconds

// cutTime cuts a date from the time behind it. Without a time it returns the
// whole of b as the date and no time.
func cutTime(b []byte) (date, clockText []byte) {
	for i := 8; i < len(b); i++ {
		if b[i] == 'T' && i+1 < len(b) && '0' <= b[i+1] && b[i+1] <= '9' {
			return b[:i], b[i+1:]
		}
		if b[i] == ':' { // the time begins behind the last blank before
			if at := bytes.LastIndexByte(b[:i], ' '); at > 0 {
				return bytes.TrimRight(b[:at], " "), b[at+1:]
			}
			return b, nil
		}
	}
	return b, nil
}

// parseClock reads hh:mm, hh:mm:ss or hh:mm:ss.ffffff with an optional AM or
// PM, and an optional zone: Z, UTC, +03:30, +0330 or +03.
func parseClock(b []byte) (c clock, ok bool) {
	var n [3]int64
	i, at := 0, 0
	for ; at < 3; at++ {
		from := i
		for i < len(b) && '0' <= b[i] && b[i] <= '9' && i-from < 2 {
			n[at] = n[at]*10 + int64(b[i]-'0')
			i++
		}
		if i == from || at > 0 && i-from != 2 {
			return c, false
		}
		if i == len(b) || b[i] != ':' || at == 2 {
			at++
			break
		}
		i++
	}
	if at < 2 || n[0] > 23 || n[1] > 59 || n[2] > 59 {
		return c, false
	}
	c.micro = ((n[0]*60+n[1])*60 + n[2]) * second
	if at == 3 && i < len(b) && (b[i] == '.' || b[i] == ',') {
		from := i + 1
		unit := int64(second / 10)
		for i++; i < len(b) && '0' <= b[i] && b[i] <= '9'; i++ {
			c.micro += int64(b[i]-'0') * unit
			unit /= 10
		}
		if i == from || i-from > 6 && nonzero(b[from+6:i]) { // finer than we keep
			return c, false
		}
	}
	return c.zone(bytes.TrimLeft(b[i:], " "), n[0])
}

func nonzero(b []byte) bool { return len(bytes.Trim(b, "0")) > 0 }

// zone reads what stands behind the digits of a time.
func (c clock) zone(b []byte, hour int64) (clock, bool) {
	if len(b) >= 2 && (b[0]|0x20 == 'a' || b[0]|0x20 == 'p') && b[1]|0x20 == 'm' {
		if hour < 1 || hour > 12 || len(b) > 2 {
			return c, false
		}
		if b[0]|0x20 == 'p' && hour != 12 {
			c.micro += 12 * 3600 * second
		} else if b[0]|0x20 == 'a' && hour == 12 {
			c.micro -= 12 * 3600 * second
		}
		return c, true
	}
	switch string(b) {
	case "":
		return c, true
	case "Z", "UTC", "GMT", "z":
		c.zoned = true
		return c, true
	}
	sign := int64(1)
	switch b[0] {
	case '+':
	case '-':
		sign = -1
	default:
		return c, false
	}
	var digits []int64
	for i, ch := range b[1:] {
		if ch == ':' && i == 2 {
			continue
		}
		if ch < '0' || ch > '9' {
			return c, false
		}
		digits = append(digits, int64(ch-'0'))
	}
	var hours, minutes int64
	switch len(digits) {
	case 2:
		hours = digits[0]*10 + digits[1]
	case 4:
		hours, minutes = digits[0]*10+digits[1], digits[2]*10+digits[3]
	default:
		return c, false
	}
	if hours > 14 || minutes > 59 {
		return c, false
	}
	c.zoned, c.offset = true, sign*(hours*60+minutes)*60*second
	return c, true
}

// parseDateTime reads b, trimmed and with ASCII digits, as a date in a layout
// with or without a time, and returns the microseconds since
// 1970-01-01T00:00:00, in UTC where b names a zone.
func parseDateTime(b []byte, l layout) (micro int64, zoned, ok bool) {
	date, at := cutTime(b)
	day, ok := parseDate(date, l)
	if !ok {
		return 0, false, false
	}
	micro = day * secondsPerDay * second
	if at == nil {
		return micro, false, true
	}
	c, ok := parseClock(at)
	return micro + c.micro - c.offset, c.zoned, ok
}
