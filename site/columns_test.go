package site

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// read parses a record and takes its dictionary.
func read(t *testing.T, record string) dictionary {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(record), &v); err != nil {
		t.Fatal(err)
	}
	d := dictionary{}
	d.walk(v, dictionaryDepth)
	return d
}

func TestDictionariesOfAllKindsAreRead(t *testing.T) {
	for name, record := range map[string]string{
		"Data Package": `{"resources":[{"schema":{"fields":[{"name":"sum","title":"Amount","description":"What was paid.","unit":"EUR","constraints":{"enum":["a","b"]}}]}}]}`,
		"CKAN":         `{"resources":[{"datastore":{"fields":[{"id":"sum","type":"numeric","info":{"label":"Amount","notes":"What was paid."}}]}}]}`,
		"Socrata":      `{"columns":[{"name":"Amount","fieldName":"sum","description":"What was paid."}]}`,
	} {
		e := read(t, record).of(&datasets.Column{Name: "sum", Label: "sum"})
		if e.Description != "What was paid." {
			t.Errorf("%s: %+v", name, e)
		}
		if name == "Data Package" && (e.Unit != "EUR" || e.Title != "Amount" || len(e.Codes) != 2) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	two := read(t, `[{"fields":[{"name":"a","description":"One."}]},{"fields":[{"name":"A","description":"Two."}]}]`)
	if e := two.of(&datasets.Column{Name: "a"}); e.said() {
		t.Errorf("of two descriptions one is taken: %+v", e)
	}
	deep := read(t, strings.Repeat(`{"x":`, 40)+`{"fields":[{"name":"a","description":"d"}]}`+strings.Repeat("}", 40))
	if len(deep) != 0 {
		t.Errorf("%+v stands too deep", deep)
	}
}

func TestRemarksTellOfTheQualityOfColumns(t *testing.T) {
	top := func(values ...string) []datasets.ValueFreq {
		var all []datasets.ValueFreq
		for _, v := range values {
			all = append(all, datasets.ValueFreq{Value: v, Count: 1})
		}
		return all
	}
	mean := 2.0
	for _, c := range []struct {
		column datasets.Column
		p      datasets.ColumnProfile
		want   string
	}{
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{Rows: 100, Nulls: 3, Distinct: 40, Top: top("x")}, "empty"},
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{Rows: 100, Nulls: 100}, "none"},
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{Rows: 100, Distinct: 1, Top: top("x")}, "same"},
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{Rows: 100, Distinct: 100, Top: top("x")}, "identifier"},
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{Rows: 100, Distinct: 9, Top: top("021", "026")}, "zeros"},
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{Rows: 100, Distinct: 9, Top: top("1", "2", "3.5", "n/a")}, "mixed"},
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{Rows: 100, Distinct: 9, Top: top("0-4", "5-9", "10-14")}, ""},
		{datasets.Column{Name: "a", Type: datasets.Decimal, Float: true}, datasets.ColumnProfile{Rows: 100, Distinct: 9}, "float"},
		{datasets.Column{Name: "a", Type: datasets.Date, Layout: "jalali"}, datasets.ColumnProfile{Rows: 100, Distinct: 9, Max: "2024-01-01"}, "layout.jalali"},
		{datasets.Column{Name: "a", Type: datasets.Date, Layout: "iso"}, datasets.ColumnProfile{Rows: 100, Distinct: 9, Max: "2099-01-01"}, "future"},
		{datasets.Column{Name: "a", Type: datasets.Integer}, datasets.ColumnProfile{Rows: 5000, Distinct: 9, Max: "1000000", Mean: &mean}, "far"},
		{datasets.Column{Name: "a", Type: datasets.Integer}, datasets.ColumnProfile{Rows: 5000, Distinct: 9, Max: "10", Mean: &mean}, ""},
		{datasets.Column{Name: "a", Type: datasets.Date, Layout: "iso"}, datasets.ColumnProfile{
			Rows: 100, Distinct: 9, Max: "2020-01-01",
			Dates: []datasets.Form{{Kind: "iso-", Example: "2019-01-01", Count: 60}, {Kind: "iso/", Example: "2019/01/01", Count: 40}},
		}, "dates"},
		{datasets.Column{Name: "a", Type: datasets.Integer}, datasets.ColumnProfile{
			Rows: 100, Distinct: 9, Blanks: 3,
			Digits: []datasets.Form{{Kind: "latin", Example: "5", Count: 60}, {Kind: "persian", Example: "۵", Count: 40}},
		}, "digits blanks"},
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{
			Rows: 100, Distinct: 9,
			Units: []datasets.Form{{Kind: "kg", Example: "5 kg", Count: 60}, {Kind: "t", Example: "1 t", Count: 40}},
		}, "units"},
		{datasets.Column{Name: "a", Type: datasets.Integer}, datasets.ColumnProfile{
			Rows: 100, Distinct: 9,
			Reading: &datasets.Reading{Written: "1,234", Values: []string{"1234", "1.234"}, By: "column"},
		}, "reading.column"},
		{datasets.Column{Name: "a"}, datasets.ColumnProfile{
			Rows: 100, Distinct: 9,
			Reading: &datasets.Reading{Written: "1,234", Values: []string{"1234", "1.234"}},
		}, "reading.none"},
	} {
		for _, l := range newLocales() {
			var kinds []string
			for _, r := range l.remarks(&c.column, &c.p, atNoon) {
				kinds = append(kinds, r.Kind)
			}
			if got := strings.Join(kinds, " "); got != c.want {
				t.Errorf("%+v: %q, not %q", c.p, got, c.want)
			}
		}
	}
}

