package revision

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// An edit of a law, by the old number of an article.
type edit struct {
	do      string // remove, add (behind), move (behind another), split, merge (with the next), reword
	article int
	to      int    // of move
	from    string // of reword: a word, which becomes to
	words   string // of reword and add
}

// stated are the edits by which the second version of omoor_hasabi is derived.
var stated = []edit{
	{do: "add", article: 39, words: "دادگاه می‌تواند رسیدگی به پرونده‌های فوری را از راه ارتباط تصویری انجام دهد و صورت جلسه آن را بایگانی الکترونیک کند."},
	{do: "add", article: 120, words: "سامانه ثبت امناء را قوه قضائیه ظرف یک سال راه‌اندازی می‌کند و فهرست امناء در آن برای همگان رایگان است."},
	{do: "add", article: 310, words: "هر فرد حق دارد نسخه گواهی حصر وراثت را با کد رهگیری از درگاه خدمات دریافت کند."},
	{do: "move", article: 12, to: 300},
	{do: "move", article: 150, to: 60},
	{do: "move", article: 333, to: 5},
	{do: "split", article: 28},
	{do: "split", article: 191},
	{do: "merge", article: 70},
	{do: "merge", article: 240},
	{do: "reword", article: 3, from: "حقوقی", words: "عمومی"},
	{do: "reword", article: 22, from: "دو", words: "پنج"},
	{do: "reword", article: 31, from: "یکدفعه", words: "دو بار"},
	{do: "reword", article: 53, from: "یافت", words: "دیده"},
	{do: "reword", article: 77, from: "بپردازد", words: "پرداخت کند"},
	{do: "reword", article: 100, from: "نافذ", words: "معتبر"},
	{do: "reword", article: 121, from: "جاری", words: "برقرار"},
	{do: "reword", article: 133, from: "مشکوک", words: "نامعلوم"},
	{do: "reword", article: 202, from: "ترکه", words: "میراث"},
	{do: "reword", article: 350, from: "استیصال", words: "تنگدستی"},
	{do: "remove", article: 17},
	{do: "remove", article: 111},
	{do: "remove", article: 260},
	{do: "remove", article: 377},
}

// is finds the article that had a number.
func is(article int) func(block) bool {
	return func(b block) bool { return slices.Contains(b.old, strconv.Itoa(article)) }
}

// apply edits a law.
func apply(tb testing.TB, list []block, edits []edit) (out []block, want map[string]string) {
	tb.Helper()
	at := func(article int) int { return slices.IndexFunc(list, is(article)) }
	removed := map[string]string{}
	for _, e := range edits {
		i := at(e.article)
		if i < 0 {
			tb.Fatalf("there is no article %d to %s", e.article, e.do)
		}
		switch e.do {
		case "remove":
			removed[strconv.Itoa(e.article)] = string(Removed)
			list = slices.Delete(list, i, i+1)
		case "add":
			list = slices.Insert(list, i+1, block{article: true, change: Added, text: e.words + "\n"})
		case "move":
			b := list[i]
			b.change = Moved
			list = slices.Delete(list, i, i+1)
			list = slices.Insert(list, at(e.to)+1, b)
		case "split":
			words := strings.SplitAfter(list[i].text, " ")
			half := len(words) / 2
			second := list[i]
			list[i].change, second.change = Split, Split
			list[i].text, second.text = strings.Join(words[:half], "")+".\n", strings.Join(words[half:], "")
			list = slices.Insert(list, i+1, second)
		case "merge":
			list[i].change = Merged
			list[i].old = append(slices.Clone(list[i].old), list[i+1].old...)
			list[i].text = strings.TrimRight(list[i].text, "\n") + "\n" + list[i+1].text
			list = slices.Delete(list, i+1, i+2)
		case "reword":
			text := strings.Replace(list[i].text, " "+e.from+" ", " "+e.words+" ", 1)
			if text == list[i].text {
				text = strings.Replace(list[i].text, " "+e.from, " "+e.words, 1)
			}
			if text == list[i].text {
				tb.Fatalf("article %d has no word %q: %s", e.article, e.from, text)
			}
			list[i].change, list[i].text = Reworded, text
		}
	}
	_, want = write(list)
	maps.Copy(want, removed)
	return list, want
}

// Each edit of a real law is found, and nothing else is reported.
func TestCompareFindsStatedEdits(t *testing.T) {
	before := realLaw(t, "omoor_hasabi.txt")
	list, want := apply(t, blocks(before), stated)
	after, _ := write(list)
	a, b := lawtext.Split(before), lawtext.Split(after)
	if a.Articles() != 378 || b.Articles() != 378+3+2-2-4 {
		t.Fatalf("the versions have %d and %d articles", a.Articles(), b.Articles())
	}
	pairs := Compare(a.Provisions, b.Provisions)
	differ(t, found(a.Provisions, b.Provisions, pairs), want)
	t.Log(Summarize(a.Provisions, b.Provisions, pairs))
}
