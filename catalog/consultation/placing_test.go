package consultation

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// anchor files comments on an article of a text, past the form.
func anchor(tx *catalog.Tx, draft, version, address, quote string, n int) error {
	for range n {
		id := tx.NewID()
		if err := tx.Exec(`insert into comments (id, draft, version, address, quote, kind, state, lang, provenance, text, received, once, digest, receipt)
			values (?1, ?2, ?3, ?4, ?5, 'change', 'published', 'en', 'anonymous', 'No.', ?6, ?1, x'', cast(?1 as blob))`,
			id, draft, version, address, quote, catalog.Stamp(tx.Now())); err != nil {
			return err
		}
	}
	return nil
}

// commented files comments past the form and fails when that cannot be done.
func (h *hall) commented(draft, version, address, quote string, n int) {
	h.Helper()
	h.do(func(tx *catalog.Tx) error {
		return anchor(tx, draft, version, address, quote, n)
	})
}

func (h *hall) versions(draft string) []Version {
	h.Helper()
	all, err := h.c.Versions(h.Context(), draft)
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// revised adds a text to a draft, of the articles, and returns it as it waits.
func (h *hall) revised(d *Draft, kind string, articles ...int) Version {
	h.Helper()
	var v Version
	h.do(func(tx *catalog.Tx) (err error) {
		*d, v, err = AddVersion(tx, h.editor, d.ID, d.Revision, &Wording{Law: law(articles...), Kind: kind})
		return err
	})
	return v
}

func (h *hall) verdicts(version string) map[string]int {
	h.Helper()
	all := map[string]int{}
	rows, err := h.store.Rows(h.Context(), "select p.verdict || ' ' || c.address || ' ' || p.address from placements p join comments c on c.seq = p.comment where p.version = ?", version)
	lines, err := catalog.Collect(rows, err, func(row catalog.Row) (s string, err error) {
		err = row.Scan(&s)
		return s, err
	})
	if err != nil {
		h.Fatal(err)
	}
	for _, l := range lines {
		all[l]++
	}
	return all
}

func TestNewTextPlacesEveryComment(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 7)
	first := h.versions(d.ID)[0]
	h.commented(d.ID, first.ID, "art_1", "", 1200) // more than a batch
	h.commented(d.ID, first.ID, "art_3", "province number 16", 3)
	h.commented(d.ID, first.ID, "art_5", "", 2)
	h.commented(d.ID, first.ID, "", "", 1) // on the whole
	v := h.revised(&d, "", 1, 2, 3, 4)
	d, v, err := h.c.PublishVersion(t.Context(), h.publisher, d.ID, d.Revision, v.ID)
	if err != nil || v.State != catalog.Published || v.Kind != Revised {
		t.Fatalf("%+v, %v", v, err)
	}
	got := h.verdicts(v.ID)
	if got["kept art_1 art_1"] != 1200 || got["kept art_3 art_3"] != 3 || got["removed art_5 "] != 2 || len(got) != 3 {
		t.Errorf("%v", got)
	}
	if all := h.versions(d.ID); len(all) != 2 || all[1].N != 2 {
		t.Errorf("%+v", all)
	}
}

func TestTextThatWaitsIsNobodysButTheAgencys(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 7)
	v := h.revised(&d, "", 1, 2)
	if all := h.versions(d.ID); len(all) != 1 {
		t.Errorf("the public sees %d texts", len(all))
	}
	if all, err := h.c.DeskVersions(t.Context(), h.editor, d.ID); err != nil || len(all) != 2 {
		t.Errorf("the desk sees %d, %v", len(all), err)
	}
	if _, err := h.c.DeskVersions(t.Context(), h.chance, d.ID); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("another agency: %v", err)
	}
	stale := d.Revision
	h.do(func(tx *catalog.Tx) (err error) {
		d, v, err = UpdateVersion(tx, h.editor, d.ID, d.Revision, v.ID, &Wording{Law: law(1, 2, 3)})
		return err
	})
	if _, _, err := h.c.PublishVersion(t.Context(), h.publisher, d.ID, stale, v.ID); !isStale(err) {
		t.Errorf("the text that was mended meanwhile: %v", err)
	}
	if _, _, err := h.c.PublishVersion(t.Context(), h.editor, d.ID, d.Revision, v.ID); !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("an editor published: %v", err)
	}
	h.do(func(tx *catalog.Tx) (err error) {
		d, err = DiscardVersion(tx, h.editor, d.ID, d.Revision, v.ID)
		return err
	})
	v = h.revised(&d, "", 1, 2)
	if v.N != 2 {
		t.Errorf("the text after one that was discarded is the %d.", v.N)
	}
}

