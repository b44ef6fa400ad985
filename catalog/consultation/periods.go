package consultation

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// SettingPeriod and the kind of a draft name the setting of how many days it has
// to be open; that of kind "default" is for those that have none, and without
// that it is DefaultDays.
const (
	SettingPeriod      = "periods."
	SettingPeriodOther = SettingPeriod + anyKind
	anyKind            = "default"
	DefaultDays        = 7
	mostDays           = 3650
)

const day = 24 * time.Hour

// A PeriodError says which rule of periods somebody did not keep. It is an
// *catalog.InvalidError for who asks for one.
type PeriodError struct {
	Code  string    // of periodFaults
	Field string    // opens, closes, kind or basis
	Rule  string    // the setting that the rule stands in, for Code "short"
	Days  int       // that it asks for
	Have  float64   // days that there would be
	At    time.Time // the moment that stands in the way
}

// periodFaults is the table of what can be wrong with a period.
var periodFaults = map[string]string{
	"backwards": "it closes before it opens",
	"past":      "it would begin in the past: it is %[1]s now",
	"over":      "it would be over already: it is %[1]s now",
	"overlaps":  "it overlaps the one that is open until %[1]s: extend that one",
	"short":     "a draft of this kind is open for at least %[2]d days (rule %[3]s), and this makes %[4]s",
	"shorter":   "it is open until %[1]s already: to extend it give a later moment",
	"longer":    "it closes at %[1]s anyway: to close it early give an earlier moment",
	"unopened":  "it has not opened yet: it opens at %[1]s",
	"closed":    "it is closed since %[1]s: reopen it",
	"never":     "it was not open yet: open it first",
	"again":     "it was open before: reopen it",
	"far":       "it would be open for more than ten years",
	"basis":     "say which rule or decision it follows from; everybody sees it",
	"kind":      "a period is opened, extended, reopened or closed",
}

func (e *PeriodError) Error() string { return e.invalid().Error() }

// Unwrap is the same as a catalog.InvalidError.
func (e *PeriodError) Unwrap() error { return e.invalid() }

func (e *PeriodError) invalid() *catalog.InvalidError {
	said := periodFaults[e.Code]
	if strings.Contains(said, "%") {
		said = fmt.Sprintf(said+"%.0[5]s", e.At.UTC().Format("2006-01-02 15:04 MST"), e.Days, e.Rule, strconv.FormatFloat(e.Have, 'f', -1, 64), "")
	}
	return &catalog.InvalidError{Field: e.Field, Reason: said}
}

// A rule is how long a draft has to be open.
type rule struct {
	name string // the setting
	days int
}

// ruleOf returns the rule for a kind of drafts.
func ruleOf(kind string, setting func(string) (string, error)) (rule, error) {
	for _, k := range []string{kind, anyKind} {
		if k == "" {
			continue
		}
		said, err := setting(SettingPeriod + k)
		if err != nil {
			return rule{}, err
		}
		if n, err := strconv.Atoi(strings.TrimSpace(said)); err == nil && n >= 0 && n <= mostDays {
			return rule{SettingPeriod + k, n}, nil
		}
	}
	return rule{SettingPeriodOther, DefaultDays}, nil
}

// CheckPeriodRule reports whether a text may be the value of a setting of
// periods: whole days.
func CheckPeriodRule(said string) error {
	if n, err := strconv.Atoi(strings.TrimSpace(said)); err != nil || n < 0 || n > mostDays {
		return &catalog.InvalidError{Field: "days", Reason: fmt.Sprintf("a period is a number of days from 0 to %d", mostDays)}
	}
	return nil
}

// next returns the entry that follows from what was said before, or why it
// cannot be: kind, opens and closes are what somebody asks for. A zero moment to
// open is now, or the one that is in force.
func next(before []Period, kind string, opens, closes, now time.Time, r rule) (Period, error) {
	var last Period
	if len(before) > 0 {
		last = before[len(before)-1]
	}
	p := Period{N: last.N + 1, Kind: kind, Opens: opens, Closes: closes, At: now}
	var err error
	switch kind {
	case Opened, Reopened:
		err = p.begin(before, &last, now)
	case Extended, Closed:
		err = p.move(before, &last, now)
	default:
		err = &PeriodError{Code: "kind", Field: "kind"}
	}
	if err != nil {
		return p, err
	}
	if kind == Closed && reopened(before) {
		r.days = 0
	}
	return p, p.long(r)
}

