package fiscal

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// A counting is what decides whether a budget is part of the figures of the
// country.
type counting struct {
	id, slug, agency, currency, beside string
	public, counted                    bool
	years                              []string // each with its direction
}

const countings = `select b.id, b.slug, b.agency, b.currency, coalesce(b.about ->> '$.beside', ''), b.counted,
	r.` + catalog.PublicRows + ` and d.` + catalog.PublicRows + `,
	coalesce((select group_concat(y.year || ' ' || y.direction, char(10)) from budget_years y where y.budget = b.id), '')
	from budgets b join resources r on r.id = b.resource join datasets d on d.id = r.dataset where b.cube <> '' order by b.rowid`

func scanCounting(row catalog.Row) (c counting, err error) {
	var years string
	err = row.Scan(&c.id, &c.slug, &c.agency, &c.currency, &c.beside, &c.counted, &c.public, &years)
	c.years = slices.DeleteFunc(strings.Split(years, "\n"), func(y string) bool { return y == "" })
	return c, err
}

// recounted are the budgets of which it is decided otherwise than before. Of each
// agency those count that are public and in the portal's currency, and of two
// that share a year the one that is there longer.
func recounted(all []counting, currency string) []counting {
	taken := map[string]string{} // agency, year and direction: the budget that counts
	var changed []counting
	for _, c := range all {
		counts, beside := c.public && c.currency == currency, ""
		for _, y := range c.years {
			if other := taken[c.agency+" "+y]; counts && other != "" {
				counts, beside = false, other
			}
		}
		if counts {
			for _, y := range c.years {
				taken[c.agency+" "+y] = c.slug
			}
		}
		if counts != c.counted || beside != c.beside {
			c.counted, c.beside = counts, beside
			changed = append(changed, c)
		}
	}
	return changed
}

// count decides anew which budgets count, when something about them changed.
func (f *Fiscal) count(ctx context.Context) error {
	settings, err := f.store.Settings(ctx)
	if err != nil {
		return err
	}
	rows, err := f.store.Rows(ctx, countings)
	all, err := catalog.Collect(rows, err, scanCounting)
	if err != nil || len(recounted(all, cmp.Or(settings[SettingCurrency], DefaultCurrency))) == 0 {
		return catalog.Wrap("budgets", err)
	}
	return f.store.Write(ctx, recount)
}

// recount writes which budgets count.
func recount(tx *catalog.Tx) error {
	currency, err := tx.Setting(SettingCurrency)
	if err != nil {
		return err
	}
	rows, err := tx.Rows(countings)
	all, err := catalog.Collect(rows, err, scanCounting)
	if err != nil {
		return err
	}
	for _, c := range recounted(all, cmp.Or(currency, DefaultCurrency)) {
		if err := tx.Exec("update budgets set counted = ?, about = json_set(about, '$.beside', ?) where id = ?", c.counted, c.beside, c.id); err != nil {
			return err
		}
		tx.Changed(NounBudget, c.id, catalog.OpPut)
	}
	return nil
}
