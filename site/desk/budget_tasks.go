package desk

import (
	"context"

	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/site"
)

// heldBudgets are budgets of one's agencies whose tables cannot be shown.
func (d *Desk) heldBudgets(ctx context.Context, r *site.Request) ([]task, error) {
	own := ownAgencies(&r.Actor)
	if len(own) == 0 {
		return nil, nil
	}
	all, err := d.budgets.Held(ctx, own, mostTasks)
	var tasks []task
	for i := range all {
		b := &all[i]
		name, _ := b.Title.In(r.Lang)
		if name == "" {
			name = b.Slug
		}
		tasks = append(tasks, task{Name: name, URL: "/" + r.Lang + heldPath(b), More: b.Fault.Text, Said: b.Fault.Said, At: b.At})
	}
	return tasks, err
}

// heldPath is where it stands what is wrong with a budget.
func heldPath(b *fiscal.HeldBudget) string {
	switch {
	case b.ByHand:
		return pathDatasets + "/" + b.Dataset + "/files/" + b.Resource + "/budget"
	case b.Public:
		return "/spending/budgets/" + b.Slug
	}
	return "/datasets/" + b.DatasetSlug + "/resources/" + b.Resource
}
