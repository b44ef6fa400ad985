package revision

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

const (
	firstDraft = `فصل اول – کلیات
ماده ۱ – هر شخص حق دارد به داده‌های عمومی دسترسی داشته باشد.
ماده ۲ – دستگاه‌ها موظفند داده‌ها را ظرف ده روز منتشر کنند. انتشار رایگان است.
تبصره – داده‌های محرمانه منتشر نمی‌شود.
ماده ۳ – هزینه تهیه نسخه کاغذی بر عهده متقاضی است و طبق تعرفه دریافت می‌شود.
فصل دوم – نظارت
ماده ۴ – کمیسیونی مرکب از پنج نفر بر اجرای این قانون نظارت می‌کند. کمیسیون هر سال گزارش خود را به مجلس می‌دهد.
ماده ۵ – متخلف به محرومیت از خدمات دولتی از سه ماه تا یک سال محکوم می‌شود.
ماده ۶ – آیین‌نامه اجرایی این قانون ظرف سه ماه به تصویب هیئت وزیران می‌رسد.
`
	secondDraft = `فصل اول – کلیات
ماده ۱ – هر شخص حق دارد به داده‌های عمومی دسترسی داشته باشد.
ماده ۲ – برای درخواست داده نیازی به ذکر دلیل نیست و پرسیدن آن ممنوع است.
ماده ۳ – دستگاه‌ها موظفند داده‌ها را ظرف پنج روز کاری منتشر کنند. انتشار رایگان است.
تبصره – داده‌های محرمانه منتشر نمی‌شود.
فصل دوم – نظارت
ماده ۴ – آیین‌نامه اجرایی این قانون ظرف سه ماه به تصویب هیئت وزیران می‌رسد.
ماده ۵ – کمیسیونی مرکب از پنج نفر بر اجرای این قانون نظارت می‌کند.
ماده ۶ – کمیسیون هر سال گزارش خود را به مجلس می‌دهد.
ماده ۷ – متخلف به محرومیت از خدمات دولتی از سه ماه تا یک سال محکوم می‌شود.
`
)

func TestPlace(t *testing.T) {
	a, b := lawtext.Split(firstDraft).Provisions, lawtext.Split(secondDraft).Provisions
	pairs := Compare(a, b)
	for _, c := range []struct {
		name, address, quote, before, after string
		verdict                             Verdict
		at, now                             string
	}{
		{"the law as a whole", "", "", "", "", VerdictKept, "", ""},
		{"an article that stayed", "chp_1__art_1", "", "", "", VerdictKept, "chp_1__art_1", ""},
		{"a quote that stayed", "chp_1__art_1", "حق دارد", "شخص ", " به", VerdictKept, "chp_1__art_1", "حق دارد"},
		{"half a word", "chp_1__art_1", "ق دار", "", "", VerdictKept, "chp_1__art_1", "ق دار"},
		{"an article with other words", "chp_1__art_2", "", "", "", VerdictChanged, "chp_1__art_3", ""},
		{"a quote that is not touched", "chp_1__art_2", "انتشار رایگان است", "", "", VerdictMoved, "chp_1__art_3", "انتشار رایگان است"},
		{"a quote with other words", "chp_1__art_2", "ظرف ده روز", "", "", VerdictChanged, "chp_1__art_3", "ظرف پنج روز کاری"},
		{"one word that is another", "chp_1__art_2", "ده", "", "", VerdictChanged, "chp_1__art_3", "پنج"},
		{"a note that moved with its article", "chp_1__art_2__note", "محرمانه", "", "", VerdictMoved, "chp_1__art_3__note", "محرمانه"},
		{"a quote of the note at the article", "chp_1__art_2", "داده‌های محرمانه", "", "", VerdictMoved, "chp_1__art_3__note", "داده‌های محرمانه"},
		{"an article that went", "chp_1__art_3", "", "", "", VerdictRemoved, "chp_1", ""},
		{"a quote that went", "chp_1__art_3", "طبق تعرفه", "", "", VerdictRemoved, "chp_1", ""},
		{"the first half of what was split", "chp_2__art_4", "پنج نفر", "", "", VerdictMoved, "chp_2__art_5", "پنج نفر"},
		{"the second half of what was split", "chp_2__art_4", "گزارش خود", "", "", VerdictMoved, "chp_2__art_6", "گزارش خود"},
		{"an article that moved", "chp_2__art_6", "", "", "", VerdictMoved, "chp_2__art_4", ""},
		{"the later of two", "chp_2__art_5", "از", "دولتی ", " سه", VerdictMoved, "chp_2__art_7", "از"},
		{"a quote that is not in the text", "chp_1__art_1", "دریافت عوارض", "", "", VerdictChanged, "chp_1__art_1", ""},
		{"a quote of the law as a whole", "", "حق دارد", "", "", VerdictChanged, "", ""},
		{"an address that there is not", "chp_9__art_9", "", "", "", VerdictRemoved, "", ""},
		{"a quote at an address that there is not", "chp_9__art_9", "به تصویب هیئت وزیران می‌رسد", "", "", VerdictMoved, "chp_2__art_4", "به تصویب هیئت وزیران می‌رسد"},
		{"a quote written in another way", "chp_1__art_1", "داده های عمومي", "", "", VerdictKept, "chp_1__art_1", "داده‌های عمومی"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Place(Anchor{c.address, c.quote, c.before, c.after}, a, b, pairs)
			now := ""
			if got.Start >= 0 {
				i := slices.IndexFunc(b, func(p lawtext.Provision) bool { return p.Address == got.Anchor.Address })
				now = b[i].Text[got.Start:got.End]
			}
			if got.Verdict != c.verdict || got.Anchor.Address != c.at || now != c.now {
				t.Errorf("got %s at %q: %q, want %s at %q: %q", got.Verdict, got.Anchor.Address, now, c.verdict, c.at, c.now)
			}
			if c.name == "the later of two" && !strings.HasSuffix(got.Anchor.Before, " دولتی ") {
				t.Errorf("it stands behind %q", got.Anchor.Before)
			}
		})
	}
}

