package harvesters_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/harvesters"
)

// A docket is a source of kind regulationsgov whose files a test changes.
type docket struct {
	t    *testing.T
	deps harvesters.Deps
	src  catalog.Source
	root string
}

func newDocket(t *testing.T) *docket {
	t.Helper()
	k := &docket{t: t, deps: newDeps(t), root: t.TempDir()}
	k.src = addSource(t, k.deps, "regulationsgov", k.root)
	k.put("dockets", "D-1", map[string]any{"title": "Quiet hours", "agencyId": "OOQ"})
	k.put("documents", "D-1-1", map[string]any{
		"docketId": "D-1", "documentType": "Proposed Rule", "title": "Quiet hours", "postedDate": "2026-01-01T05:00:00Z",
		"commentStartDate": "2026-01-01T05:00:00Z", "commentEndDate": "2026-02-01T05:00:00Z",
	})
	for i := 2; i < 10; i++ {
		k.put("comments", fmt.Sprintf("D-1-%d", i), comment(fmt.Sprintf("Comment number %d.", i)))
	}
	return k
}

func comment(text string) map[string]any {
	return map[string]any{"docketId": "D-1", "comment": text, "postedDate": "2026-01-05T05:00:00Z", "firstName": "A.", "lastName": "Sample"}
}

func (k *docket) put(kind, id string, attributes map[string]any) {
	k.t.Helper()
	b, err := json.Marshal(map[string]any{"data": map[string]any{"id": id, "type": kind, "attributes": attributes}})
	if err != nil {
		k.t.Fatal(err)
	}
	setFile(k.t, filepath.Join(k.root, id+".json"), string(b))
}

func (k *docket) drop(id string) {
	k.t.Helper()
	if err := os.Remove(filepath.Join(k.root, id+".json")); err != nil {
		k.t.Fatal(err)
	}
}

func (k *docket) run(want catalog.RunCounts) catalog.Run {
	k.t.Helper()
	run := harvest(k.t, k.deps, k.src)
	got := run.Counts
	got.Faults = 0
	if run.State != catalog.RunComplete || got != want {
		k.t.Errorf("%s %+v %q, want %+v", run.State, got, run.Reason, want)
	}
	return run
}

