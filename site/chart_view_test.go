package site

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"maps"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/chart"
)

// charted is a portal with tables to draw, each a dataset of its own.
func charted(t *testing.T, tables map[string]string) *portal {
	t.Helper()
	p := newPortal(t, false)
	agency := &catalog.Agency{Title: catalog.Text{"en": "Treasury", "fa": "خزانه"}}
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error { return tx.PutAgency(agency) }))
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		digest, size, err := p.Files.Put(t.Context(), strings.NewReader(tables[name]), 0)
		must(t, err)
		im, err := datasets.Import(t.Context(), p.Files, digest, name+".csv", datasets.ImportOptions{})
		must(t, err)
		must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
			d := &catalog.Dataset{Title: catalog.Text{"en": name}, Agency: agency.ID, Licence: "cc-by-4.0"}
			if err := tx.PutDataset(d); err != nil {
				return err
			}
			r := &catalog.Resource{Dataset: d.ID, Name: name + ".csv", Format: "CSV", Fetch: catalog.FetchDone}
			if err := tx.PutResource(r, 0); err != nil {
				return err
			}
			return tx.PutImported(r, 0, catalog.File{Digest: digest, Name: name + ".csv", Size: size}, im)
		}))
	}
	return p
}

// A chartAnswer is what the API says of a chart.
type chartAnswer struct {
	Resource, Type, Title, Agg string
	Notes                      []string
	Columns                    []datasets.Column
	Results                    []map[string]any
	Detail                     string
}

func (p *portal) chartOf(slug string, pairs ...string) (chartAnswer, int) {
	p.t.Helper()
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	resp, body := p.get(withQuery(apiPrefix+"/datasets/"+slug+"/chart", q))
	var a chartAnswer
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	must(p.t, d.Decode(&a))
	return a, resp.StatusCode
}

// townSpending is a table of towns by year with some amounts missing, and what each
// town spent in all.
func townSpending(towns int) (table string, sums map[string]*big.Rat) {
	random := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	b.WriteString("town,year,amount (million rials),note\n")
	sums = map[string]*big.Rat{}
	for i := range towns {
		town := "town " + strconv.Itoa(i)
		sums[town] = new(big.Rat)
		for year := 1398; year <= 1403; year++ {
			if year == 1401 {
				continue
			}
			amount := fmt.Sprintf("%d.%02d", random.Int64N(1e12)-1e11, random.IntN(100))
			if random.IntN(9) == 0 {
				amount = ""
			} else {
				n, _ := new(big.Rat).SetString(amount)
				sums[town].Add(sums[town], n)
			}
			fmt.Fprintf(&b, "%s,%d,%s,words that nobody repeats %d and more of them to be long enough\n", town, year, amount, random.Int())
		}
	}
	return b.String(), sums
}

func rat(t *testing.T, v any) *big.Rat {
	t.Helper()
	n, ok := new(big.Rat).SetString(fmt.Sprint(v))
	if !ok {
		t.Fatalf("%v is no number", v)
	}
	return n
}

func TestBarsAreTheLargestSumsAndTheRest(t *testing.T) {
	table, sums := townSpending(200)
	p := charted(t, map[string]string{"spending": table})
	a, status := p.chartOf("spending", "type", "bars", "x", "town", "y", "amount (million rials)", "top", "17")
	if status != http.StatusOK || len(a.Results) != 18 {
		t.Fatalf("it answers %d with %d bars: %s", status, len(a.Results), a.Detail)
	}
	name := a.Columns[1].Name
	towns := slices.SortedFunc(maps.Keys(sums), func(a, b string) int {
		return new(big.Rat).Abs(sums[b]).Cmp(new(big.Rat).Abs(sums[a]))
	})
	drawn, all := new(big.Rat), new(big.Rat)
	for _, town := range towns[:17] {
		i := slices.IndexFunc(a.Results, func(r map[string]any) bool { return r["town"] == town })
		if i < 0 || rat(t, a.Results[i][name]).Cmp(sums[town]) != 0 {
			t.Errorf("%s has %v, want %s", town, a.Results, sums[town].FloatString(2))
		}
		drawn.Add(drawn, sums[town])
	}
	for _, sum := range sums {
		all.Add(all, sum)
	}
	last := a.Results[17]
	if rat(t, last[name]).Cmp(new(big.Rat).Sub(all, drawn)) != 0 || !strings.Contains(fmt.Sprint(last["town"]), "183") {
		t.Errorf("the rest is %v, want %s of 183", last, new(big.Rat).Sub(all, drawn).FloatString(2))
	}
}

