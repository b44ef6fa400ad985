package datasets

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/jsonstream"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A jsonSurvey is the first walk over a file, which finds its tables and their
// columns.
type jsonSurvey struct {
	ctx     context.Context
	file    *jsonFile
	s       *jsonstream.Stream
	tables  []*jsonTable
	beside  map[string]int64 // members of the outermost object that may name the columns of another, by the byte where they stand
	scalars []string         // what the outermost object says of itself, a line each
}

// Errors that end a walk because another way to read the file is right, or
// because nobody asks for more.
var (
	errGeoJSON = errors.New("it is GeoJSON")
	errLines   = errors.New("it has a value on each line")
	errStop    = errors.New("nothing more is asked for")
)

// survey finds the tables of the file.
func (j *jsonFile) survey(ctx context.Context) ([]*jsonTable, error) {
	for {
		v := &jsonSurvey{ctx: ctx, file: j, beside: map[string]int64{}}
		err := v.document()
		switch {
		case errors.Is(err, errGeoJSON) && !j.geo:
			j.geo = true
		case errors.Is(err, errLines) && !j.lines:
			j.lines = true
		case err != nil:
			return nil, v.where(err)
		default:
			return v.choose()
		}
	}
}

// where names the row at which a walk failed.
func (v *jsonSurvey) where(err error) error {
	row := int64(0)
	if len(v.tables) > 0 {
		row = v.tables[len(v.tables)-1].row
	}
	if errors.Is(err, errJSONColumns) {
		return fileError(v.file.name, row, "json.keys", maxJSONColumns)
	}
	return v.file.fault(err, row)
}

func (v *jsonSurvey) document() error {
	if v.file.lines {
		return v.overLines()
	}
	var err error
	if v.s, err = v.file.stream(0); err != nil {
		return err
	}
	c, err := v.s.Peek()
	switch {
	case err != nil:
		return err
	case c == '[':
		err = v.list(nil)
	case c == '{' && v.file.geo:
		err = v.geoRoot()
	case c == '{':
		err = v.object(nil)
	default:
		return fileError(v.file.name, 0, "json.single")
	}
	if err == nil {
		err = v.s.End()
	}
	var broken *jsonstream.SyntaxError
	if errors.As(err, &broken) {
		if many, other := v.file.manyLines(); other != nil {
			return other
		} else if many {
			return errLines
		}
	}
	return err
}

// headerKeys are the keys of what may name the columns of lists beside it;
// aboutKeys those of lists that only tell of the rows beside them, where these
// stand under one of rowKeys.
var (
	rowKeys    = []string{"results", "result", "data", "records", "value", "values", "items", "features", "rows"}
	headerKeys = []string{"columns", "fields", "header", "headers", "meta"}
	aboutKeys  = []string{"columns", "fields", "headers", "links", "_links", "facets", "facet_groups", "errors"}
)

// object walks over the object that the keys of path lead to.
func (v *jsonSurvey) object(path []string) error {
	return v.s.Object(func(key string) error {
		c, err := v.s.Peek()
		if err != nil {
			return err
		}
		if len(path) == 0 && slices.Contains(headerKeys, key) {
			v.beside[key] = v.s.Offset()
		}
		here := append(slices.Clone(path), key)
		switch {
		case c == '[':
			return v.list(here)
		case c == '{' && len(here) < maxJSONLevel:
			return v.object(here)
		case len(path) > 0:
			return v.s.Skip()
		}
		return v.scalar(key)
	})
}

// scalar takes note of a member of the outermost object that is no list.
func (v *jsonSurvey) scalar(key string) error {
	raw, over, err := v.s.Value()
	if err != nil || over != "" || raw[0] == '{' {
		return err
	}
	text := string(raw)
	if raw[0] == '"' {
		text = string(jsonstream.AppendString(nil, raw))
	}
	switch {
	case key == "type" && slices.Contains(geoTypes, text):
		return errGeoJSON
	case key == "type" && text == "Topology":
		return fileError(v.file.name, 0, "json.topojson")
	}
	if text != "" && text != "null" && len(text) <= 300 && len(v.scalars) < 20 {
		v.scalars = append(v.scalars, key+": "+text)
	}
	return nil
}

