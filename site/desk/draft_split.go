package desk

import (
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// A splitView is a text of a draft as it was split, to be mended.
type splitView struct {
	page
	Draft    *consultation.Draft
	Version  *consultation.Version
	Rows     []splitRow
	Remarks  []remarkRow
	Mend     form
	Drop     form
	Dropping bool
	TextLang string // where it is not the page's
	Large    bool   // it is mended as a file
	Saved    bool
	FileURL  string
	GiveURL  string
	Preview  string
	Changes  string // what differs from the text before
}

// A splitRow is a provision in the table.
type splitRow struct {
	lawtext.Provision
	ID    string
	Lead  string
	Level int
}

// A remarkRow is what is odd about the split.
type remarkRow struct {
	Text  string
	Place string // the address of a row in the table
	Line  int
}

// Bounds of the page.
const (
	splitShown = 2000    // rows
	splitLead  = 80      // letters of a text in one
	mendLimit  = 140_000 // letters of a text that is mended in the page
)

// waitingText returns the draft and the text that the address names, for who may
// do the verb; a text that is public is led to where its changes are.
func (d *Desk) waitingText(r *site.Request) (*consultation.Draft, *consultation.Version, error) {
	dr, err := d.draftTo(r, catalog.Edit)
	if err != nil {
		return nil, nil, err
	}
	v, err := d.version(r, dr)
	if err != nil {
		return nil, nil, err
	}
	if v.State == catalog.Published || dr.Decided != "" {
		return nil, nil, moved(r, deskDraftPath(dr))
	}
	return dr, v, nil
}

// version is the text of the draft that the address names.
func (d *Desk) version(r *site.Request, dr *consultation.Draft) (*consultation.Version, error) {
	all, err := d.law.DeskVersions(r.Context(), &r.Actor, dr.ID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == r.Param("version") {
			return &all[i], nil
		}
	}
	return nil, catalog.NotFound(consultation.NounVersion, r.Param("version"))
}

// lawNow is the text of a version as it stands.
func (d *Desk) lawNow(r *site.Request, v *consultation.Version) (lawtext.Law, error) {
	provisions, err := d.law.Provisions(r.Context(), v.ID)
	return lawtext.Law{Title: v.Title, Lang: v.Lang, Provisions: provisions}, err
}

func (d *Desk) splitPage(r *site.Request) (*splitView, error) {
	dr, version, err := d.waitingText(r)
	if err != nil {
		return nil, err
	}
	law, err := d.lawNow(r, version)
	if err != nil {
		return nil, err
	}
	here := "/" + r.Lang + textPath(version)
	v := &splitView{
		page: page{draftFrame(r, dr, "desk.draft.split")}, Draft: dr, Version: version, Saved: r.Query.Has("saved"),
		FileURL: here + "/file", GiveURL: "/" + r.Lang + deskDraftPath(dr) + "/text", Preview: here + "/preview",
	}
	if version.N > 1 {
		v.Changes = here + "/changes"
	}
	if law.Lang != r.Lang {
		v.TextLang = law.Lang
	}
	at := map[string]string{}
	for i := range law.Provisions {
		p := &law.Provisions[i]
		if i == splitShown {
			break
		}
		row := splitRow{Provision: *p, ID: "p-" + p.Address, Lead: persian.Shorten(strings.Join(strings.Fields(p.Text), " "), splitLead), Level: min(p.Depth, 3)}
		at[p.Address] = row.ID
		v.Rows = append(v.Rows, row)
	}
	text := lawtext.Format(&law)
	v.Large = len(text) > mendLimit
	v.Mend = mendForm(r, dr, version, text, v.Large)
	v.Drop = form{Do: "drop", Submit: "desk.draft.drop.submit", Fields: []field{hiddenRevision(dr.Revision)}}
	read, same := d.readAgain(r.Context(), version, &law)
	if !same {
		read = lawtext.Split(text)
	}
	for i := range read.Remarks {
		m := &read.Remarks[i]
		row := remarkRow{Text: r.LawText(m.Kind, m.Args, m.String()), Place: at[m.Address]}
		if same && row.Place == "" {
			row.Line = m.Line
		}
		v.Remarks = append(v.Remarks, row)
	}
	return v, nil
}

// mendForm asks for the split, what kind of text it is and what is new in it.
func mendForm(r *site.Request, dr *consultation.Draft, v *consultation.Version, text string, large bool) form {
	f := form{Do: "mend", Submit: "desk.draft.mend.submit", Fields: []field{hiddenRevision(dr.Revision)}}
	if !large {
		f.Fields = append(f.Fields, field{Name: "mended", Kind: "textarea", Tall: true, Value: text})
	}
	if v.N > 1 {
		var kinds []option
		for _, k := range []string{consultation.Revised, consultation.Final} {
			kinds = append(kinds, option{Value: k, Label: r.Text("desk.draft.is." + k), Chosen: k == v.Kind})
		}
		f.Fields = append(f.Fields, field{Name: "stage", Kind: "radios", Options: kinds})
	}
	for _, lang := range catalog.Languages {
		f.Fields = append(f.Fields, field{Name: "new_" + lang, Kind: "textarea", Lang: lang, Short: true, Value: v.Note[lang], Optional: true})
	}
	return f
}

func (d *Desk) split(_ *site.Site, r *site.Request) (site.View, error) { return d.splitPage(r) }

func (d *Desk) doSplit(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.splitPage(r)
	if err != nil {
		return nil, err
	}
	if r.Form.Get("do") == "drop" {
		err := d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			_, err := consultation.DiscardVersion(tx, &r.Actor, v.Draft.ID, revisionOf(r), v.Version.ID)
			return err
		})
		if err == nil {
			return nil, moved(r, deskDraftPath(v.Draft))
		}
		return stay(v, &v.Drop, d.refusedWrite(r, &v.Drop, err, func() (*form, error) { return &v.Drop, nil }))
	}
	v.Mend.take(r)
	law, err := d.mended(r, v)
	if err == nil {
		text := consultation.Wording{Law: law, Note: long(&v.Mend, "new"), Kind: v.Mend.typed("stage")}
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			_, _, err := consultation.UpdateVersion(tx, &r.Actor, v.Draft.ID, revisionOf(r), v.Version.ID, &text)
			return err
		})
	}
	if err == nil {
		return nil, moved(r, textPath(v.Version)+"?saved=1")
	}
	return stay(v, &v.Mend, d.refusedWrite(r, &v.Mend, inField(inField(err, "text", "mended"), "kind", "stage"), func() (*form, error) {
		now, err := d.splitPage(r)
		if err != nil {
			return nil, err
		}
		v.Rows, v.Remarks = now.Rows, now.Remarks
		return &now.Mend, nil
	}))
}

