package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets/samples"
)

// demoTransparency is the folder with the workbooks that agencies of the demo
// hand in.
func (e *env) demoTransparency() string { return filepath.Join(e.dir, "demo", "transparency") }

// demoTransparencySource adds the source of these workbooks to those of the demo.
func demoTransparencySource(sources []catalog.Source, folder string) ([]catalog.Source, error) {
	folder, err := filepath.Abs(folder)
	return append(sources, catalog.Source{
		Slug: "demo-transparency", Kind: "folder", URL: folder,
		Title: catalog.Text{"fa": "پرونده‌های شفافیت نمایشی", "en": "Demonstration transparency files"},
	}), err
}

// demoHalves is for how many halves of the year that are over the demo's
// agencies were asked for indicators.
const demoHalves = 4

// A demoFiling is what an agency of the demo handed in for a period.
type demoFiling struct {
	duty    *samples.Duty
	handing indicators.Handing
	id      string
}

// A demoMonitor plays what agencies and reviewers did since indicators are in
// force, in a catalogue of which the clock is moved from day to day.
type demoMonitor struct {
	now      time.Time
	store    *catalog.Store
	set      indicators.Set
	begins   []indicators.Period // the halves of the year
	agencies map[string]string   // ids by slug
	datasets map[string]*catalog.Dataset
	days     map[time.Time][]func(*catalog.Tx) error
}

// demoIndicators puts the indicators of the program in force and hands in what
// the agencies of the demo hand in, unless indicators are in force already.
func (e *env) demoIndicators(p *portal) (err error) {
	there, err := indicators.New(p.store).InForce(e.ctx)
	if there || err != nil {
		return err
	}
	clock := e.now()
	store, err := catalog.Open(e.ctx, e.dir, catalog.Options{Now: func() time.Time { return clock }, Fatal: e.fatal})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	m := &demoMonitor{
		now: e.now(), store: store, agencies: map[string]string{}, datasets: map[string]*catalog.Dataset{}, days: map[time.Time][]func(*catalog.Tx) error{},
	}
	half := indicators.PeriodAt(indicators.Half, m.now)
	for range demoHalves {
		half = half.Before()
		m.begins = append([]indicators.Period{half}, m.begins...)
	}
	clock = half.Start
	if err := m.write(e.ctx, func(tx *catalog.Tx) (err error) {
		m.set, err = indicators.PutSet(tx, &catalog.Shell, nil, "", catalog.Text{"fa": "نخستین مجموعهٔ شاخص‌ها", "en": "The first set of indicators"})
		return err
	}); err != nil {
		return err
	}
	if err := m.plan(e.ctx); err != nil {
		return fmt.Errorf("the indicators of the demo: %w", err)
	}
	var days []time.Time
	for day := range m.days {
		days = append(days, day)
	}
	slices.SortFunc(days, time.Time.Compare)
	for _, day := range days {
		clock = day
		if err := m.write(e.ctx, m.days[day]...); err != nil {
			return fmt.Errorf("the indicators of the demo: %w", err)
		}
	}
	clock = m.now
	_, err = indicators.New(store).Recheck(e.ctx)
	return err
}

