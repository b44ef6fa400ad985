package exporters

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A querySample is a random query with the same in SQL.
type querySample struct {
	values   url.Values
	filters  []string
	selected []string
	groups   []string
	order    []string
}

// filter adds a filter, unless there is one of that name.
func (q *querySample) filter(param, sql string, values ...string) {
	if !q.values.Has(param) {
		q.values[param], q.filters = values, append(q.filters, sql)
	}
}

func quoteSQL(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// addFilter adds a random filter.
func (q *querySample) addFilter(r *rand.Rand, all *datasets.Batch) {
	c := r.IntN(len(querySchema))
	column := &querySchema[c]
	name, row := column.Name, r.IntN(all.Len)
	v := &all.Columns[c]
	text := string(column.Append(nil, v, row))
	not := func(condition string) string { return "(not (" + condition + ") or " + name + " is null)" }
	if v.Null[row] || r.IntN(12) == 0 {
		if r.IntN(3) > 0 {
			q.filter(name+"__isnull", name+" is null", "true")
		} else {
			q.filter(name+"__isnull", name+" is not null", "0")
		}
		return
	}
	if column.Type == datasets.Text {
		q.addTextFilter(r, name, text)
		return
	}
	literal := "cast(" + quoteSQL(text) + " as " + map[datasets.Type]string{
		datasets.Integer: "bigint", datasets.Decimal: "decimal(18,2)", datasets.Boolean: "boolean", datasets.Date: "date", datasets.DateTime: "timestamp",
	}[column.Type] + ")"
	if column.Float {
		literal = "cast(" + quoteSQL(text) + " as double)"
	}
	op := []string{"eq", "not", "gt", "gte", "lt", "lte", "in"}[r.IntN(7)]
	sign := map[string]string{"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}[op]
	if r.IntN(2) == 0 {
		text = persian.Digits(text, "fa")
	}
	switch op {
	case "not":
		q.filter(name+"__not", not(name+" = "+literal), text)
	case "in":
		q.filter(name+"__in", name+" in ("+literal+")", text)
	default:
		q.filter(name+"__"+op, name+" "+sign+" "+literal, text)
	}
}

func (q *querySample) addTextFilter(r *rand.Rand, name, text string) {
	folded := persian.Fold(text)
	if folded == "" || strings.Contains(text, ",") { // an empty value is no filter
		return
	}
	runes := []rune(text)
	switch op := []string{"eq", "not", "contains", "startswith", "in", "gt", "lte"}[r.IntN(7)]; op {
	case "eq":
		q.filter(name, name+"_fold = "+quoteSQL(folded), text)
	case "not":
		q.filter(name+"__not", "("+name+"_fold <> "+quoteSQL(folded)+" or "+name+" is null)", text)
	case "contains":
		part := string(runes[r.IntN(len(runes)):])
		if part = strings.TrimSpace(part); part == "" {
			return
		}
		q.filter(name+"__contains", "contains("+name+"_fold, "+quoteSQL(persian.Fold(part))+")", part)
	case "startswith":
		part := string(runes[:1+r.IntN(len(runes))])
		if strings.TrimSpace(part) == "" {
			return
		}
		q.filter(name+"__startswith", "starts_with("+name+"_fold, "+quoteSQL(persian.Fold(part))+")", part)
	case "in":
		other := queryWords[r.IntN(12)]
		q.filter(name+"__in", name+"_fold in ("+quoteSQL(folded)+", "+quoteSQL(persian.Fold(other))+")", text, other)
	default:
		sign := map[string]string{"gt": ">", "lte": "<="}[op]
		q.filter(name+"__"+op, fmt.Sprintf("%s_rank %s (select any_value(%s_rank) from base where %s = %s)", name, sign, name, name, quoteSQL(text)), text)
	}
}

// randomQuery makes a query for rows or for groups.
func randomQuery(r *rand.Rand, all *datasets.Batch) *querySample {
	q := &querySample{values: url.Values{}}
	for range r.IntN(3) {
		q.addFilter(r, all)
	}
	q.values.Set("_size", strconv.Itoa([]int{1 + r.IntN(20), 100, 1000}[r.IntN(3)]))
	if r.IntN(2) == 0 {
		q.rows(r)
	} else {
		q.group(r)
	}
	return q
}

func (q *querySample) rows(r *rand.Rand) {
	for _, c := range r.Perm(len(querySchema))[:1+r.IntN(len(querySchema))] {
		q.selected = append(q.selected, querySchema[c].Name)
	}
	q.values.Set("_select", strings.Join(q.selected, ","))
	var sorts []string
	for _, c := range r.Perm(len(querySchema))[:r.IntN(4)] {
		name, desc := querySchema[c].Name, r.IntN(2) == 0
		sorts = append(sorts, map[bool]string{true: "-"}[desc]+name)
		by := []string{name}
		if querySchema[c].Type == datasets.Text {
			by = []string{name + "_rank", name}
		}
		for _, b := range by {
			q.order = append(q.order, b+map[bool]string{true: " desc", false: " asc"}[desc]+" nulls last")
		}
	}
	q.values.Set("_sort", strings.Join(sorts, ","))
	q.order = append(q.order, "n")
}

// queryGroups is what rows are grouped by: the address, SQL, and what it is
// sorted by.
var queryGroups = [][3]string{
	{"agency", "agency", "any_value(agency_rank)"},
	{"few", "few", ""},
	{"open", "open", ""},
	{"note", "note", "any_value(note_rank)"},
	{"id", "id", ""},
	{"rate", "rate", ""},
	{"day__year", "year(day)", ""},
	{"day__quarter", "year(day) || '-Q' || quarter(day)", ""},
	{"day__month", "strftime(day, '%Y-%m')", ""},
	{"day__jyear", "jyear", ""},
	{"day__jmonth", "jmonth", ""},
	{"moment__day", "cast(moment as date)", ""},
	{"moment__month", "strftime(moment, '%Y-%m')", ""},
}

func (q *querySample) group(r *rand.Rand) {
	var names []string
	for _, g := range r.Perm(len(queryGroups))[:r.IntN(4)] {
		group := queryGroups[g]
		names = append(names, group[0])
		q.groups = append(q.groups, group[1])
		q.selected = append(q.selected, group[1])
		if group[2] != "" {
			q.order = append(q.order, group[2]+" nulls last")
		}
		q.order = append(q.order, group[1]+" nulls last")
	}
	q.values.Set("_group", strings.Join(names, ","))
	measures := map[string]string{"_sum": "amount,few,rate,id", "_avg": "amount,rate", "_min": "day,rate,amount,open", "_max": "moment,id"}
	for _, param := range []string{"_sum", "_avg", "_min", "_max"} {
		if r.IntN(2) == 0 {
			continue
		}
		q.values.Set(param, measures[param])
		for column := range strings.SplitSeq(measures[param], ",") {
			q.selected = append(q.selected, param[1:]+"("+column+")")
		}
	}
	q.values.Set("_count", "1")
	q.selected = append(q.selected, "count(*)")
	if r.IntN(2) == 0 {
		q.values.Set("_sort", "-count")
		q.order = append([]string{"count(*) desc"}, q.order...)
	}
}

// sql asks the table base for the same.
func (q *querySample) sql() string {
	where := append([]string{"true"}, q.filters...)
	if q.values.Has("_count") {
		where = append(where, "not total")
	}
	s := "select " + strings.Join(q.selected, ", ") + " from base where " + strings.Join(where, " and ")
	if len(q.groups) > 0 {
		s += " group by " + strings.Join(q.groups, ", ")
	}
	if len(q.order) > 0 {
		s += " order by " + strings.Join(q.order, ", ")
	}
	return s
}
