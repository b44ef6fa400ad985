package desk

import (
	"net/url"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// pathAgencies is where operators make agencies.
const pathAgencies = pathHome + "/agencies"

// An agenciesView is the agencies of the portal, and the form that makes one.
type agenciesView struct {
	page
	Agencies []agencyName
	Form     form
	Kinds    form // says what kind of agency one is
	Saved    bool
}

func (d *Desk) agenciesPage(r *site.Request) (*agenciesView, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, fiber.ErrNotFound
	}
	v := &agenciesView{page: page{frame(r, "desk.agencies.title")}, Saved: r.Query.Has("saved")}
	var err error
	if v.Agencies, err = d.agencyNames(r.Context(), r.Lang, nil); err != nil {
		return nil, err
	}
	v.Form = form{Submit: "desk.agencies.submit", Fields: []field{
		{Name: "name_fa", Kind: "text", Lang: "fa"},
		{Name: "name_en", Kind: "text", Lang: "en", Optional: true},
		kindField(r),
		{Name: "homepage", Kind: "url", Optional: true},
		{Name: "contact", Kind: "email", Optional: true},
	}}
	v.Kinds = form{Do: doKind, Submit: "desk.agencies.kind.submit", Fields: []field{{Name: "agency", Kind: "select", Options: placeOptions(v.Agencies, false)}, kindField(r)}}
	return v, nil
}

// doKind says what kind of agency one is.
const doKind = "kind"

// kindField asks what kind of agency one is: indicators are asked of kinds.
func kindField(r *site.Request) field {
	in := field{Name: "agency_kind", Kind: "select", Options: []option{{Value: "none", Label: r.Text("desk.agency.kind.none")}}}
	for _, k := range indicators.AgencyKinds {
		in.Options = append(in.Options, option{Value: k, Label: r.Text("agency.kind." + k)})
	}
	return in
}

// setKind stores what kind of agency one is.
func (d *Desk) setKind(r *site.Request, v *agenciesView) (site.View, error) {
	v.Kinds.take(r)
	err := d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		a, err := tx.Agency(chosen(&v.Kinds, "agency"))
		if err != nil {
			return err
		}
		was := a
		if a.Kind = chosen(&v.Kinds, "agency_kind"); a.Kind == was.Kind {
			return nil
		}
		if err := tx.PutAgency(&a); err != nil {
			return err
		}
		return tx.Log(&r.Actor, catalog.Entry{Act: "agency.kind", Noun: catalog.NounAgency, Thing: a.ID, Agency: a.ID}, was, a)
	})
	if err == nil {
		return nil, moved(r, pathAgencies+"?saved=1")
	}
	return stay(v, &v.Kinds, denied(r, &v.Kinds, "agency", err))
}

func (d *Desk) agencies(_ *site.Site, r *site.Request) (site.View, error) { return d.agenciesPage(r) }

func (d *Desk) doAgencies(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.agenciesPage(r)
	if err != nil {
		return nil, err
	}
	if r.Form.Get("do") == doKind {
		return d.setKind(r, v)
	}
	v.Form.take(r)
	a := catalog.Agency{Title: texts(&v.Form, "name"), Kind: chosen(&v.Form, "agency_kind"), Homepage: v.Form.typed("homepage"), Contact: v.Form.typed("contact")}
	if a.Homepage != "" && !webAddress(a.Homepage) {
		v.Form.wrong("homepage", r.Text("desk.wrong.homepage"))
		return stay(v, &v.Form, nil)
	}
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		if err := tx.PutAgency(&a); err != nil {
			return err
		}
		return tx.Log(&r.Actor, catalog.Entry{Act: "agency.create", Noun: catalog.NounAgency, Thing: a.ID}, nil, a)
	})
	if err == nil {
		return nil, moved(r, pathAgencies+"?saved=1")
	}
	return stay(v, &v.Form, v.Form.refuse(r, inField(err, "title", "name_fa")))
}

// webAddress reports whether s is an address that a page may link to.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
