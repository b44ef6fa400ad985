package datasets

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bounds of the search for totals: rows whose label speaks of one, columns of
// numbers that are summed, places from which a total may count, and sums that
// are compared in all.
const (
	maxTotalRows    = 1 << 20
	maxTotalColumns = 256
	maxTotalStarts  = 4096
	maxTotalTries   = 20 << 20
)

// A totalRow is a row whose label speaks of a total.
type totalRow struct {
	row   int64 // of the data, from 0
	label totalLabel
}

// findTotals marks the rows that are sums of others. A word alone proves
// nothing: Total is also a company. A row is a total
//
//   - if its label says nothing else, and its numbers are the sums of the rows
//     above it: of all, or of those since an earlier total or since a row
//     without numbers, which is how subtotals of groups are known. At least as
//     many columns must agree as disagree: averages and rates are not summed;
//   - if a word for totals stands beside others ("Total Berlin", "Berlin total"),
//     and all its numbers are such sums of at least two rows;
//   - if its label says nothing else, it is the last row with numbers, and most
//     of these are not less than the sums: some rows may not be in the table;
//   - if its label speaks of a total, and all its numbers are the sums of two
//     rows or more below it, up to another such row, a row without numbers or
//     the end: a total before its parts. Of a first row over the whole table as
//     many columns must agree as disagree, if its label says nothing else.
//
// Sums may differ by what the rounding of their parts explains.
func (s *Sheet) findTotals(ctx context.Context, schema Schema, rows []totalRow) error {
	s.Totals = nil
	f := newTotalFinder(schema, s.columns)
	if len(rows) == 0 || len(f.columns) == 0 {
		return nil
	}
	row, next := int64(-1), 0
	var told []int64 // the marked rows as the author counts them
	at := map[int64]int64{}
	for rec, err := range s.Records(ctx) {
		if err != nil {
			return err
		}
		row++
		f.read(rec)
		label := noTotal
		if next < len(rows) && rows[next].row == row {
			label = rows[next].label
			next++
			at[row] = rec.Row
		}
		f.row(row, label)
	}
	f.finish()
	slices.Sort(f.totals)
	s.Totals = f.totals
	for _, t := range f.totals {
		told = append(told, at[t])
	}
	if len(told) > 0 {
		s.Notes = append(s.Notes, totalsNote(told))
	}
	return nil
}

// maxTold is how many rows a note names.
const maxTold = 20

// totalsNote says which rows are totals.
func totalsNote(rows []int64) string {
	var names []string
	for _, r := range rows[:min(len(rows), maxTold)] {
		names = append(names, strconv.FormatInt(r, 10))
	}
	list := strings.Join(names, ", ")
	if len(rows) > maxTold {
		list += fmt.Sprintf(" and %d more", len(rows)-maxTold)
	}
	if len(rows) == 1 {
		return "Row " + list + " is a total of others and is left out of sums."
	}
	return fmt.Sprintf("%d rows are totals of others and are left out of sums: rows %s.", len(rows), list)
}

// A totalFinder adds up the rows of a table and compares.
type totalFinder struct {
	schema  Schema
	formats []format
	columns []int // of the schema, those with numbers
	vectors []Vector
	unit    []float64 // of the last digit that a column may have
	zeros   []int     // digits before that, by column, that are zero in all values so far

	now    totalSums
	value  []float64 // of the row at hand; NaN without one
	before []float64 // the last of each column before that
	serial []bool    // columns that so far number the rows
	starts []totalSums
	tries  int

	totals  []int64
	doubts  []totalDoubt
	group   totalSums // the sums behind the last row that says it is a total and is not proved one
	behind  bool      // rows with numbers stand behind the last total
	marks   []mark    // places at which totals may stand before their parts
	crowded bool      // there were more of them than are kept
	last    int64     // the last row with numbers, if it may be a total; else -1
	lastBy  totalSums // the sums before it
	since   totalSums // the sums when the group that it would be of began
	lastHas []float64
}

// A totalDoubt is a total that only a column proves that so far numbers the
// rows: after 1 and 2 the third row is not the sum of the others.
type totalDoubt struct {
	row    int64
	column int
}

