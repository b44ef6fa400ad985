package harvesters_test

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// TestRealContracts harvests every real file of open contracting, each folder as
// a source, and each file of those with packages of many forms as one, compares
// what came of it with a golden table, and harvests it again: all unchanged.
func TestRealContracts(t *testing.T) {
	root := realFile(t)
	var got strings.Builder
	got.WriteString("source | state | records | releases | processes | parties | faulty | stages | methods | tendered | awarded | contracted | paid | flags | faults by kind\n")
	files, err := filepath.Glob(filepath.Join(root, "ocds", "*", "*.json"))
	deep, err2 := filepath.Glob(filepath.Join(root, "ocds", "*", "*", "*.json"))
	if n := len(files) + len(deep); n != 340 || err != nil || err2 != nil {
		t.Errorf("%d files, and there should be 340: %v, %v", n, err, err2)
	}
	for _, pattern := range []string{"ocds", "ocds/*", "ocds/fictional-1.1/*", "ocds/mexico-cdmx/*", "ocds/paraguay/*", "ocds/*/*/*.json"} {
		paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		slices.Sort(paths)
		for _, path := range paths {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(rel, func(t *testing.T) { got.WriteString(rel + " | " + realContracts(t, path) + "\n") })
		}
	}
	golden(t, filepath.Join("testdata", "real-ocds.txt"), got.String())
}

func realContracts(t *testing.T, path string) string {
	t.Helper()
	d := newDeps(t)
	src := addSource(t, d, "ocds", path)
	first := harvest(t, d, src)
	columns := []string{first.State, strconv.FormatInt(first.Counts.Seen, 10)}
	for _, query := range []string{
		"select count(*) from releases where state = 'published'",
		"select count(*) from processes where state = 'published'",
		"select count(*) from parties",
	} {
		columns = append(columns, asText(t, d.Store, query))
	}
	columns = append(columns, strconv.FormatInt(first.Counts.Faulty, 10))
	for _, query := range []string{
		"select coalesce(group_concat(stage || ' ' || n, ', '), '') from (select stage, count(*) as n from processes group by stage order by stage)",
		"select coalesce(group_concat(method || ' ' || n, ', '), '') from (select iif(method = '', '-', method) as method, count(*) as n from processes group by 1 order by 1)",
		sumsOf("tendered"), sumsOf("awarded"), sumsOf("contracted"), sumsOf("paid"),
		"select coalesce(group_concat(value || ' ' || n, ', '), '') from (select j.value, count(*) as n from processes p, json_each(p.flags, '$.raised') j group by j.value order by j.value)",
	} {
		columns = append(columns, asText(t, d.Store, query))
	}
	columns = append(columns, kindsOf(faultsOf(t, d, first)))
	again := harvest(t, d, src)
	if again.State != first.State || again.Counts.Unchanged != first.Counts.New || again.Counts.Faulty != first.Counts.Faulty || again.Counts.Faults != first.Counts.Faults {
		t.Errorf("harvested again: %s %+v, at first %+v", again.State, again.Counts, first.Counts)
	}
	if removed, total, err := d.Store.Removals(t.Context(), catalog.RemovalFilter{Limit: 1}); err != nil || total != 0 {
		t.Errorf("removed: %+v, %v", removed, err)
	}
	return strings.Join(columns, " | ")
}

func sumsOf(what string) string {
	return "select coalesce(group_concat(currency || ' ' || n, ', '), '') from (select currency, sum(amount) as n from process_amounts where what = '" + what + "' group by currency order by currency)"
}

func asText(t *testing.T, store *catalog.Store, query string) (text string) {
	t.Helper()
	if err := store.Row(t.Context(), query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}
