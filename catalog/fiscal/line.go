package fiscal

import (
	"strconv"

	"github.com/openshafaf/shafaf/datasets"
)

// The columns that the lines of every budget have, in their order; those of
// classifications and texts stand behind them.
const (
	lineID = iota
	lineRow
	lineAgency
	lineYear
	lineDirection
	linePhase
	lineValue
	lineCurrency
	lineFixed // how many there are
)

// lineSchema is the columns of the lines of a budget, and which of them hold
// codes.
func (p *plan) lineSchema() (datasets.Schema, []Classified) {
	value := datasets.Column{Name: "value", Label: "value", Type: datasets.Integer}
	if p.scale > 0 {
		value.Type, value.Scale, value.Fixed = datasets.Decimal, p.scale, true
	}
	schema := datasets.Schema{
		{Name: "budget_line_id", Label: "budget-line-id"},
		{Name: "row", Label: "row", Type: datasets.Integer},
		{Name: "agency", Label: "agency"},
		{Name: "fiscal_year", Label: "date:fiscal-year"},
		{Name: "direction", Label: "direction"},
		{Name: "phase", Label: "phase:id"},
		value,
		{Name: "currency", Label: "value-currency:code"},
	}
	var columns []Classified
	for _, l := range p.levels {
		c := Classified{Scheme: l.scheme, Level: l.n, Code: lineColumn(l.scheme, l.n)}
		schema = append(schema, datasets.Column{Name: c.Code, Label: lineLabel(l.scheme, l.n, "code")})
		if l.label.given() {
			c.Label = c.Code + "_label"
			schema = append(schema, datasets.Column{Name: c.Label, Label: lineLabel(l.scheme, l.n, "label")})
		}
		columns = append(columns, c)
	}
	taken := map[string]bool{}
	for i := range schema {
		taken[schema[i].Name] = true
	}
	for i, t := range p.texts {
		name := t.typ
		if t.column >= 0 {
			name = p.schema[t.column].Name
		}
		if taken[name] {
			name = "text_" + strconv.Itoa(i+1)
		}
		taken[name] = true
		schema = append(schema, datasets.Column{Name: name, Label: t.label})
	}
	return schema, columns
}

// lineColumn is the name of the column of the codes of a level.
func lineColumn(scheme string, n int) string {
	switch scheme {
	case SchemeCOFOG:
		return [...]string{"cofog_division", "cofog_group", "cofog_class"}[min(n, 3)-1]
	case SchemeGFSM:
		return "gfsm_" + strconv.Itoa(n)
	}
	return scheme + "_" + strconv.Itoa(n)
}

// lineLabel is the columnType of a level.
func lineLabel(scheme string, n int, part string) string {
	level := "level" + strconv.Itoa(n)
	switch scheme {
	case SchemeCOFOG:
		return "functional-classification:cofog:" + [...]string{"division", "group", "class"}[min(n, 3)-1] + ":" + part
	case SchemeGFSM:
		return "economic-classification:gfsm:" + level + ":" + part
	case SchemeProgramme:
		return "activity:generic:" + [...]string{"program", "subprogram", "project", "subproject", "contract"}[min(n, 5)-1] + ":" + part
	case SchemeGeography:
		return "geo:target:" + level + ":" + map[string]string{"code": "code", "label": "title"}[part]
	case SchemeFund:
		return "fin-source:generic:" + level + ":" + part
	}
	return scheme + "-classification:generic:" + level + ":" + part
}

// A line is one amount of a row.
type line struct {
	row    int64 // of the table, from 0
	id     string
	year   string
	dir    Direction
	phase  Phase
	amount Amount
}

// lineBatch collects lines into batches.
type lineBatch struct {
	schema datasets.Schema
	b      datasets.Batch
}

func newLineBatch(schema datasets.Schema) *lineBatch {
	lb := &lineBatch{schema: schema}
	lb.b.Columns = make([]datasets.Vector, len(schema))
	lb.reset()
	return lb
}

func (lb *lineBatch) reset() {
	lb.b.Len = 0
	for i := range lb.schema {
		lb.b.Columns[i].Reset(&lb.schema[i], datasets.BatchRows)
	}
}

// put adds a line; texts are of the columns behind the fixed ones.
func (lb *lineBatch) put(l *line, agency, currency string, texts []string) {
	i := lb.b.Len
	lb.b.Len++
	c := lb.b.Columns
	c[lineID].Text[i] = l.id
	c[lineRow].Int[i] = l.row + 1
	c[lineAgency].Text[i] = agency
	c[lineYear].Text[i] = l.year
	c[lineDirection].Text[i] = string(l.dir)
	c[linePhase].Text[i] = string(l.phase)
	c[lineValue].Int[i] = l.amount
	c[lineCurrency].Text[i] = currency
	for k, t := range texts {
		c[lineFixed+k].Text[i] = t
		c[lineFixed+k].Null[i] = t == ""
	}
}

func (lb *lineBatch) full() bool { return lb.b.Len == datasets.BatchRows }

// cut returns the batch with as many rows as it has.
func (lb *lineBatch) cut() *datasets.Batch {
	for i := range lb.b.Columns {
		v := &lb.b.Columns[i]
		v.Null = v.Null[:lb.b.Len]
		if len(v.Text) > 0 {
			v.Text = v.Text[:lb.b.Len]
		}
		if len(v.Int) > 0 {
			v.Int = v.Int[:lb.b.Len]
		}
	}
	return &lb.b
}

// next makes room for the next batch.
func (lb *lineBatch) next() {
	lb.b.First += int64(lb.b.Len)
	lb.reset()
}
