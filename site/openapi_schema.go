package site

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog/fiscal"

	"github.com/goccy/go-json"
)

// A jsonSchema says what a value in JSON may be: the part of JSON Schema that
// our answers need.
type jsonSchema struct {
	Ref         string                 `json:"$ref,omitempty"`
	Type        any                    `json:"type,omitempty"` // a name, or several
	Format      string                 `json:"format,omitempty"`
	Pattern     string                 `json:"pattern,omitempty"`
	Enum        []string               `json:"enum,omitempty"`
	Minimum     *int64                 `json:"minimum,omitempty"`
	Maximum     *int64                 `json:"maximum,omitempty"`
	Items       *jsonSchema            `json:"items,omitempty"`
	Properties  map[string]*jsonSchema `json:"properties,omitempty"`
	Required    []string               `json:"required,omitempty"`
	Additional  *jsonSchema            `json:"additionalProperties,omitempty"`
	AnyOf       []*jsonSchema          `json:"anyOf,omitempty"`
	Description string                 `json:"description,omitempty"`
}

// A schemaWriter makes schemas of the Go types that answers are written from,
// so that the two cannot differ. Structs with a name are defined once.
type schemaWriter struct {
	defined map[string]*jsonSchema
	types   map[string]reflect.Type
}

var (
	timeType       = reflect.TypeFor[time.Time]()
	rawMessageType = reflect.TypeFor[json.RawMessage]()
	textType       = reflect.TypeFor[encoding.TextMarshaler]()
	ratioType      = reflect.TypeFor[fiscal.Ratio]()
)

// of returns the schema of what a value of type t is written as.
func (w *schemaWriter) of(t reflect.Type) *jsonSchema {
	switch {
	case t == timeType:
		return &jsonSchema{Type: "string", Format: "date-time"}
	case t == ratioType:
		return &jsonSchema{Type: "number"}
	case t == rawMessageType || t.Kind() == reflect.Interface:
		return &jsonSchema{}
	case t.Kind() != reflect.Pointer && t.Implements(textType):
		return &jsonSchema{Type: "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(w.of(t.Elem()))
	case reflect.Bool:
		return &jsonSchema{Type: "boolean"}
	case reflect.Float32, reflect.Float64:
		return &jsonSchema{Type: "number"}
	case reflect.String:
		return &jsonSchema{Type: "string"}
	case reflect.Slice, reflect.Array:
		return &jsonSchema{Type: []string{"array", "null"}, Items: w.of(t.Elem())}
	case reflect.Map:
		return &jsonSchema{Type: []string{"object", "null"}, Additional: w.of(t.Elem())}
	case reflect.Struct:
		return w.structure(t)
	default:
		return &jsonSchema{Type: "integer"}
	}
}

// nullable returns the schema of a value that may be null.
func nullable(s *jsonSchema) *jsonSchema {
	if name, ok := s.Type.(string); ok {
		s.Type = []string{name, "null"}
		return s
	}
	if s.Ref != "" {
		return &jsonSchema{AnyOf: []*jsonSchema{s, {Type: "null"}}}
	}
	return s
}

// there returns the schema of a value that is left out where it is null.
func there(s *jsonSchema) *jsonSchema {
	if names, ok := s.Type.([]string); ok {
		s.Type = names[0]
	}
	if len(s.AnyOf) > 0 {
		return s.AnyOf[0]
	}
	return s
}

// structure refers to the schema of a struct, which it defines unless it has no
// name of its own.
func (w *schemaWriter) structure(t reflect.Type) *jsonSchema {
	name := t.Name()
	if name == "" || strings.Contains(name, "[") {
		return w.object(t)
	}
	name = strings.ToUpper(name[:1]) + name[1:]
	if known := w.types[name]; known != nil && known != t {
		pkg := t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:]
		name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
	}
	if w.types[name] == nil {
		w.types[name] = t // before its fields, which may be of this type
		w.defined[name] = w.object(t)
	}
	return &jsonSchema{Ref: "#/components/schemas/" + name}
}

func (w *schemaWriter) object(t reflect.Type) *jsonSchema {
	s := &jsonSchema{Type: "object", Properties: map[string]*jsonSchema{}}
	w.fields(t, s, map[string]bool{})
	slices.Sort(s.Required)
	return s
}

// fields adds the fields of a struct, the outer ones first: they hide those of
// embedded structs.
func (w *schemaWriter) fields(t reflect.Type, s *jsonSchema, seen map[string]bool) {
	var embedded []reflect.Type
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && name == "":
			embedded = append(embedded, f.Type)
			continue
		case name == "":
			name = f.Name
		}
		if seen[name] {
			continue
		}
		seen[name] = true
		if strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero") {
			s.Properties[name] = there(w.of(f.Type))
			continue
		}
		s.Properties[name] = w.of(f.Type)
		s.Required = append(s.Required, name)
	}
	for _, inner := range embedded {
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		w.fields(inner, s, seen)
	}
}
