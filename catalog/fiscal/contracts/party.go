package contracts

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

// A Party is an organisation in public contracts.
type Party struct {
	ID      string       `json:"id"`
	Slug    string       `json:"slug"`
	Name    catalog.Text `json:"title"`
	Scheme  string       `json:"scheme,omitempty"` // of its number
	Number  string       `json:"number,omitempty"`
	Country string       `json:"country,omitempty"`
}

const partyColumns = "o.id, o.slug, o.name, o.scheme, o.number, o.country"

func (p *Party) fields(name *string) []any {
	return []any{&p.ID, &p.Slug, name, &p.Scheme, &p.Number, &p.Country}
}

func scanParty(row catalog.Row) (p Party, err error) {
	var name string
	err = row.Scan(p.fields(&name)...)
	p.Name = catalog.TitleOf(name)
	return p, err
}

// inPublic is the condition that an organisation is in a process that the
// public sees.
const inPublic = "exists (select 1 from process_parties q join processes p on p.id = q.process where q.party = o.id and p." + catalog.PublicRows + ")"

// Party returns the organisation with the slug or id, or ErrNotFound.
func (c *Contracts) Party(ctx context.Context, key string) (Party, error) {
	p, err := scanParty(c.store.Row(ctx, "select "+partyColumns+" from parties o where (o.slug = ?1 or o.id = ?1) and "+inPublic, key))
	if catalog.NoRow(err) {
		return p, catalog.NotFound(NounParty, key)
	}
	return p, catalog.Wrap("party", err)
}

// PartiesByID returns organisations by their ids.
func (c *Contracts) PartiesByID(ctx context.Context, ids []string) (map[string]Party, error) {
	rows, err := c.store.Rows(ctx, "select "+partyColumns+" from parties o where o.id in (select value from json_each(?))", catalog.AsJSON(&ids))
	all, err := catalog.Collect(rows, err, scanParty)
	by := make(map[string]Party, len(all))
	for i := range all {
		by[all[i].ID] = all[i]
	}
	return by, catalog.Wrap("parties", err)
}

// PartiesByKey returns organisations by the keys that ocds.Party has.
func (c *Contracts) PartiesByKey(ctx context.Context, keys []string) (map[string]Party, error) {
	by := map[string]Party{}
	rows, err := c.store.Rows(ctx, "select "+partyColumns+", o.key from parties o where o.key in (select value from json_each(?))", catalog.AsJSON(&keys))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (p Party, err error) {
		var name, key string
		err = row.Scan(append(p.fields(&name), &key)...)
		p.Name = catalog.TitleOf(name)
		by[key] = p
		return p, err
	})
	return by, catalog.Wrap("parties", err)
}

// Roles counts the processes of an organisation by its role in them.
func (c *Contracts) Roles(ctx context.Context, party string) (map[string]int64, error) {
	by := map[string]int64{}
	rows, err := c.store.Rows(ctx, `select q.role, count(distinct q.process) from process_parties q join processes p on p.id = q.process
		where q.party = ? and p.`+catalog.PublicRows+" group by q.role", party)
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (role string, err error) {
		var n int64
		err = row.Scan(&role, &n)
		by[role] = n
		return role, err
	})
	return by, catalog.Wrap("parties", err)
}

// A Partner is an organisation on the other side of processes: a supplier of a
// buyer, or a buyer from a supplier.
type Partner struct {
	Party
	Processes int64 `json:"processes"`
	Sums      []Sum `json:"sums"`
}

// Sides of the processes of an organisation.
const (
	suppliersOf = `process_parties m join processes p on p.id = m.process and p.` + catalog.PublicRows + ` where m.role = 'supplier' and p.buyer = ?1`
	buyersOf    = `process_parties m join processes p on p.id = m.process and p.` + catalog.PublicRows + ` where m.role = 'supplier' and m.party = ?1 and p.buyer <> ''`
)

// Suppliers returns the suppliers of a buyer, those with most processes first,
// with what they got. Buyers is the other side.
func (c *Contracts) Suppliers(ctx context.Context, buyer string, limit int) ([]Partner, error) {
	return c.partners(ctx, suppliersOf, "m.party", buyer, limit)
}

// Buyers returns the buyers from a supplier, as Suppliers does.
func (c *Contracts) Buyers(ctx context.Context, supplier string, limit int) ([]Partner, error) {
	return c.partners(ctx, buyersOf, "p.buyer", supplier, limit)
}

