package site

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/exporters"
)

// measure puts the indicators in force, in a first version and in one that
// weighs S13 more, files for an agency, and lets another one be late. It
// returns the id of the filing. It assesses the datasets too.
func (p *portal) measure() (id string) {
	p.t.Helper()
	p.assess()
	d, err := p.Catalog.Dataset(p.t.Context(), "population-of-provinces")
	must(p.t, err)
	agencies, err := p.Catalog.Agencies(p.t.Context())
	must(p.t, err)
	city, err := p.Catalog.Agency(p.t.Context(), "city-of-gold")
	must(p.t, err)
	set, err := indicators.Default()
	must(p.t, err)
	set.Indicator("S13").Weight = 3
	heavier, err := json.Marshal(&set)
	must(p.t, err)
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		for i := range agencies { // one of no kind is not measured
			agencies[i].Kind = "ministry"
			if err := tx.PutAgency(&agencies[i]); err != nil {
				return err
			}
		}
		if _, err := indicators.PutSet(tx, &catalog.Shell, nil, "1400-01-01", nil); err != nil {
			return err
		}
		f, err := indicators.File(tx, &catalog.Shell, indicators.Handing{
			Agency: d.Agency, Indicator: "S13", Period: "1405-H1", Statement: catalog.Text{"fa": "فهرست داده‌ها", "en": "Our <inventory>"},
			Evidence: []indicators.Evidence{{Kind: indicators.EvidenceDataset, Thing: d.ID}},
		})
		if err != nil {
			return err
		}
		id = f.ID
		if _, err := indicators.PutSet(tx, &catalog.Shell, heavier, "", catalog.Text{"fa": "فهرست مهم‌تر است.", "en": "The inventory counts more."}); err != nil {
			return err
		}
		return tx.Exec("insert into scores (agency, indicator, period, version, state, points, filing, at) values (?, 'S13', '1405-H1', 1, 'late', 0, '', ?)", city.ID, catalog.Stamp(atNoon))
	}))
	return id
}

func TestThereAreNoIndicatorsBeforeTheyAreInForce(t *testing.T) {
	p := newPortal(t, true)
	for path, says := range map[string]string{
		"/en/indicators": "not in force yet", "/fa/indicators": "هنوز به اجرا درنیامده‌اند", "/en/indicators/S01": "How the points come about", "/en/indicators/late": "Nothing is late",
		"/en/indicators/league": "No scores yet", "/en/agencies/statistics/scores": "Nothing was measured yet",
	} {
		if body := p.page(path); !strings.Contains(body, says) {
			t.Errorf("%s does not say %q", path, says)
		}
	}
	if body := p.page("/en/agencies"); strings.Contains(body, "sort=-score") || strings.Contains(body, `href="/en/indicators"`) {
		t.Error("pages lead to scores that are not there")
	}
	if resp, _ := p.get("/en/indicators/sets/1"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a version that was never in force answers %d", resp.StatusCode)
	}
}

// A figure is the same wherever it stands, and leads to what it follows from.
func TestAScoreIsTheSameEverywhere(t *testing.T) {
	p := newPortal(t, true)
	filing := p.measure()
	f, err := p.indicators.Filing(t.Context(), filing)
	must(t, err)
	if f.Score.Points == nil || *f.Score.Points == 0 {
		t.Fatalf("%+v", f.Score)
	}
	points := *f.Score.Points
	text := fmt.Sprintf("%d of 20", points)
	for _, path := range []string{
		"/en/agencies/statistics", "/en/agencies/statistics/scores", "/en/agencies", "/en/indicators/S13", "/en/indicators/S13?period=1405-H1", "/en/indicators/league",
		"/en/indicators/league?period=1405-H1", "/en/filings/" + filing, "/badges/indicators/statistics.svg?lang=en",
	} {
		if _, body := p.get(path); !strings.Contains(body, text) {
			t.Errorf("%s does not say %s", path, text)
		}
	}
	for path, want := range map[string]string{
		"/api/v1/agencies": fmt.Sprintf(`"score":{"value":%d,"of":20,"period":"1405-H1"`, points), "/api/v1/filings/" + filing: fmt.Sprintf(`"points":%d`, points),
		"/api/v1/agencies/statistics/scores": fmt.Sprintf(`"value":%d`, points), "/api/v1/indicators/league": fmt.Sprintf(`"value":%d`, points),
		"/indicators/league.csv": fmt.Sprintf("1,statistics,مرکز آمار,Statistics,1405-H1,1,%d,", points), "/indicators/S13.csv": fmt.Sprintf(",S13,1405-H1,submitted,%d,1,%s", points, filing),
		"/agencies/statistics/scores.csv": fmt.Sprintf("statistics,S13,1405-H1,submitted,%d,1,%s", points, filing),
	} {
		if _, body := p.get(path); !strings.Contains(body, want) {
			t.Errorf("%s does not have %s:\n%s", path, want, body)
		}
	}
}

