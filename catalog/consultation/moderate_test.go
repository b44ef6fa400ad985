package consultation

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// queue are the texts in the queue of the actor.
func (h *hall) queue(by *catalog.Actor, f QueueFilter) []string {
	h.Helper()
	if f.Limit == 0 {
		f.Limit = 100
	}
	all, total, err := h.c.Queue(h.Context(), by, f)
	if err != nil || f.Limit == 100 && f.After == "" && int(total) != len(all) {
		h.Errorf("%d of %d, %v", len(all), total, err)
	}
	var texts []string
	for i := range all {
		texts = append(texts, all[i].Text)
	}
	return texts
}

func TestQueueIsWorkedOff(t *testing.T) {
	h, d := square(t)
	review := h.published("Bylaw of bridges", 10)
	a, b := h.files(says(&d, "a", "a")), h.files(says(&review, "b", "b"))
	h.files(says(&review, "c", "c"))
	if got := h.queue(h.moderator, QueueFilter{}); len(got) != 3 {
		t.Errorf("%q", got)
	}
	if got := h.queue(h.moderator, QueueFilter{State: Waiting}); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("%q", got)
	}
	if got := h.queue(h.moderator, QueueFilter{Draft: review.ID, After: b.ID}); !slices.Equal(got, []string{"c"}) {
		t.Errorf("%q", got)
	}
	if got := h.queue(h.chance, QueueFilter{}); got != nil {
		t.Errorf("of another agency: %q", got)
	}
	for _, id := range []string{a.ID, b.ID} {
		h.do(func(tx *catalog.Tx) error { _, err := Show(tx, h.moderator, id, catalog.AnyRevision); return err })
	}
	if got := h.queue(h.moderator, QueueFilter{}); !slices.Equal(got, []string{"c"}) {
		t.Errorf("%q", got)
	}
	if c, err := h.c.Comment(t.Context(), b.ID); err != nil || c.Published.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestRemovalLeavesItsReason(t *testing.T) {
	h, d := square(t)
	c := h.files(says(&d, "a", "An insult."))
	h.do(func(tx *catalog.Tx) error {
		_, err := Remove(tx, h.moderator, c.ID, 1, "insult", "twice before")
		return err
	})
	mark, err := h.c.Comment(t.Context(), c.ID)
	if err != nil || mark.State != Removed || mark.Reason != "insult" || mark.Text != "" || mark.Ended.IsZero() {
		t.Errorf("%+v, %v", mark, err)
	}
	if own, err := h.c.CommentByReceipt(t.Context(), code("a")); err != nil || own.Text == "" || own.Reason != "insult" {
		t.Errorf("who wrote it sees %+v, %v", own, err)
	}
	h.do(func(tx *catalog.Tx) error { _, err := Restore(tx, h.moderator, c.ID, 2); return err })
	if back, err := h.c.Comment(t.Context(), c.ID); err != nil || back.Text != "An insult." || back.Reason != "" || !back.Ended.IsZero() {
		t.Errorf("%+v, %v", back, err)
	}
	log, err := h.store.LogEntries(t.Context(), catalog.LogQuery{Thing: c.ID, Size: 10})
	var acts []string
	for _, e := range log {
		acts = append(acts, e.Act+" "+e.Actor)
	}
	if err != nil || !slices.Equal(acts, []string{"comment.restore moderator", "comment.remove moderator", "comment.file "}) {
		t.Errorf("%q, %v", acts, err)
	}
}

