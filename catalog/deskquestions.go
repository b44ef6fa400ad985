package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A DeskQuestion is a question as those see it who answer it. The address of
// who asked is for nobody.
type DeskQuestion struct {
	Asked
	Draft    string // of the answer
	Note     string // why it was declined, for colleagues
	Revision int64
}

const deskQuestionColumns = askedColumns + ", draft, note, revision"

func scanDeskQuestion(row scanner) (q DeskQuestion, err error) {
	err = row.Scan(append(q.columns(), &q.Told, &q.Sure, &q.Draft, &q.Note, &q.Revision)...)
	return q, err
}

// AskedBy returns the question of who has the receipt, or ErrNotFound.
func (s *Store) AskedBy(ctx context.Context, receipt []byte) (Asked, error) {
	return s.asked(ctx, "receipt = ?", receipt)
}

// AskedAs returns the question with the id for who proved that it was asked in
// their name, or ErrNotFound.
func (s *Store) AskedAs(ctx context.Context, id string) (Asked, error) {
	return s.asked(ctx, "id = ?", id)
}

func (s *Store) asked(ctx context.Context, which string, key any) (Asked, error) {
	a, err := scanAsked(s.row(ctx, askedBy+which, key))
	if errors.Is(err, sql.ErrNoRows) {
		return a, notFound(NounQuestion, "receipt")
	}
	return a, wrap("asked", err)
}

// DeskQuestion returns the question with the id. It is ErrNotFound for one that
// there is not and for one of an agency of which the actor may not see what is
// not public.
func (s *Store) DeskQuestion(ctx context.Context, by *Actor, id string) (DeskQuestion, error) {
	q, err := scanDeskQuestion(s.row(ctx, "select "+deskQuestionColumns+" from questions where id = ?", id))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !by.Can(View, q.Agency) {
		return DeskQuestion{}, notFound(NounQuestion, id)
	}
	return q, wrap("desk question", err)
}

// DeskQuestions returns the questions of the agencies in which the actor may do
// the verb, the oldest first, and how many there are in all. Before is the id of
// the question that stood last on the page before.
func (s *Store) DeskQuestions(ctx context.Context, by *Actor, do Verb, f QuestionFilter) (all []DeskQuestion, total int64, err error) {
	agencies, everywhere := by.Agencies(do)
	const which = ` from questions where (?1 or agency in (select value from json_each(?2))) and (?3 = '' or agency = ?3)
		and (?4 = 'null' or state in (select value from json_each(?4)))`
	args := []any{everywhere, asJSON(&agencies), f.Agency, asJSON(&f.States)}
	if err = s.row(ctx, "select count(*)"+which, args...).Scan(&total); err != nil {
		return nil, 0, wrap("desk questions", err)
	}
	rows, err := s.query(ctx, "select "+deskQuestionColumns+which+" and id > ?5 order by id limit ?6", append(args, f.Before, f.Limit)...)
	all, err = collect(rows, err, scanDeskQuestion)
	return all, total, wrap("desk questions", err)
}

// questionAt returns the question for the actor to do the verb to, at the
// revision that the actor worked on.
func (t *Tx) questionAt(by *Actor, do Verb, id string, revision int64) (DeskQuestion, error) {
	q, err := scanDeskQuestion(t.row("select "+deskQuestionColumns+" from questions where id = ?", id))
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && !by.Can(View, q.Agency):
		return q, notFound(NounQuestion, id)
	case err != nil:
		return q, err
	case !by.Can(do, q.Agency):
		return q, fmt.Errorf("question %q: %w", id, ErrDenied)
	case q.State == QuestionWithdrawn:
		return q, &ConflictError{"question.withdrawn", "who asked took it back"}
	case revision != AnyRevision && revision != q.Revision:
		return q, &StaleError{Given: revision, Current: q.Revision}
	}
	return q, nil
}

