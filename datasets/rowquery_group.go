package datasets

import (
	"slices"
	"strings"
)

// A GroupBy puts rows together that have the same value in a column, or the
// same part of a date. Nulls are a group of their own.
type GroupBy struct {
	Column string
	Part   Part
}

// A Part is a part of a date or a moment.
type Part string

// The parts of a date. Month and JalaliMonth are of one year: 2024-05, 1403-05.
const (
	Whole       Part = ""
	Year        Part = "year"
	Quarter     Part = "quarter"
	Month       Part = "month"
	Day         Part = "day"
	JalaliYear  Part = "jyear"
	JalaliMonth Part = "jmonth"
)

// parts is all parts but the whole.
var parts = [...]Part{Year, Quarter, Month, Day, JalaliYear, JalaliMonth}

// Name returns what the column of the result is called: the column's name, or
// with a part column__part.
func (g GroupBy) Name() string {
	if g.Part == Whole {
		return g.Column
	}
	return g.Column + "__" + string(g.Part)
}

// A Measure is what is computed of the rows of a group.
type Measure struct {
	Op     MeasureOp
	Column string // empty for OpCount
}

// A MeasureOp is a way to compute a Measure. Nulls are left out; where nothing
// is left the result is null.
type MeasureOp string

// The ways to compute.
const (
	OpSum   MeasureOp = "sum" // of numbers, exact
	OpAvg   MeasureOp = "avg" // of numbers, the exact sum divided and rounded once
	OpMin   MeasureOp = "min"
	OpMax   MeasureOp = "max"
	OpCount MeasureOp = "count" // of rows
)

// measureOps is all of them, in the order of the columns of a result.
var measureOps = [...]MeasureOp{OpSum, OpAvg, OpMin, OpMax, OpCount}

// Name returns what the column of the result is called: column__sum, or count.
// In a result where another column is called so an underscore is added.
func (m Measure) Name() string {
	if m.Op == OpCount {
		return string(OpCount)
	}
	return m.Column + "__" + string(m.Op)
}

// groups checks groups and measures, and makes the schema of the result.
func (p *plan) groups(schema Schema, q *RowQuery) error {
	if len(q.Group) > maxGroupBy {
		return inputError(paramGroup, "groupcolumns", "rows are grouped by at most %d columns", maxGroupBy)
	}
	p.schema = nil
	for _, g := range q.Group {
		if slices.Contains(p.group, g) {
			continue
		}
		i := schema.Index(g.Column)
		if i < 0 {
			return unknownColumn(paramGroup, g.Column, schema)
		}
		c, err := partColumn(&schema[i], g)
		if err != nil {
			return err
		}
		p.group, p.keys = append(p.group, g), append(p.keys, i)
		p.add(c)
	}
	measures := q.Measures
	if len(measures) == 0 {
		measures = []Measure{{Op: OpCount}}
	}
	if len(measures) > maxMeasures {
		return inputError("_"+string(measures[maxMeasures].Op), "figures", "a group has at most %d figures", maxMeasures)
	}
	for _, m := range measures {
		if err := p.measure(schema, m); err != nil {
			return err
		}
	}
	return nil
}

// add adds a column to the schema of groups under a name that none has yet.
func (p *plan) add(c Column) {
	for p.schema.Index(c.Name) >= 0 {
		c.Name += "_"
	}
	p.schema = append(p.schema, c)
}

// partColumn returns the column of a result that holds a part of a column.
func partColumn(c *Column, g GroupBy) (Column, error) {
	out := *c
	out.Layout = ""
	if g.Part == Whole {
		return out, nil
	}
	if !slices.Contains(parts[:], g.Part) {
		return out, inputError(paramGroup, "part", "a date has no part %q; it has %s", shorten(string(g.Part)), partList())
	}
	if c.Type != Date && c.Type != DateTime {
		return out, inputError(paramGroup, "nodate", "%s is no date but %s, and has no %s", shorten(c.Name), c.Type, g.Part)
	}
	out = Column{Name: g.Name(), Label: c.Label + " (" + string(g.Part) + ")", Type: Text}
	switch g.Part { //nolint:exhaustive // the others are texts
	case Year, JalaliYear:
		out.Type = Integer
	case Day:
		out.Type = Date
	}
	return out, nil
}

func partList() string {
	var names []string
	for _, part := range parts {
		names = append(names, string(part))
	}
	return strings.Join(names, ", ")
}

func (p *plan) measure(schema Schema, m Measure) error {
	param := "_" + string(m.Op)
	if slices.Contains(p.measures, m) {
		return nil
	}
	i, c := -1, Column{Name: m.Name(), Label: m.Name(), Type: Integer}
	if m.Op != OpCount {
		if i = schema.Index(m.Column); i < 0 {
			return unknownColumn(param, m.Column, schema)
		}
		of := &schema[i]
		c.Label = of.Label + " (" + string(m.Op) + ")"
		c.Type, c.Scale, c.Fixed, c.Float, c.UTC, c.Unit = of.Type, of.Scale, of.Fixed, of.Float, of.UTC, of.Unit
	}
	switch m.Op {
	case OpCount, OpMin, OpMax:
	case OpSum, OpAvg:
		if !c.Numeric() {
			return inputError(param, "nonumber", "%s is no number but %s; count it, or take _min or _max", shorten(m.Column), c.Type)
		}
		if m.Op == OpAvg {
			c.Type, c.Float, c.Scale, c.Fixed = Decimal, true, 0, false
		}
	default:
		return inputError(param, "figure", "there is no figure %q; there are sum, avg, min, max and count", m.Op)
	}
	p.measures, p.values = append(p.measures, m), append(p.values, i)
	p.add(c)
	return nil
}
