package datasets

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// The parameters of a row query that are no column. They begin with an
// underscore; a column of the same name is reached as "_size__eq".
const (
	paramSelect = "_select"
	paramSort   = "_sort"
	paramSize   = "_size"
	paramAfter  = "_after"
	paramGroup  = "_group"
	paramCount  = "_count"
)

// ParseRowQuery reads the parameters of an address (see DESIGN: row queries):
//
//	column=value, column__op=value    filters, op as in Op; a column given twice
//	                                  with "=" may have either value
//	column__in=a,b                    one of several; give the parameter twice for
//	                                  values with commas
//	_group=a,day__year                groups, parts of dates as in Part
//	_sum=a,b  _avg=a  _min=a  _max=a  figures of each group
//	_count or _count=1
//	_select=a,b  _sort=a,-b  _size=n  _after=cursor
//
// A filter with an empty value is no filter, as forms send empty fields; but a
// list of values without any is an InputError, as a program that found nothing
// to ask for does not ask for all. A parameter that names no column of the schema is an InputError which lists
// columns of a similar name; so the caller takes out its own parameters first.
func ParseRowQuery(schema Schema, params map[string][]string) (RowQuery, error) {
	var q RowQuery
	for _, name := range slices.Sorted(maps.Keys(params)) {
		values := slices.DeleteFunc(slices.Clone(params[name]), func(v string) bool { return v == "" })
		var err error
		switch name {
		case paramSelect, paramSort: // of the result, which is known below
		case paramSize:
			q.Size, err = parseSize(values)
		case paramAfter:
			q.After, err = single(name, values)
		case paramGroup:
			q.Group, err = parseGroup(schema, values)
		default:
			if !isMeasure(name) {
				err = q.parseFilter(schema, name, values)
			}
		}
		if err != nil {
			return RowQuery{}, err
		}
	}
	if err := q.parseMeasures(schema, params); err != nil {
		return RowQuery{}, err
	}
	if err := q.parseResult(schema, params); err != nil {
		return RowQuery{}, err
	}
	if _, err := q.plan(schema); err != nil {
		return RowQuery{}, err
	}
	return q, nil
}

// parseResult reads what names columns of the result.
func (q *RowQuery) parseResult(schema Schema, params map[string][]string) error {
	p, err := q.plan(schema)
	if err != nil {
		return err
	}
	if q.Select, err = splitNames(p.schema, paramSelect, params[paramSelect]); err != nil {
		return err
	}
	q.Sort, err = parseSort(p.schema, params[paramSort])
	return err
}

func isMeasure(param string) bool {
	op, ok := strings.CutPrefix(param, "_")
	return ok && slices.Contains(measureOps[:], MeasureOp(op))
}

// parseMeasures reads _sum to _count.
func (q *RowQuery) parseMeasures(schema Schema, params map[string][]string) error {
	for _, op := range measureOps {
		values, ok := params["_"+string(op)]
		if op == OpCount {
			break
		}
		if !ok {
			continue
		}
		names, err := splitNames(schema, "_"+string(op), values)
		if err != nil {
			return err
		}
		for _, name := range names {
			q.Measures = append(q.Measures, Measure{op, name})
		}
	}
	for _, v := range params[paramCount] {
		no := false
		if v != "" {
			var err error
			if no, err = isFalse(v); err != nil {
				return inputError(paramCount, "count", "it counts rows and takes no column: leave it empty or give 1, not %q", shorten(v))
			}
		}
		if m := (Measure{Op: OpCount}); !no && !slices.Contains(q.Measures, m) {
			q.Measures = append(q.Measures, m)
		}
	}
	return nil
}

// parseGroup reads columns, or parts of columns as day__year.
func parseGroup(schema Schema, values []string) ([]GroupBy, error) {
	var groups []GroupBy
	one := func(name string) bool {
		if schema.Index(name) >= 0 {
			groups = append(groups, GroupBy{Column: name})
			return true
		}
		i := strings.LastIndex(name, "__")
		if i <= 0 || schema.Index(name[:i]) < 0 || strings.Contains(name[i:], ",") {
			return false
		}
		groups = append(groups, GroupBy{Column: name[:i], Part: Part(name[i+2:])})
		return true
	}
	for _, v := range values {
		if one(v) {
			continue
		}
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.TrimSpace(name); name != "" && !one(name) {
				return nil, unknownColumn(paramGroup, name, schema)
			}
		}
	}
	return groups, nil
}

