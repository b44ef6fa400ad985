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
	var all []*roaring.Bitmap
	for about, n := range f.periods {
		if about.from <= to && about.to >= from {
			all = append(all, f.covers.docs[n])
		}
	}
	return roaring.FastOr(all...)
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
func (c *counter) add(p *piece, of *found, s *scratch) {
	for i := range facetCount {
		in := of.hits
		if of.by.by[i] != nil {
			in = of.by.apply(of.docs, i)
		}
		if i == ofYear {
			c.addYears(p.facts, in, s)
		} else {
			p.facts.columns[i].count(in, c.values[i], s)
		}
	}
}

// What counting takes, in what it takes to look one document up among those that
// have a value: document by document; and value by value, for each 65,536 documents
// whose numbers follow each other, and more where many of these have the value.
const (
	eachDocument   = 2
	anyContainer   = 20
	wholeContainer = 150
)

// byValue reports whether counting documents value by value is less work.
func (c *column) byValue(docs *roaring.Bitmap) bool {
	few := docs.Stats().ArrayContainerValues // which are gone through for each value
	return c.work+few*uint64(len(c.docs)) < eachDocument*docs.GetCardinality()
}

// count adds the documents to the counts of their values.
func (c *column) count(docs *roaring.Bitmap, counts []int64, s *scratch) {
	if c.byValue(docs) {
		for ord, have := range c.docs {
			counts[ord] += int64(docs.AndCardinality(have))
		}
		return
	}
	for some := range s.each(docs) {
		for _, doc := range some {
			for _, ord := range c.ords[c.at[doc]:c.at[doc+1]] {
				counts[ord]++
			}
		}
	}
}

func (c *counter) addYears(f *facts, docs *roaring.Bitmap, s *scratch) {
	counts := make([]int64, len(f.periods))
	f.covers.count(docs, counts, s)
	for about, n := range f.periods {
		c.years[about.from-minYear] += counts[n]
		c.years[about.to-minYear+1] -= counts[n]
	}
}

// facets returns the counts as the result shows them.
func (c *counter) facets(q *Query) []Facet {
	out := make([]Facet, 0, facetCount)
	for i, chosen := range q.chosen() {
		out = append(out, c.facet(i, chosen, q.FacetValues))
	}
	return append(out, c.yearFacet(q))
}

// facet returns the most frequent values of a facet, all of them when most is
// 0, and those that are chosen.
func (c *counter) facet(i int, chosen []string, most int) Facet {
	f := Facet{Name: facetNames[i], Values: []FacetValue{}}
	names, counts := c.snap.names[i], c.values[i]
	for ord, n := range counts {
		if n == 0 {
			continue
		}
		v := FacetValue{Value: names[ord], Count: n}
		if most == 0 {
			f.Values = append(f.Values, v)
			continue
		}
		if len(f.Values) == most {
			f.More++
			if before(v, f.Values[most-1]) >= 0 {
				continue
			}
			f.Values = f.Values[:most-1]
		}
		at, _ := slices.BinarySearchFunc(f.Values, v, before)
		f.Values = slices.Insert(f.Values, at, v)
	}
	for _, value := range chosen {
		at := slices.IndexFunc(f.Values, func(v FacetValue) bool { return v.Value == value })
		if at < 0 {
			v := FacetValue{Value: value}
			if ord, ok := c.snap.dicts[i].known(value); ok && int(ord) < len(counts) && counts[ord] > 0 {
				v.Count = counts[ord]
				f.More--
			}
			at, f.Values = len(f.Values), append(f.Values, v)
		}
		f.Values[at].On = true
	}
	slices.SortFunc(f.Values, before)
	return f
}

// before is the order of the values of a facet.
func before(a, b FacetValue) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
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
