package harvesters_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// TestRealCatalogues harvests every real catalogue to its end, compares what
// came of it with a golden table, and harvests it again: all unchanged.
func TestRealCatalogues(t *testing.T) {
	root := realFile(t)
	var got strings.Builder
	got.WriteString("file | state | records | new | faulty | faults by kind\n")
	for _, folder := range []struct{ name, kind string }{{"datajson", "datajson"}, {"arcgis-hub", "datajson"}, {"ckan", "ckan"}} {
		err := filepath.WalkDir(filepath.Join(root, folder.name), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".json" {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			t.Run(rel, func(t *testing.T) { got.WriteString(rel + " | " + realCatalogue(t, folder.kind, path) + "\n") })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	golden(t, filepath.Join("testdata", "real.txt"), got.String())
}

func realCatalogue(t *testing.T, kind, path string) string {
	t.Helper()
	d := newDeps(t)
	src := addSource(t, d, kind, path)
	first := harvest(t, d, src)
	line := fmt.Sprintf("%s | %d | %d | %d | %s", first.State, first.Counts.Seen, first.Counts.New, first.Counts.Faulty, kindsOf(faultsOf(t, d, first)))
	ids, err := d.Store.DatasetIDs(t.Context(), catalog.Filter{Source: src.ID})
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(ids)) != first.Counts.New {
		t.Errorf("%d datasets are in the catalogue, %d came", len(ids), first.Counts.New)
	}
	again := harvest(t, d, src)
	if again.State != first.State || again.Counts.Unchanged != first.Counts.New || again.Counts.Faulty != first.Counts.Faulty || again.Counts.Faults != first.Counts.Faults {
		t.Errorf("harvested again: %s %+v, at first %+v", again.State, again.Counts, first.Counts)
	}
	return line
}

var quoted = regexp.MustCompile(`"[^"]*"|\d+`)

// kindsOf counts faults by severity, field and sentence without what is quoted.
func kindsOf(faults []catalog.RunFault) string {
	count := map[string]int{}
	for _, f := range faults {
		text, _, _ := strings.Cut(quoted.ReplaceAllString(f.Text, "…"), ";")
		count[f.Severity+" "+quoted.ReplaceAllString(f.Field, "n")+": "+text]++
	}
	var all []string
	for _, k := range slices.Sorted(maps.Keys(count)) {
		all = append(all, fmt.Sprintf("%d %s", count[k], k))
	}
	return strings.Join(all, " / ")
}

// golden compares with a golden file, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	wantLines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(wantLines) || line != wantLines[i] {
			old := ""
			if i < len(wantLines) {
				old = wantLines[i]
			}
			t.Fatalf("%s, line %d:\n got %s\nwant %s\n(go test -update writes it anew)", path, i+1, line, old)
		}
	}
	t.Fatalf("%s has more lines than came", path)
}

// TestRealChanges harvests two snapshots of a catalogue one after the other. A
// move of the date of change alone, of markup, or of spaces is no change.
func TestRealChanges(t *testing.T) {
	for _, c := range []struct {
		before, after         string
		new, changed, touched int64
		missing, relinked     int64
	}{
		{"datajson/fcc.2025-01-31.json", "datajson/fcc.2025-02-04.json", 0, 0, 2, 0, 0},
		{"datajson/gsa.2025-01-31.json", "datajson/gsa.2025-02-03.json", 0, 4, 0, 0, 0},
		{"arcgis-hub/13a-01/13a-01_20230202.json", "arcgis-hub/13a-01/13a-01_20230307.json", 0, 3, 30, 2, 0},
		{"arcgis-hub/07c-01/07c-01_20230214.json", "arcgis-hub/07c-01/07c-01_20230307.json", 1, 15, 39, 1, 0},
		{"arcgis-hub/05b-27019/05b-27019_20230202.json", "arcgis-hub/05b-27019/05b-27019_20230210.json", 0, 1, 6, 0, 0},
		{"arcgis-hub/05b-27019/05b-27019_20230210.json", "arcgis-hub/05b-27019/05b-27019_20230212.json", 0, 0, 6, 0, 0},
		{"arcgis-hub/05b-27019/05b-27019_20230214.json", "arcgis-hub/05b-27019/05b-27019_20230307.json", 1, 7, 10, 3, 0},
		{"arcgis-hub/04f-01/04f-01_20230210.json", "arcgis-hub/04f-01/04f-01_20230212.json", 0, 0, 0, 0, 2},
		{"arcgis-hub/04f-01/04f-01_20230212.json", "arcgis-hub/04f-01/04f-01_20230214.json", 0, 0, 0, 0, 2},
	} {
		t.Run(filepath.Base(c.after), func(t *testing.T) {
			d := newDeps(t)
			src := addSource(t, d, "datajson", realFile(t, filepath.FromSlash(c.before)))
			harvest(t, d, src)
			src.URL = realFile(t, filepath.FromSlash(c.after))
			run := harvest(t, d, src)
			n := run.Counts
			if run.State != catalog.RunComplete || n.New != c.new || n.Changed != c.changed || n.Touched != c.touched ||
				n.Missing != c.missing || n.Relinked != c.relinked {
				t.Errorf("%s: %s %+v, want new %d, changed %d, touched %d, missing %d, relinked %d", c.after, run.State, n, c.new, c.changed, c.touched, c.missing, c.relinked)
			}
		})
	}
}
