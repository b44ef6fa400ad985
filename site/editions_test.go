package site

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// edition makes a text the newest edition of a resource, seen hours after noon.
func (p *portal) edition(resource, text string, hours int) string {
	p.t.Helper()
	file, size, err := p.Files.Put(p.t.Context(), strings.NewReader(text), 0)
	must(p.t, err)
	im, err := datasets.Import(p.t.Context(), p.Files, file, "provinces.csv", datasets.ImportOptions{})
	must(p.t, err)
	e := catalog.Edition{
		Resource: resource, Digest: file, File: file, FileName: "provinces.csv", Size: size, Since: atNoon.Add(time.Duration(hours) * time.Hour),
	}
	if len(im.Tables) == 1 {
		t := &im.Tables[0]
		e.Digest, e.HasTable, e.Rows, e.Schema, e.Profile, e.Notes = t.Digest, true, t.Rows, t.Schema, t.Profile, t.Notes
	}
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error { return tx.PutEdition(&e) }))
	return e.Digest
}

// twoEditions returns the address of a resource below the language, and the
// digests of an older and a newer edition of it.
func (p *portal) twoEditions() (path, older, newer string) {
	p.t.Helper()
	d, err := p.Catalog.Dataset(p.t.Context(), "population-of-provinces")
	must(p.t, err)
	r := d.Resources[0]
	later := "استان,population,share,since,phone,capital\nتهران,14000000,15.60,1403/01/01,021,تهران\n" +
		"=قم,1292283,1.50,1403/01/04,025,قم\nیزد,1138533,1.30,1404/01/01,035,یزد\n"
	return resourcePath(d.Slug, r.ID), r.Edition.Digest, p.edition(r.ID, later, 1)
}

func TestEditionsAreListedWithWhatChanged(t *testing.T) {
	p := newPortal(t, true)
	path, older, newer := p.twoEditions()
	for lang, want := range map[string][]string{
		"en": {"2 editions", "−1", "1 column added", "current", "the first", "/en" + path + "/editions/" + older, "/diff?with=" + older, "/editions/" + newer + ".parquet"},
		"fa": {"۲ ویراست", "−۱", "۱ ستون افزوده شد", "کنونی", "نخستین", "/fa" + path + "/editions/" + newer},
	} {
		body := p.page("/" + lang + path + "/editions")
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("the list in %s has no %q", lang, w)
			}
		}
		if file := p.page("/" + lang + path); !strings.Contains(file, `href="/`+lang+path+`/editions"`) || !strings.Contains(file, "/editions/"+older) {
			t.Errorf("the page of the file in %s does not lead to its editions", lang)
		}
	}
	var list List[editionShape]
	_, body := p.get(apiPrefix + path + "/editions")
	must(t, json.Unmarshal([]byte(body), &list))
	if list.Total != 2 || len(list.Results) != 2 || !list.Results[0].Current || list.Results[1].Current || list.Results[1].Digest != older {
		t.Errorf("the list is %+v", list)
	}
	for _, e := range list.Results {
		resp, _ := p.get(strings.TrimPrefix(e.URL, p.BaseURL), "Accept-Language", "fa")
		if resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "/fa"+path+"/editions/"+e.Digest {
			t.Errorf("the permanent address answers %d, %s", resp.StatusCode, resp.Header.Get("Location"))
		}
	}
}

