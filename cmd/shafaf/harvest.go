package main

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

type harvestCmd struct {
	Sources   []string `arg:"" optional:"" help:"Slugs of the sources; all when left out." name:"source"`
	DryRun    bool     `help:"Read and report, take nothing in."`
	WaitFiles bool     `help:"Fetch the files of the resources too before ending."`
	Approve   string   `help:"Carry out what the held run of the source waits with: its removals and changes of identifiers." placeholder:"RUN"`
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
	if c.Approve != "" {
		return c.approve(e, p, sources)
	}
	broken := 0
	err = harvestAll(e.ctx, e, p, sources, c.DryRun, func(src catalog.Source, run catalog.Run) error {
		if run.State != catalog.RunComplete {
			broken++
		}
		return c.show(e, p, src, run)
	})
	refused := err // a source is being harvested already: the others go on
	if err != nil && !errors.Is(err, catalog.ErrConflict) {
		return err
	}
	if c.WaitFiles && !c.DryRun {
		if err := e.fetchFiles(p); err != nil {
			return err
		}
	}
	if !c.DryRun {
		if err := e.followIndex(p); err != nil {
			return err
		}
	}
	if broken > 0 && c.DryRun {
		return fmt.Errorf("%d of %d runs would not complete", broken, len(sources))
	}
	if broken > 0 {
		return errors.Join(refused, fmt.Errorf("%d of %d runs did not complete; what came is kept and nothing was removed", broken, len(sources)))
	}
	return refused
}

// approve lets a held run do what it waits with.
func (c *harvestCmd) approve(e *env, p *portal, sources []catalog.Source) error {
	if len(c.Sources) != 1 || c.DryRun || c.WaitFiles {
		return fmt.Errorf("%w: --approve goes with one source and nothing else: shafaf harvest SOURCE --approve RUN", errUsage)
	}
	src := sources[0]
	var run catalog.Run
	err := p.store.Write(e.ctx, func(tx *catalog.Tx) (err error) {
		if run, err = tx.ApproveRun(&src, c.Approve, operator()); err != nil {
			return err
		}
		return tx.LogRun(&catalog.Shell, "run.approve", &src, &run, "")
	})
	if err != nil {
		return err
	}
	if err := e.followIndex(p); err != nil {
		return err
	}
	if c.JSON {
		return c.show(e, p, src, run)
	}
	_, err = fmt.Fprintf(e.out, "%s: approved by %s: %d datasets retired, %d records known under other identifiers\n",
		src.Slug, run.ApprovedBy, run.Counts.Retired, run.Counts.Relinked)
	return err
}

// operator is who gives the command, as the system knows them.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "uid " + strconv.Itoa(os.Getuid())
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
	return harvesters.Deps{Store: p.store, Files: p.files, Log: e.log, Now: e.now, Version: version(), Dir: e.dir, Locate: e.demo.locate}
}

// fetchFiles fetches the files that are due until none is, and says how many
// wait for a later try.
func (e *env) fetchFiles(p *portal) error {
	bar := e.progress("files", "files")
	defer bar.end()
	if err := harvesters.Drain(e.ctx, e.harvestDeps(p), bar.set); err != nil {
		return err
	}
	waiting, err := p.store.PendingFetches(e.ctx)
	if err == nil && waiting > 0 {
		fmt.Fprintf(e.errOut, "shafaf: %d files could not be fetched now and are tried again later, by the server or the next harvest --wait-files; the page of each says why\n", waiting)
	}
	return err
}
