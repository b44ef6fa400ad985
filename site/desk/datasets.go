package desk

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// pathDatasets is where datasets are made; what belongs to one stands below it,
// behind its id.
const pathDatasets = pathHome + "/datasets"

// datasetRoutes are the pages of the wizard.
func (d *Desk) datasetRoutes() []site.Route {
	const one = pathDatasets + "/{id}"
	return []site.Route{
		{Path: pathAgencies, View: d.agencies, Act: d.doAgencies, Template: "desk_agencies"},
		{Path: pathDatasets, View: d.datasets, Template: "desk_datasets"},
		{Path: pathDatasets + "/new", View: d.newDataset, Act: d.doNewDataset, Template: "desk_form"},
		{Path: one, View: d.hub, Act: d.doHub, Template: "desk_hub"},
		{Path: one + "/file", View: d.upload, Act: d.doUpload, Upload: true, Budget: site.BudgetUploads, Template: "desk_upload"},
		{Path: one + "/uploads/{upload}", View: d.reads, Act: d.doReads, Template: "desk_reads"},
		{Path: one + "/files/{resource}", View: d.file, Act: d.doFile, Template: "desk_file"},
		{Path: one + "/files/{resource}/columns", View: d.columns, Act: d.doColumns, Template: "desk_columns"},
		{Path: one + "/files/{resource}/budget", View: d.budget, Act: d.doBudget, Template: "desk_budget"},
		{Path: one + "/files/{resource}/faults", View: d.faults, Template: "desk_file"},
		{Path: one + "/files/{resource}/changes", View: d.changes, Template: "edition_diff"},
		{Path: one + "/about", View: d.about, Act: d.doAbout, Template: "desk_about"},
		{Path: one + "/preview", View: d.preview, Template: "dataset"},
		{Path: one + "/publish", View: d.publishing, Act: d.doPublish, Template: "desk_publish"},
	}
}

// A datasetsView is the list of what is made at the desk.
type datasetsView struct {
	page
	Query string
	State field
	Rows  []datasetRow
	Total int64
	New   bool   // may make one
	Next  string // address of older ones
}

// A datasetRow is a dataset in the list.
type datasetRow struct {
	Title   string
	URL     string
	Agency  string
	State   string
	At      time.Time // when it is published
	Waiting int       // files
	Updated time.Time
}

// datasetsSize is how many datasets a page of the list has.
const datasetsSize = 50

// deskStates are the states by which the list can be narrowed.
var deskStates = []string{catalog.Drafted, catalog.Scheduled, catalog.Published, catalog.Retired}

func (d *Desk) datasets(_ *site.Site, r *site.Request) (site.View, error) {
	v := &datasetsView{page: page{frame(r, "desk.datasets.title")}, Query: strings.TrimSpace(r.Query.Get("q")), New: some(&r.Actor, catalog.Edit)}
	f := catalog.DeskFilter{ByHand: true, Limit: datasetsSize, State: r.Query.Get("state"), After: r.Query.Get("after")}
	v.State = field{Name: "state", Kind: "select", Options: []option{{Value: "any"}}}
	for _, s := range deskStates {
		v.State.Options = append(v.State.Options, option{Value: s, Chosen: s == f.State})
	}
	if f.State == "any" {
		f.State = ""
	}
	if f.After != "" {
		at, err := time.Parse(time.RFC3339Nano, r.Query.Get("before"))
		if err != nil {
			f.After = ""
		}
		f.Before = at
	}
	if v.Query != "" { // titles are looked through here: what people make by hand is not much
		f.Limit, f.After = 0, ""
	}
	all, total, err := d.Store.DeskDatasets(r.Context(), &r.Actor, f)
	if err != nil {
		return nil, err
	}
	names, err := d.agencyNames(r.Context(), r.Lang, nil)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if matches(&all[i], v.Query) {
			v.Rows = append(v.Rows, datasetRowOf(r, &all[i], names))
		}
	}
	if v.Total = total; v.Query != "" {
		v.Total = int64(len(v.Rows))
	} else if n := len(all); n == datasetsSize {
		v.Next = "/" + r.Lang + pathDatasets + "?" + url.Values{"state": {f.State}, "before": {all[n-1].Updated.Format(time.RFC3339Nano)}, "after": {all[n-1].ID}}.Encode()
	}
	return v, nil
}

