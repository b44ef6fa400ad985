package lawtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A mark is what a line begins with that begins a provision.
type mark struct {
	kind  Kind
	word  string // the word it is written with, in one form; the style of the numbers of an item
	num   string
	n     int // the value of num as far as it is a number, of an item its place in the list; 0 for none
	rank  int // of a kind that holds articles, how deep it usually stands; 0 for others
	label string
	rest  string // of the line
	under int    // of an item, the number of the one that it names as the one above it; 0 for none
	sure  bool   // it is parted from the rest, as marks are and references are not
}

// name returns how a mark is called in a sentence.
func (m mark) name() string { return strings.TrimRight(m.label, " .:-–—") }

// A markWord is a word that marks provisions.
type markWord struct {
	text  string // in small letters
	word  string // in one form
	kind  Kind
	rank  int  // of kinds that hold articles: the smaller holds the larger
	plain bool // it may stand without a number
}

// markWords are the words, longer ones before those they begin with.
var markWords = []markWord{
	{"ماده", "ماده", Article, 0, false},
	{"مادۀ", "ماده", Article, 0, false},
	{"مواد", "ماده", Article, 0, false},
	{"اصل", "اصل", Article, 0, false},
	{"تبصره", "تبصره", Note, 0, true},
	{"تبصرۀ", "تبصره", Note, 0, true},
	{"جلد", "جلد", Book, 1, false},
	{"کتاب", "کتاب", Book, 2, false},
	{"بخش", "بخش", Part, 3, false},
	{"قسمت", "قسمت", Part, 3, false},
	{"باب", "باب", Title, 3, false},
	{"فصل", "فصل", Chapter, 4, false},
	{"مبحث", "مبحث", Section, 5, false},
	{"گفتار", "گفتار", Section, 6, false},
	{"مقدمه", "مقدمه", Preamble, 0, true},
	{"دیباچه", "مقدمه", Preamble, 0, true},
	{"پیوست", "پیوست", Annex, 0, true},
	{"ضمیمه", "پیوست", Annex, 0, true},
	{"بند", "بند", Item, 0, false},
	{"جزء", "بند", Item, 0, false},

	{"المادة", "المادة", Article, 0, false},
	{"مادة", "المادة", Article, 0, false},
	{"الفصل", "الفصل", Chapter, 4, false},
	{"الكتاب", "کتاب", Book, 2, false},
	{"الباب", "باب", Title, 3, false},
	{"القسم", "بخش", Section, 5, false},
	{"الفرع", "الفرع", Section, 6, false},
	{"توطئة", "مقدمه", Preamble, 0, true},
	{"ديباجة", "مقدمه", Preamble, 0, true},

	{"article", "article", Article, 0, false},
	{"art.", "article", Article, 0, false},
	{"section", "section", Section, 5, false},
	{"sec.", "section", Section, 5, false},
	{"§", "section", Section, 5, false},
	{"book", "book", Book, 2, false},
	{"part", "part", Part, 3, false},
	{"subpart", "subpart", Part, 4, false},
	{"title", "title", Title, 3, false},
	{"subchapter", "subchapter", Section, 5, false},
	{"chapter", "chapter", Chapter, 4, false},
	{"note", "note", Note, 0, false},
	{"preamble", "preamble", Preamble, 0, true},
	{"annex", "annex", Annex, 0, true},
	{"appendix", "annex", Annex, 0, true},
	{"schedule", "annex", Annex, 0, true},
}

