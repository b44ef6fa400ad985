package site

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site/limit"
	"github.com/openshafaf/shafaf/site/proof"
)

func TestCommentingLeadsToAReceipt(t *testing.T) {
	f := newForum(t)
	path := f.path("en", "/comment?at=art_2")
	f.want(path, http.StatusOK, "هر شش ماه", "20,000 characters", `name="gender"`)
	f.open(path)
	status, _, body := f.send(path, "kind", "change", "do", "look", "quote", "هر  شش ماه", "gender", "female")
	if status != http.StatusOK || !strings.Contains(body, `value="send"`) || !strings.Contains(body, "Only counted") {
		t.Fatalf("the preview: %d %s", status, body)
	}
	status, to, body := f.send(path, "kind", "change", "text", "Every <b>three</b> months.", "quote", "هر شش ماه", "name", "Sara", "email", "sara@example.org")
	if status != http.StatusSeeOther {
		t.Fatalf("%d: %s", status, body)
	}
	if status, again, _ := f.send(path, "kind", "change", "text", "Every <b>three</b> months.", "quote", "هر شش ماه", "name", "Sara", "email", "sara@example.org"); status != http.StatusSeeOther || again != to {
		t.Errorf("a double click: %d to %q, want %q", status, again, to)
	}
	f.want(to, http.StatusOK, "recorded and published", "Every &lt;b&gt;three&lt;/b&gt; months.", "A letter goes to")
	f.want(strings.TrimPrefix(to, "/en")+".json", http.StatusOK, `"filed":{`, `"salt":`, `"leaf":`)
	f.want(f.path("en", ""), http.StatusOK, "Sara", "Every &lt;b&gt;three&lt;/b&gt; months.", "comments?at=art_2")
	list := f.want("/api/v1"+draftPath(f.draft.Slug)+"/comments?at=art_2", http.StatusOK, `"total":1`, `"quote":"هر شش ماه"`)
	if strings.Contains(list, "sara@example.org") {
		t.Error("an address is public")
	}
	mails, err := f.Catalog.Outbox(t.Context(), "", 10)
	if err != nil || len(mails) != 1 || mails[0].Kind != catalog.MailComment {
		t.Fatalf("%+v, %v", mails, err)
	}
	link := "/en" + mails[0].Data.Path
	f.want(link[:len(link)-1], http.StatusNotFound)
	f.want(link, http.StatusOK, "Did you write it?")
	if status, _, body := f.send(link, "do", "mine"); status != http.StatusOK || !strings.Contains(body, "Thank you") {
		t.Errorf("confirming: %d %s", status, body)
	}
	f.want(f.path("en", "/comments?provenance=confirmed"), http.StatusOK, "Sara", "E-mail confirmed")
	if status, _, _ := f.send(to); status != http.StatusUnprocessableEntity {
		t.Errorf("it is taken back by a form that nobody ticked: %d", status)
	}
	f.send(to, "sure", "1")
	f.want(to, http.StatusOK, "took your comment back", "Its text is no longer in it")
	if body := f.want(f.path("en", "/comments"), http.StatusOK, "took it back"); strings.Contains(body, "three") || strings.Contains(body, "Sara") {
		t.Error("a comment that was taken back is still read")
	}
}

func TestAQuoteOfANoteIsAboutTheNote(t *testing.T) {
	f := newForum(t)
	f.want(f.path("en", "/comment?at=art_2"), http.StatusOK, "داده‌های محرمانه")
	f.comment("?at=art_2", "quote", "داده‌های محرمانه")
	f.want("/api/v1"+draftPath(f.draft.Slug)+"/comments", http.StatusOK, `"address":"art_2__note_1"`, `"quote":"داده‌های محرمانه"`)
	f.want(f.path("fa", "/comments"), http.StatusOK, "ماده ۲، تبصره ۱")
	f.want(f.path("fa", "/comments?at=art_2__note_1"), http.StatusOK, "ماده ۲، تبصره ۱")
	page := f.want(f.path("en", ""), http.StatusOK)
	if note, said := strings.Index(page, `id="m-2__note_1"`), strings.Index(page, "Every three months."); note < 0 || said < note {
		t.Errorf("the comment is not at the note: %d, %d", note, said)
	}
	f.comment("?at=art_2", "text", "Of the article.")
	page = f.want(f.path("en", ""), http.StatusOK)
	if strings.Index(page, "Of the article.") < strings.Index(page, "Every three months.") {
		t.Error("comments on an article stand before its notes")
	}
}

