package site

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/search"
)

// An openParam is a parameter as programs know it.
type openParam struct {
	schema  jsonSchema
	many    bool // it may be given several times
	example string
}

func oneOf(values ...string) openParam {
	return openParam{schema: jsonSchema{Type: "string", Enum: values}}
}
func anyText() openParam { return openParam{schema: jsonSchema{Type: "string"}} }

func integers(from, to int64) openParam {
	return openParam{schema: jsonSchema{Type: "integer", Minimum: &from, Maximum: &to}}
}

// switches are parameters that are 0 or 1.
func switches() openParam { return oneOf("0", "1") }

// openParams are the types of the documented parameters, by name.
func openParams() map[string]openParam {
	repeated := func(p openParam) openParam { p.many = true; return p }
	return map[string]openParam{
		paramQuery: {schema: jsonSchema{Type: "string"}, example: "population"},
		"agency":   repeated(anyText()), "theme": repeated(anyText()), "format": repeated(anyText()), "licence": repeated(anyText()),
		paramFrom: integers(1, 9999), paramTo: integers(1, 9999),
		paramPage: integers(1, search.MaxPaged), paramSize: integers(1, datasets.MaxSize), paramAfter: anyText(), paramLimit: integers(1, search.MaxSuggested), paramOrder: anyText(),
		paramResource: orNone(uuidPattern), paramEdition: orNone(digestPattern), paramWith: orNone(digestPattern),
		paramRaw: switches(), paramEscape: switches(), paramBOM: switches(),
		paramIn:     oneOf(append([]string{""}, search.Kinds()...)...),
		paramLang:   oneOf(append([]string{""}, catalog.Languages...)...),
		paramLabels: oneOf(catalog.Languages...),
		paramNoun:   oneOf(removalNouns...), paramReason: oneOf("missing", "deleted", "takedown", "source"),
		paramSource: anyText(), paramRun: anyText(), paramDataset: anyText(), paramState: oneOf(append([]string{""}, questionStates...)...),
		paramVersion: integers(1, 9999), paramA: integers(1, 9999), paramB: integers(1, 9999), paramAt: anyText(), paramReply: orNone(uuidPattern), paramCluster: integers(1, maxCluster),
		paramPeriod: anyText(),
		paramBuyer:  anyText(), paramSupplier: anyText(), paramCurrency: anyText(), paramMethod: oneOf(append([]string{""}, methodCodes()...)...),
		paramStage: oneOf(append([]string{""}, ocds.Stages...)...), paramFlag: oneOf(append([]string{""}, flagKeys()...)...), paramRole: oneOf(append([]string{""}, ocds.Roles...)...),
		paramBy: oneOf(append([]string{""}, fiscal.Trees[:]...)...), paramDirection: oneOf("", string(fiscal.Expenditure), string(fiscal.Revenue)), paramPer: oneOf("", perHead),
		paramKind: oneOf(append([]string{""}, consultation.CommentKinds...)...), paramProvenance: oneOf(append([]string{""}, provenances...)...),
	}
}

const (
	uuidPattern   = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
	digestPattern = "[0-9a-f]{64}"
)

// orNone are parameters of a pattern, or empty: forms send these, and they are
// as good as none.
func orNone(pattern string) openParam {
	return openParam{schema: jsonSchema{Type: "string", Pattern: "^(" + pattern + ")?$"}}
}

// openOrders are the orders of lists, by the address of the list: the one
// parameter that means another thing at each. Forms send an empty one, which
// is as good as none.
func openOrders() map[string][]string {
	return map[string][]string{
		"/datasets": {"", "relevance", "newest", "title"}, "/agencies": {"", "name", "-name", "datasets", "-datasets", "score", "-score"},
		"/feeds/search.atom": {"", "relevance", "newest", "title"},
	}
}

// pathParam is the parameter in an address that stands in braces.
func pathParam(path, name string) jsonSchema {
	switch name {
	case "id":
		if strings.HasPrefix(path, indicatorsPath+"/") {
			return jsonSchema{Type: "string", Pattern: "^[A-Za-z0-9-]{1,20}$"}
		}
		return jsonSchema{Type: "string", Format: "uuid"}
	case "cluster":
		return integers(1, maxCluster).schema
	case "version":
		from := int64(1)
		return jsonSchema{Type: "integer", Minimum: &from}
	case "digest":
		return jsonSchema{Type: "string", Pattern: "^" + digestPattern + "$"}
	case "ext":
		return jsonSchema{Type: "string", Enum: extensions(path)}
	case "year":
		return jsonSchema{Type: "string", Pattern: "^[0-9]{4}(-[0-9]{2,4})?$"}
	case "path":
		return jsonSchema{Type: "string"}
	}
	if strings.Contains(path, "/resources/{id}") { // any: the id alone says which, and the answer leads to the right one
		return jsonSchema{Type: "string"}
	}
	return jsonSchema{Type: "string", Pattern: "^[a-z0-9-]{2,90}$"}
}

