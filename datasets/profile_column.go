package datasets

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unsafe"

	"github.com/openshafaf/shafaf/datasets/columnar"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/datasets/processors"

	"github.com/axiomhq/hyperloglog"
	"zombiezen.com/go/sqlite"
)

// A profiler computes the profile of a table's columns from its batches, which
// come in order. It leaves the totals out: they would count what they sum twice.
type profiler struct {
	schema  Schema
	columns []*columnProfiler
	rows    int64    // that are no totals
	totals  []int64  // the rows, ascending
	left    []int64  // those of totals that are still to come
	spans   [][2]int // the rows of the batch at hand between totals: from, up to but not including to
}

func newProfiler(s Schema, totals []int64, limits profileLimits) *profiler {
	p := &profiler{schema: s, totals: totals, left: totals}
	for i := range s {
		p.columns = append(p.columns, newColumnProfiler(&s[i], limits))
	}
	return p
}

// begin tells which rows of a batch are no totals.
func (p *profiler) begin(b *Batch) {
	p.spans = p.spans[:0]
	from, first := 0, p.rows+int64(len(p.totals)-len(p.left))
	for len(p.left) > 0 && p.left[0] < first+int64(b.Len) {
		total := int(p.left[0] - first)
		if total < from {
			break // they do not ascend, for which the loader refuses the table
		}
		p.span(from, total)
		from, p.left = total+1, p.left[1:]
	}
	p.span(from, b.Len)
}

func (p *profiler) span(from, to int) {
	if from < to {
		p.spans = append(p.spans, [2]int{from, to})
		p.rows += int64(to - from)
	}
}

// columnsEach is in how many parts the columns are best counted at once.
func (p *profiler) columnsEach() int { return min(processors.Count(), len(p.columns)) }

// addColumns counts the batch with which begin was called in the columns from
// one on, in steps of each.
func (p *profiler) addColumns(b *Batch, from, each int) {
	for i := from; i < len(p.columns); i += each {
		for _, rows := range p.spans {
			p.columns[i].add(&b.Columns[i], rows[0], rows[1])
		}
	}
}

// finish returns the profile. It counts again, in the rows that conn has, where
// it kept too few values to tell the most frequent ones exactly.
func (p *profiler) finish(ctx context.Context, conn *sqlite.Conn) ([]ColumnProfile, error) {
	out := make([]ColumnProfile, len(p.columns))
	for i, c := range p.columns {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		profile, err := c.finish(p.rows, recount{conn: conn, column: i, totals: len(p.totals) > 0})
		if err != nil {
			return nil, err
		}
		out[i] = profile
	}
	return out, nil
}

// A columnProfiler profiles one column. Only the counter of its storage is used.
type columnProfiler struct {
	column *Column
	limits profileLimits
	nulls  int64
	ints   *counter[int64]
	floats *counter[float64]
	texts  *counter[string]

	// stats notes each value once the counts are not exact any more; until then
	// it follows from the counts.
	stats stats
	forms forms
}

// topValues is how many of the most frequent values a profile names.
const topValues = 10

func newColumnProfiler(c *Column, l profileLimits) *columnProfiler {
	p := &columnProfiler{column: c, limits: l, stats: newStats(c, l.bins), forms: newForms(c)}
	ints, floats, texts := columnar.Hashers()
	switch storageOf(c) {
	case inText:
		p.texts = newCounter(l, texts, func(s *hyperloglog.Sketch, k string) {
			s.Insert(unsafe.Slice(unsafe.StringData(k), len(k))) // it only reads them
		}, func(k string) int64 { return int64(len(k)) })
		p.texts.ending = func() { noteAll(p.texts, p.noteText) }
	case inFloat:
		p.floats = newCounter(l, floats, func(s *hyperloglog.Sketch, k float64) { insertBits(s, math.Float64bits(k)) }, noBytes[float64])
		p.floats.ending = func() { noteAll(p.floats, p.stats.addFloat) }
	case inInt:
		p.ints = newCounter(l, ints, func(s *hyperloglog.Sketch, k int64) { insertBits(s, uint64(k)) }, noBytes[int64])
		p.ints.ascends = func(a, b int64) bool { return a < b }
		p.ints.ending = func() { noteAll(p.ints, p.stats.addInt) }
	}
	return p
}

func noBytes[K any](K) int64 { return 0 }