func TestTheAverageOfTheRestIsThatOfItsRows(t *testing.T) {
	p := charted(t, map[string]string{"averages": "kind,score\na,10\nb,9\nc,1\nc,2\nc,3\nd,4\ne,\n"})
	a, _ := p.chartOf("averages", "type", "bars", "x", "kind", "y", "score", "agg", "avg", "top", "2")
	if len(a.Results) != 3 || fmt.Sprint(a.Results[2]["score__avg"]) != "2.5" {
		t.Errorf("the bars are %v, want the average 2.5 of c and d", a.Results)
	}
}

func TestPageTableCSVAndQueryAreTheSame(t *testing.T) {
	table, _ := townSpending(12)
	p := charted(t, map[string]string{"spending": table})
	for _, pairs := range [][]string{
		{"type", "bars", "x", "town", "y", "amount (million rials)", "agg", "max"},
		{"type", "lines", "x", "year", "y", "amount (million rials)", "agg", "sum"},
		{"type", "grouped", "x", "town", "y", "amount (million rials)", "agg", "min", "group", "year", "town__in", "town 1,town 2"},
		{"type", "bars", "x", "year", "agg", "count"},
	} {
		a, status := p.chartOf("spending", pairs...)
		if status != http.StatusOK {
			t.Fatalf("%v answers %d: %s", pairs, status, a.Detail)
		}
		q := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			q.Add(pairs[i], pairs[i+1])
		}
		resp, body := p.get(withQuery("/datasets/spending/resources/"+a.Resource+"/chart.csv", q))
		records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if err != nil || resp.StatusCode != http.StatusOK || len(records) != len(a.Results)+1 {
			t.Fatalf("%v: the CSV has %d lines (%d): %v", pairs, len(records), resp.StatusCode, err)
		}
		page := p.page("/en/datasets/spending/chart?" + q.Encode())
		cells := regexp.MustCompile(`<t[dh](?: scope="row")?(?: class="num")?>(?:<bdi[^>]*>([^<]*)</bdi>|<span class="null")`).FindAllStringSubmatch(page[strings.Index(page, "<tbody>"):], -1)
		if len(cells) != len(a.Results)*len(a.Columns) {
			t.Fatalf("%v: the page has %d cells, want %d", pairs, len(cells), len(a.Results)*len(a.Columns))
		}
		for i, row := range a.Results {
			for k, c := range a.Columns[1:] {
				want := ""
				if row[c.Name] != nil {
					want = fmt.Sprint(row[c.Name])
				}
				shown := strings.ReplaceAll(cells[i*len(a.Columns)+k+1][1], ",", "")
				if got := records[i+1][k+1]; !sameNumber(got, want) || !sameNumber(shown, want) {
					t.Errorf("%v: row %d has %q in the CSV and %q on the page, want %q", pairs, i, got, shown, want)
				}
			}
		}
		if len(pairs) < 10 && a.Agg != "count" {
			direct(t, p, &a, pairs[3], pairs[5], a.Agg)
		}
	}
}

func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	x, ok1 := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(b)
	return ok1 && ok2 && x.Cmp(y) == 0
}

// direct compares the figures of a chart to those of the row query.
func direct(t *testing.T, p *portal, a *chartAnswer, x, y, op string) {
	t.Helper()
	q := url.Values{"_group": {x}, "_" + op: {y}, "_size": {"1000"}}
	_, body := p.get(withQuery(apiPrefix+"/datasets/spending/resources/"+a.Resource+"/rows", q))
	var rows struct{ Results []map[string]any }
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	must(t, d.Decode(&rows))
	want := map[string]string{}
	for _, r := range rows.Results {
		want[fmt.Sprint(r[x])] = fmt.Sprint(r[y+"__"+op])
	}
	found := 0
	for _, r := range a.Results {
		if w, ok := want[fmt.Sprint(r[x])]; ok && sameNumber(fmt.Sprint(r[a.Columns[1].Name]), w) {
			found++
		}
	}
	if found != len(want) {
		t.Errorf("%d of the %d groups by %s have their figure in the chart", found, len(want), x)
	}
}