// reopened reports whether the period in force is not the first one: the rule
// was kept by that.
func reopened(before []Period) bool {
	for i := len(before) - 1; i >= 0; i-- {
		if before[i].Kind == Opened || before[i].Kind == Reopened {
			return before[i].Kind == Reopened
		}
	}
	return false
}

// begin checks an entry that begins a period. One that has not begun yet can be
// put in place of itself.
func (p *Period) begin(before []Period, last *Period, now time.Time) error {
	if p.Opens.IsZero() {
		p.Opens = now
	}
	was := begun(before, now)
	switch {
	case p.Kind == Opened && was:
		return &PeriodError{Code: "again", Field: "kind"}
	case p.Kind == Reopened && !was:
		return &PeriodError{Code: "never", Field: "kind"}
	case !p.Closes.After(p.Opens):
		return &PeriodError{Code: "backwards", Field: "closes"}
	case p.Opens.Before(now.Truncate(time.Minute)): // a form knows minutes
		return &PeriodError{Code: "past", Field: "opens", At: now}
	case was && !last.Opens.After(now) && now.Before(last.Closes):
		return &PeriodError{Code: "overlaps", Field: "opens", At: last.Closes}
	}
	return nil
}

// begun reports whether a period began by now.
func begun(before []Period, now time.Time) bool {
	for i := range before {
		// An entry that another one replaced before it began never did.
		replaced := i+1 < len(before) && before[i+1].At.Before(before[i].Opens)
		if !before[i].Opens.After(now) && !replaced {
			return true
		}
	}
	return false
}

// move checks an entry that moves the end of the period in force.
func (p *Period) move(before []Period, last *Period, now time.Time) error {
	if len(before) == 0 {
		return &PeriodError{Code: "never", Field: "kind"}
	}
	p.Opens = last.Opens
	if p.Kind == Closed && p.Closes.IsZero() {
		p.Closes = now
	}
	switch {
	case !now.Before(last.Closes):
		return &PeriodError{Code: "closed", Field: "kind", At: last.Closes}
	case p.Kind == Closed && now.Before(last.Opens):
		return &PeriodError{Code: "unopened", Field: "kind", At: last.Opens}
	case !p.Closes.After(p.Opens):
		return &PeriodError{Code: "backwards", Field: "closes"}
	case p.Kind == Extended && !p.Closes.After(last.Closes):
		return &PeriodError{Code: "shorter", Field: "closes", At: last.Closes}
	case p.Kind == Closed && !p.Closes.Before(last.Closes):
		return &PeriodError{Code: "longer", Field: "closes", At: last.Closes}
	case p.Kind == Closed && p.Closes.Before(now.Truncate(time.Minute)):
		return &PeriodError{Code: "over", Field: "closes", At: now}
	}
	return nil
}

// long refuses what is shorter than the rule, or longer than anybody means.
func (p *Period) long(r rule) error {
	open := p.Closes.Sub(p.Opens)
	switch {
	case open < time.Duration(r.days)*day && (p.Kind == Opened || p.Kind == Closed):
		return &PeriodError{Code: "short", Field: "closes", Rule: r.name, Days: r.days, Have: float64(open/(day/100)) / 100}
	case open > mostDays*day:
		return &PeriodError{Code: "far", Field: "closes"}
	}
	return nil
}

// longEnough refuses a kind of which a draft has to be open for longer than its
// first period is.
func longEnough(tx *catalog.Tx, d *Draft) error {
	all, err := periods(tx, d.ID)
	if err != nil || len(all) == 0 || reopened(all) {
		return err
	}
	r, err := ruleOf(d.Kind, tx.Setting)
	if err != nil {
		return err
	}
	p := all[len(all)-1]
	p.Kind = Opened
	return p.long(r)
}

