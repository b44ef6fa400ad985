package desk

import (
	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"
)

// A sourceView is a source at the desk: how it is, its runs, and what can be
// done to it.
type sourceView struct {
	page
	acts
	Source     *catalog.Source
	Is         string // how it is, see catalog.Source.Standing
	Kind       string
	Agency     string
	Licence    string
	When       string // when it is harvested
	Runs       []runRow
	EditURL    string
	PublicURL  string
	Registered bool
	Saved      bool
}

// A runRow is a run in the list of its source.
type runRow struct {
	URL string
	catalog.Run
}

// shownRuns is how many runs of a source its page lists.
const shownRuns = 20

func (d *Desk) sourcePage(r *site.Request) (*sourceView, error) {
	src, err := d.oneSource(r)
	if err != nil {
		return nil, err
	}
	v := &sourceView{
		page: page{sourceFrame(r, src, "desk.source.kicker")}, Source: src, Kind: r.Text("kind." + src.Kind), When: r.Schedule(src), Is: src.Standing(),
		PublicURL: "/" + r.Lang + "/sources/" + src.Slug, Registered: r.Query.Has("registered"), Saved: r.Query.Has("saved"),
	}
	v.Title = sourceName(r, src)
	names, err := d.agencyNames(r.Context(), r.Lang, nil)
	if err != nil {
		return nil, err
	}
	v.Agency = nameOf(names, src.Agency)
	for _, o := range licenceOptions(r, src.Licence) {
		if o.Chosen {
			v.Licence = o.Label
		}
	}
	runs, err := d.Store.Runs(r.Context(), src.ID, shownRuns)
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		v.Runs = append(v.Runs, runRow{"/" + r.Lang + runPath(src, run.ID), run})
	}
	if src.State == catalog.Published {
		v.EditURL = "/" + r.Lang + sourcePath(src) + "/edit"
	}
	v.Forms = sourceForms(r, src)
	return v, nil
}

// sourceForms are what can be done to a source.
func sourceForms(r *site.Request, src *catalog.Source) []form {
	hidden := sourceRevision(src)
	if src.State != catalog.Published {
		return []form{{Do: "revive", Submit: "desk.source.revive", Fields: []field{hidden}}}
	}
	retire := form{Do: "retire-source", Submit: "desk.source.retire", Fields: []field{hidden, {Name: "reason", Kind: "textarea", Short: true}}}
	if src.Datasets+src.Drafts > 0 && r.Actor.Can(catalog.Publish, src.Agency) {
		retire.Fields = append(retire.Fields, field{Name: "whole", Kind: "checks", Options: []option{{Value: "whole"}}})
	}
	return []form{{Do: "try", Submit: "desk.source.try"}, {Do: "ask", Submit: "desk.source.ask"}, retire}
}

func (d *Desk) source(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.sourcePage)
}

func (d *Desk) doSource(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.sourcePage)
	if err != nil {
		return nil, err
	}
	to, err := d.doToSource(r, v.Source, f)
	if err == nil {
		return nil, moved(r, to)
	}
	return stay(v, f, d.refusedSource(r, f, err, func() (*form, error) {
		now, err := d.sourcePage(r)
		if err != nil {
			return nil, err
		}
		return &form{Fields: []field{sourceRevision(now.Source)}}, nil
	}))
}

// doToSource does what the form says and returns where to go on.
func (d *Desk) doToSource(r *site.Request, src *catalog.Source, f *form) (to string, err error) {
	switch f.Do {
	case "try", "ask":
		return d.askFor(r, src, f.Do == "try")
	case "revive":
		if err = d.freshForm(r, sourcePath(src)); err == nil {
			err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return tx.ReviveSource(&r.Actor, src.ID, revisionOf(r)) })
		}
		return sourcePath(src) + "?saved=1", err
	}
	if err = d.freshForm(r, sourcePath(src)); err != nil {
		return "", err
	}
	whole := f.field("whole") != nil && oneChosen(f.field("whole").Options)
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		_, err := tx.RetireSourceBy(&r.Actor, src.ID, revisionOf(r), whole, f.typed("reason"))
		return err
	})
	if err == nil && d.Harvest.Forget != nil {
		err = d.Harvest.Forget(src.ID)
	}
	return sourcePath(src), err
}
