package lawtext

import (
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"

	tags "golang.org/x/text/language"
)

// kindWords are the kinds as Format writes them in Persian; in other languages
// it writes the kinds themselves. Both are read.
var kindWords = map[Kind]string{
	Preamble: "مقدمه", Book: "کتاب", Part: "بخش", Title: "باب", Chapter: "فصل", Section: "مبحث", Article: "ماده",
	Paragraph: "پاراگراف", Item: "بند", Note: "تبصره", Annex: "پیوست",
}

const formatHead = "@law"

// Format returns a law as text in which the split can be mended by hand, and
// that Split reads back into the same provisions. It begins with a line
// "@law LANGUAGE TITLE". Each provision has a line with one @ more than it has
// provisions above it, its kind and number, and behind strokes its label and
// heading; its paragraphs follow, a line each:
//
//	@@ article 12 | Article 12. | Duties
//	The agency publishes …
//
// A paragraph that begins with @ or \ has a \ before it, a stroke in a label or
// heading too.
func Format(l *Law) string {
	var b strings.Builder
	b.WriteString(strings.TrimRight(formatHead+" "+l.Lang+" "+l.Title, " ") + "\n")
	for i := range l.Provisions {
		p := &l.Provisions[i]
		word := string(p.Kind)
		if l.Lang == "fa" {
			word = kindWords[p.Kind]
		}
		b.WriteString("\n" + strings.Repeat("@", p.Depth+1) + " " + word)
		if p.Num != "" {
			b.WriteString(" " + p.Num)
		}
		if p.Label != "" || p.Heading != "" {
			b.WriteString(" | " + escapeField(p.Label))
		}
		if p.Heading != "" {
			b.WriteString(" | " + escapeField(p.Heading))
		}
		b.WriteByte('\n')
		if p.Text == "" {
			continue
		}
		for paragraph := range strings.SplitSeq(p.Text, "\n") {
			if strings.HasPrefix(paragraph, "@") || strings.HasPrefix(paragraph, `\`) {
				b.WriteByte('\\')
			}
			b.WriteString(paragraph + "\n")
		}
	}
	return b.String()
}

func escapeField(s string) string { return strings.NewReplacer(`\`, `\\`, "|", `\|`).Replace(s) }

// parse reads a text that Format wrote; ok is false for any other.
func parse(text string) (l Law, ok bool) {
	text = strings.TrimLeft(text, "\ufeff \r\n\t")
	head, rest, _ := strings.Cut(text, "\n")
	head, ok = strings.CutPrefix(head, formatHead+" ")
	if !ok {
		return Law{}, false
	}
	lang, title, _ := strings.Cut(strings.TrimSpace(head), " ")
	if _, err := tags.ParseBase(lang); err != nil {
		lang, title = language(text), head
	}
	l = Law{Lang: lang, Title: cleanLine(title, lang)}
	s := &splitter{law: &l}
	for no, text := range l.paragraphs(rest, 2) {
		depth := len(text) - len(strings.TrimLeft(text, "@"))
		fields, known := formatFields(strings.TrimSpace(text[depth:]))
		switch {
		case depth > 0 && known:
			s.add(&line{no: no, mark: mark{kind: fields.Kind, num: fields.Num, label: fields.Label}}, depth-1)
			s.last().Heading = fields.Heading
		default:
			if depth > 0 {
				l.remark("split.format.line", "", no, text)
			}
			if len(s.texts) == 0 {
				s.add(&line{no: no, mark: mark{kind: Preamble, rest: text}}, 0)
				continue
			}
			s.put(strings.TrimSpace(strings.TrimPrefix(text, `\`)))
		}
	}
	s.join()
	l.settle(s.begins)
	s.check()
	return l, true
}

// formatFields reads the line of a provision behind its @.
func formatFields(s string) (Provision, bool) {
	var fields [3]strings.Builder
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '|' && n < 2 {
			n++
			continue
		}
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		fields[n].WriteByte(s[i])
	}
	word, num, _ := strings.Cut(strings.TrimSpace(fields[0].String()), " ")
	if len(num) > 4*maxNum {
		return Provision{}, false
	}
	p := Provision{Num: plainNum(num), Label: strings.TrimSpace(fields[1].String()), Heading: strings.TrimSpace(fields[2].String())}
	for kind, w := range kindWords {
		if word == string(kind) || word == w {
			p.Kind = kind
		}
	}
	return p, p.Kind != ""
}

// plainNum returns a number as addresses have it.
func plainNum(s string) string {
	s = strings.ToLower(persian.ASCIIDigits(strings.TrimSpace(s)))
	if n, ok := readLetter(s); ok && n.end == len(s) {
		return n.text
	}
	s = strings.NewReplacer("مکرر", "bis", "واحده", "single", "/", "-", ".", "-").Replace(s)
	return strings.Trim(strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-') {
			return r
		}
		return -1
	}, s), "-")
}
