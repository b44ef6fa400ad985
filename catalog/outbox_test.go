package catalog

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"
)

// staff makes people of the agency: a publisher, an editor, an operator, and a
// publisher who wants no notices.
func staff(t *testing.T, s *Store, agency string) {
	t.Helper()
	wrote(t, s, func(tx *Tx) error {
		var all error
		for _, p := range []struct {
			id, lang, role    string
			operator, notices bool
		}{
			{"publisher", "fa", "publisher", false, true},
			{"editor", "fa", "editor", false, true},
			{"operator", "en", "", true, true},
			{"deaf", "fa", "publisher", false, false},
		} {
			err := tx.Exec("insert into people (id, email, name, state, operator, created, lang, notices) values (?1, ?1 || '@example.org', ?1, 'active', ?2, '', ?3, ?4)", p.id, p.operator, p.lang, p.notices)
			if p.role != "" {
				err = errors.Join(err, tx.Exec("insert into roles (person, agency, role) values (?, ?, ?)", p.id, agency, p.role))
			}
			all = errors.Join(all, err)
		}
		return all
	})
}

// posted returns to whom letters of the kind wait, and forgets them.
func posted(t *testing.T, s *Store, kind string) (to []string, last Mail) {
	t.Helper()
	all, err := s.Outbox(t.Context(), MailWaiting, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.Kind == kind {
			to, last = append(to, m.Lang+" "+m.To), m
		}
		wrote(t, s, func(tx *Tx) error { return tx.MailSent(m.ID) })
	}
	slices.Sort(to)
	return to, last
}

func TestHeldRunIsToldOnce(t *testing.T) {
	s, c, agency, _, _, _ := bureau(t)
	staff(t, s, agency)
	src := Source{Slug: "wells", Kind: "datajson", URL: "https://example.org/data.json", Agency: agency, Title: Text{"en": "Wells"}}
	wrote(t, s, func(tx *Tx) error { return tx.PutSource(&src) })
	run := func(state string, dry bool) (r Run) {
		c.at = c.at.Add(time.Hour)
		wrote(t, s, func(tx *Tx) (err error) {
			if r, err = tx.StartRun(src.ID, dry); err != nil {
				return err
			}
			r.State, r.Reason, r.Counts.Waiting, r.Finished = state, "it would remove 7 of 9", 7, tx.Now()
			r.Said = []Said{{Kind: "run.removes", Args: []any{int64(7), int64(9), int64(5)}}}
			return tx.PutRun(&r)
		})
		return r
	}
	first := run(RunHeld, false)
	to, m := posted(t, s, MailHeld)
	if !slices.Equal(to, []string{"en operator@example.org", "fa publisher@example.org"}) {
		t.Errorf("%q", to)
	}
	if m.Data.Path != "/desk/sources/"+first.Source+"/runs/"+first.ID || m.Data.Count != 7 || m.Data.Title["en"] != "Wells" || !reflect.DeepEqual(m.Data.Said, first.Said) {
		t.Errorf("%+v", m.Data)
	}
	run(RunHeld, true)
	second := run(RunHeld, false)
	if to, _ := posted(t, s, MailHeld); len(to) != 0 {
		t.Errorf("it is told again: %q", to)
	}
	second.Approved = s.Now()
	wrote(t, s, func(tx *Tx) error { return tx.PutRun(&second) })
	run(RunHeld, false)
	if to, _ := posted(t, s, MailHeld); len(to) != 2 {
		t.Errorf("a new one after an approval is told to %q", to)
	}
}

func TestFaultsAndMissedTimesAreTold(t *testing.T) {
	s, c, agency, editor, publisher, _ := bureau(t)
	staff(t, s, agency)
	var d DeskDataset
	wrote(t, s, func(tx *Tx) (err error) {
		book := bookOf("first-", "a")
		book.Imported.Tables[0].FaultsN = 3
		if d, err = tx.CreateDataset(editor, Dataset{Agency: agency, Title: Text{"en": "Book"}}, ""); err == nil {
			d, _, err = tx.AddFile(editor, d.ID, d.Revision, book)
		}
		return err
	})
	wrote(t, s, func(tx *Tx) (err error) { d, err = tx.Publish(publisher, d.ID, d.Revision, time.Time{}); return err })
	to, m := posted(t, s, MailFaults)
	if !slices.Equal(to, []string{"en operator@example.org"}) || m.Data.Count != 3 { // the publisher did it
		t.Errorf("%q, %+v", to, m.Data)
	}
	plain := prepared(t, s, agency, editor, "b")
	wrote(t, s, func(tx *Tx) (err error) {
		_, err = tx.Publish(publisher, plain.ID, plain.Revision, tx.Now().Add(time.Hour))
		return err
	})
	wrote(t, s, func(tx *Tx) error {
		return tx.exec("update resources set state = 'retired' where dataset = ?", plain.ID)
	})
	c.at = c.at.Add(2 * time.Hour)
	if _, faults, err := s.PublishDue(t.Context()); err != nil || len(faults) != 1 {
		t.Fatalf("%v, %v", faults, err)
	}
	if to, m := posted(t, s, MailUndue); len(to) != 2 || m.Data.Text != "it has no file; add one first" || len(m.Data.Said) != 1 || m.Data.Said[0].Kind != "undue.resources" || m.Data.Path != "/desk/datasets/"+plain.ID {
		t.Errorf("%q, %+v", to, m.Data)
	}
}
