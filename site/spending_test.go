package site

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// spendingPages are addresses of the explorer that there are at the bank.
var spendingPages = []string{
	"/spending", "/spending/1404", "/spending/1404?by=functional", "/spending/1404?by=economic", "/spending/1404?measure=share", "/spending/1404?measure=executed", "/spending/1404?per=head",
	"/spending/1404?figures=exact", "/spending/1404/statistics", "/spending/1404/statistics/2", "/spending/1404/01?by=functional", "/spending/1404/01/01.1?by=functional", "/spending/1404?budget=budget-of-statistics",
	"/spending/budgets", "/spending/budgets/budget-of-statistics", "/spending/budgets/budget-of-statistics/lines", "/spending/outturn", "/spending/outturn?budget=budget-of-statistics", "/spending/calendar",
}

func TestEveryViewOfTheExplorerIsAPageAndAnAnswer(t *testing.T) {
	v := bank(t)
	for _, path := range spendingPages {
		for _, lang := range []string{"fa", "en"} {
			checkPage(t, v.portal, lang, path, false)
		}
		if resp, body := v.get(apiPrefix + path); resp.StatusCode != http.StatusOK || !json.Valid([]byte(body)) {
			t.Errorf("%s answers %d: %s", path, resp.StatusCode, body)
		}
	}
}

// place asks the API for a place in the budgets.
func (p *portal) place(path string) (s spendingShape) {
	p.t.Helper()
	resp, body := p.get(apiPrefix + spendingPath + path)
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s answers %d: %s", path, resp.StatusCode, body)
	}
	must(p.t, json.Unmarshal([]byte(body), &s))
	return s
}

// file asks for a table as CSV and returns its rows by the heads of columns.
func (p *portal) file(path string) []map[string]string {
	p.t.Helper()
	resp, body := p.get(path)
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s answers %d", path, resp.StatusCode)
	}
	r := csv.NewReader(strings.NewReader(body))
	head, err := r.Read()
	must(p.t, err)
	var all []map[string]string
	for {
		row, err := r.Read()
		if err == io.EOF {
			return all
		}
		must(p.t, err)
		one := map[string]string{}
		for i := range head {
			one[head[i]] = row[i]
		}
		all = append(all, one)
	}
}

func TestAFigureIsTheSameWhereverItStands(t *testing.T) {
	v := bank(t)
	// 1404 of the first agency: (1200 + 2200 + 3200 + 4200) millions, or twice that.
	const year, want = "1404", int64(1200+2200+3200+4200) * 1_000_000
	place := v.place("/" + year + "/statistics")
	approved := *place.Place.Approved
	if approved != want && approved != 2*want {
		t.Fatalf("the API has %d, the table %d or twice that", approved, want)
	}
	exact := (&money{l: v.locales["en"], currency: "IRR"}).digits(approved)
	for _, path := range []string{"/en/spending/" + year + "/statistics", "/en/spending/" + year, "/en/spending/" + year + "?by=administrative&figures=exact"} {
		if !strings.Contains(v.page(path), exact) {
			t.Errorf("%s has no %s", path, exact)
		}
	}
	sum := int64(0)
	for _, row := range v.file("/spending/" + year + "/statistics.csv") {
		n, err := strconv.ParseInt(row["Approved"], 10, 64)
		must(t, err)
		sum += n
	}
	lines := int64(0)
	for _, row := range v.file("/spending/budgets/budget-of-statistics/lines.csv?fiscal_year=" + year + "&phase=approved") {
		n, err := strconv.ParseInt(row["value"], 10, 64)
		must(t, err)
		lines += n
	}
	if sum != approved || lines != approved {
		t.Errorf("the API has %d, the file %d, the lines %d", approved, sum, lines)
	}
	newest := v.place("/1405/statistics")
	card := v.page("/en/agencies/statistics")
	if exact := (&money{l: v.locales["en"], currency: "IRR"}).plain(*newest.Place.Approved); !strings.Contains(card, `value="`+exact+`"`) {
		t.Errorf("the page of the agency has no %s", exact)
	}
}

func TestPlacesLeadToTheirLines(t *testing.T) {
	v := bank(t)
	body := v.page("/en/spending/1404/01/01.1/statistics?by=functional")
	address := strings.ReplaceAll(between(t, body, `<a href="/en/spending/budgets/budget-of-statistics/lines?`, `"`), "&amp;", "&")
	place, sum := v.place("/1404/01/01.1/statistics?by=functional"), int64(0)
	for _, row := range v.file("/spending/budgets/budget-of-statistics/lines.csv?" + address + "&phase=executed") {
		n, err := strconv.ParseInt(row["value"], 10, 64)
		must(t, err)
		sum += n
	}
	if sum != *place.Place.Executed {
		t.Errorf("the lines of %s have %d, the place %d", address, sum, *place.Place.Executed)
	}
	v.want("/en/spending/budgets/budget-of-statistics/lines?"+address, http.StatusOK, "<bdi>1404</bdi>", "L-")
}

