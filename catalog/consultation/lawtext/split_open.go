package lawtext

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// openArticle begins the article of a line.
func (s *splitter) openArticle(i int) {
	l := &s.lines[i]
	s.nodes, s.inArticle, s.number = s.nodes[:0], true, l.mark.n
	s.opened(i, len(s.containers))
	if s.law.Lang == "en" && i+1 < len(s.lines) && s.lines[i+1].mark.kind != l.mark.kind && (isHeading(l.mark.rest) || l.mark.kind == Section && isCaption(l.mark.rest)) {
		s.asHeading()
	}
}

// isCaption reports whether a text can be the heading of a section, which ends
// as a sentence does: "SHORT TITLE."
func isCaption(s string) bool {
	s, ok := strings.CutSuffix(s, ".")
	return ok && isHeading(s) && utf8.RuneCountInString(s) <= maxHeading/2 && !strings.ContainsAny(s, ".;:")
}

// opened adds the provision of a line, and the item that its text begins with,
// if it does: «ماده ۵- الف- …».
func (s *splitter) opened(i, depth int) {
	l := &s.lines[i]
	first, ok := itemMark(l.mark.rest)
	if ok && first.n == 1 && s.goesOn(i, first.word) {
		bare := *l
		bare.mark.rest = ""
		s.add(&bare, depth)
		s.nodes = append(s.nodes, node{Item, first.word, 1, 1})
		s.add(&line{no: l.no, mark: first}, depth+1)
		return
	}
	s.add(l, depth)
}

// goesOn reports whether the next item after a line is the second of a list of
// the style.
func (s *splitter) goesOn(i int, style string) bool {
	for _, l := range s.ahead(i + 1) {
		switch l.mark.kind {
		case "":
		case Item:
			if l.mark.n == 1 {
				continue // of a list in the first item
			}
			if l.mark.word == style {
				_, sure := follows(style, 1, l.mark.n)
				return sure
			}
		default:
			return false
		}
	}
	return false
}

// asHeading makes the text of the last provision its heading.
func (s *splitter) asHeading() {
	n := len(s.texts) - 1
	if len(s.texts[n]) == 1 {
		s.last().Heading, s.texts[n] = s.texts[n][0], nil
	}
}

// openContainer begins a book, part, title, chapter, section, annex or the
// preamble, and closes what it is not in.
func (s *splitter) openContainer(i int) {
	l := &s.lines[i]
	s.nodes, s.inArticle = s.nodes[:0], false
	switch l.mark.kind {
	case Preamble:
		s.containers = s.containers[:0]
		s.add(l, 0)
		return
	case Annex:
		s.containers = s.containers[:0]
	default:
		s.closeFor(l.mark)
	}
	s.add(l, len(s.containers))
	s.containers = append(s.containers, container{l.mark.word, l.mark.rank, true})
	if isHeading(l.mark.rest) || l.mark.kind != Annex && utf8.RuneCountInString(l.mark.rest) <= 2*maxHeading {
		s.asHeading()
	}
}

// closeFor closes the containers that one with the mark is not in. Which kind
// holds which differs by the law: the first that comes directly under the
// heading of another is in it; of kinds of one rank, the first to appear is
// the outer one.
func (s *splitter) closeFor(m mark) {
	if at := slices.IndexFunc(s.containers, func(c container) bool { return c.word == m.word }); at >= 0 {
		s.containers = s.containers[:at]
		return
	}
	for len(s.containers) > 0 {
		top := s.containers[len(s.containers)-1]
		inside := top.rank < m.rank || top.fresh && m.n == 1
		if top.rank == m.rank && !inside {
			if s.outer[m.word] == "" && s.outer[top.word] != m.word {
				s.outer[m.word] = top.word
			}
			inside = s.outer[m.word] == top.word
		}
		if inside {
			return
		}
		s.containers = s.containers[:len(s.containers)-1]
	}
}

// base is how deep items stand that are in no other.
func (s *splitter) base() int {
	if s.inArticle {
		return len(s.containers) + 1
	}
	return len(s.containers)
}

// openItem begins an item, if its number fits to a list.
func (s *splitter) openItem(i int) {
	l := &s.lines[i]
	if !s.inArticle && len(s.containers) == 0 && s.articles {
		s.paragraph(i)
		return
	}
	keep, ok := s.place(&l.mark)
	if !ok {
		s.paragraph(i)
		return
	}
	keep = min(keep, MaxDepth)
	due := l.mark.n
	if keep < len(s.nodes) && s.nodes[keep].kind == Item && due > 1 {
		due = s.nodes[keep].due + 1
	}
	s.nodes = append(s.nodes[:keep], node{Item, l.mark.word, l.mark.n, due})
	s.opened(i, s.base()+keep)
}

