package revision

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

const (
	uncut = `فصل اول – تکلیف
ماده ۱ – داده باید به صورتی منتشر شود که با نرم‌افزارهای رایج خوانده شود.
ماده ۲ – دستگاه داده‌های خود را سالی یک بار به‌روز می‌کند.
ماده ۳ – انتشار داده رایگان است. دستگاه می‌تواند برای داده‌های پرحجم هزینهٔ تحویل دریافت کند و مبلغ آن را خود تعیین می‌کند.
ماده ۴ – دستگاه پاسخ‌گوی درستی داده‌های خود است و اشتباه‌ها را اصلاح می‌کند.
فصل دوم – نظارت
ماده ۵ – کارگروهی مرکب از نمایندگان سه وزارتخانه بر اجرای این آیین‌نامه نظارت می‌کند.
ماده ۶ – کارگروه هر سال گزارشی از پیشرفت دستگاه‌ها تهیه می‌کند و به مجلس می‌دهد.
`
	// Article 3 is cut down to its first sentence; a new one stands before it.
	cutDown = `فصل اول – تکلیف
ماده ۱ – داده باید به صورتی منتشر شود که با نرم‌افزارهای رایج خوانده شود.
ماده ۲ – هر ویرایش با نشانی ثابت نگه داشته می‌شود.
ماده ۳ – دستگاه داده‌های خود را سالی یک بار به‌روز می‌کند.
ماده ۴ – انتشار داده رایگان است.
ماده ۵ – دستگاه پاسخ‌گوی درستی داده‌های خود است و اشتباه‌ها را اصلاح می‌کند.
فصل دوم – نظارت
ماده ۶ – کارگروهی مرکب از نمایندگان سه وزارتخانه بر اجرای این آیین‌نامه نظارت می‌کند.
ماده ۷ – کارگروه هر سال گزارشی از پیشرفت دستگاه‌ها تهیه می‌کند و به مجلس می‌دهد.
`
)

// swallowed is uncut with article 3 taken into a long new article of another
// chapter, and article 2 gone.
var swallowed = strings.NewReplacer(
	"ماده ۲ – دستگاه داده‌های خود را سالی یک بار به‌روز می‌کند.\n", "",
	"ماده ۳ – انتشار داده رایگان است. دستگاه می‌تواند برای داده‌های پرحجم هزینهٔ تحویل دریافت کند و مبلغ آن را خود تعیین می‌کند.\n", "",
	"ماده ۶ – کارگروه", "ماده ۷ – کارگروهِ نظارت تعرفه‌ها را هر سال پس از شنیدن نظر مردم و نمایندگان صنف در جلسه‌ای علنی بررسی و تصویب می‌کند و صورت‌جلسه را ظرف یک هفته منتشر می‌کند. "+
		"انتشار داده رایگان است. دستگاه می‌تواند برای داده‌های پرحجم هزینهٔ تحویل دریافت کند و مبلغ آن را کارگروه تعیین می‌کند و در درگاه اعلام می‌شود.\nماده ۶ – کارگروه",
).Replace(uncut)

func TestAnArticleThatWasCutDownIsTheSame(t *testing.T) {
	a, b := lawtext.Split(uncut).Provisions, lawtext.Split(cutDown).Provisions
	checkPairs(t, a, b)
	for _, c := range []struct{ from, to []lawtext.Provision }{{a, b}, {b, a}} {
		got := became(c.from, c.to)
		if !strings.Contains(got, "reworded: chp_1__art_") || strings.Contains(got, "removed") == strings.Contains(got, "added") {
			t.Errorf("it became\n%s", got)
		}
	}
}

// A comment on what was cut down or taken in elsewhere stands there, and none at
// the chapter.
func TestCommentsStandWhereTheWordsWent(t *testing.T) {
	for _, c := range []struct {
		name, after, address, quote string
		verdict                     Verdict
		at                          string
	}{
		{"what was cut down", cutDown, "chp_1__art_3", "", VerdictChanged, "chp_1__art_4"},
		{"words of it that stayed", cutDown, "chp_1__art_3", "رایگان است", VerdictMoved, "chp_1__art_4"},
		{"words of it that went", cutDown, "chp_1__art_3", "هزینهٔ تحویل", VerdictRemoved, "chp_1__art_4"},
		{"what was taken in", swallowed, "chp_1__art_3", "", VerdictChanged, "chp_2__art_7"},
		{"what is gone", swallowed, "chp_1__art_2", "", VerdictRemoved, "chp_1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := lawtext.Split(uncut).Provisions, lawtext.Split(c.after).Provisions
			got := Place(Anchor{Address: c.address, Quote: c.quote}, a, b, Compare(a, b))
			if got.Verdict != c.verdict || got.Anchor.Address != c.at {
				t.Errorf("it is %s at %q", got.Verdict, got.Anchor.Address)
			}
		})
	}
}
