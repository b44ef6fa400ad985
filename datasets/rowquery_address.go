package datasets

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Key returns 32 hexadecimal digits that are the same for queries with the same
// whole result, whatever page of it they ask for; or nothing for all rows of
// the table with all columns in its order. It names what is kept of a result.
// A query that is wrong has a key that no other has.
func (q *RowQuery) Key(schema Schema) string {
	p, err := q.plan(schema)
	var key string
	switch {
	case err != nil:
		key = fmt.Sprintf("wrong %#v", *q)
	case len(p.filters) == 0 && len(p.sort) == 0 && !q.Grouped() && p.all():
		return ""
	default:
		key = fmt.Sprint(p.orderKey(), p.fields)
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// all reports whether all columns are selected in their order.
func (p *plan) all() bool {
	for i, c := range p.fields {
		if c != i {
			return false
		}
	}
	return len(p.fields) == len(p.schema)
}

// Values returns the parameters that ParseRowQuery reads the query from, as
// short as they can be.
func (q *RowQuery) Values() url.Values {
	v := url.Values{}
	for _, f := range q.Filters {
		addFilter(v, f)
	}
	var names []string
	for _, g := range q.Group {
		names = append(names, g.Name())
	}
	setNames(v, paramGroup, names)
	for _, op := range measureOps {
		names = nil
		for _, m := range q.Measures {
			switch {
			case m.Op != op:
			case op == OpCount:
				v.Set(paramCount, "1")
			default:
				names = append(names, m.Column)
			}
		}
		setNames(v, "_"+string(op), names)
	}
	setNames(v, paramSelect, q.Select)
	names = nil
	for _, s := range q.Sort {
		if s.Desc {
			s.Column = "-" + s.Column
		}
		names = append(names, s.Column)
	}
	setNames(v, paramSort, names)
	if q.Size != 0 {
		v.Set(paramSize, strconv.Itoa(q.Size))
	}
	if q.After != "" {
		v.Set(paramAfter, q.After)
	}
	return v
}

// setNames sets a list of names, each in a parameter of its own where a comma
// or a space would be misread.
func setNames(v url.Values, param string, names []string) {
	apart := func(s string) bool { return strings.Contains(s, ",") || strings.TrimSpace(s) != s }
	switch {
	case len(names) == 0:
	case slices.ContainsFunc(names, apart):
		v[param] = names
	default:
		v.Set(param, strings.Join(names, ","))
	}
}

// addFilter adds a filter. A name that could be read as another is followed by
// the relation.
func addFilter(v url.Values, f Filter) {
	equal := f.Column
	if strings.HasPrefix(f.Column, "_") || strings.Contains(f.Column, "__") {
		equal += "__eq"
	}
	several := f.Column + "__in"
	switch {
	case f.Op == Equal || f.Op == In && len(f.Values) == 1:
		for _, param := range []string{equal, f.Column + "__eq", several} {
			if !v.Has(param) {
				v[param] = f.Values
				return
			}
		}
		v[equal] = append(v[equal], f.Values...)
	case f.Op != In:
		v.Add(f.Column+"__"+string(f.Op), strings.Join(f.Values, ""))
	case v.Has(several), slices.ContainsFunc(f.Values, func(s string) bool { return s == "" }) && !joinable(f.Values):
		v[equal] = append(v[equal], f.Values...)
	case joinable(f.Values):
		v.Set(several, strings.Join(f.Values, ","))
	default:
		v[several] = f.Values
	}
}

func joinable(values []string) bool {
	return !slices.ContainsFunc(values, func(s string) bool { return strings.Contains(s, ",") })
}
