package datasets

import (
	"fmt"
	"slices"
	"strings"
)

// A RowQuery asks for rows of a table, or with Group or Measures for groups of
// them. The zero value asks for the first DefaultSize rows with all columns.
type RowQuery struct {
	Filters  []Filter  // all of them must hold
	Group    []GroupBy // rows with equal values in all of these are one group
	Measures []Measure // of each group; of all rows together without Group
	Sort     []Sort    // then by the number of the row, or by Group
	Select   []string  // names of columns of the result; all when empty
	Size     int       // rows of a page, 1 to MaxSize; DefaultSize when 0
	After    string    // the Next of the page before, or empty
}

// Grouped reports whether the rows of the result are groups.
func (q *RowQuery) Grouped() bool { return len(q.Group) > 0 || len(q.Measures) > 0 }

// The sizes of a page.
const (
	DefaultSize = 100
	MaxSize     = 1000
)

// A Sort orders rows by a column: texts as a Persian dictionary does, in which
// Latin comes before Persian and capitals do not count (Unicode Technical
// Standard 10). Nulls come last either way.
type Sort struct {
	Column string
	Desc   bool
}

// A Filter holds for the rows whose value in the column stands in relation Op
// to Values. Values are written as the table prints them; digits may be Persian
// and days Jalali.
type Filter struct {
	Column string
	Op     Op
	Values []string // one; any number for In; for IsNull "true" or "false"
}

// An Op is a relation between a value and the values of a filter.
type Op string

// The relations. A null is in none of them but Not and IsNull. Texts are equal
// when they are the same word: folded, see persian.Fold. They are greater and
// less as in Sort. A number or a moment is compared as what it is; a date of a
// month or a year, or a day against a moment, stands for the whole of it.
const (
	Equal      Op = "eq"
	Not        Op = "not"
	Contains   Op = "contains"   // texts only, folded
	StartsWith Op = "startswith" // texts only, folded
	Greater    Op = "gt"
	AtLeast    Op = "gte"
	Less       Op = "lt"
	AtMost     Op = "lte"
	In         Op = "in"
	IsNull     Op = "isnull"
)

// ops is all relations.
var ops = [...]Op{Equal, Not, Contains, StartsWith, Greater, AtLeast, Less, AtMost, In, IsNull}

// The bounds of a query; what is more is an InputError.
const (
	maxFilters  = 50
	maxValues   = 1000
	maxSorts    = 8
	maxGroupBy  = 6
	maxMeasures = 32
	maxGroups   = 1_000_000
)

// A plan is a query that was checked against the schema.
type plan struct {
	filters  []predicate
	group    []GroupBy
	keys     []int     // the column of each group
	measures []Measure // each once
	values   []int     // the column of each measure, -1 for a count
	schema   Schema    // of all that can be selected: the table's, or that of groups
	sort     []sortColumn
	fields   []int // columns of schema
	size     int
	after    string
}

// A sortColumn is a column of the plan's schema.
type sortColumn struct {
	column int
	desc   bool
}

// plan checks the query. The error is an InputError.
func (q *RowQuery) plan(schema Schema) (*plan, error) {
	p := &plan{size: q.Size, after: q.After, schema: schema}
	if p.size == 0 {
		p.size = DefaultSize
	}
	if p.size < 1 || p.size > MaxSize {
		return nil, inputError(paramSize, "size", "a page has 1 to %d rows, not %d", MaxSize, p.size)
	}
	if len(q.Filters) > maxFilters {
		return nil, inputError(q.Filters[maxFilters].Column, "filters", "there are more than %d filters", maxFilters)
	}
	for _, f := range q.Filters {
		if err := p.filter(schema, f); err != nil {
			return nil, err
		}
	}
	if q.Grouped() {
		if err := p.groups(schema, q); err != nil {
			return nil, err
		}
	}
	if err := p.order(q.Sort); err != nil {
		return nil, err
	}
	return p, p.choose(q.Select)
}

// order checks what rows are sorted by. A column that was named before changes
// nothing.
func (p *plan) order(sorts []Sort) error {
	if len(sorts) > maxSorts {
		return inputError(paramSort, "sorts", "rows are sorted by at most %d columns", maxSorts)
	}
	seen := map[int]bool{}
	for _, s := range sorts {
		i := p.schema.Index(s.Column)
		if i < 0 {
			return unknownColumn(paramSort, s.Column, p.schema)
		}
		if !seen[i] {
			p.sort = append(p.sort, sortColumn{i, s.Desc})
		}
		seen[i] = true
	}
	return nil
}

// choose checks which columns are selected.
func (p *plan) choose(names []string) error {
	for _, name := range names {
		i := p.schema.Index(name)
		if i < 0 {
			return unknownColumn(paramSelect, name, p.schema)
		}
		p.fields = append(p.fields, i)
	}
	if len(names) == 0 {
		for i := range p.schema {
			p.fields = append(p.fields, i)
		}
	}
	return nil
}

// fieldSchema is the selected columns.
func (p *plan) fieldSchema() Schema {
	s := make(Schema, len(p.fields))
	for i, c := range p.fields {
		s[i] = p.schema[c]
	}
	return s
}

// used is the columns of the table that the plan needs in memory.
func (p *plan) used() []int {
	var all []int
	for i := range p.filters {
		all = append(all, p.filters[i].column)
	}
	all = append(all, p.keys...)
	for _, c := range p.values {
		if c >= 0 { // no count
			all = append(all, c)
		}
	}
	if len(p.values) == 0 {
		for _, s := range p.sort {
			all = append(all, s.column)
		}
	}
	return all
}

// filterKey names the filters: the same text for the same rows.
func (p *plan) filterKey() string {
	var keys []string
	for i := range p.filters {
		keys = append(keys, p.filters[i].key())
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), "&")
}

// groupKey names the groups and their measures.
func (p *plan) groupKey() string {
	var b strings.Builder
	for i, g := range p.group {
		fmt.Fprintf(&b, "by %d %s,", p.keys[i], g.Part)
	}
	for i, m := range p.measures {
		fmt.Fprintf(&b, "%s %d,", m.Op, p.values[i])
	}
	return b.String()
}

// orderKey names what the result is and how it is sorted, but not its columns:
// a cursor is good for the same key.
func (p *plan) orderKey() string {
	var b strings.Builder
	b.WriteString(p.filterKey() + "|" + p.groupKey() + "|")
	for _, s := range p.sort {
		fmt.Fprintf(&b, "%d %t,", s.column, s.desc)
	}
	return b.String()
}
