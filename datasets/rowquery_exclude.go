package datasets

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// Excluding returns the places in q.Filters of conditions that no value can
// meet together, whatever the rows are, as few of them as do so: one that
// nothing meets, or several that exclude each other. It is nil where there are
// none, and for a query that is wrong.
func (q *RowQuery) Excluding(schema Schema) []int {
	p, err := q.plan(schema)
	if err != nil {
		return nil
	}
	byColumn := map[int][]int{}
	for i := range p.filters {
		c := p.filters[i].column
		byColumn[c] = append(byColumn[c], i)
	}
	for i := range p.filters { // in the order of the query
		c := p.filters[i].column
		if some := byColumn[c]; some[0] == i && !p.possible(&schema[c], some) {
			return p.fewest(&schema[c], some)
		}
	}
	return nil
}

// fewest takes out of conditions that exclude each other those without which
// they still do.
func (p *plan) fewest(c *Column, some []int) []int {
	for i := 0; i < len(some); {
		if rest := slices.Delete(slices.Clone(some), i, i+1); p.possible(c, rest) {
			i++
		} else {
			some = rest
		}
	}
	return some
}

// possible reports whether a value of the column, or null, may meet the
// conditions.
func (p *plan) possible(c *Column, some []int) bool {
	var all []*predicate
	null, only := true, false // null meets them all, and nothing else does
	for _, i := range some {
		f := &p.filters[i]
		null = null && f.null != f.not // "is empty", or "is not the value"
		only = only || f.null && !f.not
		if !f.null {
			all = append(all, f)
		}
	}
	switch {
	case null || only || len(all) == 0:
		return null || !only
	case c.Type == Text:
		return possibleText(all)
	case storageOf(c) == inFloat:
		return possibleSpan(all, []columnar.Span[float64]{{Lo: math.Inf(-1), Hi: math.Inf(1)}}, func(f *predicate) []columnar.Span[float64] { return f.floats })
	}
	every := []columnar.Span[int64]{{Lo: math.MinInt64, Hi: math.MaxInt64}}
	if c.Type == Boolean {
		every = []columnar.Span[int64]{{Lo: 0, Hi: 0}, {Lo: 1, Hi: 1}}
	}
	return possibleSpan(all, every, func(f *predicate) []columnar.Span[int64] { return f.ints })
}

// possibleSpan reports whether a number or a moment may meet the conditions.
func possibleSpan[T int64 | float64](all []*predicate, left []columnar.Span[T], of func(*predicate) []columnar.Span[T]) bool {
	for _, f := range all {
		if !f.not {
			left = common(left, of(f))
		}
	}
	return slices.ContainsFunc(left, func(s columnar.Span[T]) bool {
		return !slices.ContainsFunc(all, func(f *predicate) bool {
			return f.not && slices.ContainsFunc(of(f), func(out columnar.Span[T]) bool { return out.Lo <= s.Lo && s.Hi <= out.Hi })
		})
	})
}

// common returns what lies in one of each of two lists of spans.
func common[T int64 | float64](a, b []columnar.Span[T]) []columnar.Span[T] {
	var both []columnar.Span[T]
	for _, x := range a {
		for _, y := range b {
			if s := (columnar.Span[T]{Lo: max(x.Lo, y.Lo), Hi: min(x.Hi, y.Hi)}); s.Lo <= s.Hi {
				both = append(both, s)
			}
		}
	}
	return both
}

// possibleText reports whether a text may meet the conditions. Of an order it
// asks only whether there is room between two ends.
func possibleText(all []*predicate) bool {
	var named []string // nil: any text
	for _, f := range all {
		switch {
		case f.not || f.op != In:
		case named == nil:
			named = f.texts
		default:
			named = slices.DeleteFunc(slices.Clone(named), func(s string) bool { return !slices.Contains(f.texts, s) })
		}
	}
	if named == nil {
		return oneBeginning(all) && roomBetween(all)
	}
	return roomBetween(all) && slices.ContainsFunc(named, func(text string) bool {
		return !slices.ContainsFunc(all, func(f *predicate) bool {
			switch {
			case f.not:
				return slices.Contains(f.texts, text)
			case f.op == Contains:
				return !strings.Contains(text, f.texts[0])
			case f.op == StartsWith:
				return !strings.HasPrefix(text, f.texts[0])
			}
			return false
		})
	})
}

// oneBeginning reports whether a text can begin as all conditions say.
func oneBeginning(all []*predicate) bool {
	longest := ""
	for _, f := range all {
		switch {
		case f.not || f.op != StartsWith:
		case strings.HasPrefix(f.texts[0], longest):
			longest = f.texts[0]
		case !strings.HasPrefix(longest, f.texts[0]):
			return false
		}
	}
	return true
}

// roomBetween reports whether a text can stand where all conditions of an order
// say.
func roomBetween(all []*predicate) bool {
	var s *sorter
	for _, low := range all {
		if low.op != Greater && low.op != AtLeast {
			continue
		}
		for _, high := range all {
			if high.op != Less && high.op != AtMost {
				continue
			}
			if s == nil {
				s = newSorter()
			}
			order := bytes.Compare(s.key(low.texts[0]), s.key(high.texts[0]))
			if order > 0 || order == 0 && (low.op == Greater || high.op == Less) {
				return false
			}
		}
	}
	return true
}