func TestAnArticleThatWasTakenOutKeepsItsComments(t *testing.T) {
	f := newForum(t)
	f.comment("?at=art_3", "text", "Not so soon.")
	f.revise(bylaw[:strings.Index(bylaw, "ماده ۳")])
	f.want(f.path("en", "/comments?at=art_3"), http.StatusOK, "no longer in the text", "Not so soon.", "ماده ۳", "?version=1#m-3")
	f.want(f.path("en", "/comments?at=art_2"), http.StatusOK, "No comments")
	f.want(f.path("en", "/comment?at=art_3"), http.StatusUnprocessableEntity, "The text has no such article")
	f.want(f.path("en", "/comment?at=art_3&version=1"), http.StatusOK, "ماده ۳")
}

func TestRepliesStandInTheirThread(t *testing.T) {
	f := newForum(t)
	f.comment("?at=art_2")
	list := f.want("/api/v1"+draftPath(f.draft.Slug)+"/comments", http.StatusOK)
	id := between(t, list, `"id":"`, `"`)
	f.comment("?reply="+id, "text", "Every month is better.", "kind", "support")
	thread := f.want("/en"+commentPath(id), http.StatusOK, "Every three months.", "Every month is better.")
	if strings.Contains(thread, "In reply to") {
		t.Error("a reply to the comment that the page is of says so again")
	}
	_, in, _ := strings.Cut(f.want("/api/v1"+commentPath(id), http.StatusOK, `"thread":{"total":1`, "Every month is better."), `"thread":`)
	reply := between(t, in, `"id":"`, `"`)
	f.comment("?reply="+reply, "text", "Every week.", "kind", "support", "name", "Omid")
	f.want("/en"+commentPath(id), http.StatusOK, `<a href="#c-`+reply+`">In reply to another comment</a>`)
	newest := f.want("/api/v1"+draftPath(f.draft.Slug)+"/comments?limit=1", http.StatusOK, "Every week.")
	f.comment("?reply="+between(t, newest, `"id":"`, `"`), "text", "Every day.", "kind", "support")
	f.want("/fa"+commentPath(id), http.StatusOK, `در پاسخ به <bdi>Omid</bdi>`)
	f.want(f.path("en", "/comment?reply=0190a0a0-0000-7000-8000-000000000000"), http.StatusUnprocessableEntity, "no such comment")
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.Remove(tx, &catalog.Shell, id, 1, "spam", "")
		return err
	}))
	f.want("/en"+commentPath(id), http.StatusOK, "it is advertising", "Every month is better.")
	path := f.path("en", "/comment?reply="+id)
	f.open(path)
	if status, _, body := f.send(path, "kind", "support", "text", "Indeed."); status != http.StatusConflict || !strings.Contains(body, "taken away meanwhile") || !strings.Contains(body, "Indeed.") {
		t.Errorf("a reply to what was removed: %d %s", status, body)
	}
}

func TestADraftThatIsClosedTakesNoComment(t *testing.T) {
	f := newForum(t)
	sent := f.comment("")
	path := f.path("en", "/comment")
	ticket, nonce := f.ticket, f.nonce
	f.open(path)
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		return tx.Exec("update drafts set begins = '2026-01-01T00:00:00.000Z', opens = '2026-01-01T00:00:00.000Z', closes = '2026-02-01T00:00:00.000Z' where id = ?", f.draft.ID)
	}))
	body := f.want(path, http.StatusOK, "The time for comments ended on")
	if strings.Contains(body, "<textarea") {
		t.Error("a draft that is closed still has a form")
	}
	status, _, body := f.send(path, "kind", "change", "text", "Too late.")
	if status != http.StatusConflict || !strings.Contains(body, "The time for comments ended on") || !strings.Contains(body, "Too late.") {
		t.Errorf("a comment after the deadline: %d %s", status, body)
	}
	if status, to, _ := f.send(path, "ticket", ticket, "nonce", nonce); status != http.StatusSeeOther || to != sent {
		t.Errorf("a form that was sent before the deadline, again: %d to %q, want %q", status, to, sent)
	}
}

