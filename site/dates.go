package site

import (
	"html/template"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// moment is the layout of the datetime attribute of <time>.
const moment = "2006-01-02T15:04:05Z"

// Day writes the day of t in the reader's calendar and time zone.
func (l *locale) Day(t time.Time) string { return l.day(t.In(l.zone)) }

func (l *locale) day(t time.Time) string {
	if l.lang == "fa" {
		if d, err := persian.FromTime(t); err == nil {
			return d.Format(l.lang)
		}
	}
	return l.Digits(t.Format("2 ")) + l.month(t.Month()) + l.Digits(t.Format(" 2006"))
}

func (l *locale) month(m time.Month) string {
	if l.lang == "fa" {
		return gregorianFa[m-1]
	}
	return m.String()
}

// gregorianFa are the months of the Gregorian calendar in Persian, for dates
// that have no day and so no one month of the Jalali calendar.
var gregorianFa = [...]string{
	"ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر",
}

// Time writes an instant with its day for <time>.
func (l *locale) Time(t time.Time) template.HTML {
	if t.IsZero() {
		return ""
	}
	return timeTag(t.UTC().Format(moment), l.instant(t))
}

func (l *locale) instant(t time.Time) string {
	local := t.In(l.zone)
	return l.day(local) + l.Text("list.comma") + " " + l.Digits(local.Format("15:04"))
}

// Moment writes an instant for readers of the request's language.
func (r *Request) Moment(t time.Time) string { return r.site.locales[r.Lang].instant(t) }

// until is when something ends that ends at t, as it is written: what ends with
// a day, at the midnight after it, ends in the last minute of that day.
func (l *locale) until(t time.Time) time.Time {
	if at := t.In(l.zone); !t.IsZero() && at.Equal(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, l.zone)) {
		return t.Add(-time.Minute)
	}
	return t
}

// DayTime writes the day of an instant for <time>.
func (l *locale) DayTime(t time.Time) template.HTML {
	if t.IsZero() {
		return ""
	}
	return timeTag(t.UTC().Format(moment), l.Day(t))
}

func timeTag(datetime, text string) template.HTML {
	return template.HTML(`<time datetime="` + template.HTMLEscapeString(datetime) + `">` + //nolint:gosec // both escaped
		template.HTMLEscapeString(text) + `</time>`)
}

// Precisions of an ISO 8601 date.
const (
	precisionNone = iota
	precisionYear
	precisionMonth
	precisionDay
	precisionTime
)

// isoLayouts are the ways in which dates stand in metadata, the longest first.
var isoLayouts = []struct {
	layout    string
	precision int
}{
	{time.RFC3339Nano, precisionTime},
	{"2006-01-02T15:04:05.999999", precisionTime},
	{"2006-01-02 15:04:05.999999", precisionTime},
	{"2006-01-02T15:04Z07:00", precisionTime},
	{"2006-01-02T15:04", precisionTime},
	{time.DateOnly, precisionDay},
	{"2006-01", precisionMonth},
	{"2006", precisionYear},
}

// parseISO reads a date of metadata; precisionNone when it is not one.
func parseISO(s string) (time.Time, int) {
	s = strings.TrimSpace(s)
	for _, l := range isoLayouts {
		if t, err := time.Parse(l.layout, s); err == nil {
			return t, l.precision
		}
	}
	return time.Time{}, precisionNone
}

// Date writes an ISO 8601 date of metadata in the reader's calendar, for
// <time>; text that is no date stays as it is.
func (l *locale) Date(s string) template.HTML {
	t, precision := parseISO(s)
	switch precision {
	case precisionNone:
		return template.HTML("<bdi>" + template.HTMLEscapeString(s) + "</bdi>") //nolint:gosec // escaped
	default:
		return timeTag(isoAttribute(t, precision), l.DateText(s))
	}
}

// DateText is Date without the tag.
func (l *locale) DateText(s string) string {
	t, precision := parseISO(s)
	switch precision {
	case precisionYear:
		return l.Text("date.year", "y", l.Plain(int64(t.Year())))
	case precisionMonth:
		return l.Text("date.month", "m", l.month(t.Month()), "y", l.Plain(int64(t.Year())))
	case precisionDay:
		return l.day(t)
	case precisionTime:
		return l.Day(t)
	default:
		return s
	}
}

func isoAttribute(t time.Time, precision int) string {
	switch precision {
	case precisionYear:
		return t.Format("2006")
	case precisionMonth:
		return t.Format("2006-01")
	case precisionDay:
		return t.Format(time.DateOnly)
	default:
		return t.UTC().Format(moment)
	}
}

// Period writes an interval whose ends are ISO 8601 dates, either of which may
// be missing.
func (l *locale) Period(start, end string) template.HTML {
	switch {
	case start == "" && end == "":
		return ""
	case end == "":
		return l.HTML("period.from", "a", l.Date(start))
	case start == "":
		return l.HTML("period.to", "b", l.Date(end))
	case start == end:
		return l.Date(start)
	default:
		return l.HTML("period.both", "a", l.Date(start), "b", l.Date(end))
	}
}

// yearOf is the year of t in the reader's calendar.
func (l *locale) yearOf(t time.Time) string {
	t = t.In(l.zone)
	if l.lang == "fa" {
		if d, err := persian.FromTime(t); err == nil {
			return l.Plain(int64(d.Y))
		}
	}
	return l.Plain(int64(t.Year()))
}
