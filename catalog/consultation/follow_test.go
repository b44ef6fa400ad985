package consultation

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

func followPath(id string) string { return "/follow/" + id + "/word" }

// told sends what there is to tell, and returns the kinds of the letters that
// are new.
func (h *hall) told() []string {
	h.Helper()
	if _, err := h.c.Tell(h.Context(), followPath); err != nil {
		h.Fatal(err)
	}
	all, err := h.store.Outbox(h.Context(), catalog.MailWaiting, 1000)
	if err != nil {
		h.Fatal(err)
	}
	var kinds []string
	for i := range all {
		kinds = append(kinds, all[i].Kind)
		h.do(func(tx *catalog.Tx) error { return tx.MailSent(all[i].ID) })
	}
	slices.Sort(kinds)
	return kinds
}

func (h *hall) follows(draft, email string) Follower {
	h.Helper()
	var f Follower
	h.do(func(tx *catalog.Tx) (err error) {
		if f, err = Follow(tx, draft, email, "en", followPath); err == nil {
			f, err = ConfirmFollow(tx, f.ID)
		}
		return err
	})
	return f
}

func TestFollowerIsToldOnceOfEachThing(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 0)
	h.follows(d.ID, "sara@example.org")
	if got := h.told(); !slices.Equal(got, []string{"follow"}) {
		t.Errorf("%v", got)
	}
	begin := h.at
	if err := h.period(&d, Opened, begin.Add(day), begin.Add(10*day)); err != nil {
		t.Fatal(err)
	}
	expect := func(days float64, want ...string) {
		t.Helper()
		h.at = begin.Add(time.Duration(days * float64(day)))
		if got := h.told(); !slices.Equal(got, want) {
			t.Errorf("after %g days: %v, not %v", days, got, want)
		}
		if again := h.told(); len(again) != 0 {
			t.Errorf("after %g days again: %v", days, again)
		}
	}
	expect(0.5)
	expect(1, "draft-opened")
	h.follows(d.ID, "late@example.org")
	expect(2, "follow")
	expect(8, "draft-closing", "draft-closing")
	if err := h.period(&d, Extended, time.Time{}, begin.Add(20*day)); err != nil {
		t.Fatal(err)
	}
	expect(9, "draft-extended", "draft-extended")
	expect(19, "draft-closing", "draft-closing")
	h.commented(d.ID, h.versions(d.ID)[0].ID, "art_1", "", 2)
	expect(21)
	for _, seq := range []int64{1, 2} {
		h.do(func(tx *catalog.Tx) error {
			_, err := PublishResponse(tx, h.moderator, About{Comment: h.of(seq)}, 0, Reply{Noted, "en", "Thanks."})
			return err
		})
	}
	expect(21, "draft-answered", "draft-answered")
	v := h.revised(&d, Final, 1, 2, 3)
	var err error
	if d, _, err = h.c.PublishVersion(t.Context(), h.publisher, d.ID, d.Revision, v.ID); err != nil {
		t.Fatal(err)
	}
	h.do(func(tx *catalog.Tx) (err error) {
		d, err = Approve(tx, h.publisher, d.ID, d.Revision, "As it is.")
		return err
	})
	expect(22, "draft-approved", "draft-approved", "draft-version", "draft-version")
	if err := h.refuses(func(tx *catalog.Tx) error { _, err := Follow(tx, d.ID, "x@example.org", "en", followPath); return err }); conflictOf(err) != "draft.decided" {
		t.Errorf("a decided one: %v", err)
	}
}

func TestLetterSaysHowToEndIt(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 9)
	f := h.follows(d.ID, "Sara@Example.org")
	h.told()
	if err := h.period(&d, Extended, time.Time{}, h.at.Add(20*day)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.c.Tell(t.Context(), followPath); err != nil {
		t.Fatal(err)
	}
	all, err := h.store.Outbox(t.Context(), catalog.MailWaiting, 9)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	m := all[0]
	if m.To != "sara@example.org" || m.Data.Off != followPath(f.ID) || m.Data.Path != "/drafts/"+d.Slug || !m.Data.At.Equal(h.at.Add(20*day)) || m.Data.Agency["en"] == "" {
		t.Errorf("%+v", m)
	}
	h.do(func(tx *catalog.Tx) error { return Unfollow(tx, f.ID) })
	h.do(func(tx *catalog.Tx) error { return Unfollow(tx, f.ID) }) // twice is once
	if got := h.told(); len(got) != 0 {
		t.Errorf("who ended it gets %v", got)
	}
}

func TestAddressThatNobodyConfirmedIsForgotten(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 20)
	var f Follower
	follow := func(tx *catalog.Tx) (err error) {
		f, err = Follow(tx, d.ID, "a@example.org", "fa", followPath)
		return err
	}
	h.do(follow)
	first := f.ID
	h.do(follow)
	if f.ID != first {
		t.Errorf("the same address twice: %s and %s", first, f.ID)
	}
	if got := h.told(); !slices.Equal(got, []string{"follow"}) {
		t.Errorf("%v", got)
	}
	h.at = h.at.Add(8 * day)
	h.told()
	if _, err := h.c.Follower(t.Context(), f.ID); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("it is kept: %v", err)
	}
	for _, bad := range []string{"", "nobody", "a@b.c\r\nBcc: x@y.z", "Sara <a@b.org>", strings.Repeat("a", 400) + "@"} {
		if err := h.refuses(func(tx *catalog.Tx) error { _, err := Follow(tx, d.ID, bad, "fa", followPath); return err }); fieldOf(err) != "email" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
