package exporters

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/pythontest"
)

// compareQueries is a Python program that compares files of results to what
// DuckDB says to the query of each.
const compareQueries = `
import duckdb, json, math, sys
con = duckdb.connect()
con.execute("set enable_progress_bar = false")
con.execute("create table base as select * from read_parquet('%s')" % sys.argv[1])
def near(a, b):
	if a == b: return True
	try: return math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-7)
	except (TypeError, ValueError): return False
for job in json.load(open(sys.argv[2])):
	names = ["x%d" % i for i in range(job["columns"])]
	want = con.execute("select columns(*)::varchar from (%s) t(%s)" % (job["sql"], ", ".join(names))).fetchall()
	got = con.execute("select columns(*)::varchar from (select * from read_parquet('%s')) t(%s)" % (job["file"], ", ".join(names))).fetchall()
	if len(want) != len(got):
		print("%s\n%s\n%d rows, want %d" % (job["query"], job["sql"], len(got), len(want)))
		continue
	for i, (g, w) in enumerate(zip(got, want)):
		if not all(near(a, b) for a, b in zip(g, w)):
			print("%s\n%s\nrow %d:\ngot  %r\nwant %r" % (job["query"], job["sql"], i, g, w))
			break
`

// TestQueriesAreWhatDuckDBSays makes random tables and random queries. All pages
// together, the view as CSV and as Parquet, and what DuckDB computes must be the
// same. SHAFAF_QUERIES sets how many queries a table gets.
func TestQueriesAreWhatDuckDBSays(t *testing.T) {
	interpreter := pythontest.With(t, "duckdb")
	queries := 40
	if n, err := strconv.Atoi(os.Getenv("SHAFAF_QUERIES")); err == nil {
		queries = n
	}
	for seed, rows := range []int{3, 500, 3000, 30_000} {
		t.Run(fmt.Sprint(rows, " rows"), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(seed), uint64(queries)))
			file := queryFile(t, queryTable(r, rows))
			dir := t.TempDir()
			base := filepath.Join(dir, "base.parquet")
			save(t, base, export(t, "parquet", withHelp(t, file.Table()), Options{}))
			all := gather(t, file.Table())
			type job struct {
				Query   string `json:"query"`
				SQL     string `json:"sql"`
				File    string `json:"file"`
				Columns int    `json:"columns"`
			}
			var jobs []job
			for i := range queries {
				q := randomQuery(r, all)
				view := checkPages(t, file, q)
				path := filepath.Join(dir, fmt.Sprintf("%d.parquet", i))
				save(t, path, export(t, "parquet", view, Options{}))
				jobs = append(jobs, job{q.values.Encode(), q.sql(), path, len(view.Schema)})
			}
			text, err := json.Marshal(jobs)
			if err != nil {
				t.Fatal(err)
			}
			list := filepath.Join(dir, "jobs.json")
			save(t, list, text)
			out, err := exec.Command(interpreter, "-c", compareQueries, base, list).Output()
			if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
				t.Fatalf("%v: %s", err, exit.Stderr)
			}
			if err != nil || len(out) > 0 {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

func save(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func queryFile(t *testing.T, tab *datasets.Table) *datasets.RowFile {
	t.Helper()
	files, err := datasets.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	loaded, err := files.PutRows(t.Context(), tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	file, err := files.Rows(loaded.Digest)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// checkPages compares all pages of a query to its view, and its address read
// again to itself. It returns the view.
func checkPages(t *testing.T, file *datasets.RowFile, sample *querySample) *datasets.Table {
	t.Helper()
	q, err := datasets.ParseRowQuery(file.Schema(), sample.values)
	if err != nil {
		t.Fatalf("%s: %v", sample.values.Encode(), err)
	}
	again, err := datasets.ParseRowQuery(file.Schema(), q.Values())
	if err != nil || again.Key(file.Schema()) != q.Key(file.Schema()) || again.Values().Encode() != q.Values().Encode() {
		t.Fatalf("%s: became %s and then %s, error %v", sample.values.Encode(), q.Values().Encode(), again.Values().Encode(), err)
	}
	view, err := file.View(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: %v", sample.values.Encode(), err)
	}
	if !q.Grouped() && view.Rows > 0 && q.Excluding(file.Schema()) != nil {
		t.Fatalf("%s: conditions %v exclude each other, and there are %d rows", sample.values.Encode(), q.Excluding(file.Schema()), view.Rows)
	}
	all := &datasets.Batch{Columns: make([]datasets.Vector, len(view.Schema))}
	for {
		page, err := file.Page(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", sample.values.Encode(), err)
		}
		if page.Total != view.Rows || page.Next != "" && page.Rows.Len != q.Size {
			t.Fatalf("%s: a page of %d rows, %d of %d in all", sample.values.Encode(), page.Rows.Len, page.Total, view.Rows)
		}
		grow(all, page.Rows)
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	pages := &datasets.Table{Schema: view.Schema, Rows: int64(all.Len), Scan: chunks(view.Schema, all)}
	if got, want := export(t, "csv", pages, Options{}), export(t, "csv", view, Options{}); !bytes.Equal(got, want) {
		t.Fatalf("%s: the pages are not the view\n%s\n%s", sample.values.Encode(), got, want)
	}
	return view
}
