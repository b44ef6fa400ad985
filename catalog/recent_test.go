package catalog

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// A clock is set by the test.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// recents opens a catalogue with n datasets, one a minute, each with a resource.
func recents(t *testing.T, n int) (*Store, *clock, []Dataset) {
	t.Helper()
	c := &clock{at: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	s, err := Open(t.Context(), t.TempDir(), Options{Now: c.now, Fatal: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	a := &Agency{Title: Text{"en": "Agency"}}
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.PutAgency(a) }); err != nil {
		t.Fatal(err)
	}
	var all []Dataset
	for i := range n {
		c.at = c.at.Add(time.Minute)
		d := Dataset{Title: Text{"en": "Dataset " + strings.Repeat("x", i)}, Agency: a.ID}
		err := s.Write(t.Context(), func(tx *Tx) error {
			if err := tx.PutDataset(&d); err != nil {
				return err
			}
			r := Resource{Dataset: d.ID, Name: "file"}
			err := tx.PutResource(&r, 0)
			d.Resources = []Resource{r}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return s, c, all
}

func idsOf(all []Dataset) []string {
	var ids []string
	for i := range all {
		ids = append(ids, all[i].ID)
	}
	return ids
}

func TestRecentDatasetsComePageByPage(t *testing.T) {
	s, c, all := recents(t, 7)
	want := idsOf(all)
	slices.Reverse(want)
	var added []string
	for before := ""; ; {
		page, err := s.Added(t.Context(), before, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		added = append(added, idsOf(page)...)
		before = page[len(page)-1].ID
	}
	if !slices.Equal(added, want) {
		t.Errorf("added: %v, want %v", added, want)
	}
	c.at = c.at.Add(time.Hour)
	e := Edition{Resource: all[2].Resources[0].ID, Digest: "d1", File: "f1"}
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.PutEdition(&e) }); err != nil {
		t.Fatal(err)
	}
	want = slices.Concat([]string{all[2].ID}, slices.DeleteFunc(want, func(id string) bool { return id == all[2].ID }))
	var updated []string
	for at, id := (time.Time{}), ""; ; {
		page, err := s.Updated(t.Context(), at, id, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		updated = append(updated, idsOf(page)...)
		at, id = page[len(page)-1].Updated, page[len(page)-1].ID
	}
	if !slices.Equal(updated, want) {
		t.Errorf("updated: %v, want %v: a new edition is a change of its dataset", updated, want)
	}
	was, err := s.Dataset(t.Context(), all[2].ID)
	if err != nil {
		t.Fatal(err)
	}
	c.at = c.at.Add(time.Hour)
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.PutEdition(&e) }); err != nil {
		t.Fatal(err)
	}
	if now, err := s.Dataset(t.Context(), all[2].ID); err != nil || !now.Updated.Equal(was.Updated) {
		t.Errorf("the same edition again moved the date from %v to %v (%v)", was.Updated, now.Updated, err)
	}
}

func TestWalksPassByWhatIsNotPublished(t *testing.T) {
	s, _, all := recents(t, 5)
	hidden := all[1]
	hidden.State = Retired
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.PutDataset(&hidden) }); err != nil {
		t.Fatal(err)
	}
	want := []string{all[0].ID, all[2].ID, all[3].ID, all[4].ID}
	var walked []string
	for d, err := range s.Walk(t.Context()) {
		if err != nil || len(d.Resources) != 1 {
			t.Fatalf("%v, %v", d, err)
		}
		walked = append(walked, d.ID)
	}
	posts, err := s.Signposts(t.Context(), SignpostedDatasets, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	var signs []string
	for _, p := range posts {
		signs = append(signs, p.ID)
	}
	added, err := s.Added(t.Context(), "", 10)
	if err != nil {
		t.Fatal(err)
	}
	updated, err := s.Updated(t.Context(), time.Time{}, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string][]string{"walk": walked, "signposts": signs, "added": idsOf(added), "updated": idsOf(updated)} {
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", what, got, want)
		}
	}
}

func TestHistoryIsPagedAndKnowsItsLength(t *testing.T) {
	s, c, all := recents(t, 1)
	r := all[0].Resources[0].ID
	for _, digest := range []string{"a", "b", "c"} {
		c.at = c.at.Add(time.Minute)
		e := Edition{Resource: r, Digest: digest, HasTable: true, Rows: 3, Schema: datasets.Schema{{Name: "x"}}, Notes: []string{"n"}}
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.PutEdition(&e) }); err != nil {
			t.Fatal(err)
		}
	}
	page, total, err := s.History(t.Context(), r, 1, 1)
	if err != nil || total != 3 || len(page) != 1 || page[0].Digest != "b" || len(page[0].Schema) != 1 || page[0].Notes != nil {
		t.Errorf("the second of %d is %+v (%v)", total, page, err)
	}
	if page, _, err = s.History(t.Context(), r, 0, 0); err != nil || len(page) != 3 {
		t.Errorf("all are %d (%v)", len(page), err)
	}
}
