package main

import (
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

type draftCmd struct {
	Takedown draftTakedownCmd `cmd:"" help:"Close a draft and all comments on it, for a reason that everybody can read."`
}

type draftTakedownCmd struct {
	Draft  string `arg:"" help:"Slug or id of the draft."`
	Reason string `help:"Why; the ledger of removals shows it to everybody." placeholder:"TEXT"`
	Undo   bool   `help:"Publish again what was taken down."`
}

// Run takes a draft down, or takes that back.
func (c *draftTakedownCmd) Run(e *env) error {
	if c.Undo && c.Reason != "" {
		return fmt.Errorf("%w: --undo goes with nothing else", errUsage)
	}
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	var d consultation.Draft
	if err := p.store.Write(e.ctx, func(tx *catalog.Tx) (err error) {
		if c.Undo {
			d, err = consultation.UndoTakeDown(tx, &catalog.Shell, c.Draft)
		} else {
			d, err = consultation.TakeDown(tx, &catalog.Shell, c.Draft, c.Reason)
		}
		return err
	}); err != nil {
		return err
	}
	if err := e.followIndex(p); err != nil {
		return err
	}
	if c.Undo {
		_, err = fmt.Fprintf(e.out, "%s is published again\n", d.Slug)
	} else {
		_, err = fmt.Fprintf(e.out, "%s is taken down with its comments; the ledger says why\n", d.Slug)
	}
	return err
}
