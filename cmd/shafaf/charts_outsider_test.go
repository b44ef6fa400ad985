package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets/pythontest"
)

// outsideFiles are tables of governments that are drawn in every way.
var outsideFiles = []string{
	"csv/dkan/Bike_Lane.csv", "csv/538/data_aging_congress.csv", "csv/datapusher/bus-stops.csv", "fa-ar-data/census/iran2016census.csv",
	"geojson/ir_states_boundaries_coordinates.geojson", "csv/dkan/Asthma-Prevalence-Map-2017.csv", "fiscal/us-omb-fy2016/receipts.csv",
	"xlsx/eu-funds/CZ.czech-republic__2014-2020__ERDF_Czech_Republic_2014-2020.xlsx",
}

// edgeTable has columns of one and of 200 categories, figures that are
// negative, missing and huge, days with years between them, places of which one
// is none.
func edgeTable() string {
	places := []string{"تهران", "استان فارس", "Gilan", "Yazd", "Atlantis", ""}
	var b strings.Builder
	b.WriteString("category,one,place,day,amount,huge,share\n")
	for i := range 1400 {
		amount := strconv.Itoa((i*7919)%2001 - 1000)
		if i%9 == 0 {
			amount = ""
		}
		fmt.Fprintf(&b, "kind %d,only,%s,%d-0%d-11,%s,%d,%.3f\n", i%200, places[i%6], 1990+i%3*10, 1+i%9, amount, math.MaxInt64/2000*int64(i%7-2), float64(i%101)/10-3)
	}
	return b.String()
}

func TestChartsAndMapsAreWhatDuckDBSays(t *testing.T) {
	t.Parallel()
	interpreter := pythontest.With(t, "duckdb")
	p := newProgram(t)
	edges := filepath.Join(t.TempDir(), "edges.csv")
	if err := os.WriteFile(edges, []byte(edgeTable()), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("dataset", "import", edges)
	found := 0
	for _, name := range outsideFiles {
		file := filepath.Join(cmp.Or(os.Getenv("SHAFAF_FILES"), "../../../shared/data"), name)
		if _, err := os.Stat(file); err == nil {
			p.run("dataset", "import", file)
			found++
		}
	}
	if found == 0 {
		t.Log("no real files: set SHAFAF_FILES; the table of edges alone is drawn")
	}
	base, _ := p.serve("--limit", "off")
	script, err := filepath.Abs("testdata/charts_outsider.py")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), interpreter, script, base)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("%v: %s%s", err, out, exit.Stderr)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, line := range lines[:min(len(lines)-1, 20)] {
		t.Error(line)
	}
	var sum struct{ Compared, Drawn map[string]int }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &sum); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, kind := range []string{"bars", "grouped", "lines", "area", "histogram", "scatter", "map"} {
		if sum.Compared[kind] == 0 || sum.Drawn[kind] == 0 {
			t.Errorf("no %s was compared", kind)
		}
	}
	t.Logf("%d real tables: figures %v, marks %v", found, sum.Compared, sum.Drawn)
}
