package fiscal

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/openshafaf/shafaf/datasets"
)

// A result is a table that was read by a mapping.
type result struct {
	Loading
	cube   *cube
	digest string // of the row file of its lines, when that was asked for
}

// Preview reads a table by a mapping without keeping anything, and returns what
// would come of it: totals by year, direction and phase, faults, and what is left
// out. The error is one of the table or of ctx. agency is the slug of whose
// budget it is.
func (f *Fiscal) Preview(ctx context.Context, t *datasets.Table, m *Mapping, agency string) (Loading, error) {
	r, err := f.read(ctx, t, m, agency, func(lines *datasets.Table) (string, error) {
		for _, err := range lines.Scan(0, -1) {
			if err != nil {
				return "", err
			}
		}
		return "", nil
	})
	if err != nil {
		return Loading{}, err
	}
	return r.Loading, nil
}

// read reads a table by a mapping; put takes the lines.
func (f *Fiscal) read(ctx context.Context, t *datasets.Table, m *Mapping, agency string, put func(*datasets.Table) (string, error)) (*result, error) {
	var skip []int64
	if m.Totals != TotalsLines {
		skip = t.Totals
	}
	for last := false; ; last = true {
		told := &faults{}
		p := compile(t.Schema, m, agency, told)
		if told.errors {
			return &result{Loading: Loading{Currency: p.currency, Scale: p.scale, Faults: told.list, FaultsN: told.n}}, nil
		}
		r := newReading(p, told, f.limit, skip)
		r.last = last
		digest, err := put(r.table(ctx, t))
		switch {
		case errors.Is(err, errAgain) && !last:
			skip = slices.Concat(skip, r.found)
			slices.Sort(skip)
			continue
		case err != nil && !errors.Is(err, errUnfit):
			return nil, err
		}
		return r.result(digest, t.Rows), nil
	}
}

// result is what came of the reading.
func (r *reading) result(digest string, rows int64) *result {
	out := &result{cube: r.cube, digest: digest}
	out.About = r.about
	out.Table = rows
	out.Currency, out.Scale, out.Lines = r.currency, r.scale, r.lines
	out.LeftOut, out.Faults, out.FaultsN = int64(len(r.skip)), r.faults.list, r.faults.n
	if r.faults.errors {
		return out
	}
	for row := range r.cube.rows() {
		out.Nodes++
		if row.depth > 0 || row.key.tree != Administrative {
			continue
		}
		y := Year{Year: row.key.year, Direction: row.key.dir}
		y.Starts, y.Ends = yearSpan(y.Year, r.mapping.YearStarts, r.mapping.YearNamed == YearByEnd)
		for i, sum := range row.sums.All() {
			if *sum == nil {
				continue
			}
			y.Phases = append(y.Phases, Phases[i])
			out.Totals = append(out.Totals, Total{y.Year, y.Direction, Phases[i], row.lines, **sum})
		}
		out.Years = append(out.Years, y)
	}
	slices.SortFunc(out.Years, func(a, b Year) int {
		return cmp.Or(cmp.Compare(a.Starts, b.Starts), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Direction, b.Direction))
	})
	if n := len(out.Years); n > 0 && r.mapping.Until != "" {
		for i := range out.Years {
			if out.Years[i].Year == out.Years[n-1].Year {
				out.Years[i].Until = r.mapping.Until
			}
		}
	}
	return out
}
