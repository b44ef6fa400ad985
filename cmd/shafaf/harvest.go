package main

import (
	"errors"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

type harvestCmd struct {
	Sources   []string `arg:"" optional:"" help:"Slugs of the sources; all when left out." name:"source"`
	DryRun    bool     `help:"Read and report, take nothing in."`
	WaitFiles bool     `help:"Fetch the files of the resources too before ending."`
	JSON      bool     `name:"json" help:"Print one JSON object a run."`
}

// Run harvests and, when no server does it, brings the index up to date.
func (c *harvestCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	sources, err := c.pick(e, p)
	if err != nil {
		return err
	}
	broken := 0
	err = harvestAll(e.ctx, e, p, sources, c.DryRun, func(src catalog.Source, run catalog.Run) error {
		if run.State != catalog.RunComplete {
			broken++
		}
		return c.show(e, p, src, run)
	})
	if err != nil {
		return err
	}
	if c.DryRun {
		if broken > 0 {
			return fmt.Errorf("%d of %d runs would not complete", broken, len(sources))
		}
		return nil
	}
	if c.WaitFiles {
		if err := e.fetchFiles(p); err != nil {
			return err
		}
	}
	if err := e.followIndex(p); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d runs did not complete; what came is kept and nothing was removed", broken, len(sources))
	}
	return nil
}

// pick returns the sources that were named, or all.
func (c *harvestCmd) pick(e *env, p *portal) ([]catalog.Source, error) {
	if len(c.Sources) == 0 {
		all, err := p.store.Sources(e.ctx, false)
		if err == nil && len(all) == 0 {
			err = errors.New("there are no sources; add one with: shafaf source add --kind KIND --url URL")
		}
		return all, err
	}
	var picked []catalog.Source
	for _, key := range c.Sources {
		src, err := p.store.Source(e.ctx, key)
		if err != nil {
			return nil, err
		}
		if src.State != catalog.Published {
			return nil, fmt.Errorf("source %q is retired and is not harvested", key)
		}
		picked = append(picked, src)
	}
	return picked, nil
}

func (c *harvestCmd) show(e *env, p *portal, src catalog.Source, run catalog.Run) error {
	if c.JSON {
		return e.printJSON(struct {
			catalog.Run
			Slug string `json:"source_slug"`
		}{run, src.Slug})
	}
	fmt.Fprintln(e.out, runLine(src.Slug, run))
	faults, _, err := p.store.RunFaults(e.ctx, run.ID, 0, 20)
	printFaults(e.out, faults, run.Counts.Faults)
	return err
}

func (e *env) harvestDeps(p *portal) harvesters.Deps {
	return harvesters.Deps{Store: p.store, Files: p.files, Log: e.log, Now: e.now, Version: version(), Locate: e.demo.locate}
}

// fetchFiles fetches the files that are due until none is.
func (e *env) fetchFiles(p *portal) error {
	bar := e.progress("files", "files")
	defer bar.end()
	return harvesters.Drain(e.ctx, e.harvestDeps(p), bar.set)
}
