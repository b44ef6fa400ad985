package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// The facets by their place among the narrowings of a query: those of
// valueFacets, and the year.
const (
	ofYear = valueFacets + iota
	facetCount
)

// facetNames is the table of facets in the order of results.
var facetNames = [facetCount]string{
	ofAgency: FacetAgency, ofTheme: FacetTheme, ofFormat: FacetFormat, ofLicence: FacetLicence, ofYear: FacetYear,
}

// A narrowing is what the filters of a query leave of a segment. A nil bitmap
// leaves all.
type narrowing struct {
	kind *roaring.Bitmap
	by   [facetCount]*roaring.Bitmap
}

// chosen returns the values that a query filters each facet by.
func (q *Query) chosen() [valueFacets][]string {
	return [valueFacets][]string{ofAgency: q.Agency, ofTheme: q.Theme, ofFormat: q.Format, ofLicence: q.Licence}
}

// span returns the years that a query filters by, and whether it does.
func (q *Query) span() (from, to int16, on bool) {
	from, to = int16(q.From), int16(q.To)
	if q.To == 0 {
		to = maxYear
	}
	if from > to {
		from, to = to, from
	}
	return from, to, q.From != 0 || q.To != 0
}

// narrow returns what the filters of q leave of a segment.
func (s *snapshot) narrow(q *Query, p *piece) narrowing {
	var n narrowing
	if kind, ok := kindNamed(q.Kind); ok && kind != anyKind {
		n.kind = p.of(kind)
	}
	for i, values := range q.chosen() {
		if len(values) == 0 {
			continue
		}
		n.by[i] = roaring.New()
		for _, v := range values {
			if ord, ok := s.dicts[i].known(v); ok {
				if docs := p.facts.columns[i].docs[ord]; docs != nil {
					n.by[i].Or(docs)
				}
			}
		}
	}
	if from, to, on := q.span(); on {
		n.by[ofYear] = p.facts.within(from, to)
	}
	return n
}

// within returns the documents that are about any year of a span.
func (f *facts) within(from, to int16) *roaring.Bitmap {
	docs := make([]uint32, 0, len(f.from))
	for i := range f.from {
		if f.from[i] != 0 && f.from[i] <= to && f.to[i] >= from {
			docs = append(docs, uint32(i))
		}
	}
	return roaring.BitmapOf(docs...)
}

// apply returns what the narrowing, but for one facet (-1: none), leaves of docs.
func (n *narrowing) apply(docs *roaring.Bitmap, except int) *roaring.Bitmap {
	if n.kind != nil {
		docs = roaring.And(docs, n.kind)
	}
	for i, by := range n.by {
		if by != nil && i != except {
			docs = roaring.And(docs, by)
		}
	}
	return docs
}

// A counter counts documents by the values of the facets.
type counter struct {
	snap   *snapshot
	values [valueFacets][]int64 // by number of the value
	years  []int64              // differences from year to year, from minYear on
}

func (s *snapshot) counter() *counter {
	c := &counter{snap: s, years: make([]int64, maxYear-minYear+2)}
	for i := range c.values {
		c.values[i] = make([]int64, len(s.names[i]))
	}
	return c
}

// add counts the documents of a segment that a text found: for each facet
// those that the filters by the other facets leave.
func (c *counter) add(p *piece, docs *roaring.Bitmap, n *narrowing, s *scratch) {
	all := n.apply(docs, -1)
	for i := range facetCount {
		in := all
		if n.by[i] != nil {
			in = n.apply(docs, i)
		}
		if i == ofYear {
			c.addYears(p.facts, in, s)
		} else {
			p.facts.columns[i].count(in, c.values[i], s)
		}
	}
}

// count adds the documents to the counts of their values.
func (c *column) count(docs *roaring.Bitmap, counts []int64, s *scratch) {
	for some := range s.each(docs) {
		for _, doc := range some {
			for _, ord := range c.ords[c.at[doc]:c.at[doc+1]] {
				counts[ord]++
			}
		}
	}
}

func (c *counter) addYears(f *facts, docs *roaring.Bitmap, s *scratch) {
	for some := range s.each(docs) {
		for _, doc := range some {
			if f.from[doc] != 0 {
				c.years[f.from[doc]-minYear]++
				c.years[f.to[doc]-minYear+1]--
			}
		}
	}
}

// facets returns the counts as the result shows them.
func (c *counter) facets(q *Query) []Facet {
	out := make([]Facet, 0, facetCount)
	chosen := q.chosen()
	for i, counts := range c.values {
		f := Facet{Name: facetNames[i], Values: []FacetValue{}}
		for ord, n := range counts {
			name := c.snap.names[i][ord]
			if on := slices.Contains(chosen[i], name); n > 0 || on {
				f.Values = append(f.Values, FacetValue{name, n, on})
			}
		}
		for _, v := range chosen[i] {
			if !slices.ContainsFunc(f.Values, func(fv FacetValue) bool { return fv.Value == v }) {
				f.Values = append(f.Values, FacetValue{v, 0, true})
			}
		}
		slices.SortFunc(f.Values, func(a, b FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		})
		out = append(out, f)
	}
	return append(out, c.yearFacet(q))
}

func (c *counter) yearFacet(q *Query) Facet {
	f := Facet{Name: FacetYear, Values: []FacetValue{}}
	from, to, on := q.span()
	n := int64(0)
	for i := range c.years {
		n += c.years[i]
		if n > 0 {
			year := i + minYear
			f.Values = append(f.Values, FacetValue{strconv.Itoa(year), n, on && int(from) <= year && year <= int(to)})
		}
	}
	slices.Reverse(f.Values)
	return f
}
