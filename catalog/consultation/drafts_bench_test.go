package consultation

import (
	"fmt"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// BenchmarkDrafts lists the first page of 100,000 drafts, most of them long over.
func BenchmarkDrafts(b *testing.B) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	s, err := catalog.Open(b.Context(), b.TempDir(), catalog.Options{Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	a := catalog.Agency{Title: catalog.Text{"en": "Roads"}}
	const all, batch = 100_000, 5000
	for from := 0; from < all; from += batch {
		if err := s.Write(b.Context(), func(tx *catalog.Tx) error {
			if a.ID == "" {
				if err := tx.PutAgency(&a); err != nil {
					return err
				}
			}
			for n := from; n < from+batch; n++ {
				d := Draft{ID: tx.NewID(), State: catalog.Published, Agency: a.ID, Created: now, Updated: now, Moderation: ReviewFirst}
				d.Slug, d.Title = d.ID, catalog.Text{"en": fmt.Sprint("Draft ", n)}
				d.Opens = now.Add(time.Duration(n-99_900) * time.Hour)
				d.Begins, d.Closes = d.Opens, d.Opens.Add(30*day)
				if n%3 == 0 && n < 99_000 {
					d.Decided, d.DecidedAt = Approved, d.Closes
				}
				if err := insert(tx, &d); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	c := New(s)
	for name, f := range map[string]DraftFilter{
		"all": {Limit: 20}, "in review": {Stages: []Stage{InReview}, Limit: 20}, "decided": {Stages: []Stage{Approved, Withdrawn}, Limit: 20},
		"words": {Query: "draft 9999", Limit: 20}, "newest": {Sort: "-updated", Limit: 20},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if page, total, err := c.Drafts(b.Context(), f); err != nil || len(page) == 0 || total == 0 {
					b.Fatal(len(page), total, err)
				}
			}
		})
	}
}
