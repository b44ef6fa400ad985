package consultation

import (
	"fmt"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// TestCommentsStandInEachText files comments on two texts of a draft, of which
// the second has no article 5, and takes one away.
func TestCommentsStandInEachText(t *testing.T) {
	h, d := square(t)
	first := h.versions(d.ID)[0]
	on := func(version, address string, n int) (all []Comment) {
		for range n {
			f := says(&d, fmt.Sprint(version, address, len(h.comments(CommentFilter{Draft: d.ID}))), "The words.")
			f.Version, f.Address = version, address
			all = append(all, h.files(f))
		}
		return all
	}
	old := on(first.ID, "art_1", 3)
	on(first.ID, "art_5", 2)
	var err error
	d, err = h.c.DeskDraft(t.Context(), h.publisher, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	v := h.revised(&d, "", 1, 2, 3, 4)
	if d, v, err = h.c.PublishVersion(t.Context(), h.publisher, d.ID, d.Revision, v.ID); err != nil {
		t.Fatal(err)
	}
	on(v.ID, "art_1", 2)
	late := on(first.ID, "art_1", 1)[0] // from a page that was opened before
	if _, err := h.c.NewClusterer().Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.do(func(tx *catalog.Tx) error {
		_, err := Remove(tx, h.moderator, old[0].ID, catalog.AnyRevision, "spam", "")
		return err
	})
	for _, c := range []struct {
		version, address string
		threads, removed int
	}{{first.ID, "art_1", 4, 1}, {first.ID, "art_5", 2, 0}, {v.ID, "art_1", 6, 1}, {v.ID, "art_5", 0, 0}, {v.ID, "", 2, 0}} {
		counts, err := h.c.CountsAt(t.Context(), c.version)
		if n := counts[c.address]; err != nil || int(n.Seen()) != c.threads || int(n.Removed) != c.removed {
			t.Errorf("at %s: %+v, %v", c.address, n, err)
		}
		all, total, err := h.c.CommentsAt(t.Context(), c.version, c.address, 0, 9)
		if err != nil || int(total) != c.threads || len(all) != c.threads {
			t.Errorf("at %s: %d comments of %d, %v", c.address, len(all), total, err)
		}
		for i := range all {
			if all[i].At.Version != c.version || i > 0 && all[i].Seq >= all[i-1].Seq {
				t.Errorf("at %s: %+v", c.address, all[i])
			}
		}
	}
	figures, err := h.c.PlacedFigures(t.Context(), v.ID)
	if err != nil || figures["kept"] != 4 || figures["removed"] != 2 {
		t.Errorf("%v, %v", figures, err)
	}
	where, err := h.c.Placements(t.Context(), late.Seq)
	if err != nil || len(where) != 2 || where[0].Verdict != "filed" || where[1].Verdict != "kept" || where[1].Address != "art_1" {
		t.Errorf("%+v, %v", where, err)
	}
}
