package fiscal

import (
	"context"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// showBatch is how many nodes are written at once: others wait for so long.
const showBatch = 2000

// hold keeps what a budget shows, with the reasons why its new state is not.
func (f *Fiscal) hold(ctx context.Context, b *load, l *Loading) error {
	return f.store.Write(ctx, func(tx *catalog.Tx) error {
		if err := tx.Exec("update budgets set state = 'held', tried = ?, changed = ? where id = ?", b.try(), catalog.Stamp(tx.Now()), b.id); err != nil {
			return err
		}
		tx.Changed(NounBudget, b.id, catalog.OpPut)
		return putFaults(tx, b.id, l)
	})
}

// show writes the sums of a budget under a new key and then makes them those of
// the budget, in one write. Whoever reads meanwhile sees the former ones whole.
func (f *Fiscal) show(ctx context.Context, b *load, edition string, r *result) error {
	var cube string
	var batch []cubeRow
	put := func() error {
		return f.store.Write(ctx, func(tx *catalog.Tx) error {
			if cube == "" {
				cube = tx.NewID()
			}
			return putNodes(tx, cube, batch)
		})
	}
	for row := range r.cube.rows() {
		if batch = append(batch, row); len(batch) == showBatch {
			if err := put(); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := put(); err != nil {
		return err
	}
	if err := f.store.Write(ctx, func(tx *catalog.Tx) error { return swap(tx, b, cube, edition, r) }); err != nil {
		return err
	}
	return f.drop(ctx, b.cube)
}

func putNodes(tx *catalog.Tx, cube string, batch []cubeRow) error {
	args := make([]any, 0, nodeColumns)
	for i := range batch {
		if err := tx.Exec(`insert into cubes (cube, tree, direction, year, path, parent, depth, scheme, code, label, lines,
			proposed, approved, adjusted, executed, committed, paid) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, batch[i].args(cube, args)...); err != nil {
			return err
		}
	}
	return nil
}

// nodeColumns is how many columns a node has.
const nodeColumns = 17

// args adds the values of the columns of a node.
func (n *cubeRow) args(cube string, args []any) []any {
	var parent any
	if n.depth > 0 {
		parent = n.parent
	}
	args = append(args, cube, n.key.tree, string(n.key.dir), n.key.year, n.key.path, parent, n.depth, n.scheme, n.code, n.label, n.lines)
	for _, sum := range n.sums.All() {
		if *sum == nil {
			args = append(args, nil)
		} else {
			args = append(args, **sum)
		}
	}
	return args
}

// swap makes a new state of a budget the one that is shown.
func swap(tx *catalog.Tx, b *load, cube, edition string, r *result) error {
	about, err := json.Marshal(&r.About)
	if err != nil {
		return err
	}
	now := catalog.Stamp(tx.Now())
	if err := tx.Exec(`update budgets set state = 'loaded', agency = ?, edition = ?, lines = ?, cube = ?, tried = ?, rows = ?, left_out = ?, counted = 0,
		currency = ?, scale = ?, about = ?, loaded = ?, changed = ? where id = ?`,
		b.agency, edition, r.digest, cube, b.try(), r.Lines, r.LeftOut, r.Currency, r.Scale, string(about), now, now, b.id); err != nil {
		return err
	}
	if err := tx.Exec("delete from budget_years where budget = ?", b.id); err != nil {
		return err
	}
	for _, y := range r.Years {
		phases := make([]string, len(y.Phases))
		for i, p := range y.Phases {
			phases[i] = string(p)
		}
		if err := tx.Exec("insert into budget_years (budget, year, direction, starts, ends, until, phases) values (?, ?, ?, ?, ?, ?, ?)",
			b.id, y.Year, string(y.Direction), y.Starts, y.Ends, y.Until, strings.Join(phases, " ")); err != nil {
			return err
		}
	}
	tx.Changed(NounBudget, b.id, catalog.OpPut)
	if err := putFaults(tx, b.id, &r.Loading); err != nil {
		return err
	}
	return recount(tx)
}

func putFaults(tx *catalog.Tx, budget string, l *Loading) error {
	if err := tx.Exec("delete from budget_faults where budget = ?", budget); err != nil {
		return err
	}
	for i := range l.Faults {
		f := &l.Faults[i]
		args, err := json.Marshal(f.Said[0].Args)
		if err != nil {
			return err
		}
		if err := tx.Exec("insert into budget_faults (budget, n, severity, row, column, kind, args) values (?, ?, ?, ?, ?, ?, ?)",
			budget, i+1, f.Severity, f.Row, f.Column, f.Said[0].Kind, string(args)); err != nil {
			return err
		}
	}
	return nil
}

// Faults returns what was wrong with the last state of a budget (its id), or
// worth saying.
func (f *Fiscal) Faults(ctx context.Context, budget string) ([]Fault, error) {
	rows, err := f.store.Rows(ctx, "select row, column, kind, args, severity from budget_faults where budget = ? order by n", budget)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (Fault, error) {
		var f Fault
		var said catalog.Said
		var kind, args string
		if err := row.Scan(&f.Row, &f.Column, &kind, &args, &f.Severity); err != nil {
			return f, err
		}
		body := `{"kind":` + quoted(kind) + `,"args":` + args + `}`
		if err := json.Unmarshal([]byte(body), &said); err != nil {
			return f, err
		}
		again := faultOf(f.Row-1, f.Column, kind, said.Args...)
		f.Text, f.Said = again.Text, again.Said
		return f, nil
	})
	return all, catalog.Wrap("faults of a budget", err)
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}

// drop removes sums that are shown no more, some at a time: those of a tree and
// year up to a path.
func (f *Fiscal) drop(ctx context.Context, cube string) error {
	for cube != "" {
		done := false
		err := f.store.Write(ctx, func(tx *catalog.Tx) error {
			var tree, dir, year, last string
			err := tx.Row("select tree, direction, year from cubes where cube = ? order by cube, tree, direction, year limit 1", cube).Scan(&tree, &dir, &year)
			if done = catalog.NoRow(err); done {
				return nil
			}
			if err == nil {
				err = tx.Row(`select max(path) from (select path from cubes where cube = ? and tree = ? and direction = ? and year = ? order by path limit ?)`,
					cube, tree, dir, year, showBatch).Scan(&last)
			}
			if err != nil {
				return err
			}
			return tx.Exec("delete from cubes where cube = ? and tree = ? and direction = ? and year = ? and path <= ?", cube, tree, dir, year, last)
		})
		if err != nil || done {
			return err
		}
	}
	return nil
}

// clean removes sums that no budget shows: a load that was killed left them.
func (f *Fiscal) clean(ctx context.Context) error {
	for last := ""; ; {
		var cube string
		err := f.store.Row(ctx, "select cube from cubes where cube > ? order by cube limit 1", last).Scan(&cube)
		if catalog.NoRow(err) {
			return nil
		}
		var shown bool
		if err == nil {
			err = f.store.Row(ctx, "select exists (select 1 from budgets where cube = ?)", cube).Scan(&shown)
		}
		if err == nil && !shown {
			err = f.drop(ctx, cube)
		}
		if err != nil {
			return err
		}
		last = cube
	}
}
