package fiscal

import (
	"context"
	"errors"
	"hash/maphash"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets"
)

// errUnfit ends the reading of a table that cannot be shown: its faults say why.
var errUnfit = errors.New("the table is no budget that can be shown")

// A reading is one way of a table through a mapping: every row of it becomes
// lines, which are checked, summed and passed on.
type reading struct {
	*plan
	faults *faults
	about  About
	cube   *cube
	skip   []int64 // rows that are sums of others, ascending
	found  []int64 // further ones, when errAgain says so
	last   bool    // such rows were looked for before
	lines  int64

	cells  *cells
	at     int // row of the batch
	row    int64
	cached facts
	texts  []string // of the line columns behind the fixed ones
	place  [][2]int // of the code and name of each level in texts

	seed    maphash.Seed
	seen    []uint64                           // of given identifiers
	codes   map[string]map[string]standardCode // by scheme
	uncoded int64                              // rows whose code is none of COFOG
	odd     string                             // the first such code

	undisclosed string     // what stands in place of an amount that is not told
	totals      []totalRow // rows that call themselves totals and are not known to be
	total       map[string]bool
}

// facts are the year, phase and direction of the last row, which most rows
// share with the one before.
type facts struct {
	yearText, phaseText, dirText string
	year                         string
	phase                        Phase
	dir                          Direction
	yearOK, phaseOK, dirOK       bool
}

// A standardCode is a code of a standard classification with the levels that
// follow from it.
type standardCode struct {
	code   string
	levels [derivedLevels]string
	ok     bool
}

// newReading begins to read a table.
func newReading(p *plan, f *faults, limit int, skip []int64) *reading {
	schema, columns := p.lineSchema()
	r := &reading{
		plan: p, faults: f, cube: newCube(p.levels, limit), skip: skip, cells: newCells(p.schema),
		texts: make([]string, len(schema)-lineFixed), seed: maphash.MakeSeed(),
		codes: map[string]map[string]standardCode{}, total: map[string]bool{},
	}
	for _, c := range columns {
		at := [2]int{schema.Index(c.Code) - lineFixed, -1}
		if c.Label != "" {
			at[1] = schema.Index(c.Label) - lineFixed
		}
		r.place = append(r.place, at)
	}
	r.about.Columns, r.about.Trees = columns, r.cube.treeNames()
	return r
}

// table is the lines of a table, as a table. When something is wrong it is read
// to its end for the other faults, and the error is errUnfit.
func (r *reading) table(ctx context.Context, t *datasets.Table) *datasets.Table {
	schema, _ := r.lineSchema()
	return &datasets.Table{Schema: schema, Rows: -1, Scan: func(int64, int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			out := newLineBatch(schema)
			err := r.scan(ctx, t, func(l *line) bool {
				r.sum(l)
				if r.faults.errors {
					return true
				}
				out.put(l, r.agency, r.currency, r.texts)
				if !out.full() {
					return true
				}
				ok := yield(out.cut(), nil)
				out.next()
				return ok
			})
			if err == nil {
				err = r.conclude(ctx, t)
			}
			switch {
			case err == nil && out.b.Len > 0:
				yield(out.cut(), nil)
			case err != nil && !errors.Is(err, errStopped):
				yield(nil, err)
			}
		}
	}}
}

// errAgain says that rows were found which are sums of others: the table is to
// be read without them.
var errAgain = errors.New("rows are sums of others")

// errStopped says that whoever asked wants no more lines.
var errStopped = errors.New("no more lines are wanted")

// scan calls do with each line of the table.
func (r *reading) scan(ctx context.Context, t *datasets.Table, do func(*line) bool) error {
	return r.each(ctx, t, func() bool { return r.one(do) })
}

// each calls do at each row of the table that is not left out, until do says no.
func (r *reading) each(ctx context.Context, t *datasets.Table, do func() bool) error {
	skip := r.skip
	for batch, err := range t.Scan(0, -1) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		r.cells.start(batch)
		for i := range batch.Len {
			r.at, r.row = i, batch.First+int64(i)
			for len(skip) > 0 && skip[0] < r.row {
				skip = skip[1:]
			}
			if len(skip) > 0 && skip[0] == r.row {
				continue
			}
			if !do() {
				return errStopped
			}
		}
	}
	return nil
}

// one calls do with the lines of the row at hand.
func (r *reading) one(do func(*line) bool) bool {
	l := line{row: r.row}
	r.classify()
	r.facts()
	r.identify(&l)
	for i := range r.values {
		v := &r.values[i]
		amount, ok := r.amount(v)
		if !ok {
			continue
		}
		l.amount, l.year, l.phase, l.dir = amount, v.year, v.phase, v.dir
		if !r.complete(&l) {
			continue
		}
		if !do(&l) {
			return false
		}
	}
	return true
}

// classify reads the codes and texts of the row.
func (r *reading) classify() {
	for i := range r.levels {
		l := &r.levels[i]
		code := r.cells.of(l.code, r.at)
		if l.derive || l.scheme == SchemeCOFOG || l.scheme == SchemeGFSM {
			code = r.standard(l, code)
		}
		if len(code) > maxCode {
			r.faults.say(r.row, r.labelOf(l.code.column, ""), "budget.code.long", maxCode)
			code = code[:maxCode]
		}
		at := r.place[i]
		r.texts[at[0]] = code
		label := ""
		if at[1] >= 0 {
			label = r.cells.of(l.label, r.at)
			r.texts[at[1]] = label
		}
		r.cube.set(i, code, beginning(label))
	}
	first := len(r.texts) - len(r.plan.texts)
	for i := range r.plan.texts {
		r.texts[first+i] = r.cells.of(r.plan.texts[i].place, r.at)
	}
	if label := r.callsItselfTotal(); label != "" && len(r.totals) < maxKnown {
		r.totals = append(r.totals, totalRow{r.row, strings.Clone(label)})
	}
}

