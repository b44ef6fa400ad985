package site

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/exporters"
)

func TestCommentsOfADraftAreFiles(t *testing.T) {
	f := newForum(t).filled()
	f.want(f.path("en", "/comments"), http.StatusOK, `href="`+draftPath(f.draft.Slug)+`/comments.csv"`)
	for _, table := range consultation.Tables {
		for _, format := range exporters.Formats() {
			resp, body := f.get(draftPath(f.draft.Slug) + "/" + table + "." + format.Ext)
			if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != format.MediaType || body == "" && format.Ext != "jsonl" || resp.Header.Get("ETag") == "" {
				t.Errorf("%s.%s: %d %v", table, format.Ext, resp.StatusCode, resp.Header)
			}
		}
	}
	csv := func() []string {
		body := f.want(draftPath(f.draft.Slug)+"/comments.csv", http.StatusOK)
		return strings.Split(strings.TrimSpace(body), "\n")
	}
	lines := csv()
	all, _, err := f.drafts.Comments(t.Context(), consultation.CommentFilter{Draft: f.draft.ID, Limit: 1})
	must(t, err)
	if len(lines) != 2 || !strings.Contains(lines[1], all[0].ID) || !strings.Contains(lines[1], all[0].Text) {
		t.Fatalf("%q", lines)
	}
	f.comment("?at=art_1")
	if again := csv(); len(again) != 2 {
		t.Errorf("it is written anew for each comment: %q", again)
	}
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.Remove(tx, &catalog.Shell, all[0].ID, catalog.AnyRevision, "spam", "")
		return err
	}))
	if gone := csv(); len(gone) != 3 || strings.Contains(gone[1], all[0].Text) || !strings.Contains(gone[1], "spam") {
		t.Errorf("what was removed stays in the file: %q", gone)
	}
	f.comment("?at=art_3")
	later := f.Now().Add(tableKept + time.Second)
	f.Now = func() time.Time { return later }
	if later := csv(); len(later) != 4 {
		t.Errorf("%q", later)
	}
	f.want(draftPath(f.draft.Slug)+"/comments.pdf", http.StatusNotFound, "xlsx")
	f.want("/drafts/none/comments.csv", http.StatusNotFound)
}
