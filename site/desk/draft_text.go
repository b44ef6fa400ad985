package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/site"
)

// A giveView is the page where the text of a draft is pasted or given as a file.
type giveView struct {
	page
	Form  form // to paste
	File  form // to give a file; it has its faults alone
	Waits bool // there is a text that waits, which this one replaces
	N     int  // of the text
}

// pastedName is what a text is called that came without a file.
const pastedName = "text.txt"

func (d *Desk) givePage(r *site.Request) (*giveView, *dossier, error) {
	dr, err := d.draftTo(r, catalog.Edit)
	if err != nil {
		return nil, nil, err
	}
	if dr.Decided != "" {
		return nil, nil, moved(r, deskDraftPath(dr))
	}
	o, err := d.dossier(r, dr)
	if err != nil {
		return nil, nil, err
	}
	v := &giveView{page: page{draftFrame(r, dr, "desk.step.draft.text")}, Waits: o.waits() != nil, N: len(o.versions) + 1}
	if v.Waits {
		v.N--
	}
	v.Form = form{Do: "paste", Submit: "desk.draft.give.paste", Fields: []field{hiddenRevision(dr.Revision), {Name: "pasted", Kind: "textarea", Tall: true}}}
	v.File = form{Do: "give", Fields: []field{hiddenRevision(dr.Revision)}}
	return v, o, nil
}

func (d *Desk) give(_ *site.Site, r *site.Request) (site.View, error) {
	v, _, err := d.givePage(r)
	return v, err
}

func (d *Desk) doGive(_ *site.Site, r *site.Request) (site.View, error) {
	v, o, err := d.givePage(r)
	if err != nil {
		return nil, err
	}
	var from io.Reader
	name, f := pastedName, &v.Form
	if r.Form == nil {
		f = &v.File
		upload, err := r.Upload()
		if err != nil {
			return stay(v, f, refuseFile(r, f, err))
		}
		name, from, r.Form = upload.Name, upload, upload.Fields
	} else {
		f.take(r)
		from = strings.NewReader(f.typed("pasted"))
	}
	text, err := consultation.ReadWording(r.Context(), d.Files, name, from)
	var unread *lawtext.Error
	switch {
	case errors.As(err, &unread) && unread.Kind == lawtext.EmptyFile && f == &v.Form:
		f.wrong("pasted", r.Text("desk.draft.give.none"))
		return stay(v, f, nil)
	case errors.As(err, &unread):
		f.wrong(fileField(f), r.LawText(unread.Kind, unread.Args, unread.Error()))
		return stay(v, f, nil)
	case err != nil:
		return stay(v, f, refuseFile(r, f, err))
	}
	version, err := d.putText(r, o, text)
	if err == nil {
		return nil, moved(r, textPath(version))
	}
	return stay(v, f, d.refusedWrite(r, f, inField(err, "text", fileField(f)), func() (*form, error) {
		now, _, err := d.givePage(r)
		if err != nil {
			return nil, err
		}
		v.Waits = now.Waits
		f.Fields[0].Value = now.Form.Fields[0].Value // nothing else is stored
		return &form{Fields: f.Fields[:1]}, nil
	}))
}

// fileField is the field of one of the two forms.
func fileField(f *form) string {
	if f.Do == "paste" {
		return "pasted"
	}
	return "file"
}

// putText adds a text to a draft, or puts it in place of the one that waits.
func (d *Desk) putText(r *site.Request, o *dossier, text *consultation.Wording) (v *consultation.Version, err error) {
	v = &consultation.Version{}
	waits := o.waits()
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		if waits == nil {
			_, *v, err = consultation.AddVersion(tx, &r.Actor, o.draft.ID, revisionOf(r), text)
			return err
		}
		text.Note = waits.Note
		_, *v, err = consultation.UpdateVersion(tx, &r.Actor, o.draft.ID, revisionOf(r), waits.ID, text)
		return err
	})
	return v, err
}

// readAgain is the law of a version as its document was read, and whether its
// split was not mended since.
func (d *Desk) readAgain(ctx context.Context, v *consultation.Version, now *lawtext.Law) (law lawtext.Law, same bool) {
	if v.File == "" {
		return law, false
	}
	law, err := consultation.ReadLaw(ctx, d.Files, v.File, v.FileName)
	if err != nil {
		return lawtext.Law{}, false
	}
	return law, bytes.Equal([]byte(lawtext.Format(&law)), []byte(lawtext.Format(now)))
}
