package desk

import (
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// A draftAboutView is what is written about a draft.
type draftAboutView struct {
	page
	Form   form
	Public bool
}

func (d *Desk) draftAboutPage(r *site.Request) (*draftAboutView, *consultation.Draft, error) {
	dr, err := d.changing(r)
	if err != nil {
		return nil, nil, err
	}
	v := &draftAboutView{page: page{draftFrame(r, dr, "desk.step.draft.about")}, Public: dr.Visible()}
	v.Form = draftAboutForm(r, dr)
	return v, dr, nil
}

// draftAboutForm is what is written about a draft, to be changed.
func draftAboutForm(r *site.Request, dr *consultation.Draft) form {
	f := form{Submit: "desk.about.submit", Fields: []field{
		hiddenRevision(dr.Revision),
		{Name: "draft_fa", Kind: "text", Lang: "fa", Value: dr.Title["fa"]},
		{Name: "draft_en", Kind: "text", Lang: "en", Value: dr.Title["en"], Optional: true},
		{Name: "regulation", Kind: "select", Options: kindOptions(r, dr.Kind)},
		{Name: "moderation", Kind: "radios", Options: []option{
			{Value: consultation.ReviewFirst, Label: r.Text("desk.draft.review"), Chosen: dr.Moderation == consultation.ReviewFirst},
			{Value: consultation.PublishFirst, Label: r.Text("desk.draft.first"), Chosen: dr.Moderation == consultation.PublishFirst},
		}},
	}}
	both := func(name string, t catalog.Text) {
		for _, lang := range catalog.Languages {
			f.Fields = append(f.Fields, field{Name: name + "_" + lang, Kind: "textarea", Lang: lang, Value: t[lang], Optional: true})
		}
	}
	both("summary", dr.Summary)
	both("why", dr.Reason)
	both("basis", dr.LegalBasis)
	if dr.Visible() {
		both("heard", dr.Heard)
	}
	f.Fields = append(f.Fields, field{Name: "office", Kind: "text", Value: dr.Contact, Optional: true},
		field{Name: "dockets", Kind: "text", Value: strings.Join(dr.Dockets, r.Text("list.comma")+" "), Optional: true})
	return f
}

func (d *Desk) draftAbout(_ *site.Site, r *site.Request) (site.View, error) {
	v, _, err := d.draftAboutPage(r)
	return v, err
}

func (d *Desk) doDraftAbout(_ *site.Site, r *site.Request) (site.View, error) {
	v, dr, err := d.draftAboutPage(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.UpdateDraft(tx, &r.Actor, dr.ID, revisionOf(r), func(now *consultation.Draft) error {
			describeDraft(now, &v.Form)
			return nil
		})
		return err
	})
	if err == nil {
		return nil, moved(r, deskDraftPath(dr)+"?done=saved")
	}
	for theirs, our := range map[string]string{"title": "draft_fa", "summary": "summary_fa", "reason": "why_fa", "legal_basis": "basis_fa", "heard": "heard_fa"} {
		err = inField(err, theirs, our)
	}
	return stay(v, &v.Form, d.refusedDraft(r, &v.Form, err, func() (*form, error) {
		_, now, err := d.draftAboutPage(r)
		if err != nil {
			return nil, err
		}
		f := draftAboutForm(r, now)
		return &f, nil
	}))
}

// describeDraft puts what the form says into the draft as it is now.
func describeDraft(now *consultation.Draft, f *form) {
	now.Title, now.Summary, now.Reason, now.LegalBasis = texts(f, "draft"), long(f, "summary"), long(f, "why"), long(f, "basis")
	if f.field("heard_fa") != nil {
		now.Heard = long(f, "heard")
	}
	now.Kind, now.Contact, now.Dockets = chosen(f, "regulation"), persian.Clean(f.typed("office")), words(f.typed("dockets"))
	if m := f.typed("moderation"); m != "" {
		now.Moderation = m
	}
}

// long are texts of paragraphs in both languages that stand in fields of the
// form.
func long(f *form, name string) catalog.Text {
	t := catalog.Text{}
	for _, lang := range catalog.Languages {
		if s := typedLong(f, name+"_"+lang); s != "" {
			t[lang] = s
		}
	}
	return t
}

// typedLong is a text of paragraphs that was typed.
func typedLong(f *form, name string) string {
	return persian.Clean(strings.ReplaceAll(f.typed(name), "\r\n", "\n"))
}
