package site

import (
	"context"
	"html/template"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
)

// A scoreboardView is how an agency stands with every indicator in force.
type scoreboardView struct {
	Agency  Link
	Value   pointsView
	Period  said // that Value is of
	Rank    int64
	Median  string
	Peers   int64
	Example *valueExample
	Cells   []scoreCell
	URLs    struct{ History, League, Indicators string }
	Badge   template.HTML
	Code    string // to embed it
}

// A scoreCell is an indicator on the scoreboard.
type scoreCell struct {
	ID      string
	Title   said
	URL     string // of its method
	Filing  string // address of the evidence; empty: nothing was handed in
	Points  pointsView
	State   scoreState
	Period  said
	Due     time.Time
	Days    int64 // late by
	Next    said  // a later period, of which nothing came yet
	NextDue time.Time
	Median  string
	Peers   int64
	Trend   template.HTML
	Old     int64 // version of the set that it was judged by, where that is not the one in force
	Gone    bool
}

// scoreboard is the scoreboard of an agency; nil where nothing is asked of it.
func (s *Site) scoreboard(ctx context.Context, l *locale, a *catalog.Agency) (*scoreboardView, error) {
	if !s.anyIndicators(ctx) {
		return nil, nil
	}
	b, err := s.indicators.Scoreboard(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	return s.scoreboardOf(l, a, &b), nil
}

func (s *Site) scoreboardOf(l *locale, a *catalog.Agency, b *indicators.Scoreboard) *scoreboardView {
	if b.Value == nil && !slices.ContainsFunc(b.Cells, func(c indicators.Cell) bool { return c.Score.State != indicators.Unmeasured }) {
		return nil
	}
	at := "/" + l.lang
	v := &scoreboardView{
		Agency: l.agencyLink(a), Value: l.points(b.Value), Period: l.said(b.Period.Label), Rank: int64(b.Rank), Median: l.medianText(b.Median), Peers: int64(b.Peers),
		Example: l.valueExample(b.Value, b.Parts),
	}
	v.URLs.History, v.URLs.League, v.URLs.Indicators = at+scoresPath(a.Slug), at+leaguePath+"?"+paramPeriod+"="+b.Period.ID, at+indicatorsPath
	badge := l.scoreBadge(a, b)
	v.Badge = badge.shown()
	v.Code = s.badgeCode(scoreBadgePath(a.Slug)+"?lang="+l.lang, at+scoresPath(a.Slug), badge.title)
	for i := range b.Cells {
		v.Cells = append(v.Cells, l.scoreCell(&b.Cells[i], b.Version))
	}
	return v
}

func (l *locale) scoreCell(c *indicators.Cell, version int) scoreCell {
	cell := scoreCell{
		ID: c.Indicator.ID, Title: l.said(c.Indicator.Title), URL: "/" + l.lang + indicatorPath(c.Indicator.ID) + "?" + paramPeriod + "=" + c.Period.ID,
		Points: l.wholePoints(c.Score.Points), State: stateOf(c.Score.State), Period: l.said(c.Period.Label), Due: l.lastDay(c.Due), Days: int64(c.Days),
		Next: l.said(c.Next.Label), NextDue: l.lastDay(c.NextDue),
		Median: l.medianText(c.Median), Peers: int64(c.Peers), Trend: l.trendOf(c.Trend), Gone: c.Score.Gone,
	}
	if c.Score.Filing != "" {
		cell.Filing = "/" + l.lang + filingPath(c.Score.Filing)
	}
	if c.Score.Version > 0 && c.Score.Version != version {
		cell.Old = int64(c.Score.Version)
	}
	return cell
}

// A scoresView is all that an agency was ever measured by.
type scoresView struct {
	Frame
	Agency Link
	Board  *scoreboardView
	Rows   []historyRow
	Files  []Link
	Table  []Link // of its scores
	shape  scoresAnswer
}

// scoresAnswer is the scores of an agency as the API answers them: results are
// those of all periods, the newest first.
type scoresAnswer struct {
	Agency     AgencyRef             `json:"agency"`
	Scoreboard indicators.Scoreboard `json:"scoreboard"`
	Total      int64                 `json:"total"`
	Results    []indicators.Score    `json:"results"`
}

// A historyRow is a score of a period.
type historyRow struct {
	Indicator Link
	ID        string
	Period    string
	Points    pointsView
	State     scoreState
	Version   int64
	SetURL    string
	Filing    string
	Gone      bool
	At        time.Time
}

// JSON is the scores as the API answers them.
func (v *scoresView) JSON() any { return v.shape }

func (s *Site) scores(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	a, err := s.Catalog.Agency(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	board, err := s.indicators.Scoreboard(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	history, err := s.indicators.History(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	sets, err := s.indicators.Sets(ctx)
	if err != nil {
		return nil, err
	}
	v := &scoresView{
		Agency: l.agencyLink(&a), Board: s.scoreboardOf(l, &a, &board), Files: sheetFiles(scoresPath(a.Slug)),
		shape: scoresAnswer{AgencyRef{a.ID, a.Slug, a.Title, a.State}, board, int64(len(history)), append([]indicators.Score{}, history...)},
	}
	if v.Table, err = s.ownTable(ctx, l, "scores", "agency", a.Slug); err != nil {
		return nil, err
	}
	named := indicatorTitles(sets)
	for i := range history {
		v.Rows = append(v.Rows, l.historyRow(&history[i], named))
	}
	v.Frame = Frame{
		Title: l.Text("scores.title.of", "name", v.Agency.Text), Description: l.Text("scores.description", "name", v.Agency.Text), Section: "agencies",
		Crumbs: []Link{{Text: l.Text("nav.agencies"), URL: "/" + r.Lang + "/agencies"}, v.Agency},
	}
	return v, nil
}

// indicatorTitles are what indicators are called by the newest set that has
// each: sets are those that were in force, the newest first.
func indicatorTitles(sets []indicators.Set) map[string]catalog.Text {
	named := map[string]catalog.Text{}
	for i := range sets {
		for k := range sets[i].Indicators {
			one := &sets[i].Indicators[k]
			if named[one.ID] == nil {
				named[one.ID] = one.Title
			}
		}
	}
	return named
}

func (l *locale) historyRow(score *indicators.Score, named map[string]catalog.Text) historyRow {
	title := l.said(named[score.Indicator])
	row := historyRow{
		ID: score.Indicator, Period: l.periodText(score.Period), Points: l.wholePoints(score.Points), State: stateOf(score.State), Version: int64(score.Version), Gone: score.Gone, At: score.At,
		Indicator: Link{Text: firstOf(title.Text, score.Indicator), Lang: title.Lang, URL: "/" + l.lang + indicatorPath(score.Indicator) + "?" + paramPeriod + "=" + score.Period},
	}
	if score.Version > 0 {
		row.SetURL = "/" + l.lang + setPath(score.Version)
	}
	if score.Filing != "" {
		row.Filing = "/" + l.lang + filingPath(score.Filing)
	}
	return row
}

// periodText is what a period is called that is known by its id; an unknown one
// is as it is.
func (l *locale) periodText(id string) string {
	p, err := indicators.PeriodOf(id)
	if err != nil {
		return id
	}
	return l.said(p.Label).Text
}
