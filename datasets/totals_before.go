package datasets

import (
	"math"
	"slices"
)

// maxMarks is how many places of a table are kept to find totals that stand
// before their parts.
const maxMarks = 4096

// A mark is a place at which a group of rows may begin or end: a row whose label
// speaks of a total and that no rows above it prove, or a boundary, which is a
// row without numbers or a total of the rows above it.
type mark struct {
	row   int64 // -1 for a boundary
	label totalLabel
	value []float64 // of the row
	after totalSums // the sums of the rows so far, with it
	total bool      // it is the sum of rows below, or of rows above without such sums
	known bool      // it is a total, and among the others
}

// boundary notes that a group ends here.
func (f *totalFinder) boundary() {
	if n := len(f.marks); n > 0 && f.marks[n-1].after.rows == f.now.rows {
		return
	}
	f.mark(mark{row: -1})
}

func (f *totalFinder) mark(m mark) {
	if f.crowded = f.crowded || len(f.marks) == maxMarks; f.crowded {
		f.marks = nil
		return
	}
	m.after = f.now.clone()
	f.marks = append(f.marks, m)
}

// findBefore finds the totals that stand before their parts: rows whose label
// speaks of one, and of which the numbers are the sums of the rows below up to
// a boundary, to another such row, or to the end. All numbers must agree, but
// for a first row that says nothing else and is the sum of the whole table. The
// last are looked at first, so that what sums its group counts in no sum above
// it. Then rows below are looked at once more: a total at the end of groups
// with their sums above them.
func (f *totalFinder) findBefore() {
	if !slices.ContainsFunc(f.marks, func(m mark) bool { return m.row >= 0 }) {
		return
	}
	f.boundary()
	for i := len(f.marks) - 2; i >= 0; i-- {
		if m := &f.marks[i]; m.row >= 0 && !m.total {
			m.total = f.sumsBelow(i)
		}
	}
	if !slices.ContainsFunc(f.marks, func(m mark) bool { return m.total }) {
		return
	}
	for i := range f.marks {
		if m := &f.marks[i]; m.row > 0 && !m.total {
			m.total = f.sumsAbove(i)
		}
	}
	for i := range f.marks {
		if m := &f.marks[i]; m.total && !m.known {
			f.totals = append(f.totals, m.row)
		}
	}
}

// sumsBelow reports whether mark i is the sum of rows below it.
func (f *totalFinder) sumsBelow(i int) bool {
	m := &f.marks[i]
	copy(f.value, m.value)
	from := m.after.clone() // and what is a sum itself
	end := len(f.marks) - 1
	for j := i + 1; j <= end && f.tries < maxTotalTries; j++ {
		f.tries++
		f.now = f.marks[j].upTo()
		if f.proves(&from, m, m.row == 0 && j == end) {
			return true
		}
		from.leave(&f.marks[j])
	}
	return false
}

// sumsAbove reports whether mark i is the sum of rows above it.
func (f *totalFinder) sumsAbove(i int) bool {
	m := &f.marks[i]
	copy(f.value, m.value)
	left := noSums(len(m.value))
	f.now = m.upTo()
	for j := i - 1; j >= -1 && f.tries < maxTotalTries; j-- {
		f.tries++
		from := left.clone()
		if j >= 0 {
			from.join(&f.marks[j].after)
		}
		if left.rows > 0 && f.proves(&from, m, false) {
			return true
		}
		if j >= 0 {
			left.leave(&f.marks[j])
		}
	}
	return false
}

// proves reports whether the row at hand is the sum of rows since a place, of
// which two or more are no totals themselves: most of its numbers, or all.
func (f *totalFinder) proves(from *totalSums, m *mark, most bool) bool {
	parts := int64(0)
	for k, v := range m.value {
		if !math.IsNaN(v) && !f.serial[k] {
			parts = max(parts, f.now.plain[k]-from.plain[k])
		}
	}
	if parts < 2 {
		return false
	}
	label := maybeTotal
	if most {
		label = m.label
	}
	is, doubt := f.isSum(from, label)
	return is && doubt < 0
}

// upTo returns the sums of the rows before the mark.
func (m *mark) upTo() totalSums {
	if m.row < 0 {
		return m.after
	}
	t := m.after.clone()
	t.rows--
	for k, v := range m.value {
		if !math.IsNaN(v) {
			t.sum[k] -= v
			t.count[k]--
		}
	}
	return t
}

// leave adds to the sums that are to be left out a row that is a total.
func (t *totalSums) leave(m *mark) {
	if !m.total {
		return
	}
	t.rows++
	for k, v := range m.value {
		if !math.IsNaN(v) {
			t.sum[k] += v
			t.count[k]++
		}
	}
}

func (t *totalSums) join(other *totalSums) {
	t.rows += other.rows
	for k := range t.sum {
		t.sum[k] += other.sum[k]
		t.count[k] += other.count[k]
		t.plain[k] += other.plain[k]
	}
}
