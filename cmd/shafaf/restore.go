package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

type restoreCmd struct {
	Dir  string `arg:"" help:"Folder of the backup." type:"existingdir"`
	JSON bool   `name:"json" help:"Print as JSON."`
}

// Run brings a backup back into an empty data folder.
func (c *restoreCmd) Run(e *env) error {
	start := e.now()
	if err := e.mustBeEmpty(); err != nil {
		return err
	}
	if _, err := catalog.CheckBackup(c.Dir); err != nil {
		return err
	}
	place, err := e.newPlace()
	if err != nil {
		return err
	}
	defer place.lock.Close()
	bar := e.progress("restore", "files")
	r, err := catalog.Restore(e.ctx, c.Dir, place.work, catalog.Options{Now: e.now, Fatal: e.fatal}, bar.set)
	bar.end()
	if err != nil {
		return errors.Join(err, place.abandon())
	}
	restored := e.now()
	e.reindex(place)
	if err := place.show(); err != nil {
		return err
	}
	if c.JSON {
		return e.printJSON(struct {
			catalog.RestoreReport
			Seconds float64 `json:"seconds"`
			Index   float64 `json:"index_seconds"`
		}{r, restored.Sub(start).Seconds(), e.now().Sub(restored).Seconds()})
	}
	_, err = fmt.Fprintf(e.out, "restored to %s: the portal of %s, change %d, %d files, %s; it took %s, and the search index %s\n", e.dir,
		r.Made.Format(time.RFC3339), r.Change, r.Files, bytesText(r.Bytes), restored.Sub(start).Round(time.Millisecond), e.now().Sub(restored).Round(time.Millisecond))
	if err == nil && r.Missing > 0 {
		fmt.Fprintf(e.errOut, "shafaf: %d files are not there, since the portal had lost them before the backup; shafaf verify tells which they are\n", r.Missing)
	}
	return err
}

// reindex builds the index of what was restored, before it is shown. Without
// one the portal is whole all the same: the server builds it.
func (e *env) reindex(at *place) {
	defer func(dir string) { e.dir = dir }(e.dir)
	e.dir = at.work
	p, err := e.open()
	if err == nil {
		err = errors.Join(e.followIndex(p), p.close())
	}
	if err != nil {
		fmt.Fprintf(e.errOut, "shafaf: the search index could not be built and is left to the server: %v\n", err)
		_ = os.RemoveAll(filepath.Join(at.work, "search"))
	}
}