func TestAMissingYearIsAGapAndSaid(t *testing.T) {
	p := charted(t, map[string]string{"years": "year,amount\n1398,1\n1399,2\n1400,\n1402,4\n1403,5\n1404,7\n"})
	a, _ := p.chartOf("years", "type", "lines")
	if len(a.Results) != 7 || a.Results[2]["amount__sum"] != nil || a.Results[3]["year"] != "1401" || a.Results[3]["amount__sum"] != nil {
		t.Errorf("the steps are %v", a.Results)
	}
	notes := strings.Join(a.Notes, "\n")
	for _, want := range []string{"1 row has no value in amount", "no value for 1400, 1401"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes do not say %q: %s", want, notes)
		}
	}
}

func TestYearsOfDatesStandOnTheAxisAsYears(t *testing.T) {
	p := charted(t, map[string]string{"days": "day,amount\n1990-02-01,1\n2000-03-21,2\n2010-05-05,7\n"})
	for query, want := range map[string]string{"lang=en&x=day__year": "2000", "lang=fa&x=day__jyear": "۱۳۸۰"} {
		d, err := p.Catalog.Dataset(t.Context(), "days")
		must(t, err)
		_, body := p.get(resourcePath("days", d.Resources[0].ID) + "/chart.svg?type=lines&y=amount&" + query)
		if !strings.Contains(body, want+"</text>") || strings.Contains(body, "00000</text>") {
			t.Errorf("%s: the axis does not say %s: %s", query, want, body)
		}
	}
}

func TestTheFirstChartFollowsTheColumns(t *testing.T) {
	var names, numbers, pairs, words strings.Builder
	names.WriteString("place,people\n")
	numbers.WriteString("size\n")
	pairs.WriteString("height,weight\n")
	words.WriteString("text\n")
	for i := range 60 {
		fmt.Fprintf(&names, "place %d,%d\n", i%7, i*i)
		fmt.Fprintf(&numbers, "%d.5\n", i*i)
		fmt.Fprintf(&pairs, "%d.25,%d.75\n", i, i*3)
		fmt.Fprintf(&words, "some words of number %d that come once only and are rather long all in all\n", i)
	}
	p := charted(t, map[string]string{
		"times": "day,amount\n2024-01-01,5\n2024-02-01,6\n2024-03-01,7\n2024-04-01,8\n", "names": names.String(), "numbers": numbers.String(),
		"pairs": pairs.String(), "kinds": "kind\n" + strings.Repeat("a\nb\nb\nc\n", 5), "words": words.String(),
	})
	for slug, want := range map[string]chart.Kind{"times": chart.Lines, "names": chart.Bars, "numbers": chart.Histogram, "pairs": chart.Scatter, "kinds": chart.Bars} {
		a, status := p.chartOf(slug)
		if a.Type != string(want) || status != http.StatusOK {
			t.Errorf("%s is drawn as %s (%d %s), want %s", slug, a.Type, status, a.Detail, want)
		}
		if page := p.page("/fa/datasets/" + slug); !strings.Contains(page, "/datasets/"+slug+"/chart") {
			t.Errorf("%s has no tab for its chart", slug)
		}
	}
	if page := p.page("/en/datasets/words/chart"); !strings.Contains(page, "no columns that a chart could be made of") || !strings.Contains(page, `name="type"`) {
		t.Error("a table of words does not say why it has no chart, with the form")
	}
	if strings.Contains(p.page("/en/datasets/words"), "/words/chart") {
		t.Error("a table of words has a tab for a chart")
	}
}

