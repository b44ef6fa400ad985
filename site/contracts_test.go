package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts/contractstest"
)

// A school is bought in two releases: the second is dearer than the first.
const (
	schoolTender = `{"ocid": "ocds-a1b2c3-7", "id": "1", "date": "2026-01-02T00:00:00Z", "tag": ["tender"], "language": "en",
		"parties": [{"id": "b", "name": "City schools", "identifier": {"scheme": "IR-NID", "id": "771"}, "roles": ["buyer"]}],
		"buyer": {"id": "b", "name": "City schools"}, "planning": {"budget": {"id": "17-2", "amount": {"amount": 900, "currency": "EUR"}}},
		"tender": {"id": "t", "title": "A school <b>roof</b>", "procurementMethod": "open", "value": {"amount": 800.5, "currency": "EUR"},
			"tenderPeriod": {"startDate": "2026-01-02T00:00:00Z", "endDate": "2026-01-05T00:00:00Z"}, "numberOfTenderers": 1}}`
	schoolContract = `{"ocid": "ocds-a1b2c3-7", "id": "2", "date": "2026-02-02T00:00:00Z", "tag": ["award", "contract"],
		"awards": [{"id": "a", "date": "2026-01-10T00:00:00Z", "value": {"amount": 800, "currency": "EUR"}, "suppliers": [{"name": "Roofs & Sons"}]}],
		"contracts": [{"id": "c", "awardID": "a", "dateSigned": "2026-01-20T00:00:00Z", "value": {"amount": 1000, "currency": "EUR"},
			"implementation": {"transactions": [{"id": "p", "date": "2026-02-01T00:00:00Z", "value": {"amount": 250.25, "currency": "EUR"}}]}}]}`
	roadTender = `{"ocid": "ocds-a1b2c3-8", "id": "1", "date": "2026-03-01T00:00:00Z", "tag": ["tender"], "buyer": {"name": "اداره راه"},
		"tender": {"title": "بهسازی راه", "procurementMethod": "direct", "value": {"amount": 5000000, "currency": "IRR"}}}`
)

// buy takes releases into the catalogue and returns the source that they are of.
func (p *portal) buy(releases ...string) *catalog.Source {
	p.t.Helper()
	src := &catalog.Source{Title: catalog.Text{"en": "Purchases"}, Kind: "ocds", URL: "https://contracts.example.org/releases.json"}
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		a := &catalog.Agency{Title: catalog.Text{"en": "Purchases"}}
		if err := tx.PutAgency(a); err != nil {
			return err
		}
		src.Agency = a.ID
		if err := tx.PutSource(src); err != nil {
			return err
		}
		for _, raw := range releases {
			if _, err := contractstest.Put(tx, src, raw); err != nil {
				return err
			}
		}
		return nil
	}))
	return src
}

func TestContractsAreShownFromPlanToPayment(t *testing.T) {
	p := newPortal(t, false)
	if strings.Contains(p.page("/en"), `href="/en/contracts"`) {
		t.Error("a page leads to contracts though there are none")
	}
	p.buy(schoolTender, schoolContract, roadTender)
	if !strings.Contains(p.page("/en"), `href="/en/contracts"`) {
		t.Error("no page leads to contracts")
	}
	list := p.page("/en/contracts")
	for _, want := range []string{"2 purchases", "A school &lt;b&gt;roof&lt;/b&gt;", "Open tender", "Direct award", "1 of 2 purchases name a budget line", "800.50", "5 million"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list has no %q", want)
		}
	}
	page := p.page("/en/contracts/a-school-b-roof-b")
	for _, want := range []string{"City schools", "Roofs &amp; Sons", "One offer only", "Little time for offers", "Contract above its award", "250.25", "<bdi>25</bdi>%", "ocds-a1b2c3-7", "this line is in no budget"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if fa := p.page("/fa/contracts/a-school-b-roof-b"); !strings.Contains(fa, "قرارداد گران‌تر از پیشنهاد برنده") || !strings.Contains(fa, "<bdi>۲۵</bdi>٪") {
		t.Error("the Persian page does not tell of the flag")
	}
	if flags := p.page("/en/contracts/flags"); !strings.Contains(flags, "fewer than 10 days") {
		t.Error("the page of flags has not the formula with its number")
	}
	for _, path := range []string{"/en/contracts/parties", "/en/contracts/parties/city-schools", "/fa/contracts/parties/roofs-sons"} {
		if !strings.Contains(p.page(path), "City schools") {
			t.Errorf("%s does not name the buyer", path)
		}
	}
}

func TestListsOfContractsAreNarrowedDown(t *testing.T) {
	p := newPortal(t, false)
	p.buy(schoolTender, schoolContract, roadTender)
	for query, want := range map[string]int64{
		"": 2, "?q=راه": 1, "?q=ROOF+sons": 1, "?q=nothing": 0, "?method=direct": 1, "?stage=implementation": 1, "?flag=over": 1, "?flag=near": 0,
		"?buyer=city-schools": 1, "?supplier=roofs-sons": 1, "?currency=irr": 1, "?agency=purchases": 2,
	} {
		_, body := p.get("/api/v1/contracts" + query)
		var got struct{ Total int64 }
		must(t, json.Unmarshal([]byte(body), &got))
		if got.Total != want {
			t.Errorf("%s: %d, want %d", query, got.Total, want)
		}
	}
	for _, query := range []string{"?method=barter", "?stage=end", "?flag=red", "?buyer=nobody", "?agency=nobody", "?_after=x"} {
		if resp, _ := p.get("/api/v1/contracts" + query); resp.StatusCode != http.StatusBadRequest && resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", query, resp.StatusCode)
		}
	}
}

