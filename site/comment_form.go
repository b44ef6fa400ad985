package site

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/site/proof"

	"github.com/gofiber/fiber/v2"
)

// The parameters of the form of a comment: the address of the provision that it
// is about, and the comment that it replies to.
const (
	paramAt    = "at"
	paramReply = "reply"
)

// The fields of a comment.
const (
	sayKind   = "kind"
	sayQuote  = "quote"
	sayText   = "text"
	sayName   = "name"
	sayOrg    = "organisation"
	sayEmail  = "email"
	sayGender = "gender"
	sayGroup  = "group"
)

// A sayView is the form by which anybody says something of a draft.
type sayView struct {
	Frame
	Draft     said
	Agency    Link
	Form      openForm
	Closed    *stageView       // it takes no comments, and why
	Missing   bool             // the text has no such provision
	Place     string           // what the provision is called
	Text      []string         // of it
	Subs      []*provisionView // what stands in it
	TextLang  string
	TextDir   string
	Parent    []commentRow // the comment that is replied to: one, or none
	Typed     string       // what was written, when it came too late
	First     bool         // comments are published first
	BackURL   string
	draft     consultation.Draft
	version   *consultation.Version
	provision *lawtext.Provision
	within    []lawtext.Provision // the provision and what stands in it: any of it can be quoted
	quoted    *lawtext.Provision  // the one of within that the quote stands in
	shape     sayShape
}

// A sayShape is what a program needs to send a comment.
type sayShape struct {
	Open    bool      `json:"open"`
	Ticket  string    `json:"ticket,omitempty"`
	Seed    string    `json:"seed,omitempty"` // of the puzzle
	Bits    int       `json:"bits,omitempty"` // zero bits that SHA-256 of "seed:nonce" is to begin with
	Fields  []sayFact `json:"fields"`
	PostURL string    `json:"post_url"`
}

// A sayFact describes a field of the form.
type sayFact struct {
	Name    string   `json:"name"`
	Most    int      `json:"most,omitempty"` // characters
	Needed  bool     `json:"needed,omitempty"`
	Options []string `json:"options,omitempty"`
}

// JSON is what a program needs to send a comment.
func (v *sayView) JSON() any { return v.shape }

func sayFields(place, reply bool) []openField {
	fields := []openField{{Name: sayKind, Kind: "radios", Options: consultation.CommentKinds}}
	if place && !reply {
		fields = append(fields, openField{Name: sayQuote, Kind: "quote", Most: consultation.MaxQuote})
	}
	return append(fields,
		openField{Name: sayText, Kind: "textarea", Most: consultation.MaxComment, Needed: true},
		openField{Name: sayName, Kind: "text", Most: consultation.MaxNameText},
		openField{Name: sayOrg, Kind: "text", Most: consultation.MaxNameText},
		openField{Name: sayEmail, Kind: "email", Most: maxAddress},
		openField{Name: sayGender, Kind: "select", Options: consultation.Genders},
		openField{Name: sayGroup, Kind: "select", Options: consultation.Groups},
	)
}