func (m *demoMonitor) write(ctx context.Context, acts ...func(*catalog.Tx) error) error {
	return m.store.Write(ctx, func(tx *catalog.Tx) error {
		for _, do := range acts {
			if err := do(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// plan lays down on which day what happens.
func (m *demoMonitor) plan(ctx context.Context) error {
	duties := samples.Duties()
	for i := range duties {
		d := &duties[i]
		in := m.set.Indicator(d.Indicator)
		evidence, err := m.evidence(ctx, d)
		if errors.Is(err, catalog.ErrNotFound) {
			continue // people took away what it is shown by
		}
		if err != nil {
			return fmt.Errorf("%s of %s: %w", d.Indicator, d.Agency, err)
		}
		k := 0
		for p := indicators.PeriodAt(in.Period, m.begins[0].Start); p.Ended(m.now); p = p.Next() {
			k++
			if half := slices.IndexFunc(m.begins, func(h indicators.Period) bool { return p.End.Before(h.End.Add(time.Hour)) }); half < 0 || d.Begins(half) {
				m.file(d, in, &p, k, evidence)
			}
		}
	}
	return nil
}

// morning is nine in the morning of a day so many days after another.
func morning(t time.Time, days int) time.Time {
	return t.Add(demoMidnight).Truncate(24*time.Hour).AddDate(0, 0, days).Add(9*time.Hour - demoMidnight)
}

// file lays down when evidence for the k-th period is handed in, and what is
// said about it.
func (m *demoMonitor) file(d *samples.Duty, in *indicators.Indicator, p *indicators.Period, k int, evidence []indicators.Evidence) {
	days, ok := d.HandsIn(k)
	day := morning(p.Due(in.Rule.Days).Add(-time.Hour), -days)
	if day.Before(p.End) { // so soon nobody is
		day = morning(p.End, 2)
	}
	if !ok || day.After(m.now) {
		return
	}
	f := &demoFiling{duty: d, handing: indicators.Handing{Agency: m.agencies[d.Agency], Indicator: in.ID, Period: p.ID, Evidence: evidence}}
	m.days[day] = append(m.days[day], f.hand)
	next := p.Next()
	for _, act := range d.Follows(k, !next.Ended(m.now)) {
		if then := morning(day, act.After); then.Before(m.now) {
			m.days[then] = append(m.days[then], func(tx *catalog.Tx) error { return f.say(tx, &act) })
		}
	}
}

func (f *demoFiling) hand(tx *catalog.Tx) error {
	filed, err := indicators.File(tx, &catalog.Shell, f.handing)
	f.id = filed.ID
	if err != nil {
		return fmt.Errorf("%s of %s in %s: %w", f.handing.Indicator, f.duty.Agency, f.handing.Period, err)
	}
	return nil
}

// say does an act of a reviewer, or of the agency.
func (f *demoFiling) say(tx *catalog.Tx, act *samples.Act) (err error) {
	switch act.Kind {
	case "accept", "reject":
		_, err = indicators.Review(tx, &catalog.Shell, f.id, catalog.AnyRevision, act.Kind == "accept", act.Reason)
	case "object":
		_, err = indicators.Object(tx, &catalog.Shell, f.id, catalog.AnyRevision, act.Reason)
	default:
		_, err = indicators.Decide(tx, &catalog.Shell, f.id, catalog.AnyRevision, act.Kind == "uphold", act.Reason)
	}
	return err
}

// evidence finds what a duty is shown by.
func (m *demoMonitor) evidence(ctx context.Context, d *samples.Duty) ([]indicators.Evidence, error) {
	if m.agencies[d.Agency] == "" {
		a, err := m.store.Agency(ctx, d.Agency)
		if err != nil {
			return nil, err
		}
		m.agencies[d.Agency] = a.ID
	}
	var all []indicators.Evidence
	for _, p := range d.Evidence {
		e := indicators.Evidence{Kind: indicators.EvidenceStatement, URL: p.URL, Text: p.Text}
		if p.URL != "" {
			e.Kind = indicators.EvidenceLink
		}
		if p.Dataset != "" {
			ds, err := m.dataset(ctx, p.Dataset)
			if err != nil {
				return nil, err
			}
			e.Kind, e.Thing = indicators.EvidenceDataset, ds.ID
			if p.Sheet != "" {
				k := slices.IndexFunc(ds.Resources, func(r catalog.Resource) bool { return r.Name == p.Sheet })
				if k < 0 {
					return nil, catalog.NotFound("resource", p.Sheet)
				}
				e.Kind, e.Thing = indicators.EvidenceResource, ds.Resources[k].ID
			}
		}
		all = append(all, e)
	}
	return all, nil
}

func (m *demoMonitor) dataset(ctx context.Context, slug string) (*catalog.Dataset, error) {
	if ds := m.datasets[slug]; ds != nil {
		return ds, nil
	}
	ds, err := m.store.Dataset(ctx, slug)
	if err != nil {
		return nil, err
	}
	m.datasets[slug] = &ds
	return &ds, nil
}
