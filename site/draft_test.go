package site

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/site/limit"
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
	f.Limits = Limits{BudgetQuestions: limit.New(limit.Options{Units: 100, Per: time.Hour, Now: f.Now}), BudgetComments: limit.New(limit.Options{Units: 100, Per: time.Hour, Now: f.Now})}
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

// filled adds a paper and a comment to the draft, the indicators and budgets.
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
	f.measure()
	f.spend()
	f.buy(schoolTender, schoolContract, roadTender)
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

func TestPapersAreTakenAway(t *testing.T) {
	f := newForum(t).filled()
	body := f.want(f.path("fa", ""), http.StatusOK, "گزارش توجیهی", "TXT")
	file := between(t, body, `href="`+draftPath(f.draft.Slug)+`/files/`, `"`)
	if resp, got := f.get(draftFilePath(f.draft.Slug, file)); resp.StatusCode != http.StatusOK || got != "Why." {
		t.Errorf("%d %q", resp.StatusCode, got)
	}
	f.want(draftFilePath(f.draft.Slug, "none"), http.StatusNotFound)
}

// Of a paper that is a link alone it is said where it leads, and what it is.
func TestPapersElsewhereSayWhere(t *testing.T) {
	f := newForum(t)
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, _, err := consultation.AddPaper(tx, &catalog.Shell, f.draft.ID, catalog.AnyRevision, consultation.Paper{
			Kind: "impact", Title: catalog.Text{"en": "Costs"}, URL: "https://papers.example/costs", Media: "application/pdf",
		})
		return err
	}))
	f.want(f.path("en", ""), http.StatusOK, `href="https://papers.example/costs"`, "Not kept here: the link leads to", "<bdi>papers.example</bdi>", "PDF")
	f.want(f.path("fa", ""), http.StatusOK, "نسخه‌ای از آن اینجا نیست")
	f.want("/api/v1"+draftPath(f.draft.Slug), http.StatusOK, `"url":"https://papers.example/costs"`, `"media_type":"application/pdf"`)
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

// postJSON sends JSON to the API.
func TestHomeLeadsToOpenDrafts(t *testing.T) {
	f := newForum(t)
	f.want("/fa/", http.StatusOK, "اکنون می‌توانید نظر بدهید", "آیین‌نامهٔ دادهٔ باز")
	f.want("/api/v1", http.StatusOK, `"open_drafts":[{"kind":"draft"`)
	f.want("/sitemap-0.xml", http.StatusOK, "/fa"+draftPath(f.draft.Slug), "/en/verify")
}
