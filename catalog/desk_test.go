package catalog

import (
	"errors"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// bureau is a catalogue with an agency, and its people.
func bureau(t *testing.T) (s *Store, c *clock, agency string, editor, publisher, stranger *Actor) {
	t.Helper()
	s, c, _ = recents(t, 0)
	a := Agency{Slug: "bureau", Title: Text{"en": "Bureau"}}
	wrote(t, s, func(tx *Tx) error { return tx.PutAgency(&a) })
	as := func(role Role, agency string) *Actor {
		return &Actor{Person: string(role), Roles: map[string]Role{agency: role}}
	}
	return s, c, a.ID, as(Editor, a.ID), as(Publisher, a.ID), as(Admin, "another")
}

func wrote(t *testing.T, s *Store, do func(*Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// refused does a write that is to fail and returns its error.
func refused(t *testing.T, s *Store, do func(*Tx) error) error {
	t.Helper()
	err := s.Write(t.Context(), do)
	if err == nil {
		t.Fatal("it is not refused")
	}
	return err
}

// bookOf is a file with tables of these names and one row each.
func bookOf(digest string, names ...string) Given {
	im := &datasets.Imported{Format: "xlsx", Container: true}
	for _, name := range names {
		im.Tables = append(im.Tables, datasets.ImportedTable{Name: name, Digest: digest + name, Rows: 1, Schema: datasets.Schema{{Name: "n"}}})
	}
	return Given{File: File{Digest: digest, Name: "book.xlsx", Size: 10}, Imported: im}
}

func prepared(t *testing.T, s *Store, agency string, by *Actor, names ...string) (d DeskDataset) {
	t.Helper()
	wrote(t, s, func(tx *Tx) (err error) {
		if d, err = tx.CreateDataset(by, Dataset{Agency: agency, Title: Text{"en": "Book of numbers"}}, "for us"); err == nil {
			d, _, err = tx.AddFile(by, d.ID, d.Revision, bookOf("first-", names...))
		}
		return err
	})
	return d
}

// A write on a revision that is not the current one is refused and changes
// nothing; each write raises it.
func TestRevisions(t *testing.T) {
	s, _, agency, editor, publisher, _ := bureau(t)
	d := prepared(t, s, agency, editor, "a")
	if d.Revision != 2 {
		t.Fatalf("after two writes it has revision %d", d.Revision)
	}
	rename := func(by *Actor, revision int64, title string) func(*Tx) error {
		return func(tx *Tx) (err error) {
			d, err = tx.UpdateDataset(by, d.ID, revision, func(d *DeskDataset) error { d.Title = Text{"en": title}; return nil })
			return err
		}
	}
	id := d.ID
	wrote(t, s, rename(editor, 2, "First"))
	var stale *StaleError
	if err := refused(t, s, rename(publisher, 2, "Second")); !errors.As(err, &stale) || stale.Current != 3 || !errors.Is(err, ErrConflict) {
		t.Errorf("the later one is told %v", err)
	}
	got, err := s.DeskDataset(t.Context(), editor, id)
	if err != nil || got.Title["en"] != "First" || got.Revision != 3 {
		t.Errorf("it is %q at %d: %v", got.Title, got.Revision, err)
	}
	log, err := s.LogEntries(t.Context(), LogQuery{Thing: id, Size: 10})
	if err != nil || len(log) != 3 || log[0].Act != "dataset.update" || log[0].Actor != "editor" || log[0].Agency != agency {
		t.Errorf("the log has %+v: %v", log, err)
	}
}

// What somebody may not see is not there for them, and who may see it and not
// do it is told so.
func TestRightsOfTheDesk(t *testing.T) {
	s, _, agency, editor, publisher, stranger := bureau(t)
	d := prepared(t, s, agency, editor, "a")
	for name, do := range map[string]func(*Tx, *Actor) error{
		"update": func(tx *Tx, by *Actor) error {
			_, err := tx.UpdateDataset(by, d.ID, 0, func(*DeskDataset) error { return nil })
			return err
		},
		"add":     func(tx *Tx, by *Actor) error { _, _, err := tx.AddFile(by, d.ID, 0, bookOf("x", "a")); return err },
		"publish": func(tx *Tx, by *Actor) error { _, err := tx.Publish(by, d.ID, 0, time.Time{}); return err },
		"retire":  func(tx *Tx, by *Actor) error { _, err := tx.Retire(by, d.ID, 0, "x"); return err },
		"discard": func(tx *Tx, by *Actor) error { return tx.DiscardDataset(by, d.ID, 0) },
	} {
		for _, who := range []*Actor{stranger, {}} {
			if err := refused(t, s, func(tx *Tx) error { return do(tx, who) }); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s by a stranger: %v", name, err)
			}
		}
	}
	if err := refused(t, s, func(tx *Tx) error { _, err := tx.Publish(editor, d.ID, 0, time.Time{}); return err }); !errors.Is(err, ErrDenied) {
		t.Errorf("an editor publishes: %v", err)
	}
	if err := refused(t, s, func(tx *Tx) error {
		_, err := tx.CreateDataset(stranger, Dataset{Agency: agency, Title: Text{"en": "x"}}, "")
		return err
	}); !errors.Is(err, ErrDenied) {
		t.Errorf("a stranger makes a dataset: %v", err)
	}
	if err := refused(t, s, func(tx *Tx) error { _, err := tx.Takedown(d.ID, "x"); return err }); !errors.Is(err, ErrConflict) {
		t.Errorf("a draft is taken down, and the ledger tells: %v", err)
	}
	for who, want := range map[*Actor]int64{editor: 1, publisher: 1, stranger: 0, {}: 0} {
		if _, n, err := s.DeskDatasets(t.Context(), who, DeskFilter{}); err != nil || n != want {
			t.Errorf("%s sees %d: %v", who.Person, n, err)
		}
		if _, n, err := s.DeskDatasets(t.Context(), who, DeskFilter{Agency: agency}); err != nil || n != want {
			t.Errorf("%s sees %d of the agency: %v", who.Person, n, err)
		}
	}
}

// What was previewed is what is published; a new edition replaces it, with the
// ids of its tables, when it is published and not before.
func TestPublishingIsThePreview(t *testing.T) {
	s, _, agency, editor, publisher, _ := bureau(t)
	d := prepared(t, s, agency, editor, "a", "b")
	d, err := s.DeskDataset(t.Context(), editor, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	same := func(preview Dataset) map[string]string {
		t.Helper()
		got, err := s.Dataset(t.Context(), d.ID)
		if err != nil || len(got.Resources) != len(preview.Resources) {
			t.Fatalf("%d resources, and %d were shown: %v", len(got.Resources), len(preview.Resources), err)
		}
		ids := map[string]string{}
		for i, r := range got.Resources {
			p := preview.Resources[i]
			if r.Name != p.Name || r.Edition.Digest != p.Edition.Digest || r.Edition.Rows != p.Edition.Rows || r.Format != p.Format || r.State != p.State {
				t.Errorf("%s is %+v and was shown as %+v", r.Name, r, p)
			}
			ids[r.Name] = r.ID
		}
		return ids
	}
	wrote(t, s, func(tx *Tx) error { _, err := tx.Publish(publisher, d.ID, d.Revision, time.Time{}); return err })
	before := same(d.Preview())
	file := d.Resources[0].ID
	wrote(t, s, func(tx *Tx) error {
		_, _, err := tx.ReplaceFile(editor, d.ID, 0, file, bookOf("second-", "b", "c"))
		return err
	})
	if got, err := s.Dataset(t.Context(), d.ID); err != nil || got.Resource(before["a"]) == nil || got.Resource(before["b"]).Edition.Digest != "first-b" {
		t.Errorf("the public sees %+v: %v", got.Resources, err)
	}
	if d, err = s.DeskDataset(t.Context(), editor, d.ID); err != nil {
		t.Fatal(err)
	}
	wrote(t, s, func(tx *Tx) error { _, err := tx.Publish(publisher, d.ID, d.Revision, time.Time{}); return err })
	after := same(d.Preview())
	if after["b"] != before["b"] || after["a"] != "" || after["c"] == "" {
		t.Errorf("before %v, after %v", before, after)
	}
}

// What is to be public at a time is, when that has come by the store's clock.
func TestPublishDue(t *testing.T) {
	s, c, agency, editor, publisher, _ := bureau(t)
	d := prepared(t, s, agency, editor, "a")
	publish := func(at time.Time) func(*Tx) error {
		return func(tx *Tx) error { _, err := tx.Publish(publisher, d.ID, 0, at); return err }
	}
	var invalid *InvalidError
	for _, at := range []time.Time{c.at, c.at.Add(-time.Hour), c.at.AddDate(6, 0, 0)} {
		if err := refused(t, s, publish(at)); !errors.As(err, &invalid) || invalid.Field != "at" {
			t.Errorf("at %v: %v", at, err)
		}
	}
	due := func() int {
		t.Helper()
		done, faults, err := s.PublishDue(t.Context())
		if err != nil || len(faults) > 0 {
			t.Fatal(err, faults)
		}
		return len(done)
	}
	wrote(t, s, publish(c.at.Add(time.Hour)))
	if _, err := s.Dataset(t.Context(), d.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("what is scheduled is public: %v", err)
	}
	var retired *RetiredError
	if _, err := s.Dataset(t.Context(), d.ID); errors.As(err, &retired) {
		t.Error("what is scheduled is told of as retired")
	}
	c.at = c.at.Add(59 * time.Minute)
	if n := due(); n != 0 {
		t.Errorf("%d are published too early", n)
	}
	wrote(t, s, func(tx *Tx) error { _, err := tx.Unschedule(publisher, d.ID, 0); return err })
	c.at = c.at.Add(time.Hour)
	if n := due(); n != 0 {
		t.Errorf("%d are published that were taken back", n)
	}
	wrote(t, s, publish(c.at.Add(time.Hour)))
	c.at = c.at.Add(time.Hour)
	if n := due(); n != 1 {
		t.Errorf("%d are published", n)
	}
	if got, err := s.Dataset(t.Context(), "book-of-numbers"); err != nil || got.ID != d.ID {
		t.Errorf("%v", err)
	}
	if n := due(); n != 0 {
		t.Errorf("%d are published twice", n)
	}
}

// What was scheduled and has no file any more when its time comes waits again,
// and keeps nothing else from being published.
func TestNotDue(t *testing.T) {
	s, c, agency, editor, publisher, _ := bureau(t)
	empty, whole := prepared(t, s, agency, editor, "a"), prepared(t, s, agency, editor, "a")
	at := c.at.Add(time.Hour)
	for _, d := range []DeskDataset{empty, whole} {
		wrote(t, s, func(tx *Tx) error { _, err := tx.Publish(publisher, d.ID, 0, at); return err })
	}
	got, err := s.DeskDataset(t.Context(), editor, empty.ID)
	if err != nil {
		t.Fatal(err)
	}
	wrote(t, s, func(tx *Tx) error {
		_, err := tx.RemoveResource(editor, empty.ID, 0, got.Resources[0].ID, "")
		return err
	})
	c.at = at
	done, faults, err := s.PublishDue(t.Context())
	if err != nil || len(done) != 1 || done[0].ID != whole.ID || faults[empty.ID] == nil {
		t.Fatalf("published %v, not %v: %v", done, faults, err)
	}
	if got, err = s.DeskDataset(t.Context(), editor, empty.ID); err != nil || got.State != Drafted || !got.PublishAt.IsZero() {
		t.Errorf("it is %s, due at %v: %v", got.State, got.PublishAt, err)
	}
}

// A dataset that is retired says why in the ledger, and comes back under its
// name when it is published again.
func TestRetireByHandAndBack(t *testing.T) {
	s, _, agency, editor, publisher, _ := bureau(t)
	d := prepared(t, s, agency, editor, "a")
	publish := func(tx *Tx) error { _, err := tx.Publish(publisher, d.ID, 0, time.Time{}); return err }
	wrote(t, s, publish)
	wrote(t, s, func(tx *Tx) error { _, err := tx.Retire(publisher, d.ID, 0, "Wrong numbers."); return err })
	var retired *RetiredError
	if _, err := s.Dataset(t.Context(), "book-of-numbers"); !errors.As(err, &retired) || retired.Removal == nil || retired.Removal.Reason != "Wrong numbers." {
		t.Errorf("it is %v", err)
	}
	wrote(t, s, publish)
	got, err := s.Dataset(t.Context(), "book-of-numbers")
	if err != nil || got.ID != d.ID {
		t.Errorf("it does not come back: %v", err)
	}
	lines, _, err := s.Removals(t.Context(), RemovalFilter{Noun: NounDataset, Limit: 10})
	if err != nil || len(lines) != 1 || lines[0].Returned.IsZero() {
		t.Errorf("the ledger has %+v: %v", lines, err)
	}
}
