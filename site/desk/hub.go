package desk

import (
	"errors"
	"net/url"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"
)

// A hubView is a dataset at the desk: the steps to its publication, and how far
// each is.
type hubView struct {
	page
	acts     // what can be done to the whole
	Dataset  *catalog.DeskDataset
	Steps    []step
	Score    int
	Files    []fileRow
	Uploads  []uploadRow
	Public   string // address of its public page
	ReadOnly string // why nothing can be changed: key of its text
}

// A step is a page of the wizard and how far it is.
type step struct {
	Key   string
	URL   string
	State string // done, part, todo, wait
	Text  string
}

// A fileRow is a file of a dataset.
type fileRow struct {
	Name   string
	URL    string
	Format string
	Size   int64
	Rows   int64
	Waits  bool   // to be published
	Fault  string // why it has no table
	Said   []catalog.Said
	Faults int64 // in its rows
}

// An uploadRow is a file that is being read, or could not be taken in.
type uploadRow struct {
	Name, URL, State string
}

func (d *Desk) hubPage(r *site.Request) (*hubView, error) {
	ds, err := d.one(r)
	if err != nil {
		return nil, err
	}
	v := &hubView{page: page{datasetFrame(r, ds, "desk.hub.kicker")}, Dataset: ds}
	v.Title = title(r, ds)
	uploads, err := d.Store.Uploads(r.Context(), ds.ID)
	if err != nil {
		return nil, err
	}
	for _, u := range uploads {
		v.Uploads = append(v.Uploads, uploadRow{u.File.Name, "/" + r.Lang + uploadPath(&u), u.State})
	}
	v.Files = fileRows(r, ds)
	pv := ds.Preview()
	assessed, err := d.Store.Assess(r.Context(), &pv)
	if err != nil {
		return nil, err
	}
	v.Score = assessed.Points
	if ds.Public() {
		v.Public = "/" + r.Lang + "/datasets/" + ds.Slug
	}
	switch {
	case ds.Source != "":
		v.ReadOnly = "desk.hub.harvested"
	case ds.State == catalog.Withdrawn:
		v.ReadOnly = "desk.hub.withdrawn"
	case !r.Actor.Can(catalog.Edit, ds.Agency):
		v.ReadOnly = "desk.hub.viewer"
	default:
		v.Steps = steps(r, ds, &pv, len(uploads), v.Score)
		v.Forms = hubForms(r, ds)
	}
	return v, nil
}

// fileRows are the files of a dataset, not the tables in them.
func fileRows(r *site.Request, ds *catalog.DeskDataset) []fileRow {
	var all []fileRow
	pv := ds.Preview()
	for i := range pv.Resources {
		res := &pv.Resources[i]
		if res.PartOf != "" {
			continue
		}
		row := fileRow{Name: res.Label(r.Lang), URL: "/" + r.Lang + filePath(ds, res.ID), Format: res.Format, Size: res.Size, Waits: ds.PendingOf(res.ID) != nil, Fault: res.FetchFault, Said: res.FetchSaid}
		for _, t := range tablesOf(&pv, res) {
			row.Rows += t.Edition.Rows
			row.Faults += t.Edition.FaultsN
		}
		all = append(all, row)
	}
	return all
}

// tablesOf are the tables of a resource: itself, or those in its file.
func tablesOf(pv *catalog.Dataset, res *catalog.Resource) []*catalog.Resource {
	var all []*catalog.Resource
	for _, t := range pv.Tables() {
		if t.ID == res.ID || t.PartOf == res.ID {
			all = append(all, t)
		}
	}
	return all
}

// steps are the pages of the wizard for a dataset that may be changed.
func steps(r *site.Request, ds *catalog.DeskDataset, pv *catalog.Dataset, uploads, score int) []step {
	files, columns, described := 0, 0, 0
	first := ""
	for i := range pv.Resources {
		if res := &pv.Resources[i]; res.PartOf == "" {
			files++
			if tables := tablesOf(pv, res); len(tables) > 0 && first == "" {
				first = res.ID
			}
		}
	}
	for _, t := range pv.Tables() {
		for i := range t.Edition.Schema {
			columns++
			if text := pv.ColumnText(t, t.Edition.Schema[i].Name); !text.Empty() {
				described++
			}
		}
	}
	base := "/" + r.Lang + datasetPath(ds)
	all := []step{
		{Key: "file", URL: base + "/file", State: reached(files, 1), Text: r.Text("desk.step.file.n", "n", files)},
		{Key: "columns", URL: base + "/files/" + url.PathEscape(first) + "/columns", State: reached(described, columns), Text: r.Text("desk.step.columns.n", "n", described, "of", columns)},
		{Key: "about", URL: base + "/about", State: reached(score, 100), Text: r.Text("desk.step.about.n", "n", score)},
		{Key: "preview", URL: base + "/preview"},
		{Key: "publish", URL: base + "/publish", State: "todo"},
	}
	if uploads > 0 {
		all[0].State = "wait"
	}
	if first == "" {
		all[1].URL, all[1].State, all[1].Text = "", "", r.Text("desk.step.columns.none")
	}
	if len(pv.Resources) == 0 {
		all[3].URL, all[4].URL = "", ""
		all[3].Text, all[4].Text, all[4].State = r.Text("desk.step.nofile"), r.Text("desk.step.nofile"), ""
		return all
	}
	last := &all[4]
	switch {
	case !ds.PublishAt.IsZero():
		last.State, last.Text = "wait", r.Text("desk.step.publish.at")
	case ds.Public() && ds.Waiting == 0:
		last.State, last.Text, last.URL = "done", r.Text("desk.step.publish.done"), ""
	case ds.Public():
		last.Text = r.Text("desk.step.publish.waiting", "n", ds.Waiting)
	}
	return all
}

