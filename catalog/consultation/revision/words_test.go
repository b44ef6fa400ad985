package revision

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// marked writes spans as [-deleted-] and {+inserted+} words.
func marked(list []Span) string {
	var b strings.Builder
	for _, s := range list {
		switch s.Op {
		case Delete:
			b.WriteString("[-" + s.Text + "-]")
		case Insert:
			b.WriteString("{+" + s.Text + "+}")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ name, a, b, want string }{
		{"nothing", "", "", ""},
		{"the same", "ماده یک", "ماده یک", "ماده یک"},
		{"all new", "", "یک دو", "{+یک دو+}"},
		{"all gone", "یک دو", "", "[-یک دو-]"},
		{"one word", "دادگاه باید رسیدگی کند.", "دادگاه می‌تواند رسیدگی کند.", "دادگاه[- باید-]{+ می‌تواند+} رسیدگی کند."},
		{"a word with ZWNJ is one word", "کتاب‌ها را", "کتاب‌های را", "[-کتاب‌ها-]{+کتاب‌های+} را"},
		{"ZWNJ and space are equal", "می شود و نمی‌شود", "می‌شود و نمی شود", "می‌شود و نمی شود"},
		{"solid words too", "میشود آن را آیین نامه", "می‌شود آنرا آیین‌نامه", "می‌شود آنرا آیین‌نامه"},
		{"but not numbers", "۱ ۲", "۱۲", "[-۱ ۲-]{+۱۲+}"},
		{"nor English words", "may be", "maybe", "[-may be-]{+maybe+}"},
		{"nor over a line", "آن\nرا", "آنرا", "[-آن\nرا-]{+آنرا+}"},
		{"marks over letters", "قانوناً و", "قانون و", "[-قانوناً-]{+قانون+} و"},
		{"half of a word is no match", "می شود", "می‌رود", "[-می شود-]{+می‌رود+}"},
		{"folding is equal", "قاضي ۱۲ كتاب", "قاضی 12 کتاب", "قاضی 12 کتاب"},
		{"marks stand apart", "قاضی، دادگاه", "قاضی دادگاه", "قاضی[-،-] دادگاه"},
		{"an amount is one word", "مبلغ ۱٬۰۰۰ ریال", "مبلغ ۱٬۵۰۰ ریال", "مبلغ[- ۱٬۰۰۰-]{+ ۱٬۵۰۰+} ریال"},
		{"the first word goes", "اگر قاضی", "قاضی", "[-اگر -]قاضی"},
		{"the last word goes", "قاضی است", "قاضی", "قاضی[- است-]"},
		{"the last word comes", "قاضی", "قاضی است", "قاضی{+ است+}"},
		{"white space is not compared", "قاضی\nاست", "قاضی  است ", "قاضی  است "},
		{"paragraphs", "یک\nدو\nسه", "یک\nسه", "یک[-\nدو-]\nسه"},
		{"words alike by chance", "الف ب پ و ت ث ج", "چ ح خ و د ذ ر", "[-الف ب پ و ت ث ج-]{+چ ح خ و د ذ ر+}"},
		{"English", "The court shall not decide.", "The Court may not decide!", "The Court[- shall-]{+ may+} not decide[-.-]{+!+}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := marked(Words(c.a, c.b)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// checkWords fails unless the spans hold both texts.
func checkWords(t *testing.T, a, b string) {
	t.Helper()
	var first, second strings.Builder
	var last Op
	for _, s := range Words(a, b) {
		if s.Op != Insert {
			first.WriteString(s.Text + "\n")
		}
		if s.Op != Delete {
			second.WriteString(s.Text)
		}
		if s.Op == last || s.Text == "" || last == Insert && s.Op == Delete {
			t.Fatalf("%q and %q: span %q %q behind %q", a, b, s.Op, s.Text, last)
		}
		last = s.Op
	}
	if second.String() != b {
		t.Fatalf("%q and %q: the second text became %q", a, b, second.String())
	}
	lex := newLexicon()
	lex.scan(a)
	lex.scan(b)
	if x, y := lex.read(a), lex.read(first.String()); !slices.Equal(x.atoms, y.atoms) {
		t.Fatalf("%q and %q: the first text became %q", a, b, first.String())
	}
}

func TestWordsHoldBothTexts(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	bits := []string{"می‌شود", "می شود", "شود", "می", "و", "،", ".", "\n", " ", "۱۲", "12", "قاضي", "قاضی", "a", "'", "\u200c", "\u200f", "ـ", "e\u0301", "\xff", "(", ")"}
	text := func() string {
		var b strings.Builder
		for range rnd.IntN(30) {
			b.WriteString(bits[rnd.IntN(len(bits))])
			if rnd.IntN(2) == 0 {
				b.WriteString(" ")
			}
		}
		return b.String()
	}
	for range 5_000 {
		checkWords(t, text(), text())
	}
}

func FuzzWords(f *testing.F) {
	f.Add("دادگاه باید رسیدگی کند.", "دادگاه می‌تواند\nرسیدگی کند؛")
	f.Add("a\u200c b", "a b\u200c")
	f.Add("0\xe6\xd51", "1\xdd1\u0747>")
	f.Add("ﷲ ﷺ", "صلی الله علیه و سلم")
	f.Fuzz(checkWords)
}

// Long texts that have little in common end soon, and what they share by whole
// sentences is still found.
func TestWordsOfUnlikeTexts(t *testing.T) {
	words := func(seed uint64, n int) string {
		rnd := rand.New(rand.NewPCG(seed, 3))
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(string(rune('ا'+rnd.IntN(20))), 1+rnd.IntN(6)))
			if i%20 == 19 {
				b.WriteString(". ")
			}
			b.WriteByte(' ')
		}
		return b.String()
	}
	checkWords(t, words(1, 12_000), words(2, 12_000))
	middle := strings.Repeat("این جمله در هر دو متن هست. ", 50)
	a, b := words(3, 6000)+"\n"+middle+words(4, 6000), words(5, 6000)+"\n"+middle+words(6, 6000)
	checkWords(t, a, b)
	for _, s := range Words(a, b) {
		if s.Op == Equal && strings.Count(s.Text, "این جمله") == 50 {
			return
		}
	}
	t.Error("the sentences that both texts have were not found")
}
