package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// Phrases are found where their words follow each other, in texts short and long,
// with the words at high places and in some documents alone.
func TestPhrasesAgreeWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	s, x := portal(t)
	words := strings.Fields("rain dust moon lamp barn frog")
	var texts []string
	var all []*catalog.Dataset
	for i := range 700 {
		var text []string
		for range 1 + r.IntN(1+i%400) {
			text = append(text, words[min(r.IntN(len(words)), r.IntN(len(words)))])
		}
		if r.IntN(3) == 0 {
			text = []string{words[r.IntN(len(words))]}
		}
		texts = append(texts, " "+strings.Join(text, " ")+" ")
		all = append(all, &catalog.Dataset{Title: catalog.Text{"en": fmt.Sprint("nr", i)}, Description: catalog.Text{"en": strings.Join(text, " ")}})
	}
	put(t, s, catalog.Text{"en": "Agency"}, all...)
	catchUp(t, x, s)
	for range 60 {
		var phrase []string
		for range 2 + r.IntN(4) {
			phrase = append(phrase, words[r.IntN(len(words))])
		}
		var want []string
		for i, text := range texts {
			if strings.Contains(text, " "+strings.Join(phrase, " ")+" ") {
				want = append(want, all[i].ID)
			}
		}
		res := ask(t, x, search.Query{Text: `"` + strings.Join(phrase, " ") + `"`, Size: 1000})
		got := hitIDs(res)
		if res.Relaxed {
			got = nil
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %d datasets, want %d", phrase, len(got), len(want))
		}
	}
}
