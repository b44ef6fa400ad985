package fiscal

import (
	"context"
	"fmt"
	"slices"
	"time"

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

// A HeldBudget is a budget whose table cannot be shown as it is.
type HeldBudget struct {
	Budget, Slug         string // id and slug
	Dataset, DatasetSlug string
	Resource             string       // id
	Public               bool         // everybody sees that it is held, and why
	ByHand               bool         // its dataset was made at the desk
	Title                catalog.Text // of its dataset
	Fault                Fault        // the first of what is wrong with it
	At                   time.Time
}

// Held returns the budgets of agencies (their ids) that are held, and public
// ones whose file has no table, those first that changed last.
func (f *Fiscal) Held(ctx context.Context, agencies []string, limit int) ([]HeldBudget, error) {
	rows, err := f.store.Rows(ctx, `select b.id, b.slug, d.id, d.slug, r.id, d.`+catalog.PublicRows+` and b.state = ?2, d.source is null, coalesce(d.body ->> 'title', '{}'), b.changed
		from json_each(?1) i cross join budgets b on b.agency = i.value join resources r on r.id = b.resource join datasets d on d.id = r.dataset
		where (b.state = ?2 or b.state = ?3 and r.fetch <> ?4 and r.`+catalog.PublicRows+` and d.`+catalog.PublicRows+`) and r.state not in (?5, ?6) and d.state not in (?5, ?6) order by b.changed desc, b.id limit ?7`,
		catalog.AsJSON(&agencies), Held, Waiting, catalog.FetchPending, catalog.Retired, catalog.Withdrawn, limit)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (h HeldBudget, err error) {
		err = row.Scan(&h.Budget, &h.Slug, &h.Dataset, &h.DatasetSlug, &h.Resource, &h.Public, &h.ByHand, catalog.AsJSON(&h.Title), catalog.AsTime(&h.At))
		return h, err
	})
	for i := range all {
		var faults []Fault
		if err == nil {
			faults, err = f.Faults(ctx, all[i].Budget)
		}
		at := slices.IndexFunc(faults, func(o Fault) bool { return o.Severity == SeverityError })
		if at < 0 {
			all[i].Fault = faultOf(-1, "", "budget.notable", "—")
			continue
		}
		all[i].Fault = faults[at]
	}
	return all, catalog.Wrap("budgets", err)
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
