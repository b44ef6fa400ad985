package site

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// readContracts reads the processes of contracting that were found, and who
// bought.
func (f *finder) readContracts(ids []string) (err error) {
	if len(ids) == 0 {
		return nil
	}
	if f.contracts, err = f.s.contracts.WordsByID(f.ctx, ids); err != nil {
		return err
	}
	buyers := make([]string, 0, len(f.contracts))
	for _, w := range f.contracts {
		buyers = append(buyers, w.Buyer)
	}
	f.buyers, err = f.s.contracts.PartiesByID(f.ctx, buyers)
	return err
}

// contract tells of a process; under its title stands what holds the words.
func (f *finder) contract(id string, row *foundRow, shape *foundShape) {
	w, ok := f.contracts[id]
	if !ok {
		return
	}
	p := &w.Process
	t := f.l.contractTitle(p)
	row.Title, row.TitleLang, row.URL = marked(f.marks, t.Text), t.Lang, contractPath(p.Slug)
	row.State, row.Worth = f.l.Text("contracts.stage."+p.Stage), f.l.amount(p.Worth(), p.Currency)
	if b, ok := f.buyers[p.Buyer]; ok {
		row.Agency = f.l.partyLink(&b)
	}
	about := ""
	for _, text := range w.Texts {
		if text != t.Text {
			about = text
			break
		}
	}
	for _, text := range slices.Concat(w.Texts, w.Parties, w.Numbers) {
		if text != t.Text && text != row.Agency.Text && f.marks != nil && f.marks.Matches(text) {
			about = text
			break
		}
	}
	f.excerpt(row, about, catalog.LanguageOf(about))
	shape.Slug, shape.Title, shape.State = p.Slug, p.Title, p.Stage
	if len(p.Title) == 0 {
		shape.Title = catalog.TitleOf(p.OCID)
	}
}