// PeriodRule returns how many days a draft of the kind has to be open, and the
// setting that says so.
func PeriodRule(tx *catalog.Tx, kind string) (days int, setting string, err error) {
	r, err := ruleOf(kind, tx.Setting)
	return r.days, r.name, err
}

// PeriodRule is the rule as it is set now.
func (c *Consultation) PeriodRule(ctx context.Context, kind string) (days int, setting string, err error) {
	all, err := c.store.Settings(ctx)
	if err != nil {
		return 0, "", catalog.Wrap("period rule", err)
	}
	r, err := ruleOf(kind, func(name string) (string, error) { return all[name], nil })
	return r.days, r.name, err
}

// A PeriodWish is when somebody of the agency wants a draft to be open.
type PeriodWish struct {
	Kind   string    // Opened, Extended, Reopened or Closed
	Opens  time.Time // zero: now; of the kinds that begin a period
	Closes time.Time // zero with Closed: now
	Basis  string    // the rule or decision that it follows from
}

// AddPeriod appends to when a draft is open. The clock decides what is past, and
// the rule of the draft's kind how long it has to be open in all: *PeriodError.
func AddPeriod(tx *catalog.Tx, by *catalog.Actor, draft string, revision int64, w PeriodWish) (Draft, Period, error) {
	d, err := changing(tx, by, draft, revision)
	if err == nil {
		err = d.undecided()
	}
	if err != nil {
		return d, Period{}, err
	}
	if w.Basis = strings.TrimSpace(w.Basis); w.Basis == "" {
		return d, Period{}, &PeriodError{Code: "basis", Field: "basis"}
	}
	if err := fits("basis", catalog.Text{"": w.Basis}, maxBasis); err != nil {
		return d, Period{}, err
	}
	if !d.New() {
		if err := worded(tx, &d); err != nil {
			return d, Period{}, err
		}
	}
	before, err := periods(tx, d.ID)
	if err != nil {
		return d, Period{}, err
	}
	r, err := ruleOf(d.Kind, tx.Setting)
	if err != nil {
		return d, Period{}, err
	}
	p, err := next(before, w.Kind, w.Opens, w.Closes, tx.Now(), r)
	if err != nil {
		return d, p, err
	}
	p.Basis = w.Basis
	if err := appendPeriod(tx, &d, begun(before, tx.Now()), &p); err != nil {
		return d, p, err
	}
	if p.Kind == Extended && d.Visible() {
		if err := alert(tx, d.ID, AlertExtended, p.ID); err != nil {
			return d, p, err
		}
	}
	d, err = did(tx, by, "period."+p.Kind, &d, nil, &p, p.Basis)
	return d, p, err
}

func periods(tx *catalog.Tx, draft string) ([]Period, error) {
	rows, err := tx.Rows("select "+periodColumns+" from periods where draft = ? order by n", draft)
	return catalog.Collect(rows, err, scanPeriod)
}

// appendPeriod writes an entry and puts it in force. began says whether the
// draft was open before.
func appendPeriod(tx *catalog.Tx, d *Draft, began bool, p *Period) error {
	p.ID, p.Draft = tx.NewID(), d.ID
	if err := tx.Exec("insert into periods ("+periodColumns+") values (?, ?, ?, ?, ?, ?, ?, ?)",
		p.ID, p.Draft, p.N, p.Kind, catalog.AsTime(&p.Opens), catalog.AsTime(&p.Closes), p.Basis, catalog.AsTime(&p.At)); err != nil {
		return err
	}
	if d.Opens, d.Closes = p.Opens, p.Closes; !began {
		d.Begins = p.Opens
	}
	return write(tx, d)
}

// worded refuses to open a draft that has no public text.
func worded(tx *catalog.Tx, d *Draft) error {
	var there bool
	if err := tx.Row("select exists (select 1 from versions where draft = ? and state = 'published')", d.ID).Scan(&there); err != nil || there {
		return err
	}
	return &catalog.ConflictError{Code: "draft.textless", Reason: "it has no public text to comment on: publish one first"}
}