// What the page writes out computes to the points that it shows.
func TestThePointsOfACheckAddUp(t *testing.T) {
	p := newPortal(t, true)
	f, err := p.indicators.Filing(t.Context(), p.measure())
	must(t, err)
	sum := 0
	var terms []string
	l := p.locales["en"]
	for _, row := range l.scoreSum(&f.Checks[0], nil).Rows {
		sum += int(row.Points)
		terms = append(terms, strconv.FormatInt(row.Points, 10))
		if len(row.Why) == 0 {
			t.Errorf("%s gives no reason", row.Criterion)
		}
	}
	if sum != *f.Score.Points || len(terms) != len(indicators.Criteria) {
		t.Fatalf("%v, and the score is %d", terms, *f.Score.Points)
	}
	want := strings.Join(terms, " + ") + fmt.Sprintf(" = %d", sum)
	for _, path := range []string{"/en/indicators/S13", "/en/filings/" + f.ID} {
		if body := html.UnescapeString(p.page(path)); !strings.Contains(body, want) {
			t.Errorf("%s does not write out %s", path, want)
		}
	}
	two := 2
	scaled := indicators.Check{Points: 10, Facts: []indicators.Fact{{Criterion: indicators.Published, Points: &two}, {Criterion: indicators.OnTime, Points: &two}}}
	if s := l.scoreSum(&scaled, nil); s.Sum != "(2 + 2) × 20 ÷ 8 = 10" {
		t.Errorf("some criteria alone: %s", s.Sum)
	}
	scaled.Points, scaled.Facts = 6, append(scaled.Facts, indicators.Fact{Criterion: indicators.Machine, Points: new(int)})
	if s := l.scoreSum(&scaled, nil); s.Sum != "⌊(2 + 2 + 0) × 20 ÷ 12⌋ = 6" {
		t.Errorf("what is rounded down: %s", s.Sum)
	}
	value := 13.0
	if e := l.valueExample(&value, []indicators.Part{{Weight: 2, Mean: 17}, {Weight: 1, Mean: 5}}); e.Terms != "2 × 17 + 1 × 5" || e.Over != 3 || e.Sign != "=" || e.Value != "13" {
		t.Errorf("%+v", e)
	}
}

func TestNotMeasuredIsNotZero(t *testing.T) {
	p := newPortal(t, true)
	p.measure()
	city := p.page("/en/agencies/city-of-gold")
	if !strings.Contains(city, "0 of 20") || !strings.Contains(city, "not measured") {
		t.Error("the scoreboard does not tell 0 points from nothing measured")
	}
	_, body := p.get("/api/v1/indicators/S12")
	var ranking struct {
		Places, Unmeasured []struct {
			Slug  string
			Score struct{ Points *int }
		}
	}
	must(t, json.Unmarshal([]byte(body), &ranking))
	for _, place := range ranking.Unmeasured {
		if place.Score.Points != nil {
			t.Errorf("%s was not measured and has points", place.Slug)
		}
	}
	body = p.page("/en/agencies?sort=score")
	if low, high := strings.Index(body, "/en/agencies/city-of-gold\""), strings.Index(body, "/en/agencies/statistics\""); low > high {
		t.Error("agencies are not sorted by score")
	}
	for _, path := range []string{"/en/indicators/late", "/indicators/late.csv"} {
		if _, body := p.get(path); !strings.Contains(body, "S13") || !strings.Contains(body, "16") {
			t.Errorf("%s does not tell what is late by 16 days", path)
		}
	}
}

