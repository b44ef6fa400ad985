package site

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/search"

	"github.com/gofiber/fiber/v2"
)

// A portal is a site over a small catalogue.
type portal struct {
	*Site
	t   *testing.T
	app *fiber.App
}

func newPortal(t *testing.T, fill bool) *portal {
	t.Helper()
	dir := t.TempDir()
	now := func() time.Time { return atNoon }
	store, err := catalog.Open(t.Context(), dir, catalog.Options{Now: now, Fatal: func(err error) { t.Error(err) }})
	must(t, err)
	files, err := datasets.OpenFiles(filepath.Join(dir, "files"))
	must(t, err)
	exports, err := exporters.OpenFiles(filepath.Join(dir, "exports"))
	must(t, err)
	index, err := search.Open(filepath.Join(dir, "search"), search.Options{Now: now})
	must(t, err)
	t.Cleanup(func() { index.Close(); files.Close(); store.Close() })
	p := &portal{t: t, Site: &Site{
		Catalog: store, Index: index, Files: files, Exports: exports, Now: now, BaseURL: "https://data.example.org", Version: "1",
	}}
	if fill {
		p.fill()
		p.fillQuestion()
	}
	must(t, index.CatchUp(t.Context(), store, nil))
	p.app = p.App()
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fill puts two agencies, a source with a run, a dataset in both languages
// with a table, and one in English only without any, into the catalogue.
func (p *portal) fill() {
	p.t.Helper()
	digest, size, err := p.Files.Put(p.t.Context(), strings.NewReader(provinces), 0)
	must(p.t, err)
	im, err := datasets.Import(p.t.Context(), p.Files, digest, "provinces.csv", datasets.ImportOptions{})
	must(p.t, err)
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		statistics := &catalog.Agency{Title: catalog.Text{"fa": "مرکز آمار", "en": "Statistics"}, Homepage: "https://amar.example.org", Contact: "foi@example.org"}
		city := &catalog.Agency{Title: catalog.Text{"en": "City <of> Gold"}}
		for _, a := range []*catalog.Agency{statistics, city} {
			if err := tx.PutAgency(a); err != nil {
				return err
			}
			city.Parent = statistics.ID
		}
		src := &catalog.Source{Title: catalog.Text{"fa": "درگاه آمار"}, Kind: "folder", URL: "/srv/secret/folder", Agency: statistics.ID}
		if err := tx.PutSource(src); err != nil {
			return err
		}
		if err := p.fillRun(tx, src); err != nil {
			return err
		}
		d := &catalog.Dataset{
			Title:       catalog.Text{"fa": "جمعیت استان‌ها", "en": "Population of provinces"},
			Description: catalog.Text{"fa": "شمار مردم هر استان. " + strings.Repeat("این جمله توضیح را بلند می‌کند. ", 20), "en": "People in each province."},
			Agency:      statistics.ID, Source: src.ID, Licence: "cc-by-4.0", Frequency: "R/P1Y", Modified: "2026-05-01", Spatial: "ایران",
			Temporal: catalog.Interval{Start: "2016", End: "2026-03-20"}, Keywords: []string{"population", "C++"}, Themes: []string{"جمعیت"},
			Contact: catalog.Contact{Name: "Desk", Email: "desk@example.org"}, Languages: []string{"fa", "en"}, LandingPage: "https://amar.example.org/p",
		}
		plain := &catalog.Dataset{Title: catalog.Text{"en": "Minutes of meetings"}, Agency: city.ID, LandingPage: "javascript:alert(1)"}
		for _, d := range []*catalog.Dataset{d, plain} {
			if err := tx.PutDataset(d); err != nil {
				return err
			}
		}
		table := &catalog.Resource{Dataset: d.ID, Name: "provinces.csv", Title: catalog.Text{"fa": "استان‌ها"}, Format: "CSV", Fetch: catalog.FetchDone}
		if err := tx.PutResource(table, 0); err != nil {
			return err
		}
		broken := &catalog.Resource{
			Dataset: plain.ID, Name: "minutes.pdf", Format: "PDF", Fetch: catalog.FetchFailed,
			FetchFault: "the server answered 404", AccessURL: "https://example.org/minutes.pdf",
		}
		if err := tx.PutResource(broken, 0); err != nil {
			return err
		}
		return tx.PutImported(table, 0, catalog.File{Digest: digest, Name: "provinces.csv", Size: size}, im)
	}))
}

func (p *portal) fillRun(tx *catalog.Tx, src *catalog.Source) error {
	run, err := tx.StartRun(src.ID, false)
	if err != nil {
		return err
	}
	run.State, run.Finished = catalog.RunComplete, atNoon.Add(time.Minute)
	run.Counts = catalog.RunCounts{Seen: 3, New: 2, Faulty: 1, Faults: 1}
	if err := tx.AddFaults(run.ID, catalog.RunFault{Severity: catalog.SeverityRecord, Position: "dataset 3", Text: "it has no title"}); err != nil {
		return err
	}
	return tx.PutRun(&run)
}

