package site

import (
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// Columns of tables of scores.
func textColumn(name, label string) datasets.Column { return datasets.Column{Name: name, Label: label} }

func wholeColumn(name, label string) datasets.Column {
	return datasets.Column{Name: name, Label: label, Type: datasets.Integer}
}

func floatColumn(name, label string) datasets.Column {
	return datasets.Column{Name: name, Label: label, Type: datasets.Decimal, Float: true}
}

func dayColumn(name, label string) datasets.Column {
	return datasets.Column{Name: name, Label: label, Type: datasets.Date}
}

func instantColumn(name, label string) datasets.Column {
	return datasets.Column{Name: name, Label: label, Type: datasets.DateTime, UTC: true}
}

// given is a figure of a sheet; nil stays none.
func given[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// some is a whole number of a sheet, of which 0 is none.
func some(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// indicatorSheet is the indicators in force with how they stand.
func (s *Site) indicatorSheet(c *fiber.Ctx) (*sheet, error) {
	figures, err := s.indicators.Figures(c.UserContext())
	if err != nil {
		return nil, err
	}
	t := newSheet("indicators", datasets.Schema{
		textColumn("indicator", "Indicator"), textColumn("title_fa", "Title (fa)"), textColumn("title_en", "Title (en)"), textColumn("source_fa", "Legal source (fa)"), textColumn("source_en", "Legal source (en)"),
		textColumn("every", "Asked for every"), wholeColumn("weight", "Weight"), textColumn("period", "Newest period that was due"),
		wholeColumn("asked", "Agencies asked"), wholeColumn("filed", "Filed"), wholeColumn("on_time", "On time"), wholeColumn("late", "Late"), floatColumn("median", "Median of points"),
	})
	for i := range figures {
		f := &figures[i]
		one := &f.Indicator
		t.row(one.ID, one.Title["fa"], one.Title["en"], one.Source["fa"], one.Source["en"], string(one.Period), one.Weight, f.Period.ID, f.Asked, f.Filed, f.OnTime, f.Late, given(f.Median))
	}
	return t, nil
}

// leagueSheet is the agencies by their values in the period that was asked for.
func (s *Site) leagueSheet(c *fiber.Ctx) (*sheet, error) {
	league, err := s.indicators.League(c.UserContext(), c.Query(paramPeriod))
	if err != nil {
		return nil, err
	}
	t := newSheet("league-"+league.Period.ID, datasets.Schema{
		wholeColumn("rank", "Rank"), textColumn("agency", "Agency"), textColumn("agency_fa", "Name (fa)"), textColumn("agency_en", "Name (en)"), textColumn("period", "Period"), wholeColumn("set", "Version of the rules"),
		floatColumn("value", "Score of 20"), floatColumn("before", "Score of the period before"), wholeColumn("late", "Late filings"),
	})
	for _, places := range [][]indicators.Place{league.Places, league.Unmeasured} {
		for i := range places {
			p := &places[i]
			t.row(some(p.Rank), p.Slug, p.Title["fa"], p.Title["en"], league.Period.ID, some(league.Version), given(p.Value), given(p.Before), p.Late)
		}
	}
	return t, nil
}

// rankingSheet is the agencies by an indicator in the period that was asked for.
func (s *Site) rankingSheet(c *fiber.Ctx) (*sheet, error) {
	ranking, err := s.indicators.Ranking(c.UserContext(), c.Params("id"), c.Query(paramPeriod))
	if err != nil {
		return nil, err
	}
	t := newSheet(ranking.Indicator.ID+"-"+ranking.Period.ID, datasets.Schema{
		wholeColumn("rank", "Rank"), textColumn("agency", "Agency"), textColumn("agency_fa", "Name (fa)"), textColumn("agency_en", "Name (en)"), textColumn("indicator", "Indicator"), textColumn("period", "Period"),
		textColumn("state", "State"), wholeColumn("points", "Points of 20"), wholeColumn("set", "Version of the rules"), textColumn("filing", "Filing"),
	})
	for _, places := range [][]indicators.Place{ranking.Places, ranking.Unmeasured} {
		for i := range places {
			p := &places[i]
			t.row(some(p.Rank), p.Slug, p.Title["fa"], p.Title["en"], ranking.Indicator.ID, ranking.Period.ID, string(p.Score.State), given(p.Score.Points), some(p.Score.Version), p.Score.Filing)
		}
	}
	return t, nil
}

// lateSheet is what is late.
func (s *Site) lateSheet(c *fiber.Ctx) (*sheet, error) {
	all, err := s.indicators.Late(c.UserContext(), "")
	if err != nil {
		return nil, err
	}
	t := newSheet("late-filings", datasets.Schema{
		textColumn("agency", "Agency"), textColumn("agency_fa", "Name (fa)"), textColumn("agency_en", "Name (en)"), textColumn("indicator", "Indicator"), textColumn("period", "Period"), dayColumn("due", "Due"), wholeColumn("days", "Days late"),
	})
	for i := range all {
		o := &all[i]
		t.row(o.Slug, o.Title["fa"], o.Title["en"], o.ID, o.Period.ID, s.locales[s.Language()].lastDay(o.Due), o.Days)
	}
	return t, nil
}

// scoresSheet is all scores of an agency.
func (s *Site) scoresSheet(c *fiber.Ctx) (*sheet, error) {
	a, err := s.Catalog.Agency(c.UserContext(), c.Params("slug"))
	if err != nil {
		return nil, err
	}
	history, err := s.indicators.History(c.UserContext(), a.ID)
	if err != nil {
		return nil, err
	}
	t := newSheet(a.Slug+"-scores", datasets.Schema{
		textColumn("agency", "Agency"), textColumn("indicator", "Indicator"), textColumn("period", "Period"), textColumn("state", "State"), wholeColumn("points", "Points of 20"),
		wholeColumn("set", "Version of the rules"), textColumn("filing", "Filing"), instantColumn("at", "Scored"),
	})
	for i := range history {
		h := &history[i]
		t.row(a.Slug, h.Indicator, h.Period, string(h.State), given(h.Points), some(h.Version), h.Filing, h.At)
	}
	return t, nil
}
