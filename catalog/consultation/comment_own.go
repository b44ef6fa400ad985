package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
)

// An Own is a comment as who wrote it sees it.
type Own struct {
	Comment
	Told   bool  // an address is there that is not confirmed yet
	Leaf   int64 // entry of the log that proves it
	Erased bool  // its text is gone for good
}

const selectOwn = "select " + ownColumns + ", email <> '', leaf, length(salt) = 0 from comments where "

func scanOwn(row catalog.Row) (o Own, err error) {
	o.Comment, err = scanComment(row, &o.Told, &o.Leaf, &o.Erased)
	return o, err
}

// CommentByReceipt returns the comment of who has the receipt (its hash), or
// ErrNotFound.
func (c *Consultation) CommentByReceipt(ctx context.Context, receipt []byte) (Own, error) {
	return c.own(ctx, "receipt = ?", receipt)
}

// CommentAs returns the comment with the id for who proved that it was filed
// with their address, or ErrNotFound.
func (c *Consultation) CommentAs(ctx context.Context, id string) (Own, error) {
	return c.own(ctx, "id = ?", id)
}

func (c *Consultation) own(ctx context.Context, which string, key any) (Own, error) {
	o, err := scanOwn(c.store.Row(ctx, selectOwn+which, key))
	if catalog.NoRow(err) {
		return o, catalog.NotFound(NounComment, "receipt")
	}
	if err == nil {
		all := []Comment{o.Comment}
		err = c.addAnswers(ctx, all)
		o.Comment = all[0]
	}
	return o, catalog.Wrap("own comment", err)
}

// wiped is what is left of a comment that is not there for anybody any more:
// that it came, where, when, and the hash of what it said, which nobody can
// guess without the salt.
const wiped = `quote = '', before = '', after = '', name = '', organisation = '', text = '', note = '', email = '', person = x'', salt = x'', signature = x'', cluster = 0,
	revision = revision + 1`

// TakeBack takes a comment back for who has its receipt: what it said, the name
// and the address are erased. One that everybody could read leaves behind that
// it was there, one that was removed keeps the reason.
func TakeBack(tx *catalog.Tx, receipt []byte) (Own, error) {
	o, err := scanOwn(tx.Row(selectOwn+"receipt = ?", receipt))
	switch {
	case catalog.NoRow(err):
		return o, catalog.NotFound(NounComment, "receipt")
	case err != nil || o.Erased:
		return o, err
	}
	state := TakenBack
	if o.State == Removed {
		state = Removed
	}
	return o.erase(tx, "comment.withdraw", state)
}

// erase wipes the comment and leaves it in a state.
func (o Own) erase(tx *catalog.Tx, act, state string) (Own, error) {
	was, ended := commentState{State: o.State, Reason: o.Reason}, o.Ended
	if state != o.State {
		ended = tx.Now()
	}
	if err := tx.Exec("update clusters set stale = stale + 1 where id = ? and id <> 0", o.Cluster); err != nil {
		return o, err
	}
	if err := tx.MoveComment(o.ID, "update comments set state = ?, ended = ?, "+wiped+" where id = ?", state, catalog.Stamp(ended), o.ID); err != nil {
		return o, err
	}
	if err := logComment(tx, &catalog.Actor{}, act, &o.Comment, was, commentState{State: state, Reason: o.Reason}); err != nil {
		return o, err
	}
	return scanOwn(tx.Row(selectOwn+"id = ?", o.ID))
}

// ConfirmEmail notes that who has the address of a comment (its id) says that
// they wrote it. The address is of no more use then, and is erased.
func ConfirmEmail(tx *catalog.Tx, id string) (Own, error) {
	o, err := scanOwn(tx.Row(selectOwn+"id = ?", id))
	switch {
	case catalog.NoRow(err):
		return o, catalog.NotFound(NounComment, id)
	case err != nil || !o.Told:
		return o, err // said before, or too late
	}
	was := commentState{State: o.State, Provenance: o.Provenance}
	o.Told, o.Provenance = false, Confirmed
	if o.Organisation != "" {
		o.Provenance = Organisation
	}
	if err := o.show(tx); err != nil {
		return o, err
	}
	if err := tx.MoveComment(id, "update comments set email = '', confirmed = ?, provenance = ?, state = ?, shown = ?, revision = revision + 1 where id = ?",
		catalog.Stamp(tx.Now()), o.Provenance, o.State, catalog.Stamp(o.Published), id); err != nil {
		return o, err
	}
	return o, logComment(tx, &catalog.Actor{}, "comment.confirm", &o.Comment, was, commentState{State: o.State, Provenance: o.Provenance})
}

// show publishes a comment that waited for a proof alone that somebody wrote it.
func (o *Own) show(tx *catalog.Tx) error {
	var moderation string
	if err := tx.Row("select moderation from drafts where id = ?", o.Draft).Scan(&moderation); err != nil {
		return err
	}
	if o.State == Waiting && moderation == PublishFirst && !suspect(o.Text) {
		o.State, o.Published = Shown, tx.Now()
	}
	return nil
}

// Disown takes away a comment (its id) of which who has the address that it was
// filed with says that they did not write it. What it said is erased; that it
// was there and was disowned is not.
func Disown(tx *catalog.Tx, id string) (Own, error) {
	o, err := scanOwn(tx.Row(selectOwn+"id = ?", id))
	switch {
	case catalog.NoRow(err):
		return o, catalog.NotFound(NounComment, id)
	case err != nil || o.Erased:
		return o, err
	}
	return o.erase(tx, "comment.disown", NotTheirs)
}

// A commentState is what the log keeps of a comment before and after an act.
type commentState struct {
	State      string `json:"state,omitempty"`
	Reason     string `json:"reason,omitempty"`
	Provenance string `json:"provenance,omitempty"`
}

// logComment logs an act on a comment. What it says is not in the log, so that
// it can be taken back.
func logComment(tx *catalog.Tx, by *catalog.Actor, act string, c *Comment, before, after commentState) error {
	var agency string
	if err := tx.Row("select agency from drafts where id = ?", c.Draft).Scan(&agency); err != nil {
		return err
	}
	return tx.Log(by, catalog.Entry{Act: act, Noun: NounComment, Thing: c.ID, Agency: agency}, before, after)
}
