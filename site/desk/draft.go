package desk

import (
	"errors"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"
)

// A draftView is a draft at the desk: the steps of its life, and how far each
// is.
type draftView struct {
	page
	acts
	Draft    *consultation.Draft
	Stage    consultation.Stage
	Class    string // of the mark of the stage
	Agency   string
	Public   string // address of its public page
	ReadOnly string // why it cannot be changed: key of its text
	Steps    []step
	Texts    []textRow
	Done     string // what was just done: key of its text
}

// A textRow is one of the texts of a draft.
type textRow struct {
	consultation.Version
	URL string // where it is changed, or looked at
}

// A dossier is a draft with what its steps are found by.
type dossier struct {
	draft    *consultation.Draft
	versions []consultation.Version
	papers   int
	periods  int
	queue    int64 // comments that nobody looked at
	coverage consultation.Coverage
}

// waits is the text that is not public yet, nil without one.
func (o *dossier) waits() *consultation.Version {
	for i := range o.versions {
		if o.versions[i].State != catalog.Published {
			return &o.versions[i]
		}
	}
	return nil
}

func (d *Desk) dossier(r *site.Request, dr *consultation.Draft) (o *dossier, err error) {
	o = &dossier{draft: dr}
	ctx := r.Context()
	if o.versions, err = d.law.DeskVersions(ctx, &r.Actor, dr.ID); err != nil {
		return nil, err
	}
	papers, err := d.law.Papers(ctx, dr.ID)
	if err != nil {
		return nil, err
	}
	for i := range papers {
		if papers[i].State == catalog.Published {
			o.papers++
		}
	}
	periods, err := d.law.Periods(ctx, dr.ID)
	if err != nil {
		return nil, err
	}
	o.periods = len(periods)
	if !dr.Visible() {
		return o, nil
	}
	if o.coverage, err = d.law.Coverage(ctx, dr.ID); err != nil {
		return nil, err
	}
	if r.Actor.Can(catalog.Moderate, dr.Agency) {
		_, o.queue, err = d.law.Queue(ctx, &r.Actor, consultation.QueueFilter{Draft: dr.ID, Limit: 1})
	}
	return o, err
}

// draftDone are what a page says was just done.
var draftDone = []string{"publish", "saved", "text", "version", "period", "approve", "withdraw", "resume", "retire"}

func (d *Desk) draftPage(r *site.Request) (*draftView, error) {
	dr, err := d.oneDraft(r)
	if err != nil {
		return nil, err
	}
	names, err := d.agencyNames(r.Context(), r.Lang, []string{dr.Agency})
	if err != nil {
		return nil, err
	}
	o, err := d.dossier(r, dr)
	if err != nil {
		return nil, err
	}
	v := &draftView{page: page{draftFrame(r, dr, "desk.draft.kicker")}, Draft: dr, Agency: nameOf(names, dr.Agency)}
	v.Title = draftName(r, dr)
	v.Stage = dr.Stage(d.Store.Now())
	v.Class = stageClasses[v.Stage]
	if dr.Visible() {
		v.Public = "/" + r.Lang + "/drafts/" + dr.Slug
	}
	if done := r.Query.Get("done"); slices.Contains(draftDone, done) {
		v.Done = "desk.draft.done." + done
	}
	switch {
	case dr.Source != "":
		v.ReadOnly = "desk.draft.harvested"
	case dr.State == catalog.Withdrawn:
		v.ReadOnly = "desk.hub.withdrawn"
	}
	for i := range o.versions {
		row := textRow{Version: o.versions[i]}
		if may := r.Actor.Can(catalog.Edit, dr.Agency) && ours(dr); may && row.State != catalog.Published {
			row.URL = "/" + r.Lang + textPath(&row.Version)
		} else if row.N > 1 && ours(dr) && r.Actor.Can(catalog.Publish, dr.Agency) {
			row.URL = "/" + r.Lang + textPath(&row.Version) + "/changes"
		}
		v.Texts = append(v.Texts, row)
	}
	v.Steps = draftSteps(r, o, v.Stage)
	if ours(dr) {
		v.Forms = draftForms(r, o)
	}
	return v, nil
}

// draftSteps are the pages of a draft that the actor can go to.
func draftSteps(r *site.Request, o *dossier, stage consultation.Stage) []step {
	dr, base := o.draft, "/"+r.Lang+deskDraftPath(o.draft)
	can := func(do catalog.Verb) bool { return r.Actor.Can(do, dr.Agency) && ours(dr) }
	var all []step
	add := func(may bool, s step) {
		if may {
			all = append(all, s)
		}
	}
	text := step{Key: "draft.text", URL: base + "/text", State: reached(len(o.versions), 1), Text: r.Text("desk.step.draft.text.n", "n", len(o.versions))}
	waits := o.waits()
	if waits != nil {
		text.URL, text.State, text.Text = "/"+r.Lang+textPath(waits), "part", r.Text("desk.step.draft.text.waits", "n", waits.Articles)
	}
	add(can(catalog.Edit) && dr.Decided == "", text)
	if waits != nil {
		add(can(catalog.Edit) && waits.N > 1 && dr.Decided == "", step{Key: "draft.changes", URL: "/" + r.Lang + textPath(waits) + "/changes", State: "todo"})
	}
	said := 0
	for _, t := range []catalog.Text{dr.Summary, dr.Reason, dr.LegalBasis} {
		if _, in := t.In(r.Lang); in != "" {
			said++
		}
	}
	add(can(changes(dr)), step{Key: "draft.about", URL: base + "/about", State: reached(said, 3), Text: r.Text("desk.step.draft.about.n", "n", said)})
	add(can(changes(dr)), step{Key: "draft.papers", URL: base + "/papers", State: reached(o.papers, 1), Text: r.Text("desk.step.draft.papers.n", "n", o.papers)})
	period := step{Key: "draft.period", URL: base + "/period", State: reached(o.periods, 1)}
	if !dr.Closes.IsZero() {
		period.Text = r.Text("desk.step.draft.period.at", "a", r.Moment(dr.Opens), "b", r.Moment(dr.Closes))
	}
	add(can(changes(dr)) && dr.Decided == "", period)
	if waits != nil {
		add(true, step{Key: "preview", URL: "/" + r.Lang + textPath(waits) + "/preview"})
	}
	if dr.Visible() {
		all = append(all, publicSteps(r, o, stage)...)
	}
	return all
}

