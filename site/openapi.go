package site

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// An openDocument describes the API for programs: OpenAPI 3.1. It is made of
// the table of routes and of the Go types of the answers.
type openDocument struct {
	OpenAPI    string                           `json:"openapi"`
	Info       openInfo                         `json:"info"`
	Servers    []openServer                     `json:"servers"`
	Paths      map[string]map[string]*operation `json:"paths"`
	Components openComponents                   `json:"components"`
}

type openInfo struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

type openServer struct {
	URL string `json:"url"`
}

type openComponents struct {
	Schemas   map[string]*jsonSchema  `json:"schemas"`
	Responses map[string]openResponse `json:"responses"`
	Security  map[string]openSecurity `json:"securitySchemes,omitempty"`
}

// An operation is what a method does at an address.
type operation struct {
	ID          string                  `json:"operationId"`
	Summary     string                  `json:"summary"`
	Description string                  `json:"description,omitempty"`
	Security    []map[string][]string   `json:"security,omitempty"`
	Parameters  []openParameter         `json:"parameters,omitempty"`
	Body        *openBody               `json:"requestBody,omitempty"`
	Responses   map[string]openResponse `json:"responses"`
}

type openParameter struct {
	Name        string      `json:"name"`
	In          string      `json:"in"`
	Description string      `json:"description,omitempty"`
	Required    bool        `json:"required,omitempty"`
	Style       string      `json:"style,omitempty"`
	Explode     bool        `json:"explode,omitempty"`
	Schema      *jsonSchema `json:"schema"`
	Example     any         `json:"example,omitempty"`
}

type openResponse struct {
	Ref         string                `json:"$ref,omitempty"`
	Description string                `json:"description,omitempty"`
	Headers     map[string]openHeader `json:"headers,omitempty"`
	Content     map[string]openMedia  `json:"content,omitempty"`
}

// An openHeader is a header that goes with a response.
type openHeader struct {
	Description string      `json:"description,omitempty"`
	Required    bool        `json:"required,omitempty"`
	Schema      *jsonSchema `json:"schema"`
}

type openMedia struct {
	Schema *jsonSchema `json:"schema,omitempty"`
}

// serveOpenAPI answers with the description of the API.
func (s *Site) serveOpenAPI(c *fiber.Ctx) error {
	sample, err := s.sample(c.UserContext())
	if err != nil {
		return err
	}
	return SendJSON(c, fiber.StatusOK, CacheRevalidate, s.openAPI(sample))
}

// openAPI describes the documented routes; examples are of what sample holds.
func (s *Site) openAPI(known sample) *openDocument {
	l := s.locales["en"]
	w := &schemaWriter{defined: map[string]*jsonSchema{}, types: map[string]reflect.Type{}}
	doc := &openDocument{
		OpenAPI: "3.1.0", Info: openInfo{Title: l.Text("site.name") + " — " + l.Text("openapi.title"), Version: cmp.Or(s.Version, "1"), Description: l.Text("openapi.description")},
		Servers: []openServer{{URL: s.baseURL()}}, Paths: map[string]map[string]*operation{},
	}
	problemSchema := w.of(reflect.TypeFor[Problem]())
	responses := map[string]openResponse{}
	for _, route := range append(Routes(), s.Routes...) {
		if route.Doc == "" {
			continue
		}
		answer := openAnswers()[route.Path]
		doc.Paths[openPath(&route)] = map[string]*operation{"get": l.operation(&route, answer, known, w)}
		l.describeFailures(responses, failuresOf(&route, answer), problemSchema)
		l.describeWrites(doc, &route, known, w)
	}
	l.describeFailures(responses, writeFailures, problemSchema)
	doc.Components = openComponents{Schemas: w.defined, Responses: responses}
	for _, p := range s.Parts {
		for i := range p.Routes {
			l.describeWrites(doc, &p.Routes[i], known, w)
		}
	}
	if len(s.Parts) > 0 {
		doc.Components.Security = map[string]openSecurity{securityName: {"http", "bearer", l.Text("openapi.token")}}
	}
	return doc
}

// describeFailures adds how what fails with these statuses is answered.
func (l *locale) describeFailures(into map[string]openResponse, statuses []int, problem *jsonSchema) {
	for _, status := range statuses {
		r := openResponse{Description: http.StatusText(status), Content: map[string]openMedia{problemType: {Schema: problem}}}
		if status == http.StatusTooManyRequests {
			least := int64(1)
			r.Description = l.Text("openapi.limited")
			r.Headers = map[string]openHeader{fiber.HeaderRetryAfter: {l.Text("openapi.retry"), true, &jsonSchema{Type: "integer", Minimum: &least}}}
		}
		into[statusName(status)] = r
	}
}

// openPath is the address of a documented route.
func openPath(route *Route) string {
	if route.Serve != nil {
		return route.Path
	}
	return apiPrefix + strings.TrimSuffix(route.Path, "/")
}

// braces finds the parameters of an address.
var braces = regexp.MustCompile(`\{(\w+)\}`)

