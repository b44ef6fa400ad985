package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// variants are groups of ways to write the same in Persian: each finds each.
var variants = [][]string{
	{"كتاب", "کتاب", "ﻛﺘﺎﺏ"},
	{"علي", "علی", "على"},
	{"کتاب\u200cها", "کتاب ها", "کتابها", "کتاب", "كتاب\u200fها"},
	{"می\u200cشود", "میشود", "می شود"},
	{"مُحَمَّد", "محمد"},
	{"ســـلام", "سلام"},
	{"آمار", "امار"},
	{"أحمد", "احمد"},
	{"نامۀ", "نامه", "نامة"},
	{"۱۳۹۹", "١٣٩٩", "1399"},
	{"مسئول", "مسوول", "مسؤول"},
	{"قرارداد۱۲", "قرارداد 12", "قرارداد ١٢"},
	{"شهرهای", "شهر", "شهر\u200cهای", "شهرها"},
	{"استان\u200cها", "استان ها", "استانها", "استان", "استانهای"},
	{"کتاب\u200cخانه", "کتابخانه"},
	{"1,234,567", "۱٬۲۳۴٬۵۶۷", "1234567"},
	{"Café", "cafe", "CAFÉ"},
	{"budgets", "budget", "Budget’s"},
	{"agencyCode", "agency_code", "agency-code", "agency code", "Agency.Code"},
}

func TestVariantsFindEachOther(t *testing.T) {
	for _, group := range variants {
		s, x := portal(t)
		for _, v := range group {
			put(t, s, catalog.Text{"en": "Zzz"}, &catalog.Dataset{Title: catalog.Text{"fa": v}}, &catalog.Dataset{Title: catalog.Text{"en": "Other"}})
		}
		catchUp(t, x, s)
		for _, v := range group {
			res := ask(t, x, search.Query{Text: v})
			if res.Total != int64(len(group)) || res.Relaxed {
				t.Errorf("%q finds %d of %d of %q (relaxed %v)", v, res.Total, len(group), group, res.Relaxed)
			}
			for _, w := range group {
				if !res.Marks.Matches(w) {
					t.Errorf("%q is not marked in %q", v, w)
				}
			}
		}
	}
}

func marked(text string, spans []search.Span) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.Start] + "[" + text[s.Start:s.End] + "]")
		at = s.End
	}
	return b.String() + text[at:]
}

// indexOf is an index of datasets with these titles.
func indexOf(t *testing.T, titles ...string) *search.Index {
	t.Helper()
	s, x := portal(t)
	var all []*catalog.Dataset
	for _, title := range titles {
		all = append(all, &catalog.Dataset{Title: catalog.Text{"en": title}})
	}
	put(t, s, catalog.Text{"en": "A"}, all...)
	catchUp(t, x, s)
	return x
}

func TestMark(t *testing.T) {
	cases := []struct{ query, text, want string }{
		{"جمعيت استانها", "جمعیت استان‌ها در سال ۱۳۹۵", "[جمعیت] [استان‌ها] در سال ۱۳۹۵"},
		{"جمعیت استان", "جمعيت استانهاي كشور", "[جمعيت] [استانهاي] كشور"},
		{"1395", "سال ۱۳۹۵", "سال [۱۳۹۵]"},
		{"capacity", "solarCapacityMW, total_capacity", "solar[Capacity]MW, total_[capacity]"},
		{"budgets -income", "The budget: income", "The [budget]: income"},
		{`"budget line" plan`, "A planned budget line", "A [planned] [budget] [line]"},
		{"the", "the end", "the end"},
		{"", "text", "text"},
	}
	var texts []string
	for _, c := range cases {
		texts = append(texts, c.text)
	}
	x := indexOf(t, texts...)
	for _, c := range cases {
		marks := ask(t, x, search.Query{Text: c.query}).Marks
		if marks.Mark("") != nil {
			t.Errorf("%q is marked where nothing is", c.query)
		}
		if got := marked(c.text, marks.Mark(c.text)); got != c.want {
			t.Errorf("%q in %q: %s, want %s", c.query, c.text, got, c.want)
		}
	}
}

