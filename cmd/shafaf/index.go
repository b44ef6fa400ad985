package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/openshafaf/shafaf/search"
)

type indexCmd struct {
	Rebuild indexRebuildCmd `cmd:"" help:"Build the index anew from the catalogue."`
	Compare indexCompareCmd `cmd:"" help:"Compare the index with the catalogue."`
}

// errServed says that the server has the index, and keeps it by itself.
func errServed(server instance) error {
	return fmt.Errorf("the server (process %d at %s) has the index open and keeps it up to date by itself; stop it first", server.PID, server.Addr)
}

// openIndex opens the search index of the data folder.
func (e *env) openIndex(*portal) (*search.Index, error) {
	return search.Open(filepath.Join(e.dir, "search"), search.Options{Log: e.log, Now: e.now})
}

// followIndex brings the index up to date, unless a server does it.
func (e *env) followIndex(p *portal) error {
	if _, running := e.server(); running {
		return nil
	}
	index, err := e.openIndex(p)
	if err != nil {
		return err
	}
	bar := e.progress("index", "documents")
	defer bar.end()
	return errors.Join(index.CatchUp(e.ctx, p.store, bar.set), index.Close())
}

type indexRebuildCmd struct{}

// Run builds the index beside the old one and puts it in its place.
func (indexRebuildCmd) Run(e *env) error {
	return e.withIndex(func(p *portal, index *search.Index) error {
		bar := e.progress("index", "documents")
		defer bar.end()
		return index.Rebuild(e.ctx, p.store, bar.set)
	})
}

type indexCompareCmd struct {
	JSON bool `name:"json" help:"Print as JSON."`
}

// Run compares index and catalogue; any difference is a failure.
func (c *indexCompareCmd) Run(e *env) error {
	return e.withIndex(func(p *portal, index *search.Index) error {
		if err := index.CatchUp(e.ctx, p.store, nil); err != nil { // what a server had not come to is no difference
			return err
		}
		missing, extra, stale, err := index.Compare(e.ctx, p.store)
		if err != nil {
			return err
		}
		if c.JSON {
			err = e.printJSON(map[string]int64{"missing": missing, "extra": extra, "stale": stale})
		} else {
			_, err = fmt.Fprintf(e.out, "%d missing, %d extra, %d stale\n", missing, extra, stale)
		}
		if err == nil && missing+extra+stale > 0 {
			err = errors.New("the index differs from the catalogue; shafaf index rebuild makes it anew")
		}
		return err
	})
}

// withIndex opens the catalogue and the index, which no server may hold, for do.
func (e *env) withIndex(do func(*portal, *search.Index) error) error {
	if server, running := e.server(); running {
		return errServed(server)
	}
	return e.with(func(p *portal) error {
		index, err := e.openIndex(p)
		if err != nil {
			return err
		}
		return errors.Join(do(p, index), index.Close())
	})
}
