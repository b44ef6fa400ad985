package desk

import (
	"mime"
	"path"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A papersView is the documents beside the text of a draft.
type papersView struct {
	page
	Draft *consultation.Draft
	Rows  []paperForm
	Form  form // to add one
}

// A paperForm is a document and the form that takes it away.
type paperForm struct {
	consultation.Paper
	Label  string
	Remove form
}

func (d *Desk) papersPage(r *site.Request) (*papersView, error) {
	dr, err := d.changing(r)
	if err != nil {
		return nil, err
	}
	v := &papersView{page: page{draftFrame(r, dr, "desk.step.draft.papers")}, Draft: dr}
	all, err := d.law.Papers(r.Context(), dr.ID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		row := paperForm{Paper: all[i]}
		row.Label, _ = all[i].Title.In(r.Lang)
		if all[i].State == catalog.Published {
			row.Remove = form{Do: "remove-" + all[i].ID, Submit: "desk.remove.submit", Fields: []field{hiddenRevision(dr.Revision)}}
			if !dr.New() {
				row.Remove.Fields = append(row.Remove.Fields, field{Name: "reason", Kind: "text"})
			}
		}
		v.Rows = append(v.Rows, row)
	}
	v.Form = form{Submit: "desk.paper.submit", Fields: []field{
		hiddenRevision(dr.Revision),
		{Name: "paper_kind", Kind: "select", Options: paperKinds(r)},
		{Name: "paper_fa", Kind: "text", Lang: "fa"},
		{Name: "paper_en", Kind: "text", Lang: "en", Optional: true},
	}}
	return v, nil
}

func paperKinds(r *site.Request) []option {
	var all []option
	for _, k := range consultation.PaperKinds {
		all = append(all, option{Value: k, Label: r.Text("draft.paper." + k)})
	}
	return all
}

func (d *Desk) papers(_ *site.Site, r *site.Request) (site.View, error) { return d.papersPage(r) }

func (d *Desk) doPapers(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.papersPage(r)
	if err != nil {
		return nil, err
	}
	if r.Form != nil {
		return d.removePaper(r, v)
	}
	f := &v.Form
	upload, err := r.Upload()
	if err != nil {
		return stay(v, f, refuseFile(r, f, err))
	}
	r.Form = upload.Fields
	f.take(r)
	digest, size, err := d.Files.Put(r.Context(), upload, site.MaxUpload)
	if err == nil && size == 0 {
		err = errEmpty
	}
	if err != nil {
		return stay(v, f, refuseFile(r, f, err))
	}
	p := consultation.Paper{Kind: chosen(f, "paper_kind"), Title: texts(f, "paper"), File: digest, Name: upload.Name, Size: size, Media: mime.TypeByExtension(path.Ext(upload.Name))}
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		_, _, err := consultation.AddPaper(tx, &r.Actor, v.Draft.ID, revisionOf(r), p)
		return err
	})
	if err == nil {
		return nil, moved(r, deskDraftPath(v.Draft)+"/papers")
	}
	return stay(v, f, d.refusedWrite(r, f, inField(inField(err, "title", "paper_fa"), "kind", "paper_kind"), func() (*form, error) {
		now, err := d.papersPage(r)
		if err != nil {
			return nil, err
		}
		v.Rows = now.Rows
		now.Form.Fields = now.Form.Fields[:1] // the rest is not stored anywhere yet
		return &now.Form, nil
	}))
}

// removePaper takes a document away.
func (d *Desk) removePaper(r *site.Request, v *papersView) (site.View, error) {
	do := r.Form.Get("do")
	i := slices.IndexFunc(v.Rows, func(p paperForm) bool { return p.Remove.Do != "" && p.Remove.Do == do })
	if i < 0 {
		return nil, fiber.ErrBadRequest
	}
	f := &v.Rows[i].Remove
	f.take(r)
	err := d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.RemovePaper(tx, &r.Actor, v.Draft.ID, revisionOf(r), v.Rows[i].ID, persian.Clean(f.typed("reason")))
		return err
	})
	if err == nil {
		return nil, moved(r, deskDraftPath(v.Draft)+"/papers")
	}
	return stay(v, f, d.refusedWrite(r, f, err, func() (*form, error) {
		now, err := d.papersPage(r)
		if err != nil {
			return nil, err
		}
		for k := range now.Rows {
			if now.Rows[k].Remove.Do == do {
				return &now.Rows[k].Remove, nil
			}
		}
		return f, nil
	}))
}
