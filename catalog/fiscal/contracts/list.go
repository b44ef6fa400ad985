package contracts

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A Filter says which processes are meant. Empty fields do not filter.
type Filter struct {
	Query    string // words of title, parties, ocid; all must be there
	Agency   string // id
	Buyer    string // id of the party
	Supplier string // id of the party
	Method   string
	Stage    string
	Flag     string // key of a red flag that is raised
	Currency string
	After    string // id of the process that the list goes on after
	Limit    int    // 0: no limit
}

// mostWords is how many words of a query are looked at.
const mostWords = 8

// where is the condition on processes p of what the filter asks for.
func (f *Filter) where() (condition string, args []any) {
	condition = "p." + catalog.PublicRows
	add := func(more string, arg any) {
		args = append(args, arg)
		condition += fmt.Sprintf(" and "+more, len(args))
	}
	for _, by := range []struct{ value, more string }{
		{f.Agency, "p.agency = ?%d"},
		{f.Buyer, "p.buyer = ?%d"},
		{f.Supplier, "exists (select 1 from process_parties q where q.process = p.id and q.role = 'supplier' and q.party = ?%d)"},
		{f.Method, "iif(p.method = '', 'unknown', p.method) = ?%d"},
		{f.Stage, "p.stage = ?%d"},
		{f.Flag, "exists (select 1 from json_each(p.flags, '$.raised') j where j.value = ?%d)"},
		{f.Currency, "exists (select 1 from process_amounts m where m.process = p.id and m.currency = ?%d)"},
	} {
		if by.value != "" {
			add(by.more, by.value)
		}
	}
	more, args := holding("p.fold", f.Query, args)
	return condition + more, args
}

// holding is the condition that a column has each of the words of a query, with
// the arguments that come so far.
func holding(column, query string, args []any) (condition string, all []any) {
	words := strings.Fields(persian.Fold(query))
	var b strings.Builder
	for _, w := range words[:min(len(words), mostWords)] {
		args = append(args, w)
		fmt.Fprintf(&b, " and instr(%s, ?%d) > 0", column, len(args))
	}
	return b.String(), args
}

// NoMethod asks for processes of which no method of the standard is known.
const NoMethod = "unknown"

// List returns processes that the public sees, the newest first.
func (c *Contracts) List(ctx context.Context, f Filter) ([]Process, error) {
	where, args := f.where()
	if f.After != "" {
		args = append(args, f.After)
		where += fmt.Sprintf(" and (p.date, p.id) < (select a.date, a.id from processes a where a.id = ?%d)", len(args))
	}
	query := "select " + columns + " from processes p where " + where + " order by p.date desc, p.id desc"
	if f.Limit > 0 {
		query += fmt.Sprintf(" limit %d", f.Limit)
	}
	rows, err := c.store.Rows(ctx, query, args...)
	all, err := catalog.Collect(rows, err, scan)
	return all, catalog.Wrap("processes", err)
}

// A Sum is what processes are worth together in one currency.
type Sum struct {
	What      string `json:"what"` // tendered, awarded, contracted or paid
	Currency  string `json:"currency"`
	Scale     int    `json:"scale"`
	Amount    *int64 `json:"amount"` // minor units; nil when it is too large to be kept
	Processes int64  `json:"processes"`
}

// A Share is how many processes were done in one way.
type Share struct {
	Method    string `json:"method"` // of ocds.Methods; NoMethod for those without
	Processes int64  `json:"processes"`
}

// Figures are what a list of processes comes to.
type Figures struct {
	Total   int64   `json:"total"`
	Sums    []Sum   `json:"sums"`
	Methods []Share `json:"methods"`
	Named   int64   `json:"budget_named"` // processes that name a line of a budget
	Linked  int64   `json:"budget_found"` // of these, those whose line is in a budget that is loaded
}

// Figures counts and adds up the processes of the filter, each currency for
// itself.
func (c *Contracts) Figures(ctx context.Context, f Filter) (Figures, error) {
	where, args := f.where()
	var out Figures
	err := c.store.Row(ctx, "select count(*), coalesce(sum(p.line <> ''), 0), coalesce(sum(p.budget <> ''), 0) from processes p where "+where, args...).
		Scan(&out.Total, &out.Named, &out.Linked)
	if err != nil {
		return out, catalog.Wrap("processes", err)
	}
	if out.Sums, err = c.sums(ctx, "process_amounts m join processes p on p.id = m.process where "+where, "m.what", args); err != nil {
		return out, err
	}
	rows, err := c.store.Rows(ctx, "select iif(p.method = '', '"+NoMethod+"', p.method), count(*) from processes p where "+where+" group by p.method", args...)
	out.Methods, err = catalog.Collect(rows, err, func(row catalog.Row) (s Share, err error) {
		err = row.Scan(&s.Method, &s.Processes)
		return s, err
	})
	slices.SortFunc(out.Methods, func(a, b Share) int { return slices.Index(methodOrder, a.Method) - slices.Index(methodOrder, b.Method) })
	return out, catalog.Wrap("processes", err)
}

var methodOrder = []string{"open", "selective", "limited", "direct", NoMethod}

// bigUnit splits amounts for their sum, which may not fit what SQLite adds in.
const bigUnit = 1_000_000_000

// sums adds up amounts by what and currency: m is the table that has them.
func (c *Contracts) sums(ctx context.Context, from, what string, args []any) ([]Sum, error) {
	rows, err := c.store.Rows(ctx, fmt.Sprintf(`select %s, m.currency, sum(m.amount / %d), sum(m.amount %% %d), count(distinct m.process) from %s
		group by 1, 2 order by count(distinct m.process) desc, 2, 1`, what, bigUnit, bigUnit, from), args...)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (s Sum, err error) {
		var high, low int64
		if err = row.Scan(&s.What, &s.Currency, &high, &low, &s.Processes); err != nil {
			return s, err
		}
		whole := new(big.Int).Add(new(big.Int).Mul(big.NewInt(high), big.NewInt(bigUnit)), big.NewInt(low))
		if whole.IsInt64() {
			n := whole.Int64()
			s.Amount = &n
		}
		s.Scale = ocds.Scale(s.Currency)
		return s, nil
	})
	return all, catalog.Wrap("amounts", err)
}

// FlagCounts counts the processes of the filter by red flag: those for which it
// is raised, and those for which it cannot be worked out.
func (c *Contracts) FlagCounts(ctx context.Context, f Filter) (raised, unknown map[string]int64, err error) {
	where, args := f.where()
	raised, unknown = map[string]int64{}, map[string]int64{}
	rows, err := c.store.Rows(ctx, `select j.value ->> '$.key', sum(j.value ->> '$.state' = 'raised'), sum(j.value ->> '$.state' = 'unknown')
		from processes p, json_each(p.flags, '$.all') j where `+where+" group by 1", args...)
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (key string, err error) {
		var up, open int64
		err = row.Scan(&key, &up, &open)
		raised[key], unknown[key] = up, open
		return key, err
	})
	return raised, unknown, catalog.Wrap("flags", err)
}

// Amounts are what a process (its id) is worth by stage and currency.
func (c *Contracts) Amounts(ctx context.Context, process string) ([]Sum, error) {
	return c.sums(ctx, "process_amounts m where m.process = ?1", "m.what", []any{process})
}
