package site

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/site/limit"
	"github.com/openshafaf/shafaf/site/proof"
)

const bylaw = `ماده ۱ـ در این آیین‌نامه «دادهٔ باز» یعنی داده‌ای که هر کس بتواند آزادانه به کار گیرد.
ماده ۲ـ دستگاه‌ها داده‌ها را هر شش ماه منتشر می‌کنند.
تبصره ۱ـ داده‌های محرمانه از این ماده بیرون است.
ماده ۳ـ این آیین‌نامه از روز ابلاغ اجرا می‌شود.`

// A forum is a portal with a draft that takes comments for twelve days more.
type forum struct {
	*visitor
	agency catalog.Agency
	draft  consultation.Draft
}

func newForum(t *testing.T) *forum {
	t.Helper()
	f := &forum{visitor: &visitor{portal: newPortal(t, true)}}
	f.Limits = Limits{BudgetQuestions: limit.New(limit.Options{Units: 100, Per: time.Hour, Now: f.Now})}
	f.app = f.App()
	agencies, err := f.Catalog.Agencies(t.Context())
	must(t, err)
	f.agency = agencies[0]
	f.draft = f.publish("آیین‌نامهٔ دادهٔ باز", "Bylaw of open data", 12)
	return f
}

// publish makes a draft public that takes comments for so many days.
func (f *forum) publish(fa, en string, days int) (d consultation.Draft) {
	f.t.Helper()
	must(f.t, f.Catalog.Write(f.t.Context(), func(tx *catalog.Tx) (err error) {
		d, err = consultation.CreateDraft(tx, &catalog.Shell, consultation.Draft{
			Agency: f.agency.ID, Title: catalog.Text{"fa": fa, "en": en}, Summary: catalog.Text{"fa": "چگونه داده‌ها منتشر می‌شود."},
			Kind: consultation.KindBylaw, Moderation: consultation.PublishFirst, Reason: catalog.Text{"fa": "تا همه داده داشته باشند."},
		})
		if err != nil {
			return err
		}
		law := lawtext.Split(bylaw)
		if d, _, err = consultation.AddVersion(tx, &catalog.Shell, d.ID, d.Revision, &consultation.Wording{Law: law}); err != nil {
			return err
		}
		if d, err = consultation.PublishDraft(tx, &catalog.Shell, d.ID, d.Revision); err != nil || days == 0 {
			return err
		}
		d, _, err = consultation.AddPeriod(tx, &catalog.Shell, d.ID, d.Revision, consultation.PeriodWish{
			Kind: consultation.Opened, Closes: f.Now().Add(time.Duration(days) * 24 * time.Hour), Basis: "مادهٔ ۱۰ قانون",
		})
		return err
	}))
	return d
}

// filled adds a paper and a comment to the draft.
func (f *forum) filled() *forum {
	f.t.Helper()
	digest, size, err := f.Files.Put(f.t.Context(), strings.NewReader("Why."), 0)
	must(f.t, err)
	must(f.t, f.Catalog.Write(f.t.Context(), func(tx *catalog.Tx) error {
		_, _, err := consultation.AddPaper(tx, &catalog.Shell, f.draft.ID, catalog.AnyRevision, consultation.Paper{
			Kind: "justification", Title: catalog.Text{"fa": "گزارش توجیهی"}, File: digest, Name: "why.txt", Size: size,
		})
		return err
	}))
	f.comment("?at=art_2")
	return f
}

// path is an address of the draft.
func (f *forum) path(lang, rest string) string { return "/" + lang + draftPath(f.draft.Slug) + rest }

// want asks for an address and wants what it says to be in the answer.
func (f *forum) want(path string, status int, says ...string) string {
	f.t.Helper()
	resp, body := f.get(path)
	if resp.StatusCode != status {
		f.t.Errorf("%s answers %d, want %d", path, resp.StatusCode, status)
	}
	for _, s := range says {
		if !strings.Contains(body, s) {
			f.t.Errorf("%s does not say %q:\n%s", path, s, body)
		}
	}
	return body
}

