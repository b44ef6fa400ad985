package site

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
)

// An indicatorView is one indicator: what it is, how it is worked out, and how
// agencies stand with it in a period.
type indicatorView struct {
	Frame
	ID       string
	Title    said
	Why      said
	Formula  said
	Source   said
	Proposed bool
	Every    indicators.PeriodKind
	Weight   int64
	Version  int64 // of the set that the period is judged by
	SetURL   string
	Rule     ruleView
	Period   said
	Due      time.Time
	Periods  []choice
	SelfURL  string
	Example  *scoreExample
	Places   []rankingRow
	Other    []rankingRow // not measured
	Median   string
	Values   *distribution
	History  []indicatorChange
	Files    []Link
	shape    rankingAnswer
}

// rankingAnswer is an indicator as the API answers it.
type rankingAnswer struct {
	indicators.Ranking
	Set     int                      `json:"set"` // version that the period is judged by
	History []indicatorHistoryAnswer `json:"history"`
}

// An indicatorHistoryAnswer is what a version of the set changed in an
// indicator.
type indicatorHistoryAnswer struct {
	Version int       `json:"version"`
	Since   time.Time `json:"since"`
	Changed []string  `json:"changed"` // empty: it was new
}

// JSON is the indicator as the API answers it.
func (v *indicatorView) JSON() any { return v.shape }

// A ruleView is what the machine looks for, in words.
type ruleView struct {
	Checks   []indicators.Criterion
	Evidence []string
	Columns  []said
	Rows     int64
	Formats  []string
	Agencies []string
	Days     int64
}

// A rankingRow is an agency in a ranking or league.
type rankingRow struct {
	Rank   int64 // 0: not measured
	Agency Link
	Points pointsView
	State  scoreState
	URL    string // of what the points follow from
	Old    int64  // version of the set that it was judged by, where that is not the one of the page
	Gone   bool
	Late   int64
	Change string // since the period before
}

// An indicatorChange is what a version of the set changed in the indicator.
type indicatorChange struct {
	Version int64
	Since   time.Time
	URL     string
	Note    said
	Parts   []string // keys of names; empty: it was new
}

func (s *Site) indicator(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	ranking, err := s.indicators.Ranking(ctx, r.Param("id"), r.Query.Get(paramPeriod))
	if err != nil {
		return nil, err
	}
	sets, err := s.indicators.Sets(ctx)
	if err != nil {
		return nil, err
	}
	i := &ranking.Indicator
	v := &indicatorView{
		ID: i.ID, Title: l.said(i.Title), Why: l.said(i.Why), Formula: l.said(i.Formula), Source: l.said(i.Source), Proposed: i.Proposed, Every: i.Period, Weight: int64(i.Weight),
		Version: int64(ranking.Set.Version), Rule: l.rule(&ranking.Set, &i.Rule), Period: l.said(ranking.Period.Label), Due: l.lastDay(ranking.Due),
		Periods: l.periodChoices(ranking.Periods, ranking.Period.ID), SelfURL: "/" + r.Lang + r.Path, Median: l.medianText(ranking.Median), Values: l.distribution(ranking.Counts),
		Files: sheetFiles(withQuery(r.Path, keepOnly(r.Query, paramPeriod))),
	}
	if v.Version > 0 {
		v.SetURL = "/" + r.Lang + setPath(ranking.Set.Version)
	}
	v.Places, v.Other = l.rankingRows(ranking.Places, ranking.Set.Version), l.rankingRows(ranking.Unmeasured, ranking.Set.Version)
	v.History = l.indicatorHistory(sets, i.ID)
	v.shape = rankingAnswer{ranking, ranking.Set.Version, shapeHistory(v.History)}
	v.Frame = Frame{
		Title: v.Title.Text, TitleLang: v.Title.Lang, Description: l.Text("indicator.description", "name", v.Title.Text), Section: "indicators", Crumbs: l.indicatorCrumbs(),
		State: keepOnly(r.Query, paramPeriod).Encode(),
	}
	if r.JSON {
		return v, nil
	}
	v.Example, err = s.scoreExample(ctx, l, &ranking)
	return v, err
}