// get asks for an address; headers are names and values in turn.
func (p *portal) get(path string, headers ...string) (*http.Response, string) {
	p.t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := p.app.Test(req, -1)
	must(p.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(p.t, err)
	return resp, string(body)
}

// page asks for a page that there must be.
func (p *portal) page(path string) string {
	p.t.Helper()
	resp, body := p.get(path, "Accept", "text/html")
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s answers %d", path, resp.StatusCode)
	}
	return body
}

// addresses fills the address of every view from what is in the catalogue.
func (p *portal) addresses() map[string]string {
	p.t.Helper()
	m, err := p.sample(p.t.Context())
	must(p.t, err)
	all := map[string]string{}
	for _, r := range Routes() {
		if r.View == nil || secret(r.Path) {
			continue
		}
		path := strings.TrimPrefix(firstOf(r.Example, r.Path), apiPrefix)
		address, ok := m.fill(path)
		if !ok {
			p.t.Fatalf("the route %s cannot be filled: %s", r.Path, address)
		}
		all[r.Path] = firstOf(address, "/")
	}
	return all
}

var (
	tag     = regexp.MustCompile(`(?s)<(script|style|title)\b.*?</(script|style|title)>|<(code|pre|bdi)[^>]*>.*?</(code|pre|bdi)>|<[^>]*>`)
	heading = regexp.MustCompile(`<h([1-6])`)
)

func TestEveryPageIsWholeInBothLanguages(t *testing.T) {
	p := newForum(t).filled()
	used := map[string]bool{"embed": true, "error": true, "tombstone": true, "kept": true, "toolong": true}
	addresses := p.addresses()
	for _, r := range Routes() {
		if r.Template == "" {
			continue
		}
		used[r.Template] = true
		for _, lang := range catalog.Languages {
			if address, ok := addresses[r.Path]; ok {
				checkPage(t, p.portal, lang, address, r.Path != "/")
			}
		}
	}
	for name := range p.pages.byLang["fa"] {
		if !used[name] {
			t.Errorf("no route has the template %s", name)
		}
	}
}

func checkPage(t *testing.T, p *portal, lang, address string, named bool) {
	t.Helper()
	resp, body := p.get("/"+lang+address, "Accept", "text/html")
	where := "/" + lang + address
	if resp.StatusCode != http.StatusOK {
		t.Errorf("%s answers %d", where, resp.StatusCode)
		return
	}
	for _, want := range []string{`<html lang="` + lang + `" dir="` + direction(lang) + `">`, `hreflang="fa"`, `hreflang="en"`, "</html>"} {
		if !strings.Contains(body, want) {
			t.Errorf("%s has no %s", where, want)
		}
	}
	if strings.Contains(body, `rel="canonical"`) == strings.Contains(body, `content="noindex"`) {
		t.Errorf("%s has no canonical address, or is not to be indexed by it", where)
	}
	for _, bad := range []string{"ZgotmplZ", "<no value>", "%!", "javascript:", " style=", "onclick=", "/srv/secret"} {
		if strings.Contains(body, bad) {
			t.Errorf("%s has %q", where, bad)
		}
	}
	if n := strings.Count(body, "<h1"); n != 1 {
		t.Errorf("%s has %d headings of the first level", where, n)
	}
	level := '0'
	for _, h := range heading.FindAllStringSubmatch(body[strings.Index(body, "<main"):], -1) {
		if next := rune(h[1][0]); next > level+1 {
			t.Errorf("%s goes from a heading of level %c to one of %c", where, level, next)
		}
		level = rune(h[1][0])
	}
	if lang == "fa" {
		text := tag.ReplaceAllString(body, " ")
		if found := regexp.MustCompile(`[0-9]+`).FindString(strings.ReplaceAll(text, "&#39;", "")); found != "" {
			t.Errorf("%s has the digits %s in its text", where, found)
		}
	}
	if named && resp.Header.Get("Content-Language") != lang {
		t.Errorf("%s is said to be in %q", where, resp.Header.Get("Content-Language"))
	}
}

func TestEveryViewAnswersInTheAPI(t *testing.T) {
	p := newForum(t).filled()
	addresses := p.addresses()
	for _, r := range Routes() {
		if r.View == nil || r.PageOnly {
			continue
		}
		resp, body := p.get(apiPrefix + addresses[r.Path])
		var v map[string]any
		if err := json.Unmarshal([]byte(body), &v); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d: %v: %s", r.Path, resp.StatusCode, err, body)
			continue
		}
		if strings.Contains(body, "/srv/secret") {
			t.Errorf("%s tells where files lie on the machine", r.Path)
		}
		if results, isList := v["results"]; isList {
			if _, ok := results.([]any); !ok || v["total"] == nil {
				t.Errorf("%s is no list: %s", r.Path, body)
			}
		}
	}
}

