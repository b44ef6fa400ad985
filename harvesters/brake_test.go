package harvesters_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// A thing is one record of a generated source.
type thing struct{ id, title string }

// things are n records, each with its own title.
func things(n int) []thing {
	var all []thing
	for i := range n {
		all = append(all, thing{fmt.Sprintf("id-%d", i), fmt.Sprintf("Register number %d", i)})
	}
	return all
}

// catalogueOf writes records as a data.json.
func catalogueOf(all []thing) string {
	list := make([]map[string]any, 0, len(all))
	for _, x := range all {
		list = append(list, map[string]any{"identifier": x.id, "title": x.title, "accessLevel": "public"})
	}
	b, _ := json.Marshal(map[string]any{"dataset": list})
	return string(b)
}

// A braked is a source whose file a test changes.
type braked struct {
	t    *testing.T
	deps harvesters.Deps
	src  catalog.Source
	path string
}

func newBraked(t *testing.T, all []thing) *braked {
	t.Helper()
	d := newDeps(t)
	path := writeFile(t, "data.json", catalogueOf(all))
	b := &braked{t, d, addSource(t, d, "datajson", path), path}
	b.run(catalogueOf(all), catalog.RunComplete)
	return b
}

// run harvests the content, which must end in the state.
func (b *braked) run(content, state string) catalog.Run {
	b.t.Helper()
	setFile(b.t, b.path, content)
	run := harvest(b.t, b.deps, b.src)
	if run.State != state {
		b.t.Errorf("the run is %s, want %s: %+v %q", run.State, state, run.Counts, run.Reason)
	}
	if (run.Reason == "") != (state == catalog.RunComplete) {
		b.t.Errorf("a run that is %s has the reason %q", run.State, run.Reason)
	}
	return run
}

func (b *braked) approve(run string) error {
	return b.deps.Store.Write(context.Background(), func(tx *catalog.Tx) error {
		_, err := tx.ApproveRun(&b.src, run, "tester")
		return err
	})
}

// published are the datasets: id by slug.
func (b *braked) published() map[string]string {
	b.t.Helper()
	ids, err := b.deps.Store.DatasetIDs(b.t.Context(), catalog.Filter{Source: b.src.ID})
	if err != nil {
		b.t.Fatal(err)
	}
	list, err := b.deps.Store.DatasetsByID(b.t.Context(), ids, false)
	if err != nil {
		b.t.Fatal(err)
	}
	all := map[string]string{}
	for i := range list {
		all[list[i].Slug] = list[i].ID
	}
	return all
}

func (b *braked) ledger() []catalog.Removal {
	b.t.Helper()
	all, total, err := b.deps.Store.Removals(b.t.Context(), catalog.RemovalFilter{Noun: catalog.NounDataset, Limit: 100_000})
	if err != nil || total != int64(len(all)) {
		b.t.Fatalf("%d of %d lines, %v", len(all), total, err)
	}
	return all
}

func (b *braked) want(published, ledger int) {
	b.t.Helper()
	if p, l := len(b.published()), len(b.ledger()); p != published || l != ledger {
		b.t.Errorf("%d are published and %d in the ledger, want %d and %d", p, l, published, ledger)
	}
}

func TestTheSecondCompleteRunRetires(t *testing.T) {
	b := newBraked(t, things(40))
	before := b.published()
	less := catalogueOf(things(37))
	if run := b.run(less, catalog.RunComplete); run.Counts.Missing != 3 || run.Counts.Retired != 0 {
		t.Errorf("first: %+v", run.Counts)
	}
	b.want(40, 0)
	b.run("{", catalog.RunFailed) // what proves nothing is no second run
	b.run(less[:len(less)-1], catalog.RunIncomplete)
	b.want(40, 0)
	second := b.run(less, catalog.RunComplete)
	if second.Counts.Retired != 3 {
		t.Errorf("second: %+v", second.Counts)
	}
	b.want(37, 3)
	for _, r := range b.ledger() {
		if r.Kind != catalog.RemovedMissing || r.Run != second.ID || r.Source != b.src.ID || r.Missing.IsZero() || len(r.Record) != 64 || before[r.Slug] != r.Thing {
			t.Errorf("the ledger has %+v", r)
		}
	}
	if run := b.run(less, catalog.RunComplete); run.Counts.Missing != 0 || run.Counts.Retired != 0 {
		t.Errorf("third: %+v: what is retired is missing no more", run.Counts)
	}
	if run := b.run(catalogueOf(things(40)), catalog.RunComplete); run.Counts.Returned != 3 || run.Counts.Unchanged != 40 {
		t.Errorf("back: %+v", run.Counts)
	}
	b.want(40, 3)
	for slug, id := range b.published() {
		if before[slug] != id {
			t.Errorf("%s is %s, was %s", slug, id, before[slug])
		}
	}
	for _, r := range b.ledger() {
		if r.Returned.IsZero() {
			t.Errorf("%s is back and its line is open", r.Slug)
		}
	}
}