// totalSums are the sums of the rows so far that are no totals.
type totalSums struct {
	rows  int64
	sum   []float64
	count []int64
	plain []int64 // of count, those that are not zero and of rows whose label speaks of no total
}

func noSums(columns int) totalSums {
	return totalSums{0, make([]float64, columns), make([]int64, columns), make([]int64, columns)}
}

func (t *totalSums) clone() totalSums {
	return totalSums{t.rows, slices.Clone(t.sum), slices.Clone(t.count), slices.Clone(t.plain)}
}

func newTotalFinder(schema Schema, formats []format) *totalFinder {
	f := &totalFinder{schema: schema, formats: formats, vectors: make([]Vector, len(schema)), last: -1}
	for i := range schema {
		if !schema[i].Numeric() || len(f.columns) == maxTotalColumns {
			continue
		}
		f.columns = append(f.columns, i)
		f.vectors[i].Reset(&schema[i], 1)
		f.unit = append(f.unit, math.Pow10(-schema[i].Scale))
		f.zeros = append(f.zeros, maxZeros)
		f.serial = append(f.serial, true)
	}
	n := len(f.columns)
	f.value, f.before = nans(n), nans(n)
	f.now = noSums(n)
	f.starts, f.group = []totalSums{f.now.clone()}, f.now.clone()
	return f
}

func nans(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = math.NaN()
	}
	return v
}

// read takes the numbers of a record.
func (f *totalFinder) read(rec *Record) {
	for k, i := range f.columns {
		if !math.IsNaN(f.value[k]) {
			f.before[k] = f.value[k]
		}
		f.value[k] = math.NaN()
		format, c, v := &f.formats[i], &f.schema[i], &f.vectors[i]
		if format.cell < 0 || format.cell >= len(rec.Cells) || !format.parse(c, v, 0, rec.Cells[format.cell].Text) {
			continue
		}
		if c.Type == Decimal && c.Float {
			f.value[k] = v.Float[0]
		} else {
			f.value[k] = float64(v.Int[0]) / math.Pow10(c.Scale)
		}
		f.step(k)
		f.serial[k] = f.serial[k] && (math.IsNaN(f.before[k]) || f.value[k] == f.before[k]+1)
	}
}

// maxZeros is how many zeros at the end of numbers are looked for.
const maxZeros = 12

// step takes note of how many digits at the end of a value are zero: in a
// table of millions that is printed in ones, the millions were rounded.
func (f *totalFinder) step(k int) {
	n := math.Round(f.value[k] / f.unit[k])
	for n != 0 && f.zeros[k] > 0 && math.Mod(n, math.Pow10(f.zeros[k])) != 0 {
		f.zeros[k]--
	}
}

// row decides on the row that was read.
func (f *totalFinder) row(row int64, label totalLabel) {
	numbers := slices.ContainsFunc(f.value, func(v float64) bool { return !math.IsNaN(v) })
	if !numbers { // the heading of a group
		f.begin()
		f.boundary()
		return
	}
	f.last, f.behind = -1, true
	if label != noTotal {
		if start, doubt := f.startOf(label); start >= 0 {
			if doubt >= 0 {
				f.doubts = append(f.doubts, totalDoubt{row, doubt})
			}
			f.totals = append(f.totals, row)
			f.starts, f.behind = f.starts[:start+1], false
			f.begin()
			f.boundary()
			return
		}
	}
	if label == saysTotal {
		f.last, f.lastBy, f.lastHas = row, f.now.clone(), slices.Clone(f.value)
		f.since, f.group = f.group, totalSums{}
	}
	f.add(label)
	if label != noTotal {
		f.mark(mark{row: row, label: label, value: slices.Clone(f.value)})
	}
	if label == saysTotal { // of rows that are not here; a group ends all the same
		f.begin()
		f.group = f.now.clone()
	}
}

func (f *totalFinder) add(label totalLabel) {
	f.now.rows++
	for k, v := range f.value {
		if !math.IsNaN(v) {
			f.now.sum[k] += v
			f.now.count[k]++
			if v != 0 && label == noTotal {
				f.now.plain[k]++
			}
		}
	}
}