func TestModerationIsRefused(t *testing.T) {
	h, d := square(t)
	c, gone := h.files(says(&d, "a", "a")), h.files(says(&d, "b", "b"))
	h.do(func(tx *catalog.Tx) error { _, err := TakeBack(tx, code("b")); return err })
	h.do(func(tx *catalog.Tx) error { _, err := Show(tx, h.moderator, c.ID, 1); return err })
	var stale *catalog.StaleError
	var no *catalog.ConflictError
	var wrong *catalog.InvalidError
	for name, try := range map[string]struct {
		by       *catalog.Actor
		id       string
		revision int64
		reason   string
		fits     func(error) bool
	}{
		"nobody":         {&catalog.Actor{}, c.ID, 2, "spam", func(err error) bool { return errors.Is(err, catalog.ErrNotFound) }},
		"another agency": {h.chance, c.ID, 2, "spam", func(err error) bool { return errors.Is(err, catalog.ErrNotFound) }},
		"an editor":      {h.editor, c.ID, 2, "spam", func(err error) bool { return errors.Is(err, catalog.ErrDenied) }},
		"two at once":    {h.moderator, c.ID, 1, "spam", func(err error) bool { return errors.As(err, &stale) }},
		"no reason":      {h.moderator, c.ID, 2, "dislike", func(err error) bool { return errors.As(err, &wrong) && wrong.Field == "reason" }},
		"taken back":     {h.moderator, gone.ID, catalog.AnyRevision, "spam", func(err error) bool { return errors.As(err, &no) && no.Code == CodeErased }},
		"no comment":     {h.moderator, "nothing", 1, "spam", func(err error) bool { return errors.Is(err, catalog.ErrNotFound) }},
	} {
		err := h.refuses(func(tx *catalog.Tx) error {
			_, err := Remove(tx, try.by, try.id, try.revision, try.reason, "")
			return err
		})
		if !try.fits(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAddressIsConfirmedOrDisowned(t *testing.T) {
	h, d := square(t)
	mine, ours, not := says(&d, "mine", "Mine."), says(&d, "ours", "Ours."), says(&d, "not", "Not mine.")
	mine.Email, ours.Email, not.Email = "a@example.org", "b@example.org", "c@example.org"
	ours.Organisation, ours.Proven = "Road users", false
	ids := map[string]string{}
	for name, f := range map[string]Filing{"mine": mine, "ours": ours, "not": not} {
		c := h.files(f)
		ids[name] = c.ID
		h.do(func(tx *catalog.Tx) error { return QueueConfirmation(tx, &c, "/comments/"+c.ID+"/confirm/word") })
	}
	letters, err := h.store.Outbox(t.Context(), catalog.MailWaiting, 10)
	if err != nil || len(letters) != 3 || letters[0].Kind != catalog.MailComment || letters[0].Data.Title["en"] == "" {
		t.Errorf("%+v, %v", letters, err)
	}
	for range 2 { // also said twice
		h.do(func(tx *catalog.Tx) error {
			_, err := ConfirmEmail(tx, ids["mine"])
			_, err2 := ConfirmEmail(tx, ids["ours"])
			_, err3 := Disown(tx, ids["not"])
			return errors.Join(err, err2, err3)
		})
	}
	for name, want := range map[string][2]string{"mine": {Shown, Confirmed}, "ours": {Shown, Organisation}, "not": {NotTheirs, Anonymous}} {
		c, err := h.c.Comment(t.Context(), ids[name])
		if err != nil || c.State != want[0] || c.Provenance != want[1] {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	n, err := h.c.CommentFigures(t.Context(), d.ID)
	if err != nil || n.Confirmed != 1 || n.Organisation != 1 || n.Disowned != 1 || n.Anonymous != 0 {
		t.Errorf("%+v, %v", n, err)
	}
	var kept int
	if err := h.store.Row(t.Context(), "select count(*) from comments where email <> ''").Scan(&kept); err != nil || kept != 0 {
		t.Errorf("%d addresses are kept, %v", kept, err)
	}
	late := says(&d, "late", "Late.")
	late.Email = "d@example.org"
	h.files(late)
	h.at = h.at.Add(emailKept + day)
	h.files(says(&d, "later", "Later."))
	if own, err := h.c.CommentByReceipt(t.Context(), code("late")); err != nil || own.Told {
		t.Errorf("an address that nobody confirmed is kept: %+v, %v", own, err)
	}
}

func TestTalliesTellOfNobody(t *testing.T) {
	h, d := square(t)
	for i := range 40 {
		f := says(&d, strconv.Itoa(i), "A text.")
		switch {
		case i < 15:
			f.Gender = "female"
		case i < 18:
			f.Gender = "male"
		case i < 19:
			f.Gender = "other"
		}
		if i < 12 {
			f.Group = "expert"
		}
		h.files(f)
	}
	for _, at := range []time.Time{h.at, d.Closes} {
		h.at = at
		if all, err := h.c.Tallies(t.Context(), d.ID); err != nil || len(all) != 0 {
			t.Errorf("while people comment, or may again: %+v, %v", all, err)
		}
	}
	h.do(func(tx *catalog.Tx) error {
		return tx.Exec("update drafts set decided = 'approved', decided_at = '2026-12-24T00:00:00.000Z' where id = ?", d.ID)
	})
	all, err := h.c.Tallies(t.Context(), d.ID)
	want := []Tally{
		{"gender", "", 21, false}, {"gender", "female", 0, true}, {"gender", "male", 0, true}, {"gender", "other", 0, true}, // 4 could be told from the sum
		{"group", "", 28, false}, {"group", "expert", 12, false},
	}
	if err != nil || !slices.Equal(all, want) {
		t.Errorf("%+v, %v", all, err)
	}
}
