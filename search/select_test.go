package search_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// themed publishes datasets of which the n-th has the first n themes, the
// word of each theme being in the title.
func themed(t *testing.T, s *catalog.Store, themes ...string) {
	t.Helper()
	var all []*catalog.Dataset
	for n := 1; n <= len(themes); n++ {
		all = append(all, &catalog.Dataset{Title: catalog.Text{"en": fmt.Sprint("number ", n)}, Themes: themes[:n]})
	}
	put(t, s, catalog.Text{"en": "Agency"}, all...)
}

func TestFewValuesOfAFacetAreTheMostFrequent(t *testing.T) {
	s, x := portal(t)
	themed(t, s, "one", "two", "three", "four", "five", "six", "seven")
	catchUp(t, x, s)
	facet := func(q search.Query) search.Facet {
		t.Helper()
		q.Facets = true
		for _, f := range ask(t, x, q).Facets {
			if f.Name == search.FacetTheme {
				return f
			}
		}
		t.Fatal("the facet of themes is missing")
		return search.Facet{}
	}
	all := facet(search.Query{})
	if len(all.Values) != 7 || all.More != 0 {
		t.Fatalf("all values are asked for and these come: %+v", all)
	}
	if few := facet(search.Query{FacetValues: 3}); !reflect.DeepEqual(few.Values, all.Values[:3]) || few.More != 4 {
		t.Errorf("three values are asked for and these come: %+v", few)
	}
	with := facet(search.Query{FacetValues: 3, Theme: []string{"two", "six", "none"}})
	want := []search.FacetValue{{"one", 7, false}, {"two", 6, true}, {"three", 5, false}, {"six", 2, true}, {"none", 0, true}}
	if !reflect.DeepEqual(with.Values, want) || with.More != 3 {
		t.Errorf("with chosen values come %+v, want %+v and 3 more", with, want)
	}
}

func TestMisspeltWordsAreTakenForTheMostFrequent(t *testing.T) {
	s, x := portal(t)
	var all []*catalog.Dataset
	for n, word := range []string{"harbort", "harbour", "harbour", "harbour", "harboud"} {
		all = append(all, &catalog.Dataset{Title: catalog.Text{"en": fmt.Sprint(word, " ", n)}})
	}
	put(t, s, catalog.Text{"en": "Agency"}, all...)
	catchUp(t, x, s)
	if res := ask(t, x, search.Query{Text: "harbouz"}); res.Suggest != "harbour" {
		t.Errorf("harbouz is taken for %q, not for the word that most datasets hold", res.Suggest)
	}
}
