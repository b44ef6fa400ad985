package site

import (
	"time"

	"github.com/openshafaf/shafaf/catalog/indicators"
)

// A leagueView is the agencies by their values in a period.
type leagueView struct {
	Frame
	Period  said
	Version int64
	SetURL  string
	Periods []choice
	SelfURL string
	Places  []rankingRow
	Other   []rankingRow // not measured
	Median  string
	Values  *distribution
	Example *valueExample
	Files   []Link
	shape   indicators.League
}

// JSON is the league as the API answers it.
func (v *leagueView) JSON() any { return v.shape }

func (s *Site) league(r *Request) (View, error) {
	l := s.locales[r.Lang]
	league, err := s.indicators.League(r.Context(), r.Query.Get(paramPeriod))
	if err != nil {
		return nil, err
	}
	v := &leagueView{
		Period: l.said(league.Period.Label), Version: int64(league.Version), Periods: l.periodChoices(league.Periods, league.Period.ID), SelfURL: "/" + r.Lang + r.Path,
		Places: l.leagueRows(league.Places), Other: l.leagueRows(league.Unmeasured), Median: l.medianText(league.Median), Values: l.distribution(league.Counts),
		Files: sheetFiles(withQuery(r.Path, keepOnly(r.Query, paramPeriod))), shape: league,
	}
	if v.Version > 0 {
		v.SetURL = "/" + r.Lang + setPath(league.Version)
	}
	if len(league.Places) > 0 {
		v.Example = l.valueExample(league.Places[0].Value, league.Places[0].Parts)
	}
	v.Frame = Frame{
		Title: l.Text("league.title"), Description: l.Text("league.description"), Section: "indicators", Crumbs: l.indicatorCrumbs(),
		State: keepOnly(r.Query, paramPeriod).Encode(),
	}
	return v, nil
}

func (l *locale) leagueRows(places []indicators.Place) []rankingRow {
	var all []rankingRow
	for i := range places {
		p := &places[i]
		row := rankingRow{Rank: int64(p.Rank), Agency: l.placeLink(p), Points: l.points(p.Value), Late: int64(p.Late)}
		if p.Value != nil && p.Before != nil {
			row.Change = l.changeText(*p.Value - *p.Before)
		}
		all = append(all, row)
	}
	return all
}

// changeText says by how much points rose or fell, to a tenth.
func (l *locale) changeText(by float64) string {
	text := l.Float(by, 1)
	switch {
	case text == l.Float(0, 1) || text == l.Float(-0.01, 1):
		return l.Text("points.same")
	case by > 0:
		return l.Text("points.more", "x", text)
	default:
		return l.Text("points.less", "x", l.Float(-by, 1))
	}
}

// A lateView is what agencies have not handed in though it was due.
type lateView struct {
	Frame
	Rows  []lateRow
	Total int64
	Files []Link
	shape List[indicators.Overdue]
}

// A lateRow is a filing that is late.
type lateRow struct {
	Agency    Link
	Indicator Link
	ID        string
	Period    said
	Due       time.Time
	Days      int64
}

// lateRows is how many late filings a page shows; files have all.
const lateRows = 500

// JSON is what is late as the API answers it.
func (v *lateView) JSON() any { return v.shape }

func (s *Site) lateFilings(r *Request) (View, error) {
	l := s.locales[r.Lang]
	all, err := s.indicators.Late(r.Context(), "")
	if err != nil {
		return nil, err
	}
	v := &lateView{Total: int64(len(all)), Files: sheetFiles(latePath), shape: List[indicators.Overdue]{Total: int64(len(all)), Results: append([]indicators.Overdue{}, all...)}}
	for i := range all[:min(len(all), lateRows)] {
		o := &all[i]
		agency, indicator := l.said(o.Title), l.said(o.Indicator.Title)
		v.Rows = append(v.Rows, lateRow{
			Agency:    Link{Text: agency.Text, Lang: agency.Lang, URL: "/" + l.lang + scoresPath(o.Slug)},
			Indicator: Link{Text: indicator.Text, Lang: indicator.Lang, URL: "/" + l.lang + indicatorPath(o.ID) + "?" + paramPeriod + "=" + o.Period.ID},
			ID:        o.ID, Period: l.said(o.Period.Label), Due: l.lastDay(o.Due), Days: int64(o.Days),
		})
	}
	v.Frame = Frame{Title: l.Text("late.title"), Description: l.Text("late.description"), Section: "indicators", Crumbs: l.indicatorCrumbs()}
	return v, nil
}
