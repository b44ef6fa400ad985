package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/openshafaf/shafaf/search"
)

type indexCmd struct {
	Rebuild indexRebuildCmd `cmd:"" help:"Build the index anew from the catalogue."`
	Compare indexCompareCmd `cmd:"" help:"Compare the index with the catalogue."`
}

// openIndex opens the search index of the data folder.
func (e *env) openIndex(*portal) (*search.Index, error) {
	return search.Open(filepath.Join(e.dir, "search"), search.Options{Log: e.log, Now: e.now, Probe: e.probeIndex, Fatal: e.fatalIndex})
}

// fatalIndex ends the process after the index broke off where that cannot be
// caught; what is damaged is put aside at the next start.
func (e *env) fatalIndex(err error) {
	e.exit(e.report(fmt.Errorf("the search index is damaged, and the process ends; start it again, and the index is built anew: %w", err)))
}

// followIndex loads the budgets that changed and brings the index up to date,
// unless a server does it.
func (e *env) followIndex(p *portal) error {
	if _, running := e.server(); running {
		return nil
	}
	if err := e.followBudgets(p); err != nil {
		return err
	}
	index, err := e.openIndex(p)
	if err != nil {
		return err
	}
	bar := e.progress("index", "documents")
	defer bar.end()
	return errors.Join(index.CatchUp(e.ctx, p.store, bar.set), index.Close())
}

// An indexTask is work on the open index. It is done where the index is open:
// in this process or in the server's.
type indexTask func(ctx context.Context, p *portal, index *search.Index, progress func(done, of int64)) (indexState, error)

// An indexState is how the index stands beside the catalogue after a task.
type indexState struct {
	Missing int64 `json:"missing"`
	Extra   int64 `json:"extra"`
	Stale   int64 `json:"stale"`
}

func (s indexState) differences() int64 { return s.Missing + s.Extra + s.Stale }

// The tasks. The index is brought up to date before it is compared: what a
// server had not come to is no difference.
const (
	taskRebuild = "rebuild"
	taskCompare = "compare"
)

func indexTasks() map[string]indexTask {
	return map[string]indexTask{
		taskRebuild: func(ctx context.Context, p *portal, index *search.Index, progress func(done, of int64)) (indexState, error) {
			return indexState{}, index.Rebuild(ctx, p.store, progress)
		},
		taskCompare: func(ctx context.Context, p *portal, index *search.Index, progress func(done, of int64)) (s indexState, err error) {
			if err = index.CatchUp(ctx, p.store, progress); err == nil {
				s.Missing, s.Extra, s.Stale, err = index.Compare(ctx, p.store)
			}
			return s, err
		},
	}
}

// onIndex does a task, or has the server do it that has the index open.
func (e *env) onIndex(task string) (s indexState, err error) {
	bar := e.progress("index", "documents")
	defer bar.end()
	if server, running := e.server(); running {
		err = e.ask(server, "index/"+task, bar.set, &s)
		return s, err
	}
	err = e.with(func(p *portal) error {
		index, err := e.openIndex(p)
		if err != nil {
			return err
		}
		s, err = indexTasks()[task](e.ctx, p, index, bar.set)
		return errors.Join(err, index.Close())
	})
	return s, err
}

type indexRebuildCmd struct{}

// Run builds the index beside the old one and puts it in its place.
func (indexRebuildCmd) Run(e *env) error {
	_, err := e.onIndex(taskRebuild)
	return err
}

type indexCompareCmd struct {
	JSON bool `name:"json" help:"Print as JSON."`
}

// Run compares index and catalogue; any difference is a failure.
func (c *indexCompareCmd) Run(e *env) error {
	s, err := e.onIndex(taskCompare)
	if err != nil {
		return err
	}
	if c.JSON {
		err = e.printJSON(s)
	} else {
		_, err = fmt.Fprintf(e.out, "%d missing, %d extra, %d stale\n", s.Missing, s.Extra, s.Stale)
	}
	if err == nil && s.differences() > 0 {
		err = errors.New("the index differs from the catalogue; shafaf index rebuild makes it anew")
	}
	return err
}