func (l *locale) operation(route *Route, answer openAnswer, known sample, w *schemaWriter) *operation {
	o := &operation{ID: strings.ReplaceAll(strings.TrimPrefix(route.Doc, "api."), ".", "_"), Summary: l.Text(route.Doc)}
	values := known.pathValues(route)
	for _, m := range braces.FindAllStringSubmatch(route.Path, -1) {
		schema := pathParam(route.Path, m[1])
		p := openParameter{Name: m[1], In: "path", Required: true, Schema: &schema}
		if v := values[m[1]]; v != "" {
			p.Example = v
		}
		o.Parameters = append(o.Parameters, p)
	}
	types := openParams()
	for _, p := range route.Params {
		if strings.ContainsAny(p.Name, ", ") {
			continue // several in one line, for people
		}
		o.Parameters = append(o.Parameters, l.openParameter(route.Path, p, types))
	}
	if takes, pages := takesRows(route); takes {
		o.Parameters = append(o.Parameters, l.rowParameters(types, pages)...)
	}
	ok := openResponse{Description: l.Text("openapi.ok"), Content: map[string]openMedia{}}
	if answer.of != nil {
		ok.Content[fiber.MIMEApplicationJSON] = openMedia{Schema: w.of(reflect.TypeOf(answer.of))}
	}
	for _, kind := range answer.media {
		ok.Content[kind] = openMedia{}
	}
	o.Responses = map[string]openResponse{"200": ok, "304": {Description: l.Text("openapi.same")}, "308": {Description: l.Text("openapi.moved")}}
	if len(answer.media) > 0 {
		o.Responses["206"] = openResponse{Description: l.Text("openapi.part"), Content: ok.Content}
	}
	if route.Path == "/readyz" {
		o.Responses["503"] = openResponse{Description: l.Text("openapi.notready"), Content: ok.Content}
	}
	for _, status := range failuresOf(route, answer) {
		if name := statusName(status); o.Responses[name].Description == "" {
			o.Responses[name] = openResponse{Ref: "#/components/responses/" + name}
		}
	}
	return o
}

// pathValues are things that there are, under the names that an address has in
// braces: as its example has them.
func (m sample) pathValues(route *Route) map[string]string {
	values := maps.Clone(map[string]string(m))
	example := strings.Split(cmp.Or(route.Example, openPath(route)), "/")
	for i, part := range strings.Split(openPath(route), "/") {
		at := braces.FindStringSubmatch(part)
		if at == nil || i >= len(example) {
			continue
		}
		if in := braces.FindStringSubmatch(example[i]); in != nil {
			values[at[1]] = m[in[1]]
		}
	}
	values["ext"] = extensions(route.Path)[0]
	return values
}

// openParameter describes a parameter of a query.
func (l *locale) openParameter(path string, p Param, types map[string]openParam) openParameter {
	t, ok := types[p.Name]
	if !ok {
		t = anyText()
	}
	if orders := openOrders()[path]; p.Name == paramOrder && orders != nil {
		t = oneOf(orders...)
	}
	if p.Name == paramState && path == draftsPath {
		t = oneOf("", "announced", "open", "in-review", "approved", "withdrawn")
	}
	if p.Name == paramPage && strings.HasPrefix(path, "/feeds/") {
		t.schema.Maximum = nil // a feed has an empty page there
	}
	out := openParameter{Name: p.Name, In: "query", Description: l.Text(p.Doc), Schema: &t.schema}
	if t.many {
		out.Schema, out.Style, out.Explode = &jsonSchema{Type: "array", Items: &t.schema}, "form", true
	}
	if t.example != "" {
		out.Example = t.example
	}
	return out
}

// takesRows reports whether an address takes the parameters of a row query, and
// whether it answers a page of rows.
func takesRows(route *Route) (takes, pages bool) {
	path, ofDataset := strings.CutPrefix(strings.TrimPrefix(route.Path, apiPrefix), "/datasets/{slug}/")
	switch {
	case !ofDataset:
	case strings.HasSuffix(path, "/rows"), route.Path == "/datasets/{slug}/table":
		return true, true
	case strings.HasSuffix(path, "{digest}.{ext}"), strings.HasSuffix(path, "{id}.{ext}"):
		return true, false
	case slices.ContainsFunc(tabKinds[:], func(k tabKind) bool { return route.Path == "/datasets/{slug}/"+k.Key }):
		return true, false
	}
	return false, false
}

// rowParameters are those of a row query. The names of columns differ from
// table to table, so filters are any further parameters.
func (l *locale) rowParameters(types map[string]openParam, pages bool) []openParameter {
	var all []openParameter
	for _, p := range rowParams() {
		if strings.HasPrefix(p.Name, "_") && !strings.ContainsAny(p.Name, " ,") && (pages || p.Name != paramSize && p.Name != paramAfter) {
			all = append(all, l.openParameter("", p, types))
		}
	}
	return append(all, openParameter{
		Name: "filters", In: "query", Description: l.Text("openapi.filters"), Style: "form", Explode: true,
		Schema: &jsonSchema{Type: "object", Additional: &jsonSchema{Type: "string"}},
	})
}
