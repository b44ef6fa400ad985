package fiscal

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/pythontest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// realFiles is the folder of the real files of budgets, or the test is skipped.
func realFiles(tb testing.TB) string {
	tb.Helper()
	root := filepath.Join(cmp.Or(os.Getenv("SHAFAF_FILES"), "../../../shared/data"), "fiscal")
	if _, err := os.Stat(root); err != nil {
		tb.Skip("the real files are not here: set SHAFAF_FILES to their folder")
	}
	return root
}

// A realTable is a real file and how it is read.
type realTable struct {
	File   string `json:"file"`
	Except string `json:"except,omitempty"` // which rows DuckDB leaves out: sums of others
	Mapping
}

// realTables are the tables of testdata/mappings and those of the packages.
func realTables(t *testing.T, root string) map[string]realTable {
	t.Helper()
	all := map[string]realTable{}
	names, err := filepath.Glob("testdata/mappings/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		var r realTable
		if raw, err := os.ReadFile(name); err != nil || json.Unmarshal(raw, &r) != nil {
			t.Fatal(name, err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = r
	}
	packages, err := filepath.Glob(filepath.Join(root, "fdp", "*", "datapackage.json"))
	if err != nil || len(packages) != 3 {
		t.Fatal(packages, err)
	}
	for _, name := range packages {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ReadPackage(raw)
		if err != nil {
			t.Fatal(name, err)
		}
		r := realTable{Mapping: *p.Resources[0].Mapping}
		if r.File, err = filepath.Rel(root, filepath.Join(filepath.Dir(name), p.Resources[0].Path)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(name, "eu-allocations") {
			r.Except = `"Fund" like 'Total %'`
		}
		all[filepath.Base(filepath.Dir(name))] = r
	}
	return all
}

// readReal reads a table of a real file.
func readReal(t *testing.T, files *datasets.Files, path string, m *Mapping) Loading {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	digest, _, err := files.Put(t.Context(), f, 0)
	if err != nil {
		t.Fatal(err)
	}
	im, err := datasets.Import(t.Context(), files, digest, filepath.Base(path), datasets.ImportOptions{})
	if err != nil || im.Fault != "" {
		t.Fatal(err, im.Fault)
	}
	rows, err := files.Rows(im.Tables[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(nil, files).Preview(t.Context(), rows.Table(), m, "agency")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestRealTables compares the totals of every real table with a golden file, and
// with what DuckDB makes of the file itself.
func TestRealTables(t *testing.T) {
	root := realFiles(t)
	tables := realTables(t, root)
	files, err := datasets.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	var got strings.Builder
	sums := map[string]map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		r := tables[name]
		l := readReal(t, files, filepath.Join(root, r.File), &r.Mapping)
		fmt.Fprintf(&got, "%s: %d rows, %d left out, %d empty, %d below zero, %d rounded, faults [%s]\n", name, l.Table, l.LeftOut, l.Empty, l.Negative, l.Rounded, kindsOnce(l.Faults))
		sums[name] = map[string]string{}
		for _, total := range l.Totals {
			fmt.Fprintf(&got, "  %s %s %s: %d lines, %d\n", total.Year, total.Direction, total.Phase, total.Lines, total.Amount)
			sums[name][total.Year+" "+string(total.Phase)] = strconv.FormatInt(total.Amount, 10)
		}
	}
	if *update {
		if err := os.WriteFile("testdata/totals.golden", []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/totals.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		for i, line := range strings.Split(got.String(), "\n") {
			if w := strings.Split(string(want), "\n"); i >= len(w) || w[i] != line {
				t.Fatalf("line %d of testdata/totals.golden: got %q", i+1, line)
			}
		}
		t.Fatal("testdata/totals.golden has more lines")
	}
	t.Run("DuckDB", func(t *testing.T) { agreeWithDuckDB(t, root, tables, sums) })
}

func kindsOnce(faults []Fault) string {
	seen, all := map[string]bool{}, []string(nil)
	for _, f := range faults {
		if k := f.Said[0].Kind; !seen[k] {
			seen[k] = true
			all = append(all, k)
		}
	}
	return strings.Join(all, " ")
}

// agreeWithDuckDB compares sums of ours with those that DuckDB makes of the file.
func agreeWithDuckDB(t *testing.T, root string, tables map[string]realTable, sums map[string]map[string]string) {
	t.Helper()
	python := pythontest.With(t, "duckdb")
	specs := map[string]any{}
	for name, r := range tables {
		if len(sums[name]) > 0 { // else it is held
			specs[name] = map[string]any{"file": filepath.Join(root, r.File), "except": r.Except, "mapping": r.Mapping, "scale": scaleOf(currencyOf(&r.Mapping))}
		}
	}
	spec, err := json.Marshal(specs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "testdata/sums.py")
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(spec)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]map[string]string{}
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for name := range specs {
		if len(theirs[name]) != len(sums[name]) {
			t.Errorf("%s: %d sums, DuckDB has %d", name, len(sums[name]), len(theirs[name]))
		}
		for key, ours := range sums[name] {
			if theirs[name][key] != ours {
				t.Errorf("%s, %s: %s, DuckDB has %s", name, key, ours, theirs[name][key])
			}
		}
	}
}

// currencyOf is the currency of a mapping, or of its first column of amounts.
func currencyOf(m *Mapping) string {
	code := m.Currency
	for i := range m.Fields {
		if m.Fields[i].Type == "value" {
			code = cmp.Or(code, m.Fields[i].Currency)
		}
	}
	return code
}
