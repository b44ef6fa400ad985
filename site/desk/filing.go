package desk

import (
	"errors"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/site"
)

// What is done to a filing.
const (
	doHand    = "hand"
	doObject  = "object"
	doAccept  = "accept"
	doReject  = "reject"
	doUphold  = "uphold"
	doDismiss = "dismiss"
)

// A filingView is what an agency is asked for by an indicator and a period, what
// it handed in, what the machine found in it, and the ways on.
type filingView struct {
	page
	acts
	Name     string // of the agency
	ID       string // of the indicator
	Asked    askedFor
	Period   string
	Due      time.Time // the last day
	Event    bool
	State    site.ScoreState
	Points   string
	Public   string // address of the public page
	Gone     []string
	Evidence []indicators.Evidence
	Check    *site.ScoreSum
	CheckAt  time.Time
	Tried    bool // Check is of what is typed, which was not handed in
	Acts     []indicators.Act
	Choices  []option // datasets and files to choose from
	More     bool     // there are more of them
	Done     string

	agency  catalog.Agency
	asking  indicators.Asking
	filing  indicators.Filing // the zero one while there is none
	choices []indicators.Choice
}

// askedFor is what an indicator asks for, in words.
type askedFor struct {
	Title, Why, Formula, Source string
	Columns                     []string // titles of those that a table is to have
	Rows                        int64
	Formats                     []string
}

func (d *Desk) filingPage(r *site.Request) (*filingView, error) {
	ctx := r.Context()
	a, err := d.Store.Agency(ctx, r.Param("agency"))
	if err != nil || !r.Actor.Can(catalog.View, a.ID) || catalog.IsBuiltin(a.ID) {
		return nil, errors.Join(ignoreMissing(err), catalog.NotFound(catalog.NounAgency, r.Param("agency")))
	}
	v := &filingView{page: page{frame(r, "desk.filing.title")}, agency: a}
	v.asking, err = d.marks.Asking(ctx, a.ID, r.Param("indicator"), r.Param("period"))
	if isRefusal(err) {
		err = catalog.NotFound(indicators.NounFiling, r.Param("indicator"))
	}
	if err != nil {
		return nil, err
	}
	found, _, err := d.marks.Filings(ctx, indicators.FilingFilter{Agencies: []string{a.ID}, Indicator: v.asking.Indicator.ID, Period: v.asking.Period.ID, Limit: 1})
	if err == nil && len(found) > 0 {
		v.filing, err = d.marks.Filing(ctx, found[0].ID)
	}
	if err != nil {
		return nil, err
	}
	if v.choices, err = d.marks.Choices(ctx, a.ID); err != nil {
		return nil, err
	}
	v.tell(r, d.Store.Now())
	v.offer(r)
	if done := r.Query.Get("done"); slices.Contains([]string{doHand, doObject, doAccept, doReject, doUphold, doDismiss}, done) {
		v.Done = "desk.filing.done." + done
	}
	return v, nil
}

// isRefusal reports whether an error says that what was asked for is not fit.
func isRefusal(err error) bool {
	var invalid *catalog.InvalidError
	var conflict *catalog.ConflictError
	return errors.As(err, &invalid) || errors.As(err, &conflict)
}

// tell puts what is known of the filing into words.
func (v *filingView) tell(r *site.Request, now time.Time) {
	in := &v.asking.Indicator
	v.Name, _ = v.agency.Title.In(r.Lang)
	v.Period, _ = v.asking.Period.Label.In(r.Lang)
	v.ID, v.Due, v.Event = in.ID, r.LastDay(v.asking.Due), in.Period == indicators.Event
	v.Asked = askedFor{Rows: in.Rule.Rows, Formats: in.Rule.Formats}
	v.Asked.Title, _ = in.Title.In(r.Lang)
	v.Asked.Why, _ = in.Why.In(r.Lang)
	v.Asked.Formula, _ = in.Formula.In(r.Lang)
	v.Asked.Source, _ = in.Source.In(r.Lang)
	for _, id := range in.Rule.Columns {
		title, _ := v.asking.Set.Columns[id].Title.In(r.Lang)
		v.Asked.Columns = append(v.Asked.Columns, title)
	}
	v.Title = v.Asked.Title
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.filings.title"), URL: "/" + r.Lang + pathFilings + "?agency=" + v.agency.ID})
	f := &v.filing
	v.State = site.StateOf(standing(&v.asking, f, now))
	if f.ID == "" {
		return
	}
	v.Points, v.Public = r.PointsText(f.Score.Points), "/"+r.Lang+"/filings/"+f.ID
	v.Evidence, v.Acts = f.Evidence, f.Acts
	for i := range f.Evidence {
		if f.Evidence[i].Gone {
			v.Gone = append(v.Gone, evidenceName(r, &f.Evidence[i]))
		}
	}
	if len(f.Checks) > 0 {
		v.check(r, &f.Checks[0])
	}
}

