package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"sync/atomic"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets/samples"
)

// A demoTold is what the demo keeps of filings, and of what is due.
type demoTold struct {
	filings, documents int64
	late               int
	states             map[indicators.State]int
}

func (p *program) demoTold() (told demoTold) {
	p.t.Helper()
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		monitor := indicators.New(q.store)
		told = demoTold{states: map[indicators.State]int{}}
		for _, s := range samples.Agencies() {
			a, err := q.store.Agency(e.ctx, s.Slug)
			if err != nil {
				return err
			}
			board, err := monitor.Scoreboard(e.ctx, a.ID)
			if err != nil {
				return err
			}
			for _, cell := range board.Cells {
				told.states[cell.Score.State]++
			}
			history, err := monitor.History(e.ctx, a.ID)
			if err != nil {
				return err
			}
			for _, score := range history {
				told.states[score.State]++
			}
		}
		late, err := monitor.Late(e.ctx, "")
		if err != nil {
			return err
		}
		told.late = len(late)
		if _, told.filings, err = monitor.Filings(e.ctx, indicators.FilingFilter{Limit: 1}); err != nil {
			return err
		}
		documents, err := fiscal.New(q.store, q.files).Documents(e.ctx, "")
		told.documents = int64(len(documents))
		return err
	})
	return told
}

// checkDemoFilings finds what is handed in in each state, makes the demo a second
// time and finds nothing added.
func checkDemoFilings(p *program) {
	t := p.t
	t.Helper()
	first := p.demoTold()
	for _, s := range []indicators.State{indicators.Late, indicators.Quiet, indicators.Submitted, indicators.Accepted, indicators.Rejected, indicators.Objected} {
		if first.states[s] == 0 {
			t.Errorf("nothing is %s: %v", s, first.states)
		}
	}
	if first.filings < 500 || first.late == 0 || first.documents != 24 {
		t.Errorf("%d filings, %d late, %d documents", first.filings, first.late, first.documents)
	}
	news := regexp.MustCompile(`(?m)^demo-\S+: complete: (\d+) seen, 0 new, 0 changed, 0 touched, (\d+) unchanged, 0 faulty, 0 missing, 0 faults$`)
	runs := news.FindAllStringSubmatch(p.run("demo").out, -1)
	if len(runs) != 7 || slices.ContainsFunc(runs, func(r []string) bool { return r[1] != r[2] }) {
		t.Errorf("a second time the sources say %q", runs)
	}
	if again := p.demoTold(); again.filings != first.filings || again.late != first.late || again.documents != first.documents {
		t.Errorf("a second time there are %d filings, %d late and %d documents; there were %d, %d and %d",
			again.filings, again.late, again.documents, first.filings, first.late, first.documents)
	}
	p.breakDemoOff(first)
	p.run("verify")
}

// An ending is a context that ends after it was asked so many times whether it
// has.
type ending struct {
	context.Context
	left *atomic.Int64
}

func (c ending) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return c.Context.Err()
}

// breakingOff plays the filings until the context was asked so many times.
func (e *env) breakingOff(left int64, q *portal) error {
	whole, stopped := e.ctx, ending{e.ctx, new(atomic.Int64)}
	defer func() { e.ctx = whole }()
	stopped.left.Store(left)
	e.ctx = stopped
	return e.demoIndicators(q)
}

// breakDemoOff takes all filings away, plays them anew and breaks off on the way,
// twice, and finds them all when it is let go on.
func (p *program) breakDemoOff(want demoTold) {
	p.t.Helper()
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		err := q.store.Write(e.ctx, func(tx *catalog.Tx) error {
			for _, table := range []string{"filing_acts", "filing_checks", "filing_evidence", "scores", "filings", "indicator_sets"} {
				if err := tx.Exec("delete from " + table); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, left := range []int64{3, 200, 500} {
			if err := e.breakingOff(left, q); !errors.Is(err, context.Canceled) {
				p.t.Errorf("after %d: %v", left, err)
			}
			if _, n, err := indicators.New(q.store).Filings(e.ctx, indicators.FilingFilter{Limit: 1}); err != nil || n >= want.filings {
				p.t.Errorf("after %d there are %d filings, %v", left, n, err)
			}
		}
		if err := e.demoIndicators(q); err != nil {
			return err
		}
		_, err = os.Stat(e.demoBegun())
		if !errors.Is(err, fs.ErrNotExist) {
			p.t.Errorf("it is not known that all is there: %v", err)
		}
		return nil
	})
	if again := p.demoTold(); !maps.Equal(again.states, want.states) || again.filings != want.filings || again.late != want.late {
		p.t.Errorf("after it broke off there are %d filings, %d late and %v; there were %d, %d and %v", again.filings, again.late, again.states, want.filings, want.late, want.states)
	}
}
