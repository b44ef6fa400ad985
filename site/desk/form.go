package desk

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A form is what somebody fills in. Its texts are those of the page: the label
// of a field is "desk.field.NAME", its hint "desk.hint.NAME" where there is one.
type form struct {
	Action string // where it is posted to; the page itself when empty
	Do     string // which form of the page it is, where there are several
	Fields []field
	Submit string // key of the text on its button
	Faults []fault

	Conflict bool // somebody else stored something meanwhile
}

// A field is one input of a form.
type field struct {
	Name         string
	Kind         string // of the input: text, textarea, password, email, select, checks, radios, hidden …
	Value        string
	Label        string // where it is not the text "desk.field.NAME"
	Lang         string // of what is typed, where it is one of several
	Stored       string // what somebody else stored meanwhile, where it is something else
	Short        bool   // a few characters are typed
	Tall         bool   // a whole document is typed
	Options      []option
	List         string // id of a list on the page of what can be typed
	Autocomplete string
	Optional     bool
	Fault        string
}

// An option is a choice in a field. Its text is data where Label is set, else
// "desk.option.VALUE".
type option struct {
	Value, Label string
	Chosen       bool
}

// A fault says what is wrong with a field, and is listed above the form.
type fault struct{ Name, Text string }

// take puts what was posted into the fields, so that nothing typed is lost.
// Secrets have to be typed again.
func (f *form) take(r *site.Request) {
	for i := range f.Fields {
		in := &f.Fields[i]
		if in.Kind == "radios" && !r.Form.Has(in.Name) {
			continue // one of them is always chosen
		}
		if in.Kind != "password" && in.Name != "code" && r.Form != nil {
			in.Value = r.Form.Get(in.Name)
		}
		for k := range in.Options {
			in.Options[k].Chosen = r.Form != nil && slices.Contains(r.Form[in.Name], in.Options[k].Value)
		}
	}
}

// formOf returns the form of a page with several that does so, or nil.
func formOf(forms []form, do string) *form {
	for i := range forms {
		if forms[i].Do == do {
			return &forms[i]
		}
	}
	return nil
}

// field returns the field with the name, or nil.
func (f *form) field(name string) *field {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}

// typed returns what was typed into the field with the name.
func (f *form) typed(name string) string {
	if in := f.field(name); in != nil {
		return strings.TrimSpace(in.Value)
	}
	return ""
}

// said is the value of the field as people read it.
func (in *field) said(r *site.Request) string {
	if len(in.Options) == 0 {
		return in.Value
	}
	var all []string
	for _, o := range in.Options {
		if o.Chosen && o.Label != "" {
			all = append(all, o.Label)
		} else if o.Chosen {
			all = append(all, r.Text("desk.option."+o.Value))
		}
	}
	return strings.Join(all, r.Text("list.comma")+" ")
}

// conflict shows beside what was typed what somebody else stored meanwhile: now
// is the form as it would be shown afresh, with the new revision.
func (f *form) conflict(r *site.Request, now *form) {
	for i := range f.Fields {
		in := &f.Fields[i]
		stored := now.field(in.Name)
		switch {
		case stored == nil:
		case in.Name == "revision":
			in.Value = stored.Value
		case in.said(r) != stored.said(r):
			if in.Stored = stored.said(r); in.Stored == "" {
				in.Stored = r.Text("desk.conflict.empty")
			}
		}
	}
	f.Conflict = true
}

// wrong marks a field as wrong.
func (f *form) wrong(name, text string) {
	f.Faults = append(f.Faults, fault{name, text})
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			f.Fields[i].Fault = text
		}
	}
}

// refuse makes a fault of err, if it is one of what was typed. The sentence of
// a field is "desk.wrong.NAME" where there is one, for those who do not read the
// program's English.
func (f *form) refuse(r *site.Request, err error) error {
	var invalid *catalog.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	text := invalid.Reason
	if key := "desk.wrong." + invalid.Field; r.Has(key) {
		text = r.Text(key)
	}
	f.wrong(invalid.Field, text)
	return nil
}

// status is that of the page that shows the form.
func (f *form) status() int {
	if f.Conflict {
		return fiber.StatusConflict
	}
	if len(f.Faults) > 0 {
		return fiber.StatusUnprocessableEntity
	}
	return fiber.StatusOK
}

// A formPage is a page with forms.
type formPage interface {
	site.View
	answer(status int)
}

// acts are the forms of a page with several.
type acts struct{ Forms []form }

func (a *acts) forms() []form { return a.Forms }

// An actsPage is a page with several forms.
type actsPage interface {
	formPage
	forms() []form
}

// shownAgain answers the page with several forms; who comes back from giving
// password and code finds there what they typed.
func shownAgain[V actsPage](r *site.Request, page func(*site.Request) (V, error)) (site.View, error) {
	v, err := page(r)
	if err != nil {
		return nil, err
	}
	takeAgain(r, v.forms())
	return v, nil
}

// posted returns the page with several forms, and the one of them that was
// sent, with what was typed into it.
func posted[V actsPage](r *site.Request, page func(*site.Request) (V, error)) (v V, f *form, err error) {
	if v, err = page(r); err != nil {
		return v, nil, err
	}
	if f = formOf(v.forms(), r.Form.Get("do")); f == nil {
		return v, nil, fiber.ErrBadRequest
	}
	f.take(r)
	return v, f, nil
}

// newly finds the form as it stands on its page by now.
func newly[V actsPage](r *site.Request, page func(*site.Request) (V, error), f *form) func() (*form, error) {
	return func() (*form, error) {
		now, err := page(r)
		if err != nil {
			return nil, err
		}
		return cmp.Or(formOf(now.forms(), f.Do), f), nil
	}
}

// stay answers a form that did not do what it says: with its page, on which its
// faults stand, unless there is an error that is none of them.
func stay(v formPage, f *form, err error) (site.View, error) {
	if err != nil {
		return nil, err
	}
	v.answer(f.status())
	return v, nil
}

// answer sets the status that the page answers with.
func (p *page) answer(status int) { p.Status = status }

// A formView is a page that is one form.
type formView struct {
	page
	Lead string
	Form form
	Note string // below the form
}
