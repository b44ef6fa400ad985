package revision

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// A role is how a provision is compared.
type role uint8

const (
	container role = iota // holds units: a book, a chapter
	unit                  // is compared with all that is in it: an article
	part                  // is in a unit: a note, an item
)

// An outline is a law as it is compared.
type outline struct {
	law     []lawtext.Provision
	parent  []int // -1 at the top
	role    []role
	unit    []int     // which unit a unit or part belongs to, -1 of containers
	end     []int     // behind the last provision in it
	heading []text    // of its heading
	body    []text    // of its text
	own     [][]int32 // atoms of heading and text
}

// newOutlines reads two laws into their outlines, with their words.
func newOutlines(lex *lexicon, a, b []lawtext.Provision) (first, second *outline) {
	type scans struct{ heading, body []scan }
	learn := func(law []lawtext.Provision) scans {
		s := scans{make([]scan, len(law)), make([]scan, len(law))}
		for i := range law {
			s.heading[i], s.body[i] = lex.scan(law[i].Heading), lex.scan(law[i].Text)
		}
		return s
	}
	read := func(law []lawtext.Provision, s scans) *outline {
		o := outlineOf(law)
		for i := range law {
			o.heading[i], o.body[i] = lex.text(s.heading[i]), lex.text(s.body[i])
			o.own[i] = o.body[i].atoms
			if len(o.heading[i].atoms) > 0 {
				o.own[i] = slices.Concat(o.heading[i].atoms, o.body[i].atoms)
			}
		}
		return o
	}
	scansA, scansB := learn(a), learn(b)
	return read(a, scansA), read(b, scansB)
}

// outlineOf tells what holds what in a law, without its words.
func outlineOf(law []lawtext.Provision) *outline {
	n := len(law)
	o := &outline{
		law: law, parent: parents(law), role: make([]role, n), unit: make([]int, n), end: make([]int, n),
		heading: make([]text, n), body: make([]text, n), own: make([][]int32, n),
	}
	holds := make([]bool, n) // it has something in it that is no part
	for i := n - 1; i >= 0; i-- {
		o.end[i] = max(o.end[i], i+1)
		p := o.parent[i]
		if p < 0 {
			continue
		}
		o.end[p] = max(o.end[p], o.end[i])
		switch law[i].Kind {
		case lawtext.Paragraph, lawtext.Item, lawtext.Note:
			holds[p] = holds[p] || holds[i]
		default:
			holds[p] = true
		}
	}
	for i := range law {
		o.unit[i] = -1
		if p := o.parent[i]; p >= 0 && o.unit[p] >= 0 {
			o.role[i], o.unit[i] = part, o.unit[p]
		} else if law[i].Kind == lawtext.Article || !holds[i] {
			o.role[i], o.unit[i] = unit, i
		}
	}
	return o
}

// parents returns the place of each provision's parent. A parent that is not
// there, or not before it, is none.
func parents(law []lawtext.Provision) []int {
	at := make(map[string]int, len(law))
	list := make([]int, len(law))
	for i := range law {
		list[i] = -1
		if law[i].Parent != "" {
			if p, ok := at[law[i].Parent]; ok {
				list[i] = p
			}
		}
		if _, twice := at[law[i].Address]; !twice {
			at[law[i].Address] = i
		}
	}
	return list
}

// units returns the units as pieces, each with all words in it.
func (o *outline) units() []piece {
	var list []piece
	for i := range o.law {
		if o.role[i] != unit {
			continue
		}
		words := o.own[i]
		if o.end[i] > i+1 {
			words = nil
			for j := i; j < o.end[i]; j++ {
				if o.unit[j] == i {
					words = append(words, o.own[j]...)
				}
			}
		}
		p := newPiece(i, o.law[i].Address, words)
		p.parts = o.parts([]int{i})
		list = append(list, p)
	}
	return list
}

// parts returns what is in some units, itself not counted.
func (o *outline) parts(units []int) []piece {
	var list []piece
	for _, u := range units {
		for i := u + 1; i < o.end[u]; i++ {
			if o.unit[i] == u {
				list = append(list, newPiece(i, o.law[i].Address[min(len(o.law[u].Address), len(o.law[i].Address)):], o.own[i]))
			}
		}
	}
	return list
}

// rest returns the units and parts that have no partner yet and more than some words.
func (o *outline) rest(group []int) []piece {
	const few = 3
	var list []piece
	for i := range o.law {
		if group[i] < 0 && o.role[i] != container && len(o.own[i]) > few {
			list = append(list, newPiece(i, o.law[i].Address, o.own[i]))
		}
	}
	return list
}
