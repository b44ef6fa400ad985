package datasets

import (
	"cmp"
	"regexp"
	"slices"
)

// A Key is columns that may identify the rows of a table.
type Key struct {
	Columns []string
	Sure    bool // that they do in both tables is known already
}

// How many keys are tried, and of how many columns.
const (
	triedKeys     = 4
	maxKeyColumns = 4
)

var namesRows = regexp.MustCompile(`(?i)(^|[^a-z])(id|ids|uid|uuid|code|key|isbn|iban|fips)([^a-z]|$)|کد|شناسه`)

// Keys returns the columns that may identify the rows of two states of a table,
// best first, by what their profiles tell: one column that is never empty and
// never twice the same, by its name an identifier, or else a text, a time or a
// number; failing that, the first columns together that are no measures.
func Keys(from, to Schema, before, after []ColumnProfile) []Key {
	old, fresh := profilesByName(before), profilesByName(after)
	var single []keyColumn
	var dimensions []keyColumn
	for i := range to {
		c := &to[i]
		a, b := old[c.Name], fresh[c.Name]
		if a == nil || b == nil || from.Index(c.Name) < 0 {
			continue
		}
		k := keyColumn{name: c.Name, rank: keyRank(c), before: a, after: b}
		if k.rank < noKey && mayBeUnique(a) && mayBeUnique(b) {
			single = append(single, k)
		}
		if k.dimension(c) {
			dimensions = append(dimensions, k)
		}
	}
	slices.SortStableFunc(single, func(a, b keyColumn) int { return cmp.Compare(a.rank, b.rank) })
	var keys []Key
	sure := false
	for _, k := range single[:min(len(single), triedKeys)] {
		exact := !k.before.Estimated && !k.after.Estimated
		sure = sure || exact
		keys = append(keys, Key{[]string{k.name}, exact})
	}
	if sure {
		return keys
	}
	return append(keys, together(dimensions, triedKeys-len(keys))...)
}

type keyColumn struct {
	name          string
	rank          int
	before, after *ColumnProfile
}

func profilesByName(all []ColumnProfile) map[string]*ColumnProfile {
	byName := map[string]*ColumnProfile{}
	for i := range all {
		byName[all[i].Name] = &all[i]
	}
	return byName
}

const noKey = 9

// keyRank orders columns by how likely they are to name their rows.
func keyRank(c *Column) int {
	switch {
	case c.Type == Decimal || c.Type == Boolean:
		return noKey
	case namesRows.MatchString(c.Name) || namesRows.MatchString(c.Label):
		return 0
	case c.Type == Text:
		return 1
	case c.Type == Integer:
		return 3
	default:
		return 2
	}
}

// mayBeUnique reports whether no value may be missing or twice there.
func mayBeUnique(p *ColumnProfile) bool {
	if p.Rows == 0 || p.Nulls > 0 {
		return false
	}
	if p.Estimated {
		return p.Distinct >= p.Rows/10*9 // an estimate is off by a few percent
	}
	return p.Distinct == p.Rows
}

// dimension reports whether the column says what a row is about, and not how
// much of it there is.
func (k *keyColumn) dimension(c *Column) bool {
	if c.Type == Decimal {
		return false
	}
	few := k.before.Distinct*2 <= k.before.Rows && k.after.Distinct*2 <= k.after.Rows
	return c.Type != Integer || k.rank == 0 || few
}

// together returns the shortest runs of first columns that could identify rows
// together, for all that the numbers of their values tell.
func together(columns []keyColumn, most int) []Key {
	var keys []Key
	var names []string
	before, after := 1.0, 1.0
	for i := range columns[:min(len(columns), maxKeyColumns)] {
		k := &columns[i]
		names = append(names, k.name)
		before *= float64(max(1, k.before.Distinct))
		after *= float64(max(1, k.after.Distinct))
		if len(names) > 1 && len(keys) < most && before >= float64(k.before.Rows) && after >= float64(k.after.Rows) {
			keys = append(keys, Key{Columns: slices.Clone(names)})
		}
	}
	return keys
}
