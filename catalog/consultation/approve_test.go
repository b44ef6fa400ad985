package consultation

import (
	"errors"
	"slices"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func wants(err error) []string {
	var e *GateError
	if errors.As(err, &e) && errors.Is(err, catalog.ErrConflict) {
		return e.Gate.Wants()
	}
	return nil
}

func TestDraftIsApprovedBehindTheGate(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 7)
	first := h.versions(d.ID)[0]
	h.commented(d.ID, first.ID, "art_1", "", 2)
	approve := func(tx *catalog.Tx) (err error) { _, err = Approve(tx, h.publisher, d.ID, d.Revision, ""); return err }
	if got := wants(h.refuses(approve)); !slices.Equal(got, []string{"open", "unsorted", "textless"}) {
		t.Errorf("while it is open: %v", got)
	}
	if got := wants(h.refuses(func(tx *catalog.Tx) (err error) {
		_, err = Approve(tx, h.publisher, d.ID, d.Revision, "It is urgent")
		return err
	})); !slices.Contains(got, "open") {
		t.Errorf("nothing gets around that it is open: %v", got)
	}
	v := h.revised(&d, Final, 1, 2, 3, 4, 5)
	if _, _, err := h.c.PublishVersion(t.Context(), h.publisher, d.ID, d.Revision, v.ID); conflictOf(err) != "draft.open" {
		t.Errorf("the approved text while it is open: %v", err)
	}
	h.at = h.at.Add(8 * day)
	h.signed(d.ID, 1)
	if got := wants(h.refuses(approve)); !slices.Equal(got, []string{"unanswered", "textless"}) {
		t.Errorf("after it: %v", got)
	}
	d, _, err := h.c.PublishVersion(t.Context(), h.publisher, d.ID, d.Revision, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.do(func(tx *catalog.Tx) error {
		_, err := DraftResponse(tx, h.moderator, About{Cluster: 1}, 0, Reply{Rejected, "en", "It is not so."})
		return err
	})
	if got := wants(h.refuses(approve)); !slices.Equal(got, []string{"unanswered"}) {
		t.Errorf("with an answer that nobody reads: %v", got)
	}
	h.do(func(tx *catalog.Tx) error {
		_, err := PublishResponse(tx, h.moderator, About{Cluster: 1}, 0, Reply{Rejected, "en", "It is not so."})
		return err
	})
	if g, err := h.c.Gate(t.Context(), h.editor, d.ID); err != nil || !g.Whole() {
		t.Errorf("%+v, %v", g, err)
	}
	h.do(approve)
	d, err = h.c.Draft(t.Context(), d.ID)
	if err != nil || d.Stage(h.at) != Approved || !d.DecidedAt.Equal(h.at) {
		t.Errorf("%+v, %v", d, err)
	}
	if o, err := h.c.Override(t.Context(), d.ID); err != nil || o != nil {
		t.Errorf("%+v, %v", o, err)
	}
	if err := h.period(&d, Reopened, h.at, h.at.Add(9*day)); conflictOf(err) != "draft.approved" {
		t.Errorf("it was opened again: %v", err)
	}
}

func TestOverrideIsPublished(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 0)
	h.do(func(tx *catalog.Tx) (err error) {
		d, err = Approve(tx, h.publisher, d.ID, d.Revision, "The council decided at once.")
		return err
	})
	o, err := h.c.Override(t.Context(), d.ID)
	if err != nil || o == nil || o.Reason != "The council decided at once." || o.Name != "publisher" {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestWithdrawnDraftStaysToBeRead(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 9)
	if err := h.refuses(func(tx *catalog.Tx) error {
		_, err := WithdrawDraft(tx, h.publisher, d.ID, d.Revision, nil)
		return err
	}); fieldOf(err) != "note" {
		t.Errorf("without a reason: %v", err)
	}
	h.do(func(tx *catalog.Tx) (err error) {
		d, err = WithdrawDraft(tx, h.publisher, d.ID, d.Revision, catalog.Text{"en": "The law changed."})
		return err
	})
	got, err := h.c.Draft(t.Context(), d.ID)
	if err != nil || got.Stage(h.at) != Withdrawn || got.Note["en"] != "The law changed." {
		t.Errorf("%+v, %v", got, err)
	}
	if err := h.period(&d, Extended, h.at, h.at.Add(30*day)); conflictOf(err) != "draft.withdrawn" {
		t.Errorf("extended: %v", err)
	}
	h.do(func(tx *catalog.Tx) (err error) { d, err = ResumeDraft(tx, h.publisher, d.ID, d.Revision); return err })
	if d.Stage(h.at) != Open {
		t.Errorf("taken up again it is %s", d.Stage(h.at))
	}
}