func (q *RowQuery) parseFilter(schema Schema, param string, values []string) error {
	column, op := param, Equal
	if schema.Index(param) < 0 || strings.HasPrefix(param, "_") {
		if i := strings.LastIndex(param, "__"); i > 0 && schema.Index(param[:i]) >= 0 {
			column, op = param[:i], Op(param[i+2:])
		}
	}
	if schema.Index(column) < 0 {
		if i := strings.LastIndex(param, "__"); i > 0 && slices.Contains(ops[:], Op(param[i+2:])) {
			column = param[:i]
		}
		return unknownColumn(param, column, schema)
	}
	if !slices.Contains(ops[:], op) {
		return inputError(param, "relation", "there is no relation %q; there are %s", op, opList())
	}
	switch {
	case len(values) == 0 && op == In:
		return inputError(param, "novalues", "it takes one value or several, divided by commas, and there is none; leave it out to have all rows")
	case len(values) == 0:
	case op == In && len(values) == 1:
		q.Filters = append(q.Filters, Filter{column, op, strings.Split(values[0], ",")})
	case op == In, op == Equal && len(values) > 1:
		q.Filters = append(q.Filters, Filter{column, In, values})
	default:
		for _, v := range values {
			q.Filters = append(q.Filters, Filter{column, op, []string{v}})
		}
	}
	return nil
}

func opList() string {
	var names []string
	for _, op := range ops {
		names = append(names, string(op))
	}
	return strings.Join(names, ", ")
}

// splitNames reads names of columns that are divided by commas, or stand in
// parameters of their own. A name with a comma is found whole.
func splitNames(schema Schema, param string, values []string) ([]string, error) {
	var names []string
	for _, v := range values {
		if schema.Index(v) >= 0 {
			names = append(names, v)
			continue
		}
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			if schema.Index(name) < 0 {
				return nil, unknownColumn(param, name, schema)
			}
			names = append(names, name)
		}
	}
	return names, nil
}

func parseSort(schema Schema, values []string) ([]Sort, error) {
	var sorts []Sort
	one := func(name string) bool {
		column, desc := strings.CutPrefix(name, "-")
		if schema.Index(name) >= 0 {
			column, desc = name, false
		}
		if schema.Index(column) < 0 {
			return false
		}
		sorts = append(sorts, Sort{column, desc})
		return true
	}
	for _, v := range values {
		if one(v) {
			continue
		}
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.TrimSpace(name); name != "" && !one(name) {
				return nil, unknownColumn(paramSort, strings.TrimPrefix(name, "-"), schema)
			}
		}
	}
	return sorts, nil
}

func parseSize(values []string) (int, error) {
	text, err := single(paramSize, values)
	if err != nil || text == "" {
		return 0, err
	}
	n, err := strconv.Atoi(persian.ASCIIDigits(text))
	if err != nil || n < 1 || n > MaxSize {
		return 0, inputError(paramSize, "size", "a page has 1 to %d rows, not %q", MaxSize, text)
	}
	return n, nil
}

func single(param string, values []string) (string, error) {
	if len(values) > 1 {
		return "", inputError(param, "once", "it may stand only once")
	}
	return strings.Join(values, ""), nil
}

// unknownColumn is the error for a name that no column has.
func unknownColumn(param, name string, schema Schema) error {
	param, name = shorten(param), shorten(name)
	if near := nearNames(schema, name); len(near) > 0 {
		return inputError(param, "column.near", "there is no column %q; did you mean %s?", name, strings.Join(near, ", "))
	}
	return inputError(param, "column", "there is no column %q", name)
}

// nearNames returns the columns whose name or label is most like name, at most
// five; in a small table all of them.
func nearNames(schema Schema, name string) []string {
	const most, small, looked = 5, 8, 2000
	type near struct {
		name     string
		distance int
	}
	folded := persian.Fold(shorten(name))
	var found []near
	for i := range schema[:min(len(schema), looked)] {
		c := &schema[i]
		d := min(distance(folded, persian.Fold(shorten(c.Name))), distance(folded, persian.Fold(shorten(c.Label))))
		if len(schema) <= small || 2*d <= max(len([]rune(folded)), 2) {
			found = append(found, near{strconv.Quote(c.Name), d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, n := range found[:min(len(found), most)] {
		names = append(names, n.name)
	}
	return names
}

// distance returns how many letters must be added, removed or replaced to make
// b of a (Levenshtein); 0 also when one begins with the other.
func distance(a, b string) int {
	if a != "" && b != "" && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
		return 0
	}
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(y)]
}
