package desk

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A loadingShown is what would come of a table as a budget.
type loadingShown struct {
	Fit      bool
	Currency string
	Phases   []fiscal.Phase
	Rows     []sumRow
	Lines    int64
	LeftOut  int64
	Empty    int64
	Faults   []faultShown
	FaultsN  int64
}

// A sumRow is the sums of a year in one direction.
type sumRow struct {
	Year      string
	Direction fiscal.Direction
	Sums      []string // by phase; empty for none
}

// A faultShown is a fault, and how grave it is.
type faultShown struct {
	datasets.Fault
	Severity string
}

func faultsShown(all []fiscal.Fault) []faultShown {
	shown := make([]faultShown, len(all))
	for i := range all {
		shown[i] = faultShown{datasets.Fault{Row: all[i].Row, Column: all[i].Column, Text: all[i].Text, Said: all[i].Said}, all[i].Severity}
	}
	slices.SortStableFunc(shown, func(a, b faultShown) int { return cmp.Compare(severities[a.Severity], severities[b.Severity]) })
	return shown
}

// severities is the order of faults.
var severities = map[string]int{fiscal.SeverityError: 0, fiscal.SeverityWarning: 1, fiscal.SeverityNote: 2}

// mapping is what the form says. What it does not ask for stays as it was.
func (v *budgetView) mapping(r *site.Request, f *form) fiscal.Mapping {
	m := fiscal.Mapping{}
	if v.budget.ID != "" && v.budget.Mapping.Table == v.Table {
		m = v.budget.Mapping
	}
	was := m.Fields
	m.Table, m.Fields = v.Table, nil
	m.Currency = strings.ToUpper(f.typed("money"))
	if m.Currency != "" && !isCurrency(m.Currency) {
		f.wrong("money", r.Text("desk.money.currency.wrong"))
	}
	m.Factor, m.Phase, m.Direction = chosen(f, "factor"), fiscal.Phase(chosen(f, "phase")), fiscal.Direction(chosen(f, "goes"))
	m.Year = persian.ASCIIDigits(f.typed("fiscal_year"))
	m.Totals = ""
	if oneChosen(f.field("totals").Options) {
		m.Totals = fiscal.TotalsLines
	}
	schema := v.table.Edition.Schema
	for i := range schema {
		label, key := schema[i].Label, f.typed("c"+strconv.Itoa(i))
		if at := slices.IndexFunc(was, func(o fiscal.Field) bool { return o.Column == label }); at >= 0 && budgetKey(&was[at]) == key {
			for _, o := range was {
				if o.Column == label { // with what it says beside the type
					o.Year = persian.ASCIIDigits(f.typed("y" + strconv.Itoa(i)))
					m.Fields = append(m.Fields, o)
				}
			}
			continue
		}
		if one, ok := budgetField(key, label); ok {
			one.Year = persian.ASCIIDigits(f.typed("y" + strconv.Itoa(i)))
			m.Fields = append(m.Fields, one)
		}
	}
	for _, o := range was {
		if o.Column == "" {
			m.Fields = append(m.Fields, o)
		}
	}
	return m
}

// tryMapping reads the table by a mapping and shows what came of it. Of a large
// table that goes on behind the request, and ended is false.
func (d *Desk) tryMapping(r *site.Request, v *budgetView, m *fiscal.Mapping) (ended bool, err error) {
	edition := v.table.Edition.Digest
	t, err := d.trials.start(r.Context(), v.trialKey(r), edition, m, func(ctx context.Context, t *trial) (fiscal.Loading, error) {
		rows, err := d.Files.Rows(edition) //nolint:contextcheck // what it opens outlives the trial
		if err != nil {
			return fiscal.Loading{}, err
		}
		return d.budgets.Preview(ctx, t.counted(ctx, rows.Table()), m, v.slug)
	})
	if errors.Is(err, errTrials) {
		return false, fiber.ErrServiceUnavailable
	}
	if err != nil || !t.wait(r.Context()) {
		return false, err
	}
	if t.err != nil {
		d.trials.forget(v.trialKey(r))
		return false, t.err
	}
	v.Shown = shownLoading(r, &t.loading)
	return true, nil
}

// trialKey is whose trial of what the page shows.
func (v *budgetView) trialKey(r *site.Request) trialKey { return trialKey{r.Actor.Person, v.table.ID} }

// showTrial shows the trial that the page is asked for: how far it is, or what
// came of it, with the form as it was filled in for it.
func (d *Desk) showTrial(r *site.Request, v *budgetView) error {
	t := d.trials.of(v.trialKey(r))
	if t == nil || t.edition != v.table.Edition.Digest {
		v.Lost = true
		return nil
	}
	if !t.ended() {
		v.Trying, v.Read, v.Refresh = true, t.rows.Load(), refreshEvery
		v.SelfURL = "/" + r.Lang + withParam(budgetPath(v.place, v.Table), paramTrial, "1")
		return nil
	}
	if t.err != nil {
		d.trials.forget(v.trialKey(r))
		return t.err
	}
	v.Shown, v.tried = shownLoading(r, &t.loading), &t.mapping
	return nil
}

// shownLoading puts into words what would come of a table.
func shownLoading(r *site.Request, l *fiscal.Loading) *loadingShown {
	s := loadingShown{
		Fit: l.Fit(), Currency: r.Currency(l.Currency), Lines: l.Lines, LeftOut: l.LeftOut, Empty: l.Empty, Faults: faultsShown(l.Faults), FaultsN: l.FaultsN,
	}
	type key struct {
		year string
		dir  fiscal.Direction
	}
	sums := map[key]map[fiscal.Phase]fiscal.Total{}
	for _, t := range l.Totals {
		k := key{t.Year, t.Direction}
		if sums[k] == nil {
			sums[k] = map[fiscal.Phase]fiscal.Total{}
		}
		sums[k][t.Phase] = t
	}
	for _, p := range fiscal.Phases {
		if slices.ContainsFunc(l.Totals, func(t fiscal.Total) bool { return t.Phase == p }) {
			s.Phases = append(s.Phases, p)
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(sums), func(a, b key) int { return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.dir, b.dir)) }) {
		row := sumRow{Year: k.year, Direction: k.dir, Sums: make([]string, len(s.Phases))}
		for i, p := range s.Phases {
			if t, ok := sums[k][p]; ok {
				row.Sums[i] = r.Amount(t.Amount, l.Scale)
			}
		}
		s.Rows = append(s.Rows, row)
	}
	return &s
}
