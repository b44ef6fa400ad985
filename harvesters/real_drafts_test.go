package harvesters_test

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// realDrafts are all real files of drafts and comments, and the kinds of the
// sources that read them. A pattern stands for one source a file.
var realDrafts = []struct{ pattern, kind string }{
	{"regulations-gov/USTR-2015-0010", "regulationsgov"},
	{"regulations-gov/USTR-2015-0010-broken", "regulationsgov"},
	{"regulations-gov/CMS-2023", "regulationsgov"},
	{"regulations-gov/daily-2016-03", "regulationsgov"},
	{"regulations-gov/daily-2013-2014.zip", "regulationsgov"},
	{"regulations-gov/comments-csv", "folder"},
	{"federal-register/*.json", "federalregister"},
	{"federal-register/csv", "folder"},
	{"atom-rss/legislation.gov.uk", "feed"},
	{"atom-rss/legislation.gov.uk/*.xml", "feed"},
	{"akoma-ntoso", "akn"},
	{"akoma-ntoso/*.xml", "akn"},
	{"fa-ar-texts/fa-laws", "lawtext"},
	{"fa-ar-texts/fa-laws/*.txt", "lawtext"},
	{"fa-ar-texts/fa-laws/*.tsv", "folder"},
	{"fa-ar-texts/fa-constitution", "lawtext"},
	{"fa-ar-texts/fa-constitution/*.txt", "lawtext"},
	{"fa-ar-texts/fa-constitution/*.xml", "akn"},
	{"fa-ar-texts/ar-tunisia", "lawtext"},
}

// TestRealDrafts harvests every real file of drafts, compares what came of it
// with a golden table, and harvests it again: all unchanged.
func TestRealDrafts(t *testing.T) {
	root := realFile(t)
	var got strings.Builder
	got.WriteString("source | kind | state | records | drafts | texts | articles | papers | periods | comments | tables | faulty | faults by kind\n")
	for _, s := range realDrafts {
		paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(s.pattern)))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v", s.pattern, err)
		}
		if strings.Contains(s.pattern, "*") && s.kind == "folder" { // it reads folders
			paths = []string{filepath.Dir(paths[0])}
		}
		slices.Sort(paths)
		for _, path := range paths {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(s.kind+"/"+rel, func(t *testing.T) { got.WriteString(rel + " | " + s.kind + " | " + realDraft(t, s.kind, path) + "\n") })
		}
	}
	golden(t, filepath.Join("testdata", "real-drafts.txt"), got.String())
}

func realDraft(t *testing.T, kind, path string) string {
	t.Helper()
	d := newDeps(t)
	src := addSource(t, d, kind, path)
	first := harvest(t, d, src)
	if kind == "folder" {
		if err := harvesters.Drain(t.Context(), d, nil); err != nil {
			t.Fatal(err)
		}
	}
	columns := []string{first.State, strconv.FormatInt(first.Counts.Seen, 10)}
	for _, query := range []string{
		"select count(*) from drafts where state = 'published'", "select count(*) from versions", "select coalesce(sum(articles), 0) from versions",
		"select count(*) from papers", "select count(*) from periods", "select count(*) from comments", "select count(*) from editions where has_table",
	} {
		var n int64
		if err := d.Store.Row(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, strconv.FormatInt(n, 10))
	}
	columns = append(columns, strconv.FormatInt(first.Counts.Faulty, 10), kindsOf(faultsOf(t, d, first)))
	again := harvest(t, d, src)
	if again.State != first.State || again.Counts.Unchanged != first.Counts.New || again.Counts.Faulty != first.Counts.Faulty || again.Counts.Faults != first.Counts.Faults {
		t.Errorf("harvested again: %s %+v, at first %+v", again.State, again.Counts, first.Counts)
	}
	if removed, total, err := d.Store.Removals(t.Context(), catalog.RemovalFilter{Limit: 1}); err != nil || total != 0 {
		t.Errorf("removed: %+v, %v", removed, err)
	}
	return strings.Join(columns, " | ")
}
