package lawtext

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// maxLines is how many paragraphs a text may have.
const maxLines = 200_000

// paragraphs yields the lines of a text that hold something, cleaned, with
// their numbers from the one given.
func (l *Law) paragraphs(text string, no int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for n := 0; text != ""; no++ {
			raw, rest, _ := strings.Cut(text, "\n")
			text = rest
			if n == maxLines-1 && rest != "" {
				l.remark("split.lines.many", "", no, int64(maxLines))
				raw, text = raw+" "+strings.ReplaceAll(rest, "\n", " "), ""
			}
			clean := cleanLine(raw, l.Lang)
			if clean == "" {
				continue
			}
			if n++; !yield(no, clean) {
				return
			}
		}
	}
}

// readLines divides the text into lines, without the heads and feet of pages.
func (s *splitter) readLines(text string) {
	for no, clean := range s.law.paragraphs(text, 1) {
		s.lines = append(s.lines, line{no: no, text: clean})
	}
	s.dropPages()
	s.unwrap()
}

// leastPage is how many bytes of text stand on a page at least; numbers that
// are closer are of a table.
const leastPage = 400

// dropPages leaves out numbers of pages and lines that stand with one on every
// page, and joins the paragraphs that they cut.
func (s *splitter) dropPages() {
	heads := map[string]int{}
	lone, rising, before, between := 0, true, 0, 0
	for _, l := range s.lines {
		text, n := pageLine(l.text)
		switch {
		case n == 0:
			between += len(l.text)
		case text == "":
			rising = rising && (lone == 0 || n == before+1)
			lone, before = lone+1, n
		default:
			heads[text]++
		}
	}
	pages := rising && lone > 2 && between/lone > leastPage
	var j joiner
	cut := false
	for _, l := range s.lines {
		text, n := pageLine(l.text)
		if n > 0 && (text == "" && pages || text != "" && (heads[text] > 2 || bareFoot(text))) {
			s.law.remark("split.page.left", "", l.no, l.text)
			cut = true
			continue
		}
		if cut && len(j.parts) > 0 && isCut(j.parts[len(j.parts)-1]) && !s.marked(l.text) {
			j.goOn(l.text)
		} else {
			j.begin(l)
		}
		cut = false
	}
	s.lines = j.end()
}

// pageLine returns the number of a page that a line ends or begins with, and
// the rest of it; 0 for what is no such line.
func pageLine(s string) (string, int) {
	if len(s) > 400 {
		return s, 0
	}
	text := strings.TrimFunc(s, func(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune(" -–—|/.[]()", r) })
	digits := strings.TrimFunc(strings.Replace(s, text, " ", 1), func(r rune) bool { return !unicode.IsDigit(r) })
	if i := strings.IndexFunc(digits, func(r rune) bool { return !unicode.IsDigit(r) }); i >= 0 {
		digits = digits[:i]
	}
	n := value(persian.ASCIIDigits(digits))
	if text == "" {
		return "", n
	}
	low := strings.ToLower(strings.TrimRight(text, " :،,"))
	for _, word := range []string{"صفحه", "ص", "page", "p", "الصفحة"} {
		if rest, ok := strings.CutSuffix(low, word); ok && (rest == "" || !unicode.IsLetter(lastOf(rest))) {
			return low, n
		}
	}
	if strings.HasPrefix(low, "page ") || strings.HasPrefix(low, "صفحه ") {
		return low, n
	}
	return s, 0
}

func lastOf(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// bareFoot reports whether the rest of a line with the number of a page says
// nothing but that it is one.
func bareFoot(text string) bool {
	return text == "page" || text == "صفحه" || text == "الصفحة" || strings.HasPrefix(text, "page ") && len(text) < 20
}

// isCut reports whether a paragraph goes on after its end.
func isCut(s string) bool { return !strings.ContainsRune(".:؛!?؟»", lastRune(s)) }

func (s *splitter) marked(text string) bool {
	if m, ok := wordMark(text); ok && m.sure {
		return true
	}
	_, ok := itemMark(text)
	return ok
}

// readMarks reads what each line begins with, and divides lines that hold more
// than one mark.
func (s *splitter) readMarks() {
	var lines []line
	for i, l := range s.lines {
		if s.ended() != nil {
			return
		}
		for _, part := range s.inline(l, maxLines-len(lines)-len(s.lines)+i) {
			if part.mark.kind == "" {
				part.mark = s.readMark(part.text)
			} else {
				part.mark.rest = strings.TrimSpace(strings.TrimPrefix(part.text, part.mark.label))
			}
			lines = append(lines, part)
		}
	}
	s.lines = lines
	s.dropContents()
	s.settleWords()
	expected := 1
	for i := range s.lines {
		s.checkMark(i, &expected)
	}
}

// readMark returns the mark of a line, of no kind if it has none.
func (*splitter) readMark(text string) mark {
	if m, ok := wordMark(text); ok {
		return m
	}
	if m, ok := itemMark(text); ok {
		return m
	}
	return mark{}
}
