package datasets

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// What the tables of a JSON file may be at most.
const (
	maxJSONColumns = 4096 // of one table
	maxJSONParts   = 500  // columns that the objects under one key make
	maxJSONTables  = 256
	maxJSONLevel   = 3 // objects around a list of rows
)

// openJSON returns the tables of a JSON document, of JSON Lines (an object or
// a list on each line) or of GeoJSON.
//
// A list of objects is a table: its columns are their keys in order of first
// appearance. An object in such an object gives columns `outer.inner`; what is
// nested deeper, and lists, are kept as JSON. A list of lists is a table whose
// header is found as in a CSV file, or stands beside it (`columns`, `fields`,
// or the description of Socrata's rows.json). In an object the lists that lie
// the least deep are the tables, named by their keys where there are several.
//
// Numbers keep their text. Texts that look like numbers are read as such under
// the rules of Infer, since many portals put all numbers in quotation marks.
func openJSON(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error) {
	file := &jsonFile{f: f, size: size, name: name}
	if err := file.recognise(ctx, opt); err != nil {
		return nil, err
	}
	tables, err := file.survey(ctx)
	if err != nil {
		return nil, file.fault(err, 0)
	}
	var sheets []*Sheet
	taken := map[string]bool{}
	for _, t := range tables {
		s := t.sheet()
		if t.kind == jsonLists && len(t.header) == 0 {
			if err := s.findHeader(ctx, opt.HeaderRow); err != nil {
				return nil, err
			}
		}
		if len(tables) > 1 {
			s.Name = unusedName(strings.Join(t.path, "."), taken)
		}
		s.Notes = append(s.Notes, file.notes...)
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// unusedName returns the name, with a number where it is taken, and takes it.
func unusedName(name string, taken map[string]bool) string {
	unused := name
	for n := 2; taken[unused]; n++ {
		unused = fmt.Sprintf("%s_%d", name, n)
	}
	taken[unused] = true
	return unused
}

// A jsonFile is a file of JSON, and how to read it.
type jsonFile struct {
	f       io.ReaderAt
	size    int64
	name    string
	charset charset
	lines   bool // a value on each line
	geo     bool // GeoJSON: items are features
	notes   []string
	crs     string // of GeoJSON whose coordinates are no degrees, else empty
}

// recognise finds the encoding: UTF-8 by the standard, which some files have
// not heard of.
func (j *jsonFile) recognise(ctx context.Context, opt Options) error {
	scan, err := scanText(ctx, io.NewSectionReader(j.f, 0, j.size))
	if err != nil {
		return fmt.Errorf("datasets: read %s: %w", j.name, err)
	}
	if j.charset = scan.detect(); scan.chars > scan.invalid && wide(scan.head) == "" {
		j.charset, _ = charsetNamed("utf-8")
	}
	if opt.Encoding != "" {
		named, ok := charsetNamed(opt.Encoding)
		if !ok {
			return fileError(j.name, 0, "encoding", opt.Encoding)
		}
		j.charset = named
	}
	switch strings.ToLower(path.Ext(j.name)) {
	case ".jsonl", ".ndjson", ".geojsonl", ".ndgeojson", ".geojsons":
		j.lines = true
	}
	return nil
}

// text returns the file's text in UTF-8 from the byte at, counted in that
// text, on.
func (j *jsonFile) text(at int64) (io.Reader, error) {
	if at > 0 && j.charset.name == "utf-8" {
		mark := make([]byte, 3)
		if n, _ := j.f.ReadAt(mark, 0); bytes.HasPrefix(mark[:n], []byte("\xEF\xBB\xBF")) {
			at += 3
		}
		return io.NewSectionReader(j.f, at, j.size-at), nil
	}
	r := &markSkipper{r: j.charset.reader(bufio.NewReaderSize(io.NewSectionReader(j.f, 0, j.size), 64<<10))}
	_, err := io.CopyN(io.Discard, r, at)
	return r, err
}

// stream returns a stream of the text from at on.
func (j *jsonFile) stream(at int64) (*jsonstream.Stream, error) {
	r, err := j.text(at)
	if err != nil {
		return nil, err
	}
	s := jsonstream.New(r)
	s.NaN = true
	return s, nil
}

// fault makes of an error of reading the file what its giver is told. row is
// the item at which it was met, 0 if it was at none.
func (j *jsonFile) fault(err error, row int64) error {
	var broken *jsonstream.SyntaxError
	var told *FileError
	switch {
	case err == nil, errors.As(err, &told), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &broken):
		return fileError(j.name, row, "json.broken", broken)
	}
	return fmt.Errorf("datasets: read %s: %w", j.name, err)
}

// A jsonKind is what the items of a list are.
type jsonKind uint8

const (
	jsonObjects  jsonKind = iota
	jsonLists             // a row each
	jsonFeatures          // of GeoJSON
)

// A jsonTable is a list of rows in a file of JSON, or the lines of one.
type jsonTable struct {
	file    *jsonFile
	path    []string // the keys that lead to it
	at      int64    // the byte of its first bracket; of a lone feature, its brace
	single  bool     // one feature instead of a list
	kind    jsonKind
	columns jsonColumns
	header  []string // of a table of lists, where something beside it names the columns
	hidden  []bool   // of those, the columns that the source does not show
	row     int64    // the item at hand, from 1
	geo     geoSurvey
}

// setKind tells the kind by how the first item begins.
func (t *jsonTable) setKind(c byte) {
	switch {
	case t.file.geo:
		t.kind = jsonFeatures
	case c == '[':
		t.kind = jsonLists
	default:
		t.kind = jsonObjects
	}
}

// sheet returns the table as a sheet.
func (t *jsonTable) sheet() *Sheet {
	s := &Sheet{file: t.file.name, sparse: t.kind == jsonLists}
	if t.file.charset.name != "utf-8" {
		s.Encoding = t.file.charset.name
	}
	switch {
	case t.kind != jsonLists:
		s.Header = t.columns.labels()
	case len(t.header) > 0:
		for i, h := range t.header {
			if !t.hidden[i] {
				s.Header = append(s.Header, h)
			}
		}
	}
	if t.kind == jsonFeatures {
		t.geo.finish(t, s)
	}
	s.width = len(s.Header)
	s.records = t.records(s)
	return s
}

// A jsonColumns are the columns that the keys of objects make.
type jsonColumns struct {
	index map[string]int // by key, or outer key NUL inner key
	found []jsonColumn
	top   map[string]int // the keys of the objects themselves, and their place
	inner map[string]int // how many columns the objects under a key make
	buf   []byte
}

// A jsonColumn is a key that was met.
type jsonColumn struct {
	outer, key string // outer is empty for a key of the object itself
	values     bool   // something else than null was met there
	at         int    // its place in a record, -1 when it makes no column
}

// note takes note of a key, which must not be kept. nested says that it is one
// of the object under the key outer.
func (c *jsonColumns) note(outer, key []byte, nested, value bool) error {
	if c.index == nil {
		c.index, c.top, c.inner = map[string]int{}, map[string]int{}, map[string]int{}
	}
	first := key
	if nested {
		first = outer
	}
	if _, ok := c.top[string(first)]; !ok {
		c.top[string(first)] = len(c.top)
	}
	i, ok := c.index[string(c.name(outer, key, nested))]
	if ok {
		c.found[i].values = c.found[i].values || value
		return nil
	}
	column := jsonColumn{key: string(key), values: value}
	if nested {
		if c.inner[string(outer)] >= maxJSONParts {
			return nil // so many keys are values: the objects are kept whole
		}
		column.outer = string(outer)
		c.inner[column.outer]++
	}
	if len(c.found) >= maxJSONColumns {
		return errJSONColumns
	}
	c.index[string(c.buf)] = len(c.found)
	c.found = append(c.found, column)
	return nil
}

var errJSONColumns = errors.New("too many keys")

// name returns the name of a key in index, in the room of c.
func (c *jsonColumns) name(outer, key []byte, nested bool) []byte {
	c.buf = c.buf[:0]
	if nested {
		c.buf = append(append(c.buf, outer...), 0)
	}
	c.buf = append(c.buf, key...)
	return c.buf
}

// whole reports whether the objects under a key are kept as JSON.
func (c *jsonColumns) whole(key []byte) bool { return c.inner[string(key)] >= maxJSONParts }

// labels decides which keys make columns, in their order, and returns the
// headings: those of one object stand together.
func (c *jsonColumns) labels() []string {
	order := make([]int, len(c.found))
	for i := range c.found {
		order[i] = i
		f := &c.found[i]
		n := c.inner[f.key]
		switch {
		case f.outer != "" && c.inner[f.outer] >= maxJSONParts:
			f.at = -1
		case f.outer == "" && n > 0 && n < maxJSONParts && !f.values:
			f.at = -1 // it is an object or null
		}
	}
	place := func(i int) int {
		if f := &c.found[i]; f.outer != "" {
			return c.top[f.outer]
		}
		return c.top[c.found[i].key]
	}
	slices.SortStableFunc(order, func(a, b int) int { return place(a) - place(b) })
	var labels []string
	for _, i := range order {
		f := &c.found[i]
		if f.at < 0 {
			continue
		}
		f.at = len(labels)
		label := f.key
		if f.outer != "" {
			label = f.outer + "." + f.key
		}
		labels = append(labels, label)
	}
	return labels
}

// at returns the place of a key in a record, or -1.
func (c *jsonColumns) at(outer, key []byte, nested bool) int {
	i, ok := c.index[string(c.name(outer, key, nested))]
	if !ok {
		return -1
	}
	return c.found[i].at
}
