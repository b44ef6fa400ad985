package site

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// The fields of the form above a table. A form cannot write an address of row
// queries, in which the relation is part of the name; so it sends fields of its
// own with paramForm, and the answer is the address that they stand for.
const (
	paramForm   = "_form"
	formFilter  = "f" // f1c column, f1o relation, f1v value
	formGroup   = "g" // g1: column or column__part
	formMeasure = "m" // m1o what of it, m1c column
	formSort    = "s" // s1c column, s1d "desc"
	formColumn  = "c" // for each column that is to be shown
	paramGroup  = "_group"
	paramCount  = "_count"
	paramSelect = "_select"
)

// The relations that only the form has: they take no value.
const (
	opEmpty  = "empty"
	opFilled = "filled"
)

// mostFormRows is how many rows of one kind a form may have.
const mostFormRows = 64

// formURL is the address that a sent form stands for.
func (x *exploration) formURL(form url.Values) string {
	out := x.place()
	for name, values := range x.Own {
		if values[0] != "" {
			out[name] = values
		}
	}
	row := func(kind string, n int, field string) string { return form.Get(kind + strconv.Itoa(n) + field) }
	for n := 1; n <= mostFormRows; n++ {
		x.sentFilter(out, row(formFilter, n, "c"), row(formFilter, n, "o"), row(formFilter, n, "v"))
		if g := row(formGroup, n, ""); g != "" && !slices.Contains(out[paramGroup], g) {
			out.Add(paramGroup, g)
		}
		sentMeasure(out, row(formMeasure, n, "o"), row(formMeasure, n, "c"))
		if c := row(formSort, n, "c"); c != "" {
			if row(formSort, n, "d") == "desc" {
				c = "-" + c
			}
			out.Add(paramSort, c)
		}
	}
	if chosen := form[formColumn]; len(chosen) < len(x.Schema) {
		out[paramSelect] = chosen
	}
	if size := form.Get(paramSize); size != "" {
		out.Set(paramSize, size)
	}
	return withQuery("/"+x.lang+datasetPath(x.Dataset.Slug)+"/"+x.tab, withoutEmpty(x.settled(out)))
}

// settled writes sent parameters as the address of a view has them. An order or
// a choice of columns that the form had for another result is left out.
func (x *exploration) settled(sent url.Values) url.Values {
	for {
		params := maps.Clone(sent)
		maps.DeleteFunc(params, func(name string, _ []string) bool {
			return name == paramResource || name == paramEdition || x.Own.Has(name)
		})
		q, err := datasets.ParseRowQuery(x.Schema, params)
		var input *datasets.InputError
		switch {
		case err == nil:
			return x.params(q, x.Own)
		case errors.As(err, &input) && (input.Param == paramSort || input.Param == paramSelect):
			delete(sent, input.Param)
		default:
			return sent
		}
	}
}

// sentFilter adds a row of the form to the parameters: nothing when it is not
// filled in.
func (x *exploration) sentFilter(out url.Values, column, op, value string) {
	value = strings.TrimSpace(value)
	switch {
	case column == "":
	case op == opEmpty:
		out.Set(column+"__"+string(datasets.IsNull), "true")
	case op == opFilled:
		out.Set(column+"__"+string(datasets.IsNull), "false")
	case value == "":
	case op == string(datasets.In):
		values := strings.Split(strings.ReplaceAll(value, "،", ","), ",")
		for i := range values {
			values[i] = strings.TrimSpace(values[i])
		}
		out.Add(column+"__in", strings.Join(values, ","))
	case op == "" || op == string(datasets.Equal) && !x.hidden(column):
		out.Add(column, value)
	default:
		out.Add(column+"__"+op, value)
	}
}

// hidden reports whether an address that has the column's name alone means
// something else.
func (x *exploration) hidden(column string) bool {
	return strings.HasPrefix(column, "_") || strings.Contains(column, "__") || ownName(column)
}

func sentMeasure(out url.Values, op, column string) {
	switch {
	case op == "":
	case op == "count":
		out.Set(paramCount, "1")
	case column != "":
		if name := "_" + op; !slices.Contains(out[name], column) {
			out.Add(name, column)
		}
	}
}
