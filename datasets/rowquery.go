package datasets

import (
	"fmt"
	"strings"
)

// An InputError says what is wrong with a parameter of a request, and what to
// do. Its text is for the person who asked.
type InputError struct {
	Param string // its name as it came
	Text  string
}

func (e *InputError) Error() string { return e.Param + ": " + e.Text }

// A RowQuery asks for a page of the rows of a table. The zero value asks for
// the first DefaultSize rows with all columns.
type RowQuery struct {
	Filters []Filter // all of them must hold
	Sort    []Sort   // then by the number of the row
	Select  []string // names of columns; all when empty
	Size    int      // rows of a page, 1 to MaxSize; DefaultSize when 0
	After   string   // the Next of the page before, or empty
}

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

// The relations. A null is in none of them but Not and IsNull. A number, a
// moment or a text is compared as what it is; a date of a month or a year, or a
// day against a moment, stands for the whole of it.
const (
	Equal      Op = "eq"
	Not        Op = "not"
	Contains   Op = "contains"   // texts only, folded: see persian.Fold
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
	maxFilters = 50
	maxValues  = 1000
	maxSorts   = 8
)

// A plan is a query that was checked against the schema: SQL with parameters.
type plan struct {
	where  []string
	args   []any
	sort   []sortColumn
	fields []int // columns to read
	used   []int // columns that the SQL names
	size   int
	after  string
}

type sortColumn struct {
	column int
	expr   string // what is compared
	desc   bool
}

// sortBy returns how rows are sorted by column c: texts as in a dictionary, the
// rest by value.
func sortBy(schema Schema, c int, desc bool) sortColumn {
	expr := sqlColumn(c)
	if schema[c].Type == Text {
		expr = collateFunction + "(" + expr + ")"
	}
	return sortColumn{c, expr, desc}
}

// plan checks the query. Names of columns never come into the SQL, only their
// positions; values are parameters. The error is an InputError.
func (q *RowQuery) plan(schema Schema) (*plan, error) {
	p := &plan{size: q.Size, after: q.After}
	if p.size == 0 {
		p.size = DefaultSize
	}
	if p.size < 1 || p.size > MaxSize {
		return nil, &InputError{paramSize, fmt.Sprintf("a page has 1 to %d rows, not %d", MaxSize, p.size)}
	}
	if len(q.Filters) > maxFilters {
		return nil, &InputError{q.Filters[maxFilters].Column, fmt.Sprintf("there are more than %d filters", maxFilters)}
	}
	for _, f := range q.Filters {
		if err := p.filter(schema, f); err != nil {
			return nil, err
		}
	}
	if len(q.Sort) > maxSorts {
		return nil, &InputError{paramSort, fmt.Sprintf("rows are sorted by at most %d columns", maxSorts)}
	}
	for _, s := range q.Sort {
		i := schema.Index(s.Column)
		if i < 0 {
			return nil, unknownColumn(paramSort, s.Column, schema)
		}
		p.sort = append(p.sort, sortBy(schema, i, s.Desc))
		p.used = append(p.used, i)
	}
	for _, name := range q.Select {
		i := schema.Index(name)
		if i < 0 {
			return nil, unknownColumn(paramSelect, name, schema)
		}
		p.fields = append(p.fields, i)
	}
	if len(q.Select) == 0 {
		for i := range schema {
			p.fields = append(p.fields, i)
		}
	}
	return p, nil
}

// sortKey names the sort of a plan: the same text for the same order.
func (p *plan) sortKey() string {
	var b strings.Builder
	for _, s := range p.sort {
		fmt.Fprintf(&b, "%d%s,", s.column, direction(s.desc))
	}
	return b.String()
}

func direction(desc bool) string {
	if desc {
		return "DESC"
	}
	return "ASC"
}

// filterKey names the filters of a plan.
func (p *plan) filterKey() string {
	return fmt.Sprintf("%q %#v", p.where, p.args)
}

// and adds a condition.
func (p *plan) and(condition string, args ...any) {
	p.where = append(p.where, "("+condition+")")
	p.args = append(p.args, args...)
}

// filter adds the condition of a filter.
func (p *plan) filter(schema Schema, f Filter) error {
	i := schema.Index(f.Column)
	if i < 0 {
		return unknownColumn(f.Column, f.Column, schema)
	}
	p.used = append(p.used, i)
	c, name := &schema[i], sqlColumn(i)
	param := f.Column
	if f.Op != Equal {
		param += "__" + string(f.Op)
	}
	if len(f.Values) == 0 || f.Op != In && len(f.Values) > 1 {
		return &InputError{param, fmt.Sprintf("it takes one value, and there are %d", len(f.Values))}
	}
	switch f.Op {
	case IsNull:
		return p.isNull(param, name, f.Values[0])
	case Contains, StartsWith:
		return p.match(param, c, name, f)
	case In:
		return p.in(param, c, name, f.Values)
	case Equal, Not, Greater, AtLeast, Less, AtMost:
		span, err := parseSpan(c, f.Values[0])
		if err != nil {
			return &InputError{param, err.Error()}
		}
		p.compare(name, f.Op, span)
		return nil
	default:
		return &InputError{param, fmt.Sprintf("there is no relation %q; there are %s", f.Op, opList())}
	}
}

func (p *plan) isNull(param, name, value string) error {
	switch strings.ToLower(value) {
	case "1", "true", "yes":
		p.and(name + " IS NULL")
	case "0", "false", "no":
		p.and(name + " IS NOT NULL")
	default:
		return &InputError{param, fmt.Sprintf("it takes true or false, not %q", value)}
	}
	return nil
}

func (p *plan) match(param string, c *Column, name string, f Filter) error {
	if c.Type != Text {
		return &InputError{param, fmt.Sprintf("the column is no text but %s; use gt, gte, lt, lte or in", c.Type)}
	}
	function := containsFunction
	if f.Op == StartsWith {
		function = startsFunction
	}
	p.and(function+"("+name+", ?)", f.Values[0])
	return nil
}

func (p *plan) in(param string, c *Column, name string, values []string) error {
	if len(values) > maxValues {
		return &InputError{param, fmt.Sprintf("there are more than %d values", maxValues)}
	}
	var either []string
	var spans []valueSpan // months, years, days against moments
	for _, v := range values {
		span, err := parseSpan(c, v)
		if err != nil {
			return &InputError{param, err.Error()}
		}
		if span.lo == span.hi {
			either = append(either, "?")
			p.args = append(p.args, span.lo)
		} else {
			spans = append(spans, span)
		}
	}
	either = []string{name + " IN (" + strings.Join(either, ", ") + ")"}
	for _, s := range spans {
		either = append(either, name+" BETWEEN ? AND ?")
		p.args = append(p.args, s.lo, s.hi)
	}
	p.and(strings.Join(either, " OR "))
	return nil
}

// compare adds the condition that a value stands in relation op to a span.
func (p *plan) compare(name string, op Op, s valueSpan) {
	switch op { //nolint:exhaustive // the others are no comparisons
	case Equal:
		if s.lo == s.hi {
			p.and(name+" = ?", s.lo)
		} else {
			p.and(name+" BETWEEN ? AND ?", s.lo, s.hi)
		}
	case Not:
		p.and(name+" NOT BETWEEN ? AND ? OR "+name+" IS NULL", s.lo, s.hi)
	case Greater:
		p.and(name+" > ?", s.hi)
	case AtLeast:
		p.and(name+" >= ?", s.lo)
	case Less:
		p.and(name+" < ?", s.lo)
	case AtMost:
		p.and(name+" <= ?", s.hi)
	}
}
