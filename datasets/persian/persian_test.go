package persian_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

const zwnj = "\u200c"

// Each line is one word or phrase in ways that all fold to the first.
var spellings = [][]string{
	{"کتاب", "كتاب", "ﻛﺘﺎﺏ", "کتـــاب", "کِتاب", "ک\u00adتاب", "\u200eکتاب\u200e", "\ufeffکتاب", " کتاب "},
	{"علی", "علي", "على", "ﻋﻠﻲ"},
	{"محمد", "مُحَمَّد", "مُحَمَّدٌ"},
	{"اب", "آب", "أب", "إب", "ٱب", "آب"},
	{"خانه", "خانة", "خانۀ", "خانه\u0654", "خانهٔ"},
	{"مسیول", "مسئول"},
	{"مسوول", "مسؤول"},
	{"1399", "۱۳۹۹", "١٣٩٩", "１３９９"},
	{"می شود", "می" + zwnj + "شود", "مي" + zwnj + "شود", "می\u200fشود", "می  شود", "می\u00a0شود", "می" + zwnj + " شود"},
	{"covid", "COVID", "Covid"},
	{"quebec", "Québec", "QUÉBEC", "Que\u0301bec"},
	{"1,234.5", "۱٬۲۳۴٫۵"},
	{"چرا?", "چرا؟"},
	{"شماره 12%", "شمارهٔ ۱۲٪"},
	{"سلام دنیا", "سلام \u200fدنیا", "سلام\n\tدنیا", "\u202bسلام دنیا\u202c"},
	{"", " ", zwnj, "\u200f", "\u0651"},
}

func TestFold(t *testing.T) {
	for _, ways := range spellings {
		for _, way := range ways {
			if got := persian.Fold(way); got != ways[0] {
				t.Errorf("Fold(%+q) = %+q, want %+q", way, got, ways[0])
			}
		}
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // text@pos+span of each
	}{
		{"کتاب\u200cها", "کتاب@0+1 کتابها@0+2 ها@1+1"},
		{"می شود", "می@0+1 میشود@0+2 شود@1+1"},
		{"میشود", "میشود@0+1"},
		{"کتاب\u200cخانه\u200cها", "کتاب@0+1 کتابخانه@0+2 کتابخانهها@0+3 خانه@1+1 خانهها@1+2 ها@2+1"},
		{"قرارداد۱۲", "قرارداد@0+1 12@1+1"},
		{"جمعیت استان", "جمعیت@0+1 استان@1+1"},
		{"The citizen's budget, 2026", "the@0+1 citizen@1+1 budget@2+1 2026@3+1"},
		{"1,234,567 or ۱٬۲۳۴ or 1,2", "1234567@0+1 or@1+1 1234@2+1 or@3+1 1@4+1 2@5+1"},
		{"داده\u200cهای خدمات", "داده@0+1 دادههای@0+2 های@1+1 خدمات@2+1"},
		{"بزرگ، ها", "بزرگ@0+1 ها@1+1"},
		{"covid-19", "covid@0+1 19@1+1"},
		{"", ""},
	} {
		var got []string
		for _, tok := range persian.Tokens(c.text) {
			got = append(got, tok.Text+"@"+string(rune('0'+tok.Pos))+"+"+string(rune('0'+tok.Span)))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("Tokens(%q) = %s\nwant %s", c.text, s, c.want)
		}
	}
}

