package harvesters_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// TestBrakeProperty harvests random sequences of states of a source. However it
// changes, no run retires more than is free without approval, nothing is
// retired that one of the last two whole readings had, and every dataset keeps
// its id and slug for ever.
func TestBrakeProperty(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { brakeProperty(t, rand.New(rand.NewPCG(seed, 7)), 25) })
	}
}

func brakeProperty(t *testing.T, r *rand.Rand, steps int) {
	t.Helper()
	source := things(4 + r.IntN(80))
	b := newBraked(t, source)
	slugs, next := map[string]string{}, 1000 // slug of every id that ever was
	previous := idsOf(source)
	for slug, id := range b.published() {
		slugs[id] = slug
	}
	for step := range steps {
		var what string
		source, what = mutate(r, source, &next)
		content, whole := broken(r, catalogueOf(source))
		before := b.published()
		setFile(t, b.path, content)
		run := harvest(t, b.deps, b.src)
		after := b.published()
		lost := 0
		for slug, id := range before {
			if after[slug] == id {
				continue
			}
			lost++
			d, err := b.deps.Store.LastKnown(t.Context(), id)
			if err != nil || d.Slug != slug || d.State != catalog.Retired {
				t.Fatalf("step %d, %s: dataset %s is %+v, %v", step, what, slug, d, err)
			}
			if previous[d.Identifier] || whole && idsOf(source)[d.Identifier] {
				t.Fatalf("step %d, %s: %s was retired and one of the last two whole readings had it", step, what, d.Identifier)
			}
		}
		if lost > max(3, len(before)*5/100) || lost > 0 && (!whole || run.State != catalog.RunComplete) || lost != int(run.Counts.Retired) || len(after) == 0 {
			t.Fatalf("step %d, %s: %d of %d were retired by a run that is %s: %+v", step, what, lost, len(before), run.State, run.Counts)
		}
		for slug, id := range after {
			if known, ok := slugs[id]; ok && known != slug {
				t.Fatalf("step %d, %s: dataset %s was %s and is %s", step, what, id, known, slug)
			}
			slugs[id] = slug
		}
		if run.State == catalog.RunHeld && r.IntN(3) == 0 {
			if err := b.approve(run.ID); err != nil {
				t.Fatalf("step %d, %s: %v", step, what, err)
			}
		}
		open := 0
		for _, l := range b.ledger() {
			if l.Returned.IsZero() {
				open++
			}
		}
		if open+len(b.published()) != len(slugs) {
			t.Fatalf("step %d, %s: %d published and %d open lines, %d datasets ever", step, what, len(b.published()), open, len(slugs))
		}
		if whole && (run.State == catalog.RunComplete || run.State == catalog.RunHeld) {
			previous = idsOf(source)
		}
	}
}

func idsOf(all []thing) map[string]bool {
	ids := map[string]bool{}
	for _, x := range all {
		ids[x.id] = true
	}
	return ids
}

// mutate changes a source in one of the ways that sources change.
func mutate(r *rand.Rand, all []thing, next *int) ([]thing, string) {
	all = slices.Clone(all)
	some := func(n int) []thing { // without n random ones
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		return all[min(n, len(all)-1):]
	}
	switch r.IntN(8) {
	case 0, 1:
		return some(1 + r.IntN(3)), "a few go"
	case 2:
		return some(r.IntN(len(all))), "many go"
	case 3:
		for range 1 + r.IntN(10) {
			*next++
			all = append(all, thing{fmt.Sprintf("id-%d", *next), fmt.Sprintf("Register number %d", *next)})
		}
		return all, "some come"
	case 4:
		*next++
		for i := range all {
			all[i].id = fmt.Sprintf("%d-%s", *next, all[i].id)
		}
		return all, "all identifiers change"
	case 5:
		*next++
		all[r.IntN(len(all))].id = fmt.Sprintf("id-%d", *next)
		return all, "one identifier changes"
	case 6:
		*next++
		all[r.IntN(len(all))].title = fmt.Sprintf("Register number %d", *next)
		return all, "a title changes"
	}
	return all, "nothing changes"
}

// broken may break what the source sends, and reports whether it is whole.
func broken(r *rand.Rand, content string) (string, bool) {
	switch r.IntN(8) {
	case 0:
		return content[:r.IntN(len(content))], false
	case 1:
		return []string{`{"dataset":[]}`, "<html>", "", "[]"}[r.IntN(4)], false
	}
	return content, true
}
