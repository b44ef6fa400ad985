package site

import (
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"

	"github.com/gofiber/fiber/v2"
)

// place is the text that is commented on: the provision with its notes and
// items. What else stands in it, as articles in a chapter, has a form of its own.
func (v *sayView) place(l *locale) {
	top := &provisionView{}
	shown := map[string]*provisionView{v.within[0].Address: top}
	v.within = slices.DeleteFunc(v.within, func(p lawtext.Provision) bool {
		if shown[p.Address] != nil {
			return false
		}
		if !inside(p.Kind) || shown[p.Parent] == nil {
			return true
		}
		top.hold(&provisionView{Provision: p, ID: provisionID(p.Address), Name: placeName(l, &p), Paragraphs: paragraphs(p.Text), Lang: v.TextLang, Dir: v.TextDir}, shown)
		return false
	})
	v.provision = &v.within[0]
	v.Text, v.Subs = paragraphs(v.provision.Text), top.Subs
}

// wrongQuote reports whether words were quoted that do not stand in the
// provision, and says so in the form.
func (v *sayView) wrongQuote(r *Request) bool {
	i := slices.IndexFunc(v.Form.Fields, func(f openField) bool { return f.Name == sayQuote })
	if i < 0 || v.Form.Fields[i].Value == "" || v.Form.Fields[i].Fault != "" {
		return false
	}
	in := slices.IndexFunc(v.within, func(p lawtext.Provision) bool { return strings.Contains(provisionLine(&p), v.Form.Fields[i].Value) })
	if in >= 0 {
		v.quoted = &v.within[in]
		return false
	}
	v.Form.Fields[i].Fault = r.Text("say.wrong.quote")
	v.Form.wrong(sayQuote, fiber.StatusUnprocessableEntity, v.Form.Fields[i].Fault)
	v.Form.Look = false
	return true
}

// provisionLine is the text of a provision in one line.
func provisionLine(p *lawtext.Provision) string {
	return strings.Join(strings.Fields(p.Heading+" "+p.Text), " ")
}
