package site

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A freshness says whether a dataset is as new as its publisher promised.
type freshness struct {
	catalog.Freshness
	Class    string `json:"-"` // of its badge
	Sentence string `json:"-"`
}

var freshClasses = map[string]string{
	catalog.FreshCurrent: "ok", catalog.FreshDue: "warn", catalog.FreshOverdue: "bad", catalog.FreshEnded: "idle", catalog.FreshUnknown: "idle",
}

// fresh computes the freshness of d at a moment.
func (l *locale) fresh(d *catalog.Dataset, now time.Time) freshness {
	modified, _ := parseISO(d.Modified)
	f := freshness{Freshness: d.Fresh(modified, now)}
	switch {
	case f.State == catalog.FreshEnded:
		f.Sentence = l.Text("fresh.says.ended")
	case catalog.Irregular(f.Word):
		f.Sentence = l.Text("fresh.says.irregular")
	case f.Every == (catalog.Frequency{}):
		f.Sentence = l.Text("fresh.says.nofrequency")
	case f.Next == "":
		f.Sentence = l.Text("fresh.says.nodate", "every", l.every(f.Every))
	default:
		f.Sentence = l.Text("fresh.says."+f.State, "every", l.every(f.Every), "next", l.DateText(f.Next))
	}
	f.Class = freshClasses[f.State]
	return f
}

// every says a period in words.
func (l *locale) every(p catalog.Frequency) string {
	const hour, day, week, month, quarter, half, year = 1.0 / 24, 1, 7, 30, 91, 182, 365
	switch n := int64(p.Days() + 0.5); {
	case p.Days() < hour*0.9:
		return l.Text("every.continuous")
	case p.Days() < day*0.9:
		return l.Text("every.hour")
	case n == day:
		return l.Text("every.day")
	case n == week:
		return l.Text("every.week")
	case n == month || n == month+1:
		return l.Text("every.month")
	case n == quarter || n == quarter+1:
		return l.Text("every.quarter")
	case n == half || n == half+1:
		return l.Text("every.halfyear")
	case n == year || n == year+1:
		return l.Text("every.year")
	case n > year+1:
		return l.Text("every.years", "n", int64(p.Days()/365.25+0.5))
	case n > month+1:
		return l.Text("every.months", "n", int64(p.Days()/30.44+0.5))
	default:
		return l.Text("every.days", "n", n)
	}
}
