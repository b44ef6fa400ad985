package fiscal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestRandomBudgetsAreWhole loads random tables, with codes missing at any level,
// names that differ and amounts below zero, and adds all up in another way.
func TestRandomBudgetsAreWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 7))
	maybe := func(format string, n int) string {
		if r.IntN(4) == 0 {
			return ""
		}
		return fmt.Sprintf(format, r.IntN(n))
	}
	for range 8 {
		var csv strings.Builder
		csv.WriteString("year,unit,office,name,function,economic,place,approved,executed\n")
		var approved, executed int64
		for range 50 + r.IntN(300) {
			fmt.Fprintf(&csv, "%d,%s,%s,%s,%s,%s,%s,", 1400+r.IntN(3), maybe("U%d", 4), maybe("O/%d", 5), maybe("دفتر %d", 9), maybe("0%d.1", 9), maybe("2%d1", 9), maybe("-%d", 3))
			a, e := r.Int64N(2_000_000)-500_000, r.Int64N(1_000_000)
			approved += a
			if fmt.Fprintf(&csv, "%d,", a); r.IntN(3) > 0 {
				executed += e
				fmt.Fprint(&csv, e)
			}
			csv.WriteString("\n")
		}
		l := newLedger(t)
		loaded, faults := l.load(csv.String(), &Mapping{Currency: "IRR", Factor: "1000", Totals: TotalsLines, Fields: []Field{
			{Column: "year", Type: "date:fiscal-year"},
			{Column: "unit", Type: "administrative-classification:generic:level1:code"},
			{Column: "office", Type: "administrative-classification:generic:level2:code"},
			{Column: "name", Type: "administrative-classification:generic:level2:label"},
			{Column: "function", Type: "functional-classification:cofog:code"},
			{Column: "economic", Type: "economic-classification:gfsm:code"},
			{Column: "place", Type: "geo:generic:code"},
			{Column: "approved", Type: "value", Phase: Approved},
			{Column: "executed", Type: "value", Phase: Executed},
		}})
		if !loaded.Fit() {
			t.Fatal(faults)
		}
		l.whole()
		for _, tree := range loaded.Trees {
			if got := one[string](l, "select sum(approved) || ' ' || sum(executed) from cubes where depth = 0 and tree = ?", tree); got != fmt.Sprint(approved*1000, " ", executed*1000) {
				t.Errorf("%s: %s, want %d and %d", tree, got, approved*1000, executed*1000)
			}
		}
	}
}
