package consultation

import (
	"errors"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// of returns the id of the comment with the sequence number.
func (h *hall) of(seq int64) string {
	h.Helper()
	var id string
	if err := h.store.Row(h.Context(), "select id from comments where seq = ?", seq).Scan(&id); err != nil {
		h.Fatal(err)
	}
	return id
}

// signed makes of all comments what the follower of clusters does: each is in
// the cluster with the number, which the first one stands for.
func (h *hall) signed(draft string, cluster int64) {
	h.Helper()
	h.do(func(tx *catalog.Tx) error {
		return errors.Join(
			tx.Exec("update comments set signature = x'01', cluster = ?2 where draft = ?1 and cluster = 0", draft, cluster),
			tx.Exec("insert into clusters (id, draft, first, size, variants, people) select ?2, ?1, min(seq), count(*), 1, count(*) from comments where cluster = ?2", draft, cluster))
	})
}

func TestAnswerIsPublicWhenItIsPublished(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 7)
	v := h.versions(d.ID)[0]
	h.commented(d.ID, v.ID, "art_1", "", 2)
	about := About{Comment: h.of(1)}
	var a Answer
	h.do(func(tx *catalog.Tx) (err error) {
		a, err = DraftResponse(tx, h.moderator, about, 0, Reply{Noted, "en", "Hm."})
		return err
	})
	if all, total, err := h.c.Answers(t.Context(), d.ID, "", 9); err != nil || total != 0 || len(all) != 0 {
		t.Errorf("the public reads %v, %v", all, err)
	}
	if got, err := h.c.DeskAnswer(t.Context(), h.moderator, about); err != nil || got.Text != "Hm." {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := h.c.DeskAnswer(t.Context(), h.chance, about); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("another agency reads it: %v", err)
	}
	h.do(func(tx *catalog.Tx) (err error) {
		a, err = PublishResponse(tx, h.moderator, about, a.Revision, Reply{Adopted, "en", "You are right."})
		return err
	})
	all, total, err := h.c.Answers(t.Context(), d.ID, "", 9)
	if err != nil || total != 1 || all[0].Comment != about.Comment || all[0].Verdict != Adopted {
		t.Fatalf("%+v, %v", all, err)
	}
	for name, c := range map[string]struct {
		err  error
		want func(error) bool
	}{
		"draft again": {h.refuses(func(tx *catalog.Tx) error {
			_, err := DraftResponse(tx, h.moderator, about, 0, Reply{Noted, "en", "x"})
			return err
		}), func(err error) bool { return conflictOf(err) == "answer.published" }},
		"stale": {h.refuses(func(tx *catalog.Tx) error {
			_, err := PublishResponse(tx, h.moderator, about, a.Revision-1, Reply{Noted, "en", "x"})
			return err
		}), isStale},
		"empty": {h.refuses(func(tx *catalog.Tx) error {
			_, err := PublishResponse(tx, h.moderator, about, 0, Reply{Noted, "en", " "})
			return err
		}), func(err error) bool { return fieldOf(err) == "text" }},
		"no verdict": {h.refuses(func(tx *catalog.Tx) error {
			_, err := PublishResponse(tx, h.moderator, about, 0, Reply{"", "en", "x"})
			return err
		}), func(err error) bool { return fieldOf(err) == "verdict" }},
		"another agency": {h.refuses(func(tx *catalog.Tx) error {
			_, err := PublishResponse(tx, h.chance, about, 0, Reply{Noted, "en", "x"})
			return err
		}), func(err error) bool { return errors.Is(err, catalog.ErrDenied) }},
		"no comment": {h.refuses(func(tx *catalog.Tx) error {
			_, err := PublishResponse(tx, h.moderator, About{Comment: "x"}, 0, Reply{Noted, "en", "x"})
			return err
		}), func(err error) bool { return errors.Is(err, catalog.ErrNotFound) }},
	} {
		if !c.want(c.err) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

func TestInfluenceIsOfAChange(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 7)
	first := h.versions(d.ID)[0]
	h.commented(d.ID, first.ID, "art_5", "", 3)
	h.signed(d.ID, 1)
	v := h.revised(&d, "", 1, 2, 3, 4)
	var i Influence
	edge := Edge{Version: v.ID, Address: "art_5", About: About{Cluster: 1}, Verdict: Adopted, Reason: "Nobody wants it."}
	h.do(func(tx *catalog.Tx) (err error) { i, err = AddInfluence(tx, h.editor, edge); return err })
	if all, err := h.c.Influences(t.Context(), d.ID, ""); err != nil || len(all) != 0 {
		t.Errorf("before the text is public: %v, %v", all, err)
	}
	for name, change := range map[string]func(*Edge){
		"address": func(e *Edge) { e.Address = "art_77" },
		"verdict": func(e *Edge) { e.Verdict = Noted },
		"reason":  func(e *Edge) { e.Reason = " " },
	} {
		bad := edge
		change(&bad)
		if err := h.refuses(func(tx *catalog.Tx) error { _, err := AddInfluence(tx, h.editor, bad); return err }); fieldOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := edge
	bad.Version = first.ID
	if err := h.refuses(func(tx *catalog.Tx) error { _, err := AddInfluence(tx, h.publisher, bad); return err }); conflictOf(err) != "version.first" {
		t.Errorf("the first text: %v", err)
	}
	if _, _, err := h.c.PublishVersion(t.Context(), h.publisher, d.ID, d.Revision, v.ID); err != nil {
		t.Fatal(err)
	}
	all, err := h.c.Influences(t.Context(), d.ID, v.ID)
	if err != nil || len(all) != 1 || all[0].ID != i.ID || all[0].Cluster != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	cover, err := h.c.Coverage(t.Context(), d.ID)
	if err != nil || cover.Changes != 1 || cover.Sourced != 1 {
		t.Errorf("%+v, %v", cover, err)
	}
	if err := h.refuses(func(tx *catalog.Tx) error { return RemoveInfluence(tx, h.editor, d.ID, i.ID) }); !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("an editor changed what is public: %v", err)
	}
	h.do(func(tx *catalog.Tx) error { return RemoveInfluence(tx, h.publisher, d.ID, i.ID) })
	if cover, err := h.c.Coverage(t.Context(), d.ID); err != nil || cover.Sourced != 0 || Share(cover.Sourced, cover.Changes) != 0 {
		t.Errorf("%+v, %v", cover, err)
	}
}
