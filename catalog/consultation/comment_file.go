package consultation

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// Codes of conflicts of comments.
const (
	CodeClosed = "draft.closed"   // the draft takes no comments now
	CodeGone   = "comment.gone"   // what is replied to was taken away
	CodeErased = "comment.erased" // who wrote it took it back
)

// emailKept is how long an address that nobody confirmed is kept.
const emailKept = 7 * 24 * time.Hour

// saltSize makes it hopeless to guess what was said from its hash.
const saltSize = 16

// File takes a comment in. A form that came before is not taken in again: again
// is true then, and catalog.ErrReused is said when it came with another text. A
// ConflictError with CodeClosed says that the draft takes no comments at the
// moment of the write, one with CodeGone that what is replied to was taken away;
// an InvalidError which field is wrong. What a comment is about may have been
// taken out of the draft by a newer text: it stands at the text that was shown.
func File(tx *catalog.Tx, f *Filing) (c Comment, again bool, err error) {
	f.clean()
	if err := f.Check(); err != nil {
		return c, false, err
	}
	if c, again, err = filedBefore(tx, f); err != nil || again {
		return c, again, err
	}
	d, err := commentable(tx, f.Draft)
	if err != nil {
		return c, false, err
	}
	c = Comment{
		ID: tx.NewID(), Draft: d.ID, Kind: f.Kind, State: Waiting, Lang: f.Lang, Name: f.Name, Organisation: f.Organisation,
		Provenance: Anonymous, Text: f.Text, Received: tx.Now(),
	}
	link, err := f.stand(tx, &c)
	if err != nil {
		return c, false, err
	}
	if d.Moderation == PublishFirst && f.Proven && !suspect(f.Text) {
		c.State, c.Published = Shown, tx.Now()
	}
	if err := forgetEmails(tx); err != nil {
		return c, false, err
	}
	if err := f.tally(tx); err != nil {
		return c, false, err
	}
	return c, false, f.insert(tx, &c, &d, link)
}

// filedBefore returns the comment that came with the same form.
func filedBefore(tx *catalog.Tx, f *Filing) (c Comment, again bool, err error) {
	var digest, salt []byte
	c, err = scanComment(tx.Row("select "+ownColumns+", digest, salt from comments where once = ?", f.Once), &digest, &salt)
	switch {
	case catalog.NoRow(err):
		return Comment{}, false, nil
	case err != nil:
		return c, false, err
	case len(salt) == 0: // it was taken back: nobody knows any more what it said
		return c, true, nil
	}
	same := c.filed()
	same.Kind, same.Lang, same.Name, same.Organisation, same.Text = f.Kind, f.Lang, f.Name, f.Organisation, f.Text
	if f.Parent != c.Parent || f.Parent == "" && (f.Address != c.Address || f.Quote != c.Quote) || !bytes.Equal(same.digest(salt), digest) {
		return Comment{}, false, catalog.ErrReused
	}
	return c, true, nil
}

// commentable returns the draft when it takes comments at the moment of the
// write.
func commentable(tx *catalog.Tx, id string) (Draft, error) {
	d, err := scanDraft(tx.Row("select "+draftColumns+" from drafts d where d.id = ?", id))
	switch {
	case catalog.NoRow(err):
		return d, catalog.NotFound(NounDraft, id)
	case err != nil:
		return d, err
	case d.State == catalog.Retired || d.State == catalog.Withdrawn:
		return d, &catalog.RetiredError{Noun: NounDraft, ID: d.ID, Slug: d.Slug}
	case !d.Visible():
		return d, catalog.NotFound(NounDraft, id)
	}
	if stage := d.Stage(tx.Now()); stage != Open {
		return d, &catalog.ConflictError{Code: CodeClosed, Reason: d.whyClosed(stage, tx.Now())}
	}
	return d, nil
}

// whyClosed says why a draft takes no comments.
func (d *Draft) whyClosed(stage Stage, now time.Time) string {
	switch {
	case stage == Approved || stage == Withdrawn:
		return fmt.Sprintf("the draft was %s on %s and takes no more comments", stage, catalog.Stamp(d.DecidedAt))
	case now.Before(d.Opens):
		return fmt.Sprintf("the draft takes comments from %s on", catalog.Stamp(d.Opens))
	case d.Closes.IsZero():
		return "the draft does not take comments yet"
	}
	return fmt.Sprintf("the draft took comments until %s", catalog.Stamp(d.Closes))
}

// A link is where a comment hangs in its thread, by sequence numbers.
type link struct{ parent, root int64 }

