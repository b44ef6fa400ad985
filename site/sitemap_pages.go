package site

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// mapPages adds the pages that no section has: those that lead to others first,
// so that they are there however many there are of the rest.
func (s *Site) mapPages(ctx context.Context, m *sitemap) error {
	s.mapEntrances(ctx, m)
	for _, add := range []func(context.Context, *sitemap) error{s.mapAgencies, s.mapSources, s.mapIndicators, s.mapSpending, s.mapDrafts, s.mapQuestions} {
		if err := add(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// mapEntrances adds the pages that have an address of their own, but for those
// of parts of the portal behind which there is nothing.
func (s *Site) mapEntrances(ctx context.Context, m *sitemap) {
	doors := s.openDoors(ctx)
	parts := map[string]bool{draftsPath: doors.Drafts, pathVerify: doors.Drafts, contractsPath: doors.Contracts, indicatorsPath: doors.Indicators, spendingPath: false}
	for _, r := range Routes() { //nolint:contextcheck // nothing is served
		if r.Template == "" || strings.Contains(r.Path, "{") {
			continue
		}
		first, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
		if open, part := parts["/"+first]; open || !part {
			m.add(r.Path, time.Time{})
		}
	}
}

func (s *Site) mapAgencies(ctx context.Context, m *sitemap) error {
	agencies, err := s.agencies.get(ctx, s.Catalog)
	for i := range agencies.all {
		m.add(agencyPath(agencies.all[i].Slug), time.Time{})
	}
	return err
}

func (s *Site) mapSources(ctx context.Context, m *sitemap) error {
	sources, err := s.Catalog.Sources(ctx, false)
	for i := range sources {
		m.add(sourcePath(sources[i].Slug), time.Time{})
	}
	return err
}

// mapIndicators adds the sets that were in force, the indicators of the one that
// is, and what the scores of agencies follow from.
func (s *Site) mapIndicators(ctx context.Context, m *sitemap) error {
	if !s.openDoors(ctx).Indicators {
		return nil
	}
	set, err := s.indicators.Set(ctx)
	if err != nil {
		return err
	}
	for i := range set.Indicators {
		m.add(indicatorPath(set.Indicators[i].ID), time.Time{})
	}
	sets, err := s.indicators.Sets(ctx)
	if err != nil {
		return err
	}
	for i := range sets {
		m.add(setPath(sets[i].Version), time.Time{})
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return err
	}
	values, _, err := s.agencyValues(ctx)
	for i := range agencies.all {
		if _, measured := values[agencies.all[i].ID]; measured {
			m.add(scoresPath(agencies.all[i].Slug), time.Time{})
		}
	}
	return err
}

// mapSpending adds budgets, and the entrances of the explorer: its years, and
// the agencies in each.
func (s *Site) mapSpending(ctx context.Context, m *sitemap) error {
	all, err := s.fiscal.Budgets(ctx, fiscal.BudgetFilter{})
	if err != nil || len(all) == 0 {
		return err
	}
	for _, path := range []string{budgetsPath, outturnPath, calendarPath} {
		m.add(path, time.Time{})
	}
	for i := range all {
		m.add(budgetPath(all[i].Slug), all[i].Loaded)
	}
	a, err := s.spendingAsk(ctx, catalog.Languages[0], "", nil)
	if errors.Is(err, errNoSpending) {
		return nil
	}
	if err != nil {
		return err
	}
	m.add(spendingPath, time.Time{})
	for _, y := range a.years {
		m.add((&spendingPlace{Year: y.Year}).path(), time.Time{})
	}
	seen := map[string]bool{}
	for i := range a.scope.Budgets {
		slug := a.scope.Budgets[i].AgencySlug()
		if seen[slug] {
			continue
		}
		seen[slug] = true
		years, err := s.fiscal.Line(ctx, &a.scope, &fiscal.View{Tree: fiscal.Administrative, Direction: fiscal.Expenditure, Path: []string{slug}})
		if err != nil {
			return err
		}
		for _, y := range years {
			m.add((&spendingPlace{Year: y.Year, Path: []string{slug}}).path(), time.Time{})
		}
	}
	return nil
}

func (s *Site) mapDrafts(ctx context.Context, m *sitemap) error {
	drafts, _, err := s.drafts.Drafts(ctx, consultation.DraftFilter{Sort: "-updated", Limit: sitemapThings})
	for i := range drafts {
		m.add(draftPath(drafts[i].Slug), drafts[i].Updated)
	}
	return err
}

func (s *Site) mapQuestions(ctx context.Context, m *sitemap) error {
	questions, _, err := s.Catalog.Questions(ctx, catalog.QuestionFilter{States: []string{catalog.QuestionOpen, catalog.QuestionAnswered}, Limit: sitemapThings})
	for i := range questions {
		changed := questions[i].Closed
		if changed.IsZero() {
			changed = questions[i].Opened
		}
		m.add(questionPath(questions[i].ID), changed)
	}
	return err
}
