package desk

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A changesView is what a text changes, what becomes of the comments on the text
// before, and which of them caused what.
type changesView struct {
	page
	Draft    *consultation.Draft
	Version  *consultation.Version
	Before   *consultation.Version
	Rows     []changedRow
	Sourced  int // changes with a cause
	Other    int // changes of words
	Verdicts []verdictCount
	Lost     []lostRow
	Cut      bool
	Form     *form // to publish; nil when it is public
	Edit     string
	Preview  string
}

// A changedRow is a change with what caused it.
type changedRow struct {
	site.DraftChange
	ID       string
	Causes   []causeRow
	CauseURL string // where one is noted
}

// A causeRow is a comment or a cluster that caused a change.
type causeRow struct {
	consultation.Influence
	Name  string
	URL   string // where it is read
	Class string
	Drop  form
}

// A verdictCount is how many comments come to stand in one way.
type verdictCount struct {
	Verdict string
	N       int64
}

// A lostRow is a comment of whose place something is gone.
type lostRow struct {
	consultation.Placing
	URL, From, To string
}

var verdictClasses = map[string]string{
	consultation.Adopted: "ok", consultation.Partly: "warn", consultation.Rejected: "bad", consultation.Noted: "idle",
}

// textVerdicts are what can become of a comment in a new text, in their order.
var textVerdicts = []string{"kept", "moved", "changed", "removed"}

// changed returns a text that is not the first, the one before, and their draft,
// for who notes why it was changed.
func (d *Desk) changed(r *site.Request) (dr *consultation.Draft, before, v *consultation.Version, err error) {
	if dr, err = d.draftTo(r, catalog.Edit); err != nil {
		return nil, nil, nil, err
	}
	all, err := d.law.DeskVersions(r.Context(), &r.Actor, dr.ID)
	if err != nil {
		return nil, nil, nil, err
	}
	i := slices.IndexFunc(all, func(one consultation.Version) bool { return one.ID == r.Param("version") })
	if i < 1 {
		return nil, nil, nil, catalog.NotFound(consultation.NounVersion, r.Param("version"))
	}
	if all[i].State == catalog.Published && !r.Actor.Can(catalog.Publish, dr.Agency) {
		return nil, nil, nil, r.KeepTyped(fiber.StatusForbidden, "desk.kept.role", site.Link{}, catalog.ErrDenied)
	}
	return dr, &all[i-1], &all[i], nil
}

func (d *Desk) changesPage(s *site.Site, r *site.Request) (*changesView, error) {
	dr, before, version, err := d.changed(r)
	if err != nil {
		return nil, err
	}
	v := &changesView{page: page{draftFrame(r, dr, "desk.step.draft.changes")}, Draft: dr, Version: version, Before: before}
	cmp, err := d.law.Compare(r.Context(), before, version)
	if err != nil {
		return nil, err
	}
	causes, err := d.law.DeskInfluences(r.Context(), &r.Actor, dr.ID, version.ID)
	if err != nil {
		return nil, err
	}
	here := "/" + r.Lang + textPath(version)
	for _, change := range s.DraftChanges(r, cmp, version.Lang) {
		row := changedRow{DraftChange: change, ID: change.Address, CauseURL: here + "/cause?at=" + change.Address}
		for i := range causes {
			if causes[i].Address == change.Address {
				one, err := d.causeRow(r, dr, &causes[i])
				if err != nil {
					return nil, err
				}
				row.Causes = append(row.Causes, one)
			}
		}
		if change.Other {
			v.Other++
			if len(row.Causes) > 0 {
				v.Sourced++
			}
		}
		v.Rows = append(v.Rows, row)
	}
	if version.State == catalog.Published {
		figures, err := d.law.PlacedFigures(r.Context(), version.ID)
		v.count(figures)
		return v, err
	}
	v.Edit, v.Preview = here, here+"/preview"
	if r.Actor.Can(catalog.Publish, dr.Agency) && dr.Visible() {
		v.Form = &form{Do: "publish", Submit: "desk.draft.version.submit", Fields: []field{hiddenRevision(dr.Revision)}}
	}
	return v, d.foresee(s, r, v, cmp)
}

func (v *changesView) count(figures map[string]int64) {
	for _, verdict := range textVerdicts {
		v.Verdicts = append(v.Verdicts, verdictCount{verdict, figures[verdict]})
	}
}

// foresee adds what becomes of the comments on earlier texts.
func (d *Desk) foresee(s *site.Site, r *site.Request, v *changesView, cmp *consultation.Comparison) error {
	f, err := d.law.Foresee(r.Context(), &r.Actor, v.Draft.ID, v.Version)
	if err != nil {
		return err
	}
	v.count(f.Verdicts)
	v.Cut = f.Cut
	before, after := s.PlaceNames(r, cmp)
	for _, p := range f.Lost {
		row := lostRow{Placing: p, URL: "/" + r.Lang + pathComments + "/" + p.Comment, From: before[p.From], To: after[p.To]}
		if row.From == "" {
			row.From = p.From
		}
		v.Lost = append(v.Lost, row)
	}
	return nil
}

// causeRow is a cause as the page lists it.
func (d *Desk) causeRow(r *site.Request, dr *consultation.Draft, in *consultation.Influence) (causeRow, error) {
	row := causeRow{Influence: *in, Class: verdictClasses[in.Verdict]}
	row.Drop = form{Do: "drop", Submit: "desk.cause.drop", Fields: []field{{Name: "cause", Kind: "hidden", Value: in.ID}}}
	about := consultation.About{Comment: in.Comment, Cluster: in.Cluster}
	name, err := d.aboutName(r, about)
	row.Name, row.URL = name, "/"+r.Lang+replyPath(dr, about)
	return row, err
}

func (d *Desk) textChanges(s *site.Site, r *site.Request) (site.View, error) {
	return d.changesPage(s, r)
}

func (d *Desk) doTextChanges(s *site.Site, r *site.Request) (site.View, error) {
	v, err := d.changesPage(s, r)
	if err != nil {
		return nil, err
	}
	if r.Form.Get("do") == "drop" {
		err := d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			return consultation.RemoveInfluence(tx, &r.Actor, v.Draft.ID, r.Form.Get("cause"))
		})
		if err != nil {
			return nil, err
		}
		return nil, moved(r, textPath(v.Version)+"/changes")
	}
	if v.Form == nil || r.Form.Get("do") != v.Form.Do {
		return nil, fiber.ErrBadRequest
	}
	err = d.freshForm(r, textPath(v.Version)+"/changes")
	if err == nil {
		_, _, err = d.law.PublishVersion(r.Context(), &r.Actor, v.Draft.ID, revisionOf(r), v.Version.ID)
	}
	if err == nil {
		return nil, moved(r, deskDraftPath(v.Draft)+"?done=version")
	}
	return stay(v, v.Form, d.refusedWrite(r, v.Form, err, func() (*form, error) {
		now, err := d.changesPage(s, r)
		if err != nil || now.Form == nil {
			return v.Form, err
		}
		v.Rows, v.Verdicts, v.Lost = now.Rows, now.Verdicts, now.Lost
		return now.Form, nil
	}))
}
