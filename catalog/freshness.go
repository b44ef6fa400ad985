package catalog

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// States of freshness: whether a dataset is as new as its publisher promised.
const (
	FreshCurrent = "current"
	FreshDue     = "due"     // an update is expected about now
	FreshOverdue = "overdue" // and did not come
	FreshEnded   = "ended"   // none is expected any more
	FreshUnknown = "unknown" // nothing is promised, or nothing tells when it was renewed
)

// A Freshness says whether a dataset is as new as its publisher promised.
type Freshness struct {
	State    string    `json:"state"`
	Modified string    `json:"modified,omitempty"` // as the source says
	Next     string    `json:"next,omitempty"`     // the day by which an update is expected
	Every    Frequency `json:"-"`                  // what was promised; zero when nothing that can be reckoned with
	Word     string    `json:"-"`                  // what stands for it, in small letters
}

// A Frequency is how often something is promised: years, months, days and hours.
type Frequency struct{ years, months, days, hours float64 }

// Days is the length of the period, of months and years on the average.
func (p Frequency) Days() float64 {
	const year, month, day = 365.25, 30.44, 24
	return p.years*year + p.months*month + p.days + p.hours/day
}

var isoFrequency = regexp.MustCompile(`^R?\d*/?P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$`)

// frequencyWords are frequencies that stand as words, of the Dublin Core and
// EU vocabularies and of ISO 19115.
var frequencyWords = map[string]Frequency{
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

// unspaced writes the words of a vocabulary in one.
var unspaced = strings.NewReplacer("-", "", " ", "")

// FrequencyOf reads a frequency as it stands in metadata; word is the last part
// of an address of a vocabulary, in small letters.
func FrequencyOf(s string) (p Frequency, word string, ok bool) {
	s = strings.TrimSpace(s)
	if m := isoFrequency.FindStringSubmatch(s); m != nil {
		n := func(i int) float64 {
			if m[i] == "" {
				return 0
			}
			f, err := strconv.ParseFloat(m[i], 64)
			if err != nil {
				return 0
			}
			return f
		}
		const week, minutes, seconds = 7, 60, 3600
		p = Frequency{years: n(1), months: n(2), days: n(3)*week + n(4), hours: n(5) + n(6)/minutes + n(7)/seconds}
		return p, strings.ToLower(s), p.Days() > 0
	}
	word = strings.ToLower(s[strings.LastIndexAny(s, "/#:")+1:])
	p, ok = frequencyWords[unspaced.Replace(word)]
	return p, word, ok
}

// Irregular reports whether a word says that nobody knows when something comes.
func Irregular(word string) bool { return irregularWords[word] }

// Fresh works out the freshness of d at a moment; modified is when it was
// renewed, zero when nothing tells. An update is expected one period after the
// last; it counts as due for a quarter of a period more, at least a day and at
// most 60 days, and as overdue after that.
func (d *Dataset) Fresh(modified, now time.Time) Freshness {
	f := Freshness{State: FreshUnknown, Modified: d.Modified}
	p, word, ok := FrequencyOf(d.Frequency)
	f.Word = word
	switch {
	case endedWords[word]:
		f.State = FreshEnded
	case irregularWords[word] || !ok:
	case modified.IsZero():
		f.Every = p
	default:
		const share, least, most = 0.25, 1, 60
		f.Every = p
		due := p.after(modified)
		late := due.Add(time.Duration(min(max(p.Days()*share, least), most) * float64(24*time.Hour)))
		switch {
		case !now.After(due):
			f.State = FreshCurrent
		case !now.After(late):
			f.State = FreshDue
		default:
			f.State = FreshOverdue
		}
		f.Next = due.Format(time.DateOnly)
	}
	return f
}

// after is one period after a moment.
func (p Frequency) after(t time.Time) time.Time {
	const half = 0.5
	if p.years+p.months >= 1 && p.months == float64(int(p.months)) && p.years == float64(int(p.years)) {
		return t.AddDate(int(p.years), int(p.months), int(p.days+half))
	}
	return t.Add(time.Duration(p.Days() * float64(24*time.Hour)))
}

// isoLayouts are how metadata writes a date or a moment.
var isoLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02", "2006-01", "2006"}

// dateOf reads a date of metadata; it is zero for what is none.
func dateOf(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range isoLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
