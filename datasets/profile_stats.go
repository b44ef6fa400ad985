package datasets

import (
	"maps"
	"math"
	"strings"

	"zombiezen.com/go/sqlite"
)

// stats is what is computed of every value of a column: its range, its sum and
// its histogram.
type stats struct {
	column           *Column
	some             bool
	minText, maxText string
	minInt, maxInt   int64
	minReal, maxReal float64
	sum              sum128
	sumReal          floatSum
	grid             *grid // nil where no histogram is made
	digits           int   // of a float column's grid: it holds value · 10^digits
}

// floatDigits is where a float column's grid begins: with 15 digits after the
// point, fewer as its values are larger.
const floatDigits = 15

func newStats(c *Column, bins int) stats {
	s := stats{column: c, digits: floatDigits}
	switch {
	case bins == 0:
	case c.Numeric():
		s.grid = newGrid(decimalScale(), bins)
	case c.Type == Date:
		s.grid = newGrid(calendarScale(1), bins)
	case c.Type == DateTime:
		s.grid = newGrid(clockScale(), bins)
	}
	return s
}

func (s *stats) addText(v string, _ int64) {
	if !s.some || v < s.minText {
		s.minText = strings.Clone(v)
	}
	if !s.some || v > s.maxText {
		s.maxText = strings.Clone(v)
	}
	s.some = true
}

func (s *stats) addInt(v, n int64) {
	if !s.some || v < s.minInt {
		s.minInt = v
	}
	if !s.some || v > s.maxInt {
		s.maxInt = v
	}
	s.some = true
	if s.column.Numeric() {
		s.sum.add(v, n)
	}
	if s.grid != nil {
		s.grid.add(v, n)
	}
}

func (s *stats) addFloat(v float64, n int64) {
	if !s.some || v < s.minReal {
		s.minReal = v
	}
	if !s.some || v > s.maxReal {
		s.maxReal = v
	}
	s.some = true
	s.sumReal.add(v, n)
	if s.grid == nil {
		return
	}
	for math.Abs(scaled(v, s.digits)) >= 1<<53 { // the next coarser grid of floats
		s.digits--
		s.grid.rekey(func(k int64) int64 { return floorDiv(k, 10) })
	}
	s.grid.add(floorScaled(v, s.digits), n)
}

// floorScaled returns the integer part of v · 10^digits. A product within a few
// roundings of an integer is that integer: 0.29 · 100 is 29, as it prints.
func floorScaled(v float64, digits int) int64 {
	x := scaled(v, digits)
	if near := math.Round(x); math.Abs(x-near) <= math.Abs(x)*0x1p-51 {
		return int64(near)
	}
	return int64(math.Floor(x))
}

func scaled(v float64, digits int) float64 {
	if digits < 0 {
		return v / math.Pow10(-digits)
	}
	return v * math.Pow10(digits)
}

func unscaled(k int64, digits int) float64 {
	if digits < 0 {
		return float64(k) * math.Pow10(-digits)
	}
	return float64(k) / math.Pow10(digits)
}

// fill completes a profile of n values.
func (s *stats) fill(out *ColumnProfile, n int64, p *columnProfiler) {
	switch storageOf(s.column) {
	case inText:
		out.Min, out.Max = shorten(s.minText), shorten(s.maxText)
	case inFloat:
		out.Min, out.Max = p.printFloat(s.minReal), p.printFloat(s.maxReal)
		if mean, ok := s.sumReal.mean(n); ok {
			out.Mean = &mean
		}
		out.Histogram = s.floatHistogram(n, p)
	case inInt:
		out.Min, out.Max = p.printInt(s.minInt), p.printInt(s.maxInt)
		if s.column.Numeric() {
			mean := s.sum.mean(n, s.column.Scale)
			out.Mean = &mean
		}
		if s.grid != nil {
			out.Histogram = s.grid.scale.histogram(s.minInt, s.maxInt, maps.All(s.grid.cells), p.printInt)
		}
	}
}

func (s *stats) floatHistogram(n int64, p *columnProfiler) []HistoBin {
	if s.grid == nil {
		return nil
	}
	if s.minReal == s.maxReal { //nolint:gocritic // equal, not near
		return []HistoBin{{From: p.printFloat(s.minReal), To: p.printFloat(s.maxReal), Count: n}}
	}
	lo, hi := floorScaled(s.minReal, s.digits), floorScaled(s.maxReal, s.digits)
	return s.grid.scale.histogram(lo, hi, maps.All(s.grid.cells), func(k int64) string {
		return p.printFloat(unscaled(k, s.digits))
	})
}

// A recount counts values of one column again in the rows that were loaded.
type recount struct {
	conn   *sqlite.Conn
	column int
	totals bool // some rows are, and are left out
}

// countAgain sets the exact counts of the values in all.
func countAgain[K comparable](all []frequency[K], again recount) error {
	name := sqlColumn(again.column)
	counted := " WHERE " + name + " IN (?" + strings.Repeat(", ?", len(all)-1) + ")"
	if again.totals {
		counted += " AND rowid NOT IN totals"
	}
	stmt, err := again.conn.Prepare("SELECT " + name + ", count(*) FROM " + partTable(again.column/partColumns) + counted + " GROUP BY 1")
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Finalize() }()
	at := make(map[K]int, len(all))
	for i := range all {
		at[all[i].value] = i
		all[i].n, all[i].missed = 0, 0
		bindAny(stmt, i+1, all[i].value)
	}
	for {
		ok, err := stmt.Step()
		if err != nil || !ok {
			return err
		}
		var k any
		switch any(all[0].value).(type) {
		case string:
			k = stmt.ColumnText(0)
		case float64:
			k = stmt.ColumnFloat(0)
		default:
			k = stmt.ColumnInt64(0)
		}
		if key, ok := k.(K); ok {
			all[at[key]].n = stmt.ColumnInt64(1)
		}
	}
}

// bindAny binds a value of one of the storages.
func bindAny(stmt *sqlite.Stmt, param int, v any) {
	switch v := v.(type) {
	case string:
		stmt.BindText(param, v)
	case float64:
		stmt.BindFloat(param, v)
	case int64:
		stmt.BindInt64(param, v)
	case []byte:
		stmt.BindBytes(param, v)
	case nil:
		stmt.BindNull(param)
	}
}
