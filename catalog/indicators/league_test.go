package indicators

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// The value of an agency is the weighted mean of its indicators, each the mean
// of its periods; what was not measured is no part of it.
func TestLeagueWeighsIndicators(t *testing.T) {
	w := newWard(t, "1405-01-01")
	w.set("1404-12-01")
	w.on("1405-07-10")
	d, _ := w.dataset("cc-by-4.0", 12, contractColumns...)
	for month := 1; month <= 6; month++ {
		if month%2 == 0 {
			w.filed("S02", fmt.Sprintf("1405-%02d", month), dataset(d))
		}
	}
	w.on("1405-12-01") // all of the half is due by now
	w.recheck()
	l, err := w.in.League(t.Context(), "1405-H1")
	if err != nil || len(l.Places) != 2 || l.Version != 1 || len(l.Unmeasured) != 0 {
		t.Fatalf("%+v, %v", l, err)
	}
	first, last := l.Places[0], l.Places[1]
	if first.Agency != w.agency.ID || first.Rank != 1 || last.Rank != 2 || *last.Value != 0 || *l.Median != tenths(*first.Value/2) {
		t.Errorf("%+v before %+v, median %v", first, last, *l.Median)
	}
	history, err := w.in.History(t.Context(), w.agency.ID)
	if err != nil {
		t.Fatal(err)
	}
	// Worked out again, from the scores alone.
	book, _ := w.in.Sets(t.Context())
	sum, weights := 0.0, 0.0
	for _, in := range book[0].Indicators {
		points, n := 0.0, 0.0
		for _, s := range history {
			p, _ := PeriodOf(s.Period)
			if s.Indicator == in.ID && (!p.Start.Before(l.Period.Start) && !p.End.After(l.Period.End) || in.Period == Year && p.ID == "1404") {
				points, n = points+float64(*s.Points), n+1
			}
		}
		if n > 0 {
			sum, weights = sum+points/n*float64(in.Weight), weights+float64(in.Weight)
		}
	}
	if want := math.Round(sum/weights*10) / 10; *first.Value != want || want == 0 {
		t.Errorf("its value is %v, want %v", *first.Value, want)
	}
	at := slices.IndexFunc(first.Parts, func(p Part) bool { return p.Indicator == "S02" })
	if p := first.Parts[at]; p.Periods != 6 || p.Weight != 2 || p.Mean <= 0 {
		t.Errorf("its contracts are %+v", p)
	}
	if slices.ContainsFunc(first.Parts, func(p Part) bool { return p.Indicator == "S05" }) {
		t.Error("events of which there were none count")
	}
	b, err := w.in.Scoreboard(t.Context(), w.agency.ID)
	if err != nil || b.Value == nil || *b.Value != *first.Value || b.Rank != 1 || b.Peers != 2 || *b.Median != *l.Median {
		t.Errorf("scoreboard %+v, %v", b, err)
	}
	values, p, err := w.in.Values(t.Context())
	if err != nil || p.ID != "1405-H1" || values[w.agency.ID] != *first.Value {
		t.Errorf("%v in %s, %v", values, p.ID, err)
	}
	if later, err := w.in.League(t.Context(), "1405-H2"); err != nil || later.Places[0].Before == nil {
		t.Errorf("the half that runs: %+v, %v", later, err)
	}
	for _, id := range []string{"1405-08", "1406-H1", "soon"} {
		if _, err := w.in.League(t.Context(), id); err == nil {
			t.Errorf("there is a league of %s", id)
		}
	}
}

func TestAgenciesOfNoKindAndPeriodsBeforeTheSetAreNotMeasured(t *testing.T) {
	w := newWard(t, "1405-01-01")
	w.set("1405-01-01")
	var named catalog.Agency
	w.do(func(tx *catalog.Tx) error {
		named = catalog.Agency{Title: catalog.Text{"en": "Named by a source"}}
		return tx.PutAgency(&named)
	})
	w.on("1405-09-01")
	w.recheck()
	l, err := w.in.League(t.Context(), "1405-H1")
	if err != nil || len(l.Unmeasured) != 1 || l.Unmeasured[0].Agency != named.ID || l.Unmeasured[0].Value != nil || len(l.Places) != 2 || l.Places[1].Rank != 1 {
		t.Errorf("%+v, %v", l, err)
	}
	if l, err := w.in.League(t.Context(), "1404"); err != nil || len(l.Places) != 0 || l.Version != 0 {
		t.Errorf("before the set: %+v, %v", l.Places, err)
	}
	r, err := w.in.Ranking(t.Context(), "S02", "")
	if err != nil || r.Period.ID != "1405-07" || len(r.Places) != 2 || r.Counts[0] != 2 || len(r.Unmeasured) != 1 || r.Unmeasured[0].Score.State != Unmeasured || len(r.Periods) != 7 {
		t.Errorf("ranking %+v, %v", r, err)
	}
	if _, err := w.in.Ranking(t.Context(), "S02", "1404-12"); err == nil {
		t.Error("there is a ranking before the set")
	}
	if _, err := w.in.Ranking(t.Context(), "S99", ""); err == nil {
		t.Error("there is a ranking of no indicator")
	}
	figures, err := w.in.Figures(t.Context())
	if err != nil || len(figures) != 14 || figures[1].Period.ID != "1405-07" || figures[1].Asked != 2 || figures[1].Late != 2 || figures[2].Period.ID != "" || *figures[1].Median != 0 {
		t.Errorf("%+v, %v", figures[:3], err)
	}
}

func TestIndicatorGoesOnTheTrendOfTheOneThatItReplaces(t *testing.T) {
	w := newWard(t, "1405-01-01")
	w.set("1405-01-01")
	w.on("1405-03-01")
	d, _ := w.dataset("cc-by-4.0", 12, contractColumns...)
	w.filed("S02", "1405-02", dataset(d))
	set, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	set.Indicators = set.Indicators[1:2]
	set.Indicators[0].ID, set.Indicators[0].Replaces = "C01", "S02"
	w.do(func(tx *catalog.Tx) error {
		raw, err := json.Marshal(set)
		if err != nil {
			return err
		}
		_, err = PutSet(tx, w.operator, raw, "", nil)
		return err
	})
	w.on("1405-04-01")
	w.filed("C01", "1405-03", dataset(d))
	b, err := w.in.Scoreboard(t.Context(), w.agency.ID)
	if err != nil || len(b.Cells) != 1 || len(b.Cells[0].Trend) != 2 || b.Cells[0].Score.Indicator != "C01" || b.Version != 2 {
		t.Errorf("%+v, %v", b.Cells, err)
	}
	all, total, err := w.in.Filings(t.Context(), FilingFilter{Agencies: []string{w.agency.ID}, Limit: 1})
	if err != nil || total != 2 || len(all) != 1 || all[0].Indicator != "C01" {
		t.Errorf("%d filings, %+v, %v", total, all, err)
	}
	if all, _, err = w.in.Filings(t.Context(), FilingFilter{Before: all[0].Updated, After: all[0].ID, Limit: 5}); err != nil || len(all) != 1 || all[0].Indicator != "S02" || *all[0].Score.Points != Most {
		t.Errorf("behind it %+v, %v", all, err)
	}
}
