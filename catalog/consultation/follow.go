package consultation

import (
	"context"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// A Follower is an address that letters about a draft go to.
type Follower struct {
	ID        string
	Draft     string // id
	Lang      string
	Confirmed bool
}

// Follow keeps the address of somebody who wants letters about a draft (its slug
// or id), and queues the one by which they say that it is theirs; without that
// none is sent. path is that of the page for it, of the id of the follower and
// below the language. Of an address that is there already nobody learns that: a
// letter is queued only when it was not confirmed yet.
func Follow(tx *catalog.Tx, draft, email, lang string, path func(follower string) string) (Follower, error) {
	d, err := scanDraft(tx.Row("select "+draftColumns+" from drafts d where (d.slug = ?1 or d.id = ?1) and d."+catalog.PublicRows, draft))
	if catalog.NoRow(err) {
		return Follower{}, catalog.NotFound(NounDraft, draft)
	}
	if err != nil {
		return Follower{}, err
	}
	if d.Decided != "" {
		return Follower{}, &catalog.ConflictError{Code: "draft.decided", Reason: "it is decided: nothing more comes of it"}
	}
	email = strings.ToLower(strings.TrimSpace(email))
	f := Follower{ID: tx.NewID(), Draft: d.ID, Lang: lang}
	m := catalog.Mail{Kind: catalog.MailFollow, To: email, Lang: lang, Data: catalog.MailData{Title: d.Title}}
	if err := m.Check(); err != nil {
		return f, err
	}
	if err := tx.Exec("insert into followers (id, draft, email, lang, created) values (?, ?, ?, ?, ?) on conflict (draft, email) do nothing",
		f.ID, f.Draft, email, lang, catalog.Stamp(tx.Now())); err != nil {
		return f, err
	}
	if f, err = scanFollower(tx.Row(followerOf+"draft = ? and email = ?", d.ID, email)); err != nil || f.Confirmed {
		return f, err
	}
	m.Thing, m.Data.Path = f.ID, path(f.ID)
	return f, tx.QueueMail(m)
}

const followerOf = "select id, draft, lang, confirmed <> '' from followers where "

func scanFollower(row catalog.Row) (f Follower, err error) {
	err = row.Scan(&f.ID, &f.Draft, &f.Lang, &f.Confirmed)
	return f, err
}

// Follower returns the follower with the id, or ErrNotFound. Who calls has seen
// that it is the follower who asks.
func (c *Consultation) Follower(ctx context.Context, id string) (Follower, error) {
	f, err := scanFollower(c.store.Row(ctx, followerOf+"id = ?", id))
	if catalog.NoRow(err) {
		return f, catalog.NotFound("follower", id)
	}
	return f, catalog.Wrap("follower", err)
}

// ConfirmFollow notes that who has the address wants the letters. They are told
// what happens from now on.
func ConfirmFollow(tx *catalog.Tx, id string) (Follower, error) {
	f, err := scanFollower(tx.Row(followerOf+"id = ?", id))
	if catalog.NoRow(err) {
		return f, catalog.NotFound("follower", id)
	}
	if err != nil || f.Confirmed {
		return f, err
	}
	if err := alertByClock(tx, f.Draft); err != nil {
		return f, err
	}
	f.Confirmed = true
	return f, tx.Exec("update followers set confirmed = ?, told = (select coalesce(max(n), 0) from alerts where draft = ?) where id = ?",
		catalog.Stamp(tx.Now()), f.Draft, id)
}

// Unfollow forgets a follower, also one that was forgotten before. Letters that
// wait are not sent any more.
func Unfollow(tx *catalog.Tx, id string) error {
	if err := tx.Exec(`delete from outbox where state <> 'sent' and (kind = ?1 and thing = ?2 or kind like 'draft-%' and exists (select 1 from followers f join drafts d on d.id = f.draft
		where f.id = ?2 and f.email = outbox.address and body ->> '$.path' = '/drafts/' || d.slug))`, catalog.MailFollow, id); err != nil {
		return err
	}
	return tx.Exec("delete from followers where id = ?", id)
}