// sayPage is the page with an empty form, or with the reason why there is none.
func (s *Site) sayPage(r *Request) (*sayView, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	if err := s.elsewhere(r); err != nil {
		return nil, err
	}
	d, err := s.drafts.Draft(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &sayView{draft: d, Draft: l.draftTitle(&d), Agency: l.agencyLink(agencies.byID[d.Agency]), First: d.Moderation == consultation.PublishFirst}
	v.BackURL = "/" + r.Lang + draftPath(d.Slug)
	v.Frame = Frame{Title: l.Text("say.title.of", "name", v.Draft.Text), Section: "drafts", Crumbs: l.draftCrumbs(&d), NoIndex: true}
	if err := s.sayPlace(ctx, r, v, agencies); err != nil {
		return nil, err
	}
	if stage := s.stage(l, &d); stage.Stage != consultation.Open {
		v.Closed, v.Status = &stage, fiber.StatusOK
		v.shape = sayShape{Fields: []sayFact{}, PostURL: s.baseURL() + apiPrefix + draftPath(d.Slug) + "/comments"}
		return v, nil
	}
	if v.Missing {
		return v, nil
	}
	v.Form = s.newOpenForm("say.", d.ID, v.action(r), sayFields(v.provision != nil, len(v.Parent) > 0))
	v.Form.budget = BudgetComments
	v.Form.Keep = d.ID
	if v.provision != nil {
		v.Form.Keep += " " + v.provision.Address
	} else if len(v.Parent) > 0 {
		v.Form.Keep += " " + v.Parent[0].ID
	}
	v.shape = sayShape{Open: true, Ticket: v.Form.Ticket.Text, Seed: v.Form.Ticket.Seed, Bits: v.Form.Ticket.Bits, PostURL: s.baseURL() + apiPrefix + draftPath(d.Slug) + "/comments"}
	for _, f := range v.Form.Fields {
		v.shape.Fields = append(v.shape.Fields, sayFact{f.Name, f.Most, f.Needed, f.Options})
	}
	return v, nil
}

// sayPlace finds what the comment is about: a provision of the text that was
// shown, or another comment.
func (s *Site) sayPlace(ctx context.Context, r *Request, v *sayView, agencies agencyList) error {
	l := s.locales[r.Lang]
	versions, err := s.drafts.Versions(ctx, v.draft.ID)
	if err != nil {
		return err
	}
	if v.version, err = chosenVersion(r, versions); err != nil {
		return err
	}
	address := r.Query.Get(paramAt)
	if id := r.Query.Get(paramReply); id != "" {
		c, err := s.drafts.Comment(ctx, id)
		if isNotFound(err) || err == nil && c.Draft != v.draft.ID {
			return &catalog.InvalidError{Field: paramReply, Reason: r.Text("say.reply.unknown")}
		}
		if err != nil {
			return err
		}
		row, err := s.commentScribe(l, &v.draft, versions, agencies, shownLead).one(ctx, &c)
		if err != nil {
			return err
		}
		row.ReplyURL, row.Replies = "", 0
		v.Parent, v.BackURL = []commentRow{row}, row.URL
		return nil
	}
	if address == "" || v.version == nil {
		return nil
	}
	v.within, err = s.drafts.Within(ctx, v.version.ID, address)
	if isNotFound(err) && !r.JSON {
		v.Missing, v.Status = true, fiber.StatusUnprocessableEntity
		return nil
	}
	if isNotFound(err) {
		return &catalog.InvalidError{Field: paramAt, Reason: r.Text("say.at.unknown")}
	}
	if err != nil {
		return err
	}
	v.BackURL += "#" + provisionID(address)
	if v.version.Lang != l.lang {
		v.TextLang, v.TextDir = v.version.Lang, direction(v.version.Lang)
	}
	v.place(l)
	v.Place, err = ProvisionName(ctx, s.drafts, l, v.version.ID, address)
	return err
}

// action is the address that the form goes to: what it is about stays in it, and
// the text that was shown, though there may be a newer one when it is sent.
func (v *sayView) action(r *Request) string {
	q := url.Values{}
	if v.version != nil {
		q.Set(paramVersion, strconv.Itoa(v.version.N))
	}
	if v.provision != nil {
		q.Set(paramAt, v.provision.Address)
	}
	if len(v.Parent) > 0 {
		q.Set(paramReply, v.Parent[0].ID)
	}
	return withQuery("/"+r.Lang+draftPath(v.draft.Slug)+"/comment", q)
}

func (s *Site) say(r *Request) (View, error) {
	v, err := s.sayPage(r)
	if err != nil {
		return nil, err
	}
	if quote := r.Query.Get(sayQuote); quote != "" && v.provision != nil && v.Closed == nil {
		v.Form.field(sayQuote).Value = quote
	}
	return v, nil
}

func (s *Site) doSay(r *Request) (View, error) {
	v, err := s.sayPage(r)
	if err != nil {
		return nil, err
	}
	if v.Closed != nil {
		switch code, _, err := s.sentBefore(r, v); {
		case err != nil:
			return nil, err
		case code != "":
			return nil, Moved("/" + r.Lang + pathCommentReceipt + "/" + code)
		}
		return s.sayClosed(r, v)
	}
	if v.Missing {
		v.Typed = typedText(r)
		return v, nil
	}
	send := s.takeForm(r, &v.Form)
	if !v.wrongQuote(r) && send {
		code, _, err := s.sendComment(r, v)
		switch {
		case isClosed(err):
			return s.sayClosed(r, v)
		case err != nil:
			return nil, err
		case code != "":
			return nil, Moved("/" + r.Lang + pathCommentReceipt + "/" + code)
		}
	}
	v.Status = v.Form.Status
	return v, nil
}

// sayClosed answers a comment that came too late: with the reason, and with what
// was written, which is not lost.
func (s *Site) sayClosed(r *Request, v *sayView) (View, error) {
	stage := s.stage(s.locales[r.Lang], &v.draft)
	v.Closed, v.Status, v.Typed = &stage, fiber.StatusConflict, typedText(r)
	return v, nil
}

// typedText is what was written in a form that cannot be sent.
func typedText(r *Request) string { return strings.TrimSpace(r.Form.Get(sayText)) }

// sentBefore is the comment of a form that came before the draft was closed, and
// comes again, with the code of its receipt: empty when it did not.
func (s *Site) sentBefore(r *Request, v *sayView) (code string, own consultation.Own, err error) {
	ticket, err := s.Forms.Read("say. "+v.draft.ID, r.Form.Get(openTicket))
	if err != nil {
		return "", own, nil //nolint:nilerr // it is no form of ours
	}
	code = s.Forms.Receipt(&ticket)
	hash, _ := proof.CodeHash(code)
	own, err = s.drafts.CommentByReceipt(r.Context(), hash)
	if isNotFound(err) {
		return "", own, nil
	}
	return code, own, err
}

// isClosed reports whether a comment was refused because its draft takes none.
func isClosed(err error) bool {
	var conflict *catalog.ConflictError
	return errors.As(err, &conflict) && conflict.Code == consultation.CodeClosed
}

// contextLetters is how much of the text around a quote is kept, by which it is
// found again in a later text.
const contextLetters = 60

// filing is what the form says.
func (v *sayView) filing(r *Request) consultation.Filing {
	f := consultation.Filing{
		Draft: v.draft.ID, Kind: v.Form.Value(sayKind), Lang: r.Lang, Text: v.Form.Value(sayText), Name: v.Form.Value(sayName),
		Organisation: v.Form.Value(sayOrg), Email: v.Form.Value(sayEmail), Gender: v.Form.Value(sayGender), Group: v.Form.Value(sayGroup), Once: v.Form.Ticket.Once,
	}
	if v.version != nil {
		f.Version = v.version.ID
	}
	if len(v.Parent) > 0 {
		f.Parent = v.Parent[0].ID
		return f
	}
	if v.provision == nil {
		return f
	}
	f.Address, f.Quote = v.provision.Address, v.Form.Value(sayQuote)
	if v.quoted == nil {
		return f
	}
	f.Address = v.quoted.Address
	line := provisionLine(v.quoted)
	at := strings.Index(line, f.Quote)
	before, after := []rune(line[:at]), []rune(line[at+len(f.Quote):])
	f.Before, f.After = string(before[max(0, len(before)-contextLetters):]), string(after[:min(len(after), contextLetters)])
	return f
}

// sendComment stores what the form says, and returns the code of its receipt.
// What stands in the way is said in the form, and there is no code.
func (s *Site) sendComment(r *Request, v *sayView) (code string, c consultation.Comment, err error) {
	code = s.Forms.Receipt(&v.Form.Ticket)
	hash, _ := proof.CodeHash(code)
	_, err = s.drafts.CommentByReceipt(r.Context(), hash)
	if err != nil && !isNotFound(err) {
		return "", c, err
	}
	if !s.admit(r, &v.Form, err == nil) {
		return "", c, nil
	}
	f := v.filing(r)
	f.Receipt, f.Proven = hash, true // by a puzzle or by waiting: admit asked for it
	c, err = s.storeComment(r, &f)
	var conflict *catalog.ConflictError
	switch {
	case errors.Is(err, catalog.ErrReused):
		s.renew(&v.Form)
		v.Form.wrong("", fiber.StatusConflict, r.Text("say.reused", "code", code))
		return "", c, nil
	case errors.As(err, &conflict) && conflict.Code == consultation.CodeGone:
		v.Form.Look = false
		v.Form.wrong("", fiber.StatusConflict, r.Text("say.gone"))
		return "", c, nil
	}
	return code, c, err
}

// storeComment takes the comment in. In the same write the letter is queued that
// asks whether the address is right.
func (s *Site) storeComment(r *Request, f *consultation.Filing) (consultation.Comment, error) {
	write := true
	if f.Email != "" {
		_, write = s.Take(BudgetComments)("to "+f.Email, letters)
	}
	var c consultation.Comment
	fresh := false
	err := s.Catalog.Write(r.Context(), func(tx *catalog.Tx) (err error) {
		var again bool
		c, again, err = consultation.File(tx, f)
		fresh = err == nil && !again
		if err != nil || again || f.Email == "" || !write {
			return err
		}
		return consultation.QueueConfirmation(tx, &c, commentConfirmPath(s.Forms, c.ID))
	})
	if err == nil && fresh {
		s.Forms.Accepted()
	}
	return c, err
}
