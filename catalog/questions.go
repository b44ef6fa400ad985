package catalog

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// NounQuestion is what people ask.
const NounQuestion = "question"

// Kinds of questions.
const (
	AskedQuestion = "question"
	AskedProblem  = "problem" // with the data
	AskedMissing  = "missing" // data that there should be
)

// QuestionKinds are all kinds.
var QuestionKinds = []string{AskedQuestion, AskedProblem, AskedMissing}

// States of a question. It waits until somebody of the agency looked at it, so
// that nobody puts words on a page of the government unseen.
const (
	QuestionWaiting   = "waiting"
	QuestionOpen      = "open"
	QuestionAnswered  = "answered"
	QuestionDeclined  = "declined"  // with a reason; its text is not shown
	QuestionWithdrawn = "withdrawn" // by who asked; its text is gone
)

// DeclineReasons are the public reasons to decline a question.
var DeclineReasons = []string{"insult", "personal", "secret", "spam", "repeated", "elsewhere", "unclear"}

// Bounds of what is typed, in characters.
const (
	MaxQuestion = 20_000
	MaxName     = 200
	maxEmail    = 254 // RFC 5321
)

// AnswerWithin is how soon a question is to be answered; after that it is overdue.
const AnswerWithin = 10 * 24 * time.Hour

// emailKept is how long an address that nobody confirmed is kept.
const emailKept = 7 * 24 * time.Hour

// questionShown is the one predicate of which questions the public knows of,
// on the table questions of the schema "@". What is waiting is for the agency
// only; a question about something that was taken down goes with it.
const questionShown = `(state in ('open', 'answered', 'declined') or state = 'withdrawn' and opened <> '')
	and exists (select 1 from @agencies a where a.id = agency and a.state = 'published')
	and (dataset = '' or exists (select 1 from @datasets d where d.id = dataset and d.state in ('published', 'retired')))`

// textShown is when the words of who asked are public: in the other states it
// is only known that there is a question.
const textShown = "state in ('open', 'answered')"

// shownIn is questionShown for a schema.
func shownIn(schema string) string { return strings.ReplaceAll(questionShown, "@", schema+".") }

// A Question is what somebody asked, as the public knows it.
type Question struct {
	ID       string    `json:"id"`
	State    string    `json:"state"`
	Kind     string    `json:"kind"`
	Agency   string    `json:"agency"`             // id
	Dataset  string    `json:"dataset,omitempty"`  // id; empty: it is about the agency
	Resource string    `json:"resource,omitempty"` // id
	Lang     string    `json:"lang"`               // of the text
	Name     string    `json:"name,omitempty"`     // empty: without a name
	Text     string    `json:"text,omitempty"`
	Asked    time.Time `json:"asked"`
	Opened   time.Time `json:"opened,omitzero"` // for everybody to read
	Closed   time.Time `json:"closed,omitzero"` // answered, declined or withdrawn
	Reason   string    `json:"reason,omitempty"`
	Answer   string    `json:"answer,omitempty"`

	Slug  string `json:"-"` // of the dataset
	Title Text   `json:"-"` // likewise
}

const questionColumns = `id, state, kind, agency, dataset, resource, lang, asked, opened, closed, reason,
	coalesce((select slug from datasets d where d.id = questions.dataset), ''), coalesce((select body ->> '$.title' from datasets d where d.id = questions.dataset), 'null'),
	name, text, answer`

// publicQuestion are the columns for the public: without what it must not read.
var publicQuestion = strings.Replace(questionColumns, "name, text, answer",
	"iif("+textShown+", name, ''), iif("+textShown+", text, ''), iif(state = 'answered', answer, '')", 1)

func (q *Question) columns() []any {
	return []any{
		&q.ID, &q.State, &q.Kind, &q.Agency, &q.Dataset, &q.Resource, &q.Lang, asTime(&q.Asked), asTime(&q.Opened), asTime(&q.Closed),
		&q.Reason, &q.Slug, asJSON(&q.Title), &q.Name, &q.Text, &q.Answer,
	}
}

