package fiscal

import (
	"context"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A Reconciled is how the sums of a budget stand beside its lines.
type Reconciled struct {
	Slug    string   `json:"slug"`
	Lines   int64    `json:"lines"`
	Nodes   int64    `json:"nodes"`
	Wrong   int64    `json:"wrong"`             // nodes that are not the sum of their lines, or are missing or too many
	Samples []string `json:"samples,omitempty"` // of those
}

// maxSamples is how many nodes that are wrong are named.
const maxSamples = 5

// Reconcile adds up the lines of a budget (slug or id) anew, from their row file,
// and compares every sum that is shown: to the last minor unit. It also compares
// the sums of the lines by year, direction and phase with what is told of them.
func (f *Fiscal) Reconcile(ctx context.Context, budget string) (Reconciled, error) {
	b, err := f.shown(ctx, budget)
	if err != nil {
		return Reconciled{}, err
	}
	out := Reconciled{Slug: b.slug}
	rows, err := f.files.Rows(b.lines) //nolint:contextcheck // a row file is opened at once
	if err != nil {
		return out, catalog.Wrap("lines of a budget", err)
	}
	c, err := f.resum(ctx, rows.Table(), b.about.Columns)
	if err != nil {
		return out, err
	}
	out.Lines = rows.Len()
	kept, err := f.nodes(ctx, b.cube)
	if err != nil {
		return out, err
	}
	out.Nodes = int64(len(kept))
	wrong := func(k cubeKey, is, should string) {
		if out.Wrong++; len(out.Samples) < maxSamples {
			out.Samples = append(out.Samples, fmt.Sprintf("%s %s %s %q: %s is shown and its lines make %s", k.tree, k.dir, k.year, k.path, is, should))
		}
	}
	for row := range c.rows() {
		should := printed(row.lines, &row.sums)
		is, ok := kept[row.key]
		delete(kept, row.key)
		if !ok {
			wrong(row.key, "nothing", should)
		} else if is != should {
			wrong(row.key, is, should)
		}
	}
	for key, is := range kept {
		wrong(key, is, "nothing")
	}
	return out, nil
}

// A shownBudget is what is needed to add up a budget anew.
type shownBudget struct {
	slug, cube, lines string
	about             About
}

func (f *Fiscal) shown(ctx context.Context, budget string) (b shownBudget, err error) {
	err = f.store.Row(ctx, "select slug, cube, lines, about from budgets where (slug = ?1 or id = ?1) and cube <> ''", budget).
		Scan(&b.slug, &b.cube, &b.lines, catalog.AsJSON(&b.about))
	if catalog.NoRow(err) {
		return b, catalog.NotFound(NounBudget, budget)
	}
	return b, catalog.Wrap("budget", err)
}

// resum adds up lines.
func (f *Fiscal) resum(ctx context.Context, t *datasets.Table, columns []Classified) (*cube, error) {
	levels := make([]level, len(columns))
	codes, labels := make([]int, len(columns)), make([]int, len(columns))
	for i, c := range columns {
		levels[i] = level{scheme: c.Scheme, n: c.Level}
		codes[i], labels[i] = t.Schema.Index(c.Code), t.Schema.Index(c.Label)
	}
	sum := newCube(levels, f.limit)
	for batch, err := range t.Scan(0, -1) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, catalog.Wrap("lines of a budget", err)
		}
		v := batch.Columns
		for i := range batch.Len {
			for l := range levels {
				label := ""
				if labels[l] >= 0 {
					label = v[labels[l]].Text[i]
				}
				sum.set(l, v[codes[l]].Text[i], label)
			}
			phase := Phase(v[linePhase].Text[i]).index()
			if phase < 0 || !sum.add(v[lineAgency].Text[i], v[lineYear].Text[i], Direction(v[lineDirection].Text[i]), phase, v[lineValue].Int[i]) {
				return nil, fmt.Errorf("fiscal: line %d cannot be summed", batch.First+int64(i)+1)
			}
		}
	}
	sum.roll()
	return sum, nil
}

// nodes are the sums that are kept under a key, printed.
func (f *Fiscal) nodes(ctx context.Context, cube string) (map[cubeKey]string, error) {
	kept := map[cubeKey]string{}
	rows, err := f.store.Rows(ctx, "select tree, direction, year, path, lines, proposed, approved, adjusted, executed, committed, paid from cubes where cube = ?", cube)
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (struct{}, error) {
		var k cubeKey
		var lines int64
		var a Amounts
		to := []any{&k.tree, &k.dir, &k.year, &k.path, &lines}
		for _, p := range a.All() {
			to = append(to, p)
		}
		err := row.Scan(to...)
		kept[k] = printed(lines, &a)
		return struct{}{}, err
	})
	return kept, catalog.Wrap("sums of a budget", err)
}

// printed is the sums of a node as text, to be compared.
func printed(lines int64, a *Amounts) string {
	b := fmt.Appendf(nil, "%d lines", lines)
	for i, sum := range a.All() {
		if *sum != nil {
			b = fmt.Appendf(b, ", %s %d", Phases[i], **sum)
		}
	}
	return string(b)
}

// All returns the slugs of the budgets that show figures, also of those that are
// not public.
func (f *Fiscal) All(ctx context.Context) ([]string, error) {
	rows, err := f.store.Rows(ctx, "select slug from budgets where cube <> '' order by slug")
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (slug string, err error) {
		err = row.Scan(&slug)
		return slug, err
	})
	return all, catalog.Wrap("budgets", err)
}
