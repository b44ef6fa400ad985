package lawtext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// Split divides a text into provisions. It never fails: a text without marks
// is one provision, and a remark says so. What Format wrote is read back.
// What is behind MaxText is left out.
func Split(text string) Law {
	law, _ := split(func() error { return nil }, text)
	return law
}

// split is Split until ended tells why it is not to go on.
func split(ended func() error, text string) (Law, error) {
	text = strings.ToValidUTF8(text[:min(len(text), MaxText)], string(utf8.RuneError))
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n").Replace(text)
	if law, ok := parse(text); ok {
		return law, ended()
	}
	s := &splitter{law: &Law{Lang: language(text)}, ended: ended}
	s.readLines(text)
	s.looks = looksPerLine * (len(s.lines) + maxAhead)
	s.readMarks()
	s.build()
	if err := ended(); err != nil {
		return Law{}, err
	}
	s.law.settle(s.begins)
	s.check()
	return *s.law, nil
}

// A line is a paragraph of the text, and what it begins with.
type line struct {
	no   int
	text string
	mark mark // of no kind for a paragraph without one
	says says // once it was asked
}

// A splitter divides one text.
type splitter struct {
	law    *Law
	lines  []line
	begins []int      // by provision, the line that it begins on
	texts  [][]string // by provision, its paragraphs

	next       int         // the number of the article that comes next, as far as lines are read
	full       bool        // there are no more provisions
	inlines    bool        // articles stand in the middle of paragraphs
	containers []container // that are open
	outer      map[string]string
	inArticle  bool   // an article is open
	number     int    // of the last article
	articles   bool   // the text has some
	nodes      []node // items and notes that are open, in the article or else in the container
	looks      int    // how many lines more are looked at ahead of or behind others
	ended      func() error
}

// A container is a book, part, title, chapter, section or annex that is open.
type container struct {
	word  string
	rank  int
	fresh bool // nothing but its heading has been read
}

// A node is an item or a note that is open.
type node struct {
	kind  Kind
	style string
	n     int
	due   int // the number that it should have had; another is a misprint if the list goes on with the next
}

// add begins a provision, whose text begins with the rest of the line.
func (s *splitter) add(l *line, depth int) {
	if len(s.law.Provisions) == MaxProvisions {
		if !s.full {
			s.full = true
			s.law.remark("split.provisions.many", "", l.no, int64(MaxProvisions))
		}
		s.put(strings.TrimSpace(l.mark.label + " " + l.mark.rest))
		return
	}
	s.law.Provisions = append(s.law.Provisions, Provision{Depth: min(depth, MaxDepth-1), Kind: l.mark.kind, Num: l.mark.num, Label: l.mark.label})
	s.begins = append(s.begins, l.no)
	s.texts = append(s.texts, nil)
	s.put(l.mark.rest)
	for i := range s.containers {
		s.containers[i].fresh = s.containers[i].fresh && l.mark.rank > 0
	}
}

// put adds a paragraph to the last provision.
func (s *splitter) put(paragraph string) {
	if n := len(s.texts) - 1; paragraph != "" {
		s.texts[n] = append(s.texts[n], paragraph)
	}
}

func (s *splitter) last() *Provision { return &s.law.Provisions[len(s.law.Provisions)-1] }

// build makes the provisions of the lines.
func (s *splitter) build() {
	s.outer = map[string]string{}
	for i := range s.lines {
		l := &s.lines[i]
		if s.ended() != nil {
			return
		}
		switch k := l.mark.kind; {
		case k == "":
			s.paragraph(i)
		case k == Article || l.mark.rank == 0 && k == Section:
			s.openArticle(i)
		case k == Note:
			s.openNote(i)
		case k == Item:
			s.openItem(i)
		default:
			s.openContainer(i)
		}
	}
	s.join()
}

// join puts the paragraphs together.
func (s *splitter) join() {
	for i := range s.law.Provisions {
		s.law.Provisions[i].Text = strings.Join(s.texts[i], "\n")
	}
}

// paragraph puts a line without a mark where it belongs.
func (s *splitter) paragraph(i int) {
	l := &s.lines[i]
	switch n := len(s.law.Provisions); {
	case n == 0 && s.law.Title == "" && isTitle(l.text):
		s.law.Title = l.text
	case n == 0:
		s.add(&line{no: l.no, mark: mark{kind: Preamble, rest: l.text}}, 0)
	case closes(l.text) && s.inArticle:
		s.containers, s.nodes, s.inArticle = nil, nil, false
		s.add(&line{no: l.no, mark: mark{kind: Paragraph, rest: l.text}}, 0)
	case s.headingBelow(i):
		s.last().Heading = l.text
	default:
		s.put(l.text)
	}
}

// headingBelow reports whether a line is the heading of the container, or of
// the article in English, whose mark stands alone on the line before.
func (s *splitter) headingBelow(i int) bool {
	p := s.last()
	if i == 0 || p.Heading != "" || len(s.texts[len(s.texts)-1]) > 0 || s.lines[i-1].mark.kind == "" || s.lines[i-1].mark.rest != "" {
		return false
	}
	inner := p.Kind == Article || p.Kind == Item || p.Kind == Note || p.Kind == Preamble || p.Kind == Paragraph
	if inner && (p.Kind != Article || s.law.Lang != "en" || i+1 == len(s.lines) || s.lines[i+1].mark.kind == Article) {
		return false
	}
	return isHeading(s.lines[i].text)
}

const maxHeading = 160

// isHeading reports whether a text can be a heading: short, and no sentence.
func isHeading(s string) bool {
	return utf8.RuneCountInString(s) <= maxHeading && firstLetter(s) && !strings.ContainsRune(".:;؛،!?؟", lastRune(s))
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " )»\"]”'"))
	return r
}

// titleWords are words of which the titles of laws have one, folded.
var titleWords = []string{
	"قانون", "ایین نامه", "لایحه", "طرح", "اساسنامه", "دستورالعمل", "پیش نویس", "پیشنویس", "تصویب نامه", "تصویبنامه", "اصلاحیه", "ضوابط",
	"نظام نامه", "نظامنامه", "مقررات", "شیوه نامه", "بخشنامه", "سند", "منشور", "دستور", "مرسوم",
	"act", "law", "regulation", "regulations", "bill", "code", "ordinance", "constitution", "rule", "rules", "directive", "decree", "statute",
	"charter", "order",
}

// isTitle reports whether a text is the title of a law.
func isTitle(s string) bool {
	if !isHeading(s) {
		return false
	}
	words := strings.FieldsFunc(persian.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) })
	joined := " " + strings.Join(words, " ") + " "
	return slices.ContainsFunc(titleWords, func(w string) bool { return strings.Contains(joined, " "+w+" ") })
}

// closes reports whether a paragraph is the sentence that ends a law: «قانون
// فوق مشتمل بر هفتاد و سه ماده …».
func closes(s string) bool {
	at := strings.Index(s, "مشتمل بر")
	return at >= 0 && utf8.RuneCountInString(s[:at]) < 60 && strings.Contains(s[at:], "ماده")
}
