package lawtext

import (
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// inline divides a paragraph in which marks stand after the ends of sentences,
// «… است. اصل ۲- …», or after the heading of a chapter, «فصل ششم: قوه مقننه-
// مبحث اول: …». It makes at most so many lines more.
func (s *splitter) inline(l line, most int) []line {
	first, _ := wordMark(l.text)
	s.count(first)
	var parts []line
	part := line{no: l.no}
	start := 0
	for i := 1; i < len(l.text); i++ {
		if l.text[i-1] != ' ' || len(parts) >= most {
			continue
		}
		before := strings.TrimRight(l.text[start:i], " ")
		if m := s.markInside(l.text[i:], before, first); m.kind != "" {
			s.count(m)
			part.text = before
			parts = append(parts, part)
			start = i
			part.mark = mark{}
			if m.word == numbered {
				s.law.remark("split.mark.article", "", l.no, m.name())
				part.mark = m
			}
			s.inlines = s.inlines || m.kind == Article
		}
	}
	part.text = l.text[start:]
	return append(parts, part)
}

// count keeps the number of the article that comes next.
func (s *splitter) count(m mark) {
	if m.kind == Article && m.sure {
		s.next = afterNumber(s.next, m.n)
	}
}

// markInside returns the mark that a text begins with which stands behind
// another in one paragraph, of no kind for none.
func (s *splitter) markInside(text, before string, first mark) mark {
	w, size := findMarkWord(text)
	if size == 0 {
		return s.bareNumber(text, before)
	}
	if before == "" || w.kind == Item || w.kind == Annex || w.kind == Preamble {
		return mark{}
	}
	m, ok := wordMark(text)
	parted := ok && m.sure && strings.ContainsAny(strings.TrimPrefix(m.label, w.text), "-–—:ـ")
	heading := first.rank > 0 && first.sure && m.rank > first.rank && strings.ContainsRune("-–—:", lastOf(before))
	ends := endsSentence(before) || m.n == s.next && strings.ContainsRune(")]»", lastOf(before))
	if !parted || !heading && (m.rank > 0 || m.num == "" || !ends) {
		return mark{}
	}
	return m
}

// bareNumber returns the mark of an article whose word was left out among
// others in one paragraph: «… است. ۱۱۲- …».
func (s *splitter) bareNumber(text, before string) mark {
	if digitsEnd(text) == 0 || s.next < 2 || !endsSentence(before) {
		return mark{}
	}
	m, ok := itemMark(text)
	if !ok || m.n != s.next || m.n < 3 || len(before) < 20 || !strings.ContainsAny(m.label, "-–") || !s.inlines {
		return mark{}
	}
	m.kind, m.word = Article, numbered
	return m
}

func endsSentence(s string) bool { return strings.ContainsRune(".؛!؟", lastRune(s)) }

// settleWords puts marks right whose meaning depends on which others the text
// has: a section, and «الفصل», is what other laws call an article where there
// are none.
func (s *splitter) settleWords() {
	has := func(kind Kind, word string) bool {
		return slices.ContainsFunc(s.lines, func(l line) bool { return l.mark.kind == kind && (word == "" || l.mark.word == word) && l.mark.sure })
	}
	s.articles = has(Article, "")
	for i := range s.lines {
		switch m := &s.lines[i].mark; {
		case s.articles:
		case m.word == "section":
			m.rank = 0
		case m.word == "الفصل":
			m.kind, m.rank = Article, 0
		}
	}
	s.articles = s.articles || has(Section, "section") || has(Article, "")
}

// references are words that follow the number of an article that a text only
// speaks of.
var references = []string{
	"قانون", "این", "آیین‌نامه", "آئین‌نامه", "آیین", "آئین", "اساسنامه", "همان", "مذکور", "فوق", "الی", "تا", "و", "یا", "لایحه", "دستورالعمل", "یاد",
	"مزبور", "اصلاحی", "الحاقی", "مصوب", "به", "از", "of", "and", "or", "to", "shall", "is", "applies", "does", "may", "in", "من", "و",
}

// checkMark drops marks that are none: an article that is only spoken of, or
// quoted as it will read in another law.
func (s *splitter) checkMark(i int, expected *int) {
	l := &s.lines[i]
	m := &l.mark
	word := m.rest[:wordEnd(m.rest)]
	switch {
	case m.kind == "" || m.kind == Item && m.word != "بند":
		return
	case m.kind == Item:
		m.word = lettered
		if digitsEnd(m.num) > 0 {
			m.word = numbered
		}
		if !m.sure {
			*m = mark{}
		}
	case m.rank > 0:
		s.checkContainer(i, *expected)
		if m.kind == Article {
			*expected = m.n + 1
		}
	case m.kind == Article || m.kind == Section:
		switch {
		case !m.sure && (m.n != *expected || slices.Contains(references, word) || s.law.Lang == "en" && !isHeading(m.rest)):
			*m = mark{}
		case m.n != *expected && i > 0 && m.n != 1 && strings.HasSuffix(s.lines[i-1].text, ":") && s.comes(i, m.word, *expected):
			s.law.remark("split.mark.quoted", "", l.no, m.name())
			*m = mark{}
		default:
			*expected = afterNumber(*expected, m.n)
		}
	case !m.sure:
		*m = mark{}
	}
}

// afterNumber returns the number that is expected after n where another was: a
// number that falls is a misprint, but 1, and the one before, which stands with
// «مکرر».
func afterNumber(expected, n int) int {
	if 1 < n && n < expected-1 {
		return expected + 1
	}
	return n + 1
}

// checkContainer drops the mark of a chapter that is only spoken of, and reads
// one as the article that is missing there.
func (s *splitter) checkContainer(i, expected int) {
	m := &s.lines[i].mark
	heading := isHeading(m.rest) && utf8.RuneCountInString(m.rest) < maxHeading/2
	switch {
	case !m.sure && (!heading || slices.Contains(references, m.rest[:wordEnd(m.rest)])):
		*m = mark{}
	case m.sure && expected > 1 && m.n == expected && endsSentence(m.rest) && digitsEnd(strings.TrimLeft(m.label[wordEnd(m.label):], " ")) > 0 &&
		!s.comesBefore(i, m.word, m.n-1):
		s.law.remark("split.mark.article", "", s.lines[i].no, m.name())
		m.kind, m.word = Article, "ماده"
	}
}

// maxAhead is how many lines are looked at to understand one.
const maxAhead = 2000

// looksPerLine is how many lines are looked at for each line of a text, all
// lines taken together: more than any law needs.
const looksPerLine = 100

// ahead yields the lines from one on that are looked at.
func (s *splitter) ahead(i int) iter.Seq2[int, *line] {
	return func(yield func(int, *line) bool) {
		for k := i; k < min(len(s.lines), i+maxAhead) && s.looks > 0; k++ {
			s.looks--
			if !yield(k-i, &s.lines[k]) {
				return
			}
		}
	}
}

// comes reports whether an article with a number comes after a line, before a
// chapter begins.
func (s *splitter) comes(i int, word string, n int) bool {
	for _, l := range s.ahead(i + 1) {
		if l.mark.rank > 0 {
			return false
		}
		if l.mark.word == word && l.mark.n == n {
			return true
		}
	}
	return false
}

// comesBefore reports whether a mark with a number stands before a line.
func (s *splitter) comesBefore(i int, word string, n int) bool {
	for k := i - 1; k >= max(0, i-maxAhead) && s.looks > 0; k-- {
		s.looks--
		if m := &s.lines[k].mark; m.word == word && m.n == n {
			return true
		}
	}
	return false
}
