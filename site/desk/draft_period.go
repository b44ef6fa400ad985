package desk

import (
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// A periodView is when a draft is open, and how that can be changed.
type periodView struct {
	page
	acts
	Draft   *consultation.Draft
	Stage   consultation.Stage
	Periods []consultation.Period
	Days    int    // that the draft has to be open
	Rule    string // the setting that says so
	Kind    string // of the draft: key of its name
	Now     time.Time
}

// periodFields are the fields of the forms that the catalogue's stand in.
var periodFields = map[string]string{"opens": "opens_day", "closes": "closes_day", "basis": "by", "kind": ""}

func (d *Desk) periodPage(r *site.Request) (*periodView, error) {
	dr, err := d.changing(r)
	if err != nil {
		return nil, err
	}
	now := d.Store.Now()
	v := &periodView{page: page{draftFrame(r, dr, "desk.step.draft.period")}, Draft: dr, Stage: dr.Stage(now), Now: now}
	if dr.Kind != "" {
		v.Kind = "draft.kind." + dr.Kind
	}
	if v.Periods, err = d.law.Periods(r.Context(), dr.ID); err != nil {
		return nil, err
	}
	if v.Days, v.Rule, err = d.law.PeriodRule(r.Context(), dr.Kind); err != nil {
		return nil, err
	}
	v.Forms = periodForms(dr, v.Stage)
	return v, nil
}

// periodForms are the ways to change when a draft is open, as it stands.
func periodForms(dr *consultation.Draft, stage consultation.Stage) []form {
	hidden, basis := hiddenRevision(dr.Revision), field{Name: "by", Kind: "textarea", Short: true}
	closes := []field{{Name: "closes_day", Kind: "text", Short: true}, {Name: "closes_time", Kind: "text", Short: true, Value: "23:59"}}
	begins := append([]field{hidden, {Name: "opens_day", Kind: "text", Short: true, Optional: true}, {Name: "opens_time", Kind: "text", Short: true, Value: "08:00"}}, closes...)
	begins = append(begins, basis)
	moves := append(append([]field{hidden}, closes...), basis)
	switch stage {
	case consultation.Announced:
		return []form{{Do: consultation.Opened, Submit: "desk.period.opened.submit", Fields: begins}}
	case consultation.Open:
		early := append([]field{}, moves...)
		early[1].Optional = true
		return []form{
			{Do: consultation.Extended, Submit: "desk.period.extended.submit", Fields: moves},
			{Do: consultation.Closed, Submit: "desk.period.closed.submit", Fields: early},
		}
	case consultation.InReview:
		return []form{{Do: consultation.Reopened, Submit: "desk.period.reopened.submit", Fields: begins}}
	default:
		return nil
	}
}

func (d *Desk) period(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.periodPage)
}

func (d *Desk) doPeriod(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.periodPage)
	if err != nil {
		return nil, err
	}
	w := consultation.PeriodWish{Kind: f.Do, Basis: f.typed("by")}
	w.Opens, err = momentOf(f, "opens")
	if err == nil {
		w.Closes, err = momentOf(f, "closes")
	}
	if err == nil && w.Closes.IsZero() && f.Do != consultation.Closed {
		err = &catalog.InvalidError{Field: "closes_day", Reason: "say when it closes"}
	}
	if err == nil && !v.Draft.New() {
		err = d.freshForm(r, deskDraftPath(v.Draft)+"/period")
	}
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			_, _, err := consultation.AddPeriod(tx, &r.Actor, v.Draft.ID, revisionOf(r), w)
			return err
		})
	}
	if err == nil {
		return nil, moved(r, deskDraftPath(v.Draft)+"?done=period")
	}
	return stay(v, f, d.refusedDraft(r, f, err, func() (*form, error) {
		now, err := d.periodPage(r)
		if err != nil {
			return nil, err
		}
		v.Draft, v.Periods, v.Stage = now.Draft, now.Periods, now.Stage
		return &form{Fields: []field{hiddenRevision(now.Draft.Revision)}}, nil // the rest is not stored anywhere yet
	}))
}

// momentOf is the moment that two fields of the form say, a day in one of the
// calendars and a time in Tehran; zero without a day.
func momentOf(f *form, name string) (time.Time, error) {
	day, err := dayOf(f.typed(name + "_day"))
	if err != nil {
		return time.Time{}, &catalog.InvalidError{Field: name + "_day", Reason: err.Error()}
	}
	if day == "" {
		return time.Time{}, nil
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{}, &catalog.InvalidError{Field: name + "_day", Reason: errNoDay.Error()}
	}
	clock, err := time.Parse("15:04", strings.ReplaceAll(persian.ASCIIDigits(f.typed(name+"_time")), ".", ":"))
	if err != nil {
		return time.Time{}, &catalog.InvalidError{Field: name + "_time", Reason: "it is an hour and a minute like 08:30"}
	}
	return at.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute), nil
}
