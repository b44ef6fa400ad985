package desk

import (
	"net/url"

	"github.com/openshafaf/shafaf/catalog"
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
		{Name: "homepage", Kind: "url", Optional: true},
		{Name: "contact", Kind: "email", Optional: true},
	}}
	return v, nil
}

func (d *Desk) agencies(_ *site.Site, r *site.Request) (site.View, error) { return d.agenciesPage(r) }

func (d *Desk) doAgencies(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.agenciesPage(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	a := catalog.Agency{Title: texts(&v.Form, "name"), Homepage: v.Form.typed("homepage"), Contact: v.Form.typed("contact")}
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
