package site

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A formView is the form above a table: the whole query in fields. Sent, it is
// turned into the address of a view; see formURL.
type formView struct {
	Action   string
	Resource string // what a browser remembers the choice of columns by
	Hidden   []hiddenField
	Rows     []formRow // conditions; the last one is empty
	Groups   []pickRow
	Measures []pickRow
	Sorts    []pickRow
	Choose   *chooser
	Full     bool // with groups, sorts and columns: the view is of rows
}

// A formRow is a condition. Its fields are named by its number.
type formRow struct {
	N       int
	Columns []columnGroup
	Ops     []opGroup
	Value   string
	Numeric bool
	Fault   bool
	param   string
}

// A pickRow is a select, or two that belong together.
type pickRow struct {
	N       int
	Columns []columnGroup
	Ops     []choice
}

// An opGroup is the relations for one kind of columns.
type opGroup struct {
	Key string // of the text of its heading, empty for the relations of a known column
	Ops []choice
}

// formOps are the relations that the form offers for each kind of columns, in
// their order. Those without a value stand apart.
var formOps = map[string][]string{
	wordsText:    {"contains", "eq", "not", "startswith", "in", "gt", "gte", "lt", "lte"},
	wordsNumber:  {"eq", "not", "gt", "gte", "lt", "lte", "in"},
	wordsDate:    {"eq", "not", "gt", "gte", "lt", "lte", "in"},
	wordsBoolean: {"eq", "not"},
}

// The relations of a row whose column is not known yet.
var anyOps = []opGroup{
	{Key: "any", Ops: opChoices("any", "eq", "not", "in", opEmpty, opFilled)},
	{Key: wordsText, Ops: opChoices(wordsText, "contains", "startswith")},
	{Key: "order", Ops: opChoices("any", "gt", "gte", "lt", "lte")},
}

func opChoices(kind string, ops ...string) []choice {
	var all []choice
	for _, op := range ops {
		all = append(all, choice{Key: kind + "." + op, Value: op})
	}
	return all
}

// form fills the form with the query.
func (x *exploration) form(l *locale) formView {
	f := formView{Action: "/" + x.lang + datasetPath(x.Dataset.Slug) + "/" + x.tab, Resource: x.Resource.ID, Full: x.tab == "table"}
	rest := x.place()
	maps.Copy(rest, x.Own)
	rest.Set(paramForm, "1")
	if x.Query.Size != 0 {
		rest.Set(paramSize, strconv.Itoa(x.Query.Size))
	}
	for _, filter := range x.Query.Filters {
		f.Rows = append(f.Rows, x.formRow(filter))
	}
	for i := range x.Faults {
		if row, ok := x.faultRow(&x.Faults[i]); ok {
			f.Rows = append(f.Rows, row)
		}
	}
	f.Rows = append(f.Rows, formRow{Columns: x.groupedColumns(""), Ops: anyOps})
	for i := range f.Rows {
		f.Rows[i].N = i + 1
	}
	x.fillGroups(l, &f)
	f.Hidden = hidden(rest)
	if !f.Full { // the view has no fields for these: they go along as they are
		for i := range f.Groups {
			f.Hidden = append(f.Hidden, f.Groups[i].hidden(formGroup, "", "")...)
		}
		for i := range f.Measures {
			f.Hidden = append(f.Hidden, f.Measures[i].hidden(formMeasure, "c", "o")...)
		}
		for i := range f.Sorts {
			f.Hidden = append(f.Hidden, f.Sorts[i].hidden(formSort, "c", "d")...)
		}
		for _, name := range x.Query.Select {
			f.Hidden = append(f.Hidden, hiddenField{formColumn, name})
		}
	}
	return f
}

// hidden is the row as hidden fields, nothing when it is empty.
func (p *pickRow) hidden(kind, column, op string) []hiddenField {
	var all []hiddenField
	n := strconv.Itoa(p.N)
	for _, g := range p.Columns {
		for _, c := range g.Columns {
			if c.Current && c.Key != "" {
				all = append(all, hiddenField{kind + n + column, c.Key})
			}
		}
	}
	for _, c := range p.Ops {
		if c.Current && c.Value != "" {
			all = append(all, hiddenField{kind + n + op, c.Value})
		}
	}
	return all
}

// formRow is a filter in fields.
func (x *exploration) formRow(f datasets.Filter) formRow {
	row := formRow{Columns: x.groupedColumns(f.Column), Value: strings.Join(f.Values, ", "), param: f.Column}
	kind := wordsText
	if i := x.Schema.Index(f.Column); i >= 0 {
		kind = wordsOf(&x.Schema[i])
		row.Numeric = x.Schema[i].Numeric()
	}
	op := string(f.Op)
	if f.Op == datasets.IsNull {
		if op, row.Value = opEmpty, ""; slices.Contains([]string{"false", "0", "no"}, strings.ToLower(strings.Join(f.Values, ""))) {
			op = opFilled
		}
	}
	row.Ops = []opGroup{{Ops: opChoices(kind, append(slices.Clone(formOps[kind]), opEmpty, opFilled)...)}}
	if f.Op == datasets.Equal || f.Op == datasets.In {
		row.param = f.Column
	}
	row.choose(op)
	return row
}

// choose marks the relation, and adds it when it is none that is offered.
func (row *formRow) choose(op string) {
	ops := row.Ops[0].Ops
	for i := range ops {
		if ops[i].Value == op {
			ops[i].Current = true
			return
		}
	}
	row.Ops[0].Ops = append(ops, choice{Label: op, Value: op, Current: true})
}