// The figure on the page, in the API and in the file are equal.
func TestContractsAreTheSameInEveryForm(t *testing.T) {
	p := newPortal(t, false)
	p.buy(schoolTender, schoolContract, roadTender)
	_, body := p.get("/contracts.csv")
	lines := strings.Split(strings.TrimSpace(body), "\r\n")
	if len(lines) != 3 {
		t.Fatalf("%q", lines)
	}
	head, school := strings.Split(lines[0], ","), strings.Split(lines[1], ",")
	at := func(name string) string {
		for i := range head {
			if strings.Trim(head[i], "\ufeff") == name {
				return school[i]
			}
		}
		return "no column " + name
	}
	for name, want := range map[string]string{
		"Tendered": "800.500", "Awarded": "800.000", "Contracted": "1000.000", "Paid": "250.250", "Currency": "EUR", "Buyer": "City schools", "Red flags": "single; short; over",
	} {
		if at(name) != want {
			t.Errorf("%s is %q in the file, want %q", name, at(name), want)
		}
	}
	_, body = p.get("/api/v1/contracts/a-school-b-roof-b")
	var one struct {
		Contracted, Scale int64
		Amounts           []contracts.Sum
	}
	must(t, json.Unmarshal([]byte(body), &one))
	if one.Contracted != 100_000 || one.Scale != 2 || len(one.Amounts) != 4 {
		t.Errorf("%+v", one)
	}
	var record struct {
		Records []struct {
			OCID     string
			Releases []map[string]any
			Compiled map[string]any `json:"compiledRelease"`
		}
	}
	_, body = p.get("/contracts/a-school-b-roof-b/record.json")
	must(t, json.Unmarshal([]byte(body), &record))
	if r := record.Records[0]; r.OCID != "ocds-a1b2c3-7" || len(r.Releases) != 2 || r.Compiled["tag"].([]any)[0] != "compiled" {
		t.Errorf("%s", body)
	}
}

func TestARetiredProcessIsGone(t *testing.T) {
	p := newPortal(t, false)
	src := p.buy(schoolTender, schoolContract, roadTender)
	retire := func(ids ...string) {
		must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
			_, err := tx.RetireRecords(src.ID, contracts.NounRelease, "", catalog.RemovedMissing, "", ids...)
			return err
		}))
	}
	retire("ocds-a1b2c3-7 1")
	if page := p.page("/en/contracts/a-school-b-roof-b"); !strings.Contains(page, "no longer at its source") || !strings.Contains(page, "City schools") {
		t.Error("what a release said is gone with it, though others are there")
	}
	retire("ocds-a1b2c3-7 2")
	resp, body := p.get("/en/contracts/a-school-b-roof-b", "Accept", "text/html")
	if resp.StatusCode != http.StatusGone || !strings.Contains(body, "This public contract was published here") {
		t.Errorf("%d", resp.StatusCode)
	}
	if resp, _ := p.get("/contracts/a-school-b-roof-b/record.json"); resp.StatusCode != http.StatusGone {
		t.Errorf("the record answers %d", resp.StatusCode)
	}
	if list := p.page("/en/contracts"); strings.Contains(list, "school") {
		t.Error("it is in the list")
	}
	if ledger := p.page("/en/removed?noun=process"); !strings.Contains(ledger, `href="/en/contracts/a-school-b-roof-b"`) {
		t.Error("it is not in the ledger")
	}
}

// A process with much of everything has a page of some size; its file has all.
// An address that is none of the web is no link.
func TestAHugePurchaseHasAPageOfSomeSize(t *testing.T) {
	p := newPortal(t, false)
	var suppliers, papers []string
	for i := range 400 {
		suppliers = append(suppliers, fmt.Sprintf(`{"name": "Supplier no. %d"}`, i))
		papers = append(papers, fmt.Sprintf(`{"id": "%d", "title": "Paper no. %d", "url": "https://papers.example.org/%d"}`, i, i, i))
	}
	papers[7] = `{"id": "7", "title": "Paper no. 7", "url": "javascript:alert(1)"}`
	p.buy(`{"ocid": "ocds-a1b2c3-9", "id": "1", "date": "2026-03-01T00:00:00Z", "tag": ["award"], "buyer": {"name": "City"},
		"tender": {"title": "Pencils", "documents": [` + strings.Join(papers, ",") + `]},
		"awards": [{"id": "a", "value": {"amount": 5, "currency": "EUR"}, "suppliers": [` + strings.Join(suppliers, ",") + `]}]}`)
	page := p.page("/en/contracts/pencils")
	for want, n := range map[string]int{
		"Supplier no. ": suppliersShown, "380 more": 1, "100 more rows": 1, "Paper no. 7<": 1, "Paper no. 350": 0, "javascript:": 0, "ZgotmplZ": 0, "https://papers.example.org/8\"": 1,
	} {
		if got := strings.Count(page, want); got != n {
			t.Errorf("%q is there %d times, want %d", want, got, n)
		}
	}
	if _, body := p.get("/contracts/pencils/record.json"); !strings.Contains(body, "Supplier no. 399") || !strings.Contains(body, "Paper no. 399") {
		t.Error("the record is cut")
	}
}