func TestBadCommentsAreRefusedInASentence(t *testing.T) {
	f := newForum(t)
	path := f.path("en", "/comment?at=art_2")
	f.open(path)
	for what, c := range map[string]struct {
		status int
		says   string
		fields []string
	}{
		"empty":                  {422, "Write your comment.", []string{"text", " \u200b\u202e "}},
		"of no kind":             {422, "Say what it is.", []string{"kind", "rant"}},
		"too long":               {422, "20,001 characters", []string{"text", strings.Repeat("ب", 20_001)}},
		"quoting what is not":    {422, "do not stand in this part", []string{"quote", "هر روز"}},
		"of an unknown group":    {422, "Choose one of the answers", []string{"group", "king"}},
		"with a broken address":  {422, "no e-mail address", []string{"email", "nobody"}},
		"by a program":           {422, "people do not see", []string{"website", "x"}},
		"with a forged solution": {429, "That was quick", []string{"nonce", "1"}},
		"with another's ticket":  {422, "was not opened here", []string{"ticket", f.Forms.Issue("say. other").Text}},
	} {
		fields := append([]string{"kind", "change", "text", "Every three months."}, c.fields...)
		if status, _, body := f.send(path, fields...); status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("a comment that is %s: %d, want %d and %q\n%s", what, status, c.status, c.says, body)
		}
	}
	missing := f.path("en", "/comment?at=art_99")
	f.want(missing, http.StatusUnprocessableEntity, "no such article", "Comment on the whole draft")
	if status, _, body := f.send(missing, "kind", "change", "text", "Of nothing."); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Of nothing.") {
		t.Errorf("a comment on an article that is not there: %d %s", status, body)
	}
	f.want("/api/v1"+draftPath(f.draft.Slug)+"/comment?at=art_99", http.StatusUnprocessableEntity, `"field":"at"`)
	f.want(f.path("en", "/comments?at=art_99"), http.StatusUnprocessableEntity, "no such article")
	f.want("/api/v1"+draftPath(f.draft.Slug)+"/comments", http.StatusOK, `"total":0`)
}

// Comments are paid from a budget of their own, which other forms do not spend.
func TestCommentsHaveABudgetOfTheirOwn(t *testing.T) {
	f := newForum(t)
	f.Limits[BudgetQuestions] = limit.New(limit.Options{Units: 1, Per: time.Hour, Now: f.Now})
	f.Limits[BudgetComments] = limit.New(limit.Options{Units: 3, Per: time.Hour, Now: f.Now})
	for range 3 {
		f.comment("")
	}
	path := f.path("en", "/comment")
	f.open(path)
	if status, _, body := f.send(path, "kind", "change", "text", "One too many."); status != http.StatusTooManyRequests || !strings.Contains(body, "One too many.") || !strings.Contains(body, "Many forms") {
		t.Errorf("over the budget: %d %s", status, body)
	}
}

func TestReceiptsAreTheirOwners(t *testing.T) {
	f := newForum(t)
	for _, code := range []string{"nothing", "00000-00000-00000-00000", url.PathEscape("../x")} {
		f.want("/en"+pathCommentReceipt+"/"+code, http.StatusNotFound)
		f.want(pathCommentReceipt+"/"+code+".json", http.StatusNotFound)
	}
	to := f.comment("")
	code := strings.TrimPrefix(to, "/en"+pathCommentReceipt+"/")
	if _, ok := proof.CodeHash(code); !ok {
		t.Errorf("%q is no code", code)
	}
}

func TestReceiptsAreChecked(t *testing.T) {
	f := newForum(t)
	to := strings.TrimPrefix(f.comment("?at=art_2", "name", "Sara"), "/en")
	_, receipt := f.get(to + ".json")
	f.want("/en/verify", http.StatusOK, "multipart/form-data", "shafaf verify --receipt receipt.json<")
	f.LogKey = "shafaf-test"
	f.want("/en/verify", http.StatusOK, "shafaf verify --receipt receipt.json --key shafaf-test<")
	for what, c := range map[string]struct {
		text   string
		status int
		says   string
	}{
		"whole":         {receipt, 200, "It is right so far"},
		"with a change": {strings.Replace(receipt, "Every three months.", "Every four months.", 1), 422, "it was altered"},
		"of nothing":    {"{}", 422, "no receipt of a comment"},
		"broken":        {"\x00", 422, "no receipt of a comment"},
	} {
		if status, _, body := f.send("/en/verify", "receipt", c.text); status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("a receipt that is %s: %d, want %d and %q\n%s", what, status, c.status, c.says, body)
		}
	}
}

