package search_test

import (
	"fmt"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts/contractstest"
	"github.com/openshafaf/shafaf/search"
)

// A market is a source of contracts.
type market struct {
	tb    testing.TB
	store *catalog.Store
	src   *catalog.Source
}

func newMarket(tb testing.TB, s *catalog.Store) *market {
	tb.Helper()
	m := &market{tb, s, &catalog.Source{Kind: "ocds", URL: "https://a.test"}}
	m.src.Agency = put(tb, s, catalog.Text{"en": "Procurement office"})
	write(tb, s, func(tx *catalog.Tx) error { return tx.PutSource(m.src) })
	return m
}

// buys takes in a release of a purchase, and returns the id of the purchase.
func (m *market) buys(n int, release, title, buyer, supplier string) string {
	m.tb.Helper()
	raw := fmt.Sprintf(`{"ocid": "ocds-zq77-%d", "id": %q, "date": "2026-01-0%sT00:00:00Z", "tag": ["contract"], "buyer": {"name": %q},
		"tender": {"title": %q, "description": "With lanterns for the night."}, "awards": [{"id": "a", "suppliers": [{"name": %q}]}],
		"contracts": [{"id": "KX-%d-9", "awardID": "a", "title": "Signed paper"}]}`, n, release, release, buyer, title, supplier, 4000+n)
	var ocid string
	write(m.tb, m.store, func(tx *catalog.Tx) (err error) {
		ocid, err = contractstest.Put(tx, m.src, raw)
		return err
	})
	p, err := contracts.New(m.store).Get(m.tb.Context(), ocid)
	must(m.tb, err)
	return p.ID
}

func TestContractsAreFound(t *testing.T) {
	s, x := portal(t)
	m := newMarket(t, s)
	bus := "process " + m.buys(1, "1", "Purchase of trolleybuses", "City of Hamadan", "Ostrich Ltd")
	road := "process " + m.buys(2, "1", "آسفالت خیابان میرداماد", "شهرداری همدان", "شرکت راه‌گستر کیوان")
	catchUp(t, x, s)
	for text, want := range map[string][]string{
		"trolleybuses": {bus}, "ostrich": {bus}, "hamadan": {bus}, "KX-4001-9": {bus}, "ocds-zq77-2": {road}, "lanterns": {bus, road},
		"اسفالت ميرداماد": {road}, "راهگستر": {road}, "شهرداري": {road},
	} {
		finds(t, x, text, want...)
	}
	sound(t, x, s)

	m.buys(1, "2", "Purchase of monorails", "City of Hamadan", "Ostrich Ltd") // a later release says otherwise
	if missing, extra, stale, err := x.Compare(t.Context(), s); err != nil || missing != 0 || extra != 0 || stale != 1 {
		t.Errorf("before: %d missing, %d extra, %d stale, %v", missing, extra, stale, err)
	}
	catchUp(t, x, s)
	finds(t, x, "trolleybuses")
	finds(t, x, "monorails", bus)
	if res := ask(t, x, search.Query{Text: "hamadan", Kind: "process", Facets: true}); res.Total != 1 || res.Facets[len(res.Facets)-1].Values[0].Value != "2026" {
		t.Errorf("%+v", res)
	}
	sound(t, x, s)
	must(t, x.Rebuild(t.Context(), s, nil))
	finds(t, x, "monorails", bus)
	finds(t, x, "راه‌گستر", road)
	sound(t, x, s)
}

// A purchase whose last release its source does not have any more is found no
// longer, until it comes back.
func TestRetiredContractIsNotFound(t *testing.T) {
	s, x := portal(t)
	m := newMarket(t, s)
	bus := m.buys(1, "1", "Purchase of trolleybuses", "City of Hamadan", "Ostrich Ltd")
	catchUp(t, x, s)
	finds(t, x, "trolleybuses", "process "+bus)
	releases, err := contracts.New(s).Releases(t.Context(), bus, false)
	must(t, err)
	write(t, s, func(tx *catalog.Tx) error {
		return tx.RetireThing(&catalog.Removal{Noun: contracts.NounRelease, Thing: releases[0].ID, Kind: "missing", Reason: "It is gone."}, catalog.Retired)
	})
	if missing, extra, stale, err := x.Compare(t.Context(), s); err != nil || missing != 0 || extra != 1 || stale != 0 {
		t.Errorf("before: %d missing, %d extra, %d stale, %v", missing, extra, stale, err)
	}
	catchUp(t, x, s)
	finds(t, x, "trolleybuses")
	sound(t, x, s)
	m.buys(1, "2", "Purchase of trolleybuses", "City of Hamadan", "Ostrich Ltd")
	catchUp(t, x, s)
	finds(t, x, "trolleybuses", "process "+bus)
	sound(t, x, s)
}