func isStale(err error) bool {
	var stale *catalog.StaleError
	return errors.As(err, &stale)
}

func BenchmarkPublishVersion(b *testing.B) {
	for range b.N {
		b.StopTimer()
		s, err := catalog.Open(b.Context(), b.TempDir(), catalog.Options{Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		c := New(s)
		var d Draft
		a := catalog.Agency{Title: catalog.Text{"en": "Roads"}}
		if err := s.Write(b.Context(), func(tx *catalog.Tx) error {
			if err := tx.PutAgency(&a); err != nil {
				return err
			}
			d, err = CreateDraft(tx, &catalog.Shell, Draft{Agency: a.ID, Title: a.Title})
			if err == nil {
				d, _, err = AddVersion(tx, &catalog.Shell, d.ID, 0, &Wording{Law: law(upTo(200)...)})
			}
			if err == nil {
				d, err = PublishDraft(tx, &catalog.Shell, d.ID, 0)
			}
			return err
		}); err != nil {
			b.Fatal(err)
		}
		all, err := c.Versions(b.Context(), d.ID)
		if err != nil {
			b.Fatal(err)
		}
		for i := range 100 {
			if err := s.Write(b.Context(), func(tx *catalog.Tx) error {
				return anchor(tx, d.ID, all[0].ID, fmt.Sprintf("art_%d", 2*i+1), strings.Repeat("kept in repair", i%2), 1000)
			}); err != nil {
				b.Fatal(err)
			}
		}
		var v Version
		if err := s.Write(b.Context(), func(tx *catalog.Tx) error {
			d, v, err = AddVersion(tx, &catalog.Shell, d.ID, 0, &Wording{Law: law(upTo(190)...)})
			return err
		}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if _, _, err := c.PublishVersion(b.Context(), &catalog.Shell, d.ID, 0, v.ID); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.Close()
	}
}

// TestPublishingThatBreaksOffIsDoneAgain stops after a part was placed, mends the
// text, and publishes it.
func TestPublishingThatBreaksOffIsDoneAgain(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 7)
	h.commented(d.ID, h.versions(d.ID)[0].ID, "art_5", "", 30)
	v := h.revised(&d, "", 1, 2, 3, 4, 5)
	for range 2 {
		p, err := h.c.newPlacing(t.Context(), &v)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.all(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if all := h.versions(d.ID); len(all) != 1 {
		t.Errorf("half of it is seen: %+v", all)
	}
	if counts, err := h.c.PlacedFigures(t.Context(), v.ID); err != nil || counts["kept"] != 30 {
		t.Errorf("placed twice is placed once: %v, %v", counts, err)
	}
	h.do(func(tx *catalog.Tx) (err error) {
		d, v, err = UpdateVersion(tx, h.editor, d.ID, d.Revision, v.ID, &Wording{Law: law(1, 2, 3, 4)})
		return err
	})
	d, v, err := h.c.PublishVersion(t.Context(), h.publisher, d.ID, d.Revision, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	if counts, err := h.c.PlacedFigures(t.Context(), v.ID); err != nil || len(counts) != 1 || counts["removed"] != 30 {
		t.Errorf("%v, %v", counts, err)
	}
}
