package desk

import (
	"cmp"
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"
)

// A decisionView is what a draft has to have before it is approved, and the
// ways to decide on it.
type decisionView struct {
	page
	acts
	Draft *consultation.Draft
	Stage consultation.Stage
	Wants []wantRow
}

// A wantRow is what is missing, and where it is mended.
type wantRow struct {
	Text string
	URL  string
}

func (d *Desk) decisionPage(r *site.Request) (*decisionView, error) {
	dr, err := d.draftTo(r, catalog.Publish)
	if err != nil {
		return nil, err
	}
	if !dr.Visible() {
		return nil, moved(r, deskDraftPath(dr))
	}
	v := &decisionView{page: page{draftFrame(r, dr, "desk.step.draft.decision")}, Draft: dr, Stage: dr.Stage(d.Store.Now())}
	hidden := hiddenRevision(dr.Revision)
	if dr.Decided == consultation.Withdrawn {
		v.Forms = []form{{Do: "resume", Submit: "desk.draft.resume.submit", Fields: []field{hidden}}}
	}
	if dr.Decided != "" {
		return v, nil
	}
	gate, err := d.law.Gate(r.Context(), &r.Actor, dr.ID)
	if err != nil {
		return nil, err
	}
	v.Wants = wants(r, dr, &gate)
	approve := form{Do: "approve", Submit: "desk.draft.approve.submit", Fields: []field{hidden}}
	if !gate.Whole() {
		approve.Submit = "desk.draft.override.submit"
		approve.Fields = append(approve.Fields, field{Name: "override", Kind: "textarea", Short: true})
	}
	if !gate.Open {
		v.Forms = append(v.Forms, approve)
	}
	v.Forms = append(v.Forms, form{Do: "withdraw", Submit: "desk.draft.withdraw.submit", Fields: []field{
		hidden, {Name: "note_fa", Kind: "textarea", Lang: "fa", Short: true}, {Name: "note_en", Kind: "textarea", Lang: "en", Short: true, Optional: true},
	}})
	return v, nil
}

// wants is what is missing before approval, in the reader's language.
func wants(r *site.Request, dr *consultation.Draft, g *consultation.Gate) []wantRow {
	base := "/" + r.Lang + deskDraftPath(dr)
	urls := map[string]string{
		"open": base + "/period", "unopened": base + "/period", "waiting": "/" + r.Lang + pathComments + "?draft=" + dr.ID,
		"unanswered": base + "/answers?state=unanswered", "textless": base,
	}
	var all []wantRow
	for _, name := range g.Wants() {
		all = append(all, wantRow{Text: r.GateWant(g, name), URL: urls[name]})
	}
	return all
}

func (d *Desk) decision(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.decisionPage)
}

func (d *Desk) doDecision(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.decisionPage)
	if err != nil {
		return nil, err
	}
	if f.Do == "approve" && f.field("override") != nil && f.typed("override") == "" {
		err = &catalog.InvalidError{Field: "override", Reason: "say why; everybody sees it"}
	}
	if err == nil {
		err = d.freshForm(r, deskDraftPath(v.Draft)+"/decision")
	}
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return decide(tx, r, v.Draft, f) })
	}
	if err == nil {
		return nil, moved(r, deskDraftPath(v.Draft)+"?done="+f.Do)
	}
	return stay(v, f, d.refusedWrite(r, f, inField(gateFault(r, err), "note", "note_fa"), func() (*form, error) {
		now, err := d.decisionPage(r)
		if err != nil {
			return nil, err
		}
		v.Wants = now.Wants
		return cmp.Or(formOf(now.Forms, f.Do), f), nil
	}))
}

// decide notes what the form says of the draft.
func decide(tx *catalog.Tx, r *site.Request, dr *consultation.Draft, f *form) (err error) {
	revision := revisionOf(r)
	switch f.Do {
	case "approve":
		_, err = consultation.Approve(tx, &r.Actor, dr.ID, revision, typedLong(f, "override"))
	case "withdraw":
		_, err = consultation.WithdrawDraft(tx, &r.Actor, dr.ID, revision, long(f, "note"))
	default:
		_, err = consultation.ResumeDraft(tx, &r.Actor, dr.ID, revision)
	}
	return err
}

// gateFault makes of what stands in the way of an approval a conflict that says
// so in the reader's language.
func gateFault(r *site.Request, err error) error {
	var missing *consultation.GateError
	if errors.As(err, &missing) {
		return &catalog.ConflictError{Code: "gate", Reason: r.Text("desk.gate.missing")}
	}
	return err
}
