package indicators

import (
	"fmt"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/goccy/go-json"
)

// BenchmarkRescore looks again at what 254 agencies handed in for 14 indicators
// and two periods each, after the evidence of all of them changed.
func BenchmarkRescore(b *testing.B) {
	const agencies, periods = 254, 2
	w := country(b, agencies, periods)
	want := agencies * 14 * periods
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		licence := []string{"", "cc-by-4.0"}[n%2]
		w.do(b, func(tx *catalog.Tx) error {
			return tx.Exec("update datasets set body = json_set(body, '$.licence', ?)", licence)
		})
		b.StartTimer()
		got, err := w.in.Recheck(b.Context())
		if err != nil || got < want {
			b.Fatalf("%d filings of %d are scored anew, %v", got, want, err)
		}
	}
	b.ReportMetric(float64(want*b.N)/b.Elapsed().Seconds(), "filings/s")
}

// BenchmarkScoreboard asks for the page of an agency, in such a country.
func BenchmarkScoreboard(b *testing.B) {
	w := country(b, 254, 2)
	if _, err := w.in.Recheck(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if board, err := w.in.Scoreboard(b.Context(), w.agencies[17]); err != nil || len(board.Cells) != 14 || board.Value == nil {
			b.Fatal(board.Value, err)
		}
	}
}

// A realm is a catalogue whose agencies all handed in all.
type realm struct {
	in       *Indicators
	store    *catalog.Store
	agencies []string
}

func (w *realm) do(b *testing.B, do func(tx *catalog.Tx) error) {
	b.Helper()
	if err := w.store.Write(b.Context(), do); err != nil {
		b.Fatal(err)
	}
}

func country(b *testing.B, agencies, periods int) *realm {
	b.Helper()
	now, err := jalaliDay("1405-09-01")
	if err != nil {
		b.Fatal(err)
	}
	store, err := catalog.Open(b.Context(), b.TempDir(), catalog.Options{Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	w := &realm{in: New(store), store: store}
	operator := &catalog.Actor{Operator: true}
	set, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	for n := range set.Indicators {
		set.Indicators[n].Rule.Open = maxDays // all periods are open
	}
	raw, err := json.Marshal(set)
	if err != nil {
		b.Fatal(err)
	}
	w.do(b, func(tx *catalog.Tx) error { _, err := PutSet(tx, operator, raw, "1403-01-01", nil); return err })
	for n := range agencies {
		w.do(b, func(tx *catalog.Tx) error {
			a := catalog.Agency{Title: catalog.Text{"en": fmt.Sprintf("Agency %d", n)}, Kind: "ministry"}
			if err := tx.PutAgency(&a); err != nil {
				return err
			}
			w.agencies = append(w.agencies, a.ID)
			return w.handIn(tx, operator, &set, a.ID, periods)
		})
	}
	return w
}

// handIn hands in a dataset of its own for each indicator and period.
func (w *realm) handIn(tx *catalog.Tx, by *catalog.Actor, set *Set, agency string, periods int) error {
	for _, in := range set.Indicators {
		p := PeriodAt(in.Period, tx.Now())
		for range periods {
			p = p.Before()
			d := catalog.Dataset{Title: catalog.Text{"en": "Evidence " + in.ID + " " + p.ID}, Agency: agency, Licence: "cc-by-4.0"}
			if err := tx.PutDataset(&d); err != nil {
				return err
			}
			r := catalog.Resource{Dataset: d.ID, Name: "table.csv", State: catalog.Published, Format: "CSV"}
			if err := tx.PutResource(&r, 0); err != nil {
				return err
			}
			var schema datasets.Schema
			for _, id := range in.Rule.Columns {
				name := set.Columns[id].Names[0]
				schema = append(schema, datasets.Column{Name: name, Label: name})
			}
			e := catalog.Edition{Resource: r.ID, Digest: r.ID, File: r.ID, HasTable: true, Rows: 100, Schema: schema}
			if err := tx.PutEdition(&e); err != nil {
				return err
			}
			if _, err := File(tx, by, Handing{Agency: agency, Indicator: in.ID, Period: p.ID, Evidence: []Evidence{dataset(d)}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// BenchmarkLeague works out the values of all agencies anew.
func BenchmarkLeague(b *testing.B) {
	w := country(b, 254, 2)
	if _, err := w.in.Recheck(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		w.in.leagues.known = nil
		w.in.leagues.seq = -1
		if l, err := w.in.League(b.Context(), ""); err != nil || len(l.Places) != 254 {
			b.Fatal(len(l.Places), err)
		}
	}
}