func (c *Contracts) partners(ctx context.Context, from, other, party string, limit int) ([]Partner, error) {
	rows, err := c.store.Rows(ctx, "select "+partyColumns+", k.n from (select "+other+" as party, count(distinct m.process) as n from "+from+
		" group by 1 order by n desc, 1 limit ?2) k join parties o on o.id = k.party order by k.n desc, o.name, o.id", party, limit)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (p Partner, err error) {
		var name string
		err = row.Scan(append(p.fields(&name), &p.Processes)...)
		p.Name = catalog.TitleOf(name)
		return p, err
	})
	if err != nil {
		return nil, catalog.Wrap("parties", err)
	}
	for i := range all {
		sums, err := c.sums(ctx, from+" and "+other+" = ?2 and m.amount is not null", "'awarded'", []any{party, all[i].ID})
		if err != nil {
			return nil, err
		}
		all[i].Sums = sums
	}
	return all, nil
}

// SupplierSums are what an organisation got as a supplier.
func (c *Contracts) SupplierSums(ctx context.Context, supplier string) ([]Sum, error) {
	return c.sums(ctx, "process_parties m join processes p on p.id = m.process and p."+catalog.PublicRows+
		" where m.role = 'supplier' and m.party = ?1 and m.amount is not null", "'awarded'", []any{supplier})
}

// A BuyerFlag is a red flag of a buyer: the part of a whole that raised it.
type BuyerFlag struct {
	Key      string `json:"key"` // of ocds.BuyerRules
	Buyer    Party  `json:"buyer"`
	Supplier *Party `json:"supplier,omitempty"`
	Part     int64  `json:"part"` // direct processes of all, or what the supplier got of what all did
	Whole    int64  `json:"whole"`
	Currency string `json:"currency,omitempty"` // of both; empty: they are processes
	Scale    int    `json:"scale,omitempty"`
	Percent  int64  `json:"percent"`
	Limit    int64  `json:"limit"`
}

// mostBuyerFlags is how many are listed.
const mostBuyerFlags = 500

// BuyerFlags works out the red flags of buyers; of one (its id) unless it is
// empty.
func (c *Contracts) BuyerFlags(ctx context.Context, buyer string) ([]BuyerFlag, error) {
	limits, err := c.Limits(ctx)
	if err != nil {
		limits = ocds.DefaultLimits() // who set them was told
	}
	all, err := c.directShares(ctx, buyer, &limits)
	if err != nil {
		return nil, err
	}
	more, err := c.supplierShares(ctx, buyer, &limits)
	return append(all, more...), err
}

func (c *Contracts) directShares(ctx context.Context, buyer string, l *ocds.Limits) ([]BuyerFlag, error) {
	rows, err := c.store.Rows(ctx, "select "+partyColumns+`, k.direct, k.n from (select p.buyer as buyer, sum(p.method = 'direct') as direct, count(*) as n from processes p
		where p.`+catalog.PublicRows+` and p.method <> '' and p.buyer <> '' and (?1 = '' or p.buyer = ?1) group by p.buyer having n >= ?2 and 100 * direct > ?3 * n) k
		join parties o on o.id = k.buyer order by k.direct * 1.0 / k.n desc, k.n desc, o.id limit ?4`, buyer, l.Processes, l.DirectShare, mostBuyerFlags)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (f BuyerFlag, err error) {
		var name string
		err = row.Scan(append(f.Buyer.fields(&name), &f.Part, &f.Whole)...)
		f.Key, f.Buyer.Name, f.Limit = ocds.BuyerRules[0], catalog.TitleOf(name), l.DirectShare
		f.Percent = ocds.Share(f.Part, max(f.Whole, 1))
		return f, err
	})
	return all, catalog.Wrap("flags", err)
}

