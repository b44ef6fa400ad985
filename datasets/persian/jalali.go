package persian

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jalaali/go-jalaali"
)

// A Date is a day of the Jalali (Solar Hijri) calendar.
type Date struct {
	Y, M, D int
}

// The years that are converted. Within them the calendar's arithmetic agrees
// with the astronomical one from 1207 to 1502.
const (
	minYear = 1
	maxYear = 3176
)

const secondsPerDay = 24 * 60 * 60

// ErrDate is the error for text or numbers that name no day of the calendar.
var ErrDate = errors.New("no date of the Jalali calendar")

// FromGregorian returns the Jalali date of a Gregorian one.
func FromGregorian(y int, m time.Month, d int) (Date, error) {
	if y < minYear+622 || y > maxYear+621 {
		return Date{}, fmt.Errorf("%04d-%02d-%02d: %w", y, m, d, ErrDate)
	}
	return FromDays(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// FromTime returns the Jalali date of t in t's own time zone.
func FromTime(t time.Time) (Date, error) { return FromGregorian(t.Date()) }

// Valid reports whether d is a day that the calendar has.
func (d Date) Valid() bool {
	return minYear <= d.Y && d.Y <= maxYear && 1 <= d.M && d.M <= 12 && 1 <= d.D && d.D <= monthLength(d.Y, d.M)
}

func monthLength(year, month int) int {
	switch {
	case month < 7:
		return 31
	case month < 12 || Leap(year):
		return 30
	}
	return 29
}

// Leap reports whether the year has 366 days.
func Leap(year int) bool {
	return minYear <= year && year <= maxYear && newYear(year+1)-newYear(year) == 366
}

// newYear returns the days from 1970-01-01 to the first day of a year, which
// must be one that is converted or the next. The days within a year are
// counted from it: the library's own lengths of years contradict its new
// years where its cycles break.
func newYear(year int) int64 {
	y, m, d, err := jalaali.ToGregorian(year, jalaali.Farvardin, 1)
	if err != nil {
		return 0
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay
}

// ToGregorian returns the Gregorian date of d, or ErrDate if there is no such day.
func (d Date) ToGregorian() (int, time.Month, int, error) {
	n, err := d.Days()
	if err != nil {
		return 0, 0, 0, err
	}
	y, m, day := time.Unix(n*secondsPerDay, 0).UTC().Date()
	return y, m, day, nil
}

// Days returns the days from 1970-01-01 to d, or ErrDate if there is no such day.
func (d Date) Days() (int64, error) {
	if !d.Valid() {
		return 0, fmt.Errorf("%s: %w", d, ErrDate)
	}
	return newYear(d.Y) + int64((d.M-1)*31-max(0, d.M-7)+d.D-1), nil
}

// FromDays returns the Jalali date that is n days after 1970-01-01.
func FromDays(n int64) (Date, error) {
	if n < newYear(minYear) || n >= newYear(maxYear+1) {
		return Date{}, fmt.Errorf("day %d: %w", n, ErrDate)
	}
	y := time.Unix(n*secondsPerDay, 0).UTC().Year() - 621
	if n < newYear(y) {
		y--
	}
	day := int(n - newYear(y))
	if day < 186 {
		return Date{y, 1 + day/31, 1 + day%31}, nil
	}
	return Date{y, 7 + (day-186)/30, 1 + (day-186)%30}, nil
}

// Quarter returns the quarter of the year, 1 (spring) to 4 (winter). The
// Iranian fiscal year is the Jalali year.
func (d Date) Quarter() int { return (d.M + 2) / 3 }

// String returns d as 1405-08-30.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Y, d.M, d.D) }

// Numeric returns d as 1405/08/30, in the digits of the language.
func (d Date) Numeric(lang string) string {
	return Digits(fmt.Sprintf("%04d/%02d/%02d", d.Y, d.M, d.D), lang)
}

// Format returns d with the name of its month: "۳۰ آبان ۱۴۰۵" for "fa",
// "30 Aban 1405" for every other language.
func (d Date) Format(lang string) string {
	return Digits(strconv.Itoa(d.D), lang) + " " + MonthName(d.M, lang) + " " + Digits(strconv.Itoa(d.Y), lang)
}

var (
	monthsFa = [...]string{
		"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
		"مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
	}
	monthsEn = [...]string{
		"Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
		"Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand",
	}
)

// MonthName returns the name of month 1 to 12 in the language, or nothing.
func MonthName(month int, lang string) string {
	if month < 1 || month > 12 {
		return ""
	}
	if lang == "fa" {
		return monthsFa[month-1]
	}
	return monthsEn[month-1]
}

// monthNumbers are the folded names of months in all their spellings.
var monthNumbers = map[string]int{
	"فروردین": 1, "اردیبهشت": 2, "خرداد": 3, "تیر": 4, "مرداد": 5, "امرداد": 5, "شهریور": 6,
	"مهر": 7, "ابان": 8, "اذر": 9, "دی": 10, "بهمن": 11, "اسفند": 12,
	"farvardin": 1, "ordibehesht": 2, "khordad": 3, "tir": 4, "mordad": 5, "amordad": 5, "shahrivar": 6,
	"mehr": 7, "aban": 8, "azar": 9, "dey": 10, "day": 10, "bahman": 11, "esfand": 12,
}

var weekdays = map[string]bool{
	"شنبه": true, "یکشنبه": true, "دوشنبه": true, "سهشنبه": true, "چهارشنبه": true, "پنجشنبه": true, "جمعه": true,
}

// Parse returns the date that s names: 1405/8/30, 1405-08-30 or 1405.8.30,
// 30/8/1405, in any digits, or 30 آبان 1405, also with a day of the week before
// it, «ماه» after the month, or the month in Latin letters. The year has four
// digits. A day that the calendar does not have is refused with ErrDate.
func Parse(s string) (Date, error) {
	text := Fold(s)
	d, ok := parseNumeric(text)
	if !ok {
		d, ok = parseNamed(text)
	}
	if !ok || !d.Valid() {
		return Date{}, fmt.Errorf("%q: %w", s, ErrDate)
	}
	return d, nil
}

func parseNumeric(s string) (Date, bool) {
	sep := strings.IndexAny(s, "/-.")
	if sep < 0 {
		return Date{}, false
	}
	parts := strings.Split(s, s[sep:sep+1])
	if len(parts) != 3 {
		return Date{}, false
	}
	if len(parts[0]) < len(parts[2]) {
		parts[0], parts[2] = parts[2], parts[0]
	}
	return makeDate(parts[0], parts[1], parts[2])
}

func parseNamed(s string) (Date, bool) {
	words := strings.Fields(strings.ReplaceAll(s, ",", " "))
	for n := 2; n > 0; n-- { // سه شنبه is two words
		if len(words) > n && weekdays[strings.Join(words[:n], "")] {
			words = words[n:]
			break
		}
	}
	if len(words) == 4 && words[2] == "ماه" {
		words = []string{words[0], words[1], words[3]}
	}
	if len(words) != 3 {
		return Date{}, false
	}
	month, ok := monthNumbers[strings.TrimSuffix(words[1], "ماه")]
	if !ok {
		return Date{}, false
	}
	if len(words[0]) == 4 {
		words[0], words[2] = words[2], words[0]
	}
	return makeDate(words[2], strconv.Itoa(month), words[0])
}

// makeDate reads a year of four digits, and a month and a day of one or two.
func makeDate(year, month, day string) (Date, bool) {
	if len(year) != 4 || len(month) < 1 || len(month) > 2 || len(day) < 1 || len(day) > 2 {
		return Date{}, false
	}
	y, errY := strconv.ParseUint(year, 10, 16)
	m, errM := strconv.ParseUint(month, 10, 8)
	d, errD := strconv.ParseUint(day, 10, 8)
	return Date{int(y), int(m), int(d)}, errY == nil && errM == nil && errD == nil
}