// stand finds the place of the comment.
func (f *Filing) stand(tx *catalog.Tx, c *Comment) (l link, err error) {
	if f.Parent != "" {
		return f.reply(tx, c)
	}
	c.Version, c.Address, c.Quote, c.Before, c.After = f.Version, f.Address, f.Quote, f.Before, f.After
	if c.Version == "" {
		err := tx.Row("select id from versions where draft = ? and state = 'published' order by n desc limit 1", c.Draft).Scan(&c.Version)
		if err != nil && !catalog.NoRow(err) {
			return l, err
		}
	} else {
		var there bool
		if err := tx.Row("select exists (select 1 from versions where id = ? and draft = ? and state = 'published')", c.Version, c.Draft).Scan(&there); err != nil {
			return l, err
		}
		if !there {
			return l, invalid("version", "the draft has no such text")
		}
	}
	if c.Address == "" {
		if c.Quote != "" {
			return l, invalid("quote", "say in which article these words stand")
		}
		return l, nil
	}
	var text string
	err = tx.Row("select heading || ' ' || text from provisions where version = ? and address = ?", c.Version, c.Address).Scan(&text)
	switch {
	case catalog.NoRow(err):
		return l, invalid("address", "the text has no article %q", c.Address)
	case err == nil && !strings.Contains(strings.Join(strings.Fields(text), " "), c.Quote):
		return l, invalid("quote", "these words do not stand in the article")
	}
	return l, err
}

// reply puts the comment under the one that it replies to, where that stands.
func (f *Filing) reply(tx *catalog.Tx, c *Comment) (l link, err error) {
	p, err := scanComment(tx.Row("select "+ownColumns+" from comments where id = ? and draft = ?", f.Parent, c.Draft))
	switch {
	case catalog.NoRow(err), err == nil && p.State == Waiting:
		return l, invalid("parent", "there is no such comment on this draft")
	case err != nil:
		return l, err
	case p.State != Shown:
		return l, &catalog.ConflictError{Code: CodeGone, Reason: "the comment was taken away meanwhile: nobody can reply to it any more"}
	}
	l = link{parent: p.Seq, root: p.Seq}
	if p.Root != "" {
		if err := tx.Row("select root from comments where seq = ?", p.Seq).Scan(&l.root); err != nil {
			return l, err
		}
	}
	c.Version, c.Address = p.Version, p.Address
	c.Parent, c.Root, c.Depth = p.ID, p.Root, min(p.Depth+1, MaxThread)
	if c.Root == "" {
		c.Root = p.ID
	}
	return l, nil
}

// actFile is the act of the entries that receipts prove.
const actFile = "comment.file"

// filedEntry is what the log keeps of a comment: that it came, for who has the
// receipt to prove, and nothing of what it says.
type filedEntry struct {
	Draft  string `json:"draft"`
	Digest string `json:"digest"`
}

// insert writes the comment, its count and its leaf of the log.
func (f *Filing) insert(tx *catalog.Tx, c *Comment, d *Draft, l link) error {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	digest := c.filed().digest(salt)
	person, err := personOf(tx, d.ID, f.Email)
	if err != nil {
		return err
	}
	entry := catalog.Entry{Act: actFile, Noun: NounComment, Thing: c.ID, Agency: d.Agency}
	if err := tx.Log(&catalog.Actor{}, entry, nil, filedEntry{c.Draft, hex.EncodeToString(digest)}); err != nil {
		return err
	}
	err = tx.Row(`insert into comments (id, draft, version, address, quote, before, after, parent, root, depth, kind, state, lang, name, organisation,
			provenance, text, received, shown, once, digest, salt, receipt, leaf, email, person)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (select max(n) from log), ?, ?) returning seq`,
		c.ID, c.Draft, c.Version, c.Address, c.Quote, c.Before, c.After, l.parent, l.root, c.Depth, c.Kind, c.State, c.Lang, c.Name, c.Organisation,
		c.Provenance, c.Text, catalog.Stamp(c.Received), catalog.Stamp(c.Published), f.Once, digest, salt, f.Receipt, f.Email, person).Scan(&c.Seq)
	if err != nil {
		return err
	}
	return tx.CountComment(c.ID)
}

// personOf is what tells addresses apart when they are forgotten: a hash with a
// secret of the catalogue, for this draft alone. It is empty without an address.
func personOf(tx *catalog.Tx, draft, email string) ([]byte, error) {
	if email == "" {
		return []byte{}, nil
	}
	const name = "comments.key"
	var key string
	err := tx.Row("select value from meta where key = ?", name).Scan(&key)
	if catalog.NoRow(err) {
		fresh := make([]byte, sha256.Size)
		_, _ = rand.Read(fresh) // never fails
		key = hex.EncodeToString(fresh)
		err = tx.Exec("insert into meta (key, value) values (?, ?)", name, key)
	}
	sum := sha256.Sum256([]byte(key + "\n" + draft + "\n" + strings.ToLower(email)))
	return sum[:16], err
}

// forgetEmails erases the addresses that nobody confirmed in time.
func forgetEmails(tx *catalog.Tx) error {
	return tx.Exec("update comments set email = '' where email <> '' and received < ?", catalog.Stamp(tx.Now().Add(-emailKept)))
}
