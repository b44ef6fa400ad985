package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/samples"
)

type demoCmd struct {
	JSON bool `name:"json" help:"Print one JSON object a run, and one with what the catalogue holds then."`
}

// Run starts the demo sources on loopback, harvests them with their files as
// any other source, and keeps the result. A second time all is unchanged.
func (c *demoCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	sources, err := e.demoSources(p)
	if err != nil {
		return err
	}
	if err := e.demoLimits(p); err != nil {
		return err
	}
	broken := 0
	show := harvestCmd{JSON: c.JSON}
	err = harvestAll(e.ctx, e, p, sources, false, func(src catalog.Source, run catalog.Run) error {
		if run.State != catalog.RunComplete {
			broken++
		}
		return show.show(e, p, src, run)
	})
	if err != nil {
		return err
	}
	for _, step := range []func(*portal) error{
		e.fetchFiles, e.followBudgets, e.linkContracts, e.demoMoney, e.demoCalendar, e.demoIndicators, e.demoDrafts, e.demoQuestions,
	} {
		if err := step(p); err != nil {
			return err
		}
	}
	if err := p.tables.Renew(e.ctx); err != nil {
		return err
	}
	if err := e.followIndex(p); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d runs of the demo did not complete; what came is kept", broken, len(sources))
	}
	return c.tell(e, p)
}

// tell prints what the catalogue holds.
func (c *demoCmd) tell(e *env, p *portal) error {
	stats, err := p.store.Stats(e.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.printJSON(stats)
	}
	_, err = fmt.Fprintf(e.out, "the catalogue holds %d agencies, %d datasets, %d resources and %d tables with %d rows\n",
		stats.Agencies, stats.Datasets, stats.Resources, stats.Tables, stats.Rows)
	return err
}

// demoSources puts the agencies and sources of the demo into the catalogue,
// where they are not there yet, and returns the sources.
func (e *env) demoSources(p *portal) ([]catalog.Source, error) {
	folder, err := filepath.Abs(filepath.Join(e.dir, "demo", "files"))
	if err != nil {
		return nil, err
	}
	if err := samples.Build(folder); err != nil {
		return nil, err
	}
	tables, err := samples.BuildBudgets(e.demoBudgets())
	if err != nil {
		return nil, err
	}
	before, err := p.store.Stats(e.ctx)
	if err != nil {
		return nil, err
	}
	if err := samples.BuildTransparency(e.demoTransparency()); err != nil {
		return nil, err
	}
	if err := samples.BuildContracts(e.demoContracts()); err != nil {
		return nil, err
	}
	sources, err := demoBudgetSources(demoTable(folder), e.demoBudgets(), tables)
	if err == nil {
		sources, err = demoContractSource(sources, e.demoContracts())
	}
	if err == nil {
		sources, err = demoTransparencySource(sources, e.demoTransparency())
	}
	if err != nil {
		return nil, err
	}
	added := 0
	for i := range sources {
		isNew, err := e.knownDemoSource(p, &sources[i])
		if err != nil {
			return nil, err
		}
		if isNew {
			added++
		}
	}
	if added > 0 && before.Datasets > 0 {
		fmt.Fprintf(e.errOut, "the catalogue in %s holds %d datasets already; the demo is added to them\n", e.dir, before.Datasets)
	}
	return sources, p.store.Write(e.ctx, func(tx *catalog.Tx) error {
		for _, a := range samples.Agencies() {
			if err := putDemoAgency(tx, a); err != nil {
				return err
			}
		}
		for i := range sources {
			if err := ownDemoSource(tx, &sources[i]); err != nil {
				return err
			}
			if err := putDemoSource(tx, &sources[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// knownDemoSource takes the id and the agency of the source that is there
// already, or reports that src is new.
func (e *env) knownDemoSource(p *portal, src *catalog.Source) (isNew bool, err error) {
	old, err := p.store.Source(e.ctx, src.Slug)
	if errors.Is(err, catalog.ErrNotFound) {
		return true, nil
	}
	if err == nil && old.Kind != src.Kind {
		err = fmt.Errorf("source %q is of kind %s and not the demo's; give the demo a folder of its own with --data", old.Slug, old.Kind)
	}
	if err != nil {
		return false, err
	}
	if old.URL == src.URL && old.State == catalog.Published {
		*src = old
	}
	src.ID, src.Agency, src.Created = old.ID, old.Agency, old.Created
	return false, nil
}

// demoTable is the sources of the demo: without a schedule, since nothing
// there ever changes. They have no agency: the records name theirs.
func demoTable(folder string) []catalog.Source {
	title := func(fa, en string) catalog.Text { return catalog.Text{"fa": fa, "en": en} }
	return []catalog.Source{
		{
			Slug: "demo-ckan", Kind: "ckan", URL: "http://" + demoCKAN + "/", AllowPrivateNetwork: true,
			Title: title("درگاه دادهٔ نمایشی (CKAN)", "Demonstration portal (CKAN)"),
		},
		{
			Slug: "demo-datajson", Kind: "datajson", URL: "http://" + demoDataJSON + "/data.json", AllowPrivateNetwork: true,
			Title: title("فهرست دادهٔ نمایشی (data.json)", "Demonstration catalogue (data.json)"),
		},
		{
			Slug: "demo-folder", Kind: "folder", URL: folder,
			Title: title("پوشهٔ پرونده‌های نمایشی", "Demonstration folder of files"),
		},
	}
}

func putDemoAgency(tx *catalog.Tx, a samples.Agency) error {
	_, err := tx.Agency(a.Slug)
	if !errors.Is(err, catalog.ErrNotFound) {
		return err // it is there, perhaps changed by people: it stays as it is
	}
	return tx.PutAgency(&catalog.Agency{
		Slug: a.Slug, Title: a.Title, Description: a.Description, Kind: a.Kind, Homepage: a.Homepage, Contact: a.Contact,
	})
}

// putDemoSource writes src unless it is there as it should be (only then it has
// a state). A folder that was moved with its catalogue gets its new path.
func putDemoSource(tx *catalog.Tx, src *catalog.Source) error {
	if src.State != "" {
		return nil
	}
	return tx.PutSource(src)
}
