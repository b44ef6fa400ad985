package fiscal

import (
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets"
)

// amount reads the amount of the row in a column; false when there is none, or
// none that can be kept, which is told.
func (r *reading) amount(v *valueColumn) (Amount, bool) {
	col, vec := &r.schema[v.column], &r.cells.batch.Columns[v.column]
	if col.Type != datasets.Text && vec.Null[r.at] {
		if source, ok := r.cells.source(v.column, r.at); ok {
			return r.text(v, source) // what was there is no number, or an empty mark
		}
		r.about.Empty++
		return 0, false
	}
	var a Amount
	var rounded, ok bool
	switch {
	case col.Type == datasets.Integer, col.Type == datasets.Decimal && !col.Float:
		a, rounded, ok = v.unit.amount(vec.Int[r.at])
	case col.Type == datasets.Decimal:
		a, rounded, ok = r.float(v, vec)
	default:
		return r.text(v, r.cells.text(v.column, r.at))
	}
	if !ok {
		r.faults.say(r.row, r.labelOf(v.column, ""), "budget.amount.large", r.cells.text(v.column, r.at))
		return 0, false
	}
	if rounded {
		r.about.Rounded++
	}
	return a, true
}

// float reads a number that did not fit a scaled integer by its text.
func (r *reading) float(v *valueColumn, vec *datasets.Vector) (Amount, bool, bool) {
	if text, ok := r.cells.source(v.column, r.at); ok {
		if a, rounded, ok := v.unit.amountOf(plainNumber(text, v.decimal, v.group)); ok {
			return a, rounded, true
		}
	}
	return v.unit.amountOf(string(datasets.AppendFloat(nil, vec.Float[r.at])))
}

// text reads an amount that is text in the table.
func (r *reading) text(v *valueColumn, text string) (Amount, bool) {
	plain := plainNumber(text, v.decimal, v.group)
	if plain == "" {
		r.about.Empty++
		return 0, false
	}
	if undisclosed[strings.ToLower(plain)] {
		if r.about.Undisclosed++; r.undisclosed == "" {
			r.undisclosed = strings.Clone(plain)
		}
		return 0, false
	}
	label := r.labelOf(v.column, "")
	a, rounded, ok := v.unit.amountOf(plain)
	if bare, code := cutCurrency(text); !ok && code != "" {
		if code != r.written && code != "$" {
			r.faults.say(r.row, label, "budget.currency.mixed", code, r.written)
			return 0, false
		}
		a, rounded, ok = v.unit.amountOf(plainNumber(bare, v.decimal, v.group))
	}
	if !ok {
		kind := "budget.amount"
		if _, number := ratOf(plain); number {
			kind = "budget.amount.large"
		} else if r.row == 0 && !strings.ContainsFunc(text, unicode.IsDigit) {
			kind = "budget.heading"
		}
		r.faults.say(r.row, label, kind, text)
		return 0, false
	}
	if rounded {
		r.about.Rounded++
	}
	return a, true
}
