package desk

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// zoneName is where the clock stands by which people say when.
const zoneName = "Asia/Tehran"

// The calendars in which a day is given.
const (
	jalali    = "jalali"
	gregorian = "gregorian"
)

// whenFields ask for a day in one of two calendars and for the time of day.
func whenFields(r *site.Request) []field {
	first := jalali
	if r.Lang != "fa" {
		first = gregorian
	}
	months := make([]option, 0, 12)
	for m := 1; m <= 12; m++ {
		months = append(months, option{Value: strconv.Itoa(m), Label: fmt.Sprintf("%s — %s / %s", r.Digits(strconv.Itoa(m)), persian.MonthName(m, r.Lang), r.Text("desk.month."+strconv.Itoa(m)))})
	}
	return []field{
		{Name: "calendar", Kind: "radios", Options: []option{{Value: jalali, Chosen: first == jalali}, {Value: gregorian, Chosen: first == gregorian}}},
		{Name: "day", Kind: "text", Short: true},
		{Name: "month", Kind: "select", Options: months},
		{Name: "year", Kind: "text", Short: true},
		{Name: "time", Kind: "text", Short: true, Value: "08:00"},
	}
}

// whenOf is the moment that the fields of the form say. Its fault is a
// catalog.InvalidError.
func whenOf(f *form) (time.Time, error) {
	number := func(name string) int {
		n, err := strconv.Atoi(persian.ASCIIDigits(f.typed(name)))
		if err != nil {
			return -1
		}
		return n
	}
	y, m, day := number("year"), number("month"), number("day")
	month := time.Month(m)
	if f.typed("calendar") == jalali {
		date := persian.Date{Y: y, M: m, D: day}
		var err error
		if !date.Valid() {
			return time.Time{}, &catalog.InvalidError{Field: "day", Reason: "there is no such day"}
		}
		if y, month, day, err = date.ToGregorian(); err != nil {
			return time.Time{}, &catalog.InvalidError{Field: "day", Reason: "there is no such day"}
		}
	}
	clock, err := time.Parse("15:04", strings.ReplaceAll(persian.ASCIIDigits(f.typed("time")), ".", ":"))
	if err != nil {
		return time.Time{}, &catalog.InvalidError{Field: "time", Reason: "it is an hour and a minute like 08:30"}
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return time.Time{}, err
	}
	at := time.Date(y, month, day, clock.Hour(), clock.Minute(), 0, 0, zone)
	if y < 1 || y > 9999 || at.Day() != day || at.Month() != month {
		return time.Time{}, &catalog.InvalidError{Field: "day", Reason: "there is no such day"}
	}
	return at, nil
}

// dayOf reads a day that is typed in one of the calendars, "1403/05/12" or
// "2024-08-02", as ISO 8601. An empty text is an empty day.
func dayOf(text string) (string, error) {
	text = persian.ASCIIDigits(strings.TrimSpace(text))
	if text == "" {
		return "", nil
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '/' || r == '.' || r == ' ' })
	if len(parts) == 0 {
		return "", errNoDay
	}
	if y, err := strconv.Atoi(parts[0]); err == nil && y >= 1700 {
		for _, layout := range []string{"2006-1-2", "2006-1", "2006"} {
			if day, err := time.Parse(layout, strings.Join(parts, "-")); err == nil {
				return day.Format(map[string]string{"2006-1-2": time.DateOnly, "2006-1": "2006-01", "2006": "2006"}[layout]), nil
			}
		}
		return "", errNoDay
	}
	date, err := persian.Parse(text)
	if err != nil {
		return "", errNoDay
	}
	y, m, day, err := date.ToGregorian()
	if err != nil {
		return "", errNoDay
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day), nil
}

var errNoDay = errors.New("write a day like 1403/05/12 or 2024-08-02")

// typedDay is a day, as dayOf reads it, as readers write it.
func typedDay(r *site.Request, day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil || r.Lang != "fa" {
		return day
	}
	date, err := persian.FromTime(at)
	if err != nil {
		return day
	}
	return date.Numeric(r.Lang)
}
