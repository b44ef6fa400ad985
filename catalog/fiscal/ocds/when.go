package ocds

import (
	"regexp"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// zoned are the forms of an instant.
var zoned = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05.999999999Z0700"}

// unzoned are the forms of a moment without a zone, of which the day is known.
var unzoned = []string{time.DateOnly, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04"}

var jalali = regexp.MustCompile(`^1[2-5]\d\d[/-]\d{1,2}[/-]\d{1,2}$`)

// mostDate is how long a date may be.
const mostDate = 64

// When reads a date: an instant as ISO 8601 in UTC, and a moment without a zone
// as its day, since which instant it is nobody knows. A Jalali day is given as
// the Gregorian one.
func When(s string) (at string, zone, ok bool) {
	if len(s) > mostDate {
		return "", false, false
	}
	s = strings.TrimSpace(persian.ASCIIDigits(s))
	if jalali.MatchString(s) {
		d, err := persian.Parse(s)
		if err != nil {
			return "", false, false
		}
		y, m, day, err := d.ToGregorian()
		if err != nil {
			return "", false, false
		}
		return time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), false, true
	}
	for _, layout := range zoned {
		if t, err := time.Parse(layout, s); err == nil && sane(t) {
			return t.UTC().Format("2006-01-02T15:04:05Z"), true, true
		}
	}
	for _, layout := range unzoned {
		if t, err := time.Parse(layout, s); err == nil && sane(t) {
			return t.Format(time.DateOnly), false, true
		}
	}
	return "", false, false
}

// sane reports whether a year can be meant.
func sane(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 2200 }

// day is a date as an instant, the zero time for none.
func day(s string) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// dateOf is the date of a member, empty for none.
func dateOf(o Object, key string) string {
	at, _, _ := When(text(o[key]))
	return at
}
