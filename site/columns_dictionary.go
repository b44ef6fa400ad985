package site

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/goccy/go-json"
)

// A columnEntry is what the source says of a column in its own description of
// the data.
type columnEntry struct {
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	Unit        string       `json:"unit,omitempty"`
	Codes       []columnCode `json:"codes,omitempty"`
}

// A columnCode is a value and what it stands for.
type columnCode struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"`
}

// A dictionary is what a source says of columns, by their folded names.
type dictionary map[string]columnEntry

// Bounds of a dictionary: what a record describes beyond them is left out.
const (
	dictionaryBytes = 4 << 20
	dictionaryDepth = 12
	mostCodes       = 50
)

// dictionary reads what the record of d says of columns: the fields of a Data
// Package (Table Schema), the data dictionary of CKAN, the columns of Socrata.
// A dataset without a record, or one that says nothing, has an empty one.
func (s *Site) dictionary(ctx context.Context, d *catalog.Dataset) (dictionary, error) {
	raw, err := s.Catalog.RawRecord(ctx, d.ID)
	if errors.Is(err, catalog.ErrNotFound) || len(raw) > dictionaryBytes {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var record any
	if err := json.Unmarshal(raw, &record); err != nil {
		return nil, nil //nolint:nilerr // not every kind of record is JSON
	}
	words := dictionary{}
	words.walk(record, dictionaryDepth)
	return words, nil
}

// walk finds lists of described columns in a record.
func (d dictionary) walk(v any, depth int) {
	if depth == 0 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			d.walk(item, depth-1)
		}
	case map[string]any:
		for name, item := range v {
			if list, ok := item.([]any); ok && (name == "fields" || name == "columns") {
				d.read(list)
				continue
			}
			d.walk(item, depth-1)
		}
	}
}

// read takes the descriptions of a list of columns. What two lists say
// differently of columns of one name is said of neither.
func (d dictionary) read(list []any) {
	for _, item := range list {
		field, ok := item.(map[string]any)
		if !ok {
			continue
		}
		info, _ := field["info"].(map[string]any)
		e := columnEntry{
			Title:       firstOf(textOf(field, "title"), textOf(info, "label")),
			Description: firstOf(textOf(field, "description"), textOf(info, "notes")),
			Unit:        firstOf(textOf(field, "unit"), textOf(info, "unit")),
			Codes:       codes(field),
		}
		if e.Title == "" && e.Description == "" && e.Unit == "" && len(e.Codes) == 0 {
			continue
		}
		for _, key := range []string{"name", "id", "fieldName", "title"} {
			if name := foldedName(textOf(field, key)); name != "" {
				if was, known := d[name]; known && was.Description != e.Description {
					e = columnEntry{}
				}
				d[name] = e
			}
		}
	}
}

func textOf(o map[string]any, name string) string {
	text, _ := o[name].(string)
	return strings.TrimSpace(text)
}

// codes are the values that a field may have: those of an enumeration, or of
// categories with labels.
func codes(field map[string]any) []columnCode {
	constraints, _ := field["constraints"].(map[string]any)
	var list []any
	for _, from := range []any{constraints["enum"], field["enum"], field["categories"]} {
		if some, ok := from.([]any); ok && list == nil {
			list = some
		}
	}
	var all []columnCode
	for _, item := range list[:min(len(list), mostCodes)] {
		if o, ok := item.(map[string]any); ok {
			all = append(all, columnCode{fmt.Sprint(o["value"]), textOf(o, "label")})
		} else {
			all = append(all, columnCode{Value: fmt.Sprint(item)})
		}
	}
	return all
}

// of is what the dictionary says of column c.
func (d dictionary) of(c *datasets.Column) columnEntry {
	if e, ok := d[foldedName(c.Label)]; ok {
		return e
	}
	return d[foldedName(c.Name)]
}

// foldedName is a name as it is compared.
func foldedName(s string) string { return persian.Fold(strings.ReplaceAll(s, "_", " ")) }

// floatOf reads a canonical print of a number.
func floatOf(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
