package datasets

import (
	"context"
	"errors"
	"iter"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// A grouping is the groups of a query with their figures, in its order.
type grouping struct {
	schema Schema   // of what can be selected
	values []Vector // of each column, in the order of the groups' values
	order  []uint32 // the groups in the order of the query; nil when as they are
	n      int
}

// groupPage fills the page with the groups behind the cursor, whose row is a
// place in their order.
func (r *RowFile) groupPage(ctx context.Context, p *plan, m *matched, here *cursor, page *RowPage) error {
	g, err := r.groups(ctx, p, m)
	if err != nil {
		return err
	}
	if here.row >= int64(g.n) {
		return cursorError("behind", "points behind the last group")
	}
	from := int(here.row + 1)
	to := min(from+p.size, g.n)
	page.Total = int64(g.n)
	page.Schema, page.Rows = g.slice(p.fields, from, to)
	if to < g.n {
		here.row = int64(to - 1)
		page.Next = r.files.Signer.encode(*here)
	}
	return nil
}

// slice returns some columns of the groups from, up to but not including to.
func (g *grouping) slice(fields []int, from, to int) (Schema, *Batch) {
	schema := make(Schema, len(fields))
	b := &Batch{Len: to - from, Columns: make([]Vector, len(fields))}
	for i, c := range fields {
		schema[i] = g.schema[c]
		v := &b.Columns[i]
		v.Reset(&schema[i], b.Len)
		for row := range b.Len {
			at := from + row
			if g.order != nil {
				at = int(g.order[at])
			}
			v.CopyFrom(row, &g.values[c], at)
		}
	}
	return schema, b
}

// CopyFrom sets value i to value j of another vector of the same column.
func (v *Vector) CopyFrom(i int, from *Vector, j int) {
	v.Null[i] = from.Null[j]
	switch {
	case from.Text != nil:
		v.Text[i] = from.Text[j]
	case from.Float != nil:
		v.Float[i] = from.Float[j]
	default:
		v.Int[i] = from.Int[j]
	}
	if text := from.source(j); text != "" {
		v.Source = append(v.Source, SourceText{Row: i, Text: text})
	}
}

// table returns the groups as a table of the selected columns.
func (g *grouping) table(fields []int) *Table {
	schema, _ := g.slice(fields, 0, 0)
	return &Table{Schema: schema, Rows: int64(g.n), Scan: func(from, to int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) {
			if to < 0 || to > int64(g.n) {
				to = int64(g.n)
			}
			for at := max(from, 0); at < to; at += BatchRows {
				_, b := g.slice(fields, int(at), int(min(at+BatchRows, to)))
				b.First = at
				if !yield(b, nil) {
					return
				}
			}
		}
	}}
}

// groups computes the groups of a plan.
func (r *RowFile) groups(ctx context.Context, p *plan, m *matched) (*grouping, error) {
	key := keyOf(r.digest, "groups", p.orderKey())
	if known, ok := r.files.memory.get(key).(*grouping); ok {
		return known, nil
	}
	var keys []*column
	var by []*columnar.Column
	for i, g := range p.group {
		c, err := r.grouped(ctx, paramGroup, p.keys[i], g)
		if err != nil {
			return nil, err
		}
		keys, by = append(keys, c), append(by, &c.Column)
	}
	figures, err := r.figures(ctx, p)
	if err != nil {
		return nil, err
	}
	found, err := columnar.Group(ctx, by, figures.measures, m.sums, int(r.rows), r.files.limits.groups)
	if errors.Is(err, columnar.ErrTooMany) {
		return nil, inputError(paramGroup, "groups", "there are more than %d groups; filter first, or group by fewer columns", r.files.limits.groups)
	}
	if err != nil {
		return nil, r.readError(ctx, err)
	}
	g := &grouping{schema: append(Schema(nil), p.schema...), n: len(found.Rows)}
	for i, c := range keys {
		g.values = append(g.values, keyVector(&g.schema[i], c, &found.Keys[i]))
	}
	figures.fill(g, p, found)
	figures.sort(g, p, found)
	r.files.memory.put(key, g, g.size())
	return g, nil
}

