package site

import (
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tableAt is the address of the page of the shelf's table.
func (s *shelf) tableAt(lang, query string) string {
	return s.url + "/" + lang + "/datasets/" + s.slug + "/table" + query
}

// page asks for a page and returns it.
func (s *shelf) page(url string, status int) string {
	s.t.Helper()
	resp, body := ask(s.t, "GET", url)
	if resp.StatusCode != status {
		s.t.Fatalf("%s answers %d, not %d: %.300s", url, resp.StatusCode, status, body)
	}
	return string(body)
}

var (
	bodyOf   = regexp.MustCompile(`(?s)<tbody>(.*?)</tbody>`)
	rowOf    = regexp.MustCompile(`(?s)<tr[^>]*>(.*?)</tr>`)
	cellOf   = regexp.MustCompile(`(?s)<t[dh][^>]*>(.*?)</t[dh]>`)
	leadOf   = regexp.MustCompile(`(?s)<p class="lead"[^>]*>(.*?)</p>`)
	formOf   = regexp.MustCompile(`(?s)<form class="ask".*?</form>`)
	selected = regexp.MustCompile(`<option value="([^"]*)"(?: dir="[a-z]+")? selected`)
)

// shown is the cells of the table on a page, as a program would print them.
func shown(page string) [][]string {
	var rows [][]string
	m := bodyOf.FindStringSubmatch(page)
	if m == nil {
		return nil
	}
	for _, row := range rowOf.FindAllStringSubmatch(m[1], -1) {
		var cells []string
		for _, c := range cellOf.FindAllStringSubmatch(row[1], -1) {
			text := strings.TrimSpace(html.UnescapeString(markup.ReplaceAllString(c[1], "")))
			cells = append(cells, strings.Replace(strings.ReplaceAll(text, ",", ""), "—", "", 1))
		}
		rows = append(rows, cells)
	}
	return rows
}

// sameQueries are questions of every kind to the table of the shelf.
var sameQueries = []string{
	"",
	"?population__gt=1000000",
	"?population__gt=%DB%B1%D9%AC%DB%B0%DB%B0%DB%B0%D9%AC%DB%B0%DB%B0%DB%B0", // ۱٬۰۰۰٬۰۰۰
	"?population__lte=2712400&_sort=-population",
	"?" + url.QueryEscape("استان") + "__contains=" + url.QueryEscape("ل"),
	"?since__gte=1403/01/02",
	"?since__isnull=true",
	"?phone__in=021,084",
	"?_sort=share,-population&_select=phone,share",
	"?phone=nothing",
	"?_group=since&_sum=population&_count",
	"?_group=since__year&_min=share&_max=share",
	"?_sum=population,share&share__gt=1",
	"?_group=phone&_avg=population&population__gt=1000000&_sort=-population__avg",
}

func TestPageAPIAndFileShowTheSameRows(t *testing.T) {
	s := newShelf(t)
	for _, query := range sameQueries {
		api, _ := s.rows(query)
		var fromAPI [][]string
		for _, r := range api.Results {
			var cells []string
			for _, c := range api.Columns {
				if v := r[c.Name]; v != nil {
					cells = append(cells, fmt.Sprint(v))
				} else {
					cells = append(cells, "")
				}
			}
			fromAPI = append(fromAPI, cells)
		}
		and := "?"
		if query != "" {
			and = "&"
		}
		file := s.page(s.of(s.table, ".csv"+query+and+"escape=0"), http.StatusOK)
		records, err := csv.NewReader(strings.NewReader(file)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v: %s", query, err, file)
		}
		if got := records[1:]; !sameCells(got, fromAPI) {
			t.Errorf("%s: the file has %q, the API %q", query, got, fromAPI)
		}
		if got := shown(s.page(s.tableAt("en", query), http.StatusOK)); !sameCells(got, fromAPI) {
			t.Errorf("%s: the page has %q, the API %q", query, got, fromAPI)
		}
	}
}

func sameCells(a, b [][]string) bool {
	return slices.EqualFunc(a, b, func(x, y []string) bool { return slices.Equal(x, y) })
}

func TestFormsAreTurnedIntoAddressesOfViews(t *testing.T) {
	s := newShelf(t)
	for form, want := range map[string]string{
		"f1c=population&f1o=gt&f1v=%DB%B5&f2c=&f2o=eq&f2v=":                          "population__gt=%DB%B5",
		"f1c=phone&f1o=eq&f1v=021&f2c=phone&f2o=eq&f2v=084":                          "phone__in=021%2C084",
		"f1c=since&f1o=empty&f1v=x&s1c=share&s1d=desc&s2c=phone":                     "_sort=-share%2Cphone&since__isnull=true",
		"f1c=since&f1o=filled&c=phone&c=share":                                       "_select=phone%2Cshare&since__isnull=false",
		"g1=since__year&m1o=sum&m1c=population&m2o=count&m2c=":                       "_count=1&_group=since__year&_sum=population",
		"g1=since__year&s1c=share&m1o=&c=phone":                                      "_group=since__year",
		"f1c=phone&f1o=in&f1v=021%D8%8C+026":                                         "phone__in=021%2C026",
		"f1c=phone&f1o=eq&f1v=":                                                      "",
		"f1c=no+such&f1o=gt&f1v=5":                                                   "no+such__gt=5",
		"f1c=population&f1o=gt&f1v=much&raw=1":                                       "population__gt=much&raw=1",
		"_size=7&c=phone&c=share&c=since&c=population&c=" + url.QueryEscape("استان"): "_size=7",
	} {
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.Get(s.tableAt("fa", "?_form=1&"+form))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		_, got, _ := strings.Cut(resp.Header.Get("Location"), "?")
		if resp.StatusCode != http.StatusSeeOther || got != want {
			t.Errorf("%s leads (%d) to %q, not %q", form, resp.StatusCode, got, want)
		}
	}
}

func TestBadQuestionsKeepTheFormAndSayWhatToDo(t *testing.T) {
	s := newShelf(t)
	many := strings.Repeat("&population__gt=1", 100)
	for query, says := range map[string]string{
		"?nothing__gt=5":               "There is no column",
		"?population__like=5":          "There is no relation",
		"?population__contains=5":      "is a number, and",
		"?population__gt=much":         "is no number",
		"?since__gt=31+Mehr":           "is no date",
		"?_sort=nothing":               "was not used",
		"?_group=nothing":              "was not used",
		"?_sum=phone":                  "was not used",
		"?_size=5000":                  "1 to <bdi>1,000</bdi> rows",
		"?_after=forged":               "This is the first page",
		"?raw=maybe":                   "0 or 1",
		"?" + many[1:]:                 "needs to be put right",
		"?population__gt=%3Cscript%3E": "&lt;script&gt;",
	} {
		page := s.page(s.tableAt("en", query), http.StatusUnprocessableEntity)
		text := html.UnescapeString(markup.ReplaceAllString(page, ""))
		if !strings.Contains(page, says) && !strings.Contains(text, says) {
			t.Errorf("%s does not say %q", query, says)
		}
		if form := formOf.FindString(page); form == "" || len(shown(page)) != 4 {
			t.Errorf("%s: the form is %t, %d rows", query, form != "", len(shown(page)))
		}
		fa := s.page(s.tableAt("fa", query), http.StatusUnprocessableEntity)
		if !strings.Contains(fa, `id="faults"`) {
			t.Errorf("%s: no list of faults in Persian", query)
		}
	}
	page := s.page(s.tableAt("en", "?population__gt=much&phone=021"), http.StatusUnprocessableEntity)
	form := formOf.FindString(page)
	if !strings.Contains(form, `value="much"`) || !strings.Contains(form, "aria-invalid") || len(shown(page)) != 1 {
		t.Errorf("the good condition does not hold, or the bad one is not kept: %s", form)
	}
	var chosen []string
	for _, m := range selected.FindAllStringSubmatch(form, -1) {
		chosen = append(chosen, m[1])
	}
	if !slices.Contains(chosen, "population") || !slices.Contains(chosen, "gt") || !slices.Contains(chosen, "phone") {
		t.Errorf("chosen in the form is %q", chosen)
	}
	for _, query := range []string{"?a=%zz"} {
		s.page(s.tableAt("en", query), http.StatusBadRequest)
	}
	contradiction := s.page(s.tableAt("en", "?population__gt=9&population__lt=3"), http.StatusOK)
	if !strings.Contains(contradiction, "These conditions exclude each other") || formOf.FindString(contradiction) == "" {
		t.Error("a contradiction does not offer to remove a condition")
	}
	empty := s.page(s.tableAt("en", "?population__gt=999999999&phone=021"), http.StatusOK)
	if !strings.Contains(empty, "No row meets all of these") || formOf.FindString(empty) == "" {
		t.Error("a view without rows does not offer to remove a condition")
	}
	pattern := s.page(s.tableAt("en", "?"+url.QueryEscape("استان")+"__contains="+url.QueryEscape(".*[a-z]+(")), http.StatusOK)
	if len(shown(pattern)) != 0 {
		t.Error("text that looks like a pattern is taken for one")
	}
}

func TestViewsAreSaidInWords(t *testing.T) {
	s := newShelf(t)
	for _, c := range []struct{ lang, query, want string }{
		{"en", "", "All 4 rows, 5 columns"},
		{"en", "?population__gt=1000000&_sort=-population", "3 rows of 4 in which population is more than 1,000,000, largest population first"},
		{"fa", "?phone=021", "۱ سطر از ۴ سطر که در آن phone برابر «021» است"},
		{"en", "?_group=since__year&_sum=population", "sum of population for each year of since, 2 groups"},
		{"en", "?_sum=population&phone__in=021,026", "sum of population over 2 rows of 4 in which phone is one of “021” or “026”"},
		{"fa", "?population__gte=1292283&since__isnull=false", "۳ سطر از ۴ سطر که در آن population دست‌کم ۱٬۲۹۲٬۲۸۳ است و since خالی نیست"},
	} {
		m := leadOf.FindStringSubmatch(s.page(s.tableAt(c.lang, c.query), http.StatusOK))
		if m == nil {
			t.Fatalf("%s has no sentence", c.query)
		}
		if got := html.UnescapeString(markup.ReplaceAllString(m[1], "")); got != c.want {
			t.Errorf("%s says %q, not %q", c.query, got, c.want)
		}
	}
}

func TestFrozenViewsStay(t *testing.T) {
	s := newShelf(t)
	old, _ := s.rows("?_size=1")
	query := "resource=" + s.table + "&edition=" + old.Edition + "&population__gt=1000000"
	s.put(s.table, "استان‌ها 1404.csv", "استان,population\nتهران,99999999\n")
	page := s.page(s.tableAt("en", "?"+query), http.StatusOK)
	if len(shown(page)) != 3 || !strings.Contains(page, "This is not the latest edition") {
		t.Errorf("the frozen view has %q", shown(page))
	}
	if now := shown(s.page(s.tableAt("en", "?population__gt=1000000"), http.StatusOK)); len(now) != 1 {
		t.Errorf("the current view has %q", now)
	}
	resp, _ := ask(t, "GET", s.of(s.table, "/editions/"+old.Edition+".csv?population__gt=1000000"))
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != CacheForever || resp.Header.Get("X-Robots-Tag") == "" {
		t.Errorf("the frozen file answers %d: %v", resp.StatusCode, resp.Header)
	}
	again, _ := s.rows(s.url + "/api/v1/datasets/" + s.slug + "/resources/" + s.table + "/editions/" + old.Edition + "/rows?population__gt=1000000&_size=1")
	if again.Total != 3 || !strings.Contains(again.Next, "/editions/"+old.Edition+"/rows") {
		t.Errorf("the frozen rows are %+v", again)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	moved, err := client.Get(s.url + "/datasets/" + s.slug + "/table?" + query)
	if err != nil {
		t.Fatal(err)
	}
	moved.Body.Close()
	if to := moved.Header.Get("Location"); !strings.HasSuffix(to, "/table?"+query) {
		t.Errorf("a citation leads to %q", to)
	}
}

func TestAPageBehindTheLastSaysSo(t *testing.T) {
	s := newShelf(t)
	a, _ := s.rows("?_size=4&_sort=phone")
	if a.Next != "" {
		t.Fatal("there are more than four rows")
	}
	first := s.page(s.tableAt("en", "?_size=2"), http.StatusOK)
	next := regexp.MustCompile(`href="([^"]*_after[^"]*)"`).FindStringSubmatch(first)
	if next == nil {
		t.Fatal("no link to the next page")
	}
	second := s.page(s.url+html.UnescapeString(next[1]), http.StatusOK)
	if len(shown(second)) != 2 || strings.Contains(second, `rel="next"`) || !strings.Contains(second, "All <bdi>4</bdi> rows") {
		t.Errorf("the second page has %q", shown(second))
	}
}
