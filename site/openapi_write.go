package site

import (
	"reflect"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// A WriteDoc is how one method of a Route's Write is described.
type WriteDoc struct {
	Doc    string // key of its sentence in the texts
	Takes  any    // a value of the type that its JSON is read into; nil: it takes none
	File   bool   // it takes a file
	Gives  any    // a value of the type of its answer; nil: it has none
	Status int    // of its answer
	Match  bool   // it needs If-Match
	Once   bool   // it takes Idempotency-Key
	Open   bool   // everybody may do it, without a token
}

// An openBody is what an operation takes.
type openBody struct {
	Required bool                 `json:"required,omitempty"`
	Content  map[string]openMedia `json:"content"`
}

// An openSecurity is a way to say who one is.
type openSecurity struct {
	Type        string `json:"type"`
	Scheme      string `json:"scheme"`
	Description string `json:"description,omitempty"`
}

const securityName = "token"

// writeFailures are the statuses that a write may answer, as Problem.
var writeFailures = []int{400, 401, 403, 404, 408, 409, 411, 412, 413, 415, 422, 428, 429, 500, 503, 507}

// describeWrites adds what programs do at the addresses of a route.
func (l *locale) describeWrites(doc *openDocument, route *Route, known sample, w *schemaWriter) {
	for method, d := range route.Writes {
		path := openPath(route)
		if doc.Paths[path] == nil {
			doc.Paths[path] = map[string]*operation{}
		}
		if route.Shared && method == fiber.MethodGet && doc.Paths[path]["get"] != nil {
			get := doc.Paths[path]["get"]
			get.Security = []map[string][]string{{}, {securityName: {}}}
			get.Description = l.Text(d.Doc)
			media := get.Responses["200"].Content[fiber.MIMEApplicationJSON]
			get.Responses["200"].Content[fiber.MIMEApplicationJSON] = openMedia{Schema: &jsonSchema{AnyOf: []*jsonSchema{media.Schema, w.of(reflect.TypeOf(d.Gives))}}}
			continue
		}
		doc.Paths[path][strings.ToLower(method)] = l.writeOperation(route, d, known, w)
	}
}

func (l *locale) writeOperation(route *Route, d WriteDoc, known sample, w *schemaWriter) *operation {
	o := &operation{
		ID: strings.ReplaceAll(strings.TrimPrefix(d.Doc, "api."), ".", "_"), Summary: l.Text(d.Doc),
		Security: []map[string][]string{{securityName: {}}}, Responses: map[string]openResponse{},
	}
	if d.Open {
		o.Security = nil
	}
	values := known.pathValues(route)
	for _, m := range braces.FindAllStringSubmatch(route.Path, -1) {
		schema := pathParam(route.Path, m[1])
		p := openParameter{Name: m[1], In: "path", Required: true, Schema: &schema}
		if v := values[m[1]]; v != "" {
			p.Example = v
		}
		o.Parameters = append(o.Parameters, p)
	}
	text := jsonSchema{Type: "string"}
	if d.Match {
		o.Parameters = append(o.Parameters, openParameter{Name: fiber.HeaderIfMatch, In: "header", Required: true, Description: l.Text("openapi.match"), Schema: &text})
	}
	if d.Once {
		o.Parameters = append(o.Parameters, openParameter{Name: HeaderOnce, In: "header", Description: l.Text("openapi.once"), Schema: &text})
	}
	if d.File {
		file := jsonSchema{Type: "string", Format: "binary"}
		o.Parameters = append(o.Parameters, openParameter{Name: "name", In: "query", Description: l.Text("openapi.file.name"), Schema: &text})
		o.Body = &openBody{Required: true, Content: map[string]openMedia{
			"*/*":                   {Schema: &file},
			fiber.MIMEMultipartForm: {Schema: &jsonSchema{Type: "object", Properties: map[string]*jsonSchema{"file": &file}, Required: []string{"file"}}},
		}}
	}
	if d.Takes != nil {
		o.Body = &openBody{Required: true, Content: map[string]openMedia{fiber.MIMEApplicationJSON: {Schema: w.of(reflect.TypeOf(d.Takes))}}}
	}
	ok := openResponse{Description: l.Text("openapi.ok")}
	if d.Gives != nil {
		ok.Content = map[string]openMedia{fiber.MIMEApplicationJSON: {Schema: w.of(reflect.TypeOf(d.Gives))}}
	}
	o.Responses[statusName(d.Status)] = ok
	for _, status := range writeFailures {
		name := statusName(status)
		o.Responses[name] = openResponse{Ref: "#/components/responses/" + name}
	}
	return o
}

// HeaderOnce is the header with a key by which a request may be sent again and
// is done once.
const HeaderOnce = "Idempotency-Key"
