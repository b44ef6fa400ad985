package desk

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/site"
)

// pathFilings is where agencies hand in what indicators ask for; a filing
// stands below it, behind its agency, indicator and period.
const pathFilings = pathHome + "/filings"

func (d *Desk) filingRoutes() []site.Route {
	return []site.Route{
		{Path: pathFilings, View: d.filings, Template: "desk_filings"},
		{Path: pathFilings + "/{agency}/{indicator}/{period}", View: d.filing, Act: d.doFiling, Template: "desk_filing"},
	}
}

func filingPath(agency, indicator, period string) string {
	return pathFilings + "/" + url.PathEscape(agency) + "/" + indicator + "/" + period
}

// A filingsView is what agencies have to hand in, and what they handed in.
type filingsView struct {
	page
	Agency     field // by which the list is narrowed; without options for one agency
	State      field
	None       bool // no set is in force
	Unmeasured bool // the agency is of no kind that anything is asked of
	Operator   bool
	Late       []filingRow // the newest first
	Older      []filingRow // late for longer than mostLate others
	Due        []filingRow
	Open       []filingRow // may be handed in already
	Filed      []filingRow
	Total      int64
	Next       string
}

// A filingRow is something that was, or is to be, handed in.
type filingRow struct {
	ID     string // of the indicator
	Title  string
	URL    string
	Agency string // where the list has several
	Period string
	Due    time.Time // the last day
	Says   string    // how long there is, or was
	State  site.ScoreState
	Points string
	At     time.Time // of the last change
}

// filingStates are the states by which filings can be narrowed.
var filingStates = []indicators.State{indicators.Submitted, indicators.Objected, indicators.Rejected, indicators.Accepted}

func (d *Desk) filings(_ *site.Site, r *site.Request) (site.View, error) {
	v := &filingsView{page: page{frame(r, "desk.filings.title")}, Operator: r.Actor.Can(catalog.Operate, "")}
	there, err := d.marks.InForce(r.Context())
	if err != nil {
		return nil, err
	}
	v.None = !there
	own, all := r.Actor.Agencies(catalog.View)
	if all {
		own = nil
	}
	names, err := d.agencyNames(r.Context(), r.Lang, own)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(a agencyName) bool { return catalog.IsBuiltin(a.ID) })
	chosen := r.Query.Get("agency")
	if len(names) > 1 {
		v.Agency = field{Name: "agency", Kind: "select", Options: []option{{Label: r.Text("desk.filings.agency.all")}}}
		v.Agency.Options = append(v.Agency.Options, placeOptions(names, false)...)
	}
	for i := range v.Agency.Options {
		o := &v.Agency.Options[i]
		o.Chosen = o.Value == chosen
	}
	ids := make([]string, 0, len(names))
	for _, a := range names {
		if chosen == "" || a.ID == chosen {
			ids = append(ids, a.ID)
		}
	}
	if r.Query.Get("state") == "" { // else somebody looks for what was handed in
		if err := d.listAsked(r, v, ids, names, all && chosen == ""); err != nil {
			return nil, err
		}
	}
	if n := len(v.Late); n > mostLate+1 {
		v.Late, v.Older = v.Late[:mostLate], v.Late[mostLate:]
	}
	return v, d.listFiled(r, v, ids, names)
}

// mostLate is how many late ones stand before what is due; those before them are
// folded.
const mostLate = 8

// mostAsked is how many rows of a kind are listed for several agencies at once.
const mostAsked = 100

