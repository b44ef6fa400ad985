package site

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
)

// treasury fills a portal with all that public money brings: budgets, contracts and
// scores.
func treasury(t *testing.T) *forum {
	t.Helper()
	f := bank(t)
	f.measure()
	f.buy(schoolTender, schoolContract, roadTender)
	must(t, f.Index.CatchUp(t.Context(), f.Catalog, nil))
	return f
}

func TestTheSitemapLeadsToPublicMoney(t *testing.T) {
	p := treasury(t)
	var addresses []string
	for _, u := range p.sitemap() {
		path := strings.TrimPrefix(u.Loc, p.BaseURL)
		if resp, _ := p.get(path, "Accept", "text/html"); resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", path, resp.StatusCode)
		}
		if strings.Contains(path, "?") || strings.HasPrefix(path, "/en/contracts/a-school") != (u.LastMod != "" && strings.Contains(path, "/a-school")) && strings.HasPrefix(path, "/en") {
			t.Errorf("%s has changed at %q", path, u.LastMod)
		}
		addresses = append(addresses, path)
	}
	for _, want := range []string{
		"/en/contracts", "/en/contracts/flags", "/fa/contracts/parties", "/en/contracts/a-school-b-roof-b", "/fa/contracts/parties/city-schools",
		"/fa/indicators", "/en/indicators/S13", "/en/indicators/sets/2", "/fa/agencies/statistics/scores", "/en/spending", "/fa/spending/1404", "/en/spending/1404/statistics", "/en/spending/budgets",
	} {
		if !slices.Contains(addresses, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if slices.Sort(addresses); len(slices.Compact(slices.Clone(addresses))) != len(addresses) {
		t.Error("an address stands there twice")
	}
	for _, part := range []string{"contracts-2", "contracts-0", "contracts-", "parties-01", "parties-2", "contracts-99999999999999999999", "filings-1"} {
		if resp, _ := p.get("/sitemap-" + part + ".xml"); resp.StatusCode != http.StatusNotFound {
			t.Errorf("part %s answers %d", part, resp.StatusCode)
		}
	}
	before := newPortal(t, true)
	for _, u := range before.sitemap() {
		if strings.Contains(u.Loc, "/contracts") || strings.Contains(u.Loc, "/indicators") {
			t.Errorf("the map leads to %s, where there is nothing", u.Loc)
		}
	}
}

func TestPagesLeadToContractsAndScores(t *testing.T) {
	p := treasury(t)
	p.want("/en", http.StatusOK, `<a class="door" href="/en/contracts">`, `<a class="door" href="/en/indicators">`, `<a class="door" href="/en/spending">`)
	p.want("/en/agencies/purchases", http.StatusOK, `href="/en/contracts?agency=purchases"`, "<dd>2</dd>", "1,000")
	if body := p.page("/en/agencies/statistics"); strings.Contains(body, "?agency=statistics\">See its contracts") {
		t.Error("an agency without contracts leads to some")
	}
	if body := newPortal(t, true).page("/en"); strings.Contains(body, `href="/en/contracts"`) || strings.Contains(body, `href="/en/indicators"`) {
		t.Error("the home page leads to what there is not")
	}
}

// What the search finds of contracts is what their pages show, and it goes with
// them.
func TestContractsAreAmongWhatIsFound(t *testing.T) {
	p := treasury(t)
	p.want("/en/search?q=roof&in=process", http.StatusOK, "A school &lt;b&gt;<mark>roof</mark>&lt;/b&gt;", "Public contract", `href="/en/contracts/parties/city-schools"`, "1,000", `aria-current="page">Contracts <span class="count">1</span>`)
	p.want("/fa/search?q=اداره+راه", http.StatusOK, `href="/fa/contracts/bahsazi-rah"`, "قرارداد عمومی", "مناقصه", "۵ میلیون ریال")
	p.want("/en/search?q=sons", http.StatusOK, "<mark>Sons</mark>")
	p.want("/en/datasets?q=roof", http.StatusOK, `/en/search?in=process&amp;q=roof`)
	var found findAnswer
	_, body := p.get("/api/v1/search?q=ocds-a1b2c3-7")
	must(t, json.Unmarshal([]byte(body), &found))
	if len(found.Results) != 1 || found.Kinds[contracts.NounProcess] != 1 || found.Results[0].Slug != "a-school-b-roof-b" || found.Results[0].State != "implementation" ||
		found.Results[0].URL != p.BaseURL+"/fa/contracts/a-school-b-roof-b" {
		t.Errorf("%s", body)
	}
}