func TestAnOldEditionSaysThatItIsOne(t *testing.T) {
	p := newPortal(t, true)
	path, older, newer := p.twoEditions()
	for _, c := range []struct {
		address string
		want    []string
		not     string
	}{
		{"/en" + path + "/editions/" + older, []string{"not the latest", `href="/en` + path + `"`, "021", "/editions/" + older + ".csv", older}, `class="state ok"`},
		{"/fa" + path + "/editions/" + older, []string{"تازه‌ترین نیست", `href="/fa` + path + `"`, "/editions/" + older + "/file"}, `class="state ok"`},
		{"/en" + path + "/editions/" + newer, []string{"current", "capital", `<option value="` + older + `" selected>`}, "not the latest"},
	} {
		body := p.page(c.address)
		for _, w := range c.want {
			if !strings.Contains(body, w) {
				t.Errorf("%s has no %q", c.address, w)
			}
		}
		if strings.Contains(body, c.not) {
			t.Errorf("%s has %q", c.address, c.not)
		}
	}
	if resp, _ := p.get("/en"+path+"/editions/"+strings.Repeat("0", 64), "Accept", "text/html"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("an edition that never was answers %d", resp.StatusCode)
	}
	if resp, _ := p.get("/en/datasets/minutes-of-meetings"+strings.TrimPrefix(path, "/datasets/population-of-provinces")+"/editions", "Accept", "text/html"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("the editions under another dataset answer %d", resp.StatusCode)
	}
}

func TestEditionsStayWhenTheDatasetIsRetired(t *testing.T) {
	p := newPortal(t, true)
	path, older, _ := p.twoEditions()
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		d, err := tx.Dataset("population-of-provinces")
		if err != nil {
			return err
		}
		d.State = catalog.Retired
		return tx.PutDataset(&d)
	}))
	for _, address := range []string{"/editions", "/editions/" + older, "/editions/" + older + "/diff"} {
		if body := p.page("/en" + path + address); address != "/editions/"+older+"/diff" && !strings.Contains(body, "no longer published") {
			t.Errorf("%s does not say that it is no longer published", address)
		}
	}
}

func TestTheDifferenceOfTwoEditionsIsShownAndTakenAway(t *testing.T) {
	p := newPortal(t, true)
	path, older, newer := p.twoEditions()
	address := path + "/editions/" + newer + "/diff?with=" + older
	for lang, want := range map[string][]string{
		"en": {
			`<del><span class="vh">was: </span><bdi>13,267,637</bdi></del> <ins><span class="vh">is: </span><bdi>14,000,000</bdi></ins>`,
			`<span class="change added">added</span>`, "Rows were matched by:", `<span class="vh">added: </span>`, `<span class="vh">removed: </span>`,
			`href="` + path + "/editions/" + newer + "/diff.xlsx?with=" + older + `"`, "ایلام", "یزد", "/en" + path + "/editions/" + older + "/diff?with=" + newer,
		},
		"fa": {"۱۳٬۲۶۷٬۶۳۷", "۱۴٬۰۰۰٬۰۰۰", "سطرها با این ستون‌ها شناخته شده‌اند", `<span class="vh">افزوده: </span>`},
	} {
		body := p.page("/" + lang + address)
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("the difference in %s has no %s", lang, w)
			}
		}
	}
	var shape diffAnswer
	_, body := p.get(apiPrefix + address)
	must(t, json.Unmarshal([]byte(body), &shape))
	if want := (diffCounts{4, 3, 1, 1, 2, 1}); shape.Rows == nil || *shape.Rows != want || len(shape.Key) != 1 {
		t.Errorf("the difference is %s, want %+v", body, want)
	}
	if len(shape.Columns) != 1 || shape.Columns[0].Kind != datasets.ColumnAdded || shape.Columns[0].Name != "capital" {
		t.Errorf("the columns are %+v", shape.Columns)
	}
	resp, table := p.get(path + "/editions/" + newer + "/diff.csv?with=" + older)
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	must(t, err)
	kinds := map[string]int{}
	for _, row := range rows[1:] {
		kinds[row[0]]++
	}
	if rows[0][0] != "change" || kinds["added"] != 1 || kinds["removed"] != 2 || kinds["before"] != 1 || kinds["after"] != 1 {
		t.Errorf("the whole difference is %v", rows)
	}
	if resp.Header.Get("ETag") == "" || !strings.Contains(resp.Header.Get("Content-Disposition"), "-diff.csv") {
		t.Errorf("the file comes with %v", resp.Header)
	}
}

