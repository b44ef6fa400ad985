package harvesters

import (
	"regexp"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
)

var (
	isInterval = regexp.MustCompile(`^R\d*/P(T?\d+(\.\d+)?[YMWDHS])+(T(\d+(\.\d+)?[HMS])+)?$`)
	isYear     = regexp.MustCompile(`^\d{4}$`)
	isMonth    = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)
	isCompact  = regexp.MustCompile(`^(19|20)\d{6}$`)
	isJalali   = regexp.MustCompile(`^1[2-5]\d\d[/-]`)
)

// dateLayouts are the forms of a moment that are read without doubt.
var dateLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999 Z0700", "2006-01-02 15:04:05.999999999 MST", "2006-01-02 15:04",
	time.RFC1123, time.RFC1123Z, "2 January 2006", "January 2, 2006", "2 Jan 2006", "Jan 2, 2006",
	time.ANSIC, time.UnixDate,
}

// isoDate returns a date or moment in ISO 8601: a year, month or day as it is,
// a Jalali day as the Gregorian one, a moment in UTC. A moment without a zone
// is taken for UTC. ok is false when s is none of these.
func isoDate(s string) (iso string, ok bool) {
	s = strings.TrimSpace(persian.ASCIIDigits(s))
	if s == "" || len(s) > 64 {
		return "", false
	}
	switch {
	case isJalali.MatchString(s):
		d, err := persian.Parse(s)
		if err != nil {
			return "", false
		}
		y, m, day, err := d.ToGregorian()
		if err != nil {
			return "", false
		}
		return time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
	case isYear.MatchString(s), isMonth.MatchString(s):
		return s, true
	case isCompact.MatchString(s):
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	case len(s) > len(time.DateOnly) && s[4] == '/' && s[7] == '/', len(s) == len(time.DateOnly) && s[4] == '/':
		s = strings.Replace(s, "/", "-", 2)
	}
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return s, true
	}
	for _, layout := range dateLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if !strings.Contains(layout, "15") {
			return t.Format(time.DateOnly), true
		}
		return t.UTC().Format("2006-01-02T15:04:05Z"), true
	}
	return "", false
}

// date returns the date of a field; what is no date is a fault.
func (m *mapper) date(field, s string) string {
	if word := strings.ToLower(s); s == "" || word == "n/a" || word == "na" || word == "none" || word == "unknown" || word == "-" {
		return ""
	}
	iso, ok := isoDate(s)
	if !ok {
		m.fault(field, "date.none", cut(s, 80))
	}
	return iso
}

// frequencies are the intervals of words and of the code lists of DCAT and ISO
// 19115 that sources use, by the word without spaces and dashes.
var frequencies = map[string]string{
	"continuous": "R/PT1S", "continual": "R/PT1S", "contin": "R/PT1S", "updatecont": "R/PT1S", "realtime": "R/PT1S", "nearrealtime": "R/PT1S",
	"hourly": "R/PT1H", "daily": "R/P1D", "weekly": "R/P1W", "biweekly": "R/P2W", "fortnightly": "R/P2W", "monthly": "R/P1M",
	"bimonthly": "R/P2M", "quarterly": "R/P3M", "semiannual": "R/P6M", "biannually": "R/P6M", "annual2": "R/P6M", "halfyearly": "R/P6M",
	"annual": "R/P1Y", "annually": "R/P1Y", "yearly": "R/P1Y", "biennial": "R/P2Y", "triennial": "R/P3Y",
	"روزانه": "R/P1D", "هفتگی": "R/P1W", "ماهانه": "R/P1M", "فصلی": "R/P3M", "سالانه": "R/P1Y",
}

// frequency returns an ISO 8601 repeating interval for what sources say, or
// what they say.
func frequency(s string) string {
	s = oneLine(s)
	if up := strings.ToUpper(s); isInterval.MatchString(up) {
		return up
	}
	word := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(lastSegment(s)))
	if f := frequencies[word]; f != "" {
		return f
	}
	return cut(lastWord(s), maxWord)
}

// modified sets the date of change, or the frequency when that is what the
// field holds (R/P1D, which DCAT-US allows).
func (m *mapper) modified(d *catalog.Dataset, s string) {
	if up := strings.ToUpper(strings.TrimSpace(s)); isInterval.MatchString(up) {
		if d.Frequency == "" {
			d.Frequency = up
		}
		return
	}
	d.Modified = m.date("modified", s)
}

// interval returns the time that a field covers: "start/end", or an object
// with the two.
func (m *mapper) interval(field string, v any) catalog.Interval {
	list := asList(v)
	if len(list) == 0 {
		return catalog.Interval{}
	}
	if len(list) > 1 {
		if _, plainText := list[0].(string); plainText && len(list) == 2 {
			return m.between(field, textOf(list[0]), textOf(list[1]))
		}
	}
	if o := asObject(list[0]); o != nil {
		return m.between(field, o.text("startDate", "start", "dcat:startDate", "schema:startDate", "beginning", "from", "hasBeginning"),
			o.text("endDate", "end", "dcat:endDate", "schema:endDate", "to", "hasEnd"))
	}
	s := textOf(list[0])
	if s == "" {
		return catalog.Interval{}
	}
	start, end, _ := strings.Cut(s, "/")
	if _, isDate := isoDate(s); isDate { // 2001/05/12 is one day
		start, end = s, s
	}
	return m.between(field, start, end)
}

func (m *mapper) between(field, start, end string) catalog.Interval {
	open := func(s string) string {
		if s == ".." || strings.EqualFold(s, "present") || strings.HasPrefix(s, "P") {
			return ""
		}
		return m.date(field, strings.TrimSpace(s))
	}
	return catalog.Interval{Start: open(start), End: open(end)}
}
