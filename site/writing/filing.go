package writing

import (
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

const (
	pathFilings = "/filings"
	apiFilings  = apiRoot + pathFilings
)

// A Handing is what an agency hands in for an indicator and a period.
type Handing struct {
	Agency    string       `json:"agency"` // slug or id
	Indicator string       `json:"indicator"`
	Period    string       `json:"period"`
	Statement catalog.Text `json:"statement,omitempty"` // the agency's own words about it
	Evidence  []Evidence   `json:"evidence"`
}

// An Evidence is one thing by which the agency shows that it published what is
// asked for.
type Evidence struct {
	Kind  string       `json:"kind"`            // dataset, resource, link or statement
	Thing string       `json:"thing,omitempty"` // id of the dataset or resource; of a dataset also its slug
	URL   string       `json:"url,omitempty"`   // of a link
	Text  catalog.Text `json:"text,omitempty"`  // of a statement
}

// A Filing is a filing as it was stored, with its revision.
type Filing struct {
	indicators.Filing
	Revision int64  `json:"revision"` // its ETag is "rREVISION"
	URL      string `json:"url"`      // of its page
}

// filingRoutes are what programs can do with filings.
func (a *API) filingRoutes() []site.Route {
	type handlers = map[string]site.Handler
	type docs = map[string]site.WriteDoc
	return []site.Route{
		{
			Path: pathFilings, Write: handlers{fiber.MethodPost: a.told(a.handIn)},
			Writes: docs{fiber.MethodPost: {Doc: "api.write.filing", Takes: Handing{}, Gives: Filing{}, Status: fiber.StatusCreated, Once: true}},
		},
		{
			Path: pathFilings + "/{id}/objection", Write: handlers{fiber.MethodPost: a.told(a.objectTo)},
			Writes: docs{fiber.MethodPost: {Doc: "api.write.filing.object", Takes: Reason{}, Gives: Filing{}, Status: fiber.StatusOK, Match: true, Once: true}},
		},
	}
}

// handIn hands evidence in: for the first time, or with If-Match in the place of
// what was handed in before.
func (a *API) handIn(_ *site.Site, r *site.Request) (site.View, error) {
	var in Handing
	q, err := taken(r, &in)
	if err != nil {
		return nil, err
	}
	at, err := revision(r, false)
	if err != nil {
		return nil, err
	}
	agency, err := a.agencyOf(r, in.Agency)
	if err != nil {
		return nil, err
	}
	return a.doFiling(r, q, fiber.StatusCreated, func(tx *catalog.Tx) (indicators.Filing, error) {
		h := indicators.Handing{Agency: agency.ID, Indicator: in.Indicator, Period: in.Period, Revision: at, Statement: in.Statement}
		for _, e := range in.Evidence {
			if e.Kind == indicators.EvidenceDataset {
				d, err := tx.Dataset(e.Thing)
				if err != nil && !errors.Is(err, catalog.ErrNotFound) {
					return indicators.Filing{}, err
				}
				if err == nil {
					e.Thing = d.ID
				}
			}
			h.Evidence = append(h.Evidence, indicators.Evidence{Kind: e.Kind, Thing: e.Thing, URL: e.URL, Text: e.Text})
		}
		return indicators.File(tx, &r.Actor, h)
	})
}

// objectTo objects to a rejection.
func (a *API) objectTo(_ *site.Site, r *site.Request) (site.View, error) {
	var in Reason
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	return a.doFiling(r, q, fiber.StatusOK, func(tx *catalog.Tx) (indicators.Filing, error) {
		return indicators.Object(tx, &r.Actor, r.Param("id"), at, in.Reason)
	})
}

// doFiling is do of a filing.
func (a *API) doFiling(r *site.Request, q request, status int, write func(tx *catalog.Tx) (indicators.Filing, error)) (site.View, error) {
	return a.once(r, q, apiFilings, func(tx *catalog.Tx) (catalog.Answered, error) {
		f, err := write(tx)
		if err != nil {
			return catalog.Answered{}, err
		}
		return told(status, f.ID, f.Revision, Filing{f, f.Revision, a.BaseURL + "/" + catalog.Languages[0] + pathFilings + "/" + f.ID})
	})
}
