package site

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
)

// A setView is a version of the set of indicators, and what it changed.
type setView struct {
	Frame
	Version int64
	Since   time.Time
	Until   time.Time // zero: it is in force
	Note    said
	Rows    []setIndicator
	Gone    []setIndicator // that the version before had
	First   bool           // there is no version before
	shape   indicators.Set
}

// A setIndicator is an indicator of a set, with what changed in it.
type setIndicator struct {
	ID     string
	Title  said
	URL    string
	Every  indicators.PeriodKind
	Weight int64
	New    bool
	Parts  []string // that changed; keys of their names
}

// JSON is the set as it was put.
func (v *setView) JSON() any { return v.shape }

func (s *Site) indicatorSet(r *Request) (View, error) {
	l := s.locales[r.Lang]
	sets, err := s.indicators.Sets(r.Context())
	if err != nil {
		return nil, err
	}
	version, err := strconv.Atoi(r.Param("version"))
	at := slices.IndexFunc(sets, func(set indicators.Set) bool { return set.Version == version })
	if err != nil || at < 0 {
		return nil, catalog.ErrNotFound
	}
	set := &sets[at]
	v := &setView{Version: int64(version), Since: set.Since, Note: l.said(set.Note), First: at == len(sets)-1, shape: *set}
	if at > 0 {
		v.Until = sets[at-1].Since
	}
	var before indicators.Set
	if !v.First {
		before = sets[at+1]
	}
	for i := range set.Indicators {
		row := l.setIndicator(&set.Indicators[i])
		old := before.Indicator(row.ID)
		if row.New = old == nil && !v.First; old != nil {
			row.Parts = changedParts(old, &set.Indicators[i])
		}
		v.Rows = append(v.Rows, row)
	}
	for i := range before.Indicators {
		if set.Indicator(before.Indicators[i].ID) == nil {
			v.Gone = append(v.Gone, l.setIndicator(&before.Indicators[i]))
		}
	}
	v.Frame = Frame{
		Title: l.Text("set.title", "n", v.Version), Description: l.Text("set.description", "n", v.Version), Section: "indicators", Crumbs: l.indicatorCrumbs(),
	}
	return v, nil
}

func (l *locale) setIndicator(i *indicators.Indicator) setIndicator {
	return setIndicator{ID: i.ID, Title: l.said(i.Title), URL: "/" + l.lang + indicatorPath(i.ID), Every: i.Period, Weight: int64(i.Weight)}
}

// indicatorCrumbs lead to the list of indicators.
func (l *locale) indicatorCrumbs() []Link {
	return []Link{{Text: l.Text("indicators.title"), URL: "/" + l.lang + indicatorsPath}}
}

// changedParts are what differs between two versions of an indicator, as keys
// of their names.
func changedParts(a, b *indicators.Indicator) []string {
	var all []string
	for _, part := range []struct {
		key  string
		same bool
	}{
		{"title", maps.Equal(a.Title, b.Title)},
		{"why", maps.Equal(a.Why, b.Why)},
		{"formula", maps.Equal(a.Formula, b.Formula)},
		{"source", maps.Equal(a.Source, b.Source)},
		{"period", a.Period == b.Period},
		{"weight", a.Weight == b.Weight},
		{"rule", reflect.DeepEqual(a.Rule, b.Rule)},
	} {
		if !part.same {
			all = append(all, part.key)
		}
	}
	return all
}
