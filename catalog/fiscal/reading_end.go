package fiscal

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// conclude looks at the table as a whole when all its lines came: for rows that
// are sums of others, for identifiers that are there twice, and for sums that do
// not fit. Its error is errAgain, errUnfit, or one of the table.
func (r *reading) conclude(ctx context.Context, t *datasets.Table) error {
	seek := r.mapping.Totals != TotalsLines && !r.faults.errors
	if seek && !r.last && r.mayHaveTotals() {
		found, err := r.subtotals(ctx, t)
		if err != nil {
			return err
		}
		if r.found = found; len(found) > 0 && !r.faults.errors {
			return errAgain
		}
	}
	if seek && len(t.Totals) > 0 {
		if err := r.proveTotals(ctx, t); err != nil {
			return err
		}
	}
	if seek && int64(len(r.totals))*2 < r.lines {
		for _, t := range r.totals[:min(len(r.totals), MaxFaults)] {
			r.faults.say(t.row, "", "budget.total.wrong", t.label)
		}
	}
	if !r.faults.errors && len(r.seen) > 0 {
		if err := r.duplicates(ctx, t); err != nil {
			return err
		}
	}
	if r.lines == 0 && !r.faults.errors {
		r.faults.say(-1, "", "budget.lines")
	}
	r.tellTotals(r.skip)
	if r.about.Rounded > 0 {
		r.faults.say(-1, "", "budget.rounded", r.about.Rounded)
	}
	if r.about.Undisclosed > 0 {
		r.faults.say(-1, "", "budget.undisclosed", r.about.Undisclosed, r.undisclosed)
	}
	if r.uncoded > 0 {
		r.faults.say(-1, "", "budget.cofog", r.odd, r.uncoded)
	}
	if r.faults.errors {
		return errUnfit
	}
	if n := r.cube.roll(); n != 0 {
		r.faults.say(-1, "", "budget.sum.large", r.cube.texts[r.cube.nodes[n].code])
		return errUnfit
	}
	return nil
}

// duplicates tells of lines whose identifier is there before in the same year,
// phase and direction.
func (r *reading) duplicates(ctx context.Context, t *datasets.Table) error {
	twice := r.twice()
	if len(twice) == 0 {
		return nil
	}
	quiet := *r
	quiet.faults = &faults{}
	seen := map[string]bool{}
	return quiet.scan(ctx, t, func(l *line) bool {
		if !twice[r.hash(l)] {
			return true
		}
		key := lineKey(l)
		if seen[key] {
			r.faults.say(l.row, r.labelOf(r.id.column, ""), "budget.id", l.id)
		}
		seen[strings.Clone(key)] = true
		return true
	})
}

func lineKey(l *line) string {
	return l.id + "\x00" + l.year + "\x00" + string(l.phase) + "\x00" + string(l.dir)
}

func (r *reading) hash(l *line) uint64 { return maphash.String(r.seed, lineKey(l)) }

// twice returns the hashes that more than one line has.
func (r *reading) twice() map[uint64]bool {
	slices.Sort(r.seen)
	all := map[uint64]bool{}
	for i := 1; i < len(r.seen) && len(all) < MaxFaults; i++ {
		if r.seen[i] == r.seen[i-1] {
			all[r.seen[i]] = true
		}
	}
	return all
}