func TestPassageShowsTheFirstMatch(t *testing.T) {
	x := indexOf(t, "جمعیت استان‌ها", "x y")
	long := strings.Repeat("همه چیز درباره آب ", 40) + "و جمعیت استان‌ها " + strings.Repeat("و دیگر چیزها ", 40)
	f, found := ask(t, x, search.Query{Text: "استانها"}).Marks.Passage(long, 200)
	if got := marked(f.Text, f.Marks); !strings.Contains(got, "[استان‌ها]") || !f.Before || !f.After || !found {
		t.Errorf("passage %s, before %v, after %v, found %v", got, f.Before, f.After, found)
	}
	if n := utf8.RuneCountInString(f.Text); n > 200 || n < 150 {
		t.Errorf("the passage has %d letters", n)
	}
	marks := ask(t, x, search.Query{Text: "x"}).Marks
	for _, c := range []struct {
		text, want    string
		before, after bool
	}{
		{"a short x", "a short [x]", false, false},
		{"x " + strings.Repeat("long ", 100), "[x] long long long", false, true},
		{strings.Repeat("ی", 500) + " x", "[x]", true, false},
		{"x" + strings.Repeat(" ی", 500), "[x]" + strings.Repeat(" ی", 9), false, true},
	} {
		f, found := marks.Passage(c.text, 20)
		if got := marked(f.Text, f.Marks); got != c.want || f.Before != c.before || f.After != c.after || !found {
			t.Errorf("%q, before %v, after %v, found %v; want %q", got, f.Before, f.After, found, c.want)
		}
	}
	if f, found := marks.Passage("nothing of this", 20); found || f.Text != "" {
		t.Errorf("a passage without any of the words: %+v", f)
	}
}

func TestMarksOfAResultFollowWhatWasFound(t *testing.T) {
	s, x := portal(t)
	put(t, s, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Population of cities"}})
	catchUp(t, x, s)
	res := ask(t, x, search.Query{Text: "popluation cities"})
	if got := marked("Population of cities", res.Marks.Mark("Population of cities")); got != "[Population] of [cities]" || !res.Relaxed {
		t.Errorf("%s, relaxed %v", got, res.Relaxed)
	}
}

func TestLongTextsAreCutAndSaySo(t *testing.T) {
	s, x := portal(t)
	put(t, s, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}})
	catchUp(t, x, s)
	if res := ask(t, x, search.Query{Text: "rivers " + strings.Repeat("ا", 300)}); !res.Cut {
		t.Error("600 bytes are not cut")
	}
	if res := ask(t, x, search.Query{Text: strings.Repeat("rivers a ", 20)}); res.Cut || res.Total != 1 {
		t.Errorf("%+v", res)
	}
	words := strings.Fields("b c d e f g h i j k l m n o p q r s t u v w x y z")
	if res := ask(t, x, search.Query{Text: strings.Join(words, " ") + " bb cc dd ee ff gg hh ii jj kk ll"}); !res.Cut {
		t.Error("36 words are not cut")
	}
}

func FuzzSearch(f *testing.F) {
	s, x := portal(f)
	put(f, s, catalog.Text{"en": "Agency", "fa": "سازمان"}, &catalog.Dataset{Title: catalog.Text{"fa": "جمعیت استان‌ها", "en": "Population of provinces"}})
	catchUp(f, x, s)
	for _, seed := range []string{
		`a "b c" -d`, `"`, `-`, `--`, `-"`, `""`, "«", "«»", "«a", `a"b"c`, "\x00", "\xff\xfe", "می\u200cشود -\u200c", "-«a b» c*?~^:", "aB cD eF",
		strings.Repeat("\"", 401), strings.Repeat("-a ", 200), "کتاب‌خانه‌ها‌ی‌من‌تو", "popuaton", "( AND OR NOT )", "+a", "[1 TO 2]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		res, err := x.Search(t.Context(), search.Query{Text: text, Facets: true})
		if err != nil {
			t.Fatalf("%+q: %v", text, err)
		}
		if int64(len(res.Hits)) != res.Total {
			t.Errorf("%+q: %d of %d", text, len(res.Hits), res.Total)
		}
		last := 0
		for _, span := range res.Marks.Mark(text) {
			if span.Start < last || span.End <= span.Start || span.End > len(text) {
				t.Errorf("%+q: mark %+v", text, span)
			}
			last = span.End
		}
		if f, _ := res.Marks.Passage(text, 50); utf8.ValidString(text) && !utf8.ValidString(f.Text) {
			t.Errorf("%+q: passage %+q", text, f.Text)
		}
	})
}
