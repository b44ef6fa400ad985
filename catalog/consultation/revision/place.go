package revision

import (
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// An Anchor is where in a law somebody commented: a provision, or the law as a
// whole when the address is empty, and what they quoted of it, with some of the
// text on either side. All are plain text.
type Anchor struct{ Address, Quote, Before, After string }

// A Verdict tells what became of what a comment was about.
type Verdict string

// The verdicts. Of a quote, the first two say that it is there word for word.
const (
	VerdictKept    Verdict = "kept"    // at the same address
	VerdictMoved   Verdict = "moved"   // at another address
	VerdictChanged Verdict = "changed" // other words stand there now
	VerdictRemoved Verdict = "removed" // the provision, or the passage, is not there any more
)

// A Placement is where an anchor stands in another version. Its address is one
// of that version: of what is gone the nearest provision that held it, empty for
// the law as a whole. Its quote is what stands from Start to End now, with what
// is around it; where Start is -1 the quote is as it was.
type Placement struct {
	Anchor     Anchor
	Verdict    Verdict
	Start, End int // bytes of the quote in the text of the provision, -1 without
}

// Place says where an anchor in a stands in b. A Placer does so for many.
func Place(an Anchor, a, b []lawtext.Provision, pairs []Pair) Placement {
	return NewPlacer(a, b, pairs).Place(an)
}

// A Placer places the anchors of one version in another. It is for one goroutine
// at a time.
type Placer struct {
	lex    *lexicon
	a, b   *outline
	pairs  []Pair
	pairOf []int           // of each provision of a
	within []bool          // of each pair: something in it is another
	at     map[string]int  // addresses of a
	bridge map[[2]int]*way // between the texts of two provisions
	spread *quotes         // where words stand in b, made when first asked for
	held   *holding        // what holds the words of what is gone, likewise
}

// NewPlacer makes a Placer from two versions and what Compare found of them.
func NewPlacer(a, b []lawtext.Provision, pairs []Pair) *Placer {
	lex := newLexicon()
	p := &Placer{
		lex: lex, pairs: pairs,
		pairOf: pairOf(len(a), pairs, Pair.first), within: within(a, b, pairs),
		at: make(map[string]int, len(a)), bridge: map[[2]int]*way{},
	}
	p.a, p.b = newOutlines(lex, a, b)
	for i := range a {
		if _, twice := p.at[a[i].Address]; !twice {
			p.at[a[i].Address] = i
		}
	}
	return p
}

// Place says where an anchor stands. Each gets a verdict: one whose address is
// not in the first version is looked for by its quote.
func (p *Placer) Place(an Anchor) Placement {
	i, known := p.at[an.Address]
	switch {
	case an.Address == "" && an.Quote == "":
		return Placement{an, VerdictKept, -1, -1}
	case !known:
		got := p.anywhere(an, "")
		if an.Address == "" && got.Verdict == VerdictRemoved { // the law as a whole is there
			got.Verdict = VerdictChanged
		}
		return got
	case an.Quote == "":
		return p.provision(an, i)
	}
	return p.quote(an, i)
}

// provision places an anchor that is about a provision as a whole.
func (p *Placer) provision(an Anchor, i int) Placement {
	n := p.pairOf[i]
	if n < 0 || len(p.pairs[n].B) == 0 {
		an.Address = p.holder(i)
		if p.heldIn(i) >= 0 {
			return Placement{an, VerdictChanged, -1, -1}
		}
		return Placement{an, VerdictRemoved, -1, -1}
	}
	pair := &p.pairs[n]
	verdict := VerdictChanged
	old := an.Address
	an.Address = p.b.law[pair.B[0]].Address
	if pair.Change.sameWords() && !p.within[n] {
		verdict = VerdictMoved
		if an.Address == old {
			verdict = VerdictKept
		}
	}
	return Placement{an, verdict, -1, -1}
}

// heldIn returns the provision of b in which most words of the unit i of a are,
// which is there no more; -1 for none.
func (p *Placer) heldIn(i int) int {
	if p.a.role[i] != unit {
		return -1
	}
	if p.held == nil {
		p.held = newHolding(p.lex, p.a, p.b, p.pairs)
	}
	return p.held.holds(i, p.a.own[i])
}

// holder returns the address in b of what holds the words of i in a, which is
// gone, else of the nearest provision that held it and is still there.
func (p *Placer) holder(i int) string {
	if j := p.heldIn(i); j >= 0 {
		return p.b.law[j].Address
	}
	for i = p.a.parent[i]; i >= 0; i = p.a.parent[i] {
		if n := p.pairOf[i]; n >= 0 && len(p.pairs[n].B) > 0 {
			return p.b.law[p.pairs[n].B[0]].Address
		}
	}
	return ""
}

// quote places an anchor that is about words of a provision.
func (p *Placer) quote(an Anchor, i int) Placement {
	i, at, found := p.locate(an, i)
	if !found {
		return p.unfounded(an, i)
	}
	if n := p.pairOf[i]; n >= 0 {
		best := Placement{Start: -1}
		for _, j := range p.pairs[n].B {
			got := p.through(an, i, j, at)
			if best.Verdict == "" || got.rank() > best.rank() {
				best = got
			}
		}
		if len(p.pairs[n].B) > 0 && best.Verdict != VerdictRemoved {
			return best
		}
		if len(p.pairs[n].B) > 0 {
			return p.anywhere(an, best.Anchor.Address)
		}
	}
	return p.anywhere(an, p.holder(i))
}

// rank orders placements by how much they keep.
func (pl *Placement) rank() int {
	switch pl.Verdict {
	case VerdictKept:
		return 3
	case VerdictMoved:
		return 2
	case VerdictChanged:
		return 1
	default:
		return 0
	}
}

// locate finds the quote in the first version: in the provision of its address
// or in what is in that.
func (p *Placer) locate(an Anchor, i int) (int, place, bool) {
	for k := i; k < p.a.end[i]; k++ {
		if k != i && !p.a.in(k, i) {
			continue
		}
		if at, ok := p.find(&p.a.body[k], an, -1); ok {
			return k, at, true
		}
	}
	return i, place{-1, -1}, false
}

// in reports whether provision k is somewhere in i.
func (o *outline) in(k, i int) bool {
	for k = o.parent[k]; k > i; k = o.parent[k] {
	}
	return k == i
}

// unfounded places an anchor whose quote is not in the text that it quotes, by
// its quote if that is in the new text, else by its provision.
func (p *Placer) unfounded(an Anchor, i int) Placement {
	got := p.provision(an, i)
	if got.Verdict == VerdictRemoved {
		return p.anywhere(an, got.Anchor.Address)
	}
	quote := p.lex.read(an.Quote)
	for _, j := range p.pairs[p.pairOf[i]].B {
		if at, ok := p.find(&p.b.body[j], an, -1); ok {
			return p.stands(an, j, at)
		}
		if heading := &p.b.heading[j]; len(quote.atoms) > 0 && find(heading.atoms, quote.atoms, 0) >= 0 {
			got = p.stands(an, j, place{})
			got.Anchor.Quote, got.Anchor.Before, got.Anchor.After = an.Quote, an.Before, an.After
			got.Start, got.End = -1, -1
			return got
		}
	}
	got.Verdict = VerdictChanged
	return got
}

// stands places an anchor at words of b that are those of its quote.
func (p *Placer) stands(an Anchor, j int, at place) Placement {
	verdict := VerdictKept
	if p.b.law[j].Address != an.Address {
		verdict = VerdictMoved
	}
	return p.placed(an, j, at, verdict)
}

// surroundings is how many characters of the text on either side a placed
// anchor has, so that it is found again in the next version.
const surroundings = 40

// placed writes a placement with the words that stand there.
func (p *Placer) placed(an Anchor, j int, at place, verdict Verdict) Placement {
	text := p.b.law[j].Text
	return Placement{Anchor{
		Address: p.b.law[j].Address, Quote: text[at.start:at.end],
		Before: lastRunes(text[:at.start], surroundings), After: firstRunes(text[at.end:], surroundings),
	}, verdict, at.start, at.end}
}
