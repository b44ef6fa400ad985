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

// shownSums are the sums that everybody sees: of the budget, and of what is right
// below it.
func shownSums(p *program) (whole, parts int64, err error) {
	db, err := sql.Open("sqlite", filepath.Join(p.data(), "catalog.db"))
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	err = db.QueryRow(`select max(iif(c.depth = 0, c.approved, 0)), sum(iif(c.depth = 2, c.approved, 0)) from budgets b join cubes c on c.cube = b.cube
		where c.tree = 'administrative'`).Scan(&whole, &parts)
	return whole, parts, err
}

// budgetIsWhole reports whether the former state of the budget is shown, or the
// new one, and nothing of both.
func budgetIsWhole(p *program, _ *stopped) error {
	whole, parts, err := shownSums(p)
	if err == nil && (whole != parts || whole != crashSum && whole != crashSum+crashLines) {
		err = fmt.Errorf("the budget is %d and its parts are %d", whole, parts)
	}
	return err
}

func holdsNewBudget(p *program, _ string) error {
	whole, _, err := shownSums(p)
	if err == nil && whole != crashSum+crashLines {
		err = fmt.Errorf("the budget is %d, want %d", whole, crashSum+crashLines)
	}
	return err
}
