package site

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestConditionsThatExcludeEachOtherAreNamed(t *testing.T) {
	s := newShelf(t)
	for lang, words := range map[string][]string{
		"en": {"0 rows of", "exclude each other, so no row meets them together", "Take one away"},
		"fa": {"با هم ناسازگارند", "یکی را بردارید"},
	} {
		for _, tab := range []string{"table", "chart"} {
			page := s.page(strings.Replace(s.tableAt(lang, "?population__gte=%DB%B1%DB%B0%DB%B0&population__lt=5&phone__isnull=false"), "/table", "/"+tab, 1), http.StatusOK)
			if tab == "table" {
				lead := markup.ReplaceAllString(leadOf.FindString(page), "")
				if !strings.Contains(lead, words[0]) || strings.Count(lead, "population") != 4 {
					t.Errorf("%s: the sentence is %q", lang, lead)
				}
			}
			note := regexp.MustCompile(`(?s)<div class="note warn">.*?</div>`).FindString(page)
			if !strings.Contains(markup.ReplaceAllString(note, ""), words[len(words)-1]) || strings.Count(note, "<li>") != 2 || strings.Contains(note, "phone__isnull=false\"") {
				t.Errorf("%s %s: the note is %q", lang, tab, note)
			}
			for _, without := range []string{"population__gte", "population__lt"} {
				if !regexp.MustCompile(`href="[^"]*\?phone__isnull=false&amp;` + without + `=[^"&]*"`).MatchString(note) {
					t.Errorf("%s %s: no link keeps %s alone: %s", lang, tab, without, note)
				}
			}
		}
	}
	if page := s.page(s.tableAt("en", "?population=1.5"), http.StatusOK); !strings.Contains(page, "no value of the column meets") {
		t.Errorf("a condition that no integer meets is not named")
	}
	if page := s.page(s.tableAt("en", "?population__gte=5&phone=nothing"), http.StatusOK); strings.Contains(page, "exclude each other") {
		t.Errorf("conditions that could be met are said to exclude each other")
	}
}

func TestAListWithoutValuesIsRefusedEverywhere(t *testing.T) {
	s := newShelf(t)
	page := s.page(s.tableAt("en", "?phone__in=&population__gt=5"), http.StatusUnprocessableEntity)
	if !strings.Contains(markup.ReplaceAllString(page, ""), "needs a value at least") || !strings.Contains(formOf.FindString(page), `value="phone" dir="auto" selected`) {
		t.Errorf("the page does not say that a value is missing, or loses the form: %s", formOf.FindString(page))
	}
	for _, url := range []string{s.of(s.table, ".csv?phone__in="), strings.Replace(s.of(s.table, "/rows?phone__in="), s.url, s.url+apiPrefix, 1)} {
		resp, body := ask(t, "GET", url, "Accept-Language", "fa")
		if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(body), "phone__in") || !strings.Contains(string(body), "مقداری نیامده") {
			t.Errorf("%s answers %d: %s", url, resp.StatusCode, body)
		}
	}
}

func TestFilesCallGroupsAsThePageDoes(t *testing.T) {
	s := newShelf(t)
	query := "?_group=since__jyear&_sum=population&_count=1"
	for lang, want := range map[string]string{
		"": "since (jyear),population (sum),count", "&_lang=en": "Jalali year of since,sum of population,number of rows", "&_lang=fa": "سال since,جمع population,شمار سطرها",
	} {
		file := s.page(s.of(s.table, ".csv"+query+lang), http.StatusOK)
		if head, _, _ := strings.Cut(file, "\r\n"); strings.TrimSpace(head) != want {
			t.Errorf("with %q the file is headed %q, not %q", lang, head, want)
		}
	}
	if page := s.page(s.tableAt("fa", query), http.StatusOK); strings.Count(page, "_lang=fa") < 6 {
		t.Errorf("the downloads and the citation of a page do not name its language")
	}
	if whole, same := s.page(s.of(s.table, ".csv"), http.StatusOK), s.page(s.of(s.table, ".csv?_lang=fa"), http.StatusOK); whole != same {
		t.Errorf("the whole table depends on the language")
	}
	s.page(s.of(s.table, ".csv"+query+"&_lang=de"), http.StatusUnprocessableEntity)
}