func TestWhatCannotBeDrawnIsSaidWithTheForm(t *testing.T) {
	table, _ := townSpending(3)
	p := charted(t, map[string]string{"spending": table, "empty": "a,b\nx,1\ny,2\n"})
	for query, want := range map[string]string{
		"x=town&y=note":                          "holds text",
		"x=nowhere":                              "There is no column",
		"type=cake":                              "There is no chart of the form",
		"agg=median":                             "There is no figure",
		"top=many":                               "from 1 to 200",
		"top=100000":                             "from 1 to 200",
		"x=town__year":                           "is no date",
		"type=scatter&x=town":                    "two columns of numbers",
		"type=area&x=year&group=town&agg=avg":    "Areas lie on top",
		"type=histogram&y=note":                  "holds text",
		"type=grouped&x=town&group=town":         "stands along the chart already",
		"y=year&y=nowhere&x=town&group=nowhere2": "There is no column",
	} {
		for _, lang := range catalog.Languages {
			resp, body := p.get("/"+lang+"/datasets/spending/chart?"+query, "Accept", "text/html")
			if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `name="type"`) || !strings.Contains(body, `id="chart-fault"`) {
				t.Errorf("%s answers %d, without the form or a sentence", query, resp.StatusCode)
			}
			if lang == "en" && !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", query, want)
			}
		}
		if resp, body := p.get(apiPrefix + "/datasets/spending/chart?" + query); resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d in the API: %s", query, resp.StatusCode, body)
		}
	}
	if page := p.page("/en/datasets/empty/chart?a=nothing"); !strings.Contains(page, "nothing to draw") || !strings.Contains(page, `name="type"`) {
		t.Error("a chart of no rows does not say so")
	}
}

func TestFilesOfAChart(t *testing.T) {
	table, _ := townSpending(30)
	p := charted(t, map[string]string{"spending": table})
	a, _ := p.chartOf("spending")
	base := "/datasets/spending/resources/" + a.Resource + "/chart."
	resp, svg := p.get(base + "svg?lang=fa&type=bars&x=town")
	if resp.Header.Get("Content-Type") != "image/svg+xml" || resp.StatusCode != http.StatusOK {
		t.Fatalf("the SVG answers %d %s", resp.StatusCode, svg)
	}
	for _, want := range []string{"خزانه", "<title>", "https://data.example.org/fa/datasets/spending", "پروانه", "xmlns="} {
		if !strings.Contains(svg, want) {
			t.Errorf("the SVG has no %s", want)
		}
	}
	for _, bad := range []string{"class=", "var(--", "style="} {
		if strings.Contains(svg, bad) {
			t.Errorf("the SVG has %s, which means nothing outside the page", bad)
		}
	}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	again, _ := p.get(base+"svg?lang=fa&type=bars&x=town", "If-None-Match", resp.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("the same chart answers %d", again.StatusCode)
	}
	resp, body := p.get(base + "png?lang=fa&type=bars&x=town")
	img, err := png.Decode(bytes.NewReader([]byte(body)))
	if err != nil || resp.Header.Get("Content-Type") != "image/png" || img.Bounds().Dx() != 2*chart.File {
		t.Errorf("the PNG answers %d: %v", resp.StatusCode, err)
	}
	for _, path := range []string{base + "gif", base + "svg?lang=de", base + "svg?nowhere=1", base + "png?type=cake"} {
		if resp, _ := p.get(path); resp.StatusCode != http.StatusNotFound && resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", path, resp.StatusCode)
		}
	}
}

func TestOnlyTheEmbeddedChartMayBeFramed(t *testing.T) {
	table, _ := townSpending(5)
	p := charted(t, map[string]string{"spending": table})
	resp, body := p.get("/embed/datasets/spending/chart?lang=fa", "Accept", "text/html")
	if got := resp.Header.Get("Content-Security-Policy"); resp.StatusCode != http.StatusOK || !strings.Contains(got, "frame-ancestors *") || strings.Contains(got, "frame-ancestors 'none'") {
		t.Errorf("it answers %d with the policy %s", resp.StatusCode, got)
	}
	if resp.Header.Get("X-Frame-Options") != "" {
		t.Error("it forbids frames")
	}
	for _, want := range []string{`lang="fa" dir="rtl"`, "<svg", "https://data.example.org/fa/datasets/spending/chart", "خزانه"} {
		if !strings.Contains(body, want) {
			t.Errorf("the embedded chart has no %s", want)
		}
	}
	page, code := p.get("/fa/datasets/spending/chart", "Accept", "text/html")
	if !strings.Contains(page.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || !strings.Contains(code, "&lt;iframe src=") {
		t.Error("the page of the chart may be framed, or has no code for frames")
	}
	if resp, _ := p.get("/embed/datasets/spending/chart?type=cake"); resp.Header.Get("X-Frame-Options") != "DENY" {
		t.Error("an error may be framed")
	}
}
