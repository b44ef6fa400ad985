package fiscal

import (
	"context"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

const budgetColumns = `b.id, b.slug, b.resource, d.id, b.agency, a.slug, b.revision, b.state, b.edition, b.lines, b.cube, b.rows, b.left_out,
	b.counted, b.currency, b.scale, b.about, b.loaded, b.changed, coalesce(d.body ->> 'title', '{}')`

// shownBudgets are the budgets that the public sees, b, each with its dataset d
// and its agency a: those that have figures. There are few budgets and many
// datasets: the order of the joins is fixed.
const shownBudgets = ` from budgets b cross join resources r on r.id = b.resource and r.` + catalog.PublicRows + `
	cross join datasets d on d.id = r.dataset and d.` + catalog.PublicRows + ` join agencies a on a.id = b.agency
	where b.state <> 'waiting'`

func scanBudget(row catalog.Row) (b Budget, err error) {
	err = row.Scan(&b.ID, &b.Slug, &b.Resource, &b.Dataset, &b.Agency, &b.agency, &b.Revision, &b.State, &b.Edition, &b.Lines, &b.Cube, &b.Rows, &b.LeftOut,
		&b.Counted, &b.Currency, &b.Scale, catalog.AsJSON(&b.About), catalog.AsTime(&b.Loaded), catalog.AsTime(&b.Changed), catalog.AsJSON(&b.Title))
	return b, err
}

// A BudgetFilter says which budgets Budgets returns. Empty fields do not filter.
type BudgetFilter struct {
	Agency  string // id
	Counted bool   // only those whose figures are part of the country's
}

// Budgets returns the budgets that the public sees, without their mappings, by
// agency and slug.
func (f *Fiscal) Budgets(ctx context.Context, filter BudgetFilter) ([]Budget, error) {
	query, args := "select "+budgetColumns+shownBudgets, []any{}
	if filter.Counted {
		query += " and b.counted = 1 and b.cube <> ''"
	}
	if filter.Agency != "" {
		query, args = query+" and b.agency = ?1", append(args, filter.Agency)
	}
	rows, err := f.store.Rows(ctx, query+" order by a.slug, b.slug", args...)
	all, err := catalog.Collect(rows, err, scanBudget)
	return all, catalog.Wrap("budgets", err)
}

// AnyBudgets reports whether the public sees figures of any budget.
func (f *Fiscal) AnyBudgets(ctx context.Context) (there bool, err error) {
	err = f.store.Row(ctx, "select exists (select 1"+shownBudgets+" and b.cube <> '')").Scan(&there)
	return there, catalog.Wrap("budgets", err)
}

// Budget returns the budget with the slug or id, with its mapping. The error is
// catalog.ErrNotFound when the public sees none, and a *catalog.RetiredError
// when its dataset is not published any more.
func (f *Fiscal) Budget(ctx context.Context, key string) (Budget, error) {
	b, err := scanBudget(f.store.Row(ctx, "select "+budgetColumns+shownBudgets+" and (b.slug = ?1 or b.id = ?1)", key))
	if catalog.NoRow(err) {
		return b, f.gone(ctx, key)
	}
	if err == nil {
		err = f.store.Row(ctx, "select mapping from budgets where id = ?", b.ID).Scan(catalog.AsJSON(&b.Mapping))
	}
	return b, catalog.Wrap("budget", err)
}

// gone is why the public sees no budget with the slug or id.
func (f *Fiscal) gone(ctx context.Context, key string) error {
	var dataset, slug string
	err := f.store.Row(ctx, `select d.id, d.slug from budgets b join resources r on r.id = b.resource join datasets d on d.id = r.dataset
		where (b.slug = ?1 or b.id = ?1) and b.cube <> '' and d.`+catalog.KnownRows+" and not d."+catalog.PublicRows, key).Scan(&dataset, &slug)
	switch {
	case catalog.NoRow(err):
		return catalog.NotFound(NounBudget, key)
	case err != nil:
		return catalog.Wrap("budget", err)
	}
	return f.store.Gone(ctx, catalog.NounDataset, dataset, slug)
}

// A Scope is the budgets whose figures are shown together: one, or all that
// count for the country, in one currency.
type Scope struct {
	Country  bool
	Budgets  []Budget
	Currency string
	Scale    int
	Left     []Budget // of another currency, which no sum has
}

// Scope returns the budget with the slug or id, or without one all that count
// for the country in the currency of the portal.
func (f *Fiscal) Scope(ctx context.Context, budget string) (Scope, error) {
	if budget != "" {
		b, err := f.Budget(ctx, budget)
		return Scope{Budgets: []Budget{b}, Currency: b.Currency, Scale: b.Scale}, err
	}
	s := Scope{Country: true, Currency: DefaultCurrency}
	settings, err := f.store.Settings(ctx)
	if err != nil {
		return s, err
	}
	if c := settings[SettingCurrency]; c != "" {
		s.Currency = c
	}
	all, err := f.Budgets(ctx, BudgetFilter{Counted: true})
	if err != nil {
		return s, err
	}
	s.Budgets = all[:0]
	for i := range all {
		if all[i].Currency != s.Currency {
			s.Left = append(s.Left, all[i])
			continue
		}
		s.Scale = all[i].Scale
		s.Budgets = append(s.Budgets, all[i])
	}
	return s, nil
}

// Trees are the trees that a budget of the scope has, in the order of Trees.
func (s *Scope) Trees() []string {
	var all []string
	for _, tree := range Trees {
		if slices.ContainsFunc(s.Budgets, func(b Budget) bool { return slices.Contains(b.About.Trees, tree) }) {
			all = append(all, tree)
		}
	}
	return all
}

// of are the budgets of the scope that have figures at the view's place: in the
// administrative tree those of its agency.
func (s *Scope) of(v *View) []Budget {
	if v.Tree != Administrative || len(v.Path) == 0 {
		return s.Budgets
	}
	var all []Budget
	for i := range s.Budgets {
		if s.Budgets[i].agency == v.Path[0] {
			all = append(all, s.Budgets[i])
		}
	}
	return all
}

// keys are the budgets as queries take them: a JSON list of id and cube.
func keys(all []Budget) any {
	list := make([][2]string, 0, len(all))
	for i := range all {
		if all[i].Cube != "" {
			list = append(list, [2]string{all[i].ID, all[i].Cube})
		}
	}
	return catalog.AsJSON(&list)
}

// AgencySlug is the slug of the budget's agency: its code in the trees.
func (b *Budget) AgencySlug() string { return b.agency }
