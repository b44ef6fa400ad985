package lawtext

import "strings"

// check tells of what the whole text lacks.
func (s *splitter) check() {
	if s.law.Articles() == 0 {
		s.law.remark("split.articles.none", "", 0)
	}
	for i := len(s.law.Provisions) - 1; i >= 0; i-- {
		if p := &s.law.Provisions[i]; p.Kind == Paragraph && p.Depth == 0 && closes(p.Text) {
			s.checkCount(i, "split.count.articles", "ماده", s.law.count(Article))
			s.checkCount(i, "split.count.notes", "تبصره", s.law.count(Note))
			return
		}
	}
}

// checkCount compares what the end of a law says of how many articles or notes
// it has with what was found.
func (s *splitter) checkCount(i int, kind, word string, found int) {
	p := &s.law.Provisions[i]
	_, text, _ := strings.Cut(p.Text, "مشتمل بر")
	if end := strings.IndexAny(text, "\n."); end >= 0 {
		text = text[:end]
	}
	before, _, ok := strings.Cut(text, word)
	if !ok {
		return
	}
	if at := strings.LastIndex(before, "ماده"); at >= 0 {
		before = strings.TrimPrefix(strings.TrimLeft(before[at+len("ماده"):], " "), "و ")
	}
	before = strings.TrimLeft(before, " (")
	if n, ok := readNumber(before); ok && strings.Trim(before[n.end:], " )") == "" && n.n != found {
		s.law.remark(kind, p.Address, s.begins[i], int64(n.n), int64(found))
	}
}
