package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/harvesters"

	"github.com/goccy/go-json"
)

type sourceCmd struct {
	Add    sourceAddCmd    `cmd:"" help:"Add a source."`
	List   sourceListCmd   `cmd:"" help:"List the sources."`
	Show   sourceShowCmd   `cmd:"" help:"Show one source and its runs."`
	Retire sourceRetireCmd `cmd:"" help:"Stop harvesting a source; its datasets stay unless they are retired with it."`
	Check  sourceCheckCmd  `cmd:"" help:"Read a source without taking anything in, and say what is wrong with it."`
}

type sourceAddCmd struct {
	Kind                string        `help:"Kind of the source: datajson, ckan, folder, fiscal and so on." required:""`
	URL                 string        `name:"url" help:"Its address, or a path on this machine." required:""`
	Agency              string        `help:"Slug of the agency whose records these all are; made when there is none. Left out, each record belongs to the publisher it names." placeholder:"SLUG"`
	Every               time.Duration `help:"Harvest it this often (24h); without it by hand only."`
	AllowPrivateNetwork bool          `help:"Let it be fetched from addresses of private networks."`
	Mapping             string        `help:"For budgets that are plain tables: a JSON file that says what their columns are (kind fiscal)." type:"path" placeholder:"FILE"`
	Name                string        `help:"Its slug; from the address when it is left out." placeholder:"SLUG"`
	JSON                bool          `name:"json" help:"Print as JSON."`
}

// Run adds the source and a missing agency.
func (c *sourceAddCmd) Run(e *env) error {
	src, err := c.source()
	if err != nil {
		return err
	}
	err = e.with(func(p *portal) error {
		old, err := c.unlike(e, p, src)
		if err != nil {
			return err
		}
		if old != nil { // it is harvested again, and its records keep their identities
			src.ID, src.Slug, src.Title, src.Agency, src.Created = old.ID, old.Slug, old.Title, old.Agency, old.Created
		}
		return p.store.Write(e.ctx, func(tx *catalog.Tx) error {
			if c.Agency != "" {
				a, err := agencyFor(tx, c.Agency)
				if err != nil {
					return err
				}
				src.Agency = a.ID
			}
			if err := tx.PutSource(&src); err != nil {
				return err
			}
			name := "source.register"
			if old != nil {
				name = "source.revive"
			}
			return tx.LogSource(&catalog.Shell, name, old, &src, "")
		})
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.printJSON(src)
	}
	_, err = fmt.Fprintf(e.out, "%s\t%s\t%s\n", src.Slug, src.Kind, src.URL)
	return err
}

// unlike refuses a source that is there already: its datasets would be
// published twice. One that was retired is returned, to be taken up again.
func (c *sourceAddCmd) unlike(e *env, p *portal, src catalog.Source) (retired *catalog.Source, err error) {
	all, err := p.store.Sources(e.ctx, true)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		same := s.Kind == src.Kind && s.URL == src.URL
		switch {
		case same && s.State == catalog.Published:
			return nil, &catalog.InvalidError{Field: "--url", Reason: fmt.Sprintf("source %s reads it already; shafaf harvest %s harvests it now", s.Slug, s.Slug)}
		case same && (c.Name == "" || c.Name == s.Slug):
			retired = &s
		case c.Name != "" && s.Slug == c.Name:
			return nil, &catalog.InvalidError{Field: "--name", Reason: fmt.Sprintf("there is a source %s already, which reads %s; choose another name", s.Slug, s.URL)}
		}
	}
	return retired, nil
}

// leastEvery is the least time between two harvests by schedule: less would
// burden whoever runs the source.
const leastEvery = time.Minute

