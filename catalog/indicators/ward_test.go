package indicators

import (
	"fmt"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A ward is a catalogue with two agencies and a clock that stands still.
type ward struct {
	*testing.T
	store            *catalog.Store
	in               *Indicators
	now              time.Time
	agency, other    catalog.Agency
	operator, editor *catalog.Actor
	n                int
}

// newWard opens a catalogue on the first day of the given Jalali month, with the
// default set in force since the year before.
func newWard(t *testing.T, day string) *ward {
	t.Helper()
	w := &ward{T: t, now: at0(t, day)}
	store, err := catalog.Open(t.Context(), t.TempDir(), catalog.Options{Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w.store, w.in, w.operator = store, New(store), &catalog.Actor{Person: "op", Name: "Operator", Operator: true}
	w.agency = catalog.Agency{Title: catalog.Text{"en": "Ministry of Roads"}, Kind: "ministry"}
	w.other = catalog.Agency{Title: catalog.Text{"en": "Ministry of Water"}, Kind: "ministry"}
	w.do(func(tx *catalog.Tx) error {
		if err := tx.PutAgency(&w.agency); err != nil {
			return err
		}
		return tx.PutAgency(&w.other)
	})
	w.editor = &catalog.Actor{Person: "p", Name: "Publisher", Roles: map[string]catalog.Role{w.agency.ID: catalog.Publisher}}
	return w
}

func at0(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := jalaliDay(day)
	if err != nil {
		t.Fatal(err)
	}
	return at.Add(12 * time.Hour)
}

// on moves the clock to noon of a Jalali day.
func (w *ward) on(day string) {
	w.Helper()
	w.now = at0(w.T, day)
}

func (w *ward) do(do func(tx *catalog.Tx) error) {
	w.Helper()
	if err := w.store.Write(w.Context(), do); err != nil {
		w.Fatal(err)
	}
}

// set puts the default set in force since a day.
func (w *ward) set(since string) {
	w.Helper()
	w.do(func(tx *catalog.Tx) error {
		_, err := PutSet(tx, w.operator, nil, since, nil)
		return err
	})
}

// dataset publishes a table with the columns, all rows empty.
func (w *ward) dataset(licence string, rows int64, columns ...string) (catalog.Dataset, catalog.Resource) {
	w.Helper()
	w.n++
	d := catalog.Dataset{Title: catalog.Text{"en": fmt.Sprintf("Contracts %d", w.n)}, Agency: w.agency.ID, Licence: licence}
	r := catalog.Resource{Name: fmt.Sprintf("contracts-%d.csv", w.n), State: catalog.Published, Format: "CSV"}
	w.do(func(tx *catalog.Tx) error {
		if err := tx.PutDataset(&d); err != nil {
			return err
		}
		r.Dataset = d.ID
		return tx.PutResource(&r, 0)
	})
	w.edition(&r, rows, 0, columns...)
	return d, r
}

// edition gives a resource a new table.
func (w *ward) edition(r *catalog.Resource, rows, faults int64, columns ...string) {
	w.Helper()
	w.n++
	var schema datasets.Schema
	for _, name := range columns {
		schema = append(schema, datasets.Column{Name: name, Label: name})
	}
	w.do(func(tx *catalog.Tx) error {
		return tx.PutEdition(&catalog.Edition{
			Resource: r.ID, Digest: fmt.Sprintf("%064d", w.n), File: fmt.Sprintf("%064d", w.n), FileName: r.Name, HasTable: len(columns) > 0, Rows: rows,
			FaultsN: faults, Schema: schema,
		})
	})
}

// file hands in evidence.
func (w *ward) file(indicator, period string, revision int64, evidence ...Evidence) (f Filing, err error) {
	w.Helper()
	err = w.store.Write(w.Context(), func(tx *catalog.Tx) (err error) {
		f, err = File(tx, w.editor, Handing{Agency: w.agency.ID, Indicator: indicator, Period: period, Revision: revision, Evidence: evidence})
		return err
	})
	return f, err
}

// filed is file for what must not fail.
func (w *ward) filed(indicator, period string, evidence ...Evidence) Filing {
	w.Helper()
	f, err := w.file(indicator, period, 0, evidence...)
	if err != nil {
		w.Fatal(err)
	}
	return f
}

// act does something about a filing that must not fail.
func (w *ward) act(f *Filing, do func(tx *catalog.Tx) (Filing, error)) {
	w.Helper()
	w.do(func(tx *catalog.Tx) (err error) { *f, err = do(tx); return err })
}

// score reads a filing again and returns its points.
func (w *ward) score(f *Filing) int {
	w.Helper()
	again, err := w.in.Filing(w.Context(), f.ID)
	if err != nil || again.Score.Points == nil {
		w.Fatalf("filing %s: %+v, %v", f.ID, again.Score, err)
	}
	*f = again
	return *again.Score.Points
}

// points are those of each criterion of the newest check.
func points(f *Filing) (all []int) {
	for _, fact := range f.Checks[0].Facts {
		if fact.Points != nil {
			all = append(all, *fact.Points)
		}
	}
	return all
}

func dataset(d catalog.Dataset) Evidence {
	return Evidence{Kind: EvidenceDataset, Thing: d.ID}
}

var contractColumns = []string{"موضوع قرارداد", "نام پیمانکار", "contractAmount", "روش انتخاب", "تاریخ"}
