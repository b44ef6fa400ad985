// Package ocds reads releases and records of the Open Contracting Data Standard
// (1.0 and 1.1), merges the releases of a process by the rules of the standard,
// and works out red flags. It keeps nothing and asks nobody: bytes and values
// come in, values and findings go out.
package ocds

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/goccy/go-json"
)

// An Object is a JSON object as its publisher wrote it; numbers are json.Number.
type Object = map[string]any

// ErrNoObject says that something is no JSON object.
var ErrNoObject = errors.New("it is no JSON object")

// Decode reads an object.
func Decode(raw []byte) (Object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	o, ok := v.(Object)
	if !ok {
		return nil, ErrNoObject
	}
	return o, nil
}

// Encode writes an object in its canonical form: keys sorted, numbers as they
// were.
func Encode(o Object) ([]byte, error) { return json.Marshal(o) }

// mostText is how long a text may be that is told elsewhere, in bytes.
const mostText = 500

// text is a text or a number as one line, and nothing of anything else.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.Join(strings.Fields(strings.ToValidUTF8(v, "\uFFFD")), " ")
	case json.Number:
		return v.String()
	}
	return ""
}

// short is text, but not longer than is told elsewhere.
func short(v any) string { return persian.CutBytes(text(v), mostText) }

// first is the text of the first of the members that has one.
func first(o Object, keys ...string) string {
	for _, k := range keys {
		if s := text(o[k]); s != "" {
			return s
		}
	}
	return ""
}

// object is a member that is an object, nil for another.
func object(o Object, keys ...string) Object {
	for _, k := range keys {
		o, _ = o[k].(Object)
	}
	return o
}

// objects are the objects of a member that is a list; one object is a list of
// it.
func objects(o Object, key string) []Object {
	switch v := o[key].(type) {
	case Object:
		return []Object{v}
	case []any:
		all := make([]Object, 0, len(v))
		for _, item := range v {
			if item, ok := item.(Object); ok {
				all = append(all, item)
			}
		}
		return all
	}
	return nil
}

// texts are the texts of a member that is a list or one text.
func texts(o Object, key string) []string {
	list, ok := o[key].([]any)
	if !ok {
		list = []any{o[key]}
	}
	var all []string
	for _, v := range list {
		if s := text(v); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// A Finding is something wrong with a release, or worth saying.
type Finding struct {
	Field string // path in the release: "contracts/1/value/amount"
	Kind  string // see the sentences of the harvester: "ocds." and this
	Args  []any
}

// A Release is what is known of a release beside what it says.
type Release struct {
	OCID string   `json:"ocid"`
	ID   string   `json:"id"`
	Date string   `json:"date"` // ISO 8601 in UTC, or a day where it named no zone
	Tags []string `json:"tags"`
	Body Object   `json:"-"`
}

// tagCompiled is the tag of a release that was merged of others.
const tagCompiled = "compiled"

// Compiled reports whether the release is a sum of all before it.
func (r *Release) Compiled() bool {
	return slices.Contains(r.Tags, tagCompiled)
}

// Bounds of the names of things.
const (
	mostOCID = 200
	mostID   = 500
)

// An IdentityError says why a release cannot be told from others: Kind is one of
// "noocid", "ocid" and "id", Value what stands there.
type IdentityError struct{ Kind, Value string }

func (e *IdentityError) Error() string {
	return "the release has no usable " + e.Kind + ": " + e.Value
}

// Read tells what a release is, and what is wrong with it. The error is an
// *IdentityError.
func Read(body Object) (Release, []Finding, error) {
	r := Release{OCID: text(body["ocid"]), ID: text(body["id"]), Tags: []string{}, Body: body}
	switch {
	case r.OCID == "":
		return r, nil, &IdentityError{"noocid", ""}
	case len(r.OCID) > mostOCID || strings.ContainsFunc(r.OCID, broken):
		return r, nil, &IdentityError{"ocid", persian.CutBytes(r.OCID, 80)}
	case len(r.ID) > mostID:
		return r, nil, &IdentityError{"id", persian.CutBytes(r.ID, 80)}
	}
	for _, t := range texts(body, "tag") {
		r.Tags = append(r.Tags, persian.CutBytes(t, 80))
	}
	c := checker{}
	c.ocid(r.OCID)
	date, zone, ok := When(text(body["date"]))
	switch {
	case text(body["date"]) == "":
		c.found("date", "date.missing")
	case !ok:
		c.found("date", "date.none", persian.CutBytes(text(body["date"]), 80))
	case !zone && len(text(body["date"])) > len("2006-01-02"):
		c.found("date", "date.zone", date)
	}
	r.Date = date
	if r.ID == "" {
		r.ID = cmp.Or(date, "1")
		c.found("id", "id.missing", r.ID)
	}
	if len(r.Tags) == 0 {
		c.found("tag", "tag.missing")
	}
	c.walk("", body, 0)
	return r, c.all, nil
}

// broken reports whether a character has no place in an identifier.
func broken(r rune) bool { return r <= ' ' || r == 0x7F || r == 0xFFFD || r >= 0x2028 && r <= 0x202E }
