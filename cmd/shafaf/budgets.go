package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets"
)

// followBudgetJob loads budgets whose table or mapping changed.
func (e *env) followBudgetJob(ctx context.Context, p *portal) error {
	return fiscal.New(p.store, p.files).Follow(ctx, e.toldBudget)
}

// followBudgets loads the budgets that wait for it.
func (e *env) followBudgets(p *portal) error {
	_, err := fiscal.New(p.store, p.files).Work(e.ctx, e.toldBudget)
	return err
}

// toldBudget logs what came of a budget.
func (e *env) toldBudget(slug string, l *fiscal.Loading) {
	if l.Fit() {
		e.log.Info("loaded a budget", "budget", slug, "lines", l.Lines, "nodes", l.Nodes)
		return
	}
	why := ""
	for i := range l.Faults {
		if l.Faults[i].Severity == fiscal.SeverityError {
			why = l.Faults[i].Text
			break
		}
	}
	e.log.Warn("a budget is held: its last state is not shown", "budget", slug, "fault", why, "faults", l.FaultsN)
}

// verifyBudgets adds up the lines of each budget anew and compares all sums that
// are shown.
func (e *env) verifyBudgets(p *portal, part func(catalog.VerifyPart)) error {
	budgets := fiscal.New(p.store, p.files)
	all, err := budgets.All(e.ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	v := catalog.VerifyPart{Name: "budgets"}
	for _, slug := range all {
		r, err := budgets.Reconcile(e.ctx, slug)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, datasets.ErrDamaged) {
			v.Faults++
			v.Sentences = append(v.Sentences, fmt.Sprintf("%s: its lines cannot be read (%v); the server writes them anew when the file is not there", slug, err))
			continue
		}
		if err != nil {
			return err
		}
		v.Checked += r.Nodes
		v.Faults += r.Wrong
		for _, s := range r.Samples {
			v.Sentences = append(v.Sentences, slug+": "+s)
		}
	}
	part(v)
	return nil
}
