package revision

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// became writes what became of each provision, those that are as they were left
// out.
func became(a, b []lawtext.Provision) string {
	var out strings.Builder
	for _, p := range Compare(a, b) {
		if p.Change != Same {
			fmt.Fprintf(&out, "%s: %s > %s\n", p.Change, strings.Join(address(a, p.A), " "), strings.Join(address(b, p.B), " "))
		}
	}
	return out.String()
}

func TestCompare(t *testing.T) {
	const (
		one   = "ماده %d – هر شخص حق دارد به داده‌های عمومی دسترسی داشته باشد.\n"
		two   = "ماده %d – دستگاه‌ها موظفند داده‌ها را ظرف ده روز منتشر کنند و فهرست آن را نگه دارند.\n"
		three = "ماده %d – هزینه تهیه نسخه کاغذی بر عهده متقاضی است و طبق تعرفه دریافت می‌شود.\n"
		four  = "ماده %d – کمیسیونی مرکب از پنج نفر بر اجرای این قانون نظارت می‌کند.\n"
		five  = "ماده %d – متخلف به محرومیت از خدمات دولتی از سه ماه تا یک سال محکوم می‌شود.\n"
		note  = "تبصره – داده‌های محرمانه تا پایان مهلت آن منتشر نمی‌شود.\n"
		other = "تبصره – رئیس کمیسیون با رأی اعضا برای دو سال برگزیده می‌شود.\n"
		first = "فصل %s – کلیات و تعریف‌ها\n"
		last  = "فصل %s – نظارت و مجازات\n"
	)
	law := func(parts ...string) string {
		var b strings.Builder
		n, chapter := 0, 0
		for _, p := range parts {
			switch {
			case strings.Contains(p, "%d"):
				n++
				fmt.Fprintf(&b, p, n)
			case strings.Contains(p, "%s"):
				chapter++
				fmt.Fprintf(&b, p, []string{"", "اول", "دوم", "سوم"}[chapter])
			default:
				b.WriteString(p)
			}
		}
		return b.String()
	}
	for _, c := range []struct{ name, a, b, want string }{
		{"the same", law(one, two, three), law(one, two, three), ""},
		{"nothing", "", "", ""},
		{"all new", "", law(one), "added:  > art_1\n"},
		{"all gone", law(one), "", "removed: art_1 > \n"},
		{"folding is no change", law(two), strings.NewReplacer("ی", "ي", "ک", "ك", "\u200c", " ").Replace(law(two)), ""},
		{"one put in", law(one, two, three), law(one, four, two, three), "added:  > art_2\nrenumbered: art_2 > art_3\nrenumbered: art_3 > art_4\n"},
		{"one taken out", law(one, two, three), law(one, three), "removed: art_2 > \nrenumbered: art_3 > art_2\n"},
		{"one replaced", law(one, two, three), law(one, four, three), "removed: art_2 > \nadded:  > art_2\n"},
		{
			"the first to the end", law(one, two, three, four), law(two, three, four, one),
			"renumbered: art_2 > art_1\nrenumbered: art_3 > art_2\nrenumbered: art_4 > art_3\nmoved: art_1 > art_4\n",
		},
		{"the number alone", law(one, two), strings.Replace(law(one, two), "ماده 2", "ماده 3", 1), "renumbered: art_2 > art_3\n"},
		{"reworded", law(one, two, three), law(one, strings.Replace(two, "ده روز", "یک ماه", 1), three), "reworded: art_2 > art_2\n"},
		{
			"reworded and moved", law(one, two, three, four), law(strings.Replace(four, "پنج", "هفت", 1), one, two, three),
			"moved-reworded: art_4 > art_1\nrenumbered: art_1 > art_2\nrenumbered: art_2 > art_3\nrenumbered: art_3 > art_4\n",
		},
		{"split", law(one, two+three[len("ماده %d – "):], four), law(one, two, three, four), "split: art_2 > art_2 art_3\nrenumbered: art_3 > art_4\n"},
		{"merged", law(one, two, three, four), law(one, two+three[len("ماده %d – "):], four), "merged: art_2 art_3 > art_2\nrenumbered: art_4 > art_3\n"},
		{"a note put in", law(one, two), law(one, note, two), "added:  > art_1__note\n"},
		{"a note moves along", law(one, two, note), law(one, three, two, note), "added:  > art_2\nrenumbered: art_2 > art_3\n"},
		{"a note goes elsewhere", law(one, note, two), law(one, two, note), "moved: art_1__note > art_2__note\n"},
		{
			"a note becomes an article", law(one, note, two), law(one, "ماده %d"+strings.TrimPrefix(note, "تبصره"), two),
			"moved: art_1__note > art_2\nrenumbered: art_2 > art_3\n",
		},
		{"a note with other words", law(one, note, two), law(one, strings.Replace(note, "پایان", "سرآمدن", 1), two), "reworded: art_1__note > art_1__note\n"},
		{"a chapter around what was there", law(one, two, three, four), law(first, one, two, last, three, four), "added:  > chp_1\nadded:  > chp_2\n"},
		{"chapters taken away", law(first, one, two, last, three, four), law(one, two, three, four), "removed: chp_1 > \nremoved: chp_2 > \n"},
		{"an article goes to another chapter", law(first, one, two, last, three, four), law(first, one, last, two, three, four), "moved: chp_1__art_2 > chp_2__art_2\n"},
		{
			"a chapter with another name", law(first, one, two, last, three, four), law(first, one, two, strings.Replace(last, "نظارت و مجازات", "کمیسیون", 1), three, four),
			"reworded: chp_2 > chp_2\n",
		},
		{
			"chapters in another order", law(first, one, two, last, three, four, five), law(last, three, four, five, first, one, two),
			"renumbered: chp_2 > chp_1\nrenumbered: chp_2__art_3 > chp_1__art_1\nrenumbered: chp_2__art_4 > chp_1__art_2\nrenumbered: chp_2__art_5 > chp_1__art_3\n" +
				"moved: chp_1 > chp_2\nrenumbered: chp_1__art_1 > chp_2__art_4\nrenumbered: chp_1__art_2 > chp_2__art_5\n",
		},
		{
			"notes of two articles change places", law(one, note, two, other), law(one, other, two, note),
			"moved: art_2__note > art_1__note\nmoved: art_1__note > art_2__note\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := lawtext.Split(c.a).Provisions, lawtext.Split(c.b).Provisions
			if got := became(a, b); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}
