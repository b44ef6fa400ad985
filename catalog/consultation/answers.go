package consultation

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// Verdicts are all verdicts of answers.
var Verdicts = []string{Adopted, Partly, Rejected, Noted}

// An About is what an answer or an influence is about: a comment, or a cluster
// of them.
type About struct {
	Comment string // id
	Cluster int64
}

// A subject is an About as it was found.
type subject struct {
	seq, cluster int64
	draft, state string
}

// find finds what it is about in a public state: ErrNotFound, or why there is
// nothing to say to it.
func (a About) find(tx *catalog.Tx) (s subject, err error) {
	if a.Comment == "" {
		s.cluster = a.Cluster
		err = tx.Row("select draft, 'published' from clusters where id = ? and size > 0", a.Cluster).Scan(&s.draft, &s.state)
	} else {
		err = tx.Row("select seq, draft, state from comments where id = ?", a.Comment).Scan(&s.seq, &s.draft, &s.state)
	}
	switch {
	case catalog.NoRow(err):
		return s, catalog.NotFound(NounComment, a.key())
	case err == nil && s.state != Shown:
		return s, &catalog.ConflictError{Code: "comment." + s.state, Reason: "it is not public, so there is nothing to say to it in public"}
	}
	return s, err
}

func (a About) key() string {
	if a.Comment == "" {
		return strconv.FormatInt(a.Cluster, 10)
	}
	return a.Comment
}

// A Reply is what an agency says.
type Reply struct {
	Verdict string // of Verdicts
	Lang    string // of the text; empty: the first of catalog.Languages
	Text    string
}

const answerColumns = `r.id, r.draft, coalesce((select c.id from comments c where c.seq = r.comment), ''), r.cluster, r.state, r.verdict, r.lang, r.text, r.at, r.revision`

func scanAnswer(row catalog.Row) (a Answer, err error) {
	err = row.Scan(&a.ID, &a.Draft, &a.Comment, &a.Cluster, &a.State, &a.Verdict, &a.Lang, &a.Text, catalog.AsTime(&a.At), &a.Revision)
	return a, err
}

// responding returns the draft that the answer is of, what it is about, and the
// answer that there is, without an id when there is none. A zero revision is
// that of one that was not written yet, or any.
func responding(tx *catalog.Tx, by *catalog.Actor, about About, rev int64) (d Draft, s subject, a Answer, err error) {
	if s, err = about.find(tx); err != nil {
		if s.draft != "" { // who may not see the draft does not learn that there is such a comment
			if _, denied := seen(tx, by, catalog.Answer, s.draft); denied != nil {
				err = denied
			}
		}
		return d, s, a, err
	}
	if d, err = seen(tx, by, catalog.Answer, s.draft); err != nil {
		return d, s, a, err
	}
	if !d.Visible() {
		return d, s, a, &catalog.ConflictError{Code: "unpublished", Reason: "it is not public"}
	}
	a, err = scanAnswer(tx.Row("select "+answerColumns+" from responses r where r.comment = ? and r.cluster = ?", s.seq, s.cluster))
	switch {
	case catalog.NoRow(err):
		return d, s, Answer{Draft: d.ID, Comment: about.Comment, Cluster: s.cluster}, nil
	case err == nil && rev != catalog.AnyRevision && rev != a.Revision:
		err = &catalog.StaleError{Given: rev, Current: a.Revision}
	}
	return d, s, a, err
}

// say puts a reply into an answer.
func (a *Answer) say(r *Reply) error {
	a.Verdict, a.Lang, a.Text = r.Verdict, r.Lang, strings.TrimSpace(r.Text)
	if a.Lang == "" {
		a.Lang = catalog.Languages[0]
	}
	if !slices.Contains(Verdicts, a.Verdict) {
		return &catalog.InvalidError{Field: "verdict", Reason: "say what becomes of it: " + strings.Join(Verdicts, ", ")}
	}
	return fits("text", catalog.Text{a.Lang: a.Text}, MaxAbout)
}