// standard brings a code of a standard classification into its form; one that
// is none stays as it is at the first level.
func (r *reading) standard(l *level, code string) string {
	if code == "" {
		return ""
	}
	c := r.standardCode(l.scheme, code)
	if !c.ok && l.n == 1 && l.scheme == SchemeCOFOG {
		if r.uncoded++; r.odd == "" {
			r.odd = strings.Clone(code)
		}
	}
	switch {
	case !l.derive:
		return c.code
	case !c.ok && l.n > 1:
		return ""
	case !c.ok:
		return c.code
	}
	return c.levels[l.n-1]
}

// standardCode reads a code of a standard classification, and remembers what it
// is.
func (r *reading) standardCode(scheme, code string) standardCode {
	known := r.codes[scheme]
	if c, ok := known[code]; ok {
		return c
	}
	if known == nil || len(known) > maxKnown {
		known = map[string]standardCode{}
		r.codes[scheme] = known
	}
	c := standardCode{code: strings.Clone(code)}
	read := COFOG
	if scheme == SchemeGFSM {
		read = GFSM
	}
	if is, ok := read(code); ok {
		c.code, c.ok = is, true
		for n := range c.levels {
			c.levels[n] = levelOf(scheme, is, n+1)
		}
	}
	known[strings.Clone(code)] = c
	return c
}

// Bounds of texts in bytes: a code is part of an address, and a name stands in
// tables and pictures. The lines have names whole.
const (
	maxCode = 4000
	maxName = 1000
)

// beginning is a name as far as it is shown.
func beginning(name string) string {
	if len(name) <= maxName {
		return name
	}
	end := maxName
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end] + "…"
}

// maxKnown is how many different texts are remembered with what they mean.
const maxKnown = 100_000

// A totalRow is a row that calls itself a total.
type totalRow struct {
	row   int64
	label string
}

// callsItselfTotal returns the code of the row, or a name without a code, that
// says that it is a total, if one does. A name with a code is a name: there is a
// town of Suma.
func (r *reading) callsItselfTotal() (label string) {
	for _, at := range r.place {
		text := r.texts[at[0]]
		if text == "" && at[1] >= 0 {
			text = r.texts[at[1]]
		}
		says, known := r.total[text]
		if !known {
			if len(r.total) > maxKnown {
				clear(r.total)
			}
			says = datasets.SaysTotal(text)
			r.total[strings.Clone(text)] = says
		}
		if says {
			label = text
		}
	}
	return label
}

// facts reads what the row says of all its amounts.
func (r *reading) facts() {
	f := &r.cached
	if r.year.column >= 0 {
		if text := r.cells.text(r.year.column, r.at); text != f.yearText || f.year == "" {
			f.yearText = text
			f.year = yearText(text)
			if t := r.schema[r.year.column].Type; (t == datasets.Date || t == datasets.DateTime) && len(f.year) > 4 {
				f.year = f.year[:4]
			}
			f.yearOK = isYear(f.year)
		}
	} else if r.year.value != "" {
		f.year, f.yearOK = r.year.value, isYear(r.year.value)
	}
	if text := r.cells.of(r.phase, r.at); r.phase.given() && (text != f.phaseText || !f.phaseOK) {
		f.phaseText = text
		f.phase, f.phaseOK = phaseOf(text)
	}
	if text := r.cells.of(r.dir, r.at); r.dir.given() && (text != f.dirText || !f.dirOK) {
		f.dirText = text
		f.dir, f.dirOK = directionOf(text)
	}
}

// complete fills in what the column of a line does not say, and reports whether
// the line is one.
func (r *reading) complete(l *line) bool {
	f, ok := &r.cached, true
	if l.year == "" {
		if l.year = f.year; !f.yearOK {
			r.faults.say(r.row, r.labelOf(r.year.column, ""), "budget.year.cell", f.year)
			ok = false
		}
	}
	if l.phase == "" {
		if l.phase = f.phase; !f.phaseOK {
			r.faults.say(r.row, r.labelOf(r.phase.column, ""), "budget.phase", f.phaseText)
			ok = false
		}
	}
	if l.dir == "" {
		if l.dir = f.dir; !f.dirOK {
			r.faults.say(r.row, r.labelOf(r.dir.column, ""), "budget.direction", f.dirText)
			ok = false
		}
	}
	if r.money.column >= 0 && ok {
		if code := strings.ToUpper(r.cells.text(r.money.column, r.at)); code != r.written {
			r.faults.say(r.row, r.labelOf(r.money.column, ""), "budget.currency.mixed", code, r.written)
			ok = false
		}
	}
	return ok
}

// identify reads the identifier of the row, or makes it of its number.
func (r *reading) identify(l *line) {
	if !r.id.given() {
		l.id = "row-" + strconv.FormatInt(r.row+1, 10)
		return
	}
	if l.id = r.cells.of(r.id, r.at); l.id == "" {
		r.faults.say(r.row, r.labelOf(r.id.column, ""), "budget.id.none")
	}
}

// sum adds a line to the cube and to what is known of it.
func (r *reading) sum(l *line) {
	r.lines++
	if l.amount < 0 {
		r.about.Negative++
	}
	if r.id.given() && l.id != "" {
		r.seen = append(r.seen, r.hash(l))
	}
	if r.cube.full {
		return
	}
	if !r.cube.add(r.agency, l.year, l.dir, l.phase.index(), l.amount) {
		r.faults.say(r.row, "", "budget.sum.large", l.year)
	}
	if r.cube.full {
		r.faults.say(-1, "", "budget.nodes", r.cube.limit)
	}
}