// faultRow is a filter that is wrong, in fields, for its writer to mend. It is
// not ok when the fault is not of a filter.
func (x *exploration) faultRow(f *queryFault) (row formRow, ok bool) {
	column, op := x.split(f.Param)
	if f.Param == "" || f.Param[0] == '_' && x.Schema.Index(column) < 0 {
		return row, false
	}
	row = x.formRow(datasets.Filter{Column: column, Op: datasets.Op(op), Values: f.Values})
	row.Fault, row.param = true, f.Param
	if len(row.Value) > maxFormValue {
		row.Value = persian.CutBytes(row.Value, maxFormValue)
	}
	return row, true
}

// maxFormValue is how many bytes of a wrong value are shown again.
const maxFormValue = 300

// split parts the parameter of a filter into the column and the relation, as
// row queries do.
func (x *exploration) split(param string) (column, op string) {
	if x.Schema.Index(param) >= 0 && !strings.HasPrefix(param, "_") {
		return param, string(datasets.Equal)
	}
	if i := strings.LastIndex(param, "__"); i > 0 {
		return param[:i], param[i+2:]
	}
	return param, string(datasets.Equal)
}

// fieldOf is the id of the field that a fault is about.
func (f *formView) fieldOf(fault *queryFault) string {
	for i := range f.Rows {
		if f.Rows[i].Fault && f.Rows[i].param == fault.Param {
			return "f" + strconv.Itoa(f.Rows[i].N) + "v"
		}
	}
	return "f" + strconv.Itoa(len(f.Rows)) + "c"
}

// columnChoices are the columns of the table, the named one chosen; a name that
// no column has is offered too, so that it is seen.
func (x *exploration) columnChoices(name string) []choice {
	all := make([]choice, 0, len(x.Schema)+1)
	found := name == ""
	for i := range x.Schema {
		c := &x.Schema[i]
		all = append(all, choice{Key: c.Name, Label: firstOf(c.Label, c.Name), Current: c.Name == name})
		found = found || c.Name == name
	}
	if !found {
		all = append(all, choice{Key: persian.Shorten(name, longURL), Label: persian.Shorten(name, longURL), Current: true})
	}
	return all
}

// fillGroups puts groups, figures, order and columns into the form.
func (x *exploration) fillGroups(l *locale, f *formView) {
	q := &x.Query
	for _, g := range append(slices.Clone(q.Group), datasets.GroupBy{}) {
		f.Groups = append(f.Groups, pickRow{N: len(f.Groups) + 1, Columns: x.inGroups(x.groupChoices(l, g))})
	}
	for _, m := range append(slices.Clone(q.Measures), datasets.Measure{}) {
		f.Measures = append(f.Measures, pickRow{N: len(f.Measures) + 1, Columns: x.groupedColumns(m.Column), Ops: measureChoices(m.Op)})
	}
	result := x.result(l)
	for _, s := range append(slices.Clone(q.Sort), datasets.Sort{}) {
		row := pickRow{N: len(f.Sorts) + 1, Ops: []choice{{Key: "asc", Current: !s.Desc}, {Key: "desc", Value: "desc", Current: s.Desc}}}
		some := slices.Clone(result)
		for i := range some {
			some[i].Current = some[i].Key == s.Column
		}
		row.Columns = x.inGroups(some)
		f.Sorts = append(f.Sorts, row)
	}
	if q.Grouped() {
		return // the columns of groups are those that were asked for
	}
	f.Choose = x.chooser()
}

// result are the columns of the result, from which an order is chosen.
func (x *exploration) result(l *locale) []choice {
	q := &x.Query
	if !q.Grouped() {
		return x.columnChoices("")
	}
	var all []choice
	for _, g := range q.Group {
		all = append(all, choice{Key: g.Name(), Label: x.groupWords(l, g)})
	}
	for _, m := range q.Measures {
		all = append(all, choice{Key: m.Name(), Label: x.measureWords(l, m)})
	}
	if len(q.Measures) == 0 {
		all = append(all, choice{Key: string(datasets.OpCount), Label: l.Text("measure.count")})
	}
	return all
}

// groupParts are the parts of a date that the form offers.
var groupParts = []datasets.Part{datasets.Year, datasets.Quarter, datasets.Month, datasets.JalaliYear, datasets.JalaliMonth}

func (x *exploration) groupChoices(l *locale, chosen datasets.GroupBy) []choice {
	var all []choice
	for i := range x.Schema {
		c := &x.Schema[i]
		options := []datasets.GroupBy{{Column: c.Name}}
		if wordsOf(c) == wordsDate {
			for _, part := range groupParts {
				options = append(options, datasets.GroupBy{Column: c.Name, Part: part})
			}
		}
		for _, g := range options {
			all = append(all, choice{Key: g.Name(), Label: x.groupWords(l, g), Current: g == chosen})
		}
	}
	return all
}

func measureChoices(chosen datasets.MeasureOp) []choice {
	all := []choice{{Key: "none", Current: chosen == ""}}
	for _, op := range []datasets.MeasureOp{datasets.OpSum, datasets.OpAvg, datasets.OpCount, datasets.OpMin, datasets.OpMax} {
		all = append(all, choice{Key: string(op), Value: string(op), Current: op == chosen})
	}
	return all
}

func cmp2(a, b, c, d string) int { return cmp.Or(cmp.Compare(a, b), cmp.Compare(c, d)) }
