package search_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/search"
)

// A searchCase is a small catalogue and what queries find in it.
type searchCase struct {
	Agencies []struct {
		Title    catalog.Text
		Datasets []caseDataset
	}
	Queries []caseQuery
}

type caseDataset struct {
	Key                string // what queries call it
	Title, Description catalog.Text
	Keywords, Themes   []string
	Licence, Publisher string
	Issued, Modified   string
	Temporal           catalog.Interval
	Resources          []struct {
		Name, Format string
		Columns      []string
	}
}

type caseQuery struct {
	Text, Sort, Lang, Kind         string
	Theme, Format, Licence, Agency []string // agencies by their English title
	From, To                       int
	Want                           string // keys in order; with ~ in front: in any order
	Facets                         map[string]map[string]int64
	Relaxed, AnyWord               bool
	Suggest                        string
	Missing                        []string
}

// publish writes the catalogue and returns the keys of ids and the ids of
// agencies.
func (c *searchCase) publish(tb testing.TB, s *catalog.Store) (keys, agencies map[string]string) {
	tb.Helper()
	keys, agencies = map[string]string{}, map[string]string{}
	for _, a := range c.Agencies {
		id := put(tb, s, a.Title)
		agencies[a.Title["en"]] = id
		keys[id] = strings.ReplaceAll(a.Title["en"], " ", "-")
		for _, d := range a.Datasets {
			set := catalog.Dataset{
				Agency: id, Title: d.Title, Description: d.Description, Keywords: d.Keywords, Themes: d.Themes, Licence: d.Licence,
				Publisher: d.Publisher, Issued: d.Issued, Modified: d.Modified, Temporal: d.Temporal,
			}
			write(tb, s, func(tx *catalog.Tx) error {
				if err := tx.PutDataset(&set); err != nil {
					return err
				}
				for i, r := range d.Resources {
					res := catalog.Resource{Dataset: set.ID, Name: r.Name, Format: r.Format}
					if err := tx.PutResource(&res, i); err != nil {
						return err
					}
					if len(r.Columns) == 0 {
						continue
					}
					e := catalog.Edition{Resource: res.ID, Digest: "d" + res.ID, File: "f", HasTable: true}
					for _, label := range r.Columns {
						e.Schema = append(e.Schema, datasets.Column{Name: label, Label: label})
					}
					if err := tx.PutEdition(&e); err != nil {
						return err
					}
				}
				return nil
			})
			keys[set.ID] = d.Key
		}
	}
	return keys, agencies
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.json")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			must(t, err)
			var c searchCase
			must(t, json.Unmarshal(b, &c))
			s, x := portal(t)
			keys, agencies := c.publish(t, s)
			catchUp(t, x, s)
			for _, q := range c.Queries {
				q.check(t, x, keys, agencies)
			}
		})
	}
}

func (q *caseQuery) check(t *testing.T, x *search.Index, keys, agencies map[string]string) {
	t.Helper()
	ask := search.Query{
		Text: q.Text, Sort: q.Sort, Lang: q.Lang, Kind: q.Kind, Theme: q.Theme, Format: q.Format, Licence: q.Licence,
		From: q.From, To: q.To, Facets: true,
	}
	if ask.Kind == "" {
		ask.Kind = catalog.NounDataset
	}
	for _, a := range q.Agency {
		ask.Agency = append(ask.Agency, agencies[a])
	}
	res, err := x.Search(t.Context(), ask)
	if err != nil {
		t.Errorf("%+v: %v", ask, err)
		return
	}
	var got []string
	for _, h := range res.Hits {
		got = append(got, keys[h.ID])
	}
	want, anyOrder := strings.CutPrefix(q.Want, "~")
	same := reflect.DeepEqual(got, strings.Fields(want))
	if anyOrder || len(got) == 0 {
		same = sameSet(got, strings.Fields(want))
	}
	if !same || res.Total != int64(len(got)) {
		t.Errorf("%+v finds %v (of %d), want %s", *q, got, res.Total, q.Want)
	}
	if res.Relaxed != q.Relaxed || res.AnyWord != q.AnyWord || res.Suggest != q.Suggest || !sameSet(res.Missing, q.Missing) {
		t.Errorf("%+v: relaxed %v, any word %v, suggest %q, missing %q", *q, res.Relaxed, res.AnyWord, res.Suggest, res.Missing)
	}
	for _, f := range res.Facets {
		want, ok := q.Facets[f.Name]
		if !ok {
			continue
		}
		counts := map[string]int64{}
		for _, v := range f.Values {
			name := v.Value
			if f.Name == search.FacetAgency {
				name = keys[name]
			}
			counts[name] = v.Count
		}
		if !reflect.DeepEqual(counts, want) {
			t.Errorf("%+v: facet %s is %v, want %v", *q, f.Name, counts, want)
		}
	}
}

func sameSet(a, b []string) bool {
	count := map[string]int{}
	for _, s := range a {
		count[s]++
	}
	for _, s := range b {
		count[s]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}
