package site

import (
	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site/proof"

	"github.com/gofiber/fiber/v2"
)

// pathCommentReceipt is where who commented comes back to what they wrote.
const pathCommentReceipt = "/receipts/comment"

// A commentReceiptView shows a comment to who wrote it.
type commentReceiptView struct {
	Frame
	Code     string
	Own      consultation.Own
	Row      commentRow
	Draft    said
	DraftURL string
	Public   string // its public page
	FileURL  string // of the receipt as a file
	Unsure   bool   // it was to be taken back, and nobody said that it is meant
	SelfURL  string
}

// JSON is never asked for.
func (*commentReceiptView) JSON() any { return nil }

// ownComment finds the comment of a receipt, and answers 404 alike for what is
// no receipt and for one of nothing.
func (s *Site) ownComment(r *Request) (consultation.Own, []byte, error) {
	unknown := r.Refuse(fiber.StatusNotFound, "", "receipt.comment.unknown")
	hash, ok := proof.CodeHash(r.Param("code"))
	if !ok {
		return consultation.Own{}, nil, unknown
	}
	own, err := s.drafts.CommentByReceipt(r.Context(), hash)
	if isNotFound(err) {
		err = unknown
	}
	return own, hash, err
}

func (s *Site) commentReceipt(r *Request) (View, error) {
	own, _, err := s.ownComment(r)
	if err != nil {
		return nil, err
	}
	return s.commentReceiptPage(r, &own)
}

func (s *Site) commentReceiptPage(r *Request, own *consultation.Own) (*commentReceiptView, error) {
	l := s.locales[r.Lang]
	code := r.Param("code")
	v := &commentReceiptView{Code: code, Own: *own, SelfURL: "/" + r.Lang + r.Path}
	row, d, err := s.ownRow(r, own)
	if err != nil {
		return nil, err
	}
	v.Row = row
	if d.Slug != "" {
		v.Draft, v.DraftURL = l.draftTitle(&d), "/"+r.Lang+draftPath(d.Slug)
	}
	switch _, err := s.drafts.Comment(r.Context(), own.ID); {
	case err == nil:
		v.Public = v.Row.URL
	case !isNotFound(err):
		return nil, err
	}
	v.FileURL = pathCommentReceipt + "/" + code + ".json"
	v.Frame = Frame{Title: l.Text("receipt.comment.title"), Section: "drafts", NoIndex: true}
	r.SetHeader(fiber.HeaderReferrerPolicy, "no-referrer") // the address is the secret
	return v, nil
}

// ownRow is the comment as its writer sees it, with its draft, which is empty
// when that is no longer public.
func (s *Site) ownRow(r *Request, own *consultation.Own) (commentRow, consultation.Draft, error) {
	ctx := r.Context()
	d, err := s.drafts.Draft(ctx, own.Draft)
	if err != nil && !isNotFound(err) {
		return commentRow{}, d, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return commentRow{}, d, err
	}
	row, err := s.commentScribe(s.locales[r.Lang], &d, nil, agencies, 0).one(ctx, &own.Comment)
	row.ReplyURL, row.Campaign = "", ""
	return row, d, err
}

// serveReceipt answers with the receipt as a file that proves what was filed.
func (s *Site) serveReceipt(c *fiber.Ctx) error {
	unknown := s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "receipt.comment.unknown")
	hash, ok := proof.CodeHash(c.Params("code"))
	if !ok {
		return unknown
	}
	receipt, err := s.drafts.Receipt(c.UserContext(), hash)
	if isNotFound(err) {
		return unknown
	}
	if err != nil {
		return err
	}
	receipt.Key = s.LogKey
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Attachment("receipt-" + receipt.Comment + ".json")
	return SendJSON(c, fiber.StatusOK, CacheNever, receipt)
}

// doCommentReceipt takes the comment back.
func (s *Site) doCommentReceipt(r *Request) (View, error) {
	own, hash, err := s.ownComment(r)
	if err != nil {
		return nil, err
	}
	if r.Form.Get("sure") == "" {
		v, err := s.commentReceiptPage(r, &own)
		if err == nil {
			v.Unsure, v.Status = true, fiber.StatusUnprocessableEntity
		}
		return v, err
	}
	if err := s.Catalog.Write(r.Context(), func(tx *catalog.Tx) error { _, err := consultation.TakeBack(tx, hash); return err }); err != nil {
		return nil, err
	}
	return nil, Moved("/" + r.Lang + r.Path)
}

// wordComment is the purpose of the word in the link that a letter holds.
const wordComment = "confirm comment"

func commentConfirmPath(forms *proof.Guard, id string) string {
	return commentPath(id) + "/confirm/" + forms.Word(wordComment, id)
}

// A commentConfirmView asks who has an address whether a comment is theirs.
type commentConfirmView struct {
	Frame
	Row    commentRow
	Told   bool   // nobody has said yet that it is theirs
	Erased bool   // there is nothing left to say
	Done   string // what was said: mine or other
}

// JSON is never asked for.
func (*commentConfirmView) JSON() any { return nil }

func (s *Site) commentConfirm(r *Request) (View, error) { return s.commentConfirmPage(r) }

func (s *Site) commentConfirmPage(r *Request) (*commentConfirmView, error) {
	unknown := r.Refuse(fiber.StatusNotFound, "", "confirm.unknown")
	if !s.Forms.Knows(wordComment, r.Param("id"), r.Param("word")) {
		return nil, unknown
	}
	own, err := s.drafts.CommentAs(r.Context(), r.Param("id"))
	if isNotFound(err) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	row, _, err := s.ownRow(r, &own)
	if err != nil {
		return nil, err
	}
	r.SetHeader(fiber.HeaderReferrerPolicy, "no-referrer")
	return &commentConfirmView{Frame: Frame{Title: r.Text("confirm.comment.title"), Section: "drafts", NoIndex: true}, Row: row, Told: own.Told, Erased: own.Erased}, nil
}

func (s *Site) doCommentConfirm(r *Request) (View, error) {
	v, err := s.commentConfirmPage(r)
	if err != nil {
		return nil, err
	}
	do := r.Form.Get(openDo)
	if do != "mine" && do != "other" {
		return nil, fiber.ErrBadRequest
	}
	err = s.Catalog.Write(r.Context(), func(tx *catalog.Tx) error {
		if do == "mine" {
			_, err := consultation.ConfirmEmail(tx, v.Row.ID)
			return err
		}
		_, err := consultation.Disown(tx, v.Row.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	v.Done = do
	return v, nil
}
