package consultation

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// What followers of a draft are told; each has a letter "draft-" and its name.
const (
	AlertOpened    = "opened"   // people can comment
	AlertExtended  = "extended" // and longer than it was said
	AlertClosing   = "closing"  // it closes soon
	AlertVersion   = "version"  // there is a new text
	AlertAnswered  = "answered" // the agency answered
	AlertApproved  = "approved"
	AlertWithdrawn = "withdrawn"
)

// How long before the end of a period followers are told, how short a period is
// that they are not, and how often at most they are told of answers.
const (
	closingBefore = 2 * day
	closingLeast  = 4 * day
	answeredEvery = day
)

// alert notes what the followers of a draft are to be told, once about each
// thing.
func alert(tx *catalog.Tx, draft, kind, thing string) error {
	return tx.Exec(`insert into alerts (draft, n, kind, thing, at)
		select ?1, (select coalesce(max(n), 0) + 1 from alerts where draft = ?1), ?2, ?3, ?4
		where not exists (select 1 from alerts where draft = ?1 and kind = ?2 and thing = ?3)`, draft, kind, thing, catalog.Stamp(tx.Now()))
}

// alertByClock notes what the clock brought about of a draft: that it opened,
// that it closes soon, and that there were answers since the last time.
func alertByClock(tx *catalog.Tx, draft string) error {
	d, err := scanDraft(tx.Row("select "+draftColumns+" from drafts d where d.id = ?", draft))
	if err != nil || !d.Visible() {
		return err
	}
	if d.Stage(tx.Now()) == Open {
		var begin, last string
		if err := tx.Row(`select coalesce((select id from periods where draft = ?1 and kind in ('opened', 'reopened') order by n desc limit 1), ''),
			coalesce((select id from periods where draft = ?1 order by n desc limit 1), '')`, d.ID).Scan(&begin, &last); err != nil {
			return err
		}
		if err := alert(tx, d.ID, AlertOpened, begin); err != nil {
			return err
		}
		if d.Closes.Sub(d.Opens) >= closingLeast && d.Closes.Sub(tx.Now()) <= closingBefore {
			if err := alert(tx, d.ID, AlertClosing, last); err != nil {
				return err
			}
		}
	}
	var told, answered time.Time
	if err := tx.Row(`select coalesce((select max(at) from alerts where draft = ?1 and kind = 'answered'), ''),
		coalesce((select max(at) from responses where draft = ?1 and state = 'published'), '')`, d.ID).Scan(catalog.AsTime(&told), catalog.AsTime(&answered)); err != nil {
		return err
	}
	if answered.IsZero() || !answered.After(told) || tx.Now().Sub(told) < answeredEvery {
		return nil
	}
	return alert(tx, d.ID, AlertAnswered, catalog.Stamp(tx.Now()))
}

// A notice is what a follower is to be told.
type notice struct {
	follower string
	n        int64
	kind     string
	thing    string
	since    time.Time // of the alert
	draft    Draft
	agency   catalog.Text
	mail     catalog.Mail
}

// lettersAtOnce is how many letters are written in one write.
const lettersAtOnce = 100

// unconfirmedKept is how long an address is kept that nobody confirmed.
const unconfirmedKept = 7 * day

// Tell writes to the followers of drafts what happened since they were told
// last, and forgets the addresses that nobody confirmed. path is that of the page
// at which a follower (its id) ends it, below the language. It returns how many
// letters are on their way.
func (c *Consultation) Tell(ctx context.Context, path func(follower string) string) (n int, err error) {
	if err := c.store.Write(ctx, func(tx *catalog.Tx) error {
		return tx.Exec("delete from followers where confirmed = '' and created < ?", catalog.Stamp(tx.Now().Add(-unconfirmedKept)))
	}); err != nil {
		return 0, err
	}
	rows, err := c.store.Rows(ctx, "select distinct draft from followers where confirmed <> ''")
	drafts, err := catalog.Collect(rows, err, scanText)
	if err != nil {
		return 0, catalog.Wrap("followers", err)
	}
	for _, draft := range drafts {
		if err := c.store.Write(ctx, func(tx *catalog.Tx) error { return alertByClock(tx, draft) }); err != nil {
			return n, err
		}
		for {
			more := 0
			err := c.store.Write(ctx, func(tx *catalog.Tx) (err error) { more, err = tell(tx, draft, path); return err })
			if err != nil {
				return n, err
			}
			if n += more; more == 0 {
				break
			}
		}
	}
	return n, nil
}

func scanText(row catalog.Row) (s string, err error) {
	err = row.Scan(&s)
	return s, err
}

// tell writes some of the letters about a draft.
func tell(tx *catalog.Tx, draft string, path func(string) string) (int, error) {
	rows, err := tx.Rows(`select f.id, a.n, a.kind, a.thing, a.at, f.email, f.lang, g.title, `+draftColumns+`
		from followers f join alerts a on a.draft = f.draft and a.n > f.told join drafts d on d.id = f.draft join agencies g on g.id = d.agency
		where f.draft = ? and f.confirmed <> '' order by f.id, a.n limit ?`, draft, lettersAtOnce)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (l notice, err error) {
		l.draft, err = scanDraft(behind{row, []any{&l.follower, &l.n, &l.kind, &l.thing, catalog.AsTime(&l.since), &l.mail.To, &l.mail.Lang, catalog.AsJSON(&l.agency)}})
		return l, err
	})
	if err != nil {
		return 0, err
	}
	for i := range all {
		l := &all[i]
		if l.draft.Visible() {
			if err := l.write(tx, path(l.follower)); err != nil {
				return 0, err
			}
		}
		if err := tx.Exec("update followers set told = ? where id = ?", l.n, l.follower); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// behind reads the columns that stand before those of a thing.
type behind struct {
	row   catalog.Row
	first []any
}

// Scan is catalog.Row.
func (b behind) Scan(into ...any) error { return b.row.Scan(append(b.first, into...)...) }

// write queues the letter.
func (l *notice) write(tx *catalog.Tx, off string) error {
	m := &l.mail
	m.Kind, m.Thing = "draft-"+l.kind, l.thing
	m.Data = catalog.MailData{Agency: l.agency, Title: l.draft.Title, Path: "/drafts/" + l.draft.Slug, Off: off}
	switch l.kind {
	case AlertOpened, AlertExtended:
		m.Data.At = l.draft.Closes
	case AlertClosing:
		m.Data.At, m.Expires = l.draft.Closes, l.draft.Closes
	case AlertWithdrawn:
		m.Data.Text, _ = l.draft.Note.In(m.Lang)
	case AlertVersion:
		var note catalog.Text
		if err := tx.Row("select note from versions where id = ?", l.thing).Scan(catalog.AsJSON(&note)); err != nil && !catalog.NoRow(err) {
			return err
		}
		m.Data.Text, _ = note.In(m.Lang)
	case AlertAnswered:
		if err := tx.Row(`select count(*) from responses where draft = ?1 and state = 'published' and at <= ?2
			and at > coalesce((select max(at) from alerts where draft = ?1 and kind = 'answered' and at < ?2), '')`,
			l.draft.ID, catalog.Stamp(l.since)).Scan(&m.Data.Count); err != nil {
			return err
		}
	}
	return tx.QueueMail(*m)
}
