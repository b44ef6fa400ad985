package main

import (
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
)

type datasetTakedownCmd struct {
	Dataset string `arg:"" help:"Slug or id of the dataset."`
	Reason  string `help:"Why; the ledger of removals shows it to everybody." placeholder:"TEXT"`
	Undo    bool   `help:"Publish again what was taken down."`
	JSON    bool   `name:"json" help:"Print the line of the ledger as JSON."`
}

// Run takes a dataset down, or takes that back.
func (c *datasetTakedownCmd) Run(e *env) error {
	if c.Undo && (c.Reason != "" || c.JSON) {
		return fmt.Errorf("%w: --undo goes with nothing else", errUsage)
	}
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	var r catalog.Removal
	err = p.store.Write(e.ctx, func(tx *catalog.Tx) error {
		if c.Undo {
			d, err := tx.UndoTakedown(c.Dataset)
			if err != nil {
				return err
			}
			r.Slug = d.Slug
			return act(tx, "dataset.restore", d.ID, d.Agency, "", datasetShape{Slug: d.Slug})
		}
		if r, err = tx.Takedown(c.Dataset, c.Reason); err != nil {
			return err
		}
		return act(tx, "dataset.takedown", r.Thing, r.Agency, r.Reason, datasetShape{Slug: r.Slug})
	})
	if err != nil {
		return err
	}
	if err := e.followIndex(p); err != nil {
		return err
	}
	switch {
	case c.JSON:
		return e.printJSON(r)
	case c.Undo:
		_, err = fmt.Fprintf(e.out, "%s is published again\n", r.Slug)
	default:
		_, err = fmt.Fprintf(e.out, "%s is taken down with all its editions; the ledger says why\n", r.Slug)
	}
	return err
}
