package fiscal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// A plan is a mapping as it is applied to the columns of one table.
type plan struct {
	schema   datasets.Schema
	mapping  *Mapping
	agency   string // slug
	currency string
	written  string // the currency as cells write it, which may be the toman
	scale    int
	values   []valueColumn
	levels   []level
	texts    []textColumn
	year     place
	phase    place
	dir      place
	id       place
	money    place // of codes of currencies
}

// A place is where a fact of a row stands: in a column, or it is the same for
// all rows.
type place struct {
	column int // -1: none
	value  string
}

var nowhere = place{column: -1}

func (p place) given() bool { return p.column >= 0 || p.value != "" }

// A valueColumn is a column of amounts.
type valueColumn struct {
	column         int
	year           string // empty: that of the row
	phase          Phase
	dir            Direction
	unit           unit
	factor         int64
	decimal, group string
}

// A level is one level of a scheme with the places of its codes and names.
type level struct {
	scheme string
	n      int // from 1
	code   place
	label  place
	derive bool // the code holds all levels
	typ    string
}

// A textColumn is kept with the lines.
type textColumn struct {
	place
	label string
	typ   string
}

// compile applies a mapping to the columns of a table. What does not fit is
// told to f.
func compile(schema datasets.Schema, m *Mapping, agency string, f *faults) *plan {
	p := &plan{schema: schema, mapping: m, agency: agency, year: place{-1, yearText(m.Year)}, phase: nowhere, dir: nowhere, id: nowhere, money: nowhere}
	c := compiler{plan: p, faults: f, levels: map[string]*level{}}
	for i := range m.Fields {
		c.field(&m.Fields[i])
	}
	c.finish()
	return p
}

// A compiler makes a plan.
type compiler struct {
	*plan
	*faults
	levels  map[string]*level
	amounts []*Field
	at      []int
	named   bool // the mapping names a column of amounts
}

// field takes one field of the mapping.
func (c *compiler) field(fd *Field) {
	t, ok := termOf(fd.Type)
	if !ok {
		c.say(-1, fd.Column, "budget.type", fd.Type)
		return
	}
	if t.what == isSecret {
		c.say(-1, fd.Column, "budget.secret")
		return
	}
	at := place{-1, strings.TrimSpace(fd.Value)}
	if fd.Column != "" {
		if at.column = columnOf(c.schema, fd.Column); at.column < 0 {
			c.missing(t, fd)
			return
		}
	}
	if !at.given() {
		return
	}
	c.named = c.named || t.what == isValue
	switch t.what {
	case isValue:
		c.amounts, c.at = append(c.amounts, fd), append(c.at, at.column)
	case isCurrency:
		c.once(&c.money, at, fd)
	case isFiscalYear:
		c.once(&c.year, at, fd)
	case isDirection:
		c.once(&c.dir, at, fd)
	case isPhase:
		c.once(&c.phase, at, fd)
	case isLineID:
		c.once(&c.id, at, fd)
	case isCode, isLabel:
		c.level(t, at, fd)
	default:
		c.texts = append(c.texts, textColumn{at, c.labelOf(at.column, fd.Type), fd.Type})
	}
}

// missing tells of a column that the table does not have. Where two rows of
// headings were read as one, it is told so.
func (c *compiler) missing(t term, fd *Field) {
	c.named = c.named || t.what == isValue
	for i := range c.schema {
		if second, ok := strings.CutPrefix(c.schema[i].Label, fd.Column+" / "); ok {
			c.say(0, fd.Column, "budget.heading", second)
			return
		}
	}
	c.say(-1, fd.Column, "budget.column", columnNames(c.schema))
}

// once puts a place that only one field may be for.
func (c *compiler) once(to *place, at place, fd *Field) {
	if to.column >= 0 {
		c.say(-1, fd.Column, "budget.twice", fd.Type)
		return
	}
	*to = at
}

// level puts the place of the codes or names of one or all levels of a scheme.
func (c *compiler) level(t term, at place, fd *Field) {
	first, last := t.level, t.level
	if t.level == 0 {
		first, last = 1, derivedLevels
	}
	for n := first; n <= last; n++ {
		key := fmt.Sprint(t.scheme, n)
		l := c.levels[key]
		if l == nil {
			l = &level{scheme: t.scheme, n: n, code: nowhere, label: nowhere, derive: t.level == 0, typ: fd.Type}
			c.levels[key] = l
		}
		to := &l.code
		if t.what == isLabel {
			to = &l.label
		} else {
			l.typ = fd.Type
		}
		if to.given() {
			c.say(-1, fd.Column, "budget.twice", fd.Type)
			return
		}
		*to = at
	}
}

