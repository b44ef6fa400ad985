package desk_test

import (
	"crypto/sha256"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

const firstText = `آیین‌نامهٔ کرایهٔ تاکسی

ماده ۱ـ کرایه هر سال با نظر شورا تعیین می‌شود.

ماده ۲ـ راننده باید کرایه را پیش از حرکت بگوید.
تبصره ـ در شب کرایه بیست درصد بیشتر است.

ماده ۳ـ این آیین‌نامه از آغاز سال اجرا می‌شود.`

// signIn brings somebody in again whose session ended.
func (v *visitor) signIn() {
	v.t.Helper()
	if a := v.post("/fa/desk/sign-in", "email", v.email, "password", password, "code", v.code()); a.status != http.StatusSeeOther {
		v.t.Fatalf("sign in: %d", a.status)
	}
}

// does posts a form with the revision that its page has, and returns where it
// leads.
func (v *visitor) does(path string, pairs ...string) string {
	v.t.Helper()
	revision := ""
	if m := anyRevision.FindStringSubmatch(v.see(path)); m != nil {
		revision = m[1]
	}
	return v.goOn(path, append(pairs, "revision", revision)...)
}

var anyRevision = regexp.MustCompile(`name="revision" value="(-?\d+)"`)

// announced makes a draft with a text and a period of ten days, and publishes
// it.
func (v *visitor) announced(agency string) (page string) {
	v.t.Helper()
	to := v.does("/fa/desk/drafts/new", "draft_fa", "کرایهٔ تاکسی", "draft_en", "Taxi fares", "regulation", "bylaw", "agency", agency)
	page = strings.TrimSuffix(to, "/text")
	split := v.does(to, "do", "paste", "pasted", firstText)
	v.see(split, "ماده ۲", "art_2", "چیز عجیبی در متن نیست")
	v.see(split+"/preview", "این پیش‌نمایش است", "راننده باید کرایه را")
	v.does(page+"/period", "do", "opened", "opens_day", "۱۴۰۵/۰۹/۰۲", "opens_time", "۰۸:۰۰", "closes_day", "2026-12-03", "closes_time", "23:59", "by", "مصوبهٔ شورا")
	if to := v.does(page, "do", "publish"); !strings.HasSuffix(to, "done=publish") {
		v.t.Fatalf("published: to %s", to)
	}
	return page
}

// comment files a comment on an article.
func (o *office) comment(draft, address, text string) (c consultation.Comment) {
	o.t.Helper()
	receipt := sha256.Sum256([]byte(text))
	o.must(o.store.Write(o.t.Context(), func(tx *catalog.Tx) (err error) {
		c, _, err = consultation.File(tx, &consultation.Filing{Draft: draft, Address: address, Kind: consultation.Change, Lang: "fa", Name: "سارا", Text: text, Once: text, Receipt: receipt[:]})
		return err
	}))
	return c
}

func (o *office) cluster() {
	o.t.Helper()
	if _, err := consultation.New(o.store).NewClusterer().Work(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// TestADraftLivesItsLifeAtTheDesk goes from the pasted text to the approval.
func TestADraftLivesItsLifeAtTheDesk(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("transport")
	omid := o.operator()
	page := omid.announced(agency)
	draft := page[strings.LastIndex(page, "/")+1:]
	omid.see(page, "کرایهٔ تاکسی", "صفحهٔ عمومی آن", "بررسی نظرها")
	omid.get("/en/drafts/taxi-fares")

	o.now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	omid.signIn()
	night, bad := o.comment(draft, "art_2", "بیست درصد برای شب خیلی زیاد است و باید ده درصد شود."), o.comment(draft, "", "تبلیغ ساعت ارزان")
	o.cluster()
	omid.see("/fa/desk", "نظرهایی در انتظار بررسی")
	queue := omid.see("/fa/desk/comments?draft="+draft, "۲ نظر در انتظار", "بیست درصد برای شب")
	if n := strings.Count(queue, `name="one"`); n != 2 {
		t.Fatalf("%d comments can be chosen", n)
	}
	to := omid.does("/fa/desk/comments?draft="+draft, "one", night.ID+".1", "what", "show")
	omid.see(to, "دربارهٔ ۱ نظر انجام شد", "تبلیغ ساعت ارزان")
	one := "/fa/desk/comments/" + bad.ID + "?queue="
	if a := omid.post(one, "do", "remove", "revision", "1", "why", "none"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("removed without a reason: %d", a.status)
	}
	omid.does(one, "do", "remove", "why", "spam")
	omid.see("/fa/desk/comments", "نظری در انتظار نیست")
	o.cluster()

	o.now = time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC)
	omid.signIn()
	omid.see("/fa/desk", "نظرهای بی‌پاسخ")
	list := omid.see(page+"/answers?state=unanswered", "بیست درصد برای شب", "بی‌پاسخ")
	link := regexp.MustCompile(`mini-title" href="([^"]+/answers/\d+)"`).FindStringSubmatch(list)
	if link == nil {
		t.Fatalf("no cluster is listed:\n%s", list)
	}
	to = omid.does(link[1], "do", "answer", "verdict", "adopted", "answer", "درست است؛ ده درصد شد.", "language", "fa", "how", "answer")
	omid.see(to, "پاسخ منتشر شد", "ده درصد شد")
	omid.see("/fa/drafts/taxi-fares", "ده درصد شد")

	split := omid.does(page+"/text", "do", "paste", "pasted", strings.Replace(firstText, "بیست درصد", "ده درصد", 1))
	omid.does(split, "do", "mend", "mended", "@law fa آیین‌نامهٔ کرایهٔ تاکسی\n\n@ ماده 1 | ماده ۱ـ\nکرایه هر سال با نظر شورا تعیین می‌شود.\n@ ماده 2 | ماده ۲ـ\nراننده باید کرایه را پیش از حرکت بگوید.\n@@ تبصره | تبصره ـ\nدر شب کرایه ده درصد بیشتر است.\n@ ماده 3 | ماده ۳ـ\nاین آیین‌نامه از آغاز سال اجرا می‌شود.", "stage", "approved", "new_fa", "کرایهٔ شب")
	changes := split + "/changes"
	omid.see(changes, "واژه‌های آنجا عوض شده", "<ins>", "بگویید کدام نظرها سببش بوده است")
	cause := regexp.MustCompile(`href="([^"]+/cause\?at=[^"]+)"`).FindStringSubmatch(omid.get(changes).body)
	if cause == nil {
		t.Fatal("no change can be given a cause")
	}
	omid.see(html.UnescapeString(cause[1]), "بیست درصد برای شب")
	omid.does(html.UnescapeString(cause[1]), "causes", night.ID, "verdict", "adopted", "because", "نظر پذیرفته شد.")
	omid.see(changes, "نظر پذیرفته شد.", "از ۱ تغییر در واژه‌ها، برای ۱ تغییر")
	omid.see(page+"/decision", "متن مصوب منتشر نشده است")
	omid.does(changes, "do", "publish")
	omid.see(page+"/decision", "چیزی نمانده است")
	if to := omid.does(page+"/decision", "do", "approve"); !strings.HasSuffix(to, "done=approve") {
		t.Errorf("approved: to %s", to)
	}
	omid.see("/fa/drafts/taxi-fares", "تصویب", "نظر پذیرفته شد.")
}
