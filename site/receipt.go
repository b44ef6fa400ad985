package site

import (
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site/proof"

	"github.com/gofiber/fiber/v2"
)

// pathReceipt is where who asked something comes back to it.
const pathReceipt = "/receipt"

// A receiptView shows a question to who asked it.
type receiptView struct {
	Frame
	Code    string
	Row     questionRow
	Own     catalog.Asked
	Public  string // its public page
	NewURL  string // to ask again
	Within  string
	Unsure  bool // it was to be withdrawn, and nobody said that it is meant
	SelfURL string
}

// JSON is never asked for.
func (*receiptView) JSON() any { return nil }

// own finds the question of a receipt, and answers 404 alike for what is no
// receipt and for one of nothing.
func (s *Site) own(r *Request) (catalog.Asked, []byte, error) {
	hash, ok := proof.CodeHash(r.Param("code"))
	if !ok {
		return catalog.Asked{}, nil, r.Refuse(fiber.StatusNotFound, "", "receipt.unknown")
	}
	own, err := s.Catalog.AskedBy(r.Context(), hash)
	if errors.Is(err, catalog.ErrNotFound) {
		err = r.Refuse(fiber.StatusNotFound, "", "receipt.unknown")
	}
	return own, hash, err
}

func (s *Site) receipt(r *Request) (View, error) {
	own, _, err := s.own(r)
	if err != nil {
		return nil, err
	}
	return s.receiptPage(r, own)
}

func (s *Site) receiptPage(r *Request, own catalog.Asked) (*receiptView, error) {
	l := s.locales[r.Lang]
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &receiptView{Code: r.Param("code"), Own: own, Row: s.questionRow(l, &own.Question, agencies), Within: l.Span(catalog.AnswerWithin), SelfURL: "/" + r.Lang + r.Path}
	switch _, err := s.Catalog.Question(r.Context(), own.ID); {
	case err == nil:
		v.Public = v.Row.URL
	case !errors.Is(err, catalog.ErrNotFound):
		return nil, err
	}
	if v.Row.Agency.URL != "" {
		v.NewURL = v.Row.Agency.URL + "/ask"
	}
	v.Frame = Frame{Title: l.Text("receipt.title"), NoIndex: true}
	r.SetHeader(fiber.HeaderReferrerPolicy, "no-referrer") // the address is the secret
	return v, nil
}

// doReceipt withdraws the question.
func (s *Site) doReceipt(r *Request) (View, error) {
	own, hash, err := s.own(r)
	if err != nil {
		return nil, err
	}
	if r.Form.Get("sure") == "" {
		v, err := s.receiptPage(r, own)
		if err == nil {
			v.Unsure, v.Status = true, fiber.StatusUnprocessableEntity
		}
		return v, err
	}
	if err := s.Catalog.Write(r.Context(), func(tx *catalog.Tx) error { _, err := tx.Withdraw(hash); return err }); err != nil {
		return nil, err
	}
	return nil, Moved("/" + r.Lang + r.Path)
}

// A findReceiptView asks for the code of a receipt.
type findReceiptView struct {
	Frame
	Code    string
	Unknown bool
}

// JSON is never asked for.
func (*findReceiptView) JSON() any { return nil }

func (s *Site) findReceipt(r *Request) (View, error) {
	l := s.locales[r.Lang]
	return &findReceiptView{Frame: Frame{Title: l.Text("receipt.find.title"), NoIndex: true}}, nil
}

func (s *Site) doFindReceipt(r *Request) (View, error) {
	v := &findReceiptView{Frame: Frame{Title: s.locales[r.Lang].Text("receipt.find.title"), NoIndex: true}, Code: r.Form.Get("code")}
	if hash, ok := proof.CodeHash(v.Code); ok {
		switch _, err := s.Catalog.AskedBy(r.Context(), hash); {
		case err == nil:
			return nil, Moved("/" + r.Lang + pathReceipt + "/" + proof.Plain(v.Code))
		case !errors.Is(err, catalog.ErrNotFound):
			return nil, err
		}
		switch _, err := s.drafts.CommentByReceipt(r.Context(), hash); {
		case err == nil:
			return nil, Moved("/" + r.Lang + pathCommentReceipt + "/" + proof.Plain(v.Code))
		case !isNotFound(err):
			return nil, err
		}
	}
	v.Unknown, v.Status = true, fiber.StatusUnprocessableEntity
	return v, nil
}

// wordConfirm is the purpose of the word in the link that a letter holds.
const wordConfirm = "confirm question"

func confirmPath(forms *proof.Guard, id string) string {
	return questionPath(id) + "/confirm/" + forms.Word(wordConfirm, id)
}

// A confirmView asks who has an address whether a question is theirs.
type confirmView struct {
	Frame
	Row  questionRow
	Told bool   // the address is still there
	Done string // what was said: mine or other
}

// JSON is never asked for.
func (*confirmView) JSON() any { return nil }

func (s *Site) confirm(r *Request) (View, error) { return s.confirmPage(r) }

func (s *Site) confirmPage(r *Request) (*confirmView, error) {
	l := s.locales[r.Lang]
	unknown := r.Refuse(fiber.StatusNotFound, "", "confirm.unknown")
	if !s.Forms.Knows(wordConfirm, r.Param("id"), r.Param("word")) {
		return nil, unknown
	}
	own, err := s.Catalog.AskedAs(r.Context(), r.Param("id"))
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	r.SetHeader(fiber.HeaderReferrerPolicy, "no-referrer")
	return &confirmView{
		Frame: Frame{Title: l.Text("confirm.title"), NoIndex: true},
		Row:   s.questionRow(l, &own.Question, agencies), Told: own.Told,
	}, nil
}

func (s *Site) doConfirm(r *Request) (View, error) {
	v, err := s.confirmPage(r)
	if err != nil {
		return nil, err
	}
	mine := r.Form.Get(openDo) == "mine"
	if !mine && r.Form.Get(openDo) != "other" {
		return nil, fiber.ErrBadRequest
	}
	err = s.Catalog.Write(r.Context(), func(tx *catalog.Tx) error { return tx.Confirm(v.Row.ID, mine) })
	if err != nil && !errors.Is(err, catalog.ErrNotFound) { // said before
		return nil, err
	}
	v.Told, v.Done = false, r.Form.Get(openDo)
	return v, nil
}
