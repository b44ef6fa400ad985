package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// refused fails unless a posted form is answered with the status and the text.
func (v *visitor) refused(status int, text, path string, pairs ...string) {
	v.t.Helper()
	if a := v.post(path, pairs...); a.status != status || !strings.Contains(a.body, text) {
		_, body, _ := strings.Cut(a.body, "<main")
		v.t.Errorf("%s %q: %d to %s, without %q\n%s", path, pairs, a.status, a.location, text, body)
	}
}

// What cannot be done to a draft is refused with the reason, and what was typed
// stays.
func TestWhatCannotBeDoneToADraftIsToldAtTheDesk(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("transport")
	omid := o.operator()
	give := omid.does("/fa/desk/drafts/new", "draft_fa", "کرایهٔ تاکسی", "draft_en", "Taxi fares", "regulation", "none", "agency", agency)
	page := strings.TrimSuffix(give, "/text")
	old := omid.revision(page)
	omid.refused(http.StatusUnprocessableEntity, "متن پیش‌نویس را اینجا بگذارید", give, "do", "paste", "pasted", " ", "revision", old)
	for name, content := range map[string]string{"x.pdf": "%PDF-1.7", "x.bin": "\x00\x01\x02\x03\x04\x05", "x.xml": "<?xml version=\"1.0\"?><rows/>"} {
		if a := omid.give(give, name, content); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, name) {
			t.Errorf("%s: %d\n%s", name, a.status, a.body)
		}
	}
	split := omid.does(give, "do", "paste", "pasted", firstText)
	omid.refused(http.StatusConflict, "کس دیگری ذخیره کرده", give, "do", "paste", "pasted", "ماده ۱ـ متن دیگر.", "revision", old)
	omid.see(split, "راننده باید کرایه را")
	omid.refused(http.StatusUnprocessableEntity, "متنی در آن نیست", split, "do", "mend", "mended", "", "revision", omid.revision(split))
	omid.see(omid.does(give, "do", "paste", "pasted", "کرایه را شورا تعیین می‌کند."), "ماده‌ای پیدا نشد")

	period := page + "/period"
	now := omid.revision(period)
	for text, pairs := range map[string][]string{
		"پایان پیش از آغاز است":       {"opens_day", "2026-12-10", "opens_time", "08:00", "closes_day", "2026-12-01", "closes_time", "08:00", "by", "x"},
		"دست‌کم ۷ روز":                {"opens_day", "2026-12-10", "opens_time", "08:00", "closes_day", "2026-12-12", "closes_time", "08:00", "by", "x"},
		"آغاز آن گذشته است":           {"opens_day", "2026-01-10", "opens_time", "08:00", "closes_day", "2026-12-12", "closes_time", "08:00", "by", "x"},
		"کدام قاعده یا تصمیم است":     {"opens_day", "2026-12-10", "opens_time", "08:00", "closes_day", "2026-12-30", "closes_time", "08:00", "by", ""},
		"روز پایان را بنویسید":        {"by", "x", "opens_time", "08:00", "closes_time", "08:00"},
		"ساعت و دقیقه‌ای مانند ۲۳:۵۹": {"closes_day", "2026-12-30", "closes_time", "شب", "opens_time", "08:00", "by", "x"},
	} {
		omid.refused(http.StatusUnprocessableEntity, text, period, append(pairs, "do", "opened", "revision", now)...)
	}
	omid.refused(http.StatusBadRequest, "", period, "do", "extended", "revision", now)
	omid.refused(http.StatusUnprocessableEntity, "نشانهٔ «مطمئنم»", page, "do", "discard", "revision", now)
	if to := omid.does(page, "do", "discard", "sure", "discard"); to != "/fa/desk/drafts" {
		t.Errorf("discarded: to %s", to)
	}
	if a := omid.get(page); a.status != http.StatusNotFound {
		t.Errorf("after it was discarded: %d", a.status)
	}
}

// Who may not publish prepares, who may not moderate answers, and nothing is
// approved while something is missing, but with a reason.
func TestRightsAndTheGateOfDraftsAtTheDesk(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("transport")
	omid := o.operator()
	page := omid.announced(agency)
	draft := page[strings.LastIndex(page, "/")+1:]
	o.now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	said := o.comment(draft, "art_1", "کرایه باید ثابت بماند.")
	zahra := o.member(agency, "zahra@example.org", catalog.Editor)
	maryam := o.member(agency, "maryam@example.org", catalog.Moderator)
	if a := zahra.get("/fa/desk/comments"); a.status != http.StatusNotFound {
		t.Errorf("the queue to an editor: %d", a.status)
	}
	if body := zahra.see("/fa/desk/comments/" + said.ID); strings.Contains(body, `value="remove"`) {
		t.Error("an editor is offered to remove a comment")
	}
	zahra.refused(http.StatusForbidden, "", page+"/period", "do", "closed", "by", "x")
	answer := page + "/answers/" + said.ID
	zahra.see(answer, "پاسخ عمومی ندارد")
	maryam.does("/fa/desk/comments/"+said.ID, "do", "show")
	maryam.refused(http.StatusForbidden, "", page+"/decision", "do", "approve")
	zahra.refused(http.StatusUnprocessableEntity, "نتیجه را برگزینید", answer, "do", "answer", "answer", "سپاس", "how", "draft", "language", "fa", "revision", "-1")
	zahra.does(answer, "do", "answer", "verdict", "noted", "answer", "سپاس", "how", "draft", "language", "fa")
	maryam.refused(http.StatusConflict, "کس دیگری ذخیره کرده", answer, "do", "answer", "verdict", "rejected", "answer", "نه", "how", "draft", "language", "fa", "revision", "-1")
	maryam.see(answer, "سپاس", "پیش‌نویس پاسخ")
	maryam.does(answer, "do", "drop")
	maryam.does("/fa/desk/comments/"+said.ID, "do", "remove", "why", "off-topic")
	maryam.see(answer, "پاسخ عمومی ندارد")
	maryam.does("/fa/desk/comments/"+said.ID, "do", "restore")
	o.cluster()

	o.now = time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC)
	omid.signIn()
	decision := page + "/decision"
	omid.see(decision, "۱ دسته نظر بی‌پاسخ است", "متن مصوب منتشر نشده است")
	omid.refused(http.StatusUnprocessableEntity, "بنویسید چرا", decision, "do", "approve", "override", " ", "revision", omid.revision(decision))
	omid.does(decision, "do", "withdraw", "note_fa", "قانون عوض شد.")
	omid.see("/fa/drafts/taxi-fares", "قانون عوض شد.")
	omid.does(decision, "do", "resume")
	omid.does(decision, "do", "approve", "override", "مهلت قانونی تمام شد.")
	omid.see("/fa/drafts/taxi-fares", "مهلت قانونی تمام شد.")
	omid.see(decision, "پیش‌نویس تصویب شده است")
}
