package fiscal

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestChildrenSumToTheirParent(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	p := newPurse(t, "Roads", "Health", "Schools")
	for i := range p.agencies {
		p.budget(i, randomLines(r, 300), nil, jalaliYears...)
	}
	ctx := t.Context()
	for _, slug := range []string{"", p.scope("").Budgets[1].Slug} {
		s := p.scope(slug)
		for range 300 {
			v := View{Tree: s.Trees()[r.IntN(3)], Direction: Expenditure, Year: jalaliYears[r.IntN(3)].year}
			for {
				parent, err := p.f.Node(ctx, s, &v)
				parent = must(t, parent, err)
				children, err := p.f.Children(ctx, s, &v)
				children = must(t, children, err)
				if parent.Leaf != (len(children) == 0) {
					t.Fatalf("%v is a leaf: %v, and has %d children", v, parent.Leaf, len(children))
				}
				if len(children) == 0 {
					break
				}
				sumsTo(t, &v, &parent, children)
				v.Path = children[r.IntN(len(children))].Path
			}
		}
	}
}

// sumsTo holds the sums of children against those of their parent.
func sumsTo(t *testing.T, v *View, parent *Node, children []Node) {
	t.Helper()
	var whole Amounts
	lines := int64(0)
	for i := range children {
		lines += children[i].Lines
		for k, a := range children[i].All() {
			if *a != nil {
				at := whole.All()[k]
				if *at == nil {
					*at = new(Amount)
				}
				**at += **a
			}
		}
	}
	for k, a := range parent.All() {
		if b := *whole.All()[k]; (*a == nil) != (b == nil) || b != nil && *b != **a {
			t.Fatalf("%+v: the %s of the children do not sum to that of the parent", v, Phases[k])
		}
	}
	if lines != parent.Lines {
		t.Fatalf("%+v: the children have %d lines, the parent %d", v, lines, parent.Lines)
	}
}

func TestALineHasTheNodesOfItsYears(t *testing.T) {
	p := newPurse(t, "Roads", "Health")
	r := rand.New(rand.NewPCG(3, 3))
	for i := range p.agencies {
		p.budget(i, randomLines(r, 100), nil, jalaliYears...)
	}
	s := p.scope("")
	v := View{Tree: Functional, Direction: Expenditure, Path: []string{"07"}}
	line, err := p.f.Line(t.Context(), s, &v)
	line = must(t, line, err)
	if len(line) != 3 || line[0].Year != "1402" || line[2].Year != "1404" {
		t.Fatalf("%+v", line)
	}
	for i := range line {
		v.Year = line[i].Year
		n, err := p.f.Node(t.Context(), s, &v)
		if n = must(t, n, err); *n.Approved != *line[i].Approved || *n.Executed != *line[i].Executed {
			t.Errorf("%s: %+v, but the node has %+v", v.Year, line[i], n)
		}
	}
}

func TestReadsOfTheExplorerGoByIndexes(t *testing.T) {
	p := newPurse(t, "Roads")
	p.budget(0, randomLines(rand.New(rand.NewPCG(1, 1)), 10), nil, jalaliYears...)
	for name, query := range map[string]string{"node": nodeQuery, "children": childrenQuery, "years": yearsQuery, "line": lineQuery} {
		args := []any{`[]`, Functional, Expenditure, "1403", ""}
		rows, err := p.store.Rows(context.Background(), "explain query plan "+query, args[:argsIn(query)]...)
		steps, err := catalog.Collect(rows, err, func(row catalog.Row) (step string, err error) {
			var a, b, c int
			err = row.Scan(&a, &b, &c, &step)
			return step, err
		})
		for _, step := range must(t, steps, err) {
			if strings.HasPrefix(step, "SCAN c") || strings.HasPrefix(step, "SCAN k") || strings.HasPrefix(step, "SCAN y") {
				t.Errorf("%s: %s", name, step)
			}
		}
	}
}

// argsIn is how many parameters a query has.
func argsIn(query string) int {
	n := 0
	for i := 1; i <= 9; i++ {
		if strings.Contains(query, fmt.Sprintf("?%d", i)) {
			n = i
		}
	}
	return n
}

func TestLimitsStandBesideTheFigures(t *testing.T) {
	p := newPurse(t, "Roads", "Health", "Schools", "Courts")
	lines := func(phases ...Phase) []testLine {
		l := testLine{year: "1404", admin: "1", cofog: "01/01.1", gfsm: "21", amounts: map[Phase]Amount{}}
		for _, phase := range phases {
			l.amounts[phase] = 100
		}
		return []testLine{l}
	}
	year := jalaliYears[2]
	p.budget(0, lines(Approved, Executed), func(b *Budget) { b.LeftOut = 3 }, year)
	p.budget(1, lines(Approved), func(b *Budget) { b.State = Held }, year)
	partial := year
	partial.until = "2025-12-21"
	p.budget(2, lines(Approved, Executed), nil, partial)
	old := lines(Approved, Executed)
	old[0].year = "1403"
	p.budget(3, old, nil, jalaliYears[1])
	s := p.scope("")
	v := View{Tree: Administrative, Direction: Expenditure, Year: "1404"}
	limits, err := p.f.Limits(t.Context(), s, &v, today)
	var got []string
	for _, l := range must(t, limits, err) {
		got = append(got, strings.TrimSpace(fmt.Sprint(l.Agency, " ", l.Kind, " ", l.Phase, l.N)))
	}
	slices.Sort(got)
	want := []string{"courts missing 0", "health held 0", "health phase executed0", "roads totals 3", "schools partial 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	n, err := p.f.Node(t.Context(), s, &v)
	n = must(t, n, err)
	if done, of, ok := n.Share(); !ok || done != 200 || of != 200 {
		t.Errorf("the share is %d of %d: what Health has not reported must not count", done, of)
	}
}

func TestBudgetsOfDatasetsThatAreNotPublicAreNotThere(t *testing.T) {
	p := newPurse(t, "Roads")
	b := p.budget(0, randomLines(rand.New(rand.NewPCG(1, 1)), 3), nil, jalaliYears...)
	p.do(func(tx *catalog.Tx) error {
		return tx.Exec("update datasets set state = 'draft' where id = ?", b.Dataset)
	})
	if s := p.scope(""); len(s.Budgets) != 0 {
		t.Error("the country counts it")
	}
	if _, err := p.f.Budget(t.Context(), b.Slug); err == nil {
		t.Error("it is there by its slug")
	}
	if there, err := p.f.AnyBudgets(t.Context()); there || err != nil {
		t.Error(there, err)
	}
}
