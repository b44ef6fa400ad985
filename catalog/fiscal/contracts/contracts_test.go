package contracts_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts/contractstest"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

// A market is a catalogue with a source of releases.
type market struct {
	t     *testing.T
	store *catalog.Store
	*contracts.Contracts
	src *catalog.Source
}

func newMarket(t *testing.T) *market {
	t.Helper()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	store, err := catalog.Open(t.Context(), t.TempDir(), catalog.Options{Now: func() time.Time { return now }, Fatal: func(err error) { t.Error(err) }})
	must(t, err)
	t.Cleanup(func() { store.Close() })
	m := &market{t: t, store: store, Contracts: contracts.New(store), src: &catalog.Source{Kind: "ocds", URL: "https://a.test"}}
	m.write(func(tx *catalog.Tx) error {
		a := &catalog.Agency{Title: catalog.Text{"en": "Office"}}
		err := tx.PutAgency(a)
		m.src.Agency = a.ID
		return errors.Join(err, tx.PutSource(m.src))
	})
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (m *market) write(do func(*catalog.Tx) error) {
	m.t.Helper()
	must(m.t, m.store.Write(m.t.Context(), do))
}

// take takes in a release.
func (m *market) take(raw string) {
	m.t.Helper()
	m.write(func(tx *catalog.Tx) error {
		_, err := contractstest.Put(tx, m.src, raw)
		return err
	})
}

// buys takes in the nth purchase of a buyer, done by a method from a supplier.
func (m *market) buys(n int, buyer, method, supplier string, euros int) {
	m.take(fmt.Sprintf(`{"ocid": "ocds-a1b2c3-%d", "id": "1", "date": "2026-01-01T00:00:00Z", "tag": ["award"], "buyer": {"name": %q},
		"tender": {"title": "Purchase %d", "procurementMethod": %q},
		"awards": [{"id": "a", "suppliers": [{"name": %q}], "value": {"amount": %d, "currency": "EUR"}}]}`, n, buyer, n, method, supplier, euros))
}

func TestSharesOfABuyer(t *testing.T) {
	m := newMarket(t)
	for n := range 6 {
		if n < 2 {
			m.buys(n, "City", "direct", "Large", 600)
		} else {
			m.buys(n, "City", "open", "Small", 100)
		}
	}
	for n := range 4 { // too few to tell
		m.buys(100+n, "Village", "direct", "Large", 10)
	}
	flags, err := m.BuyerFlags(t.Context(), "")
	must(t, err)
	var got []string
	for _, f := range flags {
		who := ""
		if f.Supplier != nil {
			who, _ = f.Supplier.Name.In("en")
		}
		got = append(got, fmt.Sprintf("%s %s %s %d/%d %d%%", f.Buyer.Slug, f.Key, who, f.Part, f.Whole, f.Percent))
	}
	want := []string{"city directshare  2/6 33%", "city suppliershare Large 120000/160000 75%"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Money of several currencies is never added up, and sums that SQLite could not
// hold are exact or said to be missing.
func TestSumsAreByCurrencyAndExact(t *testing.T) {
	m := newMarket(t)
	for n, value := range []string{`"amount": 0.1, "currency": "EUR"`, `"amount": 0.2, "currency": "EUR"`, `"amount": 5, "currency": "IRR"`, `"amount": 89999999999999.99, "currency": "USD"`} {
		m.take(fmt.Sprintf(`{"ocid": "ocds-a1b2c3-%d", "id": "1", "tag": ["contract"], "contracts": [{"id": 1, "value": {%s}}]}`, n, value))
	}
	f, err := m.Figures(t.Context(), contracts.Filter{})
	must(t, err)
	got := map[string]int64{}
	for _, s := range f.Sums {
		got[s.What+" "+s.Currency] = *s.Amount
	}
	if len(got) != 3 || got["contracted EUR"] != 30 || got["contracted IRR"] != 5 || got["contracted USD"] != 8_999_999_999_999_999 {
		t.Errorf("%v", got)
	}
	m.write(func(tx *catalog.Tx) error {
		return tx.Exec("update process_amounts set amount = 9223372036854775807 where currency in ('EUR', 'USD')")
	})
	f, err = m.Figures(t.Context(), contracts.Filter{})
	must(t, err)
	for _, s := range f.Sums {
		if (s.Amount == nil) != (s.Currency == "EUR") {
			t.Errorf("%+v", s)
		}
	}
}

// An organisation is known by its number; without one by its name.
func TestOrganisationsAreToldApart(t *testing.T) {
	m := newMarket(t)
	m.take(`{"ocid": "ocds-a1b2c3-1", "id": "1", "tag": ["tender"], "parties": [{"id": "x", "name": "City of A", "identifier": {"scheme": "IR-NID", "id": "7"}}], "buyer": {"id": "x", "name": "City of A"}, "tender": {"title": "T"}}`)
	m.take(`{"ocid": "ocds-a1b2c3-2", "id": "1", "tag": ["tender"], "buyer": {"name": "City, of A!", "identifier": {"scheme": "IR-NID", "id": "7"}}, "tender": {"title": "T"}}`)
	m.take(`{"ocid": "ocds-a1b2c3-3", "id": "1", "tag": ["tender"], "buyer": {"name": "city of a"}, "tender": {"title": "T"}}`)
	m.take(`{"ocid": "ocds-a1b2c3-4", "id": "1", "tag": ["tender"], "buyer": {"name": "City of A", "id": "IR-NID-0007"}, "tender": {"title": "Flags!"}}`)
	all, total, err := m.Parties(t.Context(), contracts.PartyFilter{Role: ocds.RoleBuyer, Limit: 10})
	must(t, err)
	if total != 3 || all[0].Slug != "city-of-a" || all[0].Processes != 2 {
		t.Errorf("%d: %+v", total, all)
	}
	rest, _, err := m.Parties(t.Context(), contracts.PartyFilter{Role: ocds.RoleBuyer, After: all[0].ID, Limit: 10})
	must(t, err)
	if len(rest) != 2 || rest[0].ID == all[0].ID {
		t.Errorf("behind the first come %+v", rest)
	}
	for _, f := range []contracts.PartyFilter{{Role: ocds.RoleBuyer, After: rest[1].ID, Limit: 10}, {Query: "CITY a", Limit: 1}} {
		if _, total, err := m.Parties(t.Context(), f); total != 3 || err != nil {
			t.Errorf("%+v: %d in all, %v", f, total, err)
		}
	}
	if p, err := m.Get(t.Context(), "ocds-a1b2c3-4"); err != nil || p.Slug == "flags" {
		t.Errorf("a process stands at the address of another page: %q, %v", p.Slug, err)
	}
}

func TestLimitsOfFlags(t *testing.T) {
	m := newMarket(t)
	m.take(`{"ocid": "ocds-a1b2c3-1", "id": "1", "tag": ["contract"], "contracts": [{"id": 1, "value": {"amount": 99, "currency": "EUR"}}]}`)
	state := func() (states []string) {
		p, err := m.Get(t.Context(), "ocds-a1b2c3-1")
		must(t, err)
		for _, f := range p.Flags {
			if f.Key == "near" {
				states = append(states, f.State)
			}
		}
		return states
	}
	if got := state(); got[0] != ocds.Unknown {
		t.Errorf("without a threshold: %v", got)
	}
	l := ocds.DefaultLimits()
	l.Thresholds = map[string]int64{"EUR": 10_000}
	m.write(func(tx *catalog.Tx) error { return contracts.PutLimits(tx, &catalog.Shell, l) })
	if n, err := m.Recheck(t.Context()); n != 1 || err != nil || state()[0] != ocds.Raised {
		t.Errorf("%d, %v: %v", n, err, state())
	}
	if n, err := m.Recheck(t.Context()); n != 0 || err != nil {
		t.Errorf("checked again: %d, %v", n, err)
	}
	l.Near = -1
	var invalid *catalog.InvalidError
	if err := m.store.Write(t.Context(), func(tx *catalog.Tx) error { return contracts.PutLimits(tx, &catalog.Shell, l) }); !errors.As(err, &invalid) {
		t.Errorf("a limit below zero: %v", err)
	}
}

func TestBudgetLinesAreFound(t *testing.T) {
	m := newMarket(t)
	m.take(`{"ocid": "ocds-a1b2c3-1", "id": "1", "tag": ["planning"], "planning": {"budget": {"id": "17-2"}}, "tender": {"title": "T"}}`)
	m.take(`{"ocid": "ocds-a1b2c3-2", "id": "1", "tag": ["planning"], "planning": {"budget": {"id": "none"}}, "tender": {"title": "U"}}`)
	m.write(func(tx *catalog.Tx) error {
		d := &catalog.Dataset{Title: catalog.Text{"en": "Budget"}, Agency: m.src.Agency}
		if err := tx.PutDataset(d); err != nil {
			return err
		}
		r := &catalog.Resource{Dataset: d.ID, Name: "b.csv"}
		return errors.Join(tx.PutResource(r, 0),
			tx.Exec("insert into budgets (id, slug, resource, agency, mapping, state, cube, changed) values ('b', 'city-budget', ?, ?, '{}', 'loaded', 'k', '')", r.ID, m.src.Agency),
			tx.Exec("insert into cubes (cube, tree, direction, year, path, depth, code, lines) values ('k', 'administrative', 'expenditure', '1404', 'x/17-2', 2, '17-2', 1)"))
	})
	for want := range 2 {
		if n, err := m.Link(t.Context()); err != nil || n != int64(1-want) {
			t.Errorf("%d, %v", n, err)
		}
	}
	f, err := m.Figures(t.Context(), contracts.Filter{})
	must(t, err)
	p, err := m.Get(t.Context(), "ocds-a1b2c3-1")
	must(t, err)
	if f.Named != 2 || f.Linked != 1 || p.Budget != "city-budget" || p.Line != "17-2" {
		t.Errorf("%+v %+v", f, p.Process)
	}
}
