package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/exporters"
)

// assess assesses the datasets, of which one points to an address that does
// not answer.
func (p *portal) assess() {
	p.t.Helper()
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		l := catalog.Link{URL: "https://example.org/minutes.pdf", State: catalog.LinkNew}
		for day := range 3 {
			l.Seen(atNoon.Add(time.Duration(day-3)*24*time.Hour), catalog.LinkBroken, http.StatusNotFound, nil)
		}
		return tx.PutLink(&l)
	}))
	must(p.t, p.Catalog.AssessAll(p.t.Context()))
}

func TestQualityIsShownWhenThereIsAny(t *testing.T) {
	p := newPortal(t, true)
	for path, says := range map[string]string{"/en/quality": "Nothing was assessed yet", "/fa/quality": "هنوز چیزی سنجیده نشده است", "/en/datasets/population-of-provinces/quality": "Nothing was assessed yet", "/en/quality/links": "No broken links"} {
		if body := p.page(path); !strings.Contains(body, says) {
			t.Errorf("%s does not say %q", path, says)
		}
	}
	if body := p.page("/en/datasets/population-of-provinces"); strings.Contains(body, `id="quality"`) {
		t.Error("a dataset shows a quality that nobody assessed")
	}
}

func TestTheQualityOfADatasetIsTheSameEverywhere(t *testing.T) {
	p := newPortal(t, true)
	p.assess()
	d, err := p.Catalog.Dataset(t.Context(), "population-of-provinces")
	must(t, err)
	a, err := p.Catalog.QualityOf(t.Context(), d.ID)
	must(t, err)
	sum := 0
	for _, m := range a.Metrics {
		sum += m.Got
	}
	if sum != a.Points || a.Points == 0 {
		t.Fatalf("%d points of metrics that add up to %d", a.Points, sum)
	}
	text := fmt.Sprintf("%d of 405", a.Points)
	for _, path := range []string{"/en/datasets/population-of-provinces", "/en/datasets/population-of-provinces/quality", "/en/quality/datasets", "/badges/quality/population-of-provinces.svg?lang=en"} {
		if _, body := p.get(path); !strings.Contains(body, text) {
			t.Errorf("%s does not say %s", path, text)
		}
	}
	for path, want := range map[string]string{
		"/api/v1/datasets/population-of-provinces": fmt.Sprintf(`"quality":{"stars":%d,"points":%d,"of":405`, a.Stars, a.Points), "/api/v1/datasets/population-of-provinces/quality": fmt.Sprintf(`"points":%d`, a.Points),
		"/api/v1/quality/datasets": fmt.Sprintf(`"points":%d`, a.Points), "/quality/datasets.csv": fmt.Sprintf(",statistics,%d,%d,", a.Stars, a.Points),
		"/quality.csv": fmt.Sprintf("statistics,مرکز آمار,Statistics,1,%d", a.Points), "/en/agencies/statistics": fmt.Sprintf("%d of 405 points", a.Points),
	} {
		if _, body := p.get(path); !strings.Contains(body, want) {
			t.Errorf("%s does not have %s:\n%s", path, want, body)
		}
	}
}

// What is said to help most is what gains most.
func TestTheBestStepGainsMost(t *testing.T) {
	p := newPortal(t, true)
	p.assess()
	d, err := p.Catalog.Dataset(t.Context(), "minutes-of-meetings")
	must(t, err)
	a, err := p.Catalog.QualityOf(t.Context(), d.ID)
	must(t, err)
	gains, most := map[string]int{}, 0
	for _, m := range a.Metrics {
		gains[m.Fix] += m.Points - m.Got
		most = max(most, gains[m.Fix])
	}
	card, err := p.qualityCard(t.Context(), p.locales["en"], &d)
	must(t, err)
	if card.Best == nil || int(card.Best.Gain) != most || gains[card.Best.Key] != most {
		t.Fatalf("%+v, and the most that a step gains is %d: %v", card.Best, most, gains)
	}
	if body := p.page("/en/datasets/minutes-of-meetings"); !strings.Contains(body, fmt.Sprintf("%d points more", most)) {
		t.Errorf("the page does not say that %d points can be gained", most)
	}
}

func TestBrokenLinksAreListedWithWhoPointsToThem(t *testing.T) {
	p := newPortal(t, true)
	p.assess()
	for _, path := range []string{"/en/quality/links", "/fa/quality/links?agency=city-of-gold", "/api/v1/quality/links", "/quality/links.csv", "/quality/links.csv?agency=city-of-gold"} {
		if _, body := p.get(path); !strings.Contains(body, "https://example.org/minutes.pdf") || !strings.Contains(body, "minutes-of-meetings") || !strings.Contains(body, "404") && !strings.Contains(body, "۴۰۴") {
			t.Errorf("%s does not tell of the broken link", path)
		}
	}
	if _, body := p.get("/api/v1/quality/links?agency=statistics"); !strings.Contains(body, `"total":0`) {
		t.Errorf("another agency has the link: %s", body)
	}
	if resp, _ := p.get("/en/quality/links?agency=none"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("an agency that there is not answers %d", resp.StatusCode)
	}
}

func TestDatasetsByQualityGoOn(t *testing.T) {
	p := newPortal(t, true)
	p.assess()
	var list struct {
		Total   int
		Results []struct{ Points int }
	}
	_, body := p.get("/api/v1/quality/datasets?_after=1")
	must(t, json.Unmarshal([]byte(body), &list))
	if list.Total != 2 || len(list.Results) != 1 {
		t.Errorf("%s", body)
	}
	if resp, _ := p.get("/en/quality/datasets?_after=x"); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a broken cursor answers %d", resp.StatusCode)
	}
	for _, path := range []string{"/quality", "/quality/datasets", "/quality/links"} {
		for _, format := range exporters.Formats() {
			if resp, body := p.get(path + "." + format.Ext); resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != format.MediaType || body == "" {
				t.Errorf("%s.%s answers %d", path, format.Ext, resp.StatusCode)
			}
		}
	}
}