// extensions are the endings that an address may have.
func extensions(path string) []string {
	var all []string
	switch {
	case strings.HasSuffix(path, "/chart.{ext}"):
		for _, f := range chartFiles {
			all = append(all, f.ext)
		}
	case strings.HasSuffix(path, "/map.{ext}"):
		for _, f := range mapFiles {
			all = append(all, f.ext)
		}
	default:
		for _, f := range exporters.Formats() {
			all = append(all, f.Ext)
		}
	}
	return all
}

// An openAnswer is what an address answers: JSON of the type of a value, files
// of some media types, or both.
type openAnswer struct {
	of    any
	media []string
}

// view is the answer of a route with a page: what its view has for the API.
func viewAnswer(v View) openAnswer { return openAnswer{of: v.JSON()} }

// openAnswers are the answers of the documented addresses.
func openAnswers() map[string]openAnswer {
	atom := openAnswer{media: []string{"application/atom+xml"}}
	files := openAnswer{media: []string{"*/*"}}
	return map[string]openAnswer{
		"/": viewAnswer(new(homeView)), "/datasets": viewAnswer(new(searchView)), "/datasets/{slug}": viewAnswer(new(datasetView)),
		"/datasets/{slug}/table": viewAnswer(new(tableView)), "/datasets/{slug}/chart": viewAnswer(new(chartView)),
		"/datasets/{slug}/map": viewAnswer(new(mapView)), "/datasets/{slug}/columns": viewAnswer(new(columnsView)), "/datasets/{slug}/api": viewAnswer(new(apiView)),
		"/datasets/{slug}/resources/{id}":          viewAnswer(new(resourceView)),
		"/datasets/{slug}/resources/{id}/editions": viewAnswer(new(editionsView)), "/datasets/{slug}/resources/{id}/editions/{digest}": viewAnswer(new(editionView)),
		"/datasets/{slug}/resources/{id}/editions/{digest}/diff": viewAnswer(new(diffView)),
		"/agencies": viewAnswer(new(agenciesView)), "/agencies/{slug}": viewAnswer(new(agencyView)),
		"/sources": viewAnswer(new(sourcesView)), "/sources/{slug}": viewAnswer(new(sourceView)), "/sources/{slug}/runs/{id}": viewAnswer(new(runView)),
		"/removed": viewAnswer(new(removedView)), "/log": viewAnswer(new(logView)), "/licences": viewAnswer(new(licencesView)), "/developers": viewAnswer(new(developersView)),
		apiPrefix + "/datasets/{slug}/resources/{id}/rows":                   {of: rowsShape{}},
		apiPrefix + "/datasets/{slug}/resources/{id}/editions/{digest}/rows": {of: rowsShape{}},
		"/questions": viewAnswer(new(questionsView)), "/questions/{id}": viewAnswer(new(questionView)),
		"/datasets/{slug}/questions": viewAnswer(new(questionsView)), "/agencies/{slug}/questions": viewAnswer(new(questionsView)),
		"/search":     viewAnswer(new(findView)),
		pathSuggest:   viewAnswer(new(suggestView)),
		contractsPath: viewAnswer(new(contractsView)), "/contracts/{slug}": viewAnswer(new(contractView)), contractFlagsPath: viewAnswer(new(contractFlagsView)),
		contractPartiesPath: viewAnswer(new(contractPartiesView)), "/contracts/parties/{slug}": viewAnswer(new(contractPartyView)),
		"/contracts.{ext}": tableFiles(), "/contracts/parties.{ext}": tableFiles(), "/contracts/flags.{ext}": tableFiles(),
		"/contracts/{slug}/record.json": {media: []string{"application/json"}},
		"/drafts":                       viewAnswer(new(draftsView)), "/drafts/{slug}": viewAnswer(new(draftView)), "/drafts/{slug}/comments": viewAnswer(new(draftCommentsView)),
		"/drafts/{slug}/comment": viewAnswer(new(sayView)), "/comments/{id}": viewAnswer(new(commentView)), "/drafts/{slug}/compare": viewAnswer(new(compareView)), "/drafts/{slug}/heard": viewAnswer(new(heardView)), pathVerify: viewAnswer(new(verifyView)), "/feeds/drafts.atom": atom,
		"/drafts.ics": {media: []string{"text/calendar"}}, "/drafts/{slug}.ics": {media: []string{"text/calendar"}}, "/drafts/{slug}.sqlite": {media: []string{"application/vnd.sqlite3"}}, "/drafts/{slug}/files/{id}": files,
		"/drafts/{slug}/comments.{ext}": tableFiles(), "/drafts/{slug}/answers.{ext}": tableFiles(), "/drafts/{slug}/influence.{ext}": tableFiles(),
		indicatorsPath: viewAnswer(new(indicatorsView)), leaguePath: viewAnswer(new(leagueView)), latePath: viewAnswer(new(lateView)), "/indicators/sets/{version}": viewAnswer(new(setView)),
		"/indicators/{id}": viewAnswer(new(indicatorView)), "/filings/{id}": viewAnswer(new(filingView)), "/agencies/{slug}/scores": viewAnswer(new(scoresView)),
		"/indicators.{ext}": tableFiles(), "/indicators/league.{ext}": tableFiles(), "/indicators/late.{ext}": tableFiles(), "/indicators/{id}.{ext}": tableFiles(), "/agencies/{slug}/scores.{ext}": tableFiles(),
		"/badges/indicators/{slug}.svg": {media: []string{"image/svg+xml"}}, "/badges/quality/{slug}.svg": {media: []string{"image/svg+xml"}},
		qualityPath: viewAnswer(new(qualityView)), qualityRowsPath: viewAnswer(new(qualityRowsView)), qualityLinksPath: viewAnswer(new(qualityLinksView)), "/datasets/{slug}/quality": viewAnswer(new(datasetQualityView)),
		"/quality.{ext}": tableFiles(), "/quality/datasets.{ext}": tableFiles(), "/quality/links.{ext}": tableFiles(),
		spendingPath: viewAnswer(new(spendingView)), spendingPath + "/{year}": viewAnswer(new(spendingView)), spendingPath + "/{year}/{path}": viewAnswer(new(spendingView)),
		budgetsPath: viewAnswer(new(budgetsView)), budgetPath("{slug}"): viewAnswer(new(budgetView)), budgetPath("{slug}") + "/lines": {of: rowsShape{}}, budgetPath("{slug}") + "/lines.{ext}": tableFiles(),
		outturnPath: viewAnswer(new(outturnView)), outturnPath + ".{ext}": tableFiles(), calendarPath: viewAnswer(new(calendarView)),
		spendingPath + "/{year}.{ext}": tableFiles(), spendingPath + "/{year}/{path}.{ext}": tableFiles(),
		"/healthz": {of: health{}}, "/readyz": {of: health{}}, "/data.json": {of: map[string]any{}}, "/openapi.json": {of: map[string]any{}},
		"/catalog.sqlite":  {media: []string{"application/vnd.sqlite3"}},
		"/log/heads.jsonl": {media: []string{"application/jsonl"}}, "/feeds/new.atom": atom, "/feeds/changed.atom": atom, "/feeds/search.atom": atom, "/feeds/removed.atom": atom, "/feeds/questions.atom": atom,
		"/datasets/{slug}/resources/{id}.{ext}": tableFiles(), "/datasets/{slug}/resources/{id}/editions/{digest}.{ext}": tableFiles(),
		"/datasets/{slug}/resources/{id}/editions/{digest}/diff.{ext}": tableFiles(),
		"/datasets/{slug}/resources/{id}/file":                         files, "/datasets/{slug}/resources/{id}/editions/{digest}/file": files,
		"/datasets/{slug}/resources/{id}/chart.{ext}": {media: []string{"image/svg+xml", "image/png", "text/csv"}},
		"/datasets/{slug}/resources/{id}/map.{ext}":   {media: []string{"image/svg+xml", "image/png", "text/csv"}},
	}
}

// A rowsShape is a page of rows as serveRows writes it.
type rowsShape struct {
	Total   int64            `json:"total"`
	Next    string           `json:"next,omitempty"`
	Edition string           `json:"edition"`
	Columns datasets.Schema  `json:"columns"`
	Results []map[string]any `json:"results"`
}

func tableFiles() openAnswer {
	var a openAnswer
	for _, f := range exporters.Formats() {
		kind, _, _ := strings.Cut(f.MediaType, ";")
		a.media = append(a.media, strings.TrimSpace(kind))
	}
	return a
}

// failures are the statuses that any address may answer, as Problem.
var failures = []int{400, 404, 405, 410, 422, 500, 503}

// failuresOf are those that the address of a route may answer.
func failuresOf(route *Route, a openAnswer) []int {
	all := slices.Clone(failures)
	if !route.Free {
		all = append(all, 429)
	}
	if len(a.media) > 0 {
		all = append(all, 406, 412, 416, 507)
	}
	return all
}

func statusName(n int) string { return strconv.Itoa(n) }