func TestADatasetHasTheShapeOfTheAPI(t *testing.T) {
	p := newPortal(t, true)
	_, body := p.get("/api/v1/datasets/population-of-provinces")
	var d struct {
		ID, Slug, State, URL string
		Title                map[string]string
		Agency               struct{ ID, Slug string }
		Freshness            struct{ State, Next string }
		Resources            []struct {
			ID, Name, Format, Edition string
			Rows                      int64
			RowsURL                   string `json:"rows_url"`
			Downloads                 []struct{ Format, URL string }
		}
	}
	must(t, json.Unmarshal([]byte(body), &d))
	if d.ID == "" || d.Slug != "population-of-provinces" || d.State != "published" || d.Title["en"] != "Population of provinces" {
		t.Errorf("the dataset is %+v", d)
	}
	if d.Agency.Slug != "statistics" || d.Freshness.State != catalog.FreshCurrent || d.Freshness.Next != "2027-05-01" {
		t.Errorf("the dataset is %+v", d)
	}
	if len(d.Resources) != 1 || d.Resources[0].Rows != 4 || d.Resources[0].Edition == "" || len(d.Resources[0].Downloads) != len(exporters.Formats()) {
		t.Fatalf("the resources are %+v", d.Resources)
	}
	for _, address := range []string{d.Resources[0].RowsURL, d.Resources[0].Downloads[0].URL} {
		if resp, _ := p.get(strings.TrimPrefix(address, p.BaseURL)); resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", address, resp.StatusCode)
		}
	}
}

func TestTablesSpeakTheReadersLanguage(t *testing.T) {
	p := newPortal(t, true)
	fa, en := p.page("/fa/datasets/population-of-provinces/table?_sort=-population"), p.page("/en/datasets/population-of-provinces/table")
	for _, want := range []string{"۱۳٬۲۶۷٬۶۳۷", `<time datetime="2024-03-20"><bdi>۱۴۰۳/۰۱/۰۱</bdi></time>`, `aria-sort="descending"`, `scope="col"`, `<td class="num">`} {
		if !strings.Contains(fa, want) {
			t.Errorf("the Persian table has no %s", want)
		}
	}
	for _, want := range []string{"13,267,637", `<time datetime="2024-03-20"><bdi>2024-03-20</bdi></time>`, `<bdi dir="ltr">021</bdi>`} {
		if !strings.Contains(en, want) {
			t.Errorf("the English table has no %s", want)
		}
	}
	if first, last := strings.Index(fa, "تهران"), strings.Index(fa, "ایلام"); first > last {
		t.Error("the rows are not in the order of the address")
	}
	if raw := p.page("/en/datasets/population-of-provinces/table?raw=1"); !strings.Contains(raw, "1403/01/01") {
		t.Error("the text of the source is not shown")
	}
	second := regexp.MustCompile(`href="([^"]*_after=[^"]*)" rel="next"`).FindStringSubmatch(p.page("/en/datasets/population-of-provinces/table?_size=3"))
	if second == nil {
		t.Fatal("there is no link to the next rows")
	}
	if next := p.page(strings.ReplaceAll(second[1], "&amp;", "&")); strings.Contains(next, "021") || !strings.Contains(next, "025") {
		t.Error("the next rows are not the next")
	}
}

func TestSearchFindsFiltersAndCounts(t *testing.T) {
	p := newPortal(t, true)
	for query, want := range map[string]string{
		"":                            `<option value="" selected>Last updated`,
		"?q=population":               "<mark>Population</mark>",
		"?q=share":                    "<mark>share</mark>", // the name of a column
		"?agency=statistics":          "Remove the filter Statistics",
		"?format=PDF":                 "Minutes of meetings",
		"?q=zzzzqqqq&format=CSV":      "Nothing fits",
		"?from=1400&to=1400":          "Population of provinces",
		"?q=population&sort=title":    `<option value="title" selected>`,
		"?q=%D8%AC%D9%85%D8%B9%D9%8A": "", // Arabic yeh
	} {
		if body := p.page("/en/datasets" + query); !strings.Contains(body, want) {
			t.Errorf("%q has no %q", query, want)
		}
	}
	_, body := p.get("/api/v1/datasets?q=population&_size=1")
	var found struct {
		Total   int64
		Results []struct{ Kind, Slug string }
		Facets  []struct {
			Field  string
			Values []struct {
				Value string
				Count int64
			}
		}
	}
	must(t, json.Unmarshal([]byte(body), &found))
	if found.Total != 1 || found.Results[0].Slug != "population-of-provinces" || found.Results[0].Kind != "dataset" {
		t.Errorf("found %+v", found)
	}
	if len(found.Facets) == 0 || found.Facets[0].Field != "agency" || found.Facets[0].Values[0].Value != "statistics" {
		t.Errorf("the facets are %+v", found.Facets)
	}
}

func TestAnEmptyCatalogueSaysWhatToDo(t *testing.T) {
	p := newPortal(t, false)
	for path, want := range map[string]string{
		"/en/": "shafaf source add", "/en/datasets": "0 datasets", "/en/agencies": "No agencies yet", "/en/sources": "No sources yet",
		"/en/developers": "First request", "/fa/": "هنوز داده‌ای اینجا نیست",
	} {
		if body := tagless(p.page(path)); !strings.Contains(body, want) {
			t.Errorf("%s has no %q", path, want)
		}
	}
}

func tagless(s string) string {
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, "")), " ")
}
