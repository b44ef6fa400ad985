package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
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
	filed    map[[3]string]string // ids of what was handed in already, by agency, indicator and period
	days     map[time.Time][]func(*catalog.Tx) error
}

// demoBegun is the file that says when the demo's filings were begun, until they
// are all there: with it a demo that broke off goes on.
func (e *env) demoBegun() string { return filepath.Join(e.dir, "demo", "filings-begun") }

// demoIndicators puts the indicators of the program in force and hands in what
// the agencies of the demo hand in, unless indicators are in force already that
// it did not put there itself.
func (e *env) demoIndicators(p *portal) (err error) {
	there, err := indicators.New(p.store).InForce(e.ctx)
	if err != nil {
		return err
	}
	now := e.now()
	if there {
		text, err := os.ReadFile(e.demoBegun())
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if now, err = time.Parse(time.RFC3339Nano, string(text)); err != nil {
			return fmt.Errorf("%s: %w", e.demoBegun(), err)
		}
	} else if err := os.WriteFile(e.demoBegun(), []byte(now.Format(time.RFC3339Nano)), 0o600); err != nil {
		return err
	}
	clock := now
	store, err := catalog.Open(e.ctx, e.dir, catalog.Options{Now: func() time.Time { return clock }, Fatal: e.fatal})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	m := &demoMonitor{
		now: now, store: store, agencies: map[string]string{}, datasets: map[string]*catalog.Dataset{}, filed: map[[3]string]string{}, days: map[time.Time][]func(*catalog.Tx) error{},
	}
	if err := m.play(e.ctx, there, func(to time.Time) { clock = to }); err != nil {
		return fmt.Errorf("the indicators of the demo: %w", err)
	}
	clock = e.now()
	if _, err := indicators.New(store).Recheck(e.ctx); err != nil {
		return err
	}
	return os.Remove(e.demoBegun())
}

// play puts the indicators in force, unless they are, and does what was done on
// each day that was not played yet. turn moves the clock of the catalogue.
func (m *demoMonitor) play(ctx context.Context, inForce bool, turn func(time.Time)) (err error) {
	half := indicators.PeriodAt(indicators.Half, m.now)
	for range demoHalves {
		half = half.Before()
		m.begins = append([]indicators.Period{half}, m.begins...)
	}
	if inForce {
		m.set, err = indicators.New(m.store).Set(ctx)
	} else {
		turn(half.Start)
		err = m.write(ctx, func(tx *catalog.Tx) (err error) {
			m.set, err = indicators.PutSet(tx, &catalog.Shell, nil, "", catalog.Text{"fa": "نخستین مجموعهٔ شاخص‌ها", "en": "The first set of indicators"})
			return err
		})
	}
	if err != nil {
		return err
	}
	played, err := m.played(ctx)
	if err != nil {
		return err
	}
	if err := m.plan(ctx); err != nil {
		return err
	}
	var days []time.Time
	for day := range m.days {
		if !played[day.UTC()] {
			days = append(days, day)
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	for _, day := range days {
		turn(day)
		if err := errors.Join(ctx.Err(), m.write(ctx, m.days[day]...)); err != nil {
			return err
		}
	}
	return nil
}

// played returns the moments at which something was done about filings: a day is
// one write, so one of which anything is there is there whole. It notes what was
// handed in.
func (m *demoMonitor) played(ctx context.Context) (map[time.Time]bool, error) {
	all, _, err := indicators.New(m.store).Filings(ctx, indicators.FilingFilter{})
	if err != nil {
		return nil, err
	}
	for i := range all {
		m.filed[[3]string{all[i].Agency, all[i].Indicator, all[i].Period}] = all[i].ID
	}
	rows, err := m.store.Rows(ctx, "select distinct at from filing_acts")
	done := map[time.Time]bool{}
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (at time.Time, err error) {
		err = row.Scan(catalog.AsTime(&at))
		done[at.UTC()] = true
		return at, err
	})
	return done, err
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
	f.id = m.filed[[3]string{f.handing.Agency, in.ID, p.ID}]
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