// list walks over a list, which is a table if its items are objects or lists.
func (v *jsonSurvey) list(path []string) error {
	t := &jsonTable{file: v.file, path: path, at: v.s.Offset()}
	kept := false
	return v.s.List(func() error {
		c, err := v.s.Peek()
		if err != nil {
			return err
		}
		if !kept {
			if c != '{' && c != '[' {
				return v.s.Skip() // null, or no table at all
			}
			kept = true
			t.setKind(c)
			if len(v.tables) == maxJSONTables {
				return fileError(v.file.name, 0, "json.lists", maxJSONTables)
			}
			v.tables = append(v.tables, t)
		}
		if t.row++; t.row&1023 == 0 && v.ctx.Err() != nil {
			return v.ctx.Err()
		}
		return v.item(t, c)
	})
}

// item takes note of the keys of an item.
func (v *jsonSurvey) item(t *jsonTable, c byte) error {
	switch {
	case t.kind == jsonLists || c != '{':
		return v.s.Skip()
	case t.kind == jsonFeatures:
		return v.feature(t)
	}
	isFeature := false
	err := v.keys(t, func(key []byte, c byte) error {
		if c == '"' && len(t.path) == 0 && t.row == 1 && string(key) == "type" {
			raw, _, err := v.s.Value()
			isFeature = string(raw) == `"Feature"`
			return err
		}
		return v.s.Skip()
	})
	if err == nil && isFeature && slices.ContainsFunc(t.columns.found, func(c jsonColumn) bool { return c.outer == "" && c.key == "geometry" || c.outer == "geometry" }) {
		return errGeoJSON
	}
	return err
}

// keys takes note of the keys of the object that comes next. value reads a
// value that is no object.
func (v *jsonSurvey) keys(t *jsonTable, value func(key []byte, c byte) error) error {
	var outer []byte
	return v.s.Members(func(key []byte) error {
		c, err := v.s.Peek()
		if err != nil {
			return err
		}
		if c != '{' || t.columns.whole(key) {
			if err := t.columns.note(nil, key, false, c != 'n'); err != nil {
				return err
			}
			return value(key, c)
		}
		outer = append(outer[:0], key...)
		if err := t.columns.note(nil, outer, false, false); err != nil {
			return err
		}
		return v.s.Members(func(key []byte) error {
			c, err := v.s.Peek()
			if err != nil {
				return err
			}
			if err := t.columns.note(outer, key, true, c != 'n'); err != nil {
				return err
			}
			return v.s.Skip()
		})
	})
}

// choose returns the tables: the lists that lie the least deep and are not
// there to tell of another.
func (v *jsonSurvey) choose() ([]*jsonTable, error) {
	level := maxJSONLevel + 1
	for _, t := range v.tables {
		level = min(level, len(t.path))
	}
	under := func(t *jsonTable, keys []string) bool { return level > 0 && slices.Contains(keys, t.path[level-1]) }
	hasRows := slices.ContainsFunc(v.tables, func(t *jsonTable) bool { return len(t.path) == level && under(t, rowKeys) })
	var tables, about []*jsonTable
	for _, t := range v.tables {
		switch {
		case len(t.path) > level:
		case hasRows && under(t, aboutKeys):
			about = append(about, t)
		default:
			tables = append(tables, t)
		}
	}
	if len(tables) == 0 {
		return nil, v.noTable()
	}
	v.file.notes = append(v.file.notes, v.scalars...)
	if len(about) > 0 {
		var names []string
		for _, t := range about {
			names = append(names, strings.Join(t.path, "."))
		}
		v.file.notes = append(v.file.notes, "the lists "+strings.Join(names, ", ")+" of the file tell of the rows and are no tables here")
	}
	for _, t := range tables {
		if t.kind != jsonLists || len(t.path) != 1 {
			continue
		}
		if err := v.nameColumns(t); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// noTable says why a document without a list of rows is none.
func (v *jsonSurvey) noTable() error {
	switch {
	case v.file.geo:
		return fileError(v.file.name, 0, "json.features")
	case v.file.lines:
		return fileError(v.file.name, 0, "json.lines")
	case len(v.scalars) > 0:
		return fileError(v.file.name, 0, "json.object", persian.Shorten(v.scalars[0], 80))
	}
	return fileError(v.file.name, 0, "json.nolist")
}