// wordMark reads the mark of a line by its word: «ماده ۱۲ (اصلاحی ۱۴۰۲) – ».
func wordMark(line string) (mark, bool) {
	s := strings.TrimLeft(line, ".•*·-–— ()[]\"«")
	w, size := findMarkWord(s)
	if size == 0 {
		return mark{}, false
	}
	m := mark{kind: w.kind, word: w.word, rank: w.rank}
	at := size + m.readNum(s[size:])
	at += m.readChanges(s[at:])
	if m.num == "" { // «تبصره الحاقی ۱–»
		at += m.readNum(s[at:])
		at += m.readChanges(s[at:])
	}
	sep := separator(s[at:])
	bis := bisAfter(s[at+sep:])
	if bis > 0 && m.num != "" { // «ماده ۷۱– مکرر»
		at += sep
		at += m.readChanges(s[at:])
		sep = separator(s[at:])
	}
	m.sure = sep > 0 || at == len(s) || bis > 0 || s[:size] == "§" && unicode.IsUpper(firstRune(strings.TrimLeft(s[at:], " ")))
	at += sep
	if m.num == "" && (!w.plain || !m.sure) {
		return mark{}, false
	}
	m.label = strings.TrimSpace(line[:len(line)-len(s)+at])
	m.rest = strings.TrimSpace(s[at:])
	return m, true
}

// wordsByStart are the words by their first two bytes.
var wordsByStart = func() map[[2]byte][]markWord {
	words := map[[2]byte][]markWord{}
	for _, w := range markWords {
		start := startOf(w.text)
		words[start] = append(words[start], w)
	}
	return words
}()

// startOf returns the first two bytes of a text, of ASCII in small letters.
func startOf(s string) [2]byte {
	var start [2]byte
	for i := range copy(start[:], s) {
		if 'A' <= start[i] && start[i] <= 'Z' {
			start[i] += 'a' - 'A'
		}
	}
	return start
}

// hamza stands above a letter.
const hamza = "\u0654"

// findMarkWord returns the word that s begins with and its size.
func findMarkWord(s string) (markWord, int) {
	for _, w := range wordsByStart[startOf(s)] {
		if len(s) < len(w.text) || !strings.EqualFold(s[:len(w.text)], w.text) {
			continue
		}
		size := len(w.text)
		if strings.HasPrefix(s[size:], hamza) { // «مادهٔ ۱»
			size += len(hamza)
		}
		if r := firstRune(s[size:]); !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return w, size
		}
	}
	return markWord{}, 0
}

// maxNum is how long the number of a provision may be, about.
const maxNum = 24

// readNum reads the number of the mark from s, which may stand in brackets, and
// returns its size.
func (m *mark) readNum(s string) int {
	at := len(s) - len(strings.TrimLeft(s, " \u200c"))
	if rest, ok := strings.CutPrefix(s[at:], "ی "); ok { // «ماده‌ی ۱»
		at = len(s) - len(rest)
	}
	if rest, ok := strings.CutPrefix(s[at:], "شماره"); ok {
		at = len(s) - len(strings.TrimLeft(rest, " \u200c:"))
	}
	if rest, ok := strings.CutPrefix(s[at:], "واحده"); ok && m.kind == Article && wordEnd(s[at:]) == len("واحده") {
		m.num = "single"
		return len(s) - len(rest)
	}
	open := at
	if strings.HasPrefix(s[at:], "(") || strings.HasPrefix(s[at:], "[") {
		at += 1 + len(s[at+1:]) - len(strings.TrimLeft(s[at+1:], " "))
	}
	n, ok := readNumber(s[at:])
	switch {
	case ok:
	case m.kind == Item:
		n, ok = readLetter(s[at:])
	case m.rank > 0 || m.kind == Annex: // "Part A"
		var style string
		n, style, ok = readItem(s[at:])
		ok = ok && style == latinUpper
	}
	if !ok {
		return 0
	}
	end := at + n.end
	if at > open {
		rest := strings.TrimLeft(s[end:], " ")
		if !strings.HasPrefix(rest, ")") && !strings.HasPrefix(rest, "]") {
			return 0
		}
		end = len(s) - len(rest) + 1
	}
	m.num, m.n = n.text, n.n
	return end + m.readRange(s[end:])
}

