package fiscal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A purse is a catalogue with agencies whose budgets are written line by line.
type purse struct {
	*testing.T
	store    *catalog.Store
	f        *Fiscal
	agencies []catalog.Agency
}

// today of the tests: the year 1404 has ended, 1405 goes on.
const today = "2026-11-22"

func newPurse(t *testing.T, agencies ...string) *purse {
	t.Helper()
	s, err := catalog.Open(t.Context(), t.TempDir(), catalog.Options{Now: func() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	p := &purse{T: t, store: s, f: New(s, nil)}
	for _, name := range agencies {
		a := catalog.Agency{Title: catalog.Text{"en": name}}
		p.do(func(tx *catalog.Tx) error { return tx.PutAgency(&a) })
		p.agencies = append(p.agencies, a)
	}
	return p
}

func (p *purse) do(do func(*catalog.Tx) error) {
	p.Helper()
	if err := p.store.Write(p.Context(), do); err != nil {
		p.Fatal(err)
	}
}

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A testLine is a line of a budget: its places in the trees and its amounts.
type testLine struct {
	year, admin, cofog, gfsm string // admin and cofog with strokes between levels
	amounts                  map[Phase]Amount
}

// A testYear is what is said of a year.
type testYear struct{ year, starts, ends, until string }

// budget writes a budget of agency i whose cubes are summed here.
func (p *purse) budget(i int, lines []testLine, change func(*Budget), years ...testYear) Budget {
	p.Helper()
	a := &p.agencies[i]
	b := Budget{Slug: fmt.Sprintf("budget-of-%s-%d", a.Slug, len(lines)), State: Loaded, Counted: true, Currency: DefaultCurrency, Agency: a.ID, agency: a.Slug}
	b.About.Trees = []string{Administrative, Functional, Economic}
	if change != nil {
		change(&b)
	}
	type key struct{ tree, year, path string }
	type sum struct {
		Amounts
		scheme string
		lines  int64
	}
	nodes := map[key]*sum{}
	for _, l := range lines {
		for tree, path := range map[string][]string{
			Administrative: append([]string{a.Slug}, strings.Split(l.admin, "/")...),
			Functional:     append(strings.Split(l.cofog, "/"), a.Slug), Economic: {l.gfsm, a.Slug},
		} {
			for depth := range len(path) + 1 {
				k := key{tree, l.year, JoinPath(path[:depth])}
				if nodes[k] == nil {
					nodes[k] = &sum{scheme: schemeAt(tree, depth, len(path))}
				}
				nodes[k].lines++
				for i, phase := range Phases {
					if v, ok := l.amounts[phase]; ok {
						at := nodes[k].All()[i]
						if *at == nil {
							*at = new(Amount)
						}
						**at += v
					}
				}
			}
		}
	}
	p.do(func(tx *catalog.Tx) error {
		d := catalog.Dataset{Agency: a.ID, Title: catalog.Text{"en": b.Slug}}
		if err := tx.PutDataset(&d); err != nil {
			return err
		}
		r := catalog.Resource{Dataset: d.ID, Name: "budget.csv"}
		if err := tx.PutResource(&r, 0); err != nil {
			return err
		}
		b.ID, b.Cube, b.Resource, b.Dataset = tx.NewID(), tx.NewID(), r.ID, d.ID
		if err := tx.Exec(`insert into budgets (id, slug, resource, agency, mapping, state, cube, left_out, counted, currency, scale, about, loaded, changed)
			values (?, ?, ?, ?, '{}', ?, ?, ?, ?, ?, ?, ?, '2026-11-01T00:00:00.000000Z', '2026-11-01T00:00:00.000000Z')`,
			b.ID, b.Slug, b.Resource, b.Agency, b.State, b.Cube, b.LeftOut, b.Counted, b.Currency, b.Scale, catalog.AsJSON(&b.About)); err != nil {
			return err
		}
		for _, y := range years {
			if err := tx.Exec("insert into budget_years (budget, year, direction, starts, ends, until, phases) values (?, ?, 'expenditure', ?, ?, ?, 'approved executed')",
				b.ID, y.year, y.starts, y.ends, y.until); err != nil {
				return err
			}
		}
		for k, n := range nodes {
			codes := SplitPath(k.path)
			var parent, code any = nil, ""
			if len(codes) > 0 {
				parent, code = JoinPath(codes[:len(codes)-1]), codes[len(codes)-1]
			}
			args := []any{b.Cube, k.tree, k.year, k.path, parent, len(codes), n.scheme, code, n.lines}
			for _, at := range n.All() {
				args = append(args, *at)
			}
			if err := tx.Exec(`insert into cubes (cube, tree, direction, year, path, parent, depth, scheme, code, lines, proposed, approved, adjusted, executed, committed, paid)
				values (?, ?, 'expenditure', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func schemeAt(tree string, depth, deepest int) string {
	switch {
	case depth == 0:
		return ""
	case tree == Administrative && depth == 1, tree != Administrative && depth == deepest:
		return SchemeAgency
	}
	return map[string]string{Administrative: SchemeAdministrative, Functional: SchemeCOFOG, Economic: SchemeGFSM}[tree]
}

// The Jalali years of the tests.
var jalaliYears = []testYear{
	{"1402", "2023-03-21", "2024-03-19", ""}, {"1403", "2024-03-20", "2025-03-20", ""}, {"1404", "2025-03-21", "2026-03-20", ""},
}

// randomLines are lines over years, chapters, functions and economic classes.
func randomLines(r *rand.Rand, n int) []testLine {
	var all []testLine
	for range n {
		part := 1 + r.IntN(10)
		approved := 1 + r.Int64N(1_000_000_000_000)
		all = append(all, testLine{
			year: jalaliYears[r.IntN(len(jalaliYears))].year, admin: fmt.Sprintf("ch %d/%d", r.IntN(4), r.IntN(9)), cofog: fmt.Sprintf("%02d/%02d.%d", part, part, 1+r.IntN(8)),
			gfsm: []string{"21", "22", "24", "26"}[r.IntN(4)], amounts: map[Phase]Amount{Approved: approved, Executed: approved * (800 + r.Int64N(400)) / 1000},
		})
	}
	return all
}

// scope is that of the country, or of a budget.
func (p *purse) scope(budget string) *Scope {
	p.Helper()
	s, err := p.f.Scope(p.Context(), budget)
	s = must(p.T, s, err)
	return &s
}