func TestDraftIsListedAndShown(t *testing.T) {
	f := newForum(t)
	f.want("/fa/drafts", http.StatusOK, "آیین‌نامهٔ دادهٔ باز", "۱۲ روز", "باز برای نظر", `href="/fa/drafts/bylaw-of-open-data"`)
	f.want("/en/drafts?state=approved", http.StatusOK, "No drafts")
	f.want("/en/drafts?state=x", http.StatusUnprocessableEntity, "in-review")
	f.want("/api/v1/drafts?agency="+f.agency.Slug, http.StatusOK, `"total":1`, `"state":"open"`, `"slug":"bylaw-of-open-data"`)
	f.want(f.path("fa", ""), http.StatusOK, `id="m-2"`, `id="m-2__note_1"`, "هر شش ماه", "۱۲ روز", "/comment?at=art_2", `href="#m-3"`)
	f.want(f.path("en", ""), http.StatusOK, `lang="fa" dir="rtl"`, "Tehran time", "<bdi>12 days</bdi> left")
	f.want("/api/v1"+draftPath(f.draft.Slug), http.StatusOK, `"address":"art_2__note_1"`, `"kind":"opened"`, `"comments":0`)
	f.want(f.path("en", "?version=2"), http.StatusUnprocessableEntity, "one version")
	if _, body := f.get("/en/"); !strings.Contains(body, `href="/en/drafts"`) {
		t.Error("the home page does not lead to the drafts")
	}
}

func TestPagesLeadToDraftsWhenThereAreSome(t *testing.T) {
	p := newPortal(t, true)
	if _, body := p.get("/en/"); strings.Contains(body, `href="/en/drafts"`) {
		t.Error("there is a door to nothing")
	}
}

// comment sends a comment with the fields, and returns where its receipt is.
func (f *forum) comment(query string, fields ...string) string {
	f.t.Helper()
	path := f.path("en", "/comment"+query)
	f.open(path)
	status, to, body := f.send(path, append([]string{"kind", "change", "text", "Every three months."}, fields...)...)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/en"+pathCommentReceipt+"/") {
		f.t.Fatalf("%d to %q: %s", status, to, body)
	}
	return to
}

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
	f.want(to, http.StatusOK, "took your comment back")
	if body := f.want(f.path("en", "/comments"), http.StatusOK, "took it back"); strings.Contains(body, "three") || strings.Contains(body, "Sara") {
		t.Error("a comment that was taken back is still read")
	}
}

func TestRepliesStandInTheirThread(t *testing.T) {
	f := newForum(t)
	f.comment("?at=art_2")
	list := f.want("/api/v1"+draftPath(f.draft.Slug)+"/comments", http.StatusOK)
	id := between(t, list, `"id":"`, `"`)
	f.comment("?reply="+id, "text", "Every month is better.", "kind", "support")
	f.want("/en"+commentPath(id), http.StatusOK, "Every three months.", "Every month is better.")
	f.want("/api/v1"+commentPath(id), http.StatusOK, `"thread":{"total":1`, "Every month is better.")
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

// between is what stands between two marks.
func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, from)
	found, _, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("nothing stands between %q and %q", from, to)
	}
	return found
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
	f.want(f.path("en", "/comment?at=art_99"), http.StatusUnprocessableEntity, "no such article")
	f.want("/api/v1"+draftPath(f.draft.Slug)+"/comments", http.StatusOK, `"total":0`)
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

func TestPapersAreTakenAway(t *testing.T) {
	f := newForum(t).filled()
	body := f.want(f.path("fa", ""), http.StatusOK, "گزارش توجیهی", "TXT")
	file := between(t, body, `href="`+draftPath(f.draft.Slug)+`/files/`, `"`)
	if resp, got := f.get(draftFilePath(f.draft.Slug, file)); resp.StatusCode != http.StatusOK || got != "Why." {
		t.Errorf("%d %q", resp.StatusCode, got)
	}
	f.want(draftFilePath(f.draft.Slug, "none"), http.StatusNotFound)
}