// source checks what was given and makes a source of it.
func (c *sourceAddCmd) source() (catalog.Source, error) {
	src := catalog.Source{
		Kind: c.Kind, URL: c.URL, Every: c.Every, AllowPrivateNetwork: c.AllowPrivateNetwork, Slug: c.Name,
	}
	if c.Every != 0 && c.Every < leastEvery {
		return src, &catalog.InvalidError{Field: "--every", Reason: fmt.Sprintf("%s is too often; the least is %s, and 24h is usual", short(c.Every), short(leastEvery))}
	}
	var err error
	if src.Options, err = c.options(); err != nil {
		return src, err
	}
	if strings.Contains(c.URL, "://") {
		u, err := url.Parse(c.URL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return src, &catalog.InvalidError{Field: "--url", Reason: fmt.Sprintf("%q is no http or https address; a path on this machine is given as it is", c.URL)}
		}
		if src.Slug == "" {
			src.Slug = u.Host
		}
	} else {
		path, err := filepath.Abs(c.URL)
		if err != nil {
			return src, err
		}
		if _, err := os.Stat(path); err != nil {
			return src, &catalog.InvalidError{Field: "--url", Reason: fmt.Sprintf("there is no readable file or folder %s; check the path", path)}
		}
		src.URL = path
		if src.Slug == "" {
			src.Slug = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		}
	}
	src.Title = catalog.TitleOf(src.Slug)
	return src, harvesters.Check(src)
}

// maxMapping is the size of the largest mapping, in bytes.
const maxMapping = 1 << 20

// options are what the kind of the source is told beside its address.
func (c *sourceAddCmd) options() ([]byte, error) {
	if c.Mapping == "" {
		return nil, nil
	}
	invalid := func(reason string) error { return &catalog.InvalidError{Field: "--mapping", Reason: reason} }
	if c.Kind != "fiscal" {
		return nil, invalid("only sources of kind fiscal have a mapping")
	}
	f, err := os.Open(c.Mapping)
	if err != nil {
		return nil, invalid(fmt.Sprintf("there is no readable file %s; check the path", c.Mapping))
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxMapping+1))
	if err != nil || len(raw) > maxMapping {
		return nil, invalid(fmt.Sprintf("%s cannot be read, or is larger than 1 MiB", c.Mapping))
	}
	var o harvesters.FiscalOptions
	o.Mapping = &fiscal.Mapping{}
	if err := json.Unmarshal(raw, o.Mapping); err != nil {
		return nil, invalid(fmt.Sprintf("%s is no mapping in JSON: %v; see docs/budgets.md", c.Mapping, err))
	}
	return json.Marshal(&o)
}

// agencyFor returns the agency with the slug, making it when there is none.
func agencyFor(tx *catalog.Tx, slug string) (catalog.Agency, error) {
	a, err := tx.Agency(slug)
	if err == nil {
		return a, nil
	}
	if slug == catalog.BuiltinSlug {
		return a, catalog.ErrBuiltin
	}
	a = catalog.Agency{Slug: slug, Title: catalog.TitleOf(slug)}
	return a, tx.PutAgency(&a)
}

type sourceListCmd struct {
	Retired bool `help:"List retired sources too."`
	JSON    bool `name:"json" help:"Print one JSON object a line."`
}

// Run lists the sources.
func (c *sourceListCmd) Run(e *env) error {
	var all []catalog.Source
	err := e.with(func(p *portal) (err error) {
		all, err = p.store.Sources(e.ctx, c.Retired)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printLines(e, all)
	}
	t := e.table("SLUG", "KIND", "DATASETS", "EVERY", "LAST RUN", "ADDRESS")
	for _, s := range all {
		last := "never"
		if s.LastRun != nil {
			last = s.LastRun.State + " " + s.LastRun.Started.Format(time.DateOnly)
		}
		every := "by hand"
		if s.Every > 0 {
			every = short(s.Every)
		}
		t.row(s.Slug, s.Kind, strconv.FormatInt(s.Datasets, 10), every, last, s.URL)
	}
	return t.end()
}

// short writes a duration as a person would: 24h, not 24h0m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

type sourceShowCmd struct {
	Source string `arg:"" help:"Slug or id of the source."`
	JSON   bool   `name:"json" help:"Print as JSON."`
}

// Run shows a source, its last runs and the faults of the last.
func (c *sourceShowCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	if err := e.endLapsed(e.ctx, p); err != nil {
		return err
	}
	src, err := p.store.Source(e.ctx, c.Source)
	if err != nil {
		return err
	}
	runs, err := p.store.Runs(e.ctx, src.ID, 10)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.printJSON(struct {
			catalog.Source
			Options json.RawMessage `json:"options,omitempty"`
			Runs    []catalog.Run   `json:"runs"`
		}{src, src.Options, runs})
	}
	fmt.Fprintf(e.out, "%s  %s  %s\n%s\n%s\n", src.Slug, src.Kind, src.URL, holdings(&src), scheduleLine(&src))
	if len(src.Options) > 0 {
		fmt.Fprintf(e.out, "%s\n", src.Options)
	}
	for _, r := range runs {
		fmt.Fprintln(e.out, runLine(src.Slug, r))
	}
	if len(runs) == 0 {
		return nil
	}
	faults, _, err := p.store.RunFaults(e.ctx, runs[0].ID, 0, 50)
	printFaults(e.out, faults, runs[0].Counts.Faults)
	return err
}