// anchors quotes n random passages of a law.
func anchors(rnd *rand.Rand, law []lawtext.Provision, n int) []Anchor {
	cut := func(s string, from, to int) string {
		from, to = max(0, from), min(to, len(s))
		for from > 0 && from < len(s) && !utf8.RuneStart(s[from]) {
			from--
		}
		for to < len(s) && !utf8.RuneStart(s[to]) {
			to++
		}
		return s[from:to]
	}
	list := make([]Anchor, 0, n)
	for len(list) < n {
		p := &law[rnd.IntN(len(law))]
		an := Anchor{Address: p.Address}
		if len(p.Text) > 2 && rnd.IntN(10) > 0 {
			from := rnd.IntN(len(p.Text) - 1)
			an.Quote = cut(p.Text, from, from+1+rnd.IntN(120))
			at := strings.Index(p.Text, an.Quote)
			an.Before, an.After = cut(p.Text, at-40, at), cut(p.Text, at+len(an.Quote), at+len(an.Quote)+40)
		}
		list = append(list, an)
	}
	return list
}

// checkPlaced fails unless a placement is one that may be published.
func checkPlaced(t *testing.T, an Anchor, got Placement, lex *lexicon, b map[string]*lawtext.Provision) {
	t.Helper()
	now, known := b[got.Anchor.Address]
	there := got.Start >= 0 && known && got.Start <= got.End && got.End <= len(now.Text)
	switch {
	case got.Anchor.Address != "" && !known, (got.Start < 0) != (got.End < 0), got.Start >= 0 && !there:
	case got.Start >= 0 && now.Text[got.Start:got.End] != got.Anchor.Quote:
	case got.Verdict == VerdictRemoved && there:
	case (got.Verdict == VerdictKept || got.Verdict == VerdictMoved) && (got.Anchor.Address == an.Address) != (got.Verdict == VerdictKept):
	case (got.Verdict == VerdictKept || got.Verdict == VerdictMoved) && an.Quote != "" && !there:
	case there && got.Verdict != VerdictChanged && an.Quote != got.Anchor.Quote && !sameWords(lex, an.Quote, got.Anchor.Quote):
	case got.Verdict == VerdictKept, got.Verdict == VerdictMoved, got.Verdict == VerdictChanged, got.Verdict == VerdictRemoved:
		return
	}
	t.Fatalf("%+v was placed %+v", an, got)
}

func sameWords(lex *lexicon, a, b string) bool {
	return slices.Equal(lex.read(a).atoms, lex.read(b).atoms)
}

// No anchor is lost: each has a verdict, and what is said to be kept or moved is
// there word for word.
func TestPlacerLosesNone(t *testing.T) {
	first := blocks(realLaw(t, "omoor_hasabi.txt"))
	before, _ := write(first)
	a := lawtext.Split(before).Provisions
	donor := blocks(realLaw(t, "aeename-kanun-vokala-1400.txt"))
	for seed := range 5 {
		rnd := rand.New(rand.NewPCG(uint64(seed), 7))
		list, _ := apply(t, slices.Clone(first), randomEdits(rnd, first, donor))
		after, _ := write(list)
		b := lawtext.Split(after).Provisions
		at := map[string]*lawtext.Provision{}
		for i := range b {
			at[b[i].Address] = &b[i]
		}
		pairs := Compare(a, b)
		placer, lex := NewPlacer(a, b, pairs), newLexicon()
		same := NewPlacer(b, b, Compare(b, b))
		became := map[string]*Pair{}
		for n := range pairs {
			for _, i := range pairs[n].A {
				became[a[i].Address] = &pairs[n]
			}
		}
		verdicts := map[Verdict]int{}
		for _, an := range anchors(rnd, a, 4000) {
			got := placer.Place(an)
			verdicts[got.Verdict]++
			checkPlaced(t, an, got, lex, at)
			if again := same.Place(got.Anchor); got.Start >= 0 && (again.Verdict != VerdictKept || again.Start != got.Start || again.End != got.End) {
				t.Fatalf("%+v was placed %+v, and in the same text %+v", an, got, again)
			}
			switch change := became[an.Address].Change; {
			case change.sameWords():
				if an.Quote != "" && got.Verdict != VerdictKept && got.Verdict != VerdictMoved {
					t.Fatalf("%+v of an article with the same words is %s", an, got.Verdict)
				}
			case change == Removed:
				if got.Verdict != VerdictRemoved && got.Verdict != VerdictMoved {
					t.Fatalf("%+v of an article that is removed is %s", an, got.Verdict)
				}
			}
		}
		t.Log(verdicts)
	}
}
