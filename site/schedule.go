package site

import (
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// Schedule says when a source is harvested, in the language of the request.
func (r *Request) Schedule(src *catalog.Source) string {
	return r.site.locales[r.Lang].schedule(src)
}

// schedule says when a source is harvested, by the clock of the readers.
func (l *locale) schedule(src *catalog.Source) string {
	if src.Clock == "" {
		return l.interval(src.Every)
	}
	at := src.Clock.Next(src.Created).In(l.zone)
	hour := l.Digits(at.Format("15:04"))
	if src.Clock.Every() > aDay {
		return l.Text("source.at.week", "day", l.Text("weekday."+strconv.Itoa(int(at.Weekday()))), "time", hour)
	}
	return l.Text("source.at.day", "time", hour)
}

const aDay = 24 * time.Hour

// interval says how often a source is harvested.
func (l *locale) interval(d time.Duration) string {
	switch {
	case d <= 0:
		return l.Text("source.every.hand")
	case d == aDay:
		return l.Text("source.every.day")
	case d == 7*aDay:
		return l.Text("source.every.week")
	case d%time.Hour == 0:
		return l.Text("source.every.hours", "n", int64(d/time.Hour))
	default:
		return l.Text("source.every.minutes", "n", int64((d+time.Minute-1)/time.Minute))
	}
}