// finish decides on what follows from all fields together.
func (c *compiler) finish() {
	for _, l := range c.levels {
		switch {
		case !l.code.given():
			l.code, l.label = l.label, nowhere // names serve as codes
		case l.derive && l.n > 1:
			l.label = nowhere // of the code as it is, not of its beginnings
		}
		c.plan.levels = append(c.plan.levels, *l)
	}
	slices.SortFunc(c.plan.levels, func(a, b level) int {
		return strings.Compare(fmt.Sprint(schemeOrder(a.scheme), a.scheme, a.n), fmt.Sprint(schemeOrder(b.scheme), b.scheme, b.n))
	})
	if c.currencyOf() {
		for i, fd := range c.amounts {
			c.value(fd, c.at[i])
		}
	}
	if !c.named {
		c.say(-1, "", "budget.nothing")
	}
	c.unique()
}

// schemeOrder is the order of the schemes in the lines.
func schemeOrder(scheme string) int {
	return slices.Index([]string{SchemeAdministrative, SchemeProgramme, SchemeCOFOG, SchemeFunctional, SchemeGFSM, SchemeEconomic, SchemeGeography, SchemeFund}, scheme)
}

// currencyOf decides on the currency of the budget: of the mapping, of its
// columns, or of the headings of these.
func (c *compiler) currencyOf() bool {
	code := strings.ToUpper(strings.TrimSpace(c.mapping.Currency))
	if code == "" {
		code = strings.ToUpper(c.money.value)
	}
	for i, fd := range c.amounts {
		own := strings.ToUpper(fd.Currency)
		heading := datasets.CurrencyOf(c.unitOf(c.at[i]))
		if heading == toman && code == "IRR" {
			heading = "" // it is in the factor
		}
		if own == "" && (code == "" || heading != "" && heading != "USD") {
			own = heading // a dollar may be of several states
		}
		switch {
		case code == "":
			code = own
		case own != "" && own != code:
			c.say(-1, c.labelOf(c.at[i], fd.Column), "budget.currency.mixed", own, code)
			return false
		}
	}
	switch {
	case len(c.amounts) == 0:
		return false
	case code == "":
		c.say(-1, "", "budget.currency")
		return false
	case !isCurrencyCode(code):
		c.say(-1, "", "budget.currency.code", code)
		return false
	}
	c.written, c.currency = code, rialOf(code)
	c.scale = scaleOf(c.currency)
	return true
}

// value takes a column of amounts.
func (c *compiler) value(fd *Field, column int) {
	m := c.mapping
	v := valueColumn{column: column, phase: fd.Phase, dir: fd.Direction, year: yearText(fd.Year), decimal: fd.DecimalChar, group: fd.GroupChar}
	label := c.labelOf(column, fd.Column)
	if v.decimal == "" && v.group == "" {
		v.decimal, v.group = m.DecimalChar, m.GroupChar
	}
	if v.phase == "" && !c.phase.given() {
		v.phase = cmp.Or(m.Phase, Approved)
	}
	if v.dir == "" && !c.dir.given() {
		v.dir = cmp.Or(m.Direction, Expenditure)
	}
	if p := v.phase; p != "" && p.index() < 0 {
		c.say(-1, label, "budget.phase", string(p))
		return
	}
	if v.dir != "" && v.dir != Expenditure && v.dir != Revenue {
		c.say(-1, label, "budget.direction", string(v.dir))
		return
	}
	switch {
	case v.year == "" && !c.year.given():
		c.say(-1, label, "budget.year")
		return
	case v.year != "" && !isYear(v.year):
		c.say(-1, label, "budget.year.cell", v.year)
		return
	}
	ok := c.factorOf(&v, cmp.Or(fd.Factor, m.Factor), label)
	if !ok || column < 0 {
		return
	}
	col := &c.schema[column]
	digits := 0
	if col.Type == datasets.Decimal && !col.Float {
		digits = col.Scale
	}
	v.unit = newUnit(v.factor, c.scale, digits)
	c.values = append(c.values, v)
}

// unique refuses two columns for the same year, phase and direction.
func (c *compiler) unique() {
	type same struct {
		year  string
		phase Phase
		dir   Direction
	}
	seen := map[same]int{}
	for i, v := range c.values {
		key := same{v.year, v.phase, v.dir}
		if j, ok := seen[key]; ok {
			c.say(-1, c.labelOf(v.column, ""), "budget.same", c.labelOf(c.values[j].column, ""))
			continue
		}
		seen[key] = i
	}
}

// labelOf is what the author of a table calls a column.
func (p *plan) labelOf(column int, other string) string {
	if column < 0 {
		return other
	}
	return cmp.Or(p.schema[column].Label, p.schema[column].Name)
}
