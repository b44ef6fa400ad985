package datasets

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/columnar"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A predicate is a filter that was checked: which values of a column it takes.
type predicate struct {
	column int
	op     Op
	not    bool     // all other values, and nulls
	null   bool     // nulls, and no value
	texts  []string // of a text column: folded, but for an order
	// The values that it takes of a column that is no text.
	ints   []columnar.Span[int64]
	floats []columnar.Span[float64]
}

// key names the predicate: the same text for the same rows.
func (p *predicate) key() string {
	return fmt.Sprintf("%d %t %t %s %v %v %q", p.column, p.not, p.null, p.textOp(), p.ints, p.floats, p.texts)
}

// textOp is the relation where it matters: to texts.
func (p *predicate) textOp() Op {
	if p.texts == nil {
		return ""
	}
	return p.op
}

// filter adds a filter. The error is an InputError.
func (p *plan) filter(schema Schema, f Filter) error {
	i := schema.Index(f.Column)
	if i < 0 {
		return unknownColumn(f.Column, f.Column, schema)
	}
	param := f.Column
	if f.Op != Equal {
		param += "__" + string(f.Op)
	}
	if len(f.Values) == 0 || f.Op != In && len(f.Values) > 1 {
		return inputError(param, "onevalue", "it takes one value, and there are %d", len(f.Values))
	}
	if len(f.Values) > maxValues {
		return inputError(param, "values", "there are more than %d values", maxValues)
	}
	one := predicate{column: i, op: f.Op, not: f.Op == Not}
	var err error
	switch {
	case !slices.Contains(ops[:], f.Op):
		return inputError(param, "relation", "there is no relation %q; there are %s", f.Op, opList())
	case f.Op == IsNull:
		one.null = true
		one.not, err = isFalse(f.Values[0])
	case schema[i].Type == Text:
		one.compareTexts(f.Values)
	case f.Op == Contains || f.Op == StartsWith:
		return inputError(param, "notext", "the column is no text but %s; use gt, gte, lt, lte or in", schema[i].Type)
	default:
		err = one.compareValues(&schema[i], f.Values)
	}
	if err != nil {
		return named(param, err)
	}
	p.filters = append(p.filters, one)
	return nil
}

func isFalse(value string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(persian.ASCIIDigits(value))) {
	case "1", "true", "yes":
		return false, nil
	case "0", "false", "no":
		return true, nil
	}
	return false, badValue("truefalse", "it takes true or false, not %q", value)
}

// compareTexts takes the texts that stand in relation p.op to the values.
func (p *predicate) compareTexts(values []string) {
	switch p.op { //nolint:exhaustive // the others compare folded
	case Greater, AtLeast, Less, AtMost:
		p.texts = values
		return
	case Equal, Not:
		p.op = In
	}
	for _, v := range values {
		p.texts = append(p.texts, persian.Fold(v))
	}
	slices.Sort(p.texts)
	p.texts = slices.Compact(p.texts)
}

// compareValues takes the numbers or moments that stand in relation p.op to the
// values.
func (p *predicate) compareValues(c *Column, values []string) error {
	float := storageOf(c) == inFloat
	for _, v := range values {
		s, err := parseSpan(c, v)
		if err != nil {
			return err
		}
		lo, lof := bounds(s.lo)
		hi, hif := bounds(s.hi)
		if float {
			p.floats = append(p.floats, relate(p.op, lof, hif, math.Inf(-1), math.Inf(1), math.Nextafter)...)
			continue
		}
		p.ints = append(p.ints, relate(p.op, lo, hi, math.MinInt64, math.MaxInt64, func(v, to int64) int64 {
			if to < v {
				return v - 1
			}
			return v + 1
		})...)
	}
	p.ints, p.floats = merged(p.ints), merged(p.floats)
	return nil
}

func bounds(v any) (int64, float64) {
	switch v := v.(type) {
	case int64:
		return v, 0
	case float64:
		return 0, v
	}
	return 0, 0
}

// relate returns the values that stand in relation op to those from lo to hi:
// one span or none, between the least and the greatest value that there is.
// Where hi is below lo they are two neighbours between which the value lies.
func relate[T int64 | float64](op Op, lo, hi, least, greatest T, next func(v, to T) T) []columnar.Span[T] {
	switch op { //nolint:exhaustive // the others take the span itself
	case Greater:
		if hi == greatest { //nolint:gocritic // equal, not near
			return nil
		}
		lo, hi = next(hi, greatest), greatest
	case AtLeast:
		hi = greatest
	case Less:
		if lo == least { //nolint:gocritic // equal, not near
			return nil
		}
		lo, hi = least, next(lo, least)
	case AtMost:
		lo = least
	}
	if hi < lo {
		return nil
	}
	return []columnar.Span[T]{{Lo: lo, Hi: hi}}
}

// merged sorts spans and makes one of those that overlap.
func merged[T int64 | float64](spans []columnar.Span[T]) []columnar.Span[T] {
	slices.SortFunc(spans, func(a, b columnar.Span[T]) int { return cmp.Compare(a.Lo, b.Lo) })
	var out []columnar.Span[T]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Lo <= out[n-1].Hi {
			out[n-1].Hi = max(out[n-1].Hi, s.Hi)
		} else {
			out = append(out, s)
		}
	}
	return out
}
