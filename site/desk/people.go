package desk

import (
	"context"
	"errors"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A peopleView is who works at the desk, and the forms that invite and appoint.
type peopleView struct {
	page
	People  []personRow
	Waiting []accounts.Invitation
	Invite  form
	Appoint form
	Link    string // of the invitation that was just made: it is shown once
	For     string
	Sent    bool // the link goes out in a letter too
}

// A personRow is one person in the list.
type personRow struct {
	accounts.Person
	Roles []roleRow
}

// A roleRow is a role in an agency.
type roleRow struct {
	Agency string // its name
	Role   catalog.Role
}

// portalValue is what the forms call the portal itself, beside the agencies.
const portalValue = "portal"

func (d *Desk) peoplePage(r *site.Request) (*peopleView, error) {
	agencies, all := r.Actor.Agencies(catalog.Appoint)
	if !all && len(agencies) == 0 {
		return nil, fiber.ErrNotFound
	}
	if all {
		agencies = nil
	}
	names, err := d.agencyNames(r.Context(), r.Lang, agencies)
	if err != nil {
		return nil, err
	}
	v := &peopleView{page: page{frame(r, "desk.people.title")}}
	people, err := d.Accounts.People(r.Context(), agencies)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		v.People = append(v.People, personRow{p, rolesOf(&p, names)})
	}
	if v.Waiting, err = d.Accounts.Invitations(r.Context(), agencies); err != nil {
		return nil, err
	}
	places, ranks := placeOptions(names, all), roleOptions()
	v.Invite = form{Do: "invite", Submit: "desk.invite.submit", Fields: []field{
		{Name: "email", Kind: "email"},
		{Name: "agency", Kind: "select", Options: places},
		{Name: "role", Kind: "select", Options: ranks},
	}}
	v.Appoint = form{Do: "appoint", Submit: "desk.appoint.submit", Fields: []field{
		{Name: "person", Kind: "email"},
		{Name: "agency", Kind: "select", Options: placeOptions(names, false)},
		{Name: "role", Kind: "select", Options: append(roleOptions(), option{Value: "none"})},
	}}
	return v, nil
}

// An agencyName is an agency for a list.
type agencyName struct{ ID, Name string }

// agenciesToEdit are those in which something new can be made; ErrDenied: in
// none.
func (d *Desk) agenciesToEdit(r *site.Request) ([]agencyName, error) {
	agencies, all := r.Actor.Agencies(catalog.Edit)
	if !all && len(agencies) == 0 {
		return nil, catalog.ErrDenied
	}
	if all {
		agencies = nil
	}
	names, err := d.agencyNames(r.Context(), r.Lang, agencies)
	return slices.DeleteFunc(names, func(a agencyName) bool { return !r.Actor.Can(catalog.Edit, a.ID) }), err
}

// agencyNames are the agencies with the ids, all when ids is nil, by name.
func (d *Desk) agencyNames(ctx context.Context, lang string, ids []string) ([]agencyName, error) {
	all, err := d.Store.Agencies(ctx)
	var names []agencyName
	for i := range all {
		if ids == nil || slices.Contains(ids, all[i].ID) {
			name, _ := all[i].Title.In(lang)
			names = append(names, agencyName{all[i].ID, name})
		}
	}
	return names, err
}

// nameOf is the name of the agency with the id.
func nameOf(names []agencyName, id string) string {
	if i := slices.IndexFunc(names, func(a agencyName) bool { return a.ID == id }); i >= 0 {
		return names[i].Name
	}
	return ""
}

func rolesOf(p *accounts.Person, names []agencyName) []roleRow {
	var roles []roleRow
	for _, a := range names {
		if role := p.Roles[a.ID]; role != "" {
			roles = append(roles, roleRow{a.Name, role})
		}
	}
	return roles
}

func placeOptions(names []agencyName, portal bool) []option {
	var all []option
	for _, a := range names {
		all = append(all, option{Value: a.ID, Label: a.Name})
	}
	if portal {
		all = append(all, option{Value: portalValue})
	}
	return all
}

func roleOptions() []option {
	var all []option
	for _, r := range catalog.Roles {
		all = append(all, option{Value: string(r), Chosen: r == catalog.Editor})
	}
	return all
}

func (d *Desk) people(_ *site.Site, r *site.Request) (site.View, error) { return d.peoplePage(r) }

func (d *Desk) doPeople(s *site.Site, r *site.Request) (site.View, error) {
	if err := d.fresh(r, pathPeople); err != nil {
		return nil, err
	}
	v, err := d.peoplePage(r)
	if err != nil {
		return nil, err
	}
	if r.Form.Get("do") == "invite" {
		return d.invite(s, r, v)
	}
	v.Appoint.take(r)
	role := catalog.Role(r.Form.Get("role"))
	if role == "none" {
		role = ""
	}
	err = d.Accounts.SetRole(r.Context(), &r.Actor, r.Form.Get("person"), r.Form.Get("agency"), role)
	if err == nil {
		return nil, site.Moved("/" + r.Lang + pathPeople)
	}
	return stay(v, &v.Appoint, denied(r, &v.Appoint, "person", err))
}

func (d *Desk) invite(s *site.Site, r *site.Request, v *peopleView) (site.View, error) {
	v.Invite.take(r)
	in := accounts.Invitation{Email: r.Form.Get("email"), Agency: r.Form.Get("agency"), Role: catalog.Role(r.Form.Get("role")), Lang: r.Lang}
	if in.Agency == portalValue {
		in.Agency, in.Role, in.Operator = "", "", true
	}
	in, secret, err := d.Accounts.Invite(r.Context(), &r.Actor, in)
	if err == nil {
		v.Sent = d.Mailing.Server != ""
		v.For, v.Link = in.Email, s.BaseURL+"/"+r.Lang+pathJoin+secret
		v.Waiting = append([]accounts.Invitation{in}, v.Waiting...)
		return v, nil
	}
	return stay(v, &v.Invite, denied(r, &v.Invite, "email", err))
}

// denied makes a fault of what is not allowed or not there: both are told in
// the same words.
func denied(r *site.Request, f *form, name string, err error) error {
	if errors.Is(err, accounts.ErrDenied) || errors.Is(err, catalog.ErrNotFound) {
		f.wrong(name, r.Text("desk.wrong.denied"))
		return nil
	}
	return f.refuse(r, err)
}
