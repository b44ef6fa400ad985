package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

type verifyCmd struct {
	Fast bool `help:"Look whether files are there and how large they are, and read none."`
	JSON bool `name:"json" help:"Print as JSON."`

	Receipt string `help:"Check the receipt of a comment instead." type:"path" placeholder:"FILE"`
	Key     string `help:"Key that the portal signs its log with; that of the data folder when left out." placeholder:"KEY"`
}

// errFaults says that verify found something, which it has printed.
var errFaults = errors.New("not everything is as it was written; the lines above say what is wrong and what to do")

// Run checks the whole portal, one part after the other, and prints a line for
// each.
func (c *verifyCmd) Run(e *env) error {
	if c.Receipt != "" {
		return c.receipt(e)
	}
	if err := e.mustExist(); err != nil {
		return err
	}
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	faults := int64(0)
	var failed error
	part := func(v catalog.VerifyPart) {
		faults += v.Faults
		failed = errors.Join(failed, c.print(e, &v))
	}
	bar, name := e.progress("", ""), ""
	err = catalog.Verify(e.ctx, p.store, p.files, catalog.VerifyOptions{
		Fast: c.Fast, Part: part,
		Progress: func(of string, done, total int64) {
			if of != name {
				bar.end()
				bar, name = e.progress("verify", of), of
			}
			bar.set(done, total)
		},
	})
	bar.end()
	if err == nil {
		err = e.verifyLog(p, part)
	}
	if err == nil && !c.Fast {
		err = e.verifyBudgets(p, part)
	}
	if err == nil {
		err = e.verifyIndicators(p, part)
	}
	if err == nil {
		err = e.verifyIndex(p, part)
	}
	switch {
	case err != nil || failed != nil:
		return errors.Join(err, failed)
	case faults > 0:
		return errFaults
	}
	return nil
}

// verifyIndex compares the index. The server does it that has the index open.
func (e *env) verifyIndex(p *portal, part func(catalog.VerifyPart)) error {
	v := catalog.VerifyPart{Name: "index"}
	var s indexState
	if server, running := e.server(); running {
		if err := e.ask(server, "index/"+taskCompare, func(int64, int64) {}, &s); err != nil {
			return err
		}
	} else if note, err := e.compareIndex(p, &s); err != nil || note != "" {
		v.Note = note
		part(v)
		return err
	}
	stats, err := p.store.Stats(e.ctx)
	if err != nil {
		return err
	}
	v.Checked, v.Faults = stats.Datasets, s.differences()
	if v.Faults > 0 {
		v.Sentences = []string{fmt.Sprintf("%d documents are missing from the index, %d are too many, %d are stale; shafaf index rebuild makes it anew", s.Missing, s.Extra, s.Stale)}
	}
	part(v)
	return nil
}

// compareIndex compares the index as it lies there. It leaves one alone that is
// behind, and says so in a note.
func (e *env) compareIndex(p *portal, s *indexState) (note string, err error) {
	index, err := e.openIndex(p)
	if err != nil {
		return "", err
	}
	defer index.Close()
	switch lag, whole, err := index.Lag(e.ctx, p.store); {
	case err != nil:
		return "", err
	case !whole:
		return "there is none of this catalogue yet: the server builds it when it starts", nil
	case lag > 0:
		return fmt.Sprintf("it lacks the last %d changes: the server catches up when it starts", lag), nil
	}
	s.Missing, s.Extra, s.Stale, err = index.Compare(e.ctx, p.store)
	return "", err
}

// print prints one part.
func (c *verifyCmd) print(e *env, v *catalog.VerifyPart) error {
	if c.JSON {
		return e.printJSON(v)
	}
	line := fmt.Sprintf("%s: %d checked, ", v.Name, v.Checked)
	if v.Faults == 0 {
		line += "nothing wrong"
	} else {
		line += fmt.Sprintf("%d wrong", v.Faults)
	}
	if v.Note != "" {
		line += "; " + v.Note
	}
	lines := append([]string{line}, v.Sentences...)
	if more := v.Faults - int64(len(v.Sentences)); more > 0 && len(v.Sentences) > 1 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	_, err := fmt.Fprintln(e.out, strings.Join(lines, "\n  "))
	return err
}
