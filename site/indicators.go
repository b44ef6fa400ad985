package site

import (
	"context"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
)

// Addresses of indicators, without language.
const (
	indicatorsPath = "/indicators"
	leaguePath     = indicatorsPath + "/league"
	latePath       = indicatorsPath + "/late"
)

func indicatorPath(id string) string { return indicatorsPath + "/" + id }
func filingPath(id string) string    { return "/filings/" + id }
func setPath(version int) string     { return indicatorsPath + "/sets/" + strconv.Itoa(version) }
func scoresPath(slug string) string  { return agencyPath(slug) + "/scores" }

// paramPeriod is the period that a league or a ranking is of.
const paramPeriod = "period"

// indicatorRoutes are the pages of the indicators of transparency.
func indicatorRoutes() []Route {
	period := []Param{{paramPeriod, "param.period"}}
	one, scores := apiPrefix+indicatorPath("{indicator}"), apiPrefix+scoresPath("{agency}")
	return []Route{
		{Path: indicatorsPath, View: (*Site).indicatorList, Template: "indicators", Cost: costSearch, Doc: "api.indicators"},
		{Path: leaguePath, View: (*Site).league, Template: "league", Cost: costSearch, Doc: "api.league", Params: period},
		{Path: latePath, View: (*Site).lateFilings, Template: "late", Cost: costSearch, Doc: "api.late"},
		{Path: indicatorsPath + "/sets/{version}", View: (*Site).indicatorSet, Template: "indicator_set", Doc: "api.indicator.set", Example: apiPrefix + indicatorsPath + "/sets/{set}"},
		{Path: indicatorPath("{id}"), View: (*Site).indicator, Template: "indicator", Cost: costSearch, Doc: "api.indicator", Params: period, Example: one},
		{Path: filingPath("{id}"), View: (*Site).filing, Template: "filing", Doc: "api.filing", Example: apiPrefix + filingPath("{filing}")},
		{Path: scoresPath("{slug}"), View: (*Site).scores, Template: "scores", Doc: "api.scores", Example: scores},
		sheetRoute(indicatorsPath, "api.indicators.file", indicatorsPath, (*Site).indicatorSheet),
		sheetRoute(leaguePath, "api.league.file", leaguePath, (*Site).leagueSheet, period...),
		sheetRoute(latePath, "api.late.file", latePath, (*Site).lateSheet),
		sheetRoute(indicatorPath("{id}"), "api.indicator.file", indicatorPath("{indicator}"), (*Site).rankingSheet, period...),
		sheetRoute(scoresPath("{slug}"), "api.scores.file", scoresPath("{agency}"), (*Site).scoresSheet),
		{Path: scoreBadgePath("{slug}"), Serve: (*Site).scoreBadge, Doc: "api.badge.score", Params: []Param{{paramLang, "param.lang"}}, Example: scoreBadgePath("{agency}")},
	}
}

// An indicatorsView is what agencies are measured by, and how they stand.
type indicatorsView struct {
	Frame
	Name    said // of the set
	Version int64
	Since   time.Time // zero: it is not in force
	SetURL  string
	Rows    []indicatorRow
	Coming  []setIndicator // of a set that is not in force
	Period  said           // of Values
	Values  *distribution
	Median  string
	Places  int64 // agencies that were measured
	Late    int64
	URLs    struct{ League, Late string }
	Money   []moneyIndicator
	Sets    []setRow
	Files   []Link
	Table   []Link // of all filings
	shape   indicatorsAnswer
}

// An indicatorRow is an indicator in a list.
type indicatorRow struct {
	ID     string
	Title  said
	URL    string
	Every  indicators.PeriodKind
	Weight int64
	Period said // the newest that was due; empty: none was

	Asked, Filed, OnTime, Late int64
	Share                      bar // of OnTime
	Median                     string
	Values                     *distribution
}

// A setRow is a version of the set in its history.
type setRow struct {
	Version int64
	Since   time.Time
	Note    said
	URL     string
	Current bool
}

// indicatorsAnswer is the indicators as the API answers them: results are those
// in force, each with how it stands over all agencies.
type indicatorsAnswer struct {
	Total   int64               `json:"total"`
	Results []indicators.Figure `json:"results"`
	Set     indicators.Set      `json:"set"`  // as it is in force; version 0: it is not
	Sets    []setShape          `json:"sets"` // that were in force, the newest first

	Computed []moneyIndicatorShape `json:"computed"` // of the budgets published here; nobody files them
}

// A setShape names a version of the set.
type setShape struct {
	Version int          `json:"version"`
	Since   time.Time    `json:"since"`
	Note    catalog.Text `json:"note,omitempty"`
	URL     string       `json:"url"`
}