func TestTokensStandWhereTheTextHasThem(t *testing.T) {
	text := "گزارش «كتاب\u200cهاي» سال ۱۴۰۵"
	want := map[string]string{"کتاب": "كتاب", "کتابهای": "كتاب\u200cهاي", "1405": "۱۴۰۵", "گزارش": "گزارش"}
	for _, tok := range persian.Tokens(text) {
		if w, ok := want[tok.Text]; ok {
			delete(want, tok.Text)
			if got := text[tok.Start:tok.End]; got != w {
				t.Errorf("%s stands at %q, want %q", tok.Text, got, w)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

// However a word with a seam is written in a document and in a query, they meet.
func TestClausesMeetTokens(t *testing.T) {
	for _, ways := range [][]string{
		{"می\u200cشود", "میشود", "می شود", "مي شود"},
		{"داده\u200cها", "دادهها", "داده ها", "داده\u200fها"},
		{"کتاب\u200cخانه", "کتابخانه"},
		{"نمی\u200cخواهم", "نمیخواهم", "نمی خواهم"},
		{"بزرگ\u200cترین", "بزرگترین", "بزرگ ترین"},
	} {
		for _, doc := range ways {
			for _, query := range ways {
				if !found(persian.Clauses(query), persian.Tokens(doc)) {
					t.Errorf("query %q does not find %q", query, doc)
				}
			}
		}
	}
	if found(persian.Clauses("می رود"), persian.Tokens("می شود")) {
		t.Error("می رود finds می شود")
	}
}

func found(clauses []persian.Clause, tokens []persian.Token) bool {
	has := map[string]bool{}
	for _, tok := range tokens {
		has[tok.Text] = true
	}
	for _, clause := range clauses {
		one := false
		for _, form := range clause {
			all := true
			for _, word := range form {
				all = all && has[word]
			}
			one = one || all
		}
		if !one {
			return false
		}
	}
	return true
}

func TestStem(t *testing.T) {
	for word, want := range map[string]string{
		"شهرهای": "شهر", "شهرها": "شهر", "شهری": "شهر", "کتابهایشان": "کتاب", "بزرگترین": "بزرگ",
		"تنها": "تنها", "علی": "علی", "ماهی": "ماه", "داده": "داده", "data": "data", "": "",
	} {
		if got := persian.Stem(word); got != want {
			t.Errorf("Stem(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"كتاب علي":                 "کتاب علی",
		" ١٢ ":                     "۱۲",
		"می" + zwnj + zwnj + "رود": "می" + zwnj + "رود",
		"خانه" + zwnj + " ها":      "خانه ها",
		"خانه " + zwnj + "ها":      "خانه ها",
		"خانه" + zwnj:              "خانه",
		"می\u200fرود":              "می" + zwnj + "رود",
		"ﻛﺘﺎﺏ":                     "کتاب",
		"کـــتاب":                  "کتاب",
		"آب و هوا":                 "آب و هوا",
		"\u202eabc\x00":            "abc",
		"a\nb":                     "a\nb",
		"Résumé, 12 €":             "Résumé, 12 €",
		"":                         "",
	} {
		if got := persian.Clean(in); got != want {
			t.Errorf("Clean(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func TestDigits(t *testing.T) {
	if got := persian.Digits("1405 و ١٢", "fa"); got != "۱۴۰۵ و ۱۲" {
		t.Error(got)
	}
	if got := persian.Digits("۱۴۰۵ و ١٢", "en"); got != "1405 و 12" {
		t.Error(got)
	}
}

func TestLatin(t *testing.T) {
	for in, want := range map[string]string{
		"جمعیت استان\u200cها":   "jamiyat ostan ha",
		"ایران":                 "iran",
		"شهر":                   "shahr",
		"شهرهای":                "shahrhay",
		"بودجهٔ سال ۱۴۰۵":       "budje sal 1405",
		"Open data of قم":       "open data of qom",
		"وزارت نیرو":            "vezarat niru",
		"خانه":                  "khane",
		"آذربایجان غربی":        "azarbayjan gharbi",
		"فرودگاه\u200cهای کشور": "farudgah hay keshvar",
	} {
		if got := persian.Latin(in); got != want {
			t.Errorf("Latin(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, ways := range spellings {
		for _, way := range ways {
			f.Add(way)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := persian.Fold(s)
		if again := persian.Fold(folded); again != folded {
			t.Errorf("Fold(%+q) = %+q, folded again %+q", s, folded, again)
		}
		if clean := persian.Clean(s); persian.Clean(clean) != clean {
			t.Errorf("Clean(%+q) = %+q, then %+q", s, clean, persian.Clean(clean))
		}
		for _, tok := range persian.Tokens(s) {
			if tok.Start < 0 || tok.End > len(s) || tok.Start >= tok.End || tok.Text == "" {
				t.Errorf("Tokens(%+q) has %+v", s, tok)
			}
		}
		if utf8.ValidString(s) && !reflect.DeepEqual(words(s), words(folded)) {
			t.Errorf("the words of %+q are %+q, those of its fold %+q", s, words(s), words(folded))
		}
	})
}

// words are the texts of the single words of s, but for what only the
// original can tell: where a ZWNJ stood.
func words(s string) []string {
	var out []string
	for _, tok := range persian.Tokens(s) {
		if tok.Span == 1 {
			out = append(out, tok.Text)
		}
	}
	return out
}
