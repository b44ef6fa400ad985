package search

import (
	"context"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
)

// readProcesses is how many processes of contracting are read at once.
const readProcesses = 100

// process returns the entry of a process of contracting: found by its title, its
// numbers, and the names of who is in it.
func (r *reader) process(w *contracts.Words) *entry {
	e := &entry{id: w.ID}
	title := w.Title
	if len(title) == 0 { // pages call it so
		title = catalog.TitleOf(w.OCID)
	}
	e.texts[inTitle] = texts(nil, w.Title)
	e.texts[inKeywords], e.texts[inNames], e.texts[inDescription] = w.Numbers, w.Parties, w.Texts
	date, ok := parseDate(w.Date)
	if !ok {
		date = w.Created.Unix()
	}
	year := int16(yearOf(w.Date))
	e.facts = record{kind: kindProcess, date: date, from: year, to: year, titles: r.titleKeys(title)}
	e.facts.values[ofAgency] = distinct([]string{w.Agency})
	return e.seal()
}

// eachProcess sees the entries of all processes that the public sees.
func (r *reader) eachProcess(ctx context.Context, all *contracts.Contracts, see func(*entry) error) error {
	after := ""
	for {
		some, err := all.Words(ctx, after, readProcesses)
		if err != nil || len(some) == 0 {
			return err
		}
		for i := range some {
			if err := see(r.process(&some[i])); err != nil {
				return err
			}
		}
		after = some[len(some)-1].ID
	}
}

// processes puts those of the processes that the public sees, and deletes the
// others.
func (b *batch) processes(ctx context.Context, ids []string) error {
	for some := range slices.Chunk(ids, readProcesses) {
		found, err := contracts.New(b.store).WordsByID(ctx, some)
		if err != nil {
			return err
		}
		for _, id := range some {
			if w, ok := found[id]; ok {
				err = b.put(b.reader.process(&w))
			} else {
				err = b.remove(id)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
