package lawtext

import (
	"cmp"
	"strconv"
	"strings"
)

// settle gives the provisions of a law, whose depths and numbers are known,
// their addresses, and tells of numbers that jump or repeat. lines are where
// the provisions begin in the text, nil if that is not known.
func (l *Law) settle(lines []int) {
	type place struct {
		index int
		last  map[Kind]int // by kind of child, the number of the last
	}
	var open []place
	seen := make(map[string]int, len(l.Provisions))
	top := place{index: -1, last: map[Kind]int{}}
	lastArticle := 0
	for i := range l.Provisions {
		p := &l.Provisions[i]
		p.Depth = min(p.Depth, len(open))
		open = open[:p.Depth]
		in := top
		p.Parent = ""
		if p.Depth > 0 {
			in = open[p.Depth-1]
			p.Parent = l.Provisions[in.index].Address
		}
		line := 0
		if lines != nil {
			line = lines[i]
		}
		address := p.plainAddress()
		n := seen[address] + 1
		seen[address] = n
		p.Address = address
		for n > 1 {
			p.Address = address + "-" + strconv.Itoa(n)
			if seen[p.Address] == 0 {
				seen[p.Address] = 1
				break
			}
			n++
			seen[address] = n
		}
		l.checkNumber(p, n, in.last, &lastArticle, line)
		open = append(open, place{i, map[Kind]int{}})
	}
}

// plainAddress returns the address of a provision if it were the only one with
// its number.
func (p *Provision) plainAddress() string {
	a := abbreviations[p.Kind]
	if p.Num != "" {
		a += "_" + p.Num
	}
	if p.Parent == "" {
		return a
	}
	return p.Parent + "__" + a
}

// checkNumber tells if the number of a provision is not the next. Articles are
// numbered through, or again from 1 in each part.
func (l *Law) checkNumber(p *Provision, times int, last map[Kind]int, lastArticle *int, line int) {
	n := value(p.Num)
	before, known := last[p.Kind]
	if p.Kind == Article && (!known || before != n-1) && *lastArticle > 0 && n != 1 {
		before, known = *lastArticle, true
	}
	if times > 1 && p.Num != "" {
		l.remark("split.number.repeats", p.Address, line, p.name(), int64(times))
	}
	if n == 0 {
		return
	}
	switch {
	case times > 1:
	case !known && n != 1 && p.Kind != Article && p.Kind != Section:
		l.remark("split.number.begins", p.Address, line, p.name())
	case known && n > before+1:
		l.remark("split.number.jumps", p.Address, line, p.name(), int64(before+1))
	case known && n < before:
		l.remark("split.number.falls", p.Address, line, p.name(), int64(before))
	}
	if p.Kind == Article && known && 1 < n && n < before {
		n = before + 1 // a misprint, if the next goes on
	}
	if _, end, ok := strings.Cut(p.Num, "to"); ok {
		n = max(n, value(end))
	}
	last[p.Kind] = n
	if p.Kind == Article {
		*lastArticle = n
	}
}

// name returns how a provision is called in a sentence.
func (p *Provision) name() string {
	return cmp.Or(mark{label: p.Label}.name(), p.Address)
}