// reached says how far n is on the way to of.
func reached(n, of int) string {
	switch {
	case n <= 0 || of == 0:
		return "todo"
	case n < of:
		return "part"
	default:
		return "done"
	}
}

// hubForms are what can be done to the whole dataset.
func hubForms(r *site.Request, ds *catalog.DeskDataset) []form {
	var all []form
	hidden := revisionField(ds)
	if !ds.PublishAt.IsZero() && r.Actor.Can(catalog.Publish, ds.Agency) {
		all = append(all, form{Do: "unschedule", Submit: "desk.unschedule.submit", Fields: []field{hidden}})
	}
	if ds.Faults > 0 {
		all = append(all, form{Do: "seen", Submit: "desk.seen.submit", Fields: []field{hidden}})
	}
	if ds.New() {
		all = append(all, form{Do: "discard", Submit: "desk.discard.submit", Fields: []field{hidden, {Name: "sure", Kind: "checks", Options: []option{{Value: "discard"}}}}})
	}
	if ds.Public() && r.Actor.Can(catalog.Publish, ds.Agency) {
		all = append(all, form{Do: "retire", Submit: "desk.retire.submit", Fields: []field{hidden, {Name: "reason", Kind: "textarea", Short: true}}})
	}
	return all
}

func (d *Desk) hub(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.hubPage)
}

func (d *Desk) doHub(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.hubPage)
	if err != nil {
		return nil, err
	}
	to, err := d.doWhole(r, v.Dataset, f)
	if err == nil {
		return nil, moved(r, to)
	}
	return stay(v, f, d.refusedWrite(r, f, err, newly(r, d.hubPage, f)))
}

// doWhole does to the whole dataset what the form says, and returns where to go
// on.
func (d *Desk) doWhole(r *site.Request, ds *catalog.DeskDataset, f *form) (to string, err error) {
	revision, reason := revisionOf(r), f.typed("reason")
	if f.Do != "discard" && f.Do != "seen" {
		if err := d.freshForm(r, datasetPath(ds)); err != nil {
			return "", err
		}
	} else if f.Do == "discard" && len(r.Form["sure"]) == 0 {
		return "", &catalog.InvalidError{Field: "sure", Reason: r.Text("desk.wrong.sure")}
	}
	to = datasetPath(ds)
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		switch f.Do {
		case "unschedule":
			_, err = tx.Unschedule(&r.Actor, ds.ID, revision)
		case "seen":
			_, err = tx.SeeFaults(&r.Actor, ds.ID, revision)
		case "discard":
			to = pathDatasets
			err = tx.DiscardDataset(&r.Actor, ds.ID, revision)
		default:
			_, err = tx.Retire(&r.Actor, ds.ID, revision, reason)
		}
		return err
	})
	return to, err
}

// refusedWrite makes of an error of a write what the form says, with what
// somebody else stored meanwhile, as now has it, beside what was typed.
func (d *Desk) refusedWrite(r *site.Request, f *form, err error, now func() (*form, error)) error {
	var stale *catalog.StaleError
	var conflict *catalog.ConflictError
	switch {
	case errors.As(err, &stale):
		stored, err := now()
		if err == nil {
			f.conflict(r, stored)
		}
		return err
	case errors.As(err, &conflict):
		text := conflict.Reason
		if key := "conflict." + conflict.Code; r.Has(key) {
			text = r.Text(key)
		}
		f.wrong("", text)
		return nil
	case errors.Is(err, catalog.ErrDenied):
		f.wrong("", r.Text("desk.wrong.role.now"))
		return nil
	}
	return f.refuse(r, err)
}
