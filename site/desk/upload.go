package desk

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// An uploadView is the page where a file is given.
type uploadView struct {
	page
	Form  form
	For   string // name of the resource that gets a new file
	ID    string // of it
	Files []fileRow
}

func uploadPath(u *catalog.Upload) string {
	return pathDatasets + "/" + u.Dataset + "/uploads/" + u.ID
}

// editable is one, for who may change the dataset.
func (d *Desk) editable(r *site.Request) (*catalog.DeskDataset, error) {
	ds, err := d.one(r)
	switch {
	case errors.Is(err, catalog.ErrNotFound):
		return nil, r.KeepTyped(fiber.StatusNotFound, "desk.kept.role", site.Link{}, err)
	case err != nil:
		return nil, err
	case !r.Actor.Can(catalog.Edit, ds.Agency):
		return nil, r.KeepTyped(fiber.StatusForbidden, "desk.kept.role", site.Link{}, catalog.ErrDenied)
	case ds.Source != "" || ds.State == catalog.Withdrawn:
		return nil, moved(r, datasetPath(ds))
	}
	return ds, nil
}

func (d *Desk) uploadPage(r *site.Request) (*uploadView, *catalog.DeskDataset, error) {
	ds, err := d.editable(r)
	if err != nil {
		return nil, nil, err
	}
	v := &uploadView{page: page{datasetFrame(r, ds, "desk.upload.title")}, Files: fileRows(r, ds)}
	if res := ds.Resource(r.Query.Get("resource")); res != nil && res.PartOf == "" {
		v.For, v.ID = res.Label(r.Lang), res.ID
	}
	return v, ds, nil
}

func (d *Desk) upload(_ *site.Site, r *site.Request) (site.View, error) {
	v, _, err := d.uploadPage(r)
	return v, err
}

func (d *Desk) doUpload(_ *site.Site, r *site.Request) (site.View, error) {
	v, ds, err := d.uploadPage(r)
	if err != nil {
		return nil, err
	}
	u, err := d.take(r, ds, v.ID)
	if err == nil {
		return nil, moved(r, d.settled(r.Context(), &u))
	}
	return stay(v, &v.Form, refuseFile(r, &v.Form, err))
}

var errEmpty = errors.New("the file is empty")

// take keeps the file that comes with the request, to be read. One of the name
// of a file that is there is its new edition.
func (d *Desk) take(r *site.Request, ds *catalog.DeskDataset, resource string) (catalog.Upload, error) {
	file, err := r.Upload()
	if err != nil {
		return catalog.Upload{}, err
	}
	digest, size, err := d.Files.Put(r.Context(), file, site.MaxUpload)
	if err != nil {
		return catalog.Upload{}, err
	}
	if size == 0 {
		return catalog.Upload{}, errEmpty
	}
	for i := range ds.Resources {
		if res := &ds.Resources[i]; resource == "" && res.PartOf == "" && res.Identifier == file.Name {
			resource = res.ID
		}
	}
	u := catalog.Upload{
		Dataset: ds.ID, Resource: resource, Person: r.Actor.Person, State: catalog.UploadWaiting,
		File: catalog.File{Digest: digest, Name: file.Name, Size: size},
	}
	if resource != "" {
		h, err := d.Store.LastHow(r.Context(), ds, resource)
		if err != nil {
			return u, err
		}
		u.How = (&catalog.How{Options: h.Options}).Raw()
	}
	return u, d.enqueue(r.Context(), &u)
}

// refuseFile says why a file was not taken.
func refuseFile(r *site.Request, f *form, err error) error {
	var full *datasets.NoRoomError
	var invalid *catalog.InvalidError
	var key string
	switch {
	case errors.Is(err, errEmpty):
		key = "desk.upload.empty"
	case errors.Is(err, site.ErrTooLarge):
		key = "desk.upload.large"
	case errors.Is(err, io.ErrUnexpectedEOF):
		key = "desk.upload.cut"
	case errors.As(err, &full), errors.Is(err, catalog.ErrFull):
		key = "desk.upload.full"
	case errors.As(err, &invalid) && invalid.Field == "file":
		key = "desk.upload.none"
	case errors.As(err, &invalid):
		key = "desk.upload.name"
	default:
		return err
	}
	f.wrong("file", r.Text(key))
	return nil
}

// enqueue keeps an upload and has it read.
func (d *Desk) enqueue(ctx context.Context, u *catalog.Upload) error {
	if err := d.Store.Write(ctx, func(tx *catalog.Tx) error { return tx.PutUpload(u) }); err != nil {
		return err
	}
	d.reading.wake()
	return nil
}

// Most files are read in no time: for those nobody sees the page that waits.
const (
	patience = 2500 * time.Millisecond
	lookup   = 40 * time.Millisecond
)

// settled waits a little for an upload to be read, and returns the page to go
// on with.
func (d *Desk) settled(ctx context.Context, u *catalog.Upload) string {
	ticker, end := time.NewTicker(lookup), time.NewTimer(patience)
	defer ticker.Stop()
	defer end.Stop()
	for {
		select {
		case <-ctx.Done():
			return uploadPath(u)
		case <-end.C:
			return uploadPath(u)
		case <-ticker.C:
		}
		now, err := d.Store.Upload(ctx, u.Dataset, u.ID)
		if err != nil {
			return uploadPath(u)
		}
		if now.State != catalog.UploadWaiting {
			return afterUpload(&now)
		}
	}
}

// afterUpload is the page to go on with when an upload was read.
func afterUpload(u *catalog.Upload) string {
	if u.State == catalog.UploadDone {
		return pathDatasets + "/" + u.Dataset + "/files/" + u.Resource
	}
	return uploadPath(u)
}
