package main

import (
	"context"
	"fmt"
	"os"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"

	"github.com/goccy/go-json"
)

type indicatorsCmd struct {
	Show  indicatorsShowCmd  `cmd:"" help:"Print the set in force as JSON, or the one that comes with the program where none is."`
	Put   indicatorsPutCmd   `cmd:"" help:"Put a set of indicators in force."`
	Check indicatorsCheckCmd `cmd:"" help:"Look at everything that agencies handed in now, and score it."`
}

type indicatorsShowCmd struct{}

// Run prints the set.
func (c *indicatorsShowCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	set, err := indicators.New(p.store).Set(e.ctx)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndentWithOption(set, "", "\t", json.DisableHTMLEscape())
	if err == nil {
		_, err = fmt.Fprintf(e.out, "%s\n", b)
	}
	return err
}

type indicatorsPutCmd struct {
	File  string `arg:"" optional:"" type:"existingfile" help:"Set as JSON; without it the set that comes with the program."`
	Since string `help:"Day from which it is in force, like 1405-10-01 or 2026-12-22; only the first set may begin in the past. Now when it is left out." placeholder:"DAY"`
	Note  string `help:"Why it is as it is; everybody can read it." placeholder:"TEXT"`
}

// Run puts the set in force.
func (c *indicatorsPutCmd) Run(e *env) error {
	var raw []byte
	if c.File != "" {
		var err error
		if raw, err = os.ReadFile(c.File); err != nil {
			return err
		}
	}
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	var note catalog.Text
	if c.Note != "" {
		note = catalog.TitleOf(c.Note)
	}
	var set indicators.Set
	if err := p.store.Write(e.ctx, func(tx *catalog.Tx) (err error) {
		set, err = indicators.PutSet(tx, &catalog.Shell, raw, c.Since, note)
		return err
	}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "version %d with %d indicators is in force from %s on\n", set.Version, len(set.Indicators), set.Since.Format("2006-01-02 15:04 MST"))
	return err
}

type indicatorsCheckCmd struct{}

// Run scores what was handed in.
func (c *indicatorsCheckCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	n, err := indicators.New(p.store).Recheck(e.ctx)
	if err == nil {
		_, err = fmt.Fprintf(e.out, "%d scores are others now\n", n)
	}
	return err
}

// followMonitor checks what agencies hand in for indicators.
func (e *env) followMonitor(ctx context.Context, p *portal) error {
	return indicators.New(p.store).Follow(ctx, func(scores int) { e.log.Info("scored what agencies handed in", "scores", scores) })
}

// verifyIndicators works out all checks and scores anew.
func (e *env) verifyIndicators(p *portal, part func(catalog.VerifyPart)) error {
	a, err := indicators.New(p.store).Audit(e.ctx)
	if err == nil && a.Checks+a.Wrong > 0 {
		part(catalog.VerifyPart{Name: "indicators", Checked: a.Checks, Faults: a.Wrong, Sentences: a.Samples})
	}
	return err
}