func datasetRowOf(r *site.Request, d *catalog.DeskDataset, names []agencyName) datasetRow {
	return datasetRow{
		Title: title(r, d), URL: "/" + r.Lang + datasetPath(d), State: d.State, At: d.PublishAt, Waiting: d.Waiting, Updated: d.Updated,
		Agency: nameOf(names, d.Agency),
	}
}

// matches reports whether a title of d has every word of the query.
func matches(d *catalog.DeskDataset, query string) bool {
	text := persian.Fold(d.Title["fa"] + " " + d.Title["en"])
	for word := range strings.FieldsSeq(persian.Fold(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// title is what a dataset is called in the language of the request.
func title(r *site.Request, d *catalog.DeskDataset) string {
	name, _ := d.Title.In(r.Lang)
	return name
}

func datasetPath(d *catalog.DeskDataset) string { return pathDatasets + "/" + d.ID }

// one returns the dataset that the address names.
func (d *Desk) one(r *site.Request) (*catalog.DeskDataset, error) {
	ds, err := d.Store.DeskDataset(r.Context(), &r.Actor, r.Param("id"))
	return &ds, err
}

// datasetFrame is the frame of a page of a dataset.
func datasetFrame(r *site.Request, d *catalog.DeskDataset, key string) site.Frame {
	f := frame(r, key)
	f.Title += " — " + title(r, d)
	f.Crumbs = append(f.Crumbs, site.Link{Text: r.Text("desk.datasets.title"), URL: "/" + r.Lang + pathDatasets})
	if r.Path != datasetPath(d) {
		f.Crumbs = append(f.Crumbs, site.Link{Text: title(r, d), URL: "/" + r.Lang + datasetPath(d)})
	}
	return f
}

// moved is the answer that the form did what it says: on to a page of the desk.
func moved(r *site.Request, path string) error { return site.Moved("/" + r.Lang + path) }

func (d *Desk) newForm(r *site.Request) (*formView, error) {
	names, err := d.agenciesToEdit(r)
	if err != nil {
		return nil, err
	}
	v := &formView{page: page{frame(r, "desk.new.title")}, Lead: r.Text("desk.new.lead"), Note: r.Text("desk.new.note")}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.datasets.title"), URL: "/" + r.Lang + pathDatasets})
	v.Form = form{Submit: "desk.new.submit", Fields: []field{
		{Name: "title_fa", Kind: "text", Lang: "fa"},
		{Name: "title_en", Kind: "text", Lang: "en", Optional: true},
		{Name: "agency", Kind: "select", Options: placeOptions(names, false)},
	}}
	return v, nil
}

func (d *Desk) newDataset(_ *site.Site, r *site.Request) (site.View, error) { return d.newForm(r) }

func (d *Desk) doNewDataset(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.newForm(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	made := catalog.Dataset{Agency: r.Form.Get("agency"), Title: texts(&v.Form, "title")}
	var ds catalog.DeskDataset
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		ds, err = tx.CreateDataset(&r.Actor, made, "")
		return err
	})
	if err == nil {
		return nil, moved(r, datasetPath(&ds))
	}
	return stay(v, &v.Form, denied(r, &v.Form, "agency", inField(err, "title", "title_fa")))
}

// texts are the texts in both languages that stand in fields of the form.
func texts(f *form, name string) catalog.Text {
	t := catalog.Text{}
	for _, lang := range catalog.Languages {
		if s := persian.Clean(f.typed(name + "_" + lang)); s != "" {
			t[lang] = s
		}
	}
	return t
}

// inField names the field of the form that a fault of the catalogue's is of.
func inField(err error, theirs, ours string) error {
	var invalid *catalog.InvalidError
	if errors.As(err, &invalid) && invalid.Field == theirs {
		return &catalog.InvalidError{Field: ours, Reason: invalid.Reason}
	}
	return err
}