// one reads what a query of one column finds.
func one[T any](t *testing.T, d harvesters.Deps, query string, args ...any) T {
	t.Helper()
	var v T
	if err := d.Store.Row(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func (k *docket) comment(id string) (state string) {
	k.t.Helper()
	return one[string](k.t, k.deps, "select state from comments where identifier = ?", id)
}

func TestCommentsTravelTheRoadOfDatasets(t *testing.T) {
	k := newDocket(t)
	k.run(catalog.RunCounts{Seen: 9, New: 9})
	k.run(catalog.RunCounts{Seen: 9, Unchanged: 9})
	draft := one[string](t, k.deps, "select id from drafts where identifier = 'D-1'")
	if n := one[int64](t, k.deps, "select count(*) from comments where draft = ? and state = 'published' and provenance = 'harvested'", draft); n != 8 {
		t.Fatalf("%d comments, want 8", n)
	}

	k.put("comments", "D-1-2", comment("Another text."))
	gone := comment("Comment number 3.")
	gone["withdrawn"], gone["reasonWithdrawn"] = true, "asked for"
	k.put("comments", "D-1-3", gone)
	k.drop("D-1-4")
	k.run(catalog.RunCounts{Seen: 8, Changed: 2, Unchanged: 6, Missing: 1})
	if text := one[string](t, k.deps, "select text from comments where identifier = 'D-1-2'"); text != "Another text." {
		t.Errorf("the comment says %q", text)
	}
	if k.comment("D-1-3") != consultation.TakenBack || k.comment("D-1-4") != consultation.Shown {
		t.Errorf("withdrawn is %s, missing once is %s", k.comment("D-1-3"), k.comment("D-1-4"))
	}
	k.run(catalog.RunCounts{Seen: 8, Unchanged: 8, Missing: 1, Retired: 1})
	if k.comment("D-1-4") != consultation.TakenBack {
		t.Errorf("missing twice is %s", k.comment("D-1-4"))
	}
	lines, total, err := k.deps.Store.Removals(t.Context(), catalog.RemovalFilter{Noun: consultation.NounComment, Limit: 10})
	if err != nil || total != 1 || lines[0].Identifier != "D-1-4" || lines[0].Kind != catalog.RemovedMissing || lines[0].Title["en"] != "Quiet hours" {
		t.Errorf("the ledger has %+v, %v", lines, err)
	}
	k.put("comments", "D-1-4", comment("Comment number 4."))
	k.run(catalog.RunCounts{Seen: 9, Unchanged: 9, Returned: 1})
	if k.comment("D-1-4") != consultation.Shown {
		t.Errorf("back again is %s", k.comment("D-1-4"))
	}
	counted := one[int64](t, k.deps, "select coalesce(sum(n), 0) from comment_counts where draft = ? and state = 'published'", draft)
	if there := one[int64](t, k.deps, "select count(*) from comments where draft = ? and state = 'published'", draft); counted != there || there != 7 {
		t.Errorf("%d comments are counted, %d are there, want 7", counted, there)
	}
}

func TestPeriodsAreAppended(t *testing.T) {
	k := newDocket(t)
	k.run(catalog.RunCounts{Seen: 9, New: 9})
	periods := func() string {
		return one[string](t, k.deps, "select group_concat(kind || ' ' || substr(opens, 1, 10) || ' ' || substr(closes, 1, 10), ', ' order by n) from periods")
	}
	want := "opened 2026-01-01 2026-02-01"
	if got := periods(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	document := func(id, starts, ends string) {
		k.put("documents", id, map[string]any{
			"docketId": "D-1", "documentType": "Proposed Rule", "title": "Quiet hours, more", "postedDate": starts, "commentStartDate": starts, "commentEndDate": ends,
		})
		k.run(catalog.RunCounts{Seen: 9, Changed: 1, Unchanged: 8})
	}
	for _, c := range []struct{ id, starts, ends, adds string }{
		{"D-1-20", "2026-01-20T05:00:00Z", "2026-03-01T05:00:00Z", "extended 2026-01-01 2026-03-01"},
		{"D-1-21", "2026-04-01T05:00:00Z", "2026-05-01T05:00:00Z", "reopened 2026-04-01 2026-05-01"},
		{"D-1-21", "2026-04-01T05:00:00Z", "2026-06-01T05:00:00Z", "extended 2026-04-01 2026-06-01"},
		{"D-1-21", "2026-04-01T05:00:00Z", "2026-05-15T05:00:00Z", "closed 2026-04-01 2026-05-15"},
	} {
		document(c.id, c.starts, c.ends)
		want += ", " + c.adds
		if got := periods(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if closes := one[string](t, k.deps, "select closes from drafts"); !strings.HasPrefix(closes, "2026-05-15") {
		t.Errorf("the draft closes %s", closes)
	}
}

func TestADraftThatIsGoneIsRetiredAndComesBack(t *testing.T) {
	d := newDeps(t)
	root := t.TempDir()
	law := func(name, text string) { writeFile(t, filepath.Join(root, name), text) }
	for i := range 4 {
		law(fmt.Sprintf("law-%d.txt", i), fmt.Sprintf("Article 1. This is law %d.\nArticle 2. It is in force.\n", i))
	}
	src := addSource(t, d, "lawtext", root)
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.New != 4 {
		t.Fatalf("%s %+v", run.State, run.Counts)
	}
	slug := one[string](t, d, "select slug from drafts where identifier = 'law-1.txt'")
	law("law-1.txt", "Article 1. This is law 1.\nArticle 2. It is not in force.\n")
	if run := harvest(t, d, src); run.Counts.Changed != 1 {
		t.Errorf("%+v", run.Counts)
	}
	if kinds := one[string](t, d, "select group_concat(kind, ' ' order by n) from versions where draft = (select id from drafts where slug = ?)", slug); kinds != "initial revised" {
		t.Errorf("the texts are %q", kinds)
	}
	if err := os.Rename(filepath.Join(root, "law-1.txt"), filepath.Join(root, "renamed.txt")); err != nil {
		t.Fatal(err)
	}
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Relinked != 1 || run.Counts.Missing != 0 {
		t.Errorf("renamed: %s %+v %q", run.State, run.Counts, run.Reason)
	}
	if got := one[string](t, d, "select slug from drafts where identifier = 'renamed.txt'"); got != slug {
		t.Errorf("the draft is %s, it was %s", got, slug)
	}
	if err := os.Remove(filepath.Join(root, "renamed.txt")); err != nil {
		t.Fatal(err)
	}
	harvest(t, d, src)
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Retired != 1 {
		t.Fatalf("gone: %s %+v %q", run.State, run.Counts, run.Reason)
	}
	if state := one[string](t, d, "select state from drafts where slug = ?", slug); state != catalog.Retired {
		t.Errorf("the draft is %s", state)
	}
	law("renamed.txt", "Article 1. This is law 1.\nArticle 2. It is not in force.\n")
	if run := harvest(t, d, src); run.Counts.Returned != 1 {
		t.Errorf("back: %+v", run.Counts)
	}
	lines, _, err := d.Store.Removals(t.Context(), catalog.RemovalFilter{Noun: consultation.NounDraft, Limit: 10})
	if err != nil || len(lines) != 1 || lines[0].Slug != slug || lines[0].Returned.IsZero() || lines[0].Record == "" {
		t.Errorf("the ledger has %+v, %v", lines, err)
	}
	if state := one[string](t, d, "select state from drafts where slug = ?", slug); state != catalog.Published {
		t.Errorf("the draft is %s", state)
	}
	if n := one[int64](t, d, "select count(*) from versions where draft = (select id from drafts where slug = ?)", slug); n != 2 {
		t.Errorf("it has %d texts, want 2: no text came twice", n)
	}
}

func TestRetiringASourceRetiresItsDrafts(t *testing.T) {
	k := newDocket(t)
	k.run(catalog.RunCounts{Seen: 9, New: 9})
	var n int
	err := k.deps.Store.Write(context.Background(), func(tx *catalog.Tx) (err error) {
		n, err = tx.RetireSource(&k.src, true, "moved elsewhere")
		return err
	})
	if err != nil || n != 1 {
		t.Errorf("%d were retired, %v: want the draft, and its comments with it", n, err)
	}
	if state := one[string](t, k.deps, "select state from drafts"); state != catalog.Retired {
		t.Errorf("the draft is %s", state)
	}
}

func TestACommentOfADraftThatIsNotTakenIsListed(t *testing.T) {
	k := newDocket(t)
	k.put("dockets", "D-1", map[string]any{"title": strings.Repeat("long ", 200)})
	setFile(t, filepath.Join(k.root, "D-1-10.json"), `{"data":{"id":"D-1-10","type":"comments","attributes":{"comment":"whose?","postedDate":"2026-01-05T05:00:00Z"}}}`)
	run := harvest(t, k.deps, k.src)
	if run.State != catalog.RunComplete || run.Counts.New != 11 || run.Counts.Faulty != 0 {
		t.Errorf("%s %+v: a title that is too long is cut, and a comment on nothing stands alone", run.State, run.Counts)
	}
}