func TestReceiptsAreChecked(t *testing.T) {
	f := newForum(t)
	to := strings.TrimPrefix(f.comment("?at=art_2", "name", "Sara"), "/en")
	_, receipt := f.get(to + ".json")
	f.want("/en/verify", http.StatusOK, "multipart/form-data")
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

// revise publishes a second text of the draft.
func (f *forum) revise(text string) {
	f.t.Helper()
	var v consultation.Version
	must(f.t, f.Catalog.Write(f.t.Context(), func(tx *catalog.Tx) (err error) {
		_, v, err = consultation.AddVersion(tx, &catalog.Shell, f.draft.ID, catalog.AnyRevision, &consultation.Wording{Law: lawtext.Split(text)})
		return err
	}))
	_, _, err := consultation.New(f.Catalog).PublishVersion(f.t.Context(), &catalog.Shell, f.draft.ID, catalog.AnyRevision, v.ID)
	must(f.t, err)
}

func TestTwoTextsAreCompared(t *testing.T) {
	f := newForum(t)
	f.want(f.path("en", "/compare"), http.StatusOK, "identical")
	f.comment("?at=art_2", "name", "Sara")
	id := between(t, f.want("/api/v1"+draftPath(f.draft.Slug)+"/comments", http.StatusOK), `"id":"`, `"`)
	f.revise(strings.Replace(strings.Replace(bylaw, "هر شش ماه", "هر سه ماه", 1), "ماده ۳ـ", "ماده ۳ـ این ماده تازه است و دربارهٔ هزینهٔ انتشار.\nماده ۴ـ", 1))
	versions, err := consultation.New(f.Catalog).Versions(t.Context(), f.draft.ID)
	must(t, err)
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.AddInfluence(tx, &catalog.Shell, consultation.Edge{
			Version: versions[1].ID, Address: "art_2", About: consultation.About{Comment: id}, Verdict: consultation.Adopted, Reason: "Shorter.",
		})
		return err
	}))
	body := f.want(f.path("en", "/compare"), http.StatusOK, "removed: </span> شش</del>", "added: </span> سه</ins>", "Changed because of", "Sara", "Shorter.", "added</span>", "renumbered")
	if strings.Contains(body, "دادهٔ باز» یعنی") {
		t.Error("what is the same is shown unasked")
	}
	f.want(f.path("en", "/compare?all=1&view=side"), http.StatusOK, "دادهٔ باز» یعنی", `class="sides"`)
	f.want("/api/v1"+draftPath(f.draft.Slug)+"/compare", http.StatusOK, `"change":"renumbered","a":["art_3"],"b":["art_4"]`, `"reworded":1`)
	f.want(f.path("en", "/compare?a=7"), http.StatusUnprocessableEntity, "none with this number")
	f.want(f.path("en", ""), http.StatusOK, "Changed because of", "this place has changed", "/en"+draftPath(f.draft.Slug)+"/compare")
	f.want(f.path("en", "?version=1"), http.StatusOK, "This is an older version", "هر شش ماه")
	f.want(f.path("en", "/heard"), http.StatusOK, "What changed because of comments", "Sara", "Shorter.", "comments published", "Change proposed")
	f.want("/api/v1"+draftPath(f.draft.Slug)+"/heard", http.StatusOK, `"published":1`, `"changes":`, `"verdict":"adopted"`, `"tallies":[]`)
}

func TestFeedAndCalendarTellWhenDraftsOpenAndClose(t *testing.T) {
	f := newForum(t)
	f.want("/feeds/drafts.atom?lang=en", http.StatusOK, "Bylaw of open data", "12 days left", `term="open"`)
	cal := f.want("/drafts.ics?lang=fa", http.StatusOK, "BEGIN:VCALENDAR\r\n", "DTSTART:20261204T120000Z", "UID:"+f.draft.ID+"-closes@data.example.org")
	for line := range strings.SplitSeq(cal, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	f.want(draftPath(f.draft.Slug)+".ics?lang=en", http.StatusOK, "SUMMARY:Comments close: Bylaw of open data")
	f.want("/drafts.ics?lang=xx", http.StatusUnprocessableEntity)
}