// rangeWords stand between the first and the last number of several articles.
var rangeWords = []string{"و", "تا", "الی", "to", "and"}

// readRange reads the rest of numbers of several articles that are told of at
// once, «۸ و ۹», and returns its size.
func (m *mark) readRange(s string) int {
	if m.kind != Article {
		return 0
	}
	rest := strings.TrimLeft(s, " \u200c")
	for _, w := range rangeWords {
		after, ok := strings.CutPrefix(rest, w)
		after = strings.TrimLeft(after, " \u200c")
		n, number := readDigits(after)
		if ok && number && n.n > m.n && separator(after[n.end:]) > 0 {
			m.num, m.n = m.num+"to"+n.text, n.n
			return len(s) - len(after) + n.end
		}
	}
	return 0
}

// changes are words by which a text tells after a number how it came to be.
var changes = []string{
	"اصلاحی", "الحاقی", "اصلاحیه", "الحاقیه", "منسوخه", "منسوخ", "منسوخ‌شده", "نسخ", "حذف", "محذوف", "ملغی", "جدید", "سابق", "مکررا", "مکرر", "bis", "ter",
}

// readChanges reads what stands between the number of a mark and what parts it
// from the text, and returns its size: «مکرر», «(اصلاحی ۱۴۰۲/۴/۱۱)».
func (m *mark) readChanges(s string) int {
	at := 0
	for {
		gap := len(s[at:]) - len(strings.TrimLeft(s[at:], " \u200c"))
		rest := s[at+gap:]
		var size int
		if strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, "[") {
			size = bracketed(rest)
		} else {
			size = changeWord(rest)
		}
		if size == 0 {
			return at
		}
		if w := strings.Trim(rest[:size], "([ )]"); m.num != "" && len(m.num) < maxNum && (strings.HasPrefix(w, "مکرر") || w == "bis" || w == "ter") {
			m.num += "bis"
			if w == "ter" {
				m.num = strings.TrimSuffix(m.num, "bis") + "ter"
			}
			after := strings.TrimLeft(rest[size:], " (")
			if n, ok := readDigits(after); ok && n.n < 100 {
				m.num += n.text
				tail := strings.TrimLeft(after[n.end:], " ")
				size = len(rest) - len(strings.TrimPrefix(tail, ")"))
			}
		}
		at += gap + size
	}
}

// bisAfter returns the size of «مکرر» at the beginning of s.
func bisAfter(s string) int {
	if strings.HasPrefix(s, "مکرر") {
		return wordEnd(s)
	}
	return 0
}

// changeWord returns the size of a word of changes with the date behind it.
func changeWord(s string) int {
	end := wordEnd(s)
	for _, c := range changes {
		if end > 0 && strings.EqualFold(s[:end], c) {
			date := strings.TrimLeft(s[end:], " ")
			n := len(date) - len(strings.TrimLeftFunc(date, func(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune("/ˏ.", r) }))
			if n >= 4 && !strings.HasPrefix(c, "مکرر") {
				return len(s) - len(date) + n
			}
			return end
		}
	}
	return 0
}

// bracketed returns the size of brackets that hold a word of changes.
func bracketed(s string) int {
	end := strings.IndexAny(s, ")]")
	if end < 0 || end > 120 {
		return 0
	}
	for w := range strings.FieldsFuncSeq(s[1:end], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != zwnj }) {
		if changeWord(w) > 0 {
			return end + 1
		}
	}
	return 0
}

// separator returns the size of what parts a mark from its text.
func separator(s string) int {
	trimmed := strings.TrimLeft(s, " \u200c")
	rest := strings.TrimLeft(trimmed, "-–—ـ:.) −‐‑\u200c")
	if sep := trimmed[:len(trimmed)-len(rest)]; strings.Trim(sep, " ") == "" || sep == "." && rest != "" && unicode.IsDigit(firstRune(rest)) {
		return 0
	}
	return len(s) - len(rest)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