func TestEditionsThatCannotBeComparedSayWhy(t *testing.T) {
	p := newPortal(t, true)
	path, older, newer := p.twoEditions()
	d, err := p.Catalog.Dataset(t.Context(), "population-of-provinces")
	must(t, err)
	scan := p.edition(d.Resources[0].ID, "%PDF-1.7 no table\n%%EOF\n", 2)
	for address, want := range map[string]string{
		"/editions/" + older + "/diff":               "There is no other edition to compare it with",
		"/editions/" + scan + "/diff":                "One of the two has no table",
		"/editions/" + newer + "/diff?with=" + newer: "The columns are the same",
		"/editions/" + newer + "/diff":               "14,000,000", // with the one before
	} {
		if body := p.page("/en" + path + address); !strings.Contains(body, want) {
			t.Errorf("%s has no %q", address, want)
		}
	}
	for address, status := range map[string]int{
		"/editions/" + newer + "/diff.csv?with=0":        404,
		"/editions/" + newer + "/diff.doc?with=" + older: 404,
		"/editions/" + older + "/diff.csv":               422,
		"/editions/" + scan + "/diff.csv":                422,
	} {
		if resp, body := p.get(path+address, "Accept", "application/json"); resp.StatusCode != status {
			t.Errorf("%s answers %d: %s", address, resp.StatusCode, body)
		}
	}
}

func TestCitationsNameTheEdition(t *testing.T) {
	p := newPortal(t, true)
	path, older, newer := p.twoEditions()
	permanent := func(digest string) string { return p.BaseURL + path + "/editions/" + digest }
	for address, want := range map[string][]string{
		"/en/datasets/population-of-provinces": {newer[:12], permanent(newer), "(<bdi>Statistics</bdi>, <bdi>2026</bdi>)", "@misc{population-of-provinces-2026-" + newer[:8], "author = {{Statistics}}", "version = {" + newer[:12] + "}"},
		"/en" + path:                           {newer[:12], permanent(newer)},
		"/en" + path + "/editions/" + older:    {older[:12], permanent(older), "url = {" + permanent(older) + "}"},
		"/fa" + path + "/editions/" + older:    {older[:12], permanent(older), "ویراست", "title = {{جمعیت استان‌ها}}", "(<bdi>مرکز آمار</bdi>، <bdi>۱۴۰۵</bdi>)"},
		"/en/datasets/minutes-of-meetings":     {p.BaseURL + "/datasets/minutes-of-meetings", "As of", "urldate = {"},
	} {
		body := p.page(address)
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s has no %s", address, w)
			}
		}
		if n := strings.Count(body, "data-copy "); n < 3 {
			t.Errorf("%s has %d buttons to copy", address, n)
		}
	}
}

func TestBibTeXHoldsTogether(t *testing.T) {
	p := newPortal(t, false)
	d := catalog.Dataset{Slug: "x", Title: catalog.Text{"en": `50% & {more} \ _it_ #1 $`}, Publisher: "A & B}", Issued: "2020-05"}
	entry := p.cite(p.locales["en"], cited{dataset: &d}).BibTeX
	if strings.Count(entry, "{") != strings.Count(entry, "}") {
		t.Errorf("the braces do not match: %s", entry)
	}
	for _, want := range []string{`title = {{50\% \& (more) \textbackslash  \_it\_ \#1 \$}}`, `author = {{A \& B)}}`, "year = {2020}"} {
		if !strings.Contains(entry, want) {
			t.Errorf("there is no %s in %s", want, entry)
		}
	}
	if !regexp.MustCompile(`(?s)^@misc\{[a-z0-9-]+,\n(  [a-z]+ = \{.*\},\n)+\}$`).MatchString(entry) {
		t.Errorf("the entry is %s", entry)
	}
}
