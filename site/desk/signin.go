package desk

import (
	"errors"
	"html/template"

	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// proofs are the fields by which somebody proves who they are.
func proofs() []field {
	return []field{
		{Name: "password", Kind: "password", Autocomplete: "current-password"},
		{Name: "code", Kind: "text", Autocomplete: "one-time-code"},
	}
}

func (d *Desk) signInPage(r *site.Request) *formView {
	v := &formView{page: page{frame(r, "desk.signin.title")}, Lead: r.Text("desk.signin.lead"), Note: r.Text("desk.signin.note")}
	v.Form.Submit = "desk.signin.submit"
	v.Form.Fields = append([]field{{Name: "email", Kind: "email", Autocomplete: "username"}}, proofs()...)
	return v
}

// signIn shows the form; who is signed in already goes on.
func (d *Desk) signIn(_ *site.Site, r *site.Request) (site.View, error) {
	if session(r) != nil {
		return nil, site.Moved(next(r))
	}
	return d.signInPage(r), nil
}

func (d *Desk) doSignIn(_ *site.Site, r *site.Request) (site.View, error) {
	signed, secret, err := d.Accounts.SignIn(r.Context(), accounts.SignIn{
		Email: r.Form.Get("email"), Password: r.Form.Get("password"), Code: r.Form.Get("code"),
		Agent: r.Agent(), Address: r.Address(), Lang: r.Lang, Device: r.Cookie(deviceCookie),
	})
	if err == nil {
		r.SetCookie(cookie, secret)
		if signed.Device != "" {
			r.KeepCookie(deviceCookie, signed.Device, accounts.DeviceFor)
		}
		return nil, site.Moved(next(r))
	}
	v := d.signInPage(r)
	v.Form.take(r)
	return stay(v, &v.Form, refused(r, &v.Form, "email", err))
}

// refused says why somebody does not come in; it never says which of the three
// was wrong.
func refused(r *site.Request, f *form, name string, err error) error {
	switch {
	case err == nil:
	case errors.Is(err, accounts.ErrRefused):
		f.wrong(name, r.Text("desk.signin.refused"))
	case errors.Is(err, accounts.ErrLocked):
		f.wrong(name, r.Text("desk.signin.locked"))
	default:
		return err
	}
	return nil
}

func (d *Desk) confirmPage(r *site.Request) *formView {
	v := &formView{page: page{frame(r, "desk.confirm.title")}, Lead: r.Text("desk.confirm.lead")}
	v.Form = form{Submit: "desk.confirm.submit", Fields: proofs()}
	return v
}

func (d *Desk) confirm(_ *site.Site, r *site.Request) (site.View, error) {
	return d.confirmPage(r), nil
}

func (d *Desk) doConfirm(_ *site.Site, r *site.Request) (site.View, error) {
	secret, err := d.Accounts.Confirm(r.Context(), session(r), r.Form.Get("password"), r.Form.Get("code"))
	if err == nil {
		r.SetCookie(cookie, secret)
		return nil, site.Moved(next(r))
	}
	v := d.confirmPage(r)
	return stay(v, &v.Form, refused(r, &v.Form, "password", err))
}

func (d *Desk) leave(_ *site.Site, r *site.Request) (site.View, error) {
	v := &formView{page: page{frame(r, "desk.signout.title")}, Lead: r.Text("desk.signout.lead")}
	v.Form.Submit = "desk.signout.submit"
	return v, nil
}

func (d *Desk) doSignOut(_ *site.Site, r *site.Request) (site.View, error) {
	s := session(r)
	if err := d.Accounts.SignOut(r.Context(), s.Person.ID, s.ID); err != nil {
		return nil, err
	}
	r.SetCookie(cookie, "")
	return nil, site.Moved("/" + r.Lang + pathSignIn)
}

// A joinView is the page of an invitation.
type joinView struct {
	page
	Lead   string
	Form   form
	Factor accounts.SecondFactor
	Email  string
	QR     template.URL
	Return bool // somebody who was here sets password and second factor anew
	Known  bool // somebody who is here gets another role, and proves it is them
}

func (d *Desk) joinPage(r *site.Request) (*joinView, error) {
	in, err := d.Accounts.Invitation(r.Context(), r.Param("link"))
	if errors.Is(err, accounts.ErrExpired) {
		return nil, r.Refuse(fiber.StatusNotFound, "", "desk.join.expired")
	}
	if err != nil {
		return nil, err
	}
	v := &joinView{page: page{frame(r, "desk.join.title")}, Lead: r.Text("desk.join.lead"), Email: in.Email, Return: in.Person != "", Known: in.Known}
	if in.Known {
		v.Lead, v.Form = r.Text("desk.join.known"), form{Submit: "desk.join.submit", Fields: proofs()}
		return v, nil
	}
	if v.Factor, err = d.Accounts.Factor(r.Context(), r.Param("link"), d.Portal); err != nil {
		return nil, err
	}
	v.QR = template.URL(v.Factor.Image) //nolint:gosec // a picture that accounts drew
	v.Form = form{Submit: "desk.join.submit", Fields: []field{
		{Name: "name", Kind: "text", Value: in.Name, Autocomplete: "name"},
		{Name: "password", Kind: "password", Autocomplete: "new-password"},
		{Name: "code", Kind: "text", Autocomplete: "one-time-code"},
	}}
	return v, nil
}

func (d *Desk) join(_ *site.Site, r *site.Request) (site.View, error) { return d.joinPage(r) }

func (d *Desk) doJoin(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.joinPage(r)
	if err != nil {
		return nil, err
	}
	_, err = d.Accounts.Join(r.Context(), r.Param("link"), accounts.Joining{
		Name: r.Form.Get("name"), Password: r.Form.Get("password"), Code: r.Form.Get("code"), Lang: r.Lang,
	})
	if err == nil {
		return nil, site.Moved("/" + r.Lang + pathSignIn)
	}
	if errors.Is(err, accounts.ErrExpired) {
		return nil, r.Refuse(fiber.StatusNotFound, "", "desk.join.expired")
	}
	v.Form.take(r)
	return stay(v, &v.Form, refused(r, &v.Form, "password", v.Form.refuse(r, err)))
}
