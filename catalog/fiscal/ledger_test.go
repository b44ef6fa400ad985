package fiscal

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A ledger is a catalogue with files, in which tables are published as budgets.
type ledger struct {
	*purse
	files    *datasets.Files
	resource string
}

func newLedger(t *testing.T) *ledger {
	t.Helper()
	p := newPurse(t, "Roads")
	files, err := datasets.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	p.f = New(p.store, files)
	return &ledger{purse: p, files: files}
}

// publish makes a table the current state of the file with the name.
func (l *ledger) publish(name, csv string) string {
	l.Helper()
	digest, size, err := l.files.Put(l.Context(), strings.NewReader(csv), 0)
	if err != nil {
		l.Fatal(err)
	}
	im, err := datasets.Import(l.Context(), l.files, digest, name, datasets.ImportOptions{})
	if err != nil {
		l.Fatal(err)
	}
	slug := ""
	if l.resource != "" {
		if err := l.store.Row(l.Context(), "select dataset from resources where id = ?", l.resource).Scan(&slug); err != nil {
			l.Fatal(err)
		}
	}
	var d catalog.Dataset
	l.do(func(tx *catalog.Tx) (err error) {
		d, err = tx.PublishFile(slug, l.agencies[0].ID, nil, catalog.File{Digest: digest, Name: name, Size: size}, im)
		return err
	})
	var id string
	if err := l.store.Row(l.Context(), "select id from resources where dataset = ? and body ->> '$.identifier' = ?", d.ID, name).Scan(&id); err != nil {
		l.Fatal(err)
	}
	return id
}

// load publishes a table as a budget and loads it.
func (l *ledger) load(csv string, m *Mapping) (Loading, []Fault) {
	l.Helper()
	l.resource = l.publish("budget.csv", csv)
	var id string
	l.do(func(tx *catalog.Tx) (err error) {
		id, err = putBudget(tx, l.resource, m)
		return err
	})
	var loaded Loading
	if _, err := l.f.Work(l.Context(), func(_ string, is *Loading) { loaded = *is }); err != nil {
		l.Fatal(err)
	}
	faults, err := l.f.Faults(l.Context(), id)
	if err != nil {
		l.Fatal(err)
	}
	return loaded, faults
}

// one is the value that a query finds.
func one[T any](l *ledger, query string, args ...any) (v T) {
	l.Helper()
	if err := l.store.Row(l.Context(), query, args...).Scan(&v); err != nil {
		l.Fatal(query, err)
	}
	return v
}

// whole checks that the sums are those of the lines, and that those below a node
// make its sum.
func (l *ledger) whole() {
	l.Helper()
	slug := one[string](l, "select slug from budgets")
	r, err := l.f.Reconcile(l.Context(), slug)
	if err != nil || r.Wrong != 0 || r.Nodes == 0 {
		l.Errorf("%+v, %v", r, err)
	}
	if n := one[int](l, `select count(*) from cubes p join (select cube, tree, direction, year, parent, sum(approved) a, sum(executed) e, sum(lines) n
		from cubes where parent is not null group by 1, 2, 3, 4, 5) c
		on c.cube = p.cube and c.tree = p.tree and c.direction = p.direction and c.year = p.year and c.parent = p.path
		where c.a is not p.approved or c.e is not p.executed or c.n <> p.lines`); n != 0 {
		l.Errorf("%d nodes are not the sum of what is below them", n)
	}
}

func kinds(faults []Fault) string {
	var all []string
	for _, f := range faults {
		all = append(all, strings.TrimPrefix(f.Said[0].Kind, "budget."))
	}
	return strings.Join(all, " ")
}

// plainMapping is that of the tables of these tests.
func plainMapping(more ...Field) *Mapping {
	m := &Mapping{Currency: "IRR", Factor: "1000000", Year: "1403", Fields: []Field{
		{Column: "unit", Type: "administrative-classification:generic:level1:code"},
		{Column: "function", Type: "functional-classification:cofog:code"},
		{Column: "approved", Type: "value", Phase: Approved},
		{Column: "executed", Type: "value", Phase: Executed},
	}}
	m.Fields = append(m.Fields, more...)
	return m
}

const plainTable = `unit,function,approved,executed
Roads,04.5.1,120,100
Roads,04.5.3,80,
Schools,09.1,50,55.5
Schools,09.2,40,-3
`