func TestWhatFlapsIsNotRetired(t *testing.T) {
	b := newBraked(t, things(40))
	for range 3 {
		b.run(catalogueOf(things(38)), catalog.RunComplete)
		b.run(catalogueOf(things(40)), catalog.RunComplete)
	}
	b.want(40, 0)
}

// TestHeldRuns goes over what a broken or changed source may look like: nothing
// is retired, and the run says why.
func TestHeldRuns(t *testing.T) {
	all := things(40)
	renamed := make([]thing, len(all))
	foreign := make([]thing, len(all))
	for i, x := range all {
		renamed[i] = thing{"new-" + x.id, x.title}
		foreign[i] = thing{"other-" + x.id, "Something else " + x.title}
	}
	for name, c := range map[string]struct {
		content string
		state   string
		reason  string
	}{
		"empty list":      {`{"dataset":[]}`, catalog.RunFailed, "holds no records"},
		"truncated":       {catalogueOf(all)[:1000], catalog.RunIncomplete, "broken at byte"},
		"web page":        {"<!DOCTYPE html><html><body>maintenance", catalog.RunFailed, "web page"},
		"half of them":    {catalogueOf(all[:20]), catalog.RunHeld, "20 of the 40 records known from before did not come"},
		"less than half":  {catalogueOf(all[:19]), catalog.RunHeld, "less than half"},
		"new identifiers": {catalogueOf(renamed), catalog.RunHeld, "changed its identifiers"},
		"another source":  {catalogueOf(foreign), catalog.RunHeld, "records known from before did not come"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBraked(t, all)
			before := b.published()
			for range 3 {
				run := b.run(c.content, c.state)
				if !strings.Contains(run.Reason, c.reason) {
					t.Errorf("reason %q, want %q", run.Reason, c.reason)
				}
			}
			after := b.published()
			if len(b.ledger()) != 0 || name != "another source" && len(after) != len(before) {
				t.Errorf("%d are published, were %d; the ledger has %d lines", len(after), len(before), len(b.ledger()))
			}
			for slug, id := range before {
				if after[slug] != id {
					t.Errorf("%s is gone", slug)
				}
			}
		})
	}
}

func TestApprovalCarriesOutOneRun(t *testing.T) {
	b := newBraked(t, things(40))
	b.run(catalogueOf(things(35)), catalog.RunComplete)
	older := b.run(catalogueOf(things(35)), catalog.RunHeld)
	newer := b.run(catalogueOf(things(34)), catalog.RunHeld)
	if older.Counts.Waiting != 5 || newer.Counts.Waiting != 5 || newer.Counts.Missing != 6 {
		t.Errorf("%+v, %+v", older.Counts, newer.Counts)
	}
	if err := b.approve(older.ID); err == nil || !strings.Contains(err.Error(), "no longer the newest") {
		t.Errorf("the older run: %v", err)
	}
	b.run("{", catalog.RunFailed) // proves nothing, and stands in nobody's way
	b.want(40, 0)
	if err := b.approve(newer.ID); err != nil {
		t.Fatal(err)
	}
	b.want(35, 5)
	run, err := b.deps.Store.Run(t.Context(), newer.ID)
	if err != nil || run.State != catalog.RunComplete || run.Approved.IsZero() || run.ApprovedBy != "tester" || run.Counts.Retired != 5 || run.Counts.Waiting != 0 {
		t.Errorf("%+v, %v", run, err)
	}
	if err := b.approve(newer.ID); err == nil || !strings.Contains(err.Error(), "nothing to approve") {
		t.Errorf("twice: %v", err)
	}
	b.run(catalogueOf(things(34)), catalog.RunComplete) // the sixth went for the second time
	b.want(34, 6)
}

func TestApprovalLeavesWhatIsBack(t *testing.T) {
	b := newBraked(t, things(40))
	held := b.run(catalogueOf(things(18)), catalog.RunHeld)
	some := things(40)
	b.run(catalogueOf(some)[:len(catalogueOf(some))/2+300], catalog.RunIncomplete) // about 20 come
	if err := b.approve(held.ID); err != nil {
		t.Fatal(err)
	}
	run, err := b.deps.Store.Run(t.Context(), held.ID)
	if err != nil || run.Counts.Retired >= 22 || run.Counts.Retired < 15 {
		t.Errorf("%d were retired of 22 that were missing when some came back, %v", run.Counts.Retired, err)
	}
	b.want(40-int(run.Counts.Retired), int(run.Counts.Retired))
}