func scanQuestion(row scanner) (q Question, err error) {
	err = row.Scan(q.columns()...)
	return q, err
}

// A QuestionFilter says which questions are meant. Empty fields do not filter.
type QuestionFilter struct {
	Agency  string // id
	Dataset string // id
	States  []string
	Before  string // id of a question that the list goes on after
	Limit   int
}

// place is the condition of what the questions are about, over ?1. Each is a
// statement of its own, so that each goes by its index.
func (f *QuestionFilter) place() (condition, key string) {
	switch {
	case f.Dataset != "":
		return " from questions where dataset <> '' and dataset = ?1", f.Dataset
	case f.Agency != "":
		return " from questions where agency = ?1", f.Agency
	default:
		return " from questions where ?1 = ''", ""
	}
}

// Questions returns the questions that the public knows of, the newest first,
// and how many there are in all.
func (s *Store) Questions(ctx context.Context, f QuestionFilter) (all []Question, total int64, err error) {
	which, key := f.place()
	which += " and " + shownIn("main") + " and (?2 = 'null' or state in (select value from json_each(?2)))"
	args := []any{key, asJSON(&f.States)}
	if err := s.row(ctx, "select count(*)"+which, args...).Scan(&total); err != nil {
		return nil, 0, wrap("questions", err)
	}
	rows, err := s.query(ctx, "select "+publicQuestion+which+" and (?3 = '' or id < ?3) order by id desc limit ?4", append(args, f.Before, f.Limit)...)
	all, err = collect(rows, err, scanQuestion)
	return all, total, wrap("questions", err)
}

// Question returns a question that the public knows of, or ErrNotFound.
func (s *Store) Question(ctx context.Context, id string) (Question, error) {
	q, err := scanQuestion(s.row(ctx, "select "+publicQuestion+" from questions where id = ? and "+shownIn("main"), id))
	if errors.Is(err, sql.ErrNoRows) {
		return q, notFound(NounQuestion, id)
	}
	return q, wrap("question", err)
}

// QuestionFigures say how an agency deals with what it is asked. Waiting
// questions count: who does not look at them does not answer them.
type QuestionFigures struct {
	Waiting   int64 `json:"waiting"`
	Open      int64 `json:"open"`
	Answered  int64 `json:"answered"`
	Declined  int64 `json:"declined"`
	Withdrawn int64 `json:"withdrawn"`
	Median    int64 `json:"median_seconds,omitempty"` // until the answer, of those that are answered
}

// Asked is how many are to be answered or were.
func (f *QuestionFigures) Asked() int64 { return f.Waiting + f.Open + f.Answered }

// Share is which part of those that are asked is answered, 0 without any.
func (f *QuestionFigures) Share() float64 {
	if f.Asked() == 0 {
		return 0
	}
	return float64(f.Answered) / float64(f.Asked())
}

// QuestionFigures returns the figures of the questions about a dataset or, when
// that is empty, to an agency; without either those of all.
func (s *Store) QuestionFigures(ctx context.Context, agency, dataset string) (f QuestionFigures, err error) {
	which, key := (&QuestionFilter{Agency: agency, Dataset: dataset}).place()
	which += " and (state = 'waiting' or " + shownIn("main") + ")"
	rows, err := s.query(ctx, "select state, count(*)"+which+" group by state", key)
	if err != nil {
		return f, wrap("question figures", err)
	}
	defer rows.Close()
	by := map[string]*int64{
		QuestionWaiting: &f.Waiting, QuestionOpen: &f.Open, QuestionAnswered: &f.Answered, QuestionDeclined: &f.Declined, QuestionWithdrawn: &f.Withdrawn,
	}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return f, wrap("question figures", err)
		}
		*by[state] = n
	}
	if err := rows.Err(); err != nil || f.Answered == 0 {
		return f, wrap("question figures", err)
	}
	err = s.row(ctx, "select waited"+which+" and state = 'answered' order by waited limit 1 offset ?2", key, (f.Answered-1)/2).Scan(&f.Median)
	return f, wrap("question figures", err)
}
