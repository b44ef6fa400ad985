package site

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/gofiber/fiber/v2"
)

// pathVerify is where anybody checks a receipt.
const pathVerify = "/verify"

// A verifyView checks the receipt of a comment.
type verifyView struct {
	Frame
	Text     string // that was pasted
	Result   string // key of the sentence; empty when nothing was checked yet
	Class    string // of it
	Why      string // what does not fit
	Receipt  consultation.Receipt
	Comment  string // address of its page
	State    string // how it stands now
	Key      string // that heads are checked with
	HeadSize int64
	shape    verifyAnswer
}

// A verifyKey is what receipts are checked with.
type verifyKey struct {
	Key  string `json:"key"`  // public key of the heads of the log
	Form string `json:"form"` // of receipt files
}

// A verifyAnswer is the result as the API answers it.
type verifyAnswer struct {
	Result   string    `json:"result"` // counted, unsigned, erased or wrong
	Why      string    `json:"why,omitempty"`
	Comment  string    `json:"comment,omitempty"` // id
	State    string    `json:"state,omitempty"`   // how the comment stands now
	Received time.Time `json:"received,omitzero"`
	Leaf     int64     `json:"leaf"`
	Head     int64     `json:"head,omitempty"` // entries under the head that holds it
}

// JSON is what receipts are checked with.
func (v *verifyView) JSON() any { return verifyKey{v.Key, consultation.ReceiptForm} }

// Command checks a receipt without the portal.
func (v *verifyView) Command() string {
	command := "shafaf verify --receipt receipt.json"
	if v.Key != "" {
		command += " --key " + v.Key
	}
	return command
}

func (s *Site) verifyPage(r *Request) *verifyView {
	l := s.locales[r.Lang]
	return &verifyView{
		Key:   s.LogKey,
		Frame: Frame{Title: l.Text("verify.title"), Description: l.Text("verify.description"), Section: "drafts", Crumbs: l.draftCrumbs(nil)},
	}
}

func (s *Site) verify(r *Request) (View, error) { return s.verifyPage(r), nil }

// receiptField is the field that a receipt is pasted into.
const receiptField = "receipt"

// doVerify checks a receipt that was pasted or comes as a file.
func (s *Site) doVerify(r *Request) (View, error) {
	v := s.verifyPage(r)
	var from io.Reader = strings.NewReader(r.Form.Get(receiptField))
	if r.Form == nil {
		upload, err := r.Upload()
		var none *catalog.InvalidError
		switch {
		case errors.As(err, &none):
			v.wrong(r, none, "none")
			return v, nil
		case err != nil:
			return nil, err
		}
		from = upload
	} else {
		v.Text = r.Form.Get(receiptField)
	}
	receipt, err := consultation.ReadReceipt(from)
	if err != nil {
		v.wrong(r, err, "form")
		return v, nil
	}
	return v, s.checkReceipt(r, v, &receipt)
}

// writeVerify checks a receipt that a program sends as the body.
func (s *Site) writeVerify(r *Request) (View, error) {
	receipt, err := consultation.ReadReceipt(bytes.NewReader(r.Body()))
	if err != nil {
		return nil, &catalog.InvalidError{Field: "body", Reason: err.Error()}
	}
	v := s.verifyPage(r)
	if err := s.checkReceipt(r, v, &receipt); err != nil {
		return nil, err
	}
	return NewAnswer(fiber.StatusOK, v.shape), nil
}

// checkReceipt checks a receipt against the key of this portal.
func (s *Site) checkReceipt(r *Request, v *verifyView, receipt *consultation.Receipt) error {
	v.Receipt = *receipt
	err := consultation.VerifyReceipt(receipt, s.LogKey)
	switch {
	case err == nil:
		v.Result, v.Class = "counted", "ok"
	case errors.Is(err, catalog.ErrUnsigned):
		v.Result, v.Class = "unsigned", ""
		err = s.here(r, receipt)
	case errors.Is(err, consultation.ErrTextGone):
		v.Result, v.Class = "erased", "warn"
		err = nil
	}
	if err != nil {
		v.wrong(r, err, "log")
		return nil
	}
	v.HeadSize = receipt.Log.Size
	v.shape = verifyAnswer{Result: v.Result, Comment: receipt.Comment, Received: receipt.Received, Leaf: receipt.Log.Leaf, Head: receipt.Log.Size}
	c, err := s.drafts.Comment(r.Context(), receipt.Comment)
	if isNotFound(err) {
		err = nil
	} else if err == nil {
		v.Comment, v.State, v.shape.State = "/"+r.Lang+commentPath(c.ID), c.State, c.State
	}
	return err
}

// wrong says what does not fit: by the kind of the error, or else by the one
// that is given.
func (v *verifyView) wrong(r *Request, why error, kind string) {
	if fault, ok := errors.AsType[*consultation.ReceiptError](why); ok {
		kind = fault.Kind
	}
	v.Result, v.Class, v.Why, v.Status = "wrong", "bad", r.Text("verify.why."+kind), fiber.StatusUnprocessableEntity
	v.shape = verifyAnswer{Result: v.Result, Why: why.Error(), Leaf: -1}
}

// here checks a receipt that no signed head holds yet against the log itself.
func (s *Site) here(r *Request, receipt *consultation.Receipt) error {
	p, err := s.Catalog.ProveEntry(r.Context(), receipt.Log.Leaf)
	if err != nil && !isNotFound(err) {
		return err
	}
	if err != nil || p.Entry != receipt.Log.Entry || p.Salt != receipt.Log.Salt {
		return &consultation.ReceiptError{Kind: "missing"}
	}
	return nil
}