// A receipt is checked by its file in both languages, and what does not fit is
// said in them.
func TestReceiptFilesAreChecked(t *testing.T) {
	f := newForum(t)
	to := strings.TrimPrefix(f.comment("?at=art_2", "name", "Sara"), "/en")
	_, receipt := f.get(to + ".json")
	for what, c := range map[string]struct {
		file   string
		status int
		fa, en string
	}{
		"whole":         {receipt, 200, "تا اینجا درست است", "It is right so far"},
		"with a change": {strings.Replace(receipt, "Every three months.", "Every four months.", 1), 422, "در آن دست برده‌اند", "it was altered"},
		"of another":    {strings.Replace(receipt, f.draft.ID, "0190a0a0-0000-7000-8000-000000000000", 1), 422, "از نظر دیگری یا زمان دیگری", "of another comment"},
		"a PDF":         {"%PDF-1.7", 422, "این فایل رسید نظر نیست", "no receipt of a comment"},
		"too large":     {strings.Repeat(" ", 2<<20), 422, "بزرگ‌تر از آن است", "too large"},
		"not there":     {"", 422, "فایلی نرسید", "No file came"},
	} {
		for lang, says := range map[string]string{"fa": c.fa, "en": c.en} {
			var form bytes.Buffer
			w := multipart.NewWriter(&form)
			if c.file != "" {
				part, err := w.CreateFormFile("file", "receipt.json")
				must(t, err)
				_, err = part.Write([]byte(c.file))
				must(t, err)
			}
			must(t, w.Close())
			req := httptest.NewRequest(http.MethodPost, "/"+lang+"/verify", &form)
			req.Header.Set("Content-Type", w.FormDataContentType())
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			resp, err := f.app.Test(req, -1)
			must(t, err)
			body, err := io.ReadAll(resp.Body)
			must(t, err)
			if resp.StatusCode != c.status || !strings.Contains(string(body), says) {
				t.Errorf("a file that is %s in %s: %d, want %d and %q\n%s", what, lang, resp.StatusCode, c.status, says, body)
			}
		}
	}
}

func (f *forum) postJSON(path string, body any) (status int, answer string) {
	f.t.Helper()
	b, err := json.Marshal(body)
	must(f.t, err)
	req := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(b))
	req.Header.Set("Content-Type", "application/json")
	resp, err := f.app.Test(req, -1)
	must(f.t, err)
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	must(f.t, err)
	return resp.StatusCode, string(got)
}

func TestProgramsComment(t *testing.T) {
	f := newForum(t)
	path := "/api/v1" + draftPath(f.draft.Slug)
	ticket := func() (text, nonce string) {
		form := f.want(path+"/comment?at=art_2", http.StatusOK, `"open":true`, `"name":"quote"`)
		return between(t, form, `"ticket":"`, `"`), proof.Solve(between(t, form, `"seed":"`, `"`), proof.Bits)
	}
	text, nonce := ticket()
	in := map[string]any{"ticket": text, "nonce": nonce, "kind": "change", "text": "هر سه ماه بهتر است.", "at": "art_2", "quote": "هر شش ماه", "lang": "fa"}
	status, answer := f.postJSON(path+"/comments", in)
	if status != http.StatusCreated || !strings.Contains(answer, `"state":"published"`) {
		t.Fatalf("%d %s", status, answer)
	}
	if again, same := f.postJSON(path+"/comments", in); again != status || same != answer {
		t.Errorf("the same again: %d %s", again, same)
	}
	f.want(path+"/comments", http.StatusOK, `"total":1`, `"lang":"fa"`)
	f.want(strings.TrimPrefix(between(t, answer, `"receipt_url":"`, `"`), f.BaseURL), http.StatusOK, "هر سه ماه بهتر است.")
	text, nonce = ticket()
	if status, answer := f.postJSON(path+"/comments", map[string]any{"ticket": text, "nonce": nonce, "kind": "rant", "text": ""}); status != http.StatusUnprocessableEntity || !strings.Contains(answer, `"field":"kind"`) || !strings.Contains(answer, `"field":"text"`) {
		t.Errorf("a bad comment: %d %s", status, answer)
	}
	if status, _ := f.postJSON(path+"/comments", "x"); status != http.StatusBadRequest {
		t.Errorf("what is no comment: %d", status)
	}
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		return tx.Exec("update drafts set closes = '2026-11-22T11:00:00.000Z' where id = ?", f.draft.ID)
	}))
	if again, same := f.postJSON(path+"/comments", in); again != status || same != answer {
		t.Errorf("what came before the deadline, again after it: %d %s", again, same)
	}
	in["ticket"], in["nonce"], in["text"] = text, nonce, "Too late."
	in["lang"] = "en"
	if status, answer := f.postJSON(path+"/comments", in); status != http.StatusConflict || !strings.Contains(answer, "The time for comments ended on") {
		t.Errorf("after the deadline: %d %s", status, answer)
	}
}
