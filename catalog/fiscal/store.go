package fiscal

import (
	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// putBudget writes that a resource is a budget, read by a mapping. One whose
// mapping is another is read again; so is one that was not loaded.
func putBudget(tx *catalog.Tx, resource string, m *Mapping) (id string, err error) {
	b, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	var was, agency string
	var title catalog.Text
	now := catalog.Stamp(tx.Now())
	err = tx.Row("select id, mapping from budgets where resource = ?", resource).Scan(&id, &was)
	switch {
	case err == nil && was == string(b):
		return id, nil
	case err == nil:
		tx.Changed(NounBudget, id, catalog.OpPut)
		return id, tx.Exec("update budgets set mapping = ?, revision = revision + 1, changed = ? where id = ?", string(b), now, id)
	case !catalog.NoRow(err):
		return "", err
	}
	err = tx.Row("select d.agency, coalesce(d.body ->> 'title', '{}') from resources r join datasets d on d.id = r.dataset where r.id = ?", resource).Scan(&agency, catalog.AsJSON(&title))
	if catalog.NoRow(err) {
		return "", catalog.NotFound("resource", resource)
	}
	if err != nil {
		return "", err
	}
	id = tx.NewID()
	slug, err := tx.FreeSlug("budgets", title, NounBudget, id)
	if err != nil {
		return "", err
	}
	tx.Changed(NounBudget, id, catalog.OpPut)
	return id, tx.Exec("insert into budgets (id, slug, resource, agency, mapping, state, changed) values (?, ?, ?, ?, ?, ?, ?)",
		id, slug, resource, agency, string(b), Waiting, now)
}

// PutMapping says how the table of a resource is read as a budget. It is for
// those who may publish for its agency.
func PutMapping(tx *catalog.Tx, by *catalog.Actor, resource string, m *Mapping) (id string, err error) {
	var agency string
	err = tx.Row("select d.agency from resources r join datasets d on d.id = r.dataset where r.id = ?", resource).Scan(&agency)
	if catalog.NoRow(err) {
		return "", catalog.NotFound("resource", resource)
	}
	if err != nil {
		return "", err
	}
	if !by.Can(catalog.Publish, agency) {
		return "", catalog.ErrDenied
	}
	var was string
	if err := tx.Row("select mapping from budgets where resource = ?", resource).Scan(&was); err != nil && !catalog.NoRow(err) {
		return "", err
	}
	if id, err = putBudget(tx, resource, m); err != nil {
		return "", err
	}
	var before any
	if was != "" {
		before = json.RawMessage(was)
	}
	return id, tx.Log(by, catalog.Entry{Act: "budget.mapping", Noun: NounBudget, Thing: id, Agency: agency}, before, m)
}
