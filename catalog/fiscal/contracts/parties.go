package contracts

import (
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// parties writes the organisations of a process, and returns the id of its
// buyer.
func (s *state) parties(t *catalog.Tx, p *ocds.Process) (buyer string, err error) {
	if err := t.Exec("delete from process_parties where process = ?", s.id); err != nil {
		return "", err
	}
	for i := range p.Parts {
		part := &p.Parts[i]
		id, err := putParty(t, &part.Party)
		if err != nil {
			return "", err
		}
		if part.Role == ocds.RoleBuyer {
			buyer = id
		}
		var minor any
		currency := ""
		if part.Amount != nil {
			minor, currency = part.Amount.Minor, part.Amount.Currency
		}
		err = t.Exec("insert or ignore into process_parties (process, party, role, thing, amount, currency) values (?, ?, ?, ?, ?, ?)",
			s.id, id, part.Role, part.Thing, minor, currency)
		if err != nil {
			return "", err
		}
	}
	return buyer, nil
}

// putParty finds an organisation by its key, or takes it in.
func putParty(t *catalog.Tx, p *ocds.Party) (id string, err error) {
	err = t.Row("select id from parties where key = ?", p.Key).Scan(&id)
	if !catalog.NoRow(err) {
		return id, err
	}
	id = t.NewID()
	slug, err := t.FreeSlug("parties", catalog.TitleOf(p.Name), NounParty, id)
	if err != nil {
		return "", err
	}
	return id, t.Exec("insert into parties (id, key, slug, name, scheme, number, country, fold) values (?, ?, ?, ?, ?, ?, ?, ?)",
		id, p.Key, slug, p.Name, p.Scheme, p.Number, p.Country, persian.Fold(p.Name+"\n"+p.Number))
}

// mostFold bounds what a process is looked up in.
const mostFold = 8 << 10

// foldOf is what the words of a search are looked up in.
func foldOf(p *ocds.Process, ocid string) string {
	var b strings.Builder
	add := func(s string) {
		if s != "" && b.Len() < mostFold {
			b.WriteString(s)
			b.WriteByte('\n')
		}
	}
	add(p.Title)
	add(ocid)
	for i := range p.Parts {
		if i == 0 || p.Parts[i].Party.Key != p.Parts[i-1].Party.Key {
			add(p.Parts[i].Party.Name)
		}
	}
	for i := range p.Contracts {
		add(p.Contracts[i].ID)
		add(p.Contracts[i].Title)
	}
	add(p.Description)
	return persian.CutBytes(persian.Fold(b.String()), mostFold)
}
