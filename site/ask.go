package site

import (
	"context"
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site/proof"

	"github.com/gofiber/fiber/v2"
)

// The fields of a question.
const (
	askKind  = "kind"
	askText  = "text"
	askName  = "name"
	askEmail = "email"
)

// An askView is the form by which anybody asks an agency something.
type askView struct {
	Frame
	Place    said
	Agency   Link
	File     string // what the file is called that it is about
	Form     openForm
	BackURL  string
	ListURL  string
	Within   string // the time in which it is to be answered
	place    questionPlace
	resource *catalog.Resource
}

// JSON is never asked for: programs do not ask.
func (*askView) JSON() any { return nil }

func askFields() []openField {
	return []openField{
		{Name: askKind, Kind: "radios", Value: catalog.AskedQuestion, Options: catalog.QuestionKinds},
		{Name: askText, Kind: "textarea", Most: catalog.MaxQuestion, Needed: true},
		{Name: askName, Kind: "text", Most: catalog.MaxName},
		{Name: askEmail, Kind: "email", Most: maxAddress},
	}
}

const maxAddress = 254 // RFC 5321

// askPage is the page with an empty form. Its ticket is for the agency: the
// form can go on to the agency when the dataset is gone.
func (s *Site) askPage(r *Request, place questionPlace) *askView {
	l := s.locales[r.Lang]
	v := &askView{place: place, Place: place.title(l), Agency: l.agencyLink(place.agency), BackURL: "/" + r.Lang + place.path(), Within: l.Span(catalog.AnswerWithin)}
	v.ListURL = v.BackURL + "/questions"
	action := "/" + r.Lang + place.path() + "/ask"
	if id := r.Query.Get(paramResource); id != "" && place.dataset != nil {
		if v.resource = place.dataset.Resource(id); v.resource != nil {
			v.File, v.BackURL = v.resource.Label(r.Lang), "/"+r.Lang+resourcePath(place.dataset.Slug, id)
			action += "?" + paramResource + "=" + id
		}
	}
	v.Form = s.newOpenForm("ask.", place.agency.ID, action, askFields())
	v.Frame = Frame{Title: l.Text("ask.title.of", "name", v.Place.Text), Section: place.section(), Crumbs: place.crumbs(l), NoIndex: true}
	return v
}

func (s *Site) ask(r *Request) (View, error) {
	if err := s.elsewhere(r); err != nil {
		return nil, err
	}
	place, err := s.questionPlace(r.Context(), r)
	if err != nil {
		return nil, err
	}
	return s.askPage(r, place), nil
}

func (s *Site) doAsk(r *Request) (View, error) {
	if err := s.elsewhere(r); err != nil {
		return nil, err
	}
	place, err := s.questionPlace(r.Context(), r)
	if gone := (*catalog.RetiredError)(nil); errors.As(err, &gone) {
		return s.askInstead(r, gone, err)
	}
	if err != nil {
		return nil, err
	}
	v := s.askPage(r, place)
	if s.takeForm(r, &v.Form) {
		err = s.sendQuestion(r, v)
	}
	if gone := (*catalog.RetiredError)(nil); errors.As(err, &gone) {
		return s.askInstead(r, gone, err)
	}
	if err != nil {
		return nil, err
	}
	v.Status = v.Form.Status
	return v, nil
}

// askInstead keeps what was typed about a dataset that was removed meanwhile:
// it can go to the agency.
func (s *Site) askInstead(r *Request, gone *catalog.RetiredError, err error) (View, error) {
	if gone.Noun != catalog.NounDataset {
		return nil, err
	}
	d, broken := s.Catalog.LastKnown(r.Context(), gone.Slug)
	if broken != nil {
		return nil, err // of what was taken down nothing is known
	}
	a, broken := s.Catalog.Agency(r.Context(), d.Agency)
	if broken != nil {
		return nil, err
	}
	v := s.askPage(r, questionPlace{agency: &a})
	s.takeForm(r, &v.Form)
	v.Form.Look, v.Form.Faults = false, nil
	v.Form.wrong("", fiber.StatusGone, r.Text("ask.gone", "name", s.locales[r.Lang].said(d.Title).Text))
	v.Status = v.Form.Status
	return v, nil
}

// asking is what the form says.
func (v *askView) asking(r *Request) catalog.Asking {
	a := catalog.Asking{
		Agency: v.place.agency.ID, Kind: v.Form.Value(askKind), Lang: r.Lang, Text: v.Form.Value(askText), Name: v.Form.Value(askName),
		Email: v.Form.Value(askEmail), Once: v.Form.Ticket.Once,
	}
	if v.place.dataset != nil {
		a.Dataset = v.place.dataset.ID
	}
	if v.resource != nil {
		a.Resource = v.resource.ID
	}
	return a
}

// sendQuestion stores what the form says, and moves on to its receipt. What
// stands in the way is said in the form.
func (s *Site) sendQuestion(r *Request, v *askView) error {
	code := s.Forms.Receipt(&v.Form.Ticket)
	hash, _ := proof.CodeHash(code)
	_, err := s.Catalog.AskedBy(r.Context(), hash)
	if err != nil && !errors.Is(err, catalog.ErrNotFound) {
		return err
	}
	if !s.admit(r, &v.Form, err == nil) {
		return nil
	}
	a := v.asking(r)
	a.Receipt = hash
	switch err := s.storeQuestion(r.Context(), r, &a); {
	case errors.Is(err, catalog.ErrReused):
		s.renew(&v.Form)
		v.Form.wrong("", fiber.StatusConflict, r.Text("ask.reused", "code", code))
		return nil
	case err != nil:
		return err
	}
	return Moved("/" + r.Lang + pathReceipt + "/" + code)
}

// letters is what of the budget of questions a letter to an address costs, so
// that nobody is flooded with letters through many forms.
const letters = 4

// storeQuestion takes the question in. In the same write the letter is queued
// that asks whether the address is right.
func (s *Site) storeQuestion(ctx context.Context, r *Request, a *catalog.Asking) error {
	write := true
	if a.Email != "" {
		_, write = s.Take(BudgetQuestions)("to "+a.Email, letters)
	}
	fresh := false
	err := s.Catalog.Write(ctx, func(tx *catalog.Tx) error {
		q, again, err := tx.Ask(a)
		if err != nil || again || a.Email == "" || !write {
			return err
		}
		fresh = true
		agency, err := tx.Agency(q.Agency)
		if err != nil {
			return err
		}
		return tx.QueueMail(catalog.Mail{
			Kind: catalog.MailConfirm, To: a.Email, Name: a.Name, Lang: r.Lang, Thing: q.ID,
			Data: catalog.MailData{Agency: agency.Title, Path: confirmPath(s.Forms, q.ID), Quote: q.Text, At: q.Asked},
		})
	})
	if err == nil && fresh {
		s.Forms.Accepted()
	}
	return err
}

// An askCard leads from the page of a thing to the questions about it.
type askCard struct {
	URL, ListURL string
	N            int64  // that can be read
	Took         string // how long an answer takes, empty without any
}

// askCard is the card of the thing at the path; query goes on to the form.
func (s *Site) askCard(ctx context.Context, l *locale, path, query, agency, dataset string) (*askCard, error) {
	f, err := s.Catalog.QuestionFigures(ctx, agency, dataset)
	if err != nil {
		return nil, err
	}
	c := &askCard{URL: "/" + l.lang + path + "/ask" + query, N: f.Open + f.Answered, Took: l.figures(&f).Took}
	if c.N > 0 {
		c.ListURL = "/" + l.lang + path + "/questions"
	}
	return c, nil
}
