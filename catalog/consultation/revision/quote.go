package revision

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A way leads from the atoms of one text to those of another.
type way struct{ partner []int32 }

// bridgeTo returns the way from the text of a provision to that of another.
func (p *Placer) bridgeTo(i, j int) *way {
	w, ok := p.bridge[[2]int{i, j}]
	if !ok {
		w = &way{partners(&p.a.body[i], &p.b.body[j])}
		p.bridge[[2]int{i, j}] = w
	}
	return w
}

// through places a quote that stands at a place of provision i in provision j.
func (p *Placer) through(an Anchor, i, j int, at place) Placement {
	if p.a.law[i].Text == p.b.law[j].Text {
		return p.stands(an, j, at)
	}
	from, to := &p.a.body[i], &p.b.body[j]
	first, end := from.covering(at)
	partner := p.bridgeTo(i, j).partner
	if inOneRun(partner[first:end]) && first < end && partner[first] >= 0 {
		whole := place{to.places[partner[first]].start, to.places[partner[end-1]].end}
		return p.stands(an, j, to.trim(whole, an.Quote))
	}
	if near, ok := p.find(to, an, to.nearest(partner, first)); ok && p.sure(to, an, near) {
		return p.stands(an, j, near)
	}
	low, high := bounds(partner, first, end, len(to.atoms))
	if low >= high {
		gone := an
		gone.Address = p.b.law[j].Address
		return Placement{gone, VerdictRemoved, -1, -1}
	}
	return p.placed(an, j, place{to.places[low].start, to.places[high-1].end}, VerdictChanged)
}

// covering returns the atoms that a place touches.
func (t *text) covering(at place) (first, end int) {
	first = sort.Search(len(t.places), func(i int) bool { return t.places[i].end > at.start })
	end = sort.Search(len(t.places), func(i int) bool { return t.places[i].start >= at.end })
	return first, max(first, end)
}

// trim takes from words what the quote leaves out of the first and the last, and
// gives them the white space that it has.
func (t *text) trim(at place, quote string) place {
	space := func(r rune) bool { return unicode.IsSpace(r) || dropped(r) }
	start := len(strings.TrimRightFunc(t.source[:at.start], space))
	end := len(t.source) - len(strings.TrimLeftFunc(t.source[at.end:], space))
	if k := strings.Index(t.source[start:end], quote); k >= 0 {
		return place{start + k, start + k + len(quote)}
	}
	return at
}

// nearest returns where the partner stands of the last atom up to one that has
// a partner.
func (t *text) nearest(partner []int32, atom int) int {
	for k := min(atom, len(partner)-1); k >= 0; k-- {
		if partner[k] >= 0 {
			return t.places[partner[k]].start
		}
	}
	return 0
}

// bounds returns which atoms of b stand in place of some of a.
func bounds(partner []int32, first, end, lenB int) (low, high int) {
	low, high = 0, lenB
	for k := first - 1; k >= 0; k-- {
		if partner[k] >= 0 {
			low = int(partner[k]) + 1
			break
		}
	}
	for k := end; k < len(partner); k++ {
		if partner[k] >= 0 {
			high = int(partner[k])
			break
		}
	}
	return low, high
}

// find returns where the quote stands in a text: as it is written, else word by
// word. Of several places it takes the one whose surroundings are most like
// those of the anchor, then the one nearest to a byte, if one is given.
func (p *Placer) find(t *text, an Anchor, near int) (place, bool) {
	const most = 64 // places that are looked at
	var found []place
	for at := 0; len(found) < most; {
		k := strings.Index(t.source[at:], an.Quote)
		if k < 0 {
			break
		}
		found = append(found, place{at + k, at + k + len(an.Quote)})
		at += k + max(1, len(an.Quote))
	}
	if len(found) == 0 {
		quote := p.lex.read(an.Quote).atoms
		for at := 0; len(quote) > 0 && len(found) < most; at++ {
			if at = find(t.atoms, quote, at); at < 0 {
				break
			}
			found = append(found, place{t.places[at].start, t.places[at+len(quote)-1].end})
		}
	}
	if len(found) < 2 {
		return append(found, place{-1, -1})[0], len(found) == 1
	}
	slices.SortStableFunc(found, func(x, y place) int {
		return cmp.Or(cmp.Compare(t.beside(y, an), t.beside(x, an)), cmp.Compare(away(x, near), away(y, near)))
	})
	return found[0], true
}

// beside counts the bytes on both sides of a place that are as an anchor has
// them, and one for a place that is no piece of a word.
func (t *text) beside(at place, an Anchor) int {
	n, left, right := 0, t.source[:at.start], t.source[at.end:]
	for n < min(len(left), len(an.Before)) && left[len(left)-1-n] == an.Before[len(an.Before)-1-n] {
		n++
	}
	for k := 0; k < min(len(right), len(an.After)) && right[k] == an.After[k]; k++ {
		n++
	}
	n *= 2
	if t.whole(at) {
		n++
	}
	return n
}

// whole reports whether a place begins and ends where words do.
func (t *text) whole(at place) bool {
	first, end := t.covering(at)
	return first < end && t.places[first].start >= at.start && t.places[end-1].end <= at.end
}

// away returns how far a place is from a byte; 0 when that is not given.
func away(at place, near int) int {
	if near < 0 {
		return 0
	}
	return max(at.start-near, near-at.start)
}

// around counts the words that stand before and behind some atoms as they do in
// the surroundings of an anchor.
func around(t *text, first, end int, before, after *text) int {
	n := 0
	for k := 1; k <= len(before.atoms) && k <= first && before.atoms[len(before.atoms)-k] == t.atoms[first-k]; k++ {
		n++
	}
	for k := 0; k < len(after.atoms) && end+k < len(t.atoms) && after.atoms[k] == t.atoms[end+k]; k++ {
		n++
	}
	return n
}

// sure reports whether a quote that stands elsewhere in the text is the one that
// was meant: it is of whole words, and long, or two words beside it are the same.
func (p *Placer) sure(t *text, an Anchor, at place) bool {
	first, end := t.covering(at)
	if !t.whole(at) || end-first >= longQuote {
		return t.whole(at)
	}
	before, after := p.lex.read(an.Before), p.lex.read(an.After)
	return around(t, first, end, &before, &after) > 1
}

// find returns where the atoms of a quote stand in others, from a place on; -1
// when nowhere.
func find(atoms, quote []int32, from int) int {
	for at := from; at+len(quote) <= len(atoms); at++ {
		if atoms[at] == quote[0] && slices.Equal(atoms[at:at+len(quote)], quote) {
			return at
		}
	}
	return -1
}

// lastRunes returns the last n characters of s, firstRunes the first.
func lastRunes(s string, n int) string {
	at := len(s)
	for range n {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return s[at:]
}

func firstRunes(s string, n int) string {
	at := 0
	for range n {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return s[:at]
}
