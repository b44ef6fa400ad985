package search_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// A doc is a dataset as the brute-force search of the test sees it.
type doc struct {
	id      string
	words   map[string]bool
	agency  string
	themes  []string
	formats []string
	licence string
	date    string
	from    int
	to      int
}

var vocabulary = strings.Fields("rain dust moon lamp کوه رود باد barn frog drum")

func pick(r *rand.Rand, list []string, most int) []string {
	var out []string
	for range r.IntN(most + 1) {
		if v := list[r.IntN(len(list))]; !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// randomCatalogue publishes n random datasets of three agencies.
func randomCatalogue(t *testing.T, s *catalog.Store, r *rand.Rand, n int) []doc {
	t.Helper()
	agencies := []string{
		put(t, s, catalog.Text{"en": "Qwerty"}), put(t, s, catalog.Text{"en": "Asdfgh"}), put(t, s, catalog.Text{"en": "Zxcvbn"}),
	}
	docs := make([]doc, 0, n)
	for range n {
		title, more := pick(r, vocabulary, 3), pick(r, vocabulary, 5)
		title = append(title, "yard")
		d := doc{
			words: map[string]bool{}, agency: agencies[r.IntN(3)], themes: pick(r, []string{"t1", "t2", "t3"}, 2),
			formats: pick(r, []string{"CSV", "PDF", "XLSX"}, 3), licence: []string{"", "l1", "l2"}[r.IntN(3)],
			date: fmt.Sprintf("20%02d-01-02", 10+r.IntN(5)),
		}
		for _, w := range slices.Concat(title, more) {
			d.words[w] = true
		}
		d.from, _ = strconv.Atoi(d.date[:4])
		d.to = d.from
		set := catalog.Dataset{
			Title: catalog.Text{"en": strings.Join(title, " ")}, Description: catalog.Text{"en": strings.Join(more, " ")},
			Agency: d.agency, Themes: d.themes, Licence: d.licence, Modified: d.date,
		}
		if r.IntN(2) == 0 {
			d.from, d.to = 2000+r.IntN(10), 2005+r.IntN(15)
			set.Temporal = catalog.Interval{Start: strconv.Itoa(d.from), End: strconv.Itoa(d.to) + "-06-30"}
			d.from, d.to = min(d.from, d.to), max(d.from, d.to)
		}
		write(t, s, func(tx *catalog.Tx) error {
			if err := tx.PutDataset(&set); err != nil {
				return err
			}
			for i, f := range d.formats {
				if err := tx.PutResource(&catalog.Resource{Dataset: set.ID, Name: "file", Format: f}, i); err != nil {
					return err
				}
			}
			return nil
		})
		d.id = set.ID
		docs = append(docs, d)
	}
	return docs
}

func overlap(have, want []string) bool {
	return len(want) == 0 || slices.ContainsFunc(want, func(v string) bool { return slices.Contains(have, v) })
}

// matches is the brute-force search: all words, none of the excluded, every
// filter but one.
func (d *doc) matches(words, excluded []string, q *search.Query, except string) bool {
	for _, w := range words {
		if !d.words[w] {
			return false
		}
	}
	for _, w := range excluded {
		if d.words[w] {
			return false
		}
	}
	to := q.To
	if to == 0 {
		to = 9999
	}
	return (except == search.FacetAgency || overlap([]string{d.agency}, q.Agency)) &&
		(except == search.FacetTheme || overlap(d.themes, q.Theme)) &&
		(except == search.FacetFormat || overlap(d.formats, q.Format)) &&
		(except == search.FacetLicence || overlap([]string{d.licence}, q.Licence)) &&
		(except == search.FacetYear || d.from <= to && d.to >= q.From)
}

func (d *doc) values(facet string) []string {
	switch facet {
	case search.FacetAgency:
		return []string{d.agency}
	case search.FacetTheme:
		return d.themes
	case search.FacetFormat:
		return d.formats
	case search.FacetLicence:
		if d.licence == "" {
			return nil
		}
		return []string{d.licence}
	}
	var years []string
	for y := d.from; y <= d.to; y++ {
		years = append(years, strconv.Itoa(y))
	}
	return years
}

func randomQuery(r *rand.Rand, docs []doc) (q search.Query, words, excluded []string) {
	words, excluded = pick(r, vocabulary, 2), pick(r, vocabulary, 1)
	excluded = slices.DeleteFunc(excluded, func(w string) bool { return slices.Contains(words, w) })
	q = search.Query{Text: strings.Join(words, " "), Kind: catalog.NounDataset, Facets: true, Size: 1000}
	for _, w := range excluded {
		q.Text += " -" + w
	}
	if r.IntN(2) == 0 {
		q.Theme = pick(r, []string{"t1", "t2", "t3"}, 2)
	}
	if r.IntN(2) == 0 {
		q.Format = pick(r, []string{"CSV", "PDF", "XLSX"}, 2)
	}
	if r.IntN(3) == 0 {
		q.Agency = []string{docs[r.IntN(len(docs))].agency}
	}
	if r.IntN(3) == 0 {
		q.Licence = pick(r, []string{"l1", "l2"}, 1)
	}
	if r.IntN(3) == 0 {
		q.From = 2000 + r.IntN(10)
		q.To = []int{0, q.From + r.IntN(10)}[r.IntN(2)]
	}
	q.Sort = []string{"", search.SortNewest, search.SortTitle, search.SortRelevance}[r.IntN(4)]
	return q, words, excluded
}

// TestIndexAgreesWithBruteForce asks random queries of a random catalogue,
// part of which was changed after it was indexed, and compares results, facet
// counts and pages with those of a loop over all datasets.
func TestIndexAgreesWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	s, x := portal(t)
	docs := randomCatalogue(t, s, r, 150)
	catchUp(t, x, s)
	docs = append(docs, randomCatalogue(t, s, r, 50)...)
	for i := 0; i < len(docs); i += 7 { // some go
		write(t, s, func(tx *catalog.Tx) error {
			d, err := tx.Dataset(docs[i].id)
			if err != nil {
				return err
			}
			d.State = catalog.Retired
			return tx.PutDataset(&d)
		})
	}
	left := docs[:0:0]
	for i := range docs {
		if i%7 != 0 {
			left = append(left, docs[i])
		}
	}
	catchUp(t, x, s)
	compare(t, x, s)
	for range 150 {
		q, words, excluded := randomQuery(r, left)
		checkBruteForce(t, x, left, q, words, excluded)
	}
}

func checkBruteForce(t *testing.T, x *search.Index, docs []doc, q search.Query, words, excluded []string) {
	t.Helper()
	res := ask(t, x, q)
	if res.Relaxed { // nothing holds all words
		for _, d := range docs {
			if d.matches(words, nil, &search.Query{}, "") {
				t.Errorf("%+v is relaxed, but %s matches", q, d.id)
			}
		}
		return
	}
	want := []string{}
	for _, d := range docs {
		if d.matches(words, excluded, &q, "") {
			want = append(want, d.id)
		}
	}
	if !sameSet(hitIDs(res), want) || res.Total != int64(len(want)) {
		t.Errorf("%+v finds %d, want %d", q, res.Total, len(want))
	}
	for _, f := range res.Facets {
		wantCounts := map[string]int64{}
		for _, d := range docs {
			if d.matches(words, excluded, &q, f.Name) {
				for _, v := range d.values(f.Name) {
					wantCounts[v]++
				}
			}
		}
		got := map[string]int64{}
		for _, v := range f.Values {
			if v.Count > 0 {
				got[v.Value] = v.Count
			}
		}
		if !reflect.DeepEqual(got, wantCounts) {
			t.Errorf("%+v: facet %s is %v, want %v", q, f.Name, got, wantCounts)
		}
	}
	checkPages(t, x, q, hitIDs(res))
}

// checkPages reads the result again in small pages, by cursor and by number.
func checkPages(t *testing.T, x *search.Index, q search.Query, want []string) {
	t.Helper()
	q.Size, q.Facets = 7, false
	var byCursor, byNumber []string
	for page := 1; ; page++ {
		res := ask(t, x, q)
		byCursor = append(byCursor, hitIDs(res)...)
		numbered := q
		numbered.After, numbered.Page = "", page
		byNumber = append(byNumber, hitIDs(ask(t, x, numbered))...)
		if q.After = res.Next; q.After == "" {
			break
		}
	}
	if !slices.Equal(byCursor, want) || !slices.Equal(byNumber, want) {
		t.Errorf("%+v: by cursor %d, by number %d, at once %d, or in another order", q, len(byCursor), len(byNumber), len(want))
	}
}

// Choosing a value of a facet finds as many as the facet said.
func TestFacetsAreTheTotalsOfChoosing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	s, x := portal(t)
	docs := randomCatalogue(t, s, r, 80)
	catchUp(t, x, s)
	for range 30 {
		q, _, _ := randomQuery(r, docs)
		for _, f := range ask(t, x, q).Facets {
			for _, v := range f.Values {
				with := q
				switch f.Name {
				case search.FacetAgency:
					with.Agency = []string{v.Value}
				case search.FacetTheme:
					with.Theme = []string{v.Value}
				case search.FacetFormat:
					with.Format = []string{v.Value}
				case search.FacetLicence:
					with.Licence = []string{v.Value}
				case search.FacetYear:
					with.From, _ = strconv.Atoi(v.Value)
					with.To = with.From
				}
				if got := ask(t, x, with).Total; got != v.Count {
					t.Errorf("%+v: facet %s says %d for %s, choosing it finds %d", q, f.Name, v.Count, v.Value, got)
				}
			}
		}
	}
}

