package consultation

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
)

// A DeskComment is a comment as those see it who moderate. The address that it
// was filed with is for nobody.
type DeskComment struct {
	Comment
	Note     string // why it was removed, for colleagues
	Looked   time.Time
	Erased   bool
	Revision int64
	Slug     string       // of the draft
	Title    catalog.Text // likewise
	Agency   string       // id, likewise
}

const selectDesk = "select " + ownColumns + `, note, looked, length(salt) = 0 and source is null, revision,
	(select d.slug from drafts d where d.id = comments.draft), (select d.title from drafts d where d.id = comments.draft), (select d.agency from drafts d where d.id = comments.draft)
	from comments `

func scanDeskComment(row catalog.Row) (d DeskComment, err error) {
	d.Comment, err = scanComment(row, &d.Note, catalog.AsTime(&d.Looked), &d.Erased, &d.Revision, &d.Slug, catalog.AsJSON(&d.Title), &d.Agency)
	return d, err
}

// A QueueFilter says which comments Queue returns. Empty fields do not filter.
type QueueFilter struct {
	Draft string // id
	State string // Waiting or Shown; both when empty
	After string // id of the comment that stood last on the page before
	Back  bool   // what stands before After instead, the nearest first
	Limit int
}

// Queue returns the comments that nobody looked at yet, of the drafts of the
// agencies in which the actor may moderate, those of one draft together and
// there the oldest first, and how many there are in all.
func (c *Consultation) Queue(ctx context.Context, by *catalog.Actor, f QueueFilter) (all []DeskComment, total int64, err error) {
	agencies, everywhere := by.Agencies(catalog.Moderate)
	const which = `indexed by comments_queue where looked = '' and state in ('waiting', 'published')
		and draft in (select d.id from drafts d where (?1 or d.agency in (select value from json_each(?2))) and (?3 = '' or d.id = ?3)) and (?4 = '' or state = ?4)`
	args := []any{everywhere, catalog.AsJSON(&agencies), f.Draft, f.State}
	if err := c.store.Row(ctx, "select count(*) from comments "+which, args...).Scan(&total); err != nil {
		return nil, 0, catalog.Wrap("queue", err)
	}
	than, order := ">", "draft, seq"
	if f.Back {
		than, order = "<", "draft desc, seq desc"
	}
	rows, err := c.store.Rows(ctx, selectDesk+which+" and (?5 = '' or (draft, seq) "+than+" (select a.draft, a.seq from comments a where a.id = ?5)) order by "+order+" limit ?6",
		append(args, f.After, f.Limit)...)
	all, err = catalog.Collect(rows, err, scanDeskComment)
	return all, total, catalog.Wrap("queue", err)
}

// DeskComment returns the comment with the id. It is ErrNotFound for one that
// there is not and for one on a draft of which the actor may not see what is
// not public.
func (c *Consultation) DeskComment(ctx context.Context, by *catalog.Actor, id string) (DeskComment, error) {
	d, err := scanDeskComment(c.store.Row(ctx, selectDesk+"where id = ?", id))
	if catalog.NoRow(err) || err == nil && !by.Can(catalog.View, d.Agency) {
		return DeskComment{}, catalog.NotFound(NounComment, id)
	}
	return d, catalog.Wrap("desk comment", err)
}

// commentAt returns the comment for the actor to moderate, at the revision that
// the actor looked at.
func commentAt(tx *catalog.Tx, by *catalog.Actor, id string, revision int64) (DeskComment, error) {
	d, err := scanDeskComment(tx.Row(selectDesk+"where id = ?", id))
	switch {
	case catalog.NoRow(err), err == nil && !by.Can(catalog.View, d.Agency):
		return d, catalog.NotFound(NounComment, id)
	case err != nil:
		return d, err
	case !by.Can(catalog.Moderate, d.Agency):
		return d, fmt.Errorf("comment %q: %w", id, catalog.ErrDenied)
	case d.Erased || d.State == TakenBack || d.State == NotTheirs:
		return d, &catalog.ConflictError{Code: CodeErased, Reason: "its text is gone: who wrote it took it back, or it was filed in another's name"}
	case revision != catalog.AnyRevision && revision != d.Revision:
		return d, &catalog.StaleError{Given: revision, Current: d.Revision}
	}
	return d, nil
}

// put writes what an act changed of a comment, and logs it.
func (d *DeskComment) put(tx *catalog.Tx, by *catalog.Actor, act, note string, was commentState) error {
	d.Looked = tx.Now()
	d.Revision++
	if err := tx.MoveComment(d.ID, "update comments set state = ?, shown = ?, ended = ?, reason = ?, note = ?, looked = ?, revision = ? where id = ?",
		d.State, catalog.Stamp(d.Published), catalog.Stamp(d.Ended), d.Reason, d.Note, catalog.Stamp(d.Looked), d.Revision, d.ID); err != nil {
		return err
	}
	entry := catalog.Entry{Act: act, Noun: NounComment, Thing: d.ID, Agency: d.Agency, Note: note}
	return tx.Log(by, entry, was, commentState{State: d.State, Reason: d.Reason})
}

func (d *DeskComment) stated() commentState { return commentState{State: d.State, Reason: d.Reason} }

// Show lets everybody read a comment that waits; one that everybody reads
// leaves the queue. A removed one has to be restored.
func Show(tx *catalog.Tx, by *catalog.Actor, id string, revision int64) (DeskComment, error) {
	d, err := commentAt(tx, by, id, revision)
	switch {
	case err != nil:
		return d, err
	case d.State == Removed:
		return d, &catalog.ConflictError{Code: "comment.removed", Reason: "it was removed: restore it"}
	case d.State == Shown && !d.Looked.IsZero():
		return d, nil
	}
	was := d.stated()
	d.show(tx)
	return d, d.put(tx, by, "comment.show", "", was)
}

func (d *DeskComment) show(tx *catalog.Tx) {
	d.State, d.Reason, d.Note, d.Ended = Shown, "", "", time.Time{}
	if d.Published.IsZero() {
		d.Published = tx.Now()
	}
}

// Remove takes a comment out of what everybody reads, for one of
// RemovalReasons, which everybody sees where it stood. note is for colleagues.
// Removed again, it has the newer reason.
func Remove(tx *catalog.Tx, by *catalog.Actor, id string, revision int64, reason, note string) (DeskComment, error) {
	d, err := commentAt(tx, by, id, revision)
	if err != nil {
		return d, err
	}
	if !slices.Contains(RemovalReasons, reason) {
		return d, invalid("reason", "say why; everybody sees the reason")
	}
	if n := utf8.RuneCountInString(note); n > MaxQuote {
		return d, invalid("note", "it has %d characters, %d are allowed", n, MaxQuote)
	}
	was := d.stated()
	if d.State != Removed {
		d.Ended = tx.Now()
	}
	d.State, d.Reason, d.Note = Removed, reason, note
	return d, d.put(tx, by, "comment.remove", note, was)
}

// Restore lets everybody read a comment again that was removed.
func Restore(tx *catalog.Tx, by *catalog.Actor, id string, revision int64) (DeskComment, error) {
	d, err := commentAt(tx, by, id, revision)
	if err != nil || d.State != Removed {
		return d, err
	}
	was := d.stated()
	d.show(tx)
	return d, d.put(tx, by, "comment.restore", "", was)
}
