package builtin

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts/contractstest"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"
)

// buys takes in n purchases from one supplier, and returns the source of them.
func (p *portal) buys(n int) *catalog.Source {
	p.Helper()
	src := &catalog.Source{Kind: "ocds", URL: "https://a.test", Agency: p.agency.ID}
	p.do(func(tx *catalog.Tx) error {
		if err := tx.PutSource(src); err != nil {
			return err
		}
		for i := range n {
			raw := fmt.Sprintf(`{"ocid": "ocds-a1b2c3-%d", "id": "1", "date": "2026-01-01T00:00:00Z", "tag": ["award"], "buyer": {"name": "City"},
				"tender": {"title": "Purchase %d", "procurementMethod": "direct"}, "awards": [{"id": "a", "suppliers": [{"name": "Roofs"}], "value": {"amount": 100.5, "currency": "EUR"}}]}`, i, i)
			if _, err := contractstest.Put(tx, src, raw); err != nil {
				return err
			}
		}
		return nil
	})
	return src
}

// column is the cells of a column of a table, texts as they are and numbers in
// digits; empty for none.
func (p *portal) column(name, column string) (cells []string) {
	p.Helper()
	e := p.ask(name)
	rows, err := p.files.Rows(e.Digest)
	if err != nil {
		p.Fatal(err)
	}
	defer rows.Close()
	t := rows.Table()
	at := t.Schema.Index(column)
	if at < 0 {
		p.Fatalf("%s has no column %s: %v", name, column, e.Schema)
	}
	for b, err := range t.Scan(0, -1) {
		if err != nil {
			p.Fatal(err)
		}
		for n := range b.Len {
			cell, v := "", &b.Columns[at]
			switch {
			case v.Null[n]:
			case t.Schema[at].Type == datasets.Text:
				cell = v.Text[n]
			default:
				cell = strconv.FormatInt(v.Int[n], 10)
			}
			cells = append(cells, cell)
		}
	}
	return cells
}

func TestContractsAreATable(t *testing.T) {
	p := newPortal(t)
	src := p.buys(3)
	if got := p.column("contracts", "awarded"); !slices.Equal(got, []string{"100500", "100500", "100500"}) {
		t.Errorf("%q", got)
	}
	figures, err := contracts.New(p.store).Figures(t.Context(), contracts.Filter{})
	if got := p.column("contract-parties", "as_supplier"); err != nil || figures.Total != 3 || !slices.Equal(got, []string{"0", "3"}) {
		t.Errorf("%q, %d, %v", got, figures.Total, err)
	}
	p.do(func(tx *catalog.Tx) error {
		_, err := tx.RetireRecords(src.ID, contracts.NounRelease, "", catalog.RemovedMissing, "", "ocds-a1b2c3-1 1")
		return err
	})
	if got := p.column("contracts", "ocid"); !slices.Equal(got, []string{"ocds-a1b2c3-0", "ocds-a1b2c3-2"}) {
		t.Errorf("one that was retired a moment ago is in the table: %q", got)
	}
	if got := p.column("contract-parties", "as_buyer"); len(got) != 2 || got[0] != "2" {
		t.Errorf("%q", got)
	}
}

func TestFilingsAndScoresAreTables(t *testing.T) {
	p := newPortal(t)
	set := func(tx *catalog.Tx) error {
		p.agency.Kind = "ministry"
		if err := tx.PutAgency(&p.agency); err != nil {
			return err
		}
		_, err := indicators.PutSet(tx, &catalog.Shell, nil, "1400-01-01", nil)
		return err
	}
	p.do(set)
	file := func(period string) {
		p.do(func(tx *catalog.Tx) error {
			_, err := indicators.File(tx, &catalog.Shell, indicators.Handing{
				Agency: p.agency.ID, Indicator: "S05", Period: period, Statement: say("Soon", ""), Evidence: []indicators.Evidence{{Kind: indicators.EvidenceStatement, Text: say("Wait", "")}},
			})
			return err
		})
	}
	file("1405-H1")
	monitor := indicators.New(p.store)
	check := func() {
		t.Helper()
		_, filed, err := monitor.Filings(t.Context(), indicators.FilingFilter{})
		if got := p.column("filings", "period"); err != nil || int64(len(got)) != filed {
			t.Errorf("%q of %d filings, %v", got, filed, err)
		}
		scores, err := monitor.History(t.Context(), p.agency.ID)
		if got := p.column("scores", "points"); err != nil || len(got) != len(scores) {
			t.Errorf("%q of %d scores, %v", got, len(scores), err)
		}
	}
	check()
	if got := p.column("filings", "points"); len(got) != 1 || got[0] == "" || !slices.Equal(got, p.column("scores", "points")) {
		t.Errorf("points %q", got)
	}
	file("1404-H2")
	if _, err := monitor.Recheck(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.at = p.at.Add(Kept + time.Minute)
	check()
	if got := p.column("filings", "agency"); len(got) != 2 || got[0] != p.agency.Slug {
		t.Errorf("%q", got)
	}
	if got := p.column("scores", "state"); !slices.Contains(got, string(indicators.Submitted)) {
		t.Errorf("%q", got)
	}
}