func TestApprovalMovesIdentifiers(t *testing.T) {
	all := things(40)
	b := newBraked(t, all)
	before := b.published()
	for i := range all {
		all[i].id = "new-" + all[i].id
	}
	all = append(all, thing{"fresh", "A register never seen"})
	held := b.run(catalogueOf(all), catalog.RunHeld)
	if held.Counts.Relinked != 40 || held.Counts.New != 1 || held.Counts.Missing != 0 || held.Counts.Waiting != 40 {
		t.Errorf("%+v", held.Counts)
	}
	if err := b.approve(held.ID); err != nil {
		t.Fatal(err)
	}
	all[7].title = "Another title"
	if run := b.run(catalogueOf(all), catalog.RunComplete); run.Counts.New != 0 || run.Counts.Changed != 1 || run.Counts.Missing != 0 {
		t.Errorf("after it: %+v", run.Counts)
	}
	after := b.published()
	for slug, id := range before {
		if after[slug] != id {
			t.Errorf("%s is %q, was %q", slug, after[slug], id)
		}
	}
	b.want(41, 0)
}

// TestAFewNewIdentifiersAreFollowed needs nobody: each is one of a few, and the
// same in title, publisher and landing page. One that was retired comes back
// under its new identifier too.
func TestAFewNewIdentifiersAreFollowed(t *testing.T) {
	all := things(40)
	b := newBraked(t, all)
	before := b.published()
	all[3].id, all[30].id = "x", "y"
	if run := b.run(catalogueOf(all), catalog.RunComplete); run.Counts.Relinked != 2 || run.Counts.New != 0 || run.Counts.Missing != 0 {
		t.Errorf("%+v", run.Counts)
	}
	b.run(catalogueOf(all[1:]), catalog.RunComplete)
	b.run(catalogueOf(all[1:]), catalog.RunComplete)
	b.want(39, 1)
	all[0].id = "z"
	if run := b.run(catalogueOf(all), catalog.RunComplete); run.Counts.Relinked != 1 || run.Counts.Returned != 1 {
		t.Errorf("%+v", run.Counts)
	}
	after := b.published()
	for slug, id := range before {
		if after[slug] != id {
			t.Errorf("%s is %q, was %q", slug, after[slug], id)
		}
	}
	b.want(40, 1)
}

// TestSameTitlesAreNotTakenForOne: a new record with the title of one that came
// is new.
func TestSameTitlesAreNotTakenForOne(t *testing.T) {
	all := things(10)
	b := newBraked(t, all)
	twins := append(slices.Clone(all), thing{"twin", all[4].title})
	twins = append([]thing{{"early twin", all[5].title}}, twins...)
	if run := b.run(catalogueOf(twins), catalog.RunComplete); run.Counts.New != 2 || run.Counts.Relinked != 0 {
		t.Errorf("%+v", run.Counts)
	}
	b.want(12, 0)
	b.run(catalogueOf(twins)[:800], catalog.RunIncomplete)
	b.want(12, 0)
}

// TestRealBrake replaces the source's file by the next snapshot, as the real
// portals did, the later one twice.
func TestRealBrake(t *testing.T) {
	for _, c := range []struct {
		name               string
		files              []string
		published, retired int // what is there in the end
		relinked           int64
	}{
		{"05b-27019", []string{"20230214", "20230307", "20230307"}, 93, 3, 0},
		{"04f-01", []string{"20230210", "20230212", "20230214"}, 157, 0, 4},
		{"13a-01", []string{"20230202", "20230307", "20230307"}, 182, 2, 0},
		{"07c-01", []string{"20230214", "20230307", "20230307"}, 176, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDeps(t)
			b := &braked{t: t, deps: d}
			var relinked int64
			for i, file := range c.files {
				path := realFile(t, "arcgis-hub", c.name, c.name+"_"+file+".json")
				if i == 0 {
					b.src = addSource(t, d, "datajson", path)
				}
				b.src.URL = path
				run := harvest(t, d, b.src)
				if run.State != catalog.RunComplete {
					t.Errorf("%s: %s %q", filepath.Base(path), run.State, run.Reason)
				}
				relinked += run.Counts.Relinked
			}
			b.want(c.published, c.retired)
			if relinked != c.relinked {
				t.Errorf("%d were relinked, want %d", relinked, c.relinked)
			}
		})
	}
}
