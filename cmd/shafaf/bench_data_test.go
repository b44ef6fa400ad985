package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// made is a file or folder of the cache, which fill makes when it is not there.
// Its name says all that it depends on.
func (b *bench) made(name string, fill func(path string) error) string {
	b.t.Helper()
	path, err := b.makeOnce(name, fill)
	if err != nil {
		b.t.Fatalf("%s: %v", name, err)
	}
	return path
}

// makeOnce is made for what may be impossible here.
func (b *bench) makeOnce(name string, fill func(path string) error) (string, error) {
	path := filepath.Join(b.cache, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	part, err := os.MkdirTemp(b.cache, "making-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(part)
	b.t.Logf("making %s", name)
	if err := fill(filepath.Join(part, "made")); err != nil {
		return "", err
	}
	return path, os.Rename(filepath.Join(part, "made"), path)
}

// portal is a folder with a portal, which fill fills. It is made anew for each
// state of the source code that data goes through; with KEEP=1 one of another
// state will do.
func (b *bench) portal(name string, fill func(p *program)) *program {
	b.t.Helper()
	state, err := sourceState()
	if err != nil {
		b.t.Fatal(err)
	}
	earlier, err := filepath.Glob(filepath.Join(b.cache, "portal-"+name+"-*"))
	if err != nil {
		b.t.Fatal(err)
	}
	if os.Getenv("KEEP") != "" && len(earlier) > 0 {
		b.small = b.small || !strings.HasSuffix(earlier[0], state)
		return b.at(earlier[0])
	}
	for _, dir := range earlier {
		if !strings.HasSuffix(dir, state) {
			_ = os.RemoveAll(dir)
		}
	}
	return b.at(b.made("portal-"+name+"-"+state, func(dir string) error {
		fill(b.at(dir))
		return nil
	}))
}

// sourceState is a short digest of the code that makes what a portal holds.
func sourceState() (string, error) {
	sum := sha256.New()
	for _, dir := range []string{"catalog", "datasets", "harvesters", "search"} {
		err := filepath.WalkDir(filepath.Join("..", "..", dir), func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata") {
				return err
			}
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(sum, f)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:8], nil
}

// spend is a CSV file of so many rows.
func (b *bench) spend(rows int) string {
	return b.made(fmt.Sprintf("spend-%d.csv", rows), func(path string) error {
		writeSpend(b.t, path, rows)
		return nil
	})
}

// spendPortal has the table of so many rows, the dataset spend.
func (b *bench) spendPortal(rows int) *program {
	file := b.spend(rows)
	return b.portal(fmt.Sprintf("spend-%d", rows), func(p *program) { p.run("dataset", "import", file, "--title", "Spend") })
}

// catalogue is a data.json of so many datasets.
func (b *bench) catalogue(n int) string {
	return b.made(fmt.Sprintf("catalogue-%d.json", n), func(path string) error {
		writeCatalogue(b.t, path, n)
		return nil
	})
}

// cataloguePortal has so many harvested datasets, and the table of so many rows.
func (b *bench) cataloguePortal(n, rows int) *program {
	file := b.catalogue(n)
	if rows == 0 {
		rows = 1000 // a dataset with a table is there in any case
	}
	table := b.spend(rows)
	return b.portal(fmt.Sprintf("catalogue-%d-%d", n, rows), func(p *program) {
		p.run("dataset", "import", table, "--title", "Spend")
		p.run("source", "add", "--kind", "datajson", "--url", file, "--name", "src")
		p.run("harvest")
	})
}

// sqlite is the table as sqlite3 imports it; with a primary key as Datasette
// wants it.
func (b *bench) sqlite(rows int, key bool) (string, error) {
	file, name := b.spend(rows), fmt.Sprintf("spend-%d.db", rows)
	if key {
		name = fmt.Sprintf("spend-%d-key.db", rows)
	}
	return b.makeOnce(name, func(path string) error {
		words := []string{path, ".import --csv '" + file + "' spend"}
		if key {
			words = []string{path, "create table spend (" + strings.Replace(strings.ReplaceAll(spendColumns, ",", " text, "), "id text", "id integer primary key", 1) + " text)", ".import --csv --skip 1 '" + file + "' spend"}
		}
		out, err := exec.CommandContext(b.t.Context(), "sqlite3", words...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	})
}

// duck is the table in a database of DuckDB.
func (b *bench) duck(rows int) (string, error) {
	file := b.spend(rows)
	return b.makeOnce(fmt.Sprintf("spend-%d.duckdb", rows), func(path string) error {
		_, err := b.python(venv("python"), "duck.py", path, "create table spend as "+duckSpend(file))
		return err
	})
}

// duckSpend is the file as DuckDB reads it, with types like ours.
func duckSpend(file string) string {
	return "select * from read_csv('" + file + "', types={'amount': 'decimal(18,2)', 'share': 'decimal(9,4)', 'code': 'varchar'})"
}

// spendColumns is the first line of the table of spending.
const spendColumns = "id,year,agency,programme,province,amount,share,day,paid,note,supplier,code"

// writeSpend writes a table of spending: integers, decimals, dates, Persian and
// English texts, empty cells.
func writeSpend(t *testing.T, name string, rows int) {
	t.Helper()
	writeLines(t, name, spendColumns, func(w io.Writer) {
		r := rand.New(rand.NewPCG(5, 6))
		for i := range rows {
			note := ""
			if i%3 == 0 {
				note = latinWord(r.IntN(5000)) + " " + latinWord(r.IntN(5000))
			}
			fmt.Fprintf(w, "%d,%d,%s,برنامه %s,%s,%d.%02d,%.4f,20%02d-%02d-%02d,%t,%s,شرکت %s,%04d\n", i, 1390+i%15,
				latinWord(i%60), persianWord(i%700), persianWord(i%31), r.IntN(1e9), r.IntN(100), r.Float64(),
				10+i%16, 1+i%12, 1+i%28, i%2 == 0, note, persianWord(r.IntN(20_000)), i%10_000)
		}
	})
}

// writeLines writes a file with a first line and what rows writes.
func writeLines(t *testing.T, name, first string, rows func(w io.Writer)) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, first)
	rows(w)
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
}
