package desk

import (
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// pathDrafts is where draft regulations are made; what belongs to one stands
// below it, behind its id.
const pathDrafts = pathHome + "/drafts"

// draftRoutes are the pages of draft regulations and of what people say of them.
func (d *Desk) draftRoutes() []site.Route {
	const one = pathDrafts + "/{draft}"
	const text = one + "/texts/{version}"
	return []site.Route{
		{Path: pathDrafts, View: d.draftList, Template: "desk_drafts"},
		{Path: pathDrafts + "/new", View: d.newDraft, Act: d.doNewDraft, Template: "desk_form"},
		{Path: one, View: d.draft, Act: d.doDraft, Template: "desk_draft"},
		{Path: one + "/about", View: d.draftAbout, Act: d.doDraftAbout, Template: "desk_draft_about"},
		{Path: one + "/text", View: d.give, Act: d.doGive, Upload: true, Budget: site.BudgetUploads, Template: "desk_draft_give"},
		{Path: text, View: d.split, Act: d.doSplit, Template: "desk_draft_split"},
		{Path: text + "/file", View: d.splitFile, Template: "desk_draft_split"},
		{Path: text + "/preview", View: d.previewText, Template: "draft"},
		{Path: text + "/changes", View: d.textChanges, Act: d.doTextChanges, Template: "desk_draft_changes"},
		{Path: text + "/cause", View: d.cause, Act: d.doCause, Template: "desk_draft_cause"},
		{Path: one + "/papers", View: d.papers, Act: d.doPapers, Upload: true, Budget: site.BudgetUploads, Template: "desk_draft_papers"},
		{Path: one + "/period", View: d.period, Act: d.doPeriod, Template: "desk_draft_period"},
		{Path: one + "/answers", View: d.answers, Template: "desk_draft_answers"},
		{Path: one + "/answers/{about}", View: d.reply, Act: d.doReply, Template: "desk_draft_answer"},
		{Path: one + "/decision", View: d.decision, Act: d.doDecision, Template: "desk_draft_decision"},
		{Path: pathComments, View: d.comments, Act: d.doComments, Template: "desk_comments"},
		{Path: pathComments + "/{comment}", View: d.comment, Act: d.doComment, Template: "desk_comment"},
	}
}

func deskDraftPath(dr *consultation.Draft) string { return pathDrafts + "/" + dr.ID }

func textPath(v *consultation.Version) string {
	return pathDrafts + "/" + v.Draft + "/texts/" + v.ID
}

// draftName is what a draft is called in the language of the request.
func draftName(r *site.Request, dr *consultation.Draft) string {
	name, _ := dr.Title.In(r.Lang)
	return name
}

// draftFrame is the frame of a page of a draft.
func draftFrame(r *site.Request, dr *consultation.Draft, key string) site.Frame {
	f := frame(r, key)
	f.Title += " — " + draftName(r, dr)
	f.Crumbs = append(f.Crumbs, site.Link{Text: r.Text("desk.drafts.title"), URL: "/" + r.Lang + pathDrafts})
	if r.Path != deskDraftPath(dr) {
		f.Crumbs = append(f.Crumbs, site.Link{Text: draftName(r, dr), URL: "/" + r.Lang + deskDraftPath(dr)})
	}
	return f
}

// oneDraft returns the draft that the address names.
func (d *Desk) oneDraft(r *site.Request) (*consultation.Draft, error) {
	dr, err := d.law.DeskDraft(r.Context(), &r.Actor, r.Param("draft"))
	if errors.Is(err, catalog.ErrNotFound) {
		err = r.KeepTyped(fiber.StatusNotFound, "desk.kept.role", site.Link{}, err)
	}
	return &dr, err
}

// ours reports whether the draft is made here, and not by a source or taken down
// by an operator.
func ours(dr *consultation.Draft) bool { return dr.Source == "" && dr.State != catalog.Withdrawn }

// draftTo is oneDraft for who may do the verb to a draft that is made here.
func (d *Desk) draftTo(r *site.Request, do catalog.Verb) (*consultation.Draft, error) {
	dr, err := d.oneDraft(r)
	switch {
	case err != nil:
		return nil, err
	case !r.Actor.Can(do, dr.Agency):
		return nil, r.KeepTyped(fiber.StatusForbidden, "desk.kept.role", site.Link{}, catalog.ErrDenied)
	case !ours(dr) && do != catalog.Answer && do != catalog.View:
		return nil, moved(r, deskDraftPath(dr))
	}
	return dr, nil
}

// changing is draftTo for who changes what is as public as the draft itself.
func (d *Desk) changing(r *site.Request) (*consultation.Draft, error) {
	dr, err := d.oneDraft(r)
	if err != nil {
		return nil, err
	}
	return d.draftTo(r, changes(dr))
}

// changes is the verb for what is as public as the draft itself.
func changes(dr *consultation.Draft) catalog.Verb {
	if dr.New() {
		return catalog.Edit
	}
	return catalog.Publish
}

// hiddenRevision holds which state of a thing a form was filled in for.
func hiddenRevision(n int64) field {
	return field{Name: "revision", Kind: "hidden", Value: strconv.FormatInt(n, 10)}
}

// A draftsView is the list of the drafts of one's agencies.
type draftsView struct {
	page
	State field
	Rows  []draftRow
	Total int64
	New   bool // may make one
	Next  string
}

// A draftRow is a draft in the list.
type draftRow struct {
	Title   string
	URL     string
	Agency  string
	State   string // on the portal
	Stage   consultation.Stage
	Class   string // of the mark of the stage
	Closes  time.Time
	Updated time.Time
	Source  bool
}

// stageClasses are the marks of stages.
var stageClasses = map[consultation.Stage]string{
	consultation.Open: "ok", consultation.Announced: "warn", consultation.InReview: "warn",
	consultation.Approved: "idle", consultation.Withdrawn: "idle",
}

// draftStates are the states by which the list can be narrowed.
var draftStates = []string{catalog.Drafted, catalog.Published, catalog.Retired}

func (d *Desk) draftList(_ *site.Site, r *site.Request) (site.View, error) {
	v := &draftsView{page: page{frame(r, "desk.drafts.title")}, New: some(&r.Actor, catalog.Edit)}
	f := catalog.DeskFilter{Limit: datasetsSize, State: r.Query.Get("state"), After: r.Query.Get("after")}
	v.State = field{Name: "state", Kind: "select", Options: []option{{Value: "any"}}}
	for _, s := range draftStates {
		v.State.Options = append(v.State.Options, option{Value: s, Chosen: s == f.State})
	}
	if f.State == "any" {
		f.State = ""
	}
	if at, err := time.Parse(time.RFC3339Nano, r.Query.Get("before")); err == nil && f.After != "" {
		f.Before = at
	} else {
		f.After = ""
	}
	all, total, err := d.law.DeskDrafts(r.Context(), &r.Actor, f)
	if err != nil {
		return nil, err
	}
	names, err := d.agencyNames(r.Context(), r.Lang, nil)
	if err != nil {
		return nil, err
	}
	v.Total = total
	for i := range all {
		v.Rows = append(v.Rows, d.draftRowOf(r, &all[i], names))
	}
	if n := len(all); n == datasetsSize {
		v.Next = "/" + r.Lang + pathDrafts + "?" + url.Values{"state": {f.State}, "before": {all[n-1].Updated.Format(time.RFC3339Nano)}, "after": {all[n-1].ID}}.Encode()
	}
	return v, nil
}

func (d *Desk) draftRowOf(r *site.Request, dr *consultation.Draft, names []agencyName) draftRow {
	row := draftRow{
		Title: draftName(r, dr), URL: "/" + r.Lang + deskDraftPath(dr), Agency: nameOf(names, dr.Agency), State: dr.State,
		Updated: dr.Updated, Source: dr.Source != "",
	}
	if dr.Visible() {
		row.Stage = dr.Stage(d.Store.Now())
		row.Class = stageClasses[row.Stage]
		if row.Stage == consultation.Open {
			row.Closes = dr.Closes
		}
	}
	return row
}

func (d *Desk) newDraftForm(r *site.Request) (*formView, error) {
	names, err := d.agenciesToEdit(r)
	if err != nil {
		return nil, err
	}
	v := &formView{page: page{frame(r, "desk.drafts.new")}, Lead: r.Text("desk.drafts.new.lead"), Note: r.Text("desk.new.note")}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.drafts.title"), URL: "/" + r.Lang + pathDrafts})
	v.Form = form{Submit: "desk.new.submit", Fields: []field{
		{Name: "draft_fa", Kind: "text", Lang: "fa"},
		{Name: "draft_en", Kind: "text", Lang: "en", Optional: true},
		{Name: "regulation", Kind: "select", Options: kindOptions(r, "")},
		{Name: "agency", Kind: "select", Options: placeOptions(names, false)},
	}}
	return v, nil
}

// kindOptions are the kinds of drafts to choose from, and the one that is
// chosen.
func kindOptions(r *site.Request, kind string) []option {
	all := []option{{Value: "none", Label: r.Text("desk.draft.kind.none")}}
	for _, k := range consultation.Kinds {
		all = append(all, option{Value: k, Label: r.Text("draft.kind." + k), Chosen: k == kind})
	}
	return all
}

func (d *Desk) newDraft(_ *site.Site, r *site.Request) (site.View, error) { return d.newDraftForm(r) }

func (d *Desk) doNewDraft(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.newDraftForm(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	made := consultation.Draft{Agency: r.Form.Get("agency"), Title: texts(&v.Form, "draft"), Kind: chosen(&v.Form, "regulation")}
	var dr consultation.Draft
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		dr, err = consultation.CreateDraft(tx, &r.Actor, made)
		return err
	})
	if err == nil {
		return nil, moved(r, deskDraftPath(&dr)+"/text")
	}
	return stay(v, &v.Form, denied(r, &v.Form, "agency", inField(err, "title", "draft_fa")))
}