func TestChildrenOfEveryPlaceSumToIt(t *testing.T) {
	v := bank(t)
	for _, by := range []string{"administrative", "functional", "economic"} {
		paths := []string{"/1403", "/1404", "/1405"}
		for len(paths) > 0 {
			path := paths[0]
			paths = paths[1:]
			place := v.place(path + "?by=" + by)
			for i, phase := range []string{"approved", "executed"} {
				sum, some := int64(0), false
				for k := range place.Results {
					if a := *place.Results[k].All()[1+2*i]; a != nil {
						sum, some = sum+*a, true
					}
				}
				of := *place.Place.All()[1+2*i]
				if len(place.Results) > 0 && (some != (of != nil) || some && sum != *of) {
					t.Errorf("%s by %s: the %s of the parts sum to %d", path, by, phase, sum)
				}
			}
			for k := range place.Results {
				paths = append(paths, path+"/"+place.Results[k].Code)
				if k > 0 {
					break
				}
			}
		}
	}
}

func TestWhatIsNotInTheBudgetsIsRefused(t *testing.T) {
	v := bank(t)
	for path, status := range map[string]int{
		"/spending/1399": http.StatusNotFound, "/spending/1404/nobody": http.StatusNotFound, "/spending/1404/statistics/9/9": http.StatusNotFound, "/spending/1404?budget=none": http.StatusNotFound,
		"/spending/1404?by=fund": http.StatusUnprocessableEntity, "/spending/1404?measure=paid": http.StatusUnprocessableEntity, "/spending/1404?direction=revenue": http.StatusUnprocessableEntity,
		"/spending/1403?per=head": http.StatusUnprocessableEntity, "/spending/1404?per=dog": http.StatusUnprocessableEntity, "/spending/calendar?year=1300": http.StatusUnprocessableEntity,
		"/spending/budgets/none": http.StatusNotFound, "/spending/budgets/none/lines": http.StatusNotFound, "/spending/budgets/budget-of-statistics/lines?nothing=1": http.StatusUnprocessableEntity,
	} {
		for _, address := range []string{"/fa" + path, "/en" + path, apiPrefix + path} {
			if resp, _ := v.get(address); resp.StatusCode != status {
				t.Errorf("%s answers %d, want %d", address, resp.StatusCode, status)
			}
		}
	}
	if resp, _ := v.get("/spending/1404.pdf"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a format that there is not answers %d", resp.StatusCode)
	}
}

func TestTheFormKeepsThePlaceWhereTheYearHasIt(t *testing.T) {
	v := bank(t)
	for from, to := range map[string]string{
		"/en/spending/1404/statistics/2?year=1402&of=administrative":                              "/en/spending/1402/statistics/2",
		"/en/spending/1404/statistics?year=1403&of=administrative&by=functional&measure=approved": "/en/spending/1403?by=functional",
		"/en/spending/1404?year=1404&of=administrative&measure=share&per=head":                    "/en/spending/1404?measure=share&per=head",
		"/en/spending/1404?year=1403&of=administrative&measure=executed&per=head":                 "/en/spending/1403?measure=executed",
	} {
		resp, _ := v.get(from)
		if got := resp.Header.Get("Location"); resp.StatusCode != http.StatusSeeOther || got != to {
			t.Errorf("%s leads to %d %s, want %s", from, resp.StatusCode, got, to)
		}
	}
}

func TestAmountsByHeadNameThePopulation(t *testing.T) {
	v := bank(t)
	v.want("/en/spending/1404?per=head", http.StatusOK, "1,000 people", "census", "rials by head")
	v.want("/fa/spending/1404?per=head", http.StatusOK, "۱٬۰۰۰ نفر", "census")
}

func TestDoorsOpenOnlyToWhatThereIs(t *testing.T) {
	p := newPortal(t, true)
	if body := p.page("/en/"); strings.Contains(body, `href="/en/spending"`) {
		t.Error("pages lead to spending where there is none")
	}
	if resp, _ := p.get("/en/spending"); resp.Header.Get("Location") != "/en/spending/budgets" {
		t.Errorf("%d %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	v := bank(t)
	for _, path := range []string{"/en/", "/fa/agencies"} {
		if !strings.Contains(v.page(path), fmt.Sprintf(`href="%s/spending"`, path[:3])) {
			t.Errorf("%s does not lead to spending", path)
		}
	}
}

func TestATreemapMayStandOnOtherPages(t *testing.T) {
	v := bank(t)
	resp, body := v.get("/embed/spending/1404?lang=fa")
	if resp.StatusCode != http.StatusOK || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors *") || strings.Contains(body, "<svg") == strings.Contains(body, `<a href="/fa/spending/1404/`) {
		t.Errorf("%d: %s", resp.StatusCode, body)
	}
}