// put writes an answer and logs the act. had is what there was before.
func (a *Answer) put(tx *catalog.Tx, by *catalog.Actor, act string, d *Draft, s *subject, had *Answer) error {
	if a.ID == "" {
		a.ID = tx.NewID()
	}
	a.At = tx.Now()
	a.Revision++
	if err := tx.Exec(`insert into responses (id, draft, comment, cluster, state, verdict, lang, text, at, revision) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, verdict = excluded.verdict, lang = excluded.lang, text = excluded.text, at = excluded.at, revision = excluded.revision`,
		a.ID, a.Draft, s.seq, s.cluster, a.State, a.Verdict, a.Lang, a.Text, catalog.AsTime(&a.At), a.Revision); err != nil {
		return err
	}
	tx.Changed(NounAnswer, a.ID, catalog.OpPut)
	var before any
	if had.ID != "" {
		before = had
	}
	return tx.Log(by, catalog.Entry{Act: "answer." + act, Noun: NounAnswer, Thing: a.ID, Agency: d.Agency}, before, a)
}

// DraftResponse keeps an answer that is not public yet.
func DraftResponse(tx *catalog.Tx, by *catalog.Actor, about About, rev int64, r Reply) (Answer, error) {
	d, s, a, err := responding(tx, by, about, rev)
	if err != nil {
		return a, err
	}
	if a.State == catalog.Published {
		return a, &catalog.ConflictError{Code: "answer.published", Reason: "the answer is public: publish the new words in its place"}
	}
	had := a
	a.State = catalog.Drafted
	if err := a.say(&r); err != nil {
		return a, err
	}
	return a, a.put(tx, by, "draft", &d, &s, &had)
}

// PublishResponse publishes an answer. One that is public already gets the new
// words; the log has all of them.
func PublishResponse(tx *catalog.Tx, by *catalog.Actor, about About, rev int64, r Reply) (Answer, error) {
	d, s, a, err := responding(tx, by, about, rev)
	if err != nil {
		return a, err
	}
	had := a
	a.State = catalog.Published
	if err := a.say(&r); err != nil {
		return a, err
	}
	if a.Text == "" {
		return a, &catalog.InvalidError{Field: "text", Reason: "there is nothing written"}
	}
	if had.State != catalog.Published {
		tx.Changed(NounDraft, d.ID, catalog.OpPut)
	}
	return a, a.put(tx, by, "publish", &d, &s, &had)
}

// DiscardResponse forgets an answer that was not published.
func DiscardResponse(tx *catalog.Tx, by *catalog.Actor, about About, rev int64) error {
	d, _, a, err := responding(tx, by, about, rev)
	switch {
	case err != nil:
		return err
	case a.ID == "":
		return catalog.NotFound(NounAnswer, about.key())
	case a.State == catalog.Published:
		return &catalog.ConflictError{Code: "answer.published", Reason: "the answer is public: publish other words in its place"}
	}
	if err := tx.Exec("delete from responses where id = ?", a.ID); err != nil {
		return err
	}
	tx.Changed(NounAnswer, a.ID, catalog.OpRetire)
	return tx.Log(by, catalog.Entry{Act: "answer.discard", Noun: NounAnswer, Thing: a.ID, Agency: d.Agency}, a, nil)
}

// Answers returns the published answers of a draft (its id) after the one with
// the id, in the order in which they were begun, and how many there are in all.
func (c *Consultation) Answers(ctx context.Context, draft, after string, limit int) (all []Answer, total int64, err error) {
	const which = " from responses r where r.draft = ?1 and r.state = 'published'"
	if err := c.store.Row(ctx, "select count(*)"+which, draft).Scan(&total); err != nil {
		return nil, 0, catalog.Wrap("answers", err)
	}
	rows, err := c.store.Rows(ctx, "select "+answerColumns+which+" and r.id > ?2 order by r.id limit ?3", draft, after, limit)
	all, err = catalog.Collect(rows, err, scanAnswer)
	return all, total, catalog.Wrap("answers", err)
}

// DeskAnswer returns the answer to a comment or a cluster, published or not, for
// who may see what is not public; ErrNotFound without one.
func (c *Consultation) DeskAnswer(ctx context.Context, by *catalog.Actor, about About) (Answer, error) {
	a, err := scanAnswer(c.store.Row(ctx, "select "+answerColumns+` from responses r
		where r.comment = coalesce((select seq from comments where id = ?1), 0) and r.cluster = ?2`, about.Comment, about.Cluster))
	if catalog.NoRow(err) {
		return a, catalog.NotFound(NounAnswer, about.key())
	}
	if err == nil {
		_, err = c.DeskDraft(ctx, by, a.Draft)
	}
	return a, catalog.Wrap("answer", err)
}
