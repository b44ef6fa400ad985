package writing

import (
	"errors"

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
	f := catalog.DeskFilter{State: r.Query.Get("state"), Limit: listSize}
	if after := r.Query.Get("_after"); after != "" {
		d, err := a.Store.DeskDataset(r.Context(), &r.Actor, after)
		if err != nil {
			return nil, r.Refuse(fiber.StatusUnprocessableEntity, "_after", "write.after")
		}
		f.Before, f.After = d.Updated, d.ID
	}
	if slug := r.Query.Get("agency"); slug != "" {
		agency, err := a.Store.Agency(r.Context(), slug)
		if err != nil {
			return nil, err
		}
		f.Agency = agency.ID
	}
	all, total, err := a.Store.DeskDatasets(r.Context(), &r.Actor, f)
	if err != nil {
		return nil, err
	}
	agencies, err := a.Store.Agencies(r.Context())
	if err != nil {
		return nil, err
	}
	byID := map[string]*catalog.Agency{}
	for i := range agencies {
		byID[agencies[i].ID] = &agencies[i]
	}
	out := site.List[Dataset]{Total: total, Results: []Dataset{}}
	for i := range all {
		agency := byID[all[i].Agency]
		if agency == nil {
			agency = &catalog.Agency{ID: all[i].Agency}
		}
		out.Results = append(out.Results, a.shape(&all[i], agency))
	}
	if len(all) == listSize {
		q := r.Query
		q.Set("_after", all[len(all)-1].ID)
		out.Next = a.BaseURL + "/api/v1/desk/datasets?" + q.Encode()
	}
	return site.NewAnswer(fiber.StatusOK, out), nil
}