// check shows a check.
func (v *filingView) check(r *site.Request, c *indicators.Check) {
	v.Check, v.CheckAt = r.ScoreSum(c, v.asking.Set.Columns), c.At
}

// standing is where the agency stands with what it is asked for.
func standing(a *indicators.Asking, f *indicators.Filing, now time.Time) indicators.State {
	switch {
	case f.ID != "":
		return f.State
	case a.Indicator.Period == indicators.Event:
		return indicators.Quiet
	case !a.Period.Ended(now):
		return indicators.Running
	case now.Before(a.Due):
		return indicators.Due
	}
	return indicators.Late
}

// offer adds the forms for what the actor may do now.
func (v *filingView) offer(r *site.Request) {
	f := &v.filing
	revision := hiddenRevision(f.Revision)
	publishes, operates := r.Actor.Can(catalog.Publish, v.agency.ID), r.Actor.Can(catalog.Operate, "")
	if publishes && f.State != indicators.Objected {
		v.Forms = append(v.Forms, v.handForm(r, revision))
	}
	why := field{Name: "ground", Kind: "textarea", Short: true}
	maybe := why
	maybe.Optional = true
	add := func(do string, reason field) {
		v.Forms = append(v.Forms, form{Do: do, Submit: "desk.filing.submit." + do, Fields: []field{revision, reason}})
	}
	dismissed := len(f.Acts) > 0 && f.Acts[len(f.Acts)-1].Kind == indicators.ActDismissed
	if publishes && f.State == indicators.Rejected && !dismissed {
		add(doObject, why)
	}
	switch {
	case !operates || f.ID == "":
	case f.State == indicators.Objected:
		add(doUphold, why)
		add(doDismiss, why)
	default:
		if f.State != indicators.Accepted {
			add(doAccept, maybe)
		}
		if f.State != indicators.Rejected {
			add(doReject, why)
		}
	}
}

func (d *Desk) filing(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.filingPage)
}

func (d *Desk) doFiling(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.filingPage)
	if err != nil {
		return nil, err
	}
	path := filingPath(v.agency.Slug, v.ID, v.asking.Period.ID)
	if f.Do == doHand {
		return d.hand(r, v, f, path)
	}
	if f.Do != doAccept && f.typed("ground") == "" {
		err = &catalog.InvalidError{Field: "ground", Reason: "say why; everybody sees it"}
	}
	if err == nil {
		err = d.freshForm(r, path)
	}
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return judge(tx, r, v.filing.ID, f) })
	}
	if err == nil {
		return nil, moved(r, path+"?done="+f.Do)
	}
	return stay(v, f, d.refusedWrite(r, f, inField(err, "reason", "ground"), newly(r, d.filingPage, f)))
}

// judge does to a filing what the form says.
func judge(tx *catalog.Tx, r *site.Request, id string, f *form) (err error) {
	revision, because := revisionOf(r), typedLong(f, "ground")
	switch f.Do {
	case doObject:
		_, err = indicators.Object(tx, &r.Actor, id, revision, because)
	case doAccept, doReject:
		_, err = indicators.Review(tx, &r.Actor, id, revision, f.Do == doAccept, because)
	default:
		_, err = indicators.Decide(tx, &r.Actor, id, revision, f.Do == doUphold, because)
	}
	return err
}
