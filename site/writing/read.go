package writing

import (
	"cmp"
	"errors"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// read answers a dataset as those see it who prepare it. What the actor may not
// see so is the public's to answer: what there is not, and what is hidden, are
// told apart by nothing.
func (a *API) read(_ *site.Site, r *site.Request) (site.View, error) {
	d, err := a.Store.DeskDataset(r.Context(), &r.Actor, r.Param("slug"))
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, site.ErrElsewhere
	}
	if err != nil {
		return nil, err
	}
	agency, err := a.Store.Agency(r.Context(), d.Agency)
	if err != nil {
		return nil, err
	}
	v := site.NewAnswer(fiber.StatusOK, a.shape(&d, &agency))
	v.Tag = tag(d.Revision)
	return v, nil
}

// listSize is how many datasets a page of the list has.
const listSize = 100

// list answers the datasets of the actor's agencies, those first that changed
// last, without their resources.
func (a *API) list(_ *site.Site, r *site.Request) (site.View, error) {
	f, err := a.filterAsked(r, func(key string) (time.Time, string, error) {
		d, err := a.Store.DeskDataset(r.Context(), &r.Actor, key)
		return d.Updated, d.ID, err
	})
	if err != nil {
		return nil, err
	}
	all, total, err := a.Store.DeskDatasets(r.Context(), &r.Actor, f)
	if err != nil {
		return nil, err
	}
	agencies, err := a.agencies(r)
	if err != nil {
		return nil, err
	}
	out := site.List[Dataset]{Total: total, Results: []Dataset{}}
	for i := range all {
		out.Results = append(out.Results, a.shape(&all[i], agencies(all[i].Agency)))
	}
	if len(all) == listSize {
		out.Next = a.nextPage(r, pathDatasets, all[len(all)-1].ID)
	}
	return site.NewAnswer(fiber.StatusOK, out), nil
}

// filterAsked reads which things a list is asked for. find tells when the one
// with a key changed last, and its id.
func (a *API) filterAsked(r *site.Request, find func(key string) (changed time.Time, id string, err error)) (f catalog.DeskFilter, err error) {
	f = catalog.DeskFilter{State: r.Query.Get("state"), Limit: listSize}
	if after := r.Query.Get("_after"); after != "" {
		if f.Before, f.After, err = find(after); err != nil {
			return f, r.Refuse(fiber.StatusUnprocessableEntity, "_after", "write.after")
		}
	}
	f.Agency, err = a.agencyAsked(r)
	return f, err
}

// agencyAsked is the id of the agency that a list is asked of, empty for all.
func (a *API) agencyAsked(r *site.Request) (string, error) {
	slug := r.Query.Get("agency")
	if slug == "" {
		return "", nil
	}
	agency, err := a.Store.Agency(r.Context(), slug)
	return agency.ID, err
}

// agencies finds agencies by their ids.
func (a *API) agencies(r *site.Request) (func(id string) *catalog.Agency, error) {
	all, err := a.Store.Agencies(r.Context())
	byID := map[string]*catalog.Agency{}
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	return func(id string) *catalog.Agency { return cmp.Or(byID[id], &catalog.Agency{ID: id}) }, err
}

// nextPage is the address of what follows the thing with the id in a list.
func (a *API) nextPage(r *site.Request, path, id string) string {
	r.Query.Set("_after", id)
	return a.BaseURL + apiRoot + "/desk" + path + "?" + r.Query.Encode()
}