func insertBits(s *hyperloglog.Sketch, n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	s.Insert(b[:])
}

func (p *columnProfiler) add(v *Vector, from, to int) {
	null := v.Null[from:to]
	switch {
	case p.texts != nil:
		addAll(p, p.texts, v.Text[from:to], null, strings.Clone, p.noteText)
		p.forms.dates.rest()
		p.forms.units.rest()
		return
	case p.floats != nil:
		addAll(p, p.floats, v.Float[from:to], null, same, p.stats.addFloat)
	default:
		addAll(p, p.ints, v.Int[from:to], null, same, p.stats.addInt)
	}
	p.forms.sources(v, from, to)
}

func (p *columnProfiler) noteText(v string, n int64) {
	p.stats.addText(v, n)
	p.forms.text(v, n)
}

func same[K any](k K) K { return k }

// addAll counts the values of a batch, and notes each in the stats once the
// counts do not tell them any more.
func addAll[K comparable](p *columnProfiler, c *counter[K], values []K, null []bool, own func(K) K, note func(K, int64)) {
	for i, k := range values {
		switch {
		case null[i]:
			p.nulls++
		case c.exact():
			c.add(k, own)
		default:
			c.add(k, own)
			note(k, 1)
		}
	}
}

func noteAll[K comparable](c *counter[K], note func(K, int64)) {
	for k, n := range c.all {
		note(k, n)
	}
}

func (p *columnProfiler) finish(rows int64, again recount) (ColumnProfile, error) {
	out := ColumnProfile{Name: p.column.Name, Rows: rows, Nulls: p.nulls}
	if rows == p.nulls {
		return out, nil
	}
	var err error
	switch {
	case p.texts != nil:
		err = fillCounts(p, &out, p.texts, p.noteText, shorten, strings.Compare, again)
	case p.floats != nil:
		err = fillCounts(p, &out, p.floats, p.stats.addFloat, p.printFloat, cmp.Compare, again)
	default:
		err = fillCounts(p, &out, p.ints, p.stats.addInt, p.printInt, cmp.Compare, again)
	}
	p.stats.fill(&out, rows-p.nulls, p)
	p.forms.fill(&out, rows-p.nulls)
	return out, err
}

func fillCounts[K comparable](p *columnProfiler, out *ColumnProfile, c *counter[K], note func(K, int64),
	text func(K) string, order func(a, b K) int, again recount,
) error {
	if c.exact() {
		noteAll(c, note)
	}
	out.Distinct, out.Estimated = c.distinct(), !c.exact()
	if out.Estimated {
		out.Distinct = min(out.Distinct, out.Rows-out.Nulls)
	}
	top, err := mostFrequent(c, order, again)
	for _, f := range top {
		out.Top = append(out.Top, ValueFreq{Value: text(f.value), Count: f.n})
	}
	return err
}

// mostFrequent returns the topValues most frequent values with their exact
// counts; fewer where it cannot be proved that the next one is the next.
func mostFrequent[K comparable](c *counter[K], order func(a, b K) int, again recount) ([]frequency[K], error) {
	all := c.frequencies()
	rest := c.missed // how often a value may occur that is not in all
	if !c.exact() {
		// Far more candidates than places, so that the recount decides.
		n := min(len(all), 4*topValues)
		if n < len(all) {
			rest = max(rest, all[n].n+all[n].missed)
		}
		all = all[:n]
		if !slices.ContainsFunc(all, func(f frequency[K]) bool { return f.n > rest }) {
			return nil, nil // nearly every value is another: none is frequent
		}
		if slices.ContainsFunc(all, func(f frequency[K]) bool { return f.missed > 0 }) {
			if err := countAgain(all, again); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(all, func(a, b frequency[K]) int {
		return cmp.Or(cmp.Compare(b.n, a.n), order(a.value, b.value))
	})
	n := 0
	for n < min(len(all), topValues) && (c.exact() || all[n].n > rest) {
		n++
	}
	return all[:n], nil
}

const maxPrint = 200 // characters of a text that a profile or a message shows

func shorten(s string) string { return persian.Shorten(s, maxPrint) }

func (p *columnProfiler) printInt(n int64) string {
	return string(p.column.Append(nil, &Vector{Null: []bool{false}, Int: []int64{n}}, 0))
}

func (p *columnProfiler) printFloat(x float64) string { return string(AppendFloat(nil, x)) }
