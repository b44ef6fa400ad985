package site

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

func (p *portal) suggestions(query string) (a suggestAnswer) {
	p.t.Helper()
	r, body := p.get(apiPrefix + pathSuggest + "?" + query)
	if err := json.Unmarshal([]byte(body), &a); err != nil || r.StatusCode != http.StatusOK || a.Texts == nil || a.Things == nil {
		p.t.Fatalf("%s: %d %s", query, r.StatusCode, body)
	}
	return a
}

func TestSuggestionsAnswerWhatIsTyped(t *testing.T) {
	p := newPortal(t, true)
	a := p.suggestions("q=popul&lang=en")
	if !reflect.DeepEqual(a.Texts, []string{"population"}) || len(a.Things) != 1 {
		t.Fatalf("%+v", a)
	}
	if got := a.Things[0]; got.Kind != "dataset" || got.Title != "Population of provinces" || got.Lang != "en" || got.URL != "https://data.example.org/en/datasets/"+got.Slug {
		t.Errorf("%+v", got)
	}
	a = p.suggestions("q=" + url.QueryEscape("جمعيت استان") + "&lang=en") // an Arabic yeh
	if len(a.Things) != 1 || a.Things[0].Title != "جمعیت استان‌ها" || a.Things[0].Lang != "fa" {
		t.Errorf("%+v", a)
	}
	if a = p.suggestions("q=stat"); len(a.Things) != 1 || a.Things[0].Kind != "agency" || a.Things[0].Slug != "statistics" || !strings.Contains(a.Things[0].URL, "/fa/agencies/") {
		t.Errorf("%+v", a)
	}
	for _, nothing := range []string{"", "q=", "q=%20%20", "q=%FF", "q=zzz", "q=%00", "q=" + strings.Repeat("a", 10_000), "q=" + strings.Repeat("%D8%A7", 2000), "q=-popul"} {
		if a = p.suggestions(nothing); len(a.Texts)+len(a.Things) > 0 {
			t.Errorf("%.40s: %+v", nothing, a)
		}
	}
	if a = p.suggestions("q=" + strings.Repeat("population+", 5) + "po&limit=%DB%B1"); len(a.Texts) > 1 || len(a.Things) != 1 {
		t.Errorf("%+v", a)
	}
}

func TestSuggestionsMayBeKeptForAWhile(t *testing.T) {
	p := newPortal(t, true)
	r, _ := p.get(apiPrefix + pathSuggest + "?q=p")
	if got := r.Header.Get("Cache-Control"); got != CacheShort {
		t.Errorf("Cache-Control: %s", got)
	}
	if r, _ = p.get(apiPrefix+pathSuggest+"?q=p", "If-None-Match", r.Header.Get("ETag")); r.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d", r.StatusCode)
	}
	for _, bad := range []string{"q=p&limit=0", "q=p&limit=21", "q=p&limit=x", "q=p&lang=de"} {
		if r, body := p.get(apiPrefix + pathSuggest + "?" + bad); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `"detail"`) {
			t.Errorf("%s: %d %s", bad, r.StatusCode, body)
		}
	}
	if r, _ = p.get("/en" + pathSuggest); r.StatusCode != http.StatusNotFound {
		t.Errorf("there is a page: %d", r.StatusCode)
	}
}

// Nobody is told of what is not public, even before the index knows.
func TestSuggestionsHideWhatIsHidden(t *testing.T) {
	f := newForum(t)
	must(t, f.Index.CatchUp(t.Context(), f.Catalog, nil))
	if a := f.suggestions("q=byl"); len(a.Texts) != 1 || len(a.Things) != 1 || a.Things[0].Kind != "draft" {
		t.Fatalf("%+v", a)
	}
	population := f.suggestions("q=popul").Things[0]
	agencies, err := f.Catalog.Agencies(t.Context())
	must(t, err)
	must(t, f.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		if _, err := tx.CreateDataset(&catalog.Shell, catalog.Dataset{Agency: agencies[0].ID, Title: catalog.Text{"en": "Bylines"}}, ""); err != nil {
			return err
		}
		if _, err := consultation.CreateDraft(tx, &catalog.Shell, consultation.Draft{Agency: agencies[0].ID, Title: catalog.Text{"en": "Bylanes"}}); err != nil {
			return err
		}
		_, err := tx.Takedown(population.Slug, "test")
		return err
	}))
	if a := f.suggestions("q=popul"); len(a.Things) != 0 {
		t.Errorf("before the index follows: %+v", a)
	}
	must(t, f.Index.CatchUp(t.Context(), f.Catalog, nil))
	for _, q := range []string{"q=byl", "q=b", "q=popul", "q=p"} {
		a := f.suggestions(q)
		for _, s := range a.Texts {
			if s != "bylaw" && s != "bylaw of open data" {
				t.Errorf("%s: %+v", q, a)
			}
		}
	}
}