func TestChangedRulesLeaveAMark(t *testing.T) {
	p := newPortal(t, true)
	p.measure()
	for path, says := range map[string][]string{
		"/en/indicators":          {"Version 2", "Version 1", "The inventory counts more."},
		"/en/indicators/sets/2":   {"Changed: weight", "unchanged"},
		"/en/indicators/sets/1":   {"first version"},
		"/en/indicators/S13":      {"Changed: weight", "The indicator was new."},
		"/en/agencies/statistics": {"by rules version 1"},
	} {
		body := p.page(path)
		for _, want := range says {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	}
	if _, body := p.get("/api/v1/indicators/sets/1"); !strings.Contains(body, `"id":"S13"`) {
		t.Error("the set is not there for programs")
	}
}

func TestTablesOfScoresAreFiles(t *testing.T) {
	p := newPortal(t, true)
	p.measure()
	for _, path := range []string{"/indicators", "/indicators/league", "/indicators/late", "/indicators/S13", "/agencies/statistics/scores"} {
		for _, format := range exporters.Formats() {
			resp, body := p.get(path + "." + format.Ext)
			if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != format.MediaType || body == "" || resp.Header.Get("ETag") == "" {
				t.Errorf("%s.%s: %d %v", path, format.Ext, resp.StatusCode, resp.Header)
			}
		}
	}
	for path, status := range map[string]int{
		"/indicators/S13.pdf": http.StatusNotFound, "/indicators/S99.csv": http.StatusNotFound, "/indicators/S13.csv?period=x": http.StatusUnprocessableEntity,
		"/en/indicators/league?period=1405-08": http.StatusNotFound, "/en/filings/none": http.StatusNotFound, "/badges/indicators/none.svg": http.StatusNotFound,
	} {
		if resp, _ := p.get(path); resp.StatusCode != status {
			t.Errorf("%s answers %d, want %d", path, resp.StatusCode, status)
		}
	}
}

func TestABadgeMayBeShownElsewhere(t *testing.T) {
	p := newPortal(t, true)
	p.measure()
	resp, body := p.get("/badges/indicators/statistics.svg?lang=fa")
	h := resp.Header
	if !strings.HasPrefix(h.Get("Content-Type"), "image/svg+xml") || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" || h.Get("Cache-Control") != cacheBadge || h.Get("ETag") == "" {
		t.Errorf("%v", h)
	}
	if texts := strings.Join(readXML(t, []byte(body)), "|"); !strings.Contains(texts, "از ۲۰") || !strings.Contains(texts, "مرکز آمار") {
		t.Errorf("%s", texts)
	}
	if again, _ := p.get("/badges/indicators/statistics.svg?lang=fa", "If-None-Match", h.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("asked again it answers %d", again.StatusCode)
	}
	if page := p.page("/en/agencies/statistics"); !strings.Contains(page, "https://data.example.org/badges/indicators/statistics.svg?lang=en") || !strings.Contains(page, `role="img" xml:lang="en"`) {
		t.Error("the agency's page does not offer its badge")
	}
}

// The indicators of money stand there with the figures of their own page.
func TestIndicatorsOfMoneyAreThoseOfTheirPage(t *testing.T) {
	p := bank(t)
	var own struct {
		Whole struct {
			Grade string
			Years []struct {
				Year  string
				Total *float64
			}
		}
	}
	_, body := p.get("/api/v1/spending/outturn")
	must(t, json.Unmarshal([]byte(body), &own))
	var list struct {
		Computed []struct {
			ID, Year, Grade string
			Value           *float64
		}
	}
	_, body = p.get("/api/v1/indicators")
	must(t, json.Unmarshal([]byte(body), &list))
	if len(list.Computed) != 3 || len(own.Whole.Years) == 0 {
		t.Fatalf("%+v, %+v", list, own)
	}
	for _, y := range own.Whole.Years {
		if y.Year == list.Computed[0].Year && (list.Computed[0].Value == nil || *list.Computed[0].Value != *y.Total) {
			t.Errorf("%v, and on its page %v", list.Computed[0], y)
		}
	}
	if list.Computed[1].Grade != own.Whole.Grade {
		t.Errorf("PI-1.1 is %q, and on its page %q", list.Computed[1].Grade, own.Whole.Grade)
	}
	if page := p.page("/fa/indicators"); !strings.Contains(page, `href="/fa/spending/outturn"`) || !strings.Contains(page, "SDG 16.6.1") {
		t.Error("the page does not lead to the indicators of money")
	}
}
