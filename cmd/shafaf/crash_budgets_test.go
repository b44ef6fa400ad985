package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	crashLines = 3000 // rows of a budget
	crashSum   = crashLines * (crashLines - 1) / 2
)

// budgetStep loads a new state of a budget over the former one.
func budgetStep() crashStep {
	return crashStep{name: "budget", ready: budgetReady, args: words("harvest --wait-files"), half: budgetIsWhole, whole: holdsNewBudget}
}

// writeBudget writes a package of one budget, whose amounts are more by so much.
func writeBudget(p *program, more int) {
	var b strings.Builder
	b.WriteString("unit,programme,amount\n")
	for i := range crashLines {
		fmt.Fprintf(&b, "unit %d,programme %d,%d\n", i%7, i%1000, i+more)
	}
	at := filepath.Join(p.dir, "budget")
	if err := os.MkdirAll(at, 0o755); err != nil {
		p.t.Fatal(err)
	}
	write(p.t, filepath.Join(at, "lines.csv"), b.String())
	write(p.t, filepath.Join(at, "datapackage.json"), `{"name":"b","title":"Budget","resources":[{"name":"lines","path":"lines.csv","schema":{
		"fields":[{"name":"unit","columnType":"administrative-classification:generic:level1:code"},{"name":"programme","columnType":"activity:generic:program:code"},
		{"name":"amount","columnType":"value","currency":"IRR","phase":"approved"}],
		"extraFields":[{"name":"year","columnType":"date:fiscal-year","constant":"1403"}]}}]}`)
}

func budgetReady(p *program) {
	writeBudget(p, 0)
	p.run("source", "add", "--kind", "fiscal", "--url", filepath.Join(p.dir, "budget"), "--name", "src", "--agency", "roads")
	p.run("harvest", "--wait-files")
	writeBudget(p, 1)
}

// A shownBudget is what everybody sees: the sum of the budget, that of what is
// right below it, and how many files wait for a later try.
type shownBudget struct{ whole, parts, waiting int64 }

func shown(p *program) (b shownBudget, err error) {
	db, err := sql.Open("sqlite", filepath.Join(p.data(), "catalog.db"))
	if err != nil {
		return b, err
	}
	defer db.Close()
	err = db.QueryRowContext(p.t.Context(), `select max(iif(c.depth = 0, c.approved, 0)), sum(iif(c.depth = 2, c.approved, 0)),
		(select count(*) from resources where fetch = 'pending') from budgets b join cubes c on c.cube = b.cube where c.tree = 'administrative'`).
		Scan(&b.whole, &b.parts, &b.waiting)
	return b, err
}

// budgetIsWhole reports whether the former state of the budget is shown, or the
// new one, and nothing of both.
func budgetIsWhole(p *program, _ *stopped) error {
	b, err := shown(p)
	if err == nil && (b.whole != b.parts || b.whole != crashSum && b.whole != crashSum+crashLines) {
		err = fmt.Errorf("the budget is %d and its parts are %d", b.whole, b.parts)
	}
	return err
}

// holdsNewBudget reports whether the new state is shown, unless its file could
// not be read now, which is told.
func holdsNewBudget(p *program, _ string) error {
	b, err := shown(p)
	if err == nil && b.whole != crashSum+crashLines && b.waiting == 0 {
		err = fmt.Errorf("the budget is %d, want %d", b.whole, crashSum+crashLines)
	}
	return err
}
