package site

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A freshness says whether a dataset is as new as its publisher promised.
type freshness struct {
	State    string `json:"state"`              // current, due, overdue, ended, unknown
	Modified string `json:"modified,omitempty"` // as the source says
	Next     string `json:"next,omitempty"`     // the day by which an update is expected
	Class    string `json:"-"`                  // of its badge
	Sentence string `json:"-"`
}

// The states of freshness.
const (
	freshCurrent = "current"
	freshDue     = "due"
	freshOverdue = "overdue"
	freshEnded   = "ended"
	freshUnknown = "unknown"
)

var freshClasses = map[string]string{
	freshCurrent: "ok", freshDue: "warn", freshOverdue: "bad", freshEnded: "idle", freshUnknown: "idle",
}

// A period is how often something is promised: years, months, days and hours.
type period struct {
	years, months, days float64
	hours               float64
}

// days is the length of the period, of months and years on the average.
func (p period) length() float64 {
	const year, month, day = 365.25, 30.44, 24
	return p.years*year + p.months*month + p.days + p.hours/day
}

var isoPeriod = regexp.MustCompile(`^R?\d*/?P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$`)

// frequencyWords are frequencies that stand as words, of the Dublin Core and
// EU vocabularies and of ISO 19115.
var frequencyWords = map[string]period{
	"annual": {years: 1}, "annually": {years: 1}, "yearly": {years: 1}, "biennial": {years: 2}, "triennial": {years: 3},
	"semiannual": {months: 6}, "biannual": {months: 6}, "biannually": {months: 6}, "annual_2": {months: 6},
	"quarterly": {months: 3}, "monthly": {months: 1}, "bimonthly": {months: 2}, "semimonthly": {days: 15},
	"fortnightly": {days: 14}, "biweekly": {days: 14}, "weekly": {days: 7}, "semiweekly": {days: 3.5},
	"daily": {days: 1}, "hourly": {hours: 1}, "continuous": {hours: 1}, "continual": {hours: 1}, "update_cont": {hours: 1},
}

// What else stands for a frequency: nothing more comes, or nobody knows when.
var (
	endedWords     = map[string]bool{"never": true, "notplanned": true, "completed": true, "not_planned": true, "r/p0d": true, "none": true}
	irregularWords = map[string]bool{"irregular": true, "irreg": true, "asneeded": true, "unknown": true, "other": true, "unknow": true}
)

// parseFrequency reads a frequency as it stands in metadata; word is the last
// part of an address of a vocabulary, in small letters.
func parseFrequency(s string) (p period, word string, ok bool) {
	s = strings.TrimSpace(s)
	if m := isoPeriod.FindStringSubmatch(s); m != nil {
		n := func(i int) float64 {
			f, err := strconv.ParseFloat(m[i], 64)
			if err != nil {
				return 0
			}
			return f
		}
		const week, minutes, seconds = 7, 60, 3600
		p = period{years: n(1), months: n(2), days: n(3)*week + n(4), hours: n(5) + n(6)/minutes + n(7)/seconds}
		return p, strings.ToLower(s), p.length() > 0
	}
	word = strings.ToLower(s[strings.LastIndexAny(s, "/#:")+1:])
	p, ok = frequencyWords[strings.NewReplacer("-", "", " ", "").Replace(word)]
	return p, word, ok
}

// fresh computes the freshness of d at a moment. An update is expected one
// period after the last; it counts as due for a quarter of a period more, at
// least a day and at most 60 days, and as overdue after that.
func (l *locale) fresh(d *catalog.Dataset, now time.Time) freshness {
	f := freshness{State: freshUnknown, Modified: d.Modified}
	p, word, ok := parseFrequency(d.Frequency)
	modified, precision := parseISO(d.Modified)
	switch {
	case endedWords[word]:
		f.State, f.Sentence = freshEnded, l.Text("fresh.says.ended")
	case irregularWords[word]:
		f.Sentence = l.Text("fresh.says.irregular")
	case !ok:
		f.Sentence = l.Text("fresh.says.nofrequency")
	case precision == precisionNone:
		f.Sentence = l.Text("fresh.says.nodate", "every", l.every(p))
	default:
		const share, least, most = 0.25, 1, 60
		due := addPeriod(modified, p)
		late := due.Add(time.Duration(min(max(p.length()*share, least), most) * float64(24*time.Hour)))
		switch {
		case !now.After(due):
			f.State = freshCurrent
		case !now.After(late):
			f.State = freshDue
		default:
			f.State = freshOverdue
		}
		f.Next = due.Format(time.DateOnly)
		f.Sentence = l.Text("fresh.says."+f.State, "every", l.every(p), "next", l.DateText(f.Next))
	}
	f.Class = freshClasses[f.State]
	return f
}

func addPeriod(t time.Time, p period) time.Time {
	const half = 0.5
	if p.years+p.months >= 1 && p.months == float64(int(p.months)) && p.years == float64(int(p.years)) {
		return t.AddDate(int(p.years), int(p.months), int(p.days+half))
	}
	return t.Add(time.Duration(p.length() * float64(24*time.Hour)))
}

// every says a period in words.
func (l *locale) every(p period) string {
	const hour, day, week, month, quarter, half, year = 1.0 / 24, 1, 7, 30, 91, 182, 365
	switch n := int64(p.length() + 0.5); {
	case p.length() < hour*0.9:
		return l.Text("every.continuous")
	case p.length() < day*0.9:
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
		return l.Text("every.years", "n", int64(p.length()/365.25+0.5))
	case n > month+1:
		return l.Text("every.months", "n", int64(p.length()/30.44+0.5))
	default:
		return l.Text("every.days", "n", n)
	}
}
