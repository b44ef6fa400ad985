package lawtext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// inline divides a paragraph in which marks stand after the ends of sentences,
// «… است. اصل ۲- …», or after the heading of a chapter, «فصل ششم: قوه مقننه-
// مبحث اول: …».
func (s *splitter) inline(text string) []string {
	first, ok := wordMark(text)
	var parts []string
	start := 0
	for i := 0; i < len(text); {
		size := s.inlineAt(text, i)
		if size == 0 {
			_, n := utf8.DecodeRuneInString(text[i:])
			i += n
			continue
		}
		before := strings.TrimRight(text[start:i], " ")
		m, _ := wordMark(text[i:])
		after := ok && first.rank > 0 && first.sure && m.rank > first.rank && strings.ContainsRune("-–—:", lastOf(before))
		if before != "" && m.sure && (after || m.rank == 0 && m.num != "" && endsSentence(before)) {
			parts = append(parts, before)
			start = i
		}
		i += size
	}
	return append(parts, text[start:])
}

// inlineAt returns the size of a word of a mark that begins at a place of the
// text, after a space.
func (s *splitter) inlineAt(text string, i int) int {
	if i == 0 || text[i-1] != ' ' {
		return 0
	}
	w, size := findMarkWord(text[i:])
	if size == 0 || w.kind == Item || w.kind == Annex || w.kind == Preamble {
		return 0
	}
	m, ok := wordMark(text[i:])
	if !ok || !m.sure || !strings.ContainsAny(strings.TrimPrefix(m.label, w.text), "-–—:ـ") {
		return 0
	}
	return size
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
			s.law.remark("mark.quoted", "", l.no, m.label)
			*m = mark{}
		default:
			*expected = m.n + 1
		}
	case !m.sure:
		*m = mark{}
	}
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
		s.law.remark("mark.article", "", s.lines[i].no, m.label)
		m.kind, m.word = Article, "ماده"
	}
}

// comes reports whether an article with a number comes after a line, before a
// chapter begins.
func (s *splitter) comes(i int, word string, n int) bool {
	for _, l := range s.lines[i+1:] {
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
	return slices.ContainsFunc(s.lines[:i], func(l line) bool { return l.mark.word == word && l.mark.n == n })
}

// check tells of what the whole text lacks.
func (s *splitter) check() {
	if s.law.Articles() == 0 {
		s.law.remark("articles.none", "", 0)
	}
}
