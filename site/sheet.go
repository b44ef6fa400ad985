package site

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// A sheet is a table that a page shows, whole and in memory, so that it can be
// taken away as a file like any other.
type sheet struct {
	name   string // of the file, without its ending
	schema datasets.Schema
	batch  datasets.Batch
}

// newSheet is a sheet without rows. Names of columns are those that programs
// read; labels are for people.
func newSheet(name string, schema datasets.Schema) *sheet {
	return &sheet{name: name, schema: schema, batch: datasets.Batch{Columns: make([]datasets.Vector, len(schema))}}
}

// daySeconds is how long a day is.
const daySeconds = 24 * 60 * 60

// row adds a row of a value for each column: a string, an int64, a float64, a
// bool, an instant, or nil where there is none; an empty string and the instant
// zero are none too.
func (t *sheet) row(values ...any) {
	for i := range t.schema {
		v, c := &t.batch.Columns[i], &t.schema[i]
		var text string
		var whole int64
		var number float64
		null := false
		switch value := values[i].(type) {
		case string:
			text, null = value, value == ""
		case int64:
			whole = value
		case int:
			whole = int64(value)
		case float64:
			number = value
		case bool:
			if value {
				whole = 1
			}
		case time.Time:
			null = value.IsZero()
			if whole = value.UnixMicro(); c.Type == datasets.Date {
				whole = value.Unix() / daySeconds
			}
		default:
			null = true
		}
		v.Null = append(v.Null, null)
		switch {
		case c.Type == datasets.Text:
			v.Text = append(v.Text, text)
		case c.Float:
			v.Float = append(v.Float, number)
		default:
			v.Int = append(v.Int, whole)
		}
	}
	t.batch.Len++
}

// table is the sheet as a table.
func (t *sheet) table() *datasets.Table { return memoryTable(t.schema, &t.batch) }

// digest names what the sheet holds: equal sheets have equal files.
func (t *sheet) digest() string {
	h := sha256.New()
	var b []byte
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	for i := range t.schema {
		c, v := &t.schema[i], &t.batch.Columns[i]
		text(c.Name)
		text(c.Label)
		b = append(b, byte(c.Type), byte(c.Scale))
		for row := range t.batch.Len {
			switch {
			case v.Null[row]:
				b = append(b, 0)
			case c.Type == datasets.Text:
				b = append(b, 1)
				text(v.Text[row])
			case c.Float:
				b = binary.BigEndian.AppendUint64(append(b, 1), math.Float64bits(v.Float[row]))
			default:
				b = binary.AppendVarint(append(b, 1), v.Int[row])
			}
		}
		h.Write(b) // a hash never fails
		b = b[:0]
	}
	return hex.EncodeToString(h.Sum(nil))
}

// sheetRoute is the route of a sheet as files: path and the ending of a format.
func sheetRoute(path, doc, example string, of func(*Site, *fiber.Ctx) (*sheet, error), params ...Param) Route {
	return Route{
		Path: path + ".{ext}", Cost: costSearch, Doc: doc, Params: params, Example: example + ".csv",
		Serve: func(s *Site, c *fiber.Ctx) error { return s.serveSheet(c, of) },
	}
}

// serveSheet answers with a sheet in the format of the address.
func (s *Site) serveSheet(c *fiber.Ctx, of func(*Site, *fiber.Ctx) (*sheet, error)) error {
	ext := c.Params("ext")
	if _, last, ok := cutLast(ext, "."); ok { // the point is one of the address
		ext = last
	}
	format, ok := exporters.ByExt(ext)
	if !ok {
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.format", "ext", ext, "formats", formatList())
	}
	t, err := of(s, c)
	if err != nil {
		return err
	}
	built, err := s.Exports.Get(c.UserContext(), t.digest(), format, exporters.Options{}, func() (*datasets.Table, error) { return t.table(), nil })
	if err != nil {
		return s.exportError(c, err)
	}
	return s.sendBuilt(c, built, format, t.name)
}

// sendBuilt answers with an export that is called name.
func (s *Site) sendBuilt(c *fiber.Ctx, built *exporters.Built, format exporters.Format, name string) error {
	name += "." + format.Ext
	return s.sendFile(c, &storedFile{
		body: built.File, size: built.Size, tag: strings.Trim(built.ETag, `"`), modified: built.Modified, kind: format.MediaType, cache: CacheRevalidate,
		name: name, plain: name,
	})
}

// sheetFiles are the files of the sheet at path, which may have a query.
func sheetFiles(path string) []Link {
	address, query, _ := strings.Cut(path, "?")
	if query != "" {
		query = "?" + query
	}
	var all []Link
	for _, f := range exporters.Formats() {
		all = append(all, Link{Text: f.Title, URL: address + "." + f.Ext + query})
	}
	return all
}