func TestBadParametersAreExplained(t *testing.T) {
	s, x := portal(t)
	put(t, s, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}})
	catchUp(t, x, s)
	next := ask(t, x, search.Query{Size: 1}).Next
	for _, c := range []struct {
		param string
		q     search.Query
	}{
		{"sort", search.Query{Sort: "colour"}},
		{"kind", search.Query{Kind: "person"}},
		{"page", search.Query{Page: 501}},
		{"page", search.Query{Page: 1 << 62}},
		{"from", search.Query{From: -1}},
		{"to", search.Query{To: 1 << 40}},
		{"_after", search.Query{After: "x"}},
		{"_after", search.Query{After: "!"}},
		{"_after", search.Query{After: strings.Repeat("A", 10_000)}},
		{"_after", search.Query{After: next[:len(next)/2]}},
		{"_after", search.Query{After: next, Sort: search.SortTitle}},
	} {
		_, err := x.Search(t.Context(), c.q)
		var input *search.InputError
		if !errors.As(err, &input) || input.Param != c.param || len(input.Text) < 20 {
			t.Errorf("%+v: %v, want an error of %s", c.q, err, c.param)
		}
	}
	if res := ask(t, x, search.Query{Page: 500}); len(res.Hits) != 0 || res.Total != 2 {
		t.Errorf("a page behind the end: %+v", res)
	}
}
