package site

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets"
)

// budgetTable is the table of a budget of three Jalali years that have ended and
// one that goes on, in millions of rials.
func budgetTable(factor int) string {
	var b strings.Builder
	b.WriteString("id,year,chapter,chapter_name,function,economic,approved,adjusted,executed\n")
	n := 0
	for i, year := range []string{"1402", "1403", "1404", "1405"} {
		for part := 1; part <= 4; part++ {
			n++
			approved := (1000*part + 100*i) * factor
			executed := strconv.Itoa(approved * (90 + 4*part) / 100)
			if year == "1405" && part > 2 {
				executed = ""
			}
			fmt.Fprintf(&b, "L-%d,%s,%d,Chapter %c,0%d.1,%d,%d,%d,%s\n", n, year, part, 'A'-1+rune(part), part, 21+part, approved, approved+100, executed)
		}
	}
	return b.String()
}

// budgetMapping is how it is read.
func budgetMapping() *fiscal.Mapping {
	return &fiscal.Mapping{
		Currency: "IRR", Factor: "1000000",
		Fields: []fiscal.Field{
			{Column: "id", Type: "budget-line-id"},
			{Column: "year", Type: "date:fiscal-year"},
			{Column: "chapter", Type: "administrative-classification:generic:level1:code"},
			{Column: "chapter_name", Type: "administrative-classification:generic:level1:label"},
			{Column: "function", Type: "functional-classification:cofog:code"},
			{Column: "economic", Type: "economic-classification:gfsm:code"},
			{Column: "approved", Type: "value", Phase: fiscal.Approved},
			{Column: "adjusted", Type: "value", Phase: fiscal.Adjusted},
			{Column: "executed", Type: "value", Phase: fiscal.Executed},
		},
	}
}

// publishBudget publishes a table of an agency as a budget.
func (p *portal) publishBudget(agency catalog.Agency, title, table string, m *fiscal.Mapping) {
	p.t.Helper()
	digest, size, err := p.Files.Put(p.t.Context(), strings.NewReader(table), 0)
	must(p.t, err)
	im, err := datasets.Import(p.t.Context(), p.Files, digest, "budget.csv", datasets.ImportOptions{})
	must(p.t, err)
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		d := &catalog.Dataset{Title: catalog.Text{"en": title, "fa": "بودجهٔ " + title}, Agency: agency.ID, Licence: "cc-by-4.0"}
		if err := tx.PutDataset(d); err != nil {
			return err
		}
		r := &catalog.Resource{Dataset: d.ID, Name: "budget.csv", Format: "CSV", Fetch: catalog.FetchDone}
		if err := tx.PutResource(r, 0); err != nil {
			return err
		}
		if err := tx.PutImported(r, 0, catalog.File{Digest: digest, Name: "budget.csv", Size: size}, im); err != nil {
			return err
		}
		_, err := fiscal.PutMapping(tx, &catalog.Shell, r.ID, m)
		return err
	}))
}

// spend fills the portal with budgets of both agencies, and a calendar.
func (p *portal) spend() {
	p.t.Helper()
	agencies, err := p.Catalog.Agencies(p.t.Context())
	must(p.t, err)
	for i := range agencies {
		p.publishBudget(agencies[i], "Budget of "+agencies[i].Slug, budgetTable(i+1), budgetMapping())
	}
	f := fiscal.New(p.Catalog, p.Files)
	_, err = f.Work(p.t.Context(), nil)
	must(p.t, err)
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		if err := tx.PutSetting(&catalog.Shell, fiscal.SettingPopulation, `{"1404": {"people": 1000, "source": "census"}}`); err != nil {
			return err
		}
		return fiscal.PutDocument(tx, &catalog.Shell, &fiscal.Document{Agency: agencies[0].ID, Year: "1405", Kind: "enacted", Due: "2026-03-05", Came: "2026-03-01"})
	}))
}

// bank is a portal with budgets.
func bank(t *testing.T) *forum {
	t.Helper()
	f := &forum{visitor: &visitor{portal: newPortal(t, true)}}
	f.spend()
	return f
}
