package revision

// longQuote is how many words of a quote stand nowhere by chance.
const longQuote = 5

// Quotes tell in which provisions of a law three words in a row stand.
type quotes struct{ in map[[3]int32][]int32 }

// maxStands bounds the provisions that are noted for three words.
const maxStands = 32

func newQuotes(o *outline) *quotes {
	q := &quotes{map[[3]int32][]int32{}}
	for j := range o.law {
		atoms := o.body[j].atoms
		for k := 0; k+3 <= len(atoms); k++ {
			key := [3]int32(atoms[k : k+3])
			list := q.in[key]
			if len(list) < maxStands && (len(list) == 0 || list[len(list)-1] != int32(j)) {
				q.in[key] = append(list, int32(j))
			}
		}
	}
	return q
}

// anywhere looks for a long quote in all of b, and takes the place that is most
// like the one it was taken from. An anchor that is not found is
// gone; holder is the address in b of what held it.
func (p *Placer) anywhere(an Anchor, holder string) Placement {
	quote := p.lex.read(an.Quote)
	if len(quote.atoms) >= longQuote {
		if p.spread == nil {
			p.spread = newQuotes(p.b)
		}
		best, most := Placement{}, -1
		for _, j := range p.rarest(quote.atoms) {
			t := &p.b.body[j]
			if at, ok := p.find(t, an, -1); ok && t.beside(at, an) > most {
				best, most = p.stands(an, int(j), at), t.beside(at, an)
			}
		}
		if most >= 0 {
			return best
		}
	}
	an.Address = holder
	return Placement{an, VerdictRemoved, -1, -1}
}

// rarest returns the provisions that have those three words of a quote in a row
// that the fewest have; nil when some are nowhere. The first and the last word
// may be cut, so they are left out.
func (p *Placer) rarest(atoms []int32) []int32 {
	var best []int32
	for k := 1; k+4 <= len(atoms); k++ {
		list := p.spread.in[[3]int32(atoms[k:k+3])]
		if len(list) == 0 {
			return nil
		}
		if best == nil || len(list) < len(best) {
			best = list
		}
	}
	return best
}
