package fiscal

import (
	"context"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
)

// BudgetOf returns the budget that a resource (its id) is read as, public or
// not; there is false where it is none.
func (f *Fiscal) BudgetOf(ctx context.Context, resource string) (b Budget, there bool, err error) {
	b, err = scanBudget(f.store.Row(ctx, "select "+budgetColumns+` from budgets b join resources r on r.id = b.resource join datasets d on d.id = r.dataset
		join agencies a on a.id = b.agency where b.resource = ?`, resource))
	if catalog.NoRow(err) {
		return Budget{}, false, nil
	}
	if err == nil {
		err = f.store.Row(ctx, "select mapping from budgets where id = ?", b.ID).Scan(catalog.AsJSON(&b.Mapping))
	}
	return b, true, catalog.Wrap("budget", err)
}

// CheckRevision is a *catalog.StaleError when the mapping of a resource is not
// at the revision that its author worked on, which is 0 for none.
func CheckRevision(tx *catalog.Tx, resource string, revision int64) error {
	var now int64
	if err := tx.Row("select coalesce(max(revision), 0) from budgets where resource = ?", resource).Scan(&now); err != nil {
		return catalog.Wrap("budget", err)
	}
	if now != revision {
		return &catalog.StaleError{Given: revision, Current: now}
	}
	return nil
}

// DropMapping makes the table of a resource an ordinary one again: its figures
// are gone from the spending explorer, and its rows stay. The sums themselves
// are removed when budgets are next loaded. It is for those who may publish for
// its agency.
func DropMapping(tx *catalog.Tx, by *catalog.Actor, resource string) error {
	var id, agency, mapping string
	err := tx.Row("select b.id, d.agency, b.mapping from budgets b join resources r on r.id = b.resource join datasets d on d.id = r.dataset where b.resource = ?", resource).
		Scan(&id, &agency, &mapping)
	switch {
	case catalog.NoRow(err):
		return catalog.NotFound(NounBudget, resource)
	case err != nil:
		return catalog.Wrap("budget", err)
	case !by.Can(catalog.Publish, agency):
		return fmt.Errorf("budget: %w", catalog.ErrDenied)
	}
	for _, query := range []string{"delete from budget_faults where budget = ?", "delete from budget_years where budget = ?", "delete from budgets where id = ?"} {
		if err := tx.Exec(query, id); err != nil {
			return catalog.Wrap("budget", err)
		}
	}
	tx.Changed(NounBudget, id, catalog.OpRetire)
	if err := recount(tx); err != nil {
		return catalog.Wrap("budget", err)
	}
	return tx.Log(by, catalog.Entry{Act: "budget.drop", Noun: NounBudget, Thing: id, Agency: agency}, map[string]string{"mapping": mapping}, nil)
}