// sort orders the groups as the plan says.
func (f *figures) sort(g *grouping, p *plan, found *columnar.Groups) {
	var orders []columnar.Order
	for _, s := range p.sort {
		c := &columnar.Column{Rows: g.n}
		switch v := &g.values[s.column]; {
		case s.column < len(found.Keys):
			k := &found.Keys[s.column]
			c.Codes = &columnar.Codes{Card: int(k.Null), B32: k.Codes}
		case v.Text != nil: // the least or greatest text, by its code
			c.Ints, c.Nulls = found.Measures[f.of[s.column-len(p.group)]].Ints, v.nulls()
		case v.Float != nil:
			c.Floats, c.Nulls = v.Float, v.nulls()
		default:
			c.Ints, c.Nulls = v.Int, v.nulls()
		}
		orders = append(orders, columnar.Order{Column: c, Desc: s.desc})
	}
	if len(orders) > 0 && g.n > 0 {
		g.order = columnar.Sort(orders, nil)
	}
}

// nulls is the rows that are null.
func (v *Vector) nulls() columnar.Bitmap {
	b := columnar.NewBitmap(len(v.Null))
	for i, null := range v.Null {
		if null {
			b.Set(i)
		}
	}
	return b
}

// size is how much memory the groups take.
func (g *grouping) size() int64 {
	n := int64(len(g.order))*4 + 1000
	for i := range g.values {
		v := &g.values[i]
		n += int64(len(v.Null)) + 8*int64(len(v.Int)) + 8*int64(len(v.Float)) + 16*int64(len(v.Text)) + 40*int64(len(v.Source))
	}
	return n
}

// keyVector returns the value that each group has in a column.
func keyVector(def *Column, c *column, k *columnar.Key) Vector {
	var v Vector
	v.Reset(def, len(k.Codes))
	for i, code := range k.Codes {
		if v.Null[i] = code == k.Null; v.Null[i] {
			continue
		}
		switch {
		case c.texts != nil:
			v.Text[i] = c.texts.at(int(code))
		case k.Floats != nil:
			v.Float[i] = k.Floats[code]
		case k.Ints != nil:
			v.Int[i] = k.Ints[code]
		case v.Float != nil:
			v.Float[i] = c.Floats[code]
		default:
			v.Int[i] = c.Ints[code]
		}
	}
	return v
}

// figures are the measures of a plan: what must be computed, each once.
type figures struct {
	columns  []*column // of measures
	scales   []int
	measures []columnar.Measure
	of       []int // for each measure of the plan the position in measures, -1 for a count
}

// measureKinds is what is computed for a measure.
var measureKinds = map[MeasureOp]columnar.Kind{OpSum: columnar.Sum, OpAvg: columnar.Sum, OpMin: columnar.Min, OpMax: columnar.Max}

func (r *RowFile) figures(ctx context.Context, p *plan) (*figures, error) {
	f := &figures{}
	known := map[[2]int]int{}
	for i, m := range p.measures {
		if m.Op == OpCount {
			f.of = append(f.of, -1)
			continue
		}
		kind := measureKinds[m.Op]
		at, computed := known[[2]int{p.values[i], int(kind)}]
		if !computed {
			c, err := r.grouped(ctx, "_"+string(m.Op), p.values[i], GroupBy{})
			if err != nil {
				return nil, err
			}
			at = len(f.measures)
			known[[2]int{p.values[i], int(kind)}] = at
			f.scales = append(f.scales, r.schema[p.values[i]].Scale)
			f.columns, f.measures = append(f.columns, c), append(f.measures, columnar.Measure{Kind: kind, Column: &c.Column})
		}
		f.of = append(f.of, at)
	}
	return f, nil
}

// fill adds the columns of the figures to the groups.
func (f *figures) fill(g *grouping, p *plan, found *columnar.Groups) {
	for i, m := range p.measures {
		def := &g.schema[len(p.group)+i]
		if m.Op == OpCount {
			g.values = append(g.values, Vector{Null: make([]bool, g.n), Int: found.Rows})
			continue
		}
		c, values := f.columns[f.of[i]], &found.Measures[f.of[i]]
		switch m.Op {
		case OpSum:
			g.values = append(g.values, sumVector(def, values))
		case OpAvg:
			g.values = append(g.values, meanVector(def, values, f.scales[f.of[i]]))
		default:
			g.values = append(g.values, extremeVector(def, c, values))
		}
	}
}