// listAsked adds what the agencies have to hand in; of all agencies at once only
// what was handed in is listed.
func (d *Desk) listAsked(r *site.Request, v *filingsView, ids []string, names []agencyName, everywhere bool) error {
	if everywhere || len(ids) == 0 {
		return nil
	}
	if len(ids) == 1 {
		a, err := d.Store.Agency(r.Context(), ids[0])
		if err != nil {
			return err
		}
		v.Unmeasured = a.Kind == ""
	}
	asked, err := d.marks.Asked(r.Context(), ids)
	if err != nil {
		return err
	}
	now := d.Store.Now()
	slices.Reverse(asked) // the newest first
	for i := range asked {
		o := &asked[i]
		row := filingRow{ID: o.ID, URL: "/" + r.Lang + filingPath(o.Slug, o.ID, o.Period.ID), Due: r.LastDay(o.Due)}
		row.Title, _ = o.Indicator.Title.In(r.Lang)
		row.Period, _ = o.Period.Label.In(r.Lang)
		if len(ids) > 1 {
			row.Agency = nameOf(names, o.Agency)
		}
		list := &v.Due
		switch {
		case o.Indicator.Period == indicators.Event:
			list, row.State, row.Says = &v.Open, site.StateOf(indicators.Quiet), r.Text("desk.filing.event")
		case o.Days > 0:
			list, row.State, row.Says = &v.Late, site.StateOf(indicators.Late), r.Text("desk.filing.late", "n", o.Days)
		case o.Period.Ended(now):
			row.State, row.Says = site.StateOf(indicators.Due), r.Text("desk.filing.left", "n", -o.Days)
		default:
			list, row.State, row.Says = &v.Open, site.StateOf(indicators.Running), r.Text("desk.filing.running")
		}
		if len(*list) < mostAsked || len(ids) == 1 {
			*list = append(*list, row)
		}
	}
	return nil
}

// listFiled adds a page of what the agencies handed in.
func (d *Desk) listFiled(r *site.Request, v *filingsView, ids []string, names []agencyName) error {
	f := indicators.FilingFilter{Agencies: ids, Limit: datasetsSize}
	state := r.Query.Get("state")
	v.State = field{Name: "state", Kind: "select", Options: []option{{Label: r.Text("desk.filings.state.all")}}}
	for _, s := range filingStates {
		v.State.Options = append(v.State.Options, option{Value: string(s), Label: r.Text("score.state." + string(s)), Chosen: string(s) == state})
		if string(s) == state {
			f.States = []indicators.State{s}
		}
	}
	if at, err := time.Parse(time.RFC3339Nano, r.Query.Get("before")); err == nil {
		f.Before, f.After = at, r.Query.Get("after")
	}
	filed, total, err := d.marks.Filings(r.Context(), f)
	if err != nil {
		return err
	}
	titles, err := d.indicatorTitles(r.Context(), r.Lang)
	if err != nil {
		return err
	}
	v.Total = total
	for i := range filed {
		f := &filed[i]
		row := filingRow{
			ID: f.Indicator, Title: titles[f.Indicator], URL: "/" + r.Lang + filingPath(f.Agency, f.Indicator, f.Period), Period: f.Period,
			State: site.StateOf(f.State), Points: r.PointsText(f.Score.Points), At: f.Updated,
		}
		if p, err := indicators.PeriodOf(f.Period); err == nil {
			row.Period, _ = p.Label.In(r.Lang)
		}
		if len(ids) > 1 {
			row.Agency = nameOf(names, f.Agency)
		}
		v.Filed = append(v.Filed, row)
	}
	if n := len(filed); n == datasetsSize {
		v.Next = "/" + r.Lang + pathFilings + "?" + url.Values{
			"agency": {r.Query.Get("agency")}, "state": {state}, "before": {filed[n-1].Updated.Format(time.RFC3339Nano)}, "after": {filed[n-1].ID},
		}.Encode()
	}
	return nil
}

// indicatorTitles are what the indicators of all sets are called, by id; as the
// newest set that has one calls it.
func (d *Desk) indicatorTitles(ctx context.Context, lang string) (map[string]string, error) {
	sets, err := d.marks.Sets(ctx)
	titles := map[string]string{}
	for _, set := range slices.Backward(sets) {
		for i := range set.Indicators {
			titles[set.Indicators[i].ID], _ = set.Indicators[i].Title.In(lang)
		}
	}
	return titles, err
}