// begin lets later totals count from here.
func (f *totalFinder) begin() {
	if f.starts[len(f.starts)-1].rows == f.now.rows {
		return
	}
	if len(f.starts) == maxTotalStarts {
		f.starts = slices.Delete(f.starts, 1, 2)
	}
	f.starts = append(f.starts, f.now.clone())
}

// startOf returns the place, the latest, from which the row at hand is the sum.
// A column that alone proves it, and may only number the rows, is doubt.
func (f *totalFinder) startOf(label totalLabel) (start, doubt int) {
	for i := len(f.starts) - 1; i >= 0 && f.tries < maxTotalTries; i-- {
		f.tries++
		if is, doubt := f.isSum(&f.starts[i], label); is {
			return i, doubt
		}
	}
	return -1, -1
}

// isSum reports whether the row at hand is the sum of the rows since a place.
func (f *totalFinder) isSum(from *totalSums, label totalLabel) (is bool, doubt int) {
	rows := f.now.rows - from.rows
	if rows == 0 || rows < 2 && label != saysTotal {
		return false, -1
	}
	equal, zero, other, doubt := 0, 0, 0, -1
	for k, v := range f.value {
		count := f.now.count[k] - from.count[k]
		if math.IsNaN(v) || count == 0 { // nothing to compare
			continue
		}
		sum := f.now.sum[k] - from.sum[k]
		switch {
		case f.serial[k]:
			if v == sum && rows > 1 {
				doubt = k
			}
		case count > 1 && v != 0 && v*float64(count) == sum: // the year or number of the group
		case v == 0 && math.Abs(sum) <= f.slack(k, sum, f.now.sum[k], count):
			zero++
		case math.Abs(v-sum) <= f.slack(k, sum, f.now.sum[k], count):
			equal++
		default:
			other++
		}
	}
	if equal > 0 {
		doubt = -1
	}
	switch {
	case other == 0:
		return equal > 0 || doubt >= 0 || zero > 0 && rows > 1 && label == saysTotal, doubt
	case label != saysTotal || rows < 2:
		return false, -1
	}
	return equal >= other && equal > 0 || doubt >= 0 && other == 1, doubt
}

// slack is how far a sum of so many values may be from what is printed: each
// is rounded to the last digit that is not always zero, and together they are
// off by half a percent at most. So
// small whole numbers must agree. all is the sum since the beginning, of which
// a float keeps fifteen digits.
func (f *totalFinder) slack(k int, sum, all float64, count int64) float64 {
	rounding := f.unit[k] * math.Pow10(f.zeros[k]) * (1 + math.Sqrt(float64(count)))
	return max(min(rounding, math.Abs(sum)*0.005), math.Abs(all)*1e-12, 1e-9*f.unit[k])
}

// finish decides on the totals before their parts and on the last row.
func (f *totalFinder) finish() {
	for _, d := range f.doubts {
		if n := len(f.totals); f.serial[d.column] && (n == 0 || f.totals[n-1] != d.row || f.last >= 0 || f.behind) {
			f.totals = slices.DeleteFunc(f.totals, func(row int64) bool { return row == d.row })
		}
	}
	if f.last > 0 && f.covers() {
		f.totals = append(f.totals, f.last)
		for i := range f.marks {
			if m := &f.marks[i]; m.row == f.last {
				m.total, m.known = true, true
			}
		}
	}
	f.findBefore()
}

// covers reports whether the last row is not less than the sums before it,
// in more columns than not: of all rows, or of those since another row said
// that it is a total and was not proved to be one.
func (f *totalFinder) covers() bool {
	from := &f.since
	if f.lastBy.rows-from.rows < 2 {
		return false
	}
	yes, no := 0, 0
	for k, v := range f.lastHas {
		sum := f.lastBy.sum[k] - from.sum[k]
		count := f.lastBy.count[k] - from.count[k]
		if math.IsNaN(v) || count < 2 || sum == 0 {
			continue
		}
		if slack := f.slack(k, sum, f.lastBy.sum[k], count); sum > 0 && v >= sum-slack || sum < 0 && v <= sum+slack {
			yes++
		} else {
			no++
		}
	}
	return yes > no
}
