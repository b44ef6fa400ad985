package desk

import (
	"errors"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A readsView is an upload that is being read, could not be taken in, or would
// lose something.
type readsView struct {
	page
	Name    string
	Size    int64
	State   string
	Rows    int64 // read so far
	Fault   string
	Losses  []loss
	BackURL string // to where the file is chosen, or its columns
	SelfURL string
}

// refreshEvery is how many seconds later the page of a file that is being read
// is asked for again.
const refreshEvery = 3

// shownFaults is how many faults of a table a page shows.
const shownFaults = 50

func (d *Desk) readsPage(r *site.Request) (*readsView, *catalog.Upload, error) {
	ds, err := d.editable(r)
	if err != nil {
		return nil, nil, err
	}
	u, err := d.Store.Upload(r.Context(), ds.ID, r.Param("upload"))
	if err != nil {
		return nil, nil, err
	}
	v := &readsView{
		page: page{datasetFrame(r, ds, "desk.reads.title")}, Name: u.File.Name, Size: u.File.Size, State: u.State,
		Rows: d.reading.rows(u.ID), SelfURL: "/" + r.Lang + r.Path, BackURL: "/" + r.Lang + datasetPath(ds) + "/file",
	}
	if v.Fault = u.Fault; r.Has(u.Fault) {
		v.Fault = r.Text(u.Fault)
	}
	switch u.State {
	case catalog.UploadWaiting:
		v.Refresh = refreshEvery
	case catalog.UploadAsking:
		v.BackURL = "/" + r.Lang + filePath(ds, u.Resource)
		im := u.Imported
		if im == nil {
			im = &datasets.Imported{}
		}
		v.Losses = losses(readBefore(ds, &u), im)
		slices.SortFunc(v.Losses, func(a, b loss) int { return int(b.Rows - a.Rows) })
		for i := range v.Losses {
			l := &v.Losses[i]
			l.Faults = l.Faults[:min(len(l.Faults), shownFaults)]
		}
	}
	return v, &u, nil
}

func (d *Desk) reads(_ *site.Site, r *site.Request) (site.View, error) {
	v, u, err := d.readsPage(r)
	if err == nil && u.State == catalog.UploadDone {
		return nil, moved(r, afterUpload(u))
	}
	return v, err
}

func (d *Desk) doReads(_ *site.Site, r *site.Request) (site.View, error) {
	v, u, err := d.readsPage(r)
	if err != nil {
		return nil, err
	}
	back := pathDatasets + "/" + u.Dataset + "/file"
	if u.State == catalog.UploadAsking {
		back = pathDatasets + "/" + u.Dataset + "/files/" + u.Resource
	}
	switch do := r.Form.Get("do"); {
	case do == "drop" && u.State != catalog.UploadDone:
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return tx.DropUpload(u.ID) })
	case do == "again" && u.State == catalog.UploadFailed:
		u.State, u.Fault = catalog.UploadWaiting, ""
		if err = d.enqueue(r.Context(), u); err == nil {
			back = d.settled(r.Context(), u)
		}
	case do == "keep" && u.State == catalog.UploadAsking && u.Imported != nil:
		err = d.keep(r.Context(), &r.Actor, u, u.Imported)
	}
	var conflict *catalog.ConflictError
	if errors.As(err, &conflict) {
		v.State, v.Fault, v.Status = catalog.UploadFailed, conflict.Reason, fiber.StatusConflict
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, moved(r, back)
}