// wideTable is a table of 40 columns, one of which is called by something else.
func wideTable() string {
	var head, row []string
	for i := range 39 {
		head, row = append(head, fmt.Sprintf("year %d", 1380+i)), append(row, strconv.Itoa(i))
	}
	return strings.Join(append(head, "علي"), ",") + "\n" + strings.Join(append(row, "5"), ",") + "\n" + strings.Join(append(row, "6"), ",") + "\n"
}

func TestAFormOfManyColumnsHelpsToFindThem(t *testing.T) {
	p := newPortal(t, false)
	path, _ := p.put("wide.csv", wideTable())
	form := func(query string) string {
		resp, body := p.get("/en" + path + "/table" + query)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d", query, resp.StatusCode)
		}
		return formOf.FindString(body)
	}
	boxes := regexp.MustCompile(`name="c" value="([^"]*)"( checked)?`)
	if plain := form(""); strings.Contains(plain, "optgroup label=\"In this view") || strings.Contains(plain, " checked") || len(boxes.FindAllString(plain, -1)) != 40 ||
		!strings.Contains(plain, "all 40 columns are shown") {
		t.Errorf("the form is %s", plain)
	}
	resp, body := p.get("/en" + path + "/table")
	column := regexp.MustCompile(`value="([^"]*)" dir="[a-z]+">علي<`).FindStringSubmatch(body)
	if column == nil {
		t.Fatalf("there is no column to find (%d)", resp.StatusCode)
	}
	used := form("?" + url.QueryEscape(column[1]) + "__gt=5&_select=" + url.QueryEscape(column[1]))
	group := regexp.MustCompile(`(?s)<optgroup label="In this view">(.*?)</optgroup>`).FindStringSubmatch(used)
	if group == nil || strings.Count(group[1], "<option") != 1 || !strings.Contains(group[1], "selected") {
		t.Errorf("the column that is used does not stand first: %v", group)
	}
	if first := boxes.FindStringSubmatch(used); first == nil || first[1] != column[1] || first[2] == "" {
		t.Errorf("the column that is shown is not the first of the list: %q", first)
	}
	found := form("?_find=" + url.QueryEscape("علی")) // in another spelling
	if all := boxes.FindAllString(found, -1); len(all) != 1 || !strings.Contains(found, `id="choose" data-keep open`) || !strings.Contains(found, `<optgroup label="Found">`) {
		t.Errorf("looking for a column finds %q", all)
	}
	if none := form("?_find=nothing"); !strings.Contains(none, "No column has") || len(boxes.FindAllString(none, -1)) != 40 {
		t.Errorf("looking for what is not there does not say so")
	}
	sent, _ := p.get("/en" + path + "/table?_form=1&_find=138&c=" + url.QueryEscape(column[1]))
	if to := sent.Header.Get("Location"); !strings.Contains(to, "_find=138") || !strings.Contains(to, "_select=") {
		t.Errorf("the form leads to %q", to)
	}
}

// What stands once on a page has an id of its own, however columns are called.
func TestFacetsHaveIDsOfTheirOwn(t *testing.T) {
	p := newPortal(t, true)
	path, _ := p.put("firms.csv", "استان,مرحله\n"+strings.Repeat("قم,یک\nیزد,دو\n", 10))
	seen := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="(facet[^"]*)"`).FindAllStringSubmatch(p.page("/fa"+path+"/table"), -1) {
		if seen[id[1]] {
			t.Errorf("%s comes twice", id[1])
		}
		seen[id[1]] = true
	}
	if len(seen) != 2 {
		t.Errorf("the facets are %v", seen)
	}
}
