package main

import (
	"maps"
	"strings"

	"github.com/openshafaf/shafaf/site"
)

// sourceOf is an address of a source, which is there for those alone who look
// after it: of another agency, for operators.
func sourceOf(own, operator string) matrixLine {
	other := "303 404 404 404 404 404 " + operator
	return matrixLine{own, other, own, other}
}

// matrix is the table of TestMatrix.
func matrix() map[string]matrixLine {
	all := map[string]matrixLine{
		// the desk, by session
		"GET /en/desk":              every(signedIn),
		"GET /en/desk/sign-in":      every("200 303 303 303 303 303 303"),
		"POST /en/desk/sign-in":     every("422 422 422 422 422 422 422"),
		"GET /en/desk/join/{link}":  every("404 404 404 404 404 404 404"),
		"POST /en/desk/join/{link}": every("404 404 404 404 404 404 404"),
		"GET /en/desk/sign-out":     every(signedIn),
		"POST /en/desk/sign-out":    every("303 303 303 303 303 303 303"),
		"GET /en/desk/confirm":      every(signedIn),
		"POST /en/desk/confirm":     every("303 422 422 422 422 422 422"),
		"GET /en/desk/account":      every(signedIn),
		"POST /en/desk/account":     every("303 303 303 303 303 303 303"),
		"GET /en/desk/people":       every("303 404 404 404 404 200 200"),
		"POST /en/desk/people":      every("303 404 404 404 404 422 422"),
		"GET /en/desk/log":          every("303 404 404 404 404 200 200"),
		"GET /en/desk/mail":         every("303 404 404 404 404 404 200"),
		"POST /en/desk/mail":        every("303 404 404 404 404 404 400"),

		// how the portal shows itself, by session
		"GET /en/desk/settings":             every("303 404 404 404 404 404 200"),
		"POST /en/desk/settings":            every("303 404 404 404 404 404 400"),
		"GET /en/desk/settings/periods":     every("303 404 404 404 404 404 200"),
		"POST /en/desk/settings/periods":    every("303 404 404 404 404 404 303"),
		"GET /en/desk/settings/money":       every("303 404 404 404 404 404 200"),
		"POST /en/desk/settings/money":      every("303 404 404 404 404 404 303"),
		"GET /en/desk/settings/flags":       every("303 404 404 404 404 404 200"),
		"POST /en/desk/settings/flags":      every("303 404 404 404 404 404 422"),
		"GET /en/desk/settings/indicators":  every("303 404 404 404 404 404 200"),
		"POST /en/desk/settings/indicators": every("303 404 404 404 404 404 422"),
		"GET /en/desk/calendar":             every("303 404 404 404 200 200 200"),
		"POST /en/desk/calendar":            every("303 404 404 404 400 400 400"),
		"GET /en/desk/calendar/{document}":  every("303 404 404 404 404 404 404"),
		"POST /en/desk/calendar/{document}": every("303 404 404 404 404 404 404"),
		"GET /en/desk/settings/emblem":      every("303 404 404 404 404 404 200"),
		"POST /en/desk/settings/emblem":     every("303 404 404 404 404 404 422"),

		// sources, by session
		"GET /en/desk/sources":                  every("303 404 404 404 200 200 200"),
		"GET /en/desk/sources/new":              every("303 403 403 403 200 200 200"),
		"POST /en/desk/sources/new":             every("303 403 403 403 422 422 422"),
		"GET /en/desk/sources/{id}":             sourceOf("303 404 404 404 200 200 200", "200"),
		"POST /en/desk/sources/{id}":            sourceOf("303 404 404 404 400 400 400", "400"),
		"GET /en/desk/sources/{id}/edit":        sourceOf("303 404 404 404 200 200 200", "200"),
		"POST /en/desk/sources/{id}/edit":       sourceOf("303 404 404 404 422 422 422", "422"),
		"GET /en/desk/sources/{id}/runs/{run}":  sourceOf("303 404 404 404 200 200 200", "200"),
		"POST /en/desk/sources/{id}/runs/{run}": sourceOf("303 404 404 404 400 400 400", "400"),

		// the wizard, by session
		"GET /en/desk/agencies":                                every("303 404 404 404 404 404 200"),
		"GET /en/desk/datasets":                                every("303 200 200 200 200 200 200"),
		"GET /en/desk/datasets/new":                            every("303 403 200 403 200 200 200"),
		"GET /en/desk/datasets/{id}":                           {"303 200 200 200 200 200 200", "303 404 404 404 404 404 200", "303 200 200 200 200 200 200", "303 404 404 404 404 404 200"},
		"GET /en/desk/datasets/{id}/about":                     {"303 403 200 403 200 200 200", "303 404 404 404 404 404 200", "303 403 200 403 200 200 200", "303 404 404 404 404 404 200"},
		"GET /en/desk/datasets/{id}/file":                      {"303 403 200 403 200 200 200", "303 404 404 404 404 404 200", "303 403 200 403 200 200 200", "303 404 404 404 404 404 200"},
		"GET /en/desk/datasets/{id}/files/{resource}":          {"303 403 200 403 200 200 200", "303 404 404 404 404 404 200", "303 403 200 403 200 200 200", "303 404 404 404 404 404 200"},
		"GET /en/desk/datasets/{id}/files/{resource}/budget":   {"303 403 200 403 200 200 200", "303 404 404 404 404 404 200", "303 403 200 403 200 200 200", "303 404 404 404 404 404 200"},
		"POST /en/desk/datasets/{id}/files/{resource}/budget":  {"303 403 400 403 400 400 400", "303 404 404 404 404 404 400", "303 403 400 403 400 400 400", "303 404 404 404 404 404 400"},
		"GET /en/desk/datasets/{id}/files/{resource}/changes":  {"303 403 404 403 404 404 404", "303 404 404 404 404 404 404", "303 403 404 403 404 404 404", "303 404 404 404 404 404 404"},
		"GET /en/desk/datasets/{id}/files/{resource}/columns":  {"303 403 200 403 200 200 200", "303 404 404 404 404 404 200", "303 403 200 403 200 200 200", "303 404 404 404 404 404 200"},
		"GET /en/desk/datasets/{id}/files/{resource}/faults":   {"303 403 200 403 200 200 200", "303 404 404 404 404 404 200", "303 403 200 403 200 200 200", "303 404 404 404 404 404 200"},
		"GET /en/desk/datasets/{id}/preview":                   {"303 200 200 200 200 200 200", "303 404 404 404 404 404 200", "303 200 200 200 200 200 200", "303 404 404 404 404 404 200"},
		"GET /en/desk/datasets/{id}/publish":                   {"303 403 200 403 200 200 200", "303 404 404 404 404 404 200", "303 403 200 403 200 200 200", "303 404 404 404 404 404 200"},
		"GET /en/desk/datasets/{id}/uploads/{upload}":          {"303 403 404 403 404 404 404", "303 404 404 404 404 404 404", "303 403 404 403 404 404 404", "303 404 404 404 404 404 404"},
		"POST /en/desk/agencies":                               every("303 404 404 404 404 404 422"),
		"POST /en/desk/datasets/new":                           every("303 403 422 403 422 422 422"),
		"POST /en/desk/datasets/{id}":                          {"303 400 400 400 400 400 400", "303 404 404 404 404 404 400", "303 400 400 400 400 400 400", "303 404 404 404 404 404 400"},
		"POST /en/desk/datasets/{id}/about":                    {"303 403 409 403 409 409 409", "303 404 404 404 404 404 409", "303 403 422 403 409 409 409", "303 404 404 404 404 404 409"},
		"POST /en/desk/datasets/{id}/file":                     {"303 403 422 403 422 422 422", "303 404 404 404 404 404 422", "303 403 422 403 422 422 422", "303 404 404 404 404 404 422"},
		"POST /en/desk/datasets/{id}/files/{resource}":         {"303 403 400 403 400 400 400", "303 404 404 404 404 404 400", "303 403 400 403 400 400 400", "303 404 404 404 404 404 400"},
		"POST /en/desk/datasets/{id}/files/{resource}/columns": {"303 403 409 403 409 409 409", "303 404 404 404 404 404 409", "303 403 409 403 409 409 409", "303 404 404 404 404 404 409"},
		"POST /en/desk/datasets/{id}/publish":                  {"303 403 422 403 409 409 409", "303 404 404 404 404 404 409", "303 403 422 403 409 409 409", "303 404 404 404 404 404 409"},
		"POST /en/desk/datasets/{id}/uploads/{upload}":         {"303 403 404 403 404 404 404", "303 404 404 404 404 404 404", "303 403 404 403 404 404 404", "303 404 404 404 404 404 404"},

		// filings: of an agency, which nobody handed in yet
		"GET /en/desk/filings":                                every(signedIn),
		"GET /en/desk/filings/{agency}/{indicator}/{period}":  {signedIn, "303 404 404 404 404 404 200", signedIn, "303 404 404 404 404 404 200"},
		"POST /en/desk/filings/{agency}/{indicator}/{period}": {"303 400 400 400 400 400 400", "303 404 404 404 404 404 400", "303 400 400 400 400 400 400", "303 404 404 404 404 404 400"},

		"POST /api/v1/filings":                every("401 403 403 403 422 422 422"),
		"POST /api/v1/filings/{id}/objection": every("401 404 404 404 404 404 404"),

		// questions: at the desk, and without an account
		"GET /en/desk/questions":                 every(signedIn),
		"GET /en/desk/questions/{question}":      {signedIn, "303 404 404 404 404 404 200", signedIn, "303 404 404 404 404 404 200"},
		"POST /en/desk/questions/{question}":     {"303 400 400 400 400 400 400", "303 404 404 404 404 404 400", "303 400 400 400 400 400 400", "303 404 404 404 404 404 400"},
		"POST /en/datasets/{slug}/ask":           every(open),
		"POST /en/agencies/{slug}/ask":           every(open),
		"POST /en/receipt":                       every(open),
		"POST /en/receipt/{code}":                every(open),
		"POST /en/questions/{id}/confirm/{word}": every(open),

		// comments on drafts, without an account
		"POST /en/drafts/{slug}/comment":        every(open),
		"POST /en/receipts/comment/{code}":      every(open),
		"POST /en/comments/{id}/confirm/{word}": every(open),
		"POST /en/drafts/{slug}/follow":         every(open),
		"POST /en/follow/{id}/{word}":           every(open),
		"POST /en/verify":                       every(open),
		"POST /api/v1/drafts/{slug}/comments":   every(open),
		"POST /api/v1/verify":                   every(open),

		// programs, by token
		"POST /api/v1/datasets":                                every("401 403 201 403 201 201 201"),
		"GET /api/v1/desk/datasets":                            every("401 200 200 200 200 200 200"),
		"GET /api/v1/datasets/{slug}":                          {"404 200 200 200 200 200 200", "404 404 404 404 404 404 200", "200 200 200 200 200 200 200", "200 200 200 200 200 200 200"},
		"PATCH /api/v1/datasets/{slug}":                        changes(mayEdit, mayPublish),
		"DELETE /api/v1/datasets/{slug}":                       changes(mayEdit, mayEdit),
		"POST /api/v1/datasets/{slug}/resources":               changes(mayEdit, mayEdit),
		"PATCH /api/v1/datasets/{slug}/resources/{id}":         changes(mayEdit, mayEdit),
		"DELETE /api/v1/datasets/{slug}/resources/{id}":        changes(mayEdit, mayEdit),
		"PUT /api/v1/datasets/{slug}/resources/{id}/file":      changes(mayEdit, mayEdit),
		"DELETE /api/v1/datasets/{slug}/resources/{id}/file":   changes(mayEdit, mayEdit),
		"PATCH /api/v1/datasets/{slug}/resources/{id}/columns": changes(mayEdit, mayEdit),
		"POST /api/v1/datasets/{slug}/publish":                 changes(mayPublish, mayPublish),
		"POST /api/v1/datasets/{slug}/unschedule":              changes(mayPublish, mayPublish),
		"POST /api/v1/datasets/{slug}/retire":                  changes(mayPublish, mayPublish),
	}
	maps.Copy(all, draftLines())
	maps.Copy(all, draftPrograms())
	for _, r := range site.Routes() {
		path := strings.TrimSuffix(r.Path, "/")
		if r.Serve != nil {
			all["GET "+r.Path] = every(open)
			continue
		}
		if r.Template != "" {
			all["GET /en"+path] = every(open)
		}
		if _, ok := all["GET /api/v1"+path]; !ok && !r.PageOnly {
			all["GET /api/v1"+path] = every(open)
		}
	}
	return all
}