// scheduleLine says when a source is harvested.
func scheduleLine(src *catalog.Source) string {
	switch {
	case src.State != catalog.Published:
		return "retired: it is not harvested any more"
	case src.Every <= 0:
		return "harvested by hand"
	}
	s := fmt.Sprintf("harvested every %s by the server, next not before %s", src.Every, src.NextRun.Format(time.RFC3339))
	if src.Failures > 0 {
		s += fmt.Sprintf(", put off since the last %d runs failed", src.Failures)
	}
	return s
}

type sourceRetireCmd struct {
	Source       string `arg:"" help:"Slug or id of the source."`
	WithDatasets bool   `help:"Retire its datasets too; the ledger of removals lists them."`
	Reason       string `help:"Why, for the ledger; goes with --with-datasets." placeholder:"TEXT"`
}

// Run retires the source: it is not harvested any more. Its datasets stay, or
// are retired with it.
func (c *sourceRetireCmd) Run(e *env) error {
	if c.Reason != "" && !c.WithDatasets {
		return fmt.Errorf("%w: --reason goes with --with-datasets", errUsage)
	}
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	src, err := p.store.Source(e.ctx, c.Source)
	if err != nil {
		return err
	}
	retired := 0
	was := src
	err = p.store.Write(e.ctx, func(tx *catalog.Tx) (err error) {
		if retired, err = tx.RetireSource(&src, c.WithDatasets, c.Reason); err != nil {
			return err
		}
		return tx.LogSource(&catalog.Shell, "source.retire", &was, &src, c.Reason)
	})
	if err != nil {
		return err
	}
	if err := errors.Join(e.followIndex(p), harvesters.Forget(e.dir, src.ID)); err != nil {
		return err
	}
	if c.WithDatasets {
		what := "datasets"
		if was.Drafts > 0 {
			what = "datasets and drafts"
		}
		_, err = fmt.Fprintf(e.out, "%s is not harvested any more; its %d %s are retired: their addresses say so, and their editions stay\n", src.Slug, retired, what)
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s is not harvested any more; its %s stay\n", src.Slug, holdings(&src))
	return err
}

// holdings says what is published of a source.
func holdings(src *catalog.Source) string {
	if src.Drafts == 0 {
		return fmt.Sprintf("%d datasets", src.Datasets)
	}
	return fmt.Sprintf("%d datasets and %d drafts", src.Datasets, src.Drafts)
}

type sourceCheckCmd struct {
	Source string `arg:"" help:"Slug or id of the source."`
	JSON   bool   `name:"json" help:"Print as JSON."`
}

// Run reads the whole source as a harvest would and takes nothing in.
func (c *sourceCheckCmd) Run(e *env) error {
	h := harvestCmd{Sources: []string{c.Source}, DryRun: true, JSON: c.JSON}
	return h.Run(e)
}

// harvestAll harvests the sources one after the other and shows each run. A
// source that another process is harvesting is passed over; the error that says
// so comes at the end.
func harvestAll(ctx context.Context, e *env, p *portal, sources []catalog.Source, dry bool, each func(catalog.Source, catalog.Run) error) error {
	deps := e.harvestDeps(p)
	var refused error
	for _, src := range sources {
		bar := e.progress(src.Slug, "records")
		run, err := harvesters.Run(ctx, deps, src, harvesters.RunOptions{DryRun: dry, Progress: bar.set})
		bar.end()
		if errors.Is(err, catalog.ErrConflict) {
			refused = errors.Join(refused, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("harvest %s: %w", src.Slug, err)
		}
		if err := each(src, run); err != nil {
			return err
		}
	}
	return refused
}
