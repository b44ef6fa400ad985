package main

import (
	"errors"
	"path/filepath"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets/samples"

	"github.com/goccy/go-json"
)

// demoBudgets is the folder with the packages of the demo's budgets.
func (e *env) demoBudgets() string { return filepath.Join(e.dir, "demo", "budgets") }

// demoBudgetSources adds the sources of budgets to those of the demo: one of all
// packages, and one for each plain table with its mapping. Of the latter the
// agency is its slug until ownDemoSource has looked it up.
func demoBudgetSources(sources []catalog.Source, folder string, tables []samples.BudgetTable) ([]catalog.Source, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	sources = append(sources, catalog.Source{
		Slug: "demo-budgets", Kind: "fiscal", URL: folder,
		Title: catalog.Text{"fa": "بسته‌های بودجهٔ نمایشی", "en": "Demonstration budget packages"},
	})
	for _, t := range tables {
		name, err := filepath.Abs(t.File)
		if err != nil {
			return nil, err
		}
		options, err := json.Marshal(map[string]json.RawMessage{"mapping": t.Mapping})
		if err != nil {
			return nil, err
		}
		sources = append(sources, catalog.Source{
			Slug: "demo-budget-" + t.Agency, Kind: "fiscal", URL: name, Agency: t.Agency, Options: options,
			Title: catalog.Text{"fa": "جدول بودجهٔ نمایشی", "en": "Demonstration budget table"},
		})
	}
	return sources, nil
}

// ownDemoSource turns the slug of the agency of a source into its id.
func ownDemoSource(tx *catalog.Tx, src *catalog.Source) error {
	if src.Agency == "" || src.State != "" {
		return nil
	}
	a, err := tx.Agency(src.Agency)
	src.Agency = a.ID
	return err
}

// demoMoney sets what amounts per head are divided by, unless somebody did.
func (e *env) demoMoney(p *portal) error {
	settings, err := p.store.Settings(e.ctx)
	if err != nil || settings[fiscal.SettingPopulation] != "" {
		return err
	}
	people := map[string]fiscal.Population{}
	for year, n := range samples.People() {
		people[year] = fiscal.Population{People: n, Source: samples.PeopleSource}
	}
	value, err := json.Marshal(people)
	if err != nil {
		return err
	}
	return p.store.Write(e.ctx, func(tx *catalog.Tx) error {
		return tx.PutSetting(&catalog.Shell, fiscal.SettingPopulation, string(value))
	})
}

// demoCalendar puts the documents of the demo's budgets into the calendar, unless
// there are some.
func (e *env) demoCalendar(p *portal) error {
	there, err := fiscal.New(p.store, p.files).Documents(e.ctx, "")
	if err != nil || len(there) > 0 {
		return err
	}
	var all []fiscal.Document
	for _, s := range samples.BudgetDocuments(e.now().UTC().Add(demoMidnight).Format(time.DateOnly)) {
		a, err := p.store.Agency(e.ctx, s.Agency)
		if err != nil {
			return err
		}
		d := fiscal.Document{Agency: a.ID, Year: s.Year, Kind: s.Kind, Due: s.Due, Came: s.Came, URL: s.URL}
		if s.Dataset != "" {
			ds, err := p.store.Dataset(e.ctx, s.Dataset)
			if err != nil && !errors.Is(err, catalog.ErrNotFound) {
				return err
			}
			if len(ds.Resources) > 0 {
				d.Resource = ds.Resources[0].ID
			}
		}
		all = append(all, d)
	}
	return p.store.Write(e.ctx, func(tx *catalog.Tx) error {
		for i := range all {
			if err := fiscal.PutDocument(tx, &catalog.Shell, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
