package catalog

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// An Asking is a question as somebody hands it in.
type Asking struct {
	Agency   string // id
	Dataset  string // id; empty: it is about the agency
	Resource string // id
	Kind     string
	Lang     string
	Name     string
	Text     string
	Email    string // to be told of the answer
	Once     string // key of the form that was sent
	Receipt  []byte // hash of the code by which who asked comes back
}

// An Asked is a question as who asked it sees it.
type Asked struct {
	Question
	Told bool // an address is there that the answer goes to
	Sure bool // and who has it said that it is theirs
}

func overlong(field string, have, most int) error {
	return &InvalidError{field, fmt.Sprintf("it has %d characters, %d are allowed", have, most)}
}

// Check reports the first thing that is wrong with what was typed: an
// InvalidError.
func (a *Asking) Check() error {
	switch {
	case !slices.Contains(QuestionKinds, a.Kind):
		return &InvalidError{"kind", "say what it is: " + strings.Join(QuestionKinds, ", ")}
	case a.Text == "":
		return &InvalidError{"text", "there is nothing written"}
	case utf8.RuneCountInString(a.Text) > MaxQuestion:
		return overlong("text", utf8.RuneCountInString(a.Text), MaxQuestion)
	case utf8.RuneCountInString(a.Name) > MaxName:
		return overlong("name", utf8.RuneCountInString(a.Name), MaxName)
	case len(a.Email) > maxEmail:
		return &InvalidError{"email", "this is no e-mail address like name@example.org"}
	}
	return nil
}

// digest tells the same form that came twice from another one.
func (a *Asking) digest() ([]byte, error) {
	same := *a
	same.Receipt = nil
	b, err := encode(same)
	sum := sha256.Sum256(b)
	return sum[:], err
}

// Ask takes a question in. A form that came before is not taken in again: again
// is true then, and ErrReused is said when it came with another text. A dataset
// that was removed meanwhile is a RetiredError, or ErrNotFound.
func (t *Tx) Ask(a *Asking) (q Question, again bool, err error) {
	if err := a.Check(); err != nil {
		return q, false, err
	}
	sum, err := a.digest()
	if err != nil {
		return q, false, err
	}
	old, err := t.askedBefore(a.Once, sum)
	if err != nil || old.ID != "" {
		return old, true, err
	}
	if err := t.askable(a); err != nil {
		return q, false, err
	}
	if err := t.exec("update questions set email = '' where email <> '' and confirmed = '' and asked < ?", stamp(t.now.Add(-emailKept))); err != nil {
		return q, false, err
	}
	q = Question{ID: newID(t.now), State: QuestionWaiting, Kind: a.Kind, Agency: a.Agency, Dataset: a.Dataset, Resource: a.Resource, Lang: a.Lang, Name: a.Name, Text: a.Text, Asked: t.now}
	if err := t.exec(`insert into questions (id, agency, dataset, resource, kind, state, lang, name, text, asked, once, digest, receipt, email)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		q.ID, q.Agency, q.Dataset, q.Resource, q.Kind, q.State, q.Lang, q.Name, q.Text, asTime(&q.Asked), a.Once, sum, a.Receipt, a.Email); err != nil {
		return q, false, err
	}
	t.changed(NounQuestion, q.ID, OpPut)
	return q, false, t.logQuestion(&Actor{}, "ask", &q, nil, receipted{hex.EncodeToString(a.Receipt), hex.EncodeToString(sum)})
}

// receipted is what the log keeps of a question: that it came, for who has the
// receipt to prove, and nothing of what it says.
type receipted struct {
	Receipt string `json:"receipt"`
	Digest  string `json:"digest"`
}

func (t *Tx) askedBefore(once string, sum []byte) (q Question, err error) {
	var had []byte
	err = t.row("select digest, "+questionColumns+" from questions where once = ?", once).Scan(append([]any{&had}, q.columns()...)...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Question{}, nil
	case err == nil && string(had) != string(sum):
		return Question{}, ErrReused
	}
	return q, err
}

// askable refuses a question about what the public does not see.
func (t *Tx) askable(a *Asking) error {
	var state, slug, of string
	if a.Dataset == "" {
		agency, err := t.Agency(a.Agency)
		if err == nil && !Visible(agency.State) {
			err = notFound(NounAgency, a.Agency)
		}
		return err
	}
	err := t.row("select state, slug, agency from datasets where id = ?", a.Dataset).Scan(&state, &slug, &of)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && of != a.Agency:
		return notFound(NounDataset, a.Dataset)
	case err == nil && (state == Retired || state == Withdrawn):
		return &RetiredError{Noun: NounDataset, ID: a.Dataset, Slug: slug}
	case err == nil && !Visible(state):
		return notFound(NounDataset, a.Dataset)
	}
	return err
}

// logQuestion logs an act on a question. What it was asked and by whom is not
// in the log, so that it can be taken back.
func (t *Tx) logQuestion(by *Actor, act string, q *Question, before, after any) error {
	return t.Log(by, Entry{Act: "question." + act, Noun: NounQuestion, Thing: q.ID, Agency: q.Agency}, before, after)
}

const askedColumns = questionColumns + ", email <> '', confirmed <> ''"

func scanAsked(row scanner) (a Asked, err error) {
	err = row.Scan(append(a.columns(), &a.Told, &a.Sure)...)
	return a, err
}

// asked reads a question by the receipt or the id of it.
const askedBy = "select " + askedColumns + " from questions where "

// Withdraw takes a question back for who has its receipt: its text, its name
// and its address are erased. A question that everybody read leaves behind that
// it was there.
func (t *Tx) Withdraw(receipt []byte) (Asked, error) {
	a, err := scanAsked(t.row(askedBy+"receipt = ?", receipt))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return a, notFound(NounQuestion, "receipt")
	case err != nil || a.State == QuestionWithdrawn:
		return a, err
	}
	was := a.State
	a.State, a.Closed, a.Name, a.Text, a.Answer, a.Told, a.Sure = QuestionWithdrawn, t.now, "", "", "", false, false
	if err := t.exec(`update questions set state = ?, closed = ?, name = '', text = '', answer = '', draft = '', note = '', email = '', confirmed = '',
		waited = null, revision = revision + 1 where id = ?`, a.State, asTime(&a.Closed), a.ID); err != nil {
		return a, err
	}
	t.changed(NounQuestion, a.ID, OpPut)
	return a, t.logQuestion(&Actor{}, "withdraw", &a.Question, stated{State: was}, stated{State: a.State})
}

// stated is what the log keeps of a question before and after an act.
type stated struct {
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
	Answer string `json:"answer,omitempty"`
	Draft  string `json:"draft,omitempty"`
}

// Confirm notes that who has the address of a question said that it is theirs;
// with mine false, that it is not. It is forgotten then, and also when there is
// nothing more to tell.
func (t *Tx) Confirm(id string, mine bool) error {
	n, err := t.Count(`update questions set email = iif(?2 and state in ('waiting', 'open'), email, ''),
		confirmed = iif(not ?2 or state not in ('waiting', 'open'), '', iif(confirmed = '', ?3, confirmed)) where id = ?1 and email <> ''`, id, mine, stamp(t.now))
	if err == nil && n == 0 {
		return notFound(NounQuestion, id)
	}
	return err
}

// age is how long a question waited for its answer, in whole seconds.
func age(asked, answered time.Time) int64 { return int64(max(answered.Sub(asked), 0) / time.Second) }
