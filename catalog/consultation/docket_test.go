package consultation

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// docket opens the docket of a draft with SQLite, and answers queries of it.
func (h *hall) docket(k *catalog.Snapshots, d *Draft) func(query string) string {
	h.Helper()
	file, snap, late, err := k.OpenDocket(h.Context(), d.ID)
	if err != nil || late != nil {
		h.Fatal(err, late)
	}
	if err := file.Close(); err != nil {
		h.Fatal(err)
	}
	db, err := sql.Open("sqlite", snap.Path)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { db.Close() })
	return func(query string) (got string) {
		h.Helper()
		if err := db.QueryRowContext(h.Context(), query).Scan(&got); err != nil {
			h.Errorf("%s: %v", query, err)
		}
		return got
	}
}

// A docket holds its draft and no other, and a text that was taken away is in
// the next one no more.
func TestDocketHoldsOneDraft(t *testing.T) {
	h, d := square(t)
	other := h.published("Bylaw of bridges", 10)
	h.publishFirst(&other)
	one, two := h.files(says(&d, "one", "The road is too narrow.")), h.files(says(&d, "two", "Nobody mends it."))
	h.files(says(&other, "three", "The bridge is too low."))
	k := catalog.NewSnapshots(h.store, t.TempDir(), catalog.SnapshotOptions{BaseURL: "https://data.example.org"})
	ask := h.docket(k, &d)
	for query, want := range map[string]string{
		"select group_concat(title_en) from drafts":                                                       "Bylaw of roads",
		"select group_concat(text order by seq) from comments":                                            "The road is too narrow.,Nobody mends it.",
		"select title_en from agencies":                                                                   "Ministry of Roads",
		"select count(*) = (select articles from draft_versions) from provisions":                         "1",
		"select count(*) from draft_periods":                                                              "1",
		"select count(*) from pragma_foreign_key_check":                                                   "0",
		"pragma integrity_check":                                                                          "ok",
		"select count(*) from readme where en like 'One draft regulation with%https://data.example.org%'": "1",
	} {
		if got := ask(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	h.do(func(tx *catalog.Tx) error {
		_, err := Remove(tx, h.moderator, one.ID, catalog.AnyRevision, "insult", "")
		return err
	})
	h.do(func(tx *catalog.Tx) error {
		_, err := TakeBack(tx, code("two"))
		return err
	})
	ask = h.docket(k, &d)
	if got := ask("select group_concat(id || ' ' || state || ' ' || coalesce(text, '') order by seq) from comments"); got != one.ID+" removed ,"+two.ID+" withdrawn " {
		t.Errorf("the comments are %q", got)
	}
	if got := ask("select count(*) from sqlite_master where name in ('datasets', 'runs')"); got != "0" || strings.Contains(ask("select group_concat(text) from provisions"), "bridge") {
		t.Errorf("there are tables of something else")
	}
}