// place returns in how many of the open nodes an item is, and whether it is
// one at all: the next of an open list, the first of a new one, or one whose
// number jumps.
func (s *splitter) place(m *mark) (int, bool) {
	if other, ok := m.asRoman(); ok && !s.continues(*m) && (s.continues(other) || other.n == 1) {
		*m = other
	}
	if m.under > 0 {
		return s.placeUnder(m)
	}
	same := -1
	for k := len(s.nodes) - 1; k >= 0; k-- {
		n := s.nodes[k]
		if n.kind != Item || n.style != m.word {
			continue
		}
		if n.next(m.n) {
			return k, true
		}
		if same < 0 {
			same = k
		}
	}
	colon := strings.HasSuffix(s.lastParagraph(), ":")
	switch {
	case m.n == 1 && (same < 0 || colon || s.nodes[len(s.nodes)-1].kind == Note):
		return len(s.nodes), true
	case m.n == 1:
		return same, true
	case same >= 0:
		may, _ := follows(m.word, s.nodes[same].n, m.n)
		return same, may && m.n-s.nodes[same].n < 10 || m.n == s.nodes[same].n
	}
	return len(s.nodes), colon && strings.TrimPrefix(m.word, "(") == numbered && m.n < 10
}

// placeUnder returns in how many of the open nodes an item is that names the one
// above it, «۲-۱-», which may be the article. Texts that are turned around have
// the numbers the other way round.
func (s *splitter) placeUnder(m *mark) (int, bool) {
	for range 2 {
		for k := len(s.nodes) - 1; k >= 0; k-- {
			if n := s.nodes[k]; n.kind == Item && n.style == numbered && n.n == m.under {
				return k + 1, true
			}
		}
		if s.inArticle && s.number == m.under {
			return 0, true
		}
		m.under, m.n, m.num = m.n, m.under, strconv.Itoa(m.under)
	}
	return 0, false
}

// continues reports whether an item is the next of an open list.
func (s *splitter) continues(m mark) bool {
	return slices.ContainsFunc(s.nodes, func(n node) bool {
		return n.kind == Item && n.style == m.word && n.next(m.n)
	})
}

// next reports whether an item with a number goes on with the list of another.
func (n node) next(m int) bool {
	_, sure := follows(n.style, n.n, m)
	if n.due != n.n && !sure && strings.TrimPrefix(n.style, "(") == numbered {
		sure = m == n.due+1
	}
	return sure
}

// lastParagraph returns what was read last.
func (s *splitter) lastParagraph() string {
	if n := len(s.texts) - 1; n >= 0 && len(s.texts[n]) > 0 {
		return s.texts[n][len(s.texts[n])-1]
	}
	return ""
}

// openNote begins a note.
func (s *splitter) openNote(i int) {
	if len(s.law.Provisions) == 0 {
		s.add(&s.lines[i], 0)
		return
	}
	keep := s.noteIn(i)
	s.nodes = append(s.nodes[:keep], node{kind: Note, n: s.lines[i].mark.n})
	s.opened(i, s.base()+keep)
}

// noteIn returns in how many of the open nodes a note is. One that goes on
// with the numbers of another is beside it; one after which a list goes on is
// in the last item of that list; another is in the article, unless it says
// that it is about «این بند».
func (s *splitter) noteIn(i int) int {
	m := s.lines[i].mark
	for k := len(s.nodes) - 1; k >= 0; k-- {
		if n := s.nodes[k]; n.kind == Note && (m.n == n.n+1 || m.n == 0) {
			return k
		}
	}
	items := len(s.nodes)
	for k, n := range s.nodes {
		if n.kind == Note {
			items = k
			break
		}
	}
	if items == 0 {
		return 0
	}
	own := map[string]int{} // lists that begin in the notes
	about := 0
	for _, l := range s.ahead(i) {
		k := l.mark.kind
		if k != "" && k != Item && k != Note {
			break
		}
		if k == Item {
			if in := s.listOf(l.mark, own, items); in > 0 {
				return in
			}
		}
		switch said := l.about(); {
		case said == saysArticle:
			about = -1
		case about == 0 && said == saysItem:
			about = 1
		}
	}
	return max(about, 0)
}

// What a line says it is about.
type says int8

const (
	saysNothing says = iota + 1
	saysArticle      // «این ماده»
	saysItem         // «این بند»
)

// about returns what the line says that it is about, which is looked for once.
func (l *line) about() says {
	switch {
	case l.says != 0:
	case strings.Contains(l.text, "این ماده"):
		l.says = saysArticle
	case strings.Contains(l.text, "این بند") || strings.Contains(l.text, "این جزء"):
		l.says = saysItem
	default:
		l.says = saysNothing
	}
	return l.says
}

// listOf returns in how many of the open items what stands before an item is,
// since their list goes on with it; 0 if it is of a list in a note.
func (s *splitter) listOf(m mark, own map[string]int, items int) int {
	if n, ok := own[m.word]; ok {
		if _, sure := follows(m.word, n, m.n); sure {
			own[m.word] = m.n
			return 0
		}
	}
	for k := items - 1; k >= 0; k-- {
		if s.nodes[k].style == m.word {
			if s.nodes[k].next(m.n) {
				return k + 1
			}
		}
	}
	own[m.word] = m.n
	return 0
}
