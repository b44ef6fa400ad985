package catalog

// dropBudgets makes the drafts of resources that which selects (one column of
// ids, with one parameter) ordinary tables, before they are removed. Their sums
// are removed when budgets are next loaded.
func (t *Tx) dropBudgets(which, arg string) error {
	of := "(select id from budgets where resource in (" + which + "))"
	for _, q := range []string{
		"delete from budget_faults where budget in " + of, "delete from budget_years where budget in " + of, "delete from budgets where resource in (" + which + ")",
	} {
		if err := t.exec(q, arg); err != nil {
			return err
		}
	}
	return nil
}
