// Package lawtext splits the texts of laws and of their drafts into provisions:
// books, parts, titles, chapters, sections, articles, and the paragraphs, items
// and notes in them, each with an address that stays. It reads Persian, Arabic
// and English texts with the marks they are written with («ماده ۱ـ», «ماده
// واحده», «اصل اول», «تبصره ۲», "Article 1", "Sec. 2", "§ 3"), and Akoma Ntoso.
//
// What it is not sure of, or what looks wrong in a text, it tells in remarks.
// Nothing of the words of a law is lost: each is in exactly one provision, in
// its label or in the title.
package lawtext

import (
	"slices"
	"strings"
)

// Kind is what a provision is, in the terms of Akoma Ntoso where it has one.
type Kind string

// The kinds of provisions. An Item is a «بند» or «جزء», a point of a list; a
// Note is a «تبصره», which limits or explains what it stands in.
const (
	Preamble  Kind = "preamble"
	Book      Kind = "book"
	Part      Kind = "part"
	Title     Kind = "title"
	Chapter   Kind = "chapter"
	Section   Kind = "section"
	Article   Kind = "article"
	Paragraph Kind = "paragraph"
	Item      Kind = "item"
	Note      Kind = "note"
	Annex     Kind = "annex"
)

// abbreviations are the kinds as addresses have them.
var abbreviations = map[Kind]string{
	Preamble: "preamble", Book: "book", Part: "part", Title: "title", Chapter: "chp", Section: "sec",
	Article: "art", Paragraph: "para", Item: "item", Note: "note", Annex: "annex",
}

// A Provision is a numbered piece of a law, or text that stands between such
// pieces. The provisions of a law are a list in the order of the text; each
// stands after its parent.
type Provision struct {
	Address string // its whole path in the style of eIds, "part_3__art_12__note_2"; unique in the law, of a-z, 0-9, _ and -
	Parent  string // the address of what it is in, empty at the top
	Depth   int    // how many provisions it is in
	Kind    Kind
	Num     string // "12", "12bis" for «۱۲ مکرر», "single" for «ماده واحده», "alef" for «الف»; empty for what has none
	Label   string // as the text writes it: «ماده ۱۲–»
	Heading string
	Text    string // its own, without that of its children: plain, paragraphs parted by "\n"
}

// A Law is a text that is split into provisions.
type Law struct {
	Title      string // empty where the text has none
	Lang       string // fa, ar or en; of Akoma Ntoso what the file says
	Provisions []Provision
	Remarks    []Remark
}

// Articles returns how many provisions of the law are articles; of a law that
// is divided into sections instead, how many are sections.
func (l *Law) Articles() int {
	if n := l.count(Article); n > 0 {
		return n
	}
	return l.count(Section)
}

func (l *Law) count(kind Kind) int {
	n := 0
	for i := range l.Provisions {
		if l.Provisions[i].Kind == kind {
			n++
		}
	}
	return n
}

// Bounds of what is read as one law.
const (
	MaxSize       = 20 << 20 // bytes of a file
	MaxText       = 8 << 20  // bytes of the text in it
	maxParagraph  = 1 << 20  // bytes of one
	MaxDepth      = 64       // provisions in each other
	MaxProvisions = 50_000
	maxRemarks    = 1000
	maxQuoted     = 300 // bytes of the text in a remark
)

// remark keeps what is to be said of a provision, or of a line where the text
// stood, at most maxRemarks times.
func (l *Law) remark(kind, address string, line int, args ...any) {
	if len(l.Remarks) == maxRemarks {
		l.Remarks = append(l.Remarks, Remark{Kind: "split.many", Args: []any{int64(maxRemarks)}})
	}
	for i, a := range args {
		if text, ok := a.(string); ok && len(text) > maxQuoted {
			args[i] = strings.ToValidUTF8(text[:maxQuoted], "") + "…"
		}
	}
	if len(l.Remarks) < maxRemarks {
		l.Remarks = append(l.Remarks, Remark{Kind: kind, Address: address, Line: line, Args: args})
	}
}

// has reports whether the law has a remark of a kind.
func (l *Law) has(kind string) bool {
	return slices.ContainsFunc(l.Remarks, func(r Remark) bool { return r.Kind == kind })
}