// putQuestion writes what an act changed of a question, and logs it.
func (t *Tx) putQuestion(by *Actor, act string, q *DeskQuestion, before stated) error {
	var waited any
	if q.State == QuestionAnswered {
		waited = age(q.Asked.Asked, q.Closed)
	}
	q.Revision++
	if err := t.exec("update questions set state = ?, opened = ?, closed = ?, waited = ?, reason = ?, answer = ?, draft = ?, note = ?, revision = ? where id = ?",
		q.State, asTime(&q.Opened), asTime(&q.Closed), waited, q.Reason, q.Answer, q.Draft, q.Note, q.Revision, q.ID); err != nil {
		return err
	}
	t.changed(NounQuestion, q.ID, OpPut)
	return t.logQuestion(by, act, &q.Question, before, q.stated())
}

func (q *DeskQuestion) stated() stated { return stated{q.State, q.Reason, q.Answer, q.Draft} }

// OpenQuestion lets everybody read a question that waits or was declined.
func (t *Tx) OpenQuestion(by *Actor, id string, revision int64) (DeskQuestion, error) {
	q, err := t.questionAt(by, Answer, id, revision)
	if err != nil || q.State == QuestionOpen || q.State == QuestionAnswered {
		return q, err
	}
	before := q.stated()
	q.open(t)
	return q, t.putQuestion(by, "open", &q, before)
}

func (q *DeskQuestion) open(t *Tx) {
	q.State, q.Reason, q.Note = QuestionOpen, "", ""
	if q.Opened.IsZero() {
		q.Opened = t.now
	}
	q.Closed = time.Time{}
}

// DeclineQuestion takes a question out of what everybody reads, for one of
// DeclineReasons, which everybody sees. note is for colleagues. email is the
// confirmed address that is to be told, if there is one; it is forgotten.
func (t *Tx) DeclineQuestion(by *Actor, id string, revision int64, reason, note string) (q DeskQuestion, email string, err error) {
	if q, err = t.questionAt(by, Moderate, id, revision); err != nil {
		return q, "", err
	}
	if !slices.Contains(DeclineReasons, reason) {
		return q, "", &InvalidError{"reason", "say why; everybody sees the reason"}
	}
	before := q.stated()
	q.State, q.Reason, q.Note, q.Closed = QuestionDeclined, reason, note, t.now
	if err := t.putQuestion(by, "decline", &q, before); err != nil {
		return q, "", err
	}
	email, err = t.takeAddress(id)
	return q, email, err
}

// takeAddress returns the confirmed address of who asked, if there is one, and
// forgets it: it is good for one letter.
func (t *Tx) takeAddress(id string) (email string, err error) {
	if err := t.row("select iif(confirmed <> '', email, '') from questions where id = ?", id).Scan(&email); err != nil {
		return "", err
	}
	return email, t.exec("update questions set email = '', confirmed = '' where id = ? and confirmed <> ''", id)
}

// DraftAnswer keeps an answer that is not public yet.
func (t *Tx) DraftAnswer(by *Actor, id string, revision int64, text string) (DeskQuestion, error) {
	q, err := t.questionAt(by, Answer, id, revision)
	if err != nil {
		return q, err
	}
	if err := checkAnswer(text); err != nil {
		return q, err
	}
	before := q.stated()
	q.Draft = text
	return q, t.putQuestion(by, "draft", &q, before)
}

// AnswerQuestion publishes an answer, and with it the question. It may be
// published again with another text: the log has them all. first reports
// whether there was none before, and email is then the confirmed address that
// is to be told; it is forgotten.
func (t *Tx) AnswerQuestion(by *Actor, id string, revision int64, text string) (q DeskQuestion, email string, err error) {
	if q, err = t.questionAt(by, Answer, id, revision); err != nil {
		return q, "", err
	}
	if strings.TrimSpace(text) == "" {
		return q, "", &InvalidError{"answer", "there is nothing written"}
	}
	if err := checkAnswer(text); err != nil {
		return q, "", err
	}
	before := q.stated()
	first := q.State != QuestionAnswered
	closed := q.Closed
	q.open(t)
	if q.State, q.Closed = QuestionAnswered, t.now; !first {
		q.Closed = closed // when it was answered at first
	}
	q.Answer, q.Draft = text, ""
	if err := t.putQuestion(by, "answer", &q, before); err != nil || !first {
		return q, "", err
	}
	email, err = t.takeAddress(id)
	return q, email, err
}

func checkAnswer(text string) error {
	if n := utf8.RuneCountInString(text); n > MaxQuestion {
		return overlong("answer", n, MaxQuestion)
	}
	return nil
}