// What stands in the file is shown as it is, and what it was read as in the
// digits of the page.
func TestReadingsAreWrittenAsThePageDoes(t *testing.T) {
	p := datasets.ColumnProfile{Rows: 2, Distinct: 2, Reading: &datasets.Reading{Written: "35.611", Values: []string{"35.611", "35611"}}}
	for _, c := range []struct{ lang, by, want string }{
		{"fa", "", `<bdi dir="ltr">35.611</bdi> یعنی <bdi>۳۵٫۶۱۱</bdi> یا <bdi>۳۵٬۶۱۱</bdi>`},
		{"fa", "heading", `<bdi dir="ltr">35.611</bdi> به قرینهٔ عنوان ستون`},
		{"en", "heading", `<bdi dir="ltr">35.611</bdi> was read as <bdi>35.611</bdi> and not as <bdi>35,611</bdi>: the heading`},
	} {
		p.Reading.By = c.by
		all := newLocales()[c.lang].formRemarks(&p)
		if len(all) != 1 || !strings.Contains(string(all[0].HTML), c.want) {
			t.Errorf("in %s: %v", c.lang, all)
		}
	}
}

func TestTheColumnsPageSuggestsTablesThatShareAColumn(t *testing.T) {
	p := newPortal(t, true)
	path, _ := p.put("beds.csv", "استان,beds\nتهران,5\nالبرز,6\nایلام,7\n")
	must(t, p.Index.CatchUp(t.Context(), p.Catalog, nil))
	suggested := func() []join {
		var answer struct {
			Results []struct{ Joins []join }
		}
		_, body := p.get("/api/v1/datasets/population-of-provinces/columns")
		must(t, json.Unmarshal([]byte(body), &answer))
		return answer.Results[0].Joins
	}
	found := suggested()
	if len(found) != 1 || found[0].Shared != 3 || found[0].Column != "استان" || path != datasetPath(found[0].Dataset) {
		t.Fatalf("the joins with %s are %+v", path, found)
	}
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := tx.Takedown(found[0].Dataset, "It was wrong.")
		return err
	}))
	if j := suggested(); len(j) != 0 {
		t.Errorf("a table that is no longer published is suggested: %+v", j)
	}
}
