package site

import (
	"net/http"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

func TestSearchFindsDraftsArticlesAndComments(t *testing.T) {
	f := newForum(t)
	f.comment("?at=art_2", "text", "Publish hedgehogs <now>.", "name", "Sara")
	must(t, f.Index.CatchUp(t.Context(), f.Catalog, nil))
	at := f.path("en", "")
	f.want("/en/search?q=open+data", http.StatusOK, `href="`+at+`"`, "Bylaw of <mark>open</mark> <mark>data</mark>", "12 days")
	f.want("/fa/search?q=%D9%85%D8%AD%D8%B1%D9%85%D8%A7%D9%86%D9%87&in=article", http.StatusOK, `href="`+f.path("fa", "#m-2")+`"`, "<mark>محرمانه</mark>", `aria-current="page"`)
	f.want("/api/v1/search?q=%D9%85%D8%AD%D8%B1%D9%85%D8%A7%D9%86%D9%87", http.StatusOK,
		`"kind":"article"`, `"address":"art_2"`, `"slug":"bylaw-of-open-data"`, `"article":1`, `"draft":1`, `"total":2`, draftPath(f.draft.Slug)+"#m-2")
	all, _, err := f.drafts.Queue(t.Context(), &catalog.Shell, consultation.QueueFilter{Limit: 10})
	must(t, err)
	f.want("/en/search?q=hedgehogs", http.StatusOK, "Publish <mark>hedgehogs</mark> &lt;now&gt;.", "/comments/"+all[0].ID, "Sara", "Bylaw of open data")
	f.want("/api/v1/search?q=hedgehogs&in=comment", http.StatusOK, `"kind":"comment"`, `"total":1`, `"id":"`+all[0].ID+`"`)
	f.want("/en/search?in=fish", http.StatusUnprocessableEntity, "dataset, agency, draft, article, comment")
	f.want("/en/datasets?q=data", http.StatusOK, `href="/en/search?in=draft&amp;q=data"`, `href="/en/datasets?q=data"`)
	f.want("/en/drafts", http.StatusOK, `action="/en/search"`)

	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.Remove(tx, &catalog.Shell, all[0].ID, catalog.AnyRevision, "spam", "")
		return err
	}))
	if body := f.want("/en/search?q=hedgehogs", http.StatusOK, "Nothing was found"); strings.Contains(body, "&lt;now&gt;") {
		t.Error("a comment is found that was removed, before the index knows")
	}
	must(t, f.Index.CatchUp(t.Context(), f.Catalog, nil))
	f.want("/en/search?q=hedgehogs", http.StatusOK, "Nothing was found")
}

// Where there are no drafts, the search of datasets leads to nothing else.
func TestSearchHasNoTabsWithoutDrafts(t *testing.T) {
	p := newPortal(t, true)
	if _, body := p.get("/en/datasets?q=population"); strings.Contains(body, "/en/search") {
		t.Error("there is a door to nothing")
	}
}
