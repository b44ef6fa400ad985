package harvesters

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// decodeJSON decodes a JSON value that jsonstream has checked: objects as
// map[string]any, numbers as json.Number.
func decodeJSON(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return v, nil
}

// An object is a JSON object whose fields hold whatever their author put there.
type object map[string]any

// asObject returns v as an object, or nil.
func asObject(v any) object {
	m, _ := v.(map[string]any)
	return m
}

// asList returns v as a list: a single value is a list of it, null is none.
func asList(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// first returns the first of the fields that holds something.
func (o object) first(keys ...string) any {
	for _, k := range keys {
		switch v := o[k].(type) {
		case nil:
		case string:
			if strings.TrimSpace(v) != "" {
				return v
			}
		case []any:
			if len(v) > 0 {
				return v
			}
		case map[string]any:
			if len(v) > 0 {
				return v
			}
		default:
			return v
		}
	}
	return nil
}

// text returns the first of the fields that has a text.
func (o object) text(keys ...string) string {
	for _, k := range keys {
		if s := textOf(o[k]); s != "" {
			return s
		}
	}
	return ""
}

// texts returns the texts of the first of the fields that has any.
func (o object) texts(keys ...string) []string {
	for _, k := range keys {
		var all []string
		for _, v := range asList(o[k]) {
			if s := textOf(v); s != "" {
				all = append(all, s)
			}
		}
		if len(all) > 0 {
			return all
		}
	}
	return nil
}

// nameKeys are the fields in which an object that stands for a text has it.
var nameKeys = []string{
	"@value", "name", "title", "label", "prefLabel", "skos:prefLabel", "display_name", "fn", "value", "text",
	"uri", "url", "@id", "id", "identifier",
}

// textOf returns a value as one line or text: a number as it is written, an
// object by its name, a list by its first item.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return cleanText(v)
	case json.Number:
		return v.String()
	case []any:
		for _, item := range v {
			if s := textOf(item); s != "" {
				return s
			}
		}
	case map[string]any:
		for _, k := range nameKeys {
			if s := textOf(v[k]); s != "" {
				return s
			}
		}
		if t := languageMap(v); len(t) > 0 {
			s, _ := t.In("en")
			return s
		}
	}
	return ""
}

// cleanText makes a text storable: valid UTF-8, no NUL and no other control
// characters but tab and line ends, no spaces around it.
func cleanText(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexFunc(s, isControl) >= 0 {
		s = strings.Map(func(r rune) rune {
			if r == '\r' || !isControl(r) {
				return r
			}
			return -1
		}, strings.ReplaceAll(s, "\r\n", "\n"))
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return strings.TrimSpace(s)
}

func isControl(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7F && r <= 0x9F || r == 0xFEFF
}

// oneLine is cleanText with all white space as single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(cleanText(s)), " ") }

// languageMap returns an object that holds one text per language tag, or nil
// when it is something else.
func languageMap(o map[string]any) catalog.Text {
	t := catalog.Text{}
	for tag, v := range o {
		lang := languageTag(tag)
		if lang == "" || len(tag) > 11 {
			return nil
		}
		if s := textOf(v); s != "" {
			t[lang] = s
		}
	}
	return t
}

// A mapper turns the fields of one record into ours and collects what is wrong
// with them.
type mapper struct {
	noun       string // of the record; that of datasets when empty
	position   string
	identifier string
	faults     []catalog.RunFault
}

// fault notes a field that is dropped or mended.
func (m *mapper) fault(field, kind string, args ...any) { m.wrong(field, say(kind, args...)) }

// wrong tells a sentence about a field.
func (m *mapper) wrong(field string, s *sentence) {
	const most = 50 // of one record
	if len(m.faults) < most {
		f := s.fault(catalog.SeverityField)
		f.Position, f.Field = m.position, field
		m.faults = append(m.faults, f)
	}
}

// skip is the error for the record as a whole.
func (m *mapper) skip(field, kind string, args ...any) *SkipError {
	return &SkipError{Noun: m.noun, Identifier: m.identifier, Position: m.position, Field: field, Err: say(kind, args...)}
}

// same returns the record that raw was mapped to before, when it is as it was.
func (v *Visit) same(raw []byte, position string) (catalog.Record, bool) {
	key, ok := v.Known(raw)
	return catalog.Record{Noun: key.Noun, Identifier: key.Identifier, Position: position}, ok
}

// done returns the mapped record.
func (m *mapper) done(raw []byte, v catalog.Value, a *catalog.Agency) catalog.Record {
	for i := range m.faults {
		m.faults[i].Identifier = m.identifier
	}
	return catalog.Record{
		Noun: v.Noun(), Identifier: m.identifier, Position: m.position,
		Raw: raw, Faults: m.faults, Value: v, Agency: a,
	}
}

// encodeJSON is the JSON of an object that was decoded, for want of its bytes.
func encodeJSON(o object) ([]byte, error) { return json.Marshal(map[string]any(o)) }
