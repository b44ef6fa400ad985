package indicators

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A PeriodKind is how often an indicator is asked for.
type PeriodKind string

// The kinds of periods, all of the Jalali calendar.
const (
	Month   PeriodKind = "month"
	Quarter PeriodKind = "quarter"
	Half    PeriodKind = "half"
	Year    PeriodKind = "year"
	Event   PeriodKind = "event" // whenever there is something; counted by halves of the year
)

// PeriodKinds are all kinds.
var PeriodKinds = []PeriodKind{Month, Quarter, Half, Year, Event}

// A Period is a span of time that something is asked for. The zero value is
// none.
type Period struct {
	ID    string       `json:"id"` // "1405-08", "1405-Q3", "1405-H2", "1405"
	Kind  PeriodKind   `json:"kind"`
	Start time.Time    `json:"start"` // its first moment
	End   time.Time    `json:"end"`   // the first moment after it
	Label catalog.Text `json:"label"`
}

// The parts of a year by kind: how many months each has, and what stands before
// its number in the id.
var parts = map[PeriodKind]struct {
	months int
	mark   string
}{Month: {1, ""}, Quarter: {3, "Q"}, Half: {6, "H"}, Year: {12, ""}, Event: {6, "H"}}

// Years that a period may be of.
const (
	leastYear = 1300
	mostYear  = 1600
)

// tehran is the zone in which days begin and end.
var tehran = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		const ahead = 3*60*60 + 30*60
		return time.FixedZone("Asia/Tehran", ahead)
	}
	return zone
})

// PeriodOf returns the period with an id: "1405-08", "1405-Q3", "1405-H2" or
// "1405". An event counts by halves, whose Kind is Half. It is an
// *catalog.InvalidError for anything else.
func PeriodOf(id string) (Period, error) {
	bad := &catalog.InvalidError{Field: "period", Reason: fmt.Sprintf("%q is no period: give 1405, 1405-H2, 1405-Q3 or 1405-08", persian.Shorten(id, 40))}
	head, tail, part := strings.Cut(id, "-")
	year, err := strconv.Atoi(head)
	if err != nil || len(head) != 4 || year < leastYear || year > mostYear {
		return Period{}, bad
	}
	if !part {
		return periodIn(Year, year, 1), nil
	}
	for _, kind := range []PeriodKind{Quarter, Half, Month} {
		number, ok := strings.CutPrefix(tail, parts[kind].mark)
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 1 || n > 12/parts[kind].months {
			continue
		}
		if p := periodIn(kind, year, n); p.ID == id {
			return p, nil
		}
	}
	return Period{}, bad
}

// PeriodAt returns the period of a kind that a moment is in.
func PeriodAt(kind PeriodKind, t time.Time) Period {
	d, err := persian.FromTime(t.In(tehran()))
	if err != nil {
		return Period{}
	}
	return periodIn(kind, d.Y, (d.M-1)/parts[kind].months+1)
}

// periodIn returns the nth period of a kind in a year.
func periodIn(kind PeriodKind, year, n int) Period {
	if kind == Event {
		kind = Half
	}
	months := parts[kind].months
	p := Period{ID: strconv.Itoa(year), Kind: kind, Start: jalali(year, (n-1)*months+1), End: jalali(year, n*months+1)}
	switch kind {
	case Month:
		p.ID = fmt.Sprintf("%d-%02d", year, n)
	case Quarter, Half:
		p.ID = fmt.Sprintf("%d-%s%d", year, parts[kind].mark, n)
	default:
	}
	p.Label = p.label(year, n)
	return p
}

// jalali is the first moment of a month, of the next year for the 13th.
func jalali(year, month int) time.Time {
	if month > 12 {
		year, month = year+1, month-12
	}
	y, m, d, err := persian.Date{Y: year, M: month, D: 1}.ToGregorian()
	if err != nil {
		return time.Time{}
	}
	return time.Date(y, m, d, 0, 0, 0, 0, tehran()).UTC()
}

// Names of the parts of a year, in order.
var (
	quartersFa = []string{"بهار", "تابستان", "پاییز", "زمستان"}
	quartersEn = []string{"Spring", "Summer", "Autumn", "Winter"}
	halvesFa   = []string{"نیمهٔ نخست", "نیمهٔ دوم"}
	halvesEn   = []string{"First half of", "Second half of"}
)

// label is what the period is called; in English with its months of the
// Gregorian calendar.
func (p *Period) label(year, n int) catalog.Text {
	fa, en := "سال", ""
	switch p.Kind {
	case Month:
		fa, en = persian.MonthName(n, "fa"), persian.MonthName(n, "en")
	case Quarter:
		fa, en = quartersFa[n-1], quartersEn[n-1]
	case Half:
		fa, en = halvesFa[n-1], halvesEn[n-1]
	default:
	}
	const my = "Jan 2006"
	from, to := p.Start.In(tehran()), p.End.In(tehran()).AddDate(0, 0, -1)
	span := from.Format(my) + " – " + to.Format(my)
	if from.Year() == to.Year() {
		span = from.Format("Jan") + " – " + to.Format(my)
	}
	y := strconv.Itoa(year)
	return catalog.Text{"fa": fa + " " + persian.Digits(y, "fa"), "en": strings.TrimSpace(en+" "+y) + " (" + span + ")"}
}

// Next is the period behind p.
func (p *Period) Next() Period { return PeriodAt(p.Kind, p.End) }

// Before is the period before p.
func (p *Period) Before() Period { return PeriodAt(p.Kind, p.Start.Add(-time.Hour)) }

// Ended reports whether p is over at a moment.
func (p *Period) Ended(now time.Time) bool { return !now.Before(p.End) }

// Due is the moment until which something about p may be handed in: the end of
// the day that is so many days after its end.
func (p *Period) Due(days int) time.Time {
	return p.End.In(tehran()).AddDate(0, 0, days).UTC()
}

// within are the periods of a kind that end in p, the first one first; where
// there is none, since they are longer, the last that ended before.
func (p *Period) within(kind PeriodKind) []Period {
	var all []Period
	for in := PeriodAt(kind, p.Start); !in.End.After(p.End); in = in.Next() {
		all = append(all, in)
	}
	if len(all) == 0 {
		now := PeriodAt(kind, p.Start)
		all = append(all, now.Before())
	}
	return all
}

// jalaliDay is the first moment of a day of the Jalali calendar.
func jalaliDay(s string) (time.Time, error) {
	d, err := persian.Parse(s)
	if err != nil {
		return time.Time{}, err
	}
	y, m, day, err := d.ToGregorian()
	return time.Date(y, m, day, 0, 0, 0, 0, tehran()).UTC(), err
}
