package contracts

import (
	"context"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

// Words are what a process is found by: each text once, and none empty.
type Words struct {
	Process
	Numbers []string // its own, and those of its tender, contracts and budget lines
	Parties []string // names and numbers of the organisations in it
	Texts   []string // what is written about it
}

const wordColumns = "select " + columns + ", p.compiled from processes p where p." + catalog.PublicRows

// Words returns what some processes that the public sees are found by: limit of
// them after the one with an id, in the order of ids.
func (c *Contracts) Words(ctx context.Context, after string, limit int) ([]Words, error) {
	rows, err := c.store.Rows(ctx, wordColumns+" and p.id > ? order by p.id limit ?", after, limit)
	all, err := catalog.Collect(rows, err, scanWords)
	return all, catalog.Wrap("words of processes", err)
}

// WordsByID returns what the processes with the ids are found by, those that the
// public sees.
func (c *Contracts) WordsByID(ctx context.Context, ids []string) (map[string]Words, error) {
	rows, err := c.store.Rows(ctx, wordColumns+" and p.id in (select value from json_each(?))", catalog.AsJSON(&ids))
	by := make(map[string]Words, len(ids))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (string, error) {
		w, err := scanWords(row)
		by[w.ID] = w
		return w.ID, err
	})
	return by, catalog.Wrap("words of processes", err)
}

func scanWords(row catalog.Row) (w Words, err error) {
	var compiled []byte
	if err := row.Scan(append(w.fields(), &compiled)...); err != nil {
		return w, err
	}
	body, err := ocds.Decode(compiled)
	if err != nil {
		return w, err
	}
	p := ocds.Of(body)
	w.Numbers = []string{w.OCID}
	w.Texts = []string{p.Description}
	if p.Budget != nil {
		w.Numbers = append(w.Numbers, p.Budget.Lines...)
		w.Texts = append(w.Texts, p.Budget.Project, p.Budget.Description)
	}
	if p.Tender != nil {
		w.Numbers, w.Texts = append(w.Numbers, p.Tender.ID), append(w.Texts, p.Tender.Title)
	}
	for i := range p.Awards {
		w.Texts = append(w.Texts, p.Awards[i].Title)
	}
	for i := range p.Contracts {
		w.Numbers, w.Texts = append(w.Numbers, p.Contracts[i].ID), append(w.Texts, p.Contracts[i].Title)
	}
	for i := range p.Parts {
		w.Parties = append(w.Parties, p.Parts[i].Party.Name, p.Parts[i].Party.Number)
	}
	w.Numbers, w.Parties, w.Texts = once(w.Numbers), once(w.Parties), once(w.Texts)
	return w, nil
}

// once returns the list without what is empty or said before.
func once(list []string) []string {
	seen := map[string]bool{"": true}
	return slices.DeleteFunc(list, func(s string) bool {
		twice := seen[s]
		seen[s] = true
		return twice
	})
}
