package desk

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// pathSources is where sources are looked after; one stands below it, behind
// its id.
const pathSources = pathHome + "/sources"

// A Harvest is what the desk knows of the harvesting that goes on beside it.
type Harvest struct {
	Kinds  []string                   // of sources that may be registered
	Check  func(catalog.Source) error // an *InvalidError when a source cannot be right
	Asked  func()                     // is called when a run was asked for
	Forget func(source string) error  // is called when a source (its id) was retired
}

// sourceRoutes are the pages of sources.
func (d *Desk) sourceRoutes() []site.Route {
	const one = pathSources + "/{id}"
	return []site.Route{
		{Path: pathSources, View: d.sourceList, Template: "desk_sources"},
		{Path: pathSources + "/new", View: d.newSource, Act: d.doNewSource, Template: "desk_form"},
		{Path: one, View: d.source, Act: d.doSource, Template: "desk_source"},
		{Path: one + "/edit", View: d.editSource, Act: d.doEditSource, Template: "desk_form"},
		{Path: one + "/runs/{run}", View: d.run, Act: d.doRun, Template: "desk_run"},
	}
}

// A sourcesView is the list of the sources that somebody looks after.
type sourcesView struct {
	page
	Rows []sourceRow
}

// A sourceRow is a source in the list.
type sourceRow struct {
	Name     string
	URL      string
	Agency   string
	Is       string // how it is, see catalog.Source.Standing
	Datasets int64
	Last     time.Time
	Next     time.Time
}

func (d *Desk) sourceList(_ *site.Site, r *site.Request) (site.View, error) {
	if !some(&r.Actor, catalog.Harvest) {
		return nil, fiber.ErrNotFound
	}
	v := &sourcesView{page: page{frame(r, "desk.sources.title")}}
	all, err := d.sources(r.Context(), &r.Actor, true)
	if err != nil {
		return nil, err
	}
	names, err := d.agencyNames(r.Context(), r.Lang, nil)
	if err != nil {
		return nil, err
	}
	for i := range all {
		src := &all[i]
		row := sourceRow{Name: sourceName(r, src), URL: "/" + r.Lang + sourcePath(src), Agency: nameOf(names, src.Agency), Is: src.Standing(), Datasets: src.Datasets, Next: src.NextRun}
		if src.LastRun != nil {
			row.Last = src.LastRun.Started
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

// sources are the sources that the actor looks after; retired ones too when
// asked for.
func (d *Desk) sources(ctx context.Context, a *catalog.Actor, retired bool) ([]catalog.Source, error) {
	all, err := d.Store.Sources(ctx, retired)
	var mine []catalog.Source
	for i := range all {
		if a.Can(catalog.Harvest, all[i].Agency) {
			mine = append(mine, all[i])
		}
	}
	return mine, err
}

// oneSource returns the source that the address names. One that the actor does
// not look after is as little there as one that there is not.
func (d *Desk) oneSource(r *site.Request) (*catalog.Source, error) {
	src, err := d.Store.Source(r.Context(), r.Param("id"))
	if err == nil && !r.Actor.Can(catalog.Harvest, src.Agency) {
		err = catalog.ErrNotFound
	}
	return &src, err
}

func sourceName(r *site.Request, src *catalog.Source) string {
	if name, _ := src.Title.In(r.Lang); name != "" {
		return name
	}
	return src.Slug
}

func sourcePath(src *catalog.Source) string { return pathSources + "/" + src.ID }

func runPath(src *catalog.Source, run string) string { return sourcePath(src) + "/runs/" + run }

// sourceFrame is the frame of a page of a source.
func sourceFrame(r *site.Request, src *catalog.Source, key string) site.Frame {
	f := frame(r, key)
	f.Title += " — " + sourceName(r, src)
	f.Crumbs = append(f.Crumbs, site.Link{Text: r.Text("desk.sources.title"), URL: "/" + r.Lang + pathSources})
	if r.Path != sourcePath(src) {
		f.Crumbs = append(f.Crumbs, site.Link{Text: sourceName(r, src), URL: "/" + r.Lang + sourcePath(src)})
	}
	return f
}

// sourceRevision is revisionField of a source.
func sourceRevision(src *catalog.Source) field {
	return field{Name: "revision", Kind: "hidden", Value: strconv.FormatInt(src.Revision, 10)}
}

// refusedSource is refusedWrite for a form of a source.
func (d *Desk) refusedSource(r *site.Request, f *form, err error, now func() (*form, error)) error {
	var busy *catalog.BusyError
	if errors.As(err, &busy) {
		f.wrong("", r.Text("conflict.source.busy"))
		return nil
	}
	return d.refusedWrite(r, f, err, now)
}

// askFor queues a run of the source and returns the page that waits for it.
func (d *Desk) askFor(r *site.Request, src *catalog.Source, dry bool) (to string, err error) {
	var run catalog.Run
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) (err error) {
		run, err = tx.QueueRun(&r.Actor, src.ID, dry)
		return err
	})
	if err == nil && d.Harvest.Asked != nil {
		d.Harvest.Asked()
	}
	return runPath(src, run.ID), err
}