// mended is the text as the form has it; the one that is there where it is too
// large for the form.
func (d *Desk) mended(r *site.Request, v *splitView) (lawtext.Law, error) {
	if v.Large {
		return d.lawNow(r, v.Version)
	}
	text := strings.ReplaceAll(v.Mend.typed("mended"), "\r\n", "\n")
	if text == "" {
		return lawtext.Law{}, &catalog.InvalidError{Field: "mended", Reason: "there is nothing written"}
	}
	return lawtext.Split(text), nil
}

// splitFile sends the text in the form in which it is mended.
func (d *Desk) splitFile(_ *site.Site, r *site.Request) (site.View, error) {
	_, version, err := d.waitingText(r)
	if err != nil {
		return nil, err
	}
	law, err := d.lawNow(r, version)
	if err != nil {
		return nil, err
	}
	return nil, r.Send("text.txt", "text/plain; charset=utf-8", []byte(lawtext.Format(&law)))
}

// previewText shows a draft with a text as the public will see it.
func (d *Desk) previewText(s *site.Site, r *site.Request) (site.View, error) {
	dr, err := d.oneDraft(r)
	if err != nil {
		return nil, err
	}
	version, err := d.version(r, dr)
	if err != nil {
		return nil, err
	}
	banner := &site.Banner{Text: site.Plain(r.Text("desk.draft.preview")), Links: []site.Link{{Text: r.Text("desk.draft.back"), URL: "/" + r.Lang + deskDraftPath(dr)}}}
	return s.PreviewDraft(r, dr, version, banner)
}