// supplierShares finds suppliers by about what they got, since exact sums may be
// too large for SQLite, and works out exactly what it found.
func (c *Contracts) supplierShares(ctx context.Context, buyer string, l *ocds.Limits) ([]BuyerFlag, error) {
	rows, err := c.store.Rows(ctx, `with got as (select p.buyer as buyer, m.party as party, m.currency as currency, total(m.amount) as got, count(distinct p.id) as n
			from process_parties m join processes p on p.id = m.process and p.`+catalog.PublicRows+`
			where m.role = 'supplier' and m.amount > 0 and p.buyer <> '' and (?1 = '' or p.buyer = ?1) group by 1, 2, 3),
		whole as (select buyer, currency, sum(got) as total, sum(n) as n from got group by 1, 2 having sum(n) >= ?2 and count(*) > 1)
		select g.buyer, g.party, g.currency from got g join whole w on w.buyer = g.buyer and w.currency = g.currency
		where 100 * g.got > ?3 * w.total and w.total < 9e18 order by g.got / w.total desc, g.buyer, g.party limit ?4`, buyer, l.Processes, l.SupplierShare, mostBuyerFlags)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (f BuyerFlag, err error) {
		f.Supplier = &Party{}
		err = row.Scan(&f.Buyer.ID, &f.Supplier.ID, &f.Currency)
		f.Key, f.Limit, f.Scale = ocds.BuyerRules[1], l.SupplierShare, ocds.Scale(f.Currency)
		return f, err
	})
	if err != nil {
		return nil, catalog.Wrap("flags", err)
	}
	return all, c.exactShares(ctx, all)
}

// exactShares puts exact amounts and names into flags that were found by about
// what they are.
func (c *Contracts) exactShares(ctx context.Context, all []BuyerFlag) error {
	var ids []string
	for i := range all {
		ids = append(ids, all[i].Buyer.ID, all[i].Supplier.ID)
	}
	names, err := c.PartiesByID(ctx, ids)
	if err != nil {
		return err
	}
	for i := range all {
		f := &all[i]
		f.Buyer = names[f.Buyer.ID]
		*f.Supplier = names[f.Supplier.ID]
		for _, of := range []struct {
			into *int64
			more string
		}{{&f.Part, " and m.party = ?3"}, {&f.Whole, " and ?3 = ?3"}} {
			sums, err := c.sums(ctx, suppliersOf+" and m.amount > 0 and m.currency = ?2"+of.more, "''", []any{f.Buyer.ID, f.Currency, f.Supplier.ID})
			if err != nil {
				return err
			}
			if len(sums) == 1 && sums[0].Amount != nil {
				*of.into = *sums[0].Amount
			}
		}
		f.Percent = ocds.Share(f.Part, max(f.Whole, 1))
	}
	return nil
}

// A PartyFilter says which organisations Parties returns.
type PartyFilter struct {
	Query string // words of name and number; all must be there
	Role  string // that they have in any process; empty: in any role
	After string // id of the one that the list goes on after
	Limit int
}

// A CountedParty is an organisation with the number of its processes.
type CountedParty struct {
	Party
	Processes int64 `json:"processes"`
}

// Parties returns organisations that are in processes which the public sees,
// those with most processes first, and how many there are in all. It counts all
// of them, and so one list at a time: ErrBusy says that others took too long.
func (c *Contracts) Parties(ctx context.Context, f PartyFilter) (all []CountedParty, total int64, err error) {
	where, args := holding("o.fold", f.Query, []any{f.Role, f.After, f.Limit})
	named := ""
	if where != "" {
		named = " and q.party in (select o.id from parties o where true" + where + ")"
	}
	if err := c.turn.take(ctx); err != nil {
		return nil, 0, err
	}
	defer c.turn.give()
	return c.parties(ctx, f, named, args)
}

func (c *Contracts) parties(ctx context.Context, f PartyFilter, named string, args []any) (all []CountedParty, total int64, err error) {
	rows, err := c.store.Rows(ctx, `with k as materialized (select q.party as party, count(distinct q.process) as n from process_parties q indexed by process_parties_party
		where q.process not in (select p.id from processes p where not p.`+catalog.PublicRows+`) and (?1 = '' or q.role = ?1)`+named+` group by q.party)
		select `+partyColumns+`, k.n, (select count(*) from k) from k join parties o on o.id = k.party
		where ?2 = '' or (-k.n, k.party) > (select -a.n, a.party from k a where a.party = ?2) order by k.n desc, k.party limit ?3`, args...)
	all, err = catalog.Collect(rows, err, func(row catalog.Row) (p CountedParty, err error) {
		var name string
		err = row.Scan(append(p.fields(&name), &p.Processes, &total)...)
		p.Name = catalog.TitleOf(name)
		return p, err
	})
	if len(all) == 0 && f.After != "" && err == nil { // behind the last one
		f.After, args[1], args[2] = "", "", 1
		_, total, err = c.parties(ctx, f, named, args)
	}
	return all, total, catalog.Wrap("parties", err)
}