// JSON is the indicators as the API answers them.
func (v *indicatorsView) JSON() any { return v.shape }

func (s *Site) indicatorList(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	v := &indicatorsView{Files: sheetFiles(indicatorsPath)}
	v.Frame = Frame{Title: l.Text("indicators.title"), Description: l.Text("indicators.description"), Section: "indicators"}
	var err error
	if v.Table, err = s.ownTable(ctx, l, "filings"); err != nil {
		return nil, err
	}
	set, err := s.indicators.Set(ctx)
	if err != nil {
		return nil, err
	}
	figures, err := s.indicators.Figures(ctx)
	if err != nil {
		return nil, err
	}
	v.shape = indicatorsAnswer{Total: int64(len(set.Indicators)), Results: append([]indicators.Figure{}, figures...), Set: set, Sets: []setShape{}}
	v.Name, v.Version, v.Since = l.said(set.Title), int64(set.Version), set.Since
	for i := range figures {
		v.Rows = append(v.Rows, l.indicatorRow(&figures[i]))
	}
	for i := range set.Indicators {
		if set.Version == 0 {
			v.Coming = append(v.Coming, l.setIndicator(&set.Indicators[i]))
		}
	}
	if err := s.setHistory(ctx, l, v); err != nil {
		return nil, err
	}
	if err := s.moneyIndicators(ctx, l, v); err != nil || r.JSON {
		return v, err
	}
	return v, s.indicatorLeague(ctx, l, v)
}

func (l *locale) indicatorRow(f *indicators.Figure) indicatorRow {
	row := indicatorRow{
		ID: f.Indicator.ID, Title: l.said(f.Indicator.Title), URL: "/" + l.lang + indicatorPath(f.Indicator.ID), Every: f.Indicator.Period, Weight: int64(f.Indicator.Weight),
		Period: l.said(f.Period.Label), Asked: int64(f.Asked), Filed: int64(f.Filed), OnTime: int64(f.OnTime), Late: int64(f.Late),
		Median: l.medianText(f.Median), Values: l.distribution(f.Counts),
	}
	row.Share.setBar(row.OnTime, row.Asked, l.lang)
	return row
}

// setHistory adds the versions of the set that were in force.
func (s *Site) setHistory(ctx context.Context, l *locale, v *indicatorsView) error {
	sets, err := s.indicators.Sets(ctx)
	if err != nil {
		return err
	}
	for i := range sets {
		set := &sets[i]
		v.Sets = append(v.Sets, setRow{int64(set.Version), set.Since, l.said(set.Note), "/" + l.lang + setPath(set.Version), set.Version == int(v.Version)})
		v.shape.Sets = append(v.shape.Sets, setShape{set.Version, set.Since, set.Note, s.baseURL() + apiPrefix + setPath(set.Version)})
	}
	if v.Version > 0 {
		v.SetURL = "/" + l.lang + setPath(int(v.Version))
	}
	return nil
}

// indicatorLeague adds how agencies stand over all indicators, where they do.
func (s *Site) indicatorLeague(ctx context.Context, l *locale, v *indicatorsView) error {
	league, err := s.indicators.League(ctx, "")
	if err != nil {
		return err
	}
	late, err := s.indicators.Late(ctx, "")
	if err != nil {
		return err
	}
	v.Period, v.Values, v.Median, v.Places = l.said(league.Period.Label), l.distribution(league.Counts), l.medianText(league.Median), int64(len(league.Places))
	v.Late = int64(len(late))
	if len(league.Places)+len(league.Unmeasured) > 0 {
		v.URLs.League = "/" + l.lang + leaguePath
	}
	if v.Version > 0 {
		v.URLs.Late = "/" + l.lang + latePath
	}
	return nil
}

// anyIndicators reports whether agencies are measured: pages lead there then.
func (s *Site) anyIndicators(ctx context.Context) bool {
	there, err := s.indicators.InForce(ctx)
	return there && err == nil
}

// sampleIndicator finds things for examples: a version of the set, an indicator
// of it, and a filing.
func (s *Site) sampleIndicator(ctx context.Context, m sample) error {
	set, err := s.indicators.Set(ctx)
	if err != nil || set.Version == 0 || len(set.Indicators) == 0 {
		return err
	}
	m["set"], m["indicator"] = strconv.Itoa(set.Version), set.Indicators[0].ID
	filings, _, err := s.indicators.Filings(ctx, indicators.FilingFilter{Limit: 1})
	if len(filings) > 0 {
		m["filing"] = filings[0].ID
	}
	return err
}
