package site

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// A commentIn is a comment as a program sends it. Its ticket is that of the
// form, which it asks for first.
type commentIn struct {
	Ticket       string `json:"ticket"`
	Nonce        string `json:"nonce,omitempty"` // solution of the puzzle; without one the ticket must be 20 seconds old
	Kind         string `json:"kind"`
	Text         string `json:"text"`
	Lang         string `json:"lang,omitempty"`    // of the text
	Version      int    `json:"version,omitempty"` // of the text that it is about; without it the newest
	At           string `json:"at,omitempty"`      // address of the provision
	Quote        string `json:"quote,omitempty"`
	Reply        string `json:"reply,omitempty"` // id of the comment that it replies to
	Name         string `json:"name,omitempty"`
	Organisation string `json:"organisation,omitempty"`
	Email        string `json:"email,omitempty"`
	Gender       string `json:"gender,omitempty"`
	Group        string `json:"group,omitempty"`
}

// A commentTaken is what a program is told whose comment was taken in.
type commentTaken struct {
	ID         string `json:"id"`
	State      string `json:"state"`
	Code       string `json:"code"` // of the receipt
	ReceiptURL string `json:"receipt_url"`
}

// writeComment takes in a comment that a program sends: as the form of the page
// does, with the same rules.
func (s *Site) writeComment(r *Request) (View, error) {
	if err := s.sameOrigin(r.ctx); err != nil {
		return nil, err
	}
	var in commentIn
	if err := json.Unmarshal(r.Body(), &in); err != nil {
		return nil, fiber.ErrBadRequest
	}
	in.fill(r)
	v, err := s.sayPage(r)
	if err != nil {
		return nil, err
	}
	if v.Closed != nil {
		code, own, err := s.sentBefore(r, v)
		if err == nil && code == "" {
			err = s.refuseClosed(r, v.Closed)
		}
		if err != nil {
			return nil, err
		}
		return s.taken(&own.Comment, code), nil
	}
	send := s.takeForm(r, &v.Form)
	if !v.wrongQuote(r) && send {
		code, c, err := s.sendComment(r, v)
		if isClosed(err) {
			stage := s.stage(s.locales[r.Lang], &v.draft)
			return nil, s.refuseClosed(r, &stage)
		}
		if err != nil {
			return nil, err
		}
		if code != "" {
			return s.taken(&c, code), nil
		}
	}
	p := Problem{Status: v.Form.Status}
	for _, f := range v.Form.Faults {
		p.Faults = append(p.Faults, ProblemFault{Field: f.Field, Sentence: f.Text})
	}
	return nil, &RefusedError{Problem: p}
}

// taken is the answer that a comment is in.
func (s *Site) taken(c *consultation.Comment, code string) View {
	a := NewAnswer(fiber.StatusCreated, commentTaken{c.ID, c.State, code, s.baseURL() + pathCommentReceipt + "/" + code + ".json"})
	a.Location = apiPrefix + commentPath(c.ID)
	return a
}

// fill puts what a program sent where a form has it.
func (in *commentIn) fill(r *Request) {
	if slices.Contains(catalog.Languages, in.Lang) {
		r.Lang = in.Lang
	}
	r.Form = url.Values{
		openTicket: {in.Ticket}, openNonce: {in.Nonce}, openDo: {openSend}, sayKind: {in.Kind}, sayText: {in.Text}, sayQuote: {in.Quote}, sayName: {in.Name},
		sayOrg: {in.Organisation}, sayEmail: {in.Email}, sayGender: {in.Gender}, sayGroup: {in.Group},
	}
	r.Query = url.Values{}
	if in.Version != 0 {
		r.Query.Set(paramVersion, strconv.Itoa(in.Version))
	}
	if in.At != "" {
		r.Query.Set(paramAt, in.At)
	}
	if in.Reply != "" {
		r.Query.Set(paramReply, in.Reply)
	}
}

// refuseClosed is the answer that a draft takes no comments, with the sentence
// that the page has.
func (s *Site) refuseClosed(r *Request, stage *stageView) error {
	args := []any{"left", stage.Left}
	if !stage.At.IsZero() {
		args = append(args, "at", s.locales[r.Lang].instant(stage.At))
	}
	return r.Refuse(fiber.StatusConflict, "", "drafts.says."+stage.Key, args...)
}
