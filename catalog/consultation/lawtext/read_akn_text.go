package lawtext

import (
	"strings"
	"unicode"
)

// end closes the element that was opened last.
func (a *aknReader) end() {
	e := a.top()
	var p *Provision
	if e.at >= 0 && !e.quoted && !e.cell {
		p = &a.law.Provisions[e.at]
	}
	switch {
	case e.name == "authorialNote":
		a.notes = append(a.notes, cleanLine(a.buf.String(), a.law.Lang))
		a.buf.Reset()
		a.buf.WriteString(e.saved)
	case e.name == "num" && p != nil && p.Label == "" && p.Heading == "":
		p.Label = cleanLine(a.buf.String(), a.law.Lang)
		p.Num = aknNum(p.Label, p.Kind)
		a.buf.Reset()
	case e.name == "num":
		a.buf.WriteByte(' ')
	case (e.name == "heading" || e.name == "subheading") && p != nil:
		p.Heading = strings.TrimSpace(p.Heading + " " + cleanLine(a.buf.String(), a.law.Lang))
		a.buf.Reset()
		a.flush()
	case e.name == "docTitle" || e.name == "shortTitle":
		a.title(e)
	case e.name != "td" && e.name != "th":
		a.parted(e.name)
	}
	a.stack = a.stack[:len(a.stack)-1]
}

// title keeps the title of the law, and that of a document beside it as its
// heading. Both also stay in the text.
func (a *aknReader) title(e *aknElement) {
	text := cleanLine(a.buf.String()[min(e.from, a.buf.Len()):], a.law.Lang)
	switch {
	case e.law && (a.law.Title == "" || !a.titled) && text != "":
		a.law.Title, a.titled = text, true
	case e.annex >= 0 && e.annex < len(a.law.Provisions):
		if p := &a.law.Provisions[e.annex]; p.Label == "" && p.Heading == "" {
			p.Label = text
		}
	case a.law.Title == "":
		a.law.Title = text
	}
}

// flush puts the paragraph that was read, and the notes in it, where they
// belong.
func (a *aknReader) flush() {
	text := cleanLine(a.buf.String(), a.law.Lang)
	a.buf.Reset()
	notes := a.notes
	a.notes = nil
	if text == "" && len(notes) == 0 {
		return
	}
	e := a.top()
	if e.at < 0 {
		a.add(&line{no: a.line(), mark: mark{kind: Paragraph}}, 0)
		for i := range a.stack {
			if a.stack[i].at < 0 {
				a.stack[i].at = len(a.law.Provisions) - 1
			}
		}
	}
	for _, s := range append([]string{text}, notes...) {
		if s != "" {
			a.texts[e.at] = append(a.texts[e.at], s)
		}
	}
}

// aknNum returns the number of a provision from its label.
func aknNum(label string, kind Kind) string {
	if m, ok := wordMark(label); ok && m.num != "" {
		return m.num
	}
	s := strings.TrimFunc(label, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if kind != Item && kind != Paragraph {
		if n, ok := readNumber(s); ok {
			return n.text
		}
	}
	if n, ok := readDigits(s); ok {
		return n.text
	}
	return plainNum(s[:min(len(s), 40)])
}
