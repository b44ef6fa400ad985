package site

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/builtin"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/exporters"
)

// known is a forum whose portal gives what it knows as tables.
func known(t *testing.T) *forum {
	t.Helper()
	f := newForum(t)
	f.Builtin = builtin.New(f.Catalog, f.Files, f.Exports.Drop)
	return f
}

var commentTable = resourcePath("comments", catalog.BuiltinResource("comments"))

func TestFirstCommentMakesTheTableOfComments(t *testing.T) {
	f := known(t)
	f.want("/en/datasets/comments", http.StatusNotFound)
	f.comment("?at=art_1")
	f.want(f.path("fa", ""), http.StatusOK)
	f.want(f.path("fa", ""), http.StatusOK, `href="/fa/datasets/comments/table?draft=`+f.draft.Slug+`"`, "نظرها به شکل جدول")
	f.want("/api/v1"+draftPath(f.draft.Slug), http.StatusOK, `"rows_urls":{"comments":"https://data.example.org/api/v1`+commentTable+`/rows?draft=`+f.draft.Slug+`"}`)
	f.want("/fa/datasets/comments", http.StatusOK, "شمارهٔ پیگیری", "تا تغییر", `href="/fa/agencies/shafaf"`)
	f.want("/en/datasets/comments", http.StatusOK, "Tracking number", "Stands for", "everything up to it")
	f.want("/fa/datasets/comments/table?draft="+f.draft.Slug, http.StatusOK, "Every three months.", "پیش‌نویس", "وضعیت")
	f.want("/fa/datasets/comments/columns", http.StatusOK, "شمارهٔ پیگیری", "پس گرفته (withdrawn)")
	f.want("/fa"+commentTable, http.StatusOK, "این جدول را خود درگاه می‌سازد", "رشتهٔ گفت‌وگو")
	f.want("/api/v1"+commentTable, http.StatusOK, `"stands_for":{"change":`, `"sentence":"change `)
	f.want("/api/v1"+commentTable+"/rows?draft=another", http.StatusOK, `"total":0`)
	f.want(commentTable+"/file", http.StatusNotFound, "itself makes this table", commentTable+".csv")
	f.want("/api/v1/agencies/shafaf", http.StatusOK, `"datasets":1`)
}

func TestRowsGoOnWhereTheyBegan(t *testing.T) {
	f := known(t)
	f.comment("?at=art_1")
	f.comment("?at=art_2")
	f.want(f.path("en", ""), http.StatusOK)
	var page struct {
		Total   int64
		Next    string
		Results []map[string]any
	}
	must(t, json.Unmarshal([]byte(f.want("/api/v1"+commentTable+"/rows?_size=1&draft="+f.draft.Slug, http.StatusOK)), &page))
	if page.Total != 2 || !strings.Contains(page.Next, "/editions/") || page.Results[0]["draft"] != f.draft.Slug {
		t.Fatalf("%+v", page)
	}
	f.comment("?at=art_3")
	must(t, f.Builtin.Renew(t.Context()))
	resp, body := f.get(strings.TrimPrefix(page.Next, f.BaseURL))
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != CacheRevalidate || !strings.Contains(body, `"total":2`) {
		t.Errorf("%d %v %s", resp.StatusCode, resp.Header, body)
	}
}

// TestNothingServesWhatWasTakenAway asks for the text of a comment wherever it
// was to be read before it was removed.
func TestNothingServesWhatWasTakenAway(t *testing.T) {
	f := known(t)
	f.comment("?at=art_1", "text", "Zebras everywhere.")
	f.want(f.path("en", ""), http.StatusOK)
	d, err := f.Catalog.Dataset(t.Context(), "comments")
	must(t, err)
	edition := editionPath("comments", d.Resources[0].ID, d.Resources[0].Edition.Digest)
	paths := []string{"/en/datasets/comments", "/en/datasets/comments/table", "/en/datasets/comments/columns", "/api/v1" + commentTable + "/rows", "/api/v1" + commentTable}
	frozen := []string{edition + ".csv", edition + ".jsonl", "/api/v1" + edition + "/rows", "/en" + edition, "/en/datasets/comments/table?resource=" + d.Resources[0].ID + "&edition=" + d.Resources[0].Edition.Digest}
	for _, format := range exporters.Formats() {
		paths = append(paths, commentTable+"."+format.Ext)
	}
	for _, path := range append(paths, frozen...) {
		f.want(path, http.StatusOK)
	}
	f.want(commentTable+".csv", http.StatusOK, "Zebras")
	all, _, err := f.drafts.Comments(t.Context(), consultation.CommentFilter{Draft: f.draft.ID, Limit: 1})
	must(t, err)
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.Remove(tx, &catalog.Shell, all[0].ID, catalog.AnyRevision, "personal", "")
		return err
	}))
	for _, path := range frozen {
		if body := f.want(path, http.StatusGone, "closed"); strings.Contains(body, "Zebras") {
			t.Errorf("%s shows it", path)
		}
	}
	for _, path := range paths {
		if body := f.want(path, http.StatusOK); strings.Contains(body, "Zebras") {
			t.Errorf("%s shows it", path)
		}
	}
	f.want(commentTable+".csv", http.StatusOK, "personal", all[0].ID)
	f.want("/fa"+edition, http.StatusGone, "دیگر در دسترس نیست")
}

// TestClosedTableIsSaid asks for a table that was closed and that nobody writes
// anew.
func TestClosedTableIsSaid(t *testing.T) {
	f := known(t)
	f.comment("?at=art_1")
	f.want(f.path("en", ""), http.StatusOK)
	f.Builtin = nil
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.RetireDraft(tx, &catalog.Shell, f.draft.ID, catalog.AnyRevision, "A mistake.")
		return err
	}))
	f.want("/fa/datasets/comments", http.StatusOK, "دارد این جدول را از نو می‌سازد")
	f.want("/en"+commentTable, http.StatusOK, "writing this table anew")
	resp, body := f.get("/api/v1" + commentTable + "/rows")
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || !strings.Contains(body, "writing this table anew") {
		t.Errorf("%d %v %s", resp.StatusCode, resp.Header, body)
	}
}
