package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// benchLarge is the number of rows of the larger table.
const benchLarge = 10_000_000

// imports compares the import of a CSV file until it can be asked, with types
// and a profile, with what others do of it.
func (b *bench) imports() {
	rows, large := b.rows(), b.size("LARGE", benchLarge)
	file := b.spend(rows)
	fresh := func(name string) string {
		dir := filepath.Join(b.dir, name)
		_ = os.RemoveAll(dir)
		return dir
	}
	b.compete(contender{shafafName, func(out string) (measure, error) {
		s, err := timed(b.at(fresh("portal")).command(b.profile([]string{"dataset", "import", file, "--title", "Spend"})...), out)
		s.size, s.first = 0, 0
		return s, err
	}}, contender{sqliteName, func(out string) (measure, error) {
		return command(sqliteName, "sqlite3", fresh("spend.db"), ".import --csv '"+file+"' spend").run(out)
	}}, contender{utilsName, func(out string) (measure, error) {
		s, err := command(utilsName, venv("sqlite-utils"), "insert", fresh("utils.db"), "spend", file, "--csv").run(out)
		s.first = 0
		return s, err
	}})
	b.tell("import of "+grouped(int64(rows))+" rows × 12 columns", rows, shafafName, sqliteName, utilsName)
	b.sameSums(b.at(filepath.Join(b.dir, "portal")), filepath.Join(b.dir, "spend.db"))
	b.wantFaster(sqliteName, 1)
	b.wantFaster(utilsName, 5)
	if large > 0 && b.profiles == "" {
		b.importLarge(large)
	}
}

// importLarge takes the memory of a large import.
func (b *bench) importLarge(rows int) {
	file := b.spend(rows)
	name := fmt.Sprintf("%s, %s rows", shafafName, grouped(int64(rows)))
	p := b.at(filepath.Join(b.dir, "large"))
	s, err := timed(p.command("dataset", "import", file, "--title", "Spend"), filepath.Join(b.dir, "said"))
	if err != nil {
		b.t.Fatal(err)
	}
	s.size, s.first = 0, 0
	b.taken[name] = []measure{s}
	b.tell("the same, larger", rows, name)
	b.wantPeak("at "+grouped(int64(rows))+" rows ", s.peak, 300)
	_ = os.RemoveAll(p.dir)
}

// sameSums fails unless the program and sqlite3 add up the years of the table to the same.
func (b *bench) sameSums(p *program, db string) {
	if !b.had(sqliteName) {
		return
	}
	ours := p.run("export", "spend", "--format", "csv", "-q", "_group=year", "-q", "_count=1", "-q", "_sum=amount", "-q", "_sort=year").out
	theirs := filepath.Join(b.dir, "sums")
	if _, err := command(sqliteName, "sqlite3", "-csv", db, "select year, printf('%.2f', sum(round(amount * 100)) / 100), count(*) from spend group by 1 order by 1").run(theirs); err != nil {
		b.t.Fatal(err)
	}
	want, err := os.ReadFile(theirs)
	if err != nil {
		b.t.Fatal(err)
	}
	_, got, _ := strings.Cut(ours, "\n")
	if strings.ReplaceAll(got, "\r", "") != strings.ReplaceAll(string(want), "\r", "") {
		b.t.Fatalf("the sums of the years are\n%s, and in sqlite3\n%s", got, want)
	}
}
