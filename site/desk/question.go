package desk

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// What is done to a question.
const (
	doOpen    = "open"
	doDraft   = "draft"
	doAnswer  = "answer"
	doDecline = "decline"
)

// A questionView is one question at the desk.
type questionView struct {
	page
	acts
	Row      askedRow
	Agency   string
	AboutURL string
	Public   string // its page
	Done     string // what was just done: key of its text
	Log      []catalog.Entry
}

func (d *Desk) questionPage(r *site.Request) (*questionView, error) {
	q, err := d.Store.DeskQuestion(r.Context(), &r.Actor, r.Param("question"))
	if err != nil {
		return nil, err
	}
	names, err := d.agencyNames(r.Context(), r.Lang, []string{q.Agency})
	if err != nil {
		return nil, err
	}
	v := &questionView{page: page{frame(r, "desk.question.title")}, Row: d.askedRow(r, &q), Agency: nameOf(names, q.Agency)}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.questions.title"), URL: "/" + r.Lang + pathQuestions})
	if q.Slug != "" {
		v.AboutURL = "/" + r.Lang + "/datasets/" + q.Slug
	}
	switch _, err := d.Store.Question(r.Context(), q.ID); {
	case err == nil:
		v.Public = "/" + r.Lang + "/questions/" + q.ID
	case !errors.Is(err, catalog.ErrNotFound):
		return nil, err
	}
	v.Forms = questionForms(r, &q)
	if done := r.Query.Get("done"); slices.Contains([]string{doOpen, doDraft, doAnswer, doDecline}, done) {
		v.Done = "desk.question.done." + done
	}
	if r.Actor.Can(catalog.Audit, q.Agency) {
		if v.Log, err = d.Store.LogEntries(r.Context(), catalog.LogQuery{Thing: q.ID, Size: logSize}); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// questionForms are what the actor can do to the question as it is.
func questionForms(r *site.Request, q *catalog.DeskQuestion) []form {
	if q.State == catalog.QuestionWithdrawn {
		return nil
	}
	revision := field{Name: "revision", Kind: "hidden", Value: strconv.FormatInt(q.Revision, 10)}
	var all []form
	may := r.Actor.Can(catalog.Answer, q.Agency)
	if may && (q.State == catalog.QuestionWaiting || q.State == catalog.QuestionDeclined) {
		all = append(all, form{Do: doOpen, Submit: "desk.question.open.submit", Fields: []field{revision}})
	}
	if may {
		text := q.Draft
		if text == "" {
			text = q.Answer
		}
		all = append(all, form{Do: doAnswer, Submit: "desk.question.answer.submit", Fields: []field{revision, {Name: "answer", Kind: "textarea", Value: text}, {
			Name: "how", Kind: "radios", Options: []option{
				{Value: doDraft, Label: r.Text("desk.question.how.draft"), Chosen: r.Query.Get("publish") == ""},
				{Value: doAnswer, Label: r.Text("desk.question.how.answer"), Chosen: r.Query.Get("publish") != ""},
			},
		}}})
	}
	if r.Actor.Can(catalog.Moderate, q.Agency) && q.State != catalog.QuestionDeclined {
		reasons := []option{{Value: "none", Label: r.Text("desk.question.reason.none")}}
		for _, reason := range catalog.DeclineReasons {
			reasons = append(reasons, option{Value: reason, Label: r.Text("question.reason." + reason)})
		}
		all = append(all, form{Do: doDecline, Submit: "desk.question.decline.submit", Fields: []field{
			revision, {Name: "why", Kind: "select", Options: reasons}, {Name: "colleagues", Kind: "textarea", Short: true, Optional: true, Value: q.Note},
		}})
	}
	return all
}

func (d *Desk) question(_ *site.Site, r *site.Request) (site.View, error) {
	return d.questionPage(r)
}

func (d *Desk) doQuestion(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.questionPage)
	if err != nil {
		return nil, err
	}
	done, err := d.actOn(r, &v.Row.DeskQuestion, f)
	if err == nil {
		return nil, moved(r, pathQuestions+"/"+v.Row.ID+"?done="+done)
	}
	return stay(v, f, d.refusedWrite(r, f, inField(err, "reason", "why"), func() (*form, error) {
		now, err := d.questionPage(r)
		if err != nil {
			return nil, err
		}
		v.Row = now.Row
		return cmp.Or(formOf(now.Forms, f.Do), f), nil
	}))
}

// actOn does to the question what the form says, and returns what that was. An
// answer is published after password and code, as a dataset is.
func (d *Desk) actOn(r *site.Request, q *catalog.DeskQuestion, f *form) (done string, err error) {
	done = f.Do
	answer := persian.Clean(strings.ReplaceAll(f.typed("answer"), "\r\n", "\n"))
	switch {
	case f.Do == doAnswer && chosen(f, "how") != doAnswer:
		done = doDraft
	case f.Do == doAnswer && answer == "":
		return done, &catalog.InvalidError{Field: "answer", Reason: "there is nothing written"}
	}
	revision := revisionOf(r)
	var confirm error
	if done == doAnswer { // what was typed waits as a draft while password and code are given
		if confirm = d.fresh(r, pathQuestions+"/"+q.ID+"?publish=1"); confirm != nil {
			done = doDraft
		}
	}
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) (err error) {
		switch done {
		case doOpen:
			_, err = tx.OpenQuestion(&r.Actor, q.ID, revision)
		case doDraft:
			_, err = tx.DraftAnswer(&r.Actor, q.ID, revision, answer)
		case doDecline:
			err = decline(tx, r, q.ID, revision, chosen(f, "why"), f.typed("colleagues"))
		default:
			err = publishAnswer(tx, &r.Actor, q.ID, revision, answer)
		}
		return err
	})
	if err == nil {
		err = confirm
	}
	return done, err
}

// publishAnswer publishes an answer and, in the same write, queues the letter to
// who asked and wanted to know.
func publishAnswer(tx *catalog.Tx, by *catalog.Actor, id string, revision int64, text string) error {
	q, email, err := tx.AnswerQuestion(by, id, revision, text)
	if err != nil || email == "" {
		return err
	}
	return tell(tx, catalog.MailAnswered, &q, email, q.Answer)
}

// decline takes a question out of what everybody reads and, in the same write,
// queues the letter that says why.
func decline(tx *catalog.Tx, r *site.Request, id string, revision int64, reason, note string) error {
	q, email, err := tx.DeclineQuestion(&r.Actor, id, revision, reason, note)
	if err != nil || email == "" {
		return err
	}
	return tell(tx, catalog.MailDeclined, &q, email, r.TextIn(q.Lang, "question.reason."+reason))
}

// tell queues the letter to who asked, which says what became of it.
func tell(tx *catalog.Tx, kind string, q *catalog.DeskQuestion, email, text string) error {
	agency, err := tx.Agency(q.Agency)
	if err != nil {
		return err
	}
	return tx.QueueMail(catalog.Mail{
		Kind: kind, To: email, Name: q.Name, Lang: q.Lang, Thing: q.ID,
		Data: catalog.MailData{Agency: agency.Title, Title: q.Title, Path: "/questions/" + q.ID, Quote: q.Text, Text: text, At: q.Closed},
	})
}