// publicSteps are those of a draft that is public: what is done with comments,
// and the decision.
func publicSteps(r *site.Request, o *dossier, stage consultation.Stage) []step {
	dr, base := o.draft, "/"+r.Lang+deskDraftPath(o.draft)
	var all []step
	if r.Actor.Can(catalog.Moderate, dr.Agency) {
		s := step{Key: "draft.comments", URL: "/" + r.Lang + pathComments + "?draft=" + dr.ID, State: "done", Text: r.Text("desk.step.draft.comments.n", "n", o.queue)}
		if o.queue > 0 {
			s.State = "todo"
		}
		all = append(all, s)
	}
	if r.Actor.Can(catalog.Answer, dr.Agency) {
		s := step{Key: "draft.answers", URL: base + "/answers", Text: r.Text("desk.step.draft.answers.n", "n", o.coverage.ClustersAnswered, "of", o.coverage.Clusters)}
		if o.coverage.Clusters > 0 {
			s.State = reached(int(o.coverage.ClustersAnswered), int(o.coverage.Clusters))
		}
		all = append(all, s)
	}
	if r.Actor.Can(catalog.Publish, dr.Agency) && ours(dr) {
		s := step{Key: "draft.decision", URL: base + "/decision"}
		if dr.Decided != "" {
			s.State, s.Text = "done", r.Text("drafts.is."+string(stage))
		}
		all = append(all, s)
	}
	return all
}

// draftForms are what can be done to the whole draft.
func draftForms(r *site.Request, o *dossier) []form {
	dr := o.draft
	hidden := hiddenRevision(dr.Revision)
	var all []form
	if !dr.Visible() && len(o.versions) > 0 && r.Actor.Can(catalog.Publish, dr.Agency) {
		all = append(all, form{Do: "publish", Submit: "desk.draft.publish.submit", Fields: []field{hidden}})
	}
	if dr.New() && r.Actor.Can(catalog.Edit, dr.Agency) {
		all = append(all, form{Do: "discard", Submit: "desk.discard.submit", Fields: []field{hidden, {Name: "sure", Kind: "checks", Options: []option{{Value: "discard"}}}}})
	}
	if dr.Visible() && r.Actor.Can(catalog.Publish, dr.Agency) {
		all = append(all, form{Do: "retire", Submit: "desk.retire.submit", Fields: []field{hidden, {Name: "reason", Kind: "textarea", Short: true}}})
	}
	return all
}

func (d *Desk) draft(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.draftPage)
}

func (d *Desk) doDraft(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.draftPage)
	if err != nil {
		return nil, err
	}
	to, err := d.doWholeDraft(r, v.Draft, f)
	if err == nil {
		return nil, moved(r, to)
	}
	return stay(v, f, d.refusedDraft(r, f, err, newly(r, d.draftPage, f)))
}

// doWholeDraft does to the whole draft what the form says, and returns where to
// go on.
func (d *Desk) doWholeDraft(r *site.Request, dr *consultation.Draft, f *form) (to string, err error) {
	if f.Do == "discard" {
		if len(r.Form["sure"]) == 0 {
			return "", &catalog.InvalidError{Field: "sure", Reason: r.Text("desk.wrong.sure")}
		}
		return pathDrafts, d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			return consultation.DiscardDraft(tx, &r.Actor, dr.ID, revisionOf(r))
		})
	}
	if err := d.freshForm(r, deskDraftPath(dr)); err != nil {
		return "", err
	}
	return deskDraftPath(dr) + "?done=" + f.Do, d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		if f.Do == "publish" {
			_, err = consultation.PublishDraft(tx, &r.Actor, dr.ID, revisionOf(r))
		} else {
			_, err = consultation.RetireDraft(tx, &r.Actor, dr.ID, revisionOf(r), f.typed("reason"))
		}
		return err
	})
}

// refusedDraft is refusedWrite, with the rules of periods in the reader's
// language.
func (d *Desk) refusedDraft(r *site.Request, f *form, err error, now func() (*form, error)) error {
	var wrong *consultation.PeriodError
	if !errors.As(err, &wrong) {
		return d.refusedWrite(r, f, err, now)
	}
	f.wrong(periodFields[wrong.Field], r.PeriodFault(wrong))
	return nil
}
