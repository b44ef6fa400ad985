package site

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
)

// A filingView is what an agency handed in for an indicator and a period, what
// the machine found in it, and what people decided.
type filingView struct {
	Frame
	Agency    Link // to its scores
	Indicator Link
	ID        string // of the indicator
	Period    string
	Points    pointsView
	State     scoreState
	Gone      bool
	Due       time.Time
	Filed     time.Time
	Updated   time.Time
	Statement said
	Evidence  []evidenceRow
	Former    []evidenceRow
	Check     *checkRow // the newest
	Older     []checkRow
	Acts      []actRow
	shape     filingAnswer
}

// filingAnswer is a filing as the API answers it.
type filingAnswer struct {
	indicators.Filing
	Agency AgencyRef `json:"agency"`
	URL    string    `json:"url"`
}

// JSON is the filing as the API answers it.
func (v *filingView) JSON() any { return v.shape }

// An evidenceRow is a piece of evidence.
type evidenceRow struct {
	N     int64
	Kind  string
	Title said // of the dataset or resource
	URL   string
	Link  string // of the web
	Text  said
	At    time.Time
	Until time.Time
	Gone  bool
}

// A checkRow is a check of the machine.
type checkRow struct {
	N       int64
	At      time.Time
	Version int64
	SetURL  string
	Points  pointsView
	Hash    string
	Sum     *scoreSum
}

// An actRow is what somebody did about the filing.
type actRow struct {
	Kind   string
	At     time.Time
	Reason string
	Check  int64
}

func (s *Site) filing(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	f, err := s.indicators.Filing(ctx, r.Param("id"))
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	a := agencies.byID[f.Agency]
	if a == nil {
		return nil, catalog.ErrNotFound
	}
	sets, err := s.indicators.Sets(ctx)
	if err != nil {
		return nil, err
	}
	row := l.historyRow(&f.Score, indicatorTitles(sets))
	v := &filingView{
		Agency: l.agencyLink(a), Indicator: row.Indicator, ID: f.Indicator, Period: row.Period, Points: row.Points, State: stateOf(f.State), Gone: f.Score.Gone, Due: l.lastDay(f.Due), Filed: f.Filed, Updated: f.Updated,
		Statement: l.said(f.Statement),
		shape:     filingAnswer{f, AgencyRef{a.ID, a.Slug, a.Title, a.State}, s.baseURL() + "/" + s.Language() + filingPath(f.ID)},
	}
	v.Agency.URL = "/" + l.lang + scoresPath(a.Slug)
	v.Frame = Frame{
		Title: l.Text("filing.title", "indicator", v.Indicator.Text, "agency", v.Agency.Text), Description: l.Text("filing.description", "indicator", v.Indicator.Text, "agency", v.Agency.Text, "period", v.Period),
		Section: "indicators", Crumbs: append(l.indicatorCrumbs(), v.Indicator),
	}
	for _, part := range []struct {
		of   []indicators.Evidence
		into *[]evidenceRow
	}{{f.Evidence, &v.Evidence}, {f.Former, &v.Former}} {
		for i := range part.of {
			one, err := s.evidenceRow(ctx, l, &part.of[i])
			if err != nil {
				return nil, err
			}
			*part.into = append(*part.into, one)
		}
	}
	v.fillActs(l, &f, sets)
	return v, nil
}

// evidenceRow writes a piece of evidence; what is not public any more has no
// address.
func (s *Site) evidenceRow(ctx context.Context, l *locale, e *indicators.Evidence) (evidenceRow, error) {
	row := evidenceRow{N: int64(e.N), Kind: e.Kind, Title: l.said(e.Title), Link: webAddress(e.URL), Text: l.said(e.Text), At: e.At, Until: e.Until, Gone: e.Gone}
	if e.Gone || e.Dataset == "" {
		return row, nil
	}
	d, err := s.Catalog.Dataset(ctx, e.Dataset)
	if errors.Is(err, catalog.ErrNotFound) {
		row.Gone = true
		return row, nil
	}
	if err != nil {
		return row, err
	}
	row.URL = "/" + l.lang + datasetPath(d.Slug)
	if e.Kind == indicators.EvidenceResource {
		row.URL = "/" + l.lang + resourcePath(d.Slug, e.Thing)
	}
	return row, nil
}

// fillActs adds what was found and decided: checks the newest first, acts the
// first one first.
func (v *filingView) fillActs(l *locale, f *indicators.Filing, sets []indicators.Set) {
	for i := range f.Checks {
		c := &f.Checks[i]
		v.Older = append(v.Older, checkRow{
			N: int64(c.N), At: c.At, Version: int64(c.Version), SetURL: "/" + l.lang + setPath(c.Version), Points: l.wholePoints(&c.Points), Hash: c.Hash, Sum: l.scoreSum(c, columnsOf(sets, c.Version)),
		})
	}
	if len(v.Older) > 0 {
		v.Check, v.Older = &v.Older[0], v.Older[1:]
	}
	for i := range f.Acts {
		a := &f.Acts[i]
		v.Acts = append(v.Acts, actRow{a.Kind, a.At, a.Reason, int64(a.Check)})
	}
	slices.SortStableFunc(v.Acts, func(a, b actRow) int { return a.At.Compare(b.At) })
}

// columnsOf are the columns that the rules of a version ask for.
func columnsOf(sets []indicators.Set, version int) map[string]indicators.Names {
	for i := range sets {
		if sets[i].Version == version {
			return sets[i].Columns
		}
	}
	return nil
}
