package site

import (
	"errors"
	"math"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site/proof"

	"github.com/gofiber/fiber/v2"
)

// An openForm is a form that anybody fills in without an account. It is typed,
// then looked at as others will read it, then sent. Its texts begin with Texts,
// which ends with a dot: the label of a field is "…field.NAME", what is said
// beside it "…hint.NAME".
type openForm struct {
	Texts  string
	Action string
	Fields []openField
	Look   bool // it was filled in and is looked at
	Faults []openFault
	Status int
	Ticket proof.Ticket
	Nonce  string // solution of the puzzle, once there is one
	Keep   string // names what the browser keeps of it until it is sent; empty: nothing

	scope  string
	budget Budget // that it is paid from
}

// An openField is one input of an openForm.
type openField struct {
	Name    string
	Kind    string // text, textarea, quote, email, radios or select
	Value   string
	Options []string // of radios and select; their texts are "…option.OPTION"
	Most    int      // characters
	Needed  bool
	Fault   string
	Cleaned bool // signs that nobody sees were taken out of it
}

// An openFault says what is wrong with a field, or with the whole.
type openFault struct{ Field, Text string }

// The inputs that every openForm has beside its fields. The trap is one that
// people do not see and programs fill in.
const (
	openDo     = "do"
	openTicket = "ticket"
	openNonce  = "nonce"
	openTrap   = "website"

	openSend = "send"
	openLook = "look"
)

// newOpenForm returns the form with a ticket of its own. scope says what it is
// about: sent about something else, the ticket is worth nothing.
func (s *Site) newOpenForm(texts, scope, action string, fields []openField) openForm {
	f := openForm{Texts: texts, Action: action, Fields: fields, scope: texts + " " + scope, budget: BudgetQuestions, Status: fiber.StatusOK}
	f.Ticket = s.Forms.Issue(f.scope)
	return f
}

// field returns the field with the name; there is one.
func (f *openForm) field(name string) *openField {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	panic("site: no field " + name)
}

// Value is what was typed into the field.
func (f *openForm) Value(name string) string { return f.field(name).Value }

// takeForm reads what was posted, and reports whether it is to be stored: it was
// looked at, nothing is wrong with it, and who sent it is likely to be somebody.
func (s *Site) takeForm(r *Request, f *openForm) (send bool) {
	for i := range f.Fields {
		f.Fields[i].take(r)
	}
	do := r.Form.Get(openDo)
	f.Nonce = r.Form.Get(openNonce)
	ticket, err := s.Forms.Read(f.scope, r.Form.Get(openTicket))
	if err == nil {
		f.Ticket = ticket
	} else {
		f.Nonce = ""
	}
	if do != openSend && do != openLook {
		return false
	}
	f.check(r)
	switch {
	case len(f.Faults) > 0:
		return false
	case r.Form.Get(openTrap) != "":
		f.wrong("", fiber.StatusUnprocessableEntity, r.Text("open.trap"))
		return false
	case err != nil:
		f.Look = true
		f.wrong("", fiber.StatusUnprocessableEntity, r.Text("open.stale"))
		return false
	}
	f.Look = true
	return do == openSend
}

// take reads the field, without what nobody sees in it.
func (in *openField) take(r *Request) {
	typed := strings.ReplaceAll(r.Form.Get(in.Name), "\r\n", "\n")
	in.Value = persian.Typed(typed)
	if in.Kind != "textarea" {
		in.Value = strings.Join(strings.Fields(in.Value), " ")
	}
	in.Cleaned = strings.ContainsFunc(typed, unseen) || persian.Thin(typed) != typed
}

// unseen reports whether a sign is one that persian.Clean takes out and that
// can be used to make a text look like another.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' || 0x202A <= r && r <= 0x202E || 0x2066 <= r && r <= 0x2069
}

// check marks what is wrong with what was typed.
func (f *openForm) check(r *Request) {
	for i := range f.Fields {
		in := &f.Fields[i]
		var text string
		switch n := utf8.RuneCountInString(in.Value); {
		case in.Kind == "radios" && !slices.Contains(in.Options, in.Value), in.Value == "" && in.Needed,
			in.Kind == "select" && in.Value != "" && !slices.Contains(in.Options, in.Value):
			text = r.Text(f.Texts + "wrong." + in.Name)
		case n > in.Most && in.Most > 0:
			text = r.Text("open.long", "n", n, "most", in.Most)
		case in.Kind == "email" && in.Value != "" && !plainAddress(in.Value):
			text = r.Text("open.email")
		default:
			continue
		}
		in.Fault = text
		f.wrong(in.Name, fiber.StatusUnprocessableEntity, text)
	}
}

// plainAddress reports whether the text is an e-mail address and nothing else.
func plainAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Name == "" && a.Address == text && strings.Contains(a.Address[strings.LastIndexByte(a.Address, '@')+1:], ".")
}

func (f *openForm) wrong(field string, status int, text string) {
	f.Faults = append(f.Faults, openFault{field, text})
	f.Status = status
}

// What a form costs of its sender's budget.
const (
	costWorked  = 1 // its puzzle was solved
	costPatient = 4 // its sender waited
)

// admit asks of a form that is to be stored that its puzzle was solved or its
// sender waited, and pays for it. It reports whether it may be stored, and else
// says in the form why not. A form that came before costs nothing.
func (s *Site) admit(r *Request, f *openForm, before bool) bool {
	worked, err := s.Forms.Check(&f.Ticket, f.Nonce)
	if errors.Is(err, proof.ErrWrong) { // its script is broken: then by waiting
		f.Nonce = ""
		worked, err = s.Forms.Check(&f.Ticket, "")
	}
	if err != nil {
		left := int(math.Ceil(f.Ticket.Issued.Add(proof.MinAge).Sub(s.Now()).Seconds()))
		r.ctx.Set(fiber.HeaderRetryAfter, strconv.Itoa(left))
		f.wrong("", fiber.StatusTooManyRequests, r.Text("open.soon", "n", left))
		return false
	}
	if before {
		return true
	}
	cost := costPatient
	if worked {
		cost = costWorked
	}
	var refused *RefusedError
	if err := r.Spend(f.budget, cost); errors.As(err, &refused) {
		f.wrong("", refused.Problem.Status, r.Text("open.budget"))
		return false
	}
	return true
}

// renew gives a form that cannot be sent again another ticket.
func (s *Site) renew(f *openForm) { f.Ticket, f.Nonce = s.Forms.Issue(f.scope), "" }