// rule writes a rule of a set for readers.
func (l *locale) rule(set *indicators.Set, r *indicators.Rule) ruleView {
	v := ruleView{Checks: r.Checks, Evidence: r.Evidence, Rows: r.Rows, Formats: r.Formats, Agencies: r.Agencies, Days: int64(r.Days)}
	if len(v.Checks) == 0 {
		v.Checks = indicators.Criteria
	}
	for _, name := range r.Columns {
		v.Columns = append(v.Columns, l.said(set.Columns[name].Title))
	}
	return v
}

// rankingRows are places in a ranking, whose period is judged by a version of
// the set.
func (l *locale) rankingRows(places []indicators.Place, version int) []rankingRow {
	var all []rankingRow
	for i := range places {
		p := &places[i]
		row := rankingRow{
			Rank: int64(p.Rank), Agency: l.placeLink(p), Points: l.wholePoints(p.Score.Points), State: stateOf(p.Score.State), Gone: p.Score.Gone,
		}
		if p.Score.Version != version {
			row.Old = int64(p.Score.Version)
		}
		if p.Score.Filing != "" {
			row.URL = "/" + l.lang + filingPath(p.Score.Filing)
		}
		all = append(all, row)
	}
	return all
}

// placeLink leads to the scores of an agency.
func (l *locale) placeLink(p *indicators.Place) Link {
	t := l.said(p.Title)
	return Link{Text: t.Text, Lang: t.Lang, URL: "/" + l.lang + scoresPath(p.Slug)}
}

// indicatorHistory is what the versions of the set changed in an indicator, the
// newest first. Those that changed nothing are left out.
func (l *locale) indicatorHistory(sets []indicators.Set, id string) []indicatorChange {
	var all []indicatorChange
	var before *indicators.Indicator
	for i := len(sets) - 1; i >= 0; i-- {
		now := sets[i].Indicator(id)
		if now != nil {
			change := indicatorChange{Version: int64(sets[i].Version), Since: sets[i].Since, URL: "/" + l.lang + setPath(sets[i].Version), Note: l.said(sets[i].Note)}
			if before != nil {
				change.Parts = changedParts(before, now)
			}
			if before == nil || len(change.Parts) > 0 {
				all = append(all, change)
			}
		}
		before = now
	}
	slices.Reverse(all)
	return all
}

func shapeHistory(changes []indicatorChange) []indicatorHistoryAnswer {
	all := []indicatorHistoryAnswer{}
	for i := range changes {
		all = append(all, indicatorHistoryAnswer{int(changes[i].Version), changes[i].Since, append([]string{}, changes[i].Parts...)})
	}
	return all
}

// A scoreExample is how the points of one filing come about.
type scoreExample struct {
	Agency Link
	URL    string // of the filing
	Points pointsView
	Sum    *scoreSum
}

// scoreExample works out the points of the first place of a ranking whose
// points are those of its newest check; nil without any.
func (s *Site) scoreExample(ctx context.Context, l *locale, ranking *indicators.Ranking) (*scoreExample, error) {
	for i := range ranking.Places {
		p := &ranking.Places[i]
		if p.Score.Filing == "" || p.Score.Points == nil || p.Score.State != indicators.Accepted && p.Score.State != indicators.Submitted {
			continue
		}
		f, err := s.indicators.Filing(ctx, p.Score.Filing)
		if errors.Is(err, catalog.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(f.Checks) == 0 || f.Checks[0].Points != *p.Score.Points {
			continue
		}
		return &scoreExample{Agency: l.placeLink(p), URL: "/" + l.lang + filingPath(f.ID), Points: l.wholePoints(p.Score.Points), Sum: l.scoreSum(&f.Checks[0], ranking.Set.Columns)}, nil
	}
	return nil, nil
}
