package site

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

// post sends a form as a program for mail does.
func (f *forum) post(path string, form url.Values) (int, string) {
	f.t.Helper()
	resp, body := f.portal.send(path, form, "Sec-Fetch-Site", "")
	return resp.StatusCode, body
}

func TestLettersAreAskedForConfirmedAndEnded(t *testing.T) {
	f := newForum(t)
	path := f.path("en", "/follow")
	f.want(f.path("en", ""), http.StatusOK, `href="`+path+`"`)
	f.want(path, http.StatusOK, "Letters about this draft")
	f.open(path)
	if status, _, body := f.send(path, "email", "nobody"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "in-email-fault") {
		t.Errorf("no address: %d %s", status, body)
	}
	f.open(path)
	if status, _, body := f.send(path, "email", "sara@example.org"); status != http.StatusOK || !strings.Contains(body, "is on its way") {
		t.Fatalf("%d %s", status, body)
	}
	all, err := f.Catalog.Outbox(t.Context(), catalog.MailWaiting, 9)
	must(t, err)
	if len(all) != 1 || all[0].Kind != catalog.MailFollow || all[0].To != "sara@example.org" {
		t.Fatalf("%+v", all)
	}
	link := "/en" + all[0].Data.Path
	f.want(link, http.StatusOK, "Do you want letters", `value="on"`, "Bylaw of open data")
	f.want(link[:len(link)-1]+"x", http.StatusNotFound)
	if status, body := f.post(link, url.Values{"do": {"on"}}); status != http.StatusOK || !strings.Contains(body, "Thank you") {
		t.Errorf("%d %s", status, body)
	}
	f.want(link, http.StatusOK, "You get letters")
	if status, _ := f.post(link, url.Values{"do": {"dance"}}); status != http.StatusBadRequest {
		t.Errorf("another act answers %d", status)
	}
	if n, err := f.drafts.Tell(t.Context(), func(id string) string { return FollowPath(f.Forms, id) }); err != nil || n != 0 {
		t.Errorf("told of what was before: %d, %v", n, err)
	}
	for range 2 { // programs may do it twice
		if status, body := f.post(link, url.Values{oneClick: {"One-Click"}}); status != http.StatusOK || !strings.Contains(body, "erased") {
			t.Errorf("%d %s", status, body)
		}
	}
	f.want(link, http.StatusOK, "no letters")
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	must(t, parts.WriteField(oneClick, "One-Click"))
	must(t, parts.Close())
	for kind, want := range map[string]int{parts.FormDataContentType(): http.StatusOK, "multipart/form-data": http.StatusBadRequest, "text/plain": http.StatusBadRequest} {
		req := httptest.NewRequest(http.MethodPost, link, bytes.NewReader(body.Bytes()))
		req.Header.Set("Content-Type", kind)
		resp, err := f.app.Test(req, -1)
		must(t, err)
		if must(t, resp.Body.Close()); resp.StatusCode != want {
			t.Errorf("one click as %s: %d, want %d", kind, resp.StatusCode, want)
		}
	}
}

func TestRetiredDraftLeavesATombstone(t *testing.T) {
	f := newForum(t)
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.RetireDraft(tx, &catalog.Shell, f.draft.ID, catalog.AnyRevision, "It was a copy.")
		return err
	}))
	f.want(f.path("en", ""), http.StatusGone, "It was a copy.", "This draft regulation", "check a receipt", "چگونه داده‌ها منتشر می‌شود.")
	f.want(f.path("fa", ""), http.StatusGone, "این پیش‌نویس اینجا منتشر شده بود")
	f.want(f.path("fa", "/follow"), http.StatusGone)
	f.want("/api/v1"+draftPath(f.draft.Slug), http.StatusGone, `"noun":"draft"`, "It was a copy.")
	f.want("/en/removed?noun=draft", http.StatusOK, `href="/en/drafts/bylaw-of-open-data"`, "It was a copy.")
	f.want("/api/v1/removed?noun=draft", http.StatusOK, `"total":1`, `/drafts/bylaw-of-open-data"`)
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.TakeDown(tx, &catalog.Shell, f.draft.ID, "A court said so.")
		return err
	}))
	if body := f.want(f.path("en", ""), http.StatusGone, "A court said so."); strings.Contains(body, "چگونه داده‌ها") {
		t.Error("what was taken down is shown")
	}
}

func TestDecidedDraftHasNoFollowers(t *testing.T) {
	f := newForum(t)
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.WithdrawDraft(tx, &catalog.Shell, f.draft.ID, catalog.AnyRevision, catalog.Text{"en": "The law changed."})
		return err
	}))
	f.want(f.path("fa", "/follow"), http.StatusOK, "کار این پیش‌نویس تمام شده است")
	if body := f.want(f.path("en", ""), http.StatusOK); strings.Contains(body, "/follow") {
		t.Error("the page leads to letters that never come")
	}
}
