package lawtext

import (
	"strings"
	"unicode/utf8"
)

// The widths of lines that were broken by a program, in characters.
const (
	narrowest = 50
	widest    = 110
)

// unwrap joins the lines of a text that is broken into lines of one width to
// paragraphs: a line goes on with the one before that it follows at once, if
// that one is nearly full.
func (s *splitter) unwrap() {
	full, followed := 0, 0
	for i, l := range s.lines {
		n := utf8.RuneCountInString(l.text)
		if n > widest {
			return
		}
		if i+1 < len(s.lines) && s.lines[i+1].no == l.no+1 {
			followed++
			full += min(n/narrowest, 1)
		}
	}
	if full < 20 || full*10 < followed*8 {
		return
	}
	s.law.remark("split.wrapped", "", 0)
	var j joiner
	before := line{no: -1}
	for _, l := range s.lines {
		if l.no != before.no+1 || utf8.RuneCountInString(before.text) < narrowest || s.marked(l.text) {
			j.begin(l)
		} else {
			j.goOn(l.text)
		}
		before = l
	}
	s.lines = j.end()
}

// A joiner puts lines together.
type joiner struct {
	lines []line
	parts []string // of the last line
}

// begin begins a line.
func (j *joiner) begin(l line) {
	j.lines = append(j.end(), l)
	j.parts = append(j.parts, l.text)
}

// goOn adds to the last line.
func (j *joiner) goOn(text string) { j.parts = append(j.parts, text) }

// end returns the lines.
func (j *joiner) end() []line {
	if len(j.parts) > 1 {
		j.lines[len(j.lines)-1].text = strings.Join(j.parts, " ")
	}
	j.parts = j.parts[:0]
	return j.lines
}

// dropContents drops the marks of a table of contents: lines that are headings
// and name one after the other what the text has after them.
func (s *splitter) dropContents() {
	first := -1
	for i, l := range s.ahead(0) {
		if m := &l.mark; m.sure && m.rank > 0 {
			first = i
			break
		}
	}
	if first < 0 {
		return
	}
	marks := 0
	for i, l := range s.ahead(first) {
		m := &l.mark
		switch {
		case i > 0 && m.word == s.lines[first].mark.word && m.num == s.lines[first].mark.num:
			if marks < 2 || marks*2 < i {
				return
			}
			for k := first; k < first+i; k++ {
				s.lines[k].mark = mark{}
			}
			s.law.remark("split.contents", "", s.lines[first].no, int64(i))
			return
		case !isHeading(l.text) && m.rest != "" && !isHeading(m.rest) || m.kind == "" && !isHeading(l.text):
			return
		case m.kind != "":
			marks++
		}
	}
}
