package writing

import (
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// allowed asks, before a file is taken in, whether the actor may give one to the
// dataset as it is. The write asks again.
func (a *API) allowed(r *site.Request, at int64) error {
	key := r.Param("slug")
	d, err := a.Store.DeskDataset(r.Context(), &r.Actor, key)
	if err != nil {
		return a.denied(r, key, err)
	}
	if !r.Actor.Can(catalog.Edit, d.Agency) {
		return fmt.Errorf("dataset %q: %w", key, catalog.ErrDenied)
	}
	if id := r.Param("id"); id != "" && d.Resource(id) == nil {
		return fmt.Errorf("resource %q: %w", id, catalog.ErrNotFound)
	}
	if at != catalog.AnyRevision && at != d.Revision && r.Header(site.HeaderOnce) == "" { // with a key it may have been done
		return &catalog.StaleError{Given: at, Current: d.Revision}
	}
	return nil
}

// denied tells a dataset that everybody sees from one that is not there.
func (a *API) denied(r *site.Request, key string, hidden error) error {
	if _, err := a.Store.Dataset(r.Context(), key); err == nil {
		return fmt.Errorf("dataset %q: %w", key, catalog.ErrDenied)
	}
	return hidden
}

// file takes in the file that comes with a request, and reads it.
func (a *API) file(r *site.Request, o datasets.Options) (q request, g catalog.Given, err error) {
	up, err := r.Upload()
	if err != nil {
		return q, g, err
	}
	g.File.Name = up.Name
	if g.File.Digest, g.File.Size, err = a.Files.Put(r.Context(), up, site.MaxUpload); err != nil {
		return q, g, err
	}
	if g.File.Size == 0 {
		return q, g, &catalog.InvalidError{Field: "file", Reason: "the file is empty"}
	}
	if q, err = asked(r, []byte(g.File.Digest+" "+g.File.Name)); err != nil {
		return q, g, err
	}
	if before, err := a.answeredBefore(r, q); before != nil || err != nil {
		return q, g, err // it need not be read again
	}
	g.Imported, err = datasets.Import(r.Context(), a.Files, g.File.Digest, g.File.Name, datasets.ImportOptions{Options: o})
	return q, g, err
}

func (a *API) addFile(_ *site.Site, r *site.Request) (site.View, error) {
	return a.take(r, false, fiber.StatusCreated, func(tx *catalog.Tx, at int64, g catalog.Given) (catalog.DeskDataset, error) {
		d, _, err := tx.AddFile(&r.Actor, r.Param("slug"), at, g)
		return d, err
	})
}

func (a *API) replaceFile(_ *site.Site, r *site.Request) (site.View, error) {
	return a.take(r, true, fiber.StatusOK, func(tx *catalog.Tx, at int64, g catalog.Given) (catalog.DeskDataset, error) {
		d, _, err := tx.ReplaceFile(&r.Actor, r.Param("slug"), at, r.Param("id"), g)
		if err != nil {
			return d, err
		}
		return d, given(tx, r, &d, r.Param("id"), &g)
	})
}

// take takes a file in and lets write give it to the dataset.
func (a *API) take(r *site.Request, match bool, status int, write func(*catalog.Tx, int64, catalog.Given) (catalog.DeskDataset, error)) (site.View, error) {
	at, err := revision(r, match)
	if err != nil {
		return nil, err
	}
	if err := a.allowed(r, at); err != nil {
		return nil, err
	}
	h, err := a.lastHow(r)
	if err != nil {
		return nil, err
	}
	q, g, err := a.file(r, h.Options)
	if err != nil {
		return nil, err
	}
	if len(h.Options.Columns) > 0 || h.Options.Encoding != "" || h.Options.Delimiter != "" || h.Options.HeaderRow != 0 {
		g.How = (&catalog.How{Options: h.Options}).Raw()
	}
	return a.do(r, q, status, func(tx *catalog.Tx) (catalog.DeskDataset, error) { return write(tx, at, g) })
}

// lastHow is how the file of the resource that the address names was read last:
// its next edition is read likewise.
func (a *API) lastHow(r *site.Request) (catalog.How, error) {
	id := r.Param("id")
	if id == "" {
		return catalog.How{}, nil
	}
	d, err := a.Store.DeskDataset(r.Context(), &r.Actor, r.Param("slug"))
	if err != nil {
		return catalog.How{}, err
	}
	return a.Store.LastHow(r.Context(), &d, id)
}
