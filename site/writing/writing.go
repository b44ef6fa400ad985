// Package writing is where programs publish: with a token they make datasets,
// give them files, publish and retire them, at the addresses of /api/v1 at which
// everybody reads them.
//
// What somebody may do is decided in the catalogue's own layer; here requests
// are read, and its answers told.
package writing

import (
	"embed"
	"errors"
	"io/fs"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

//go:embed texts
var files embed.FS

// An API lets programs write.
type API struct {
	Store    *catalog.Store
	Accounts *accounts.Accounts
	Files    *datasets.Files
	BaseURL  string // public address of the site, without a slash at its end

	law *consultation.Consultation
}

// Part returns the API as a part of the site.
func (a *API) Part() site.Part {
	texts, err := fs.Sub(files, "texts")
	if err != nil {
		panic(err)
	}
	a.law = consultation.New(a.Store)
	return site.Part{Routes: slices.Concat(a.routes(), a.draftRoutes(), a.textRoutes(), a.filingRoutes()), Texts: texts, Enter: a.enter}
}

const (
	apiRoot      = "/api/v1"
	pathDatasets = "/datasets"
	pathDrafts   = "/drafts"
	apiDatasets  = apiRoot + pathDatasets
	apiDrafts    = apiRoot + pathDrafts
	pathDataset  = pathDatasets + "/{slug}"
	pathResource = pathDataset + "/resources/{id}"
)

// routes are what programs can do.
func (a *API) routes() []site.Route {
	type handlers = map[string]site.Handler
	type docs = map[string]site.WriteDoc
	post := func(path, key string, do site.Handler, takes any) site.Route {
		return site.Route{
			Path: path, Write: handlers{fiber.MethodPost: a.told(do)},
			Writes: docs{fiber.MethodPost: {Doc: key, Takes: takes, Gives: Dataset{}, Status: fiber.StatusOK, Match: true, Once: true}},
		}
	}
	return []site.Route{
		{
			Path: pathDatasets, Write: handlers{fiber.MethodPost: a.told(a.create)},
			Writes: docs{fiber.MethodPost: {Doc: "api.write.create", Takes: Description{}, Gives: Dataset{}, Status: fiber.StatusCreated, Once: true}},
		},
		{
			Path: "/desk" + pathDatasets, Write: handlers{fiber.MethodGet: a.told(a.list)},
			Writes: docs{fiber.MethodGet: {Doc: "api.write.list", Gives: site.List[Dataset]{}, Status: fiber.StatusOK}},
		},
		{
			Path: pathDataset, Shared: true,
			Write: handlers{fiber.MethodGet: a.told(a.read), fiber.MethodPatch: a.told(a.update), fiber.MethodDelete: a.told(a.discard)},
			Writes: docs{
				fiber.MethodGet:    {Doc: "api.write.read", Gives: Dataset{}, Status: fiber.StatusOK},
				fiber.MethodPatch:  {Doc: "api.write.update", Takes: Description{}, Gives: Dataset{}, Status: fiber.StatusOK, Match: true, Once: true},
				fiber.MethodDelete: {Doc: "api.write.discard", Status: fiber.StatusNoContent, Match: true},
			},
		},
		{
			Path: pathDataset + "/resources", Upload: true, Budget: site.BudgetUploads, Write: handlers{fiber.MethodPost: a.told(a.addFile)},
			Writes: docs{fiber.MethodPost: {Doc: "api.write.add", File: true, Gives: Dataset{}, Status: fiber.StatusCreated, Once: true}},
		},
		{
			Path: pathResource, Write: handlers{fiber.MethodPatch: a.told(a.updateResource), fiber.MethodDelete: a.told(a.removeResource)},
			Writes: docs{
				fiber.MethodPatch:  {Doc: "api.write.resource", Takes: Words{}, Gives: Dataset{}, Status: fiber.StatusOK, Match: true, Once: true},
				fiber.MethodDelete: {Doc: "api.write.remove", Takes: Reason{}, Gives: Dataset{}, Status: fiber.StatusOK, Match: true, Once: true},
			},
		},
		{
			Path: pathResource + "/file", Upload: true, Budget: site.BudgetUploads,
			Write: handlers{fiber.MethodPut: a.told(a.replaceFile), fiber.MethodDelete: a.told(a.discardFile)},
			Writes: docs{
				fiber.MethodPut:    {Doc: "api.write.replace", File: true, Gives: Dataset{}, Status: fiber.StatusOK, Match: true, Once: true},
				fiber.MethodDelete: {Doc: "api.write.forget", Gives: Dataset{}, Status: fiber.StatusOK, Match: true, Once: true},
			},
		},
		{
			Path: pathResource + "/columns", Budget: site.BudgetUploads, Write: handlers{fiber.MethodPatch: a.told(a.reread)},
			Writes: docs{fiber.MethodPatch: {Doc: "api.write.columns", Takes: Reading{}, Gives: Dataset{}, Status: fiber.StatusOK, Match: true, Once: true}},
		},
		post(pathDataset+"/publish", "api.write.publish", a.publish, Moment{}),
		post(pathDataset+"/unschedule", "api.write.unschedule", a.unschedule, nil),
		post(pathDataset+"/retire", "api.write.retire", a.retire, Reason{}),
	}
}

// enter finds out whose token comes with the request. No cookie opens anything
// here, so that no page of another site can make a browser write.
func (a *API) enter(_ *site.Site, r *site.Request) error {
	if !r.Private() {
		return r.Refuse(fiber.StatusForbidden, "", "write.plain")
	}
	token := r.Bearer()
	if token == "" {
		r.SetHeader(fiber.HeaderWWWAuthenticate, `Bearer realm="shafaf"`)
		return r.Refuse(fiber.StatusUnauthorized, "", "write.token.missing")
	}
	actor, err := a.Accounts.Bearer(r.Context(), token)
	if errors.Is(err, accounts.ErrRefused) {
		r.SetHeader(fiber.HeaderWWWAuthenticate, `Bearer realm="shafaf", error="invalid_token"`)
		return r.Refuse(fiber.StatusUnauthorized, "", "write.token.wrong")
	}
	r.Actor = actor
	return err
}
