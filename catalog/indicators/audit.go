package indicators

import (
	"context"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
)

// An Audited is what came of working all checks and scores out again.
type Audited struct {
	Checks  int64
	Wrong   int64
	Samples []string // sentences about the first that are wrong
}

// samples is how many are told of.
const samples = 10

func (a *Audited) wrong(format string, args ...any) {
	if a.Wrong++; len(a.Samples) < samples {
		a.Samples = append(a.Samples, fmt.Sprintf(format, args...))
	}
}

// Audit works out every check that was ever kept from what it saw, by the rules
// of its version, and each score from the newest check of its filing.
func (i *Indicators) Audit(ctx context.Context) (Audited, error) {
	a := Audited{}
	all, _, err := i.Filings(ctx, FilingFilter{})
	if err != nil {
		return a, err
	}
	versions, err := i.Sets(ctx)
	if err != nil {
		return a, err
	}
	book := map[int]*Set{}
	for n := range versions {
		book[versions[n].Version] = &versions[n]
	}
	for n := range all {
		rows, err := i.store.Rows(ctx, checksOf, all[n].ID)
		if all[n].Checks, err = catalog.Collect(rows, err, scanCheck); err != nil {
			return a, catalog.Wrap("audit", err)
		}
		a.filing(book, &all[n])
	}
	return a, nil
}

// filing audits the checks of one filing, and its score.
func (a *Audited) filing(book map[int]*Set, f *Filing) {
	p, err := PeriodOf(f.Period)
	if err != nil || len(f.Checks) == 0 {
		a.wrong("filing %s was never checked", f.ID)
		return
	}
	for n := range f.Checks {
		c := &f.Checks[n]
		a.Checks++
		set := book[c.Version]
		if set == nil || set.Indicator(f.Indicator) == nil {
			a.wrong("check %d of filing %s was made by version %d, which has no %s", c.N, f.ID, c.Version, f.Indicator)
			continue
		}
		hash, err := c.Seen.hash()
		if err != nil || hash != c.Hash {
			a.wrong("check %d of filing %s: what it saw is not what it was", c.N, f.ID)
		}
		if _, points := Judge(set, &set.Indicator(f.Indicator).Rule, &c.Seen, &p, f.Due); points != c.Points {
			a.wrong("check %d of filing %s has %d points, and its rows make %d", c.N, f.ID, c.Points, points)
		}
	}
	if want := *f.points(f.Checks[0].Points); f.Score.Points == nil || *f.Score.Points != want {
		a.wrong("the score of filing %s is not that of its newest check, %d", f.ID, want)
	}
}
