package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets/ziptest"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
)

// A parquetRowOfAll has a column of each type that is read, and nested ones.
type parquetRowOfAll struct {
	Small  int8              `parquet:"small"`
	Large  uint64            `parquet:"large"`
	Ratio  float32           `parquet:"ratio"`
	Text   *string           `parquet:"text,optional"`
	Day    int32             `parquet:"day,date"`
	Milli  int64             `parquet:"milli,timestamp(millisecond)"`
	Nano   int64             `parquet:"nano,timestamp(nanosecond:local)"`
	Old    deprecated.Int96  `parquet:"old"`
	Time   int64             `parquet:"time,time(microsecond)"`
	Money  int64             `parquet:"money,decimal(2:18)"`
	Wide   [16]byte          `parquet:"wide,decimal(12:38)"`
	Exact  [16]byte          `parquet:"exact,decimal(12:38)"`
	ID     [16]byte          `parquet:"id,uuid"`
	Raw    []byte            `parquet:"raw"`
	True   bool              `parquet:"true"`
	List   []int64           `parquet:"list,list"`
	Plain  []string          `parquet:"plain"`
	Map    map[string]*int64 `parquet:"map"`
	Place  parquetPlace      `parquet:"place"`
	People []parquetPerson   `parquet:"people,list"`
	Deep   *parquetDeep      `parquet:"deep,optional"`
}

type parquetPlace struct {
	City string  `parquet:"city"`
	Zip  *string `parquet:"zip,optional"`
}

type parquetPerson struct {
	Name string   `parquet:"name"`
	Tags []string `parquet:"tags,list"`
}

type parquetDeep struct {
	Inner *parquetPlace `parquet:"inner,optional"`
}

func decimal16(text string) (b [16]byte) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		panic(text)
	}
	if n.Sign() < 0 {
		n.Add(n, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	n.FillBytes(b[:])
	return b
}

func parquetOf[T any](tb testing.TB, rows []T, opt ...parquet.WriterOption) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, opt...)
	_, err := w.Write(rows)
	if err = errors.Join(err, w.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func allTypes(tb testing.TB, opt ...parquet.WriterOption) []byte {
	tb.Helper()
	text, n := "متن", int64(7)
	return parquetOf(tb, []parquetRowOfAll{
		{
			Small: -128, Large: 1<<64 - 1, Ratio: 0.1, Text: &text, Day: 19724, Milli: 1704164645123, Nano: 1704164645123456789,
			Old: deprecated.Int96{1e9, 0, 2_440_589}, Time: 36_000_000_001, Money: -150, Wide: decimal16("-1234567890000000000"), Exact: decimal16("1"),
			ID: [16]byte{1, 2, 3}, Raw: []byte{0xFF, 0}, True: true, List: []int64{1, 2}, Plain: []string{"a", "b"}, Map: map[string]*int64{"k": &n},
			Place: parquetPlace{City: "قم"}, People: []parquetPerson{{"x", []string{"t"}}, {"y", nil}}, Deep: &parquetDeep{&parquetPlace{City: "z"}},
		},
		{Exact: decimal16("1000000000000"), Deep: &parquetDeep{}},
	}, opt...)
}

// parquetCells returns the columns of a table and its cells, with source texts.
func parquetCells(t *testing.T, content []byte) map[string]string {
	t.Helper()
	sheets, err := Open(t.Context(), bytes.NewReader(content), int64(len(content)), "t.parquet", Options{})
	if err != nil {
		t.Fatal(err)
	}
	schema, err := sheets[0].Infer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for b, err := range sheets[0].Table(schema).Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		for row := range b.Len {
			for i := range schema {
				cell := append([]byte("|"), schema[i].Append(nil, &b.Columns[i], row)...)
				for _, s := range b.Columns[i].Source {
					if s.Row == row {
						cell = fmt.Appendf(cell, " (%s)", s.Text)
					}
				}
				if b.Columns[i].Null[row] {
					cell = append(cell, "null"...)
				}
				out[schema[i].Name] += string(cell)
			}
		}
	}
	for i := range schema {
		out[schema[i].Name] = schema[i].Type.String() + out[schema[i].Name]
	}
	return out
}

func TestParquetHasTheTypesOfTheFile(t *testing.T) {
	want := map[string]string{
		"small": "integer|-128|0", "large": "decimal|18446744073709552000 (18446744073709551615)|0", "ratio": "decimal|0.1|0", "text": "text|متن|null",
		"day": "date|2024-01-02|1970-01-01", "milli": "datetime|2024-01-02T03:04:05.123Z|1970-01-01T00:00:00Z",
		"nano": "datetime|2024-01-02T03:04:05.123456 (2024-01-02T03:04:05.123456789)|1970-01-01T00:00:00",
		"old":  "datetime|1970-01-02T00:00:01|-4713-11-24T00:00:00", "time": "text|10:00:00.000001|00:00:00", "money": "decimal|-1.50|0.00",
		"wide": "decimal|-1234567.89|0", "exact": "decimal|1e-12 (0.000000000001)|1 (1.000000000000)",
		"id": "text|01020300-0000-0000-0000-000000000000|00000000-0000-0000-0000-000000000000", "raw": "text|0xff00|", "true": "boolean|true|false",
		"list": "text|[1,2]|[]", "plain": `text|["a","b"]|[]`, "map": `text|{"k":7}|{}`, "place.city": "text|قم|", "place.zip": "text|null|null",
		"people": `text|[{"name":"x","tags":["t"]},{"name":"y","tags":[]}]|[]`, "deep.inner": `text|{"city":"z","zip":null}|null`,
	}
	for name, opt := range map[string][]parquet.WriterOption{
		"zstd": {parquet.Compression(&parquet.Zstd)}, "v1": {parquet.DataPageVersion(1), parquet.Compression(&parquet.Snappy)},
		"gzip": {parquet.Compression(&parquet.Gzip)}, "small pages": {parquet.PageBufferSize(8), parquet.MaxRowsPerRowGroup(1)},
	} {
		got := parquetCells(t, allTypes(t, opt...))
		for column, cells := range want {
			if got[column] != cells {
				t.Errorf("%s: %s: %q, want %q", name, column, got[column], cells)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d columns, want %d", name, len(got), len(want))
		}
	}
}

func TestParquetOfManyRowsAndRanges(t *testing.T) {
	type row struct {
		N int64  `parquet:"n"`
		S string `parquet:"s,dict"`
	}
	rows := make([]row, 5000)
	for i := range rows {
		rows[i] = row{int64(i), strings.Repeat("x", i%7)}
	}
	content := parquetOf(t, rows, parquet.MaxRowsPerRowGroup(1500), parquet.PageBufferSize(1000))
	sheets, err := Open(t.Context(), bytes.NewReader(content), int64(len(content)), "t.parquet", Options{})
	if err != nil {
		t.Fatal(err)
	}
	schema, err := sheets[0].Infer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range [][2]int64{{0, -1}, {1499, 1501}, {3000, 3000}, {4999, 9000}, {100, 4500}} {
		next, to := r[0], min(r[1], 5000)
		if r[1] < 0 {
			to = 5000
		}
		for b, err := range sheets[0].Table(schema).Scan(r[0], r[1]) {
			if err != nil {
				t.Fatal(err)
			}
			if b.First != next {
				t.Fatalf("%v: a batch begins at %d, not at %d", r, b.First, next)
			}
			for i := range b.Len {
				if b.Columns[0].Int[i] != next || len(b.Columns[1].Text[i]) != int(next%7) {
					t.Fatalf("%v: row %d holds %d", r, next, b.Columns[0].Int[i])
				}
				next++
			}
		}
		if next != max(to, r[0]) {
			t.Errorf("%v: ends at %d", r, next)
		}
	}
}

func TestParquetThatCannotBeRead(t *testing.T) {
	f := openFiles(t)
	good := string(allTypes(t))
	footer := func(length uint32) string {
		return good[:len(good)-8] + string(binary.LittleEndian.AppendUint32(nil, length)) + "PAR1"
	}
	nested := strings.Repeat("\x1C", 100)
	for name, c := range map[string]struct{ content, fault string }{
		"encrypted":   {good[:len(good)-4] + "PARE", "encrypted"},
		"cut off":     {good[:len(good)/2], "its end is missing"},
		"tiny":        {"PAR1PAR1", "only 8 bytes"},
		"long footer": {footer(1 << 31), "its description has"},
		"odd footer":  {footer(7), "description cannot be read"},
		"deep footer": {"PAR1" + nested + "\x64\x00\x00\x00PAR1", "more parts"},
		"many items":  {"PAR1\x29\xFC\xFF\xFF\xFF\xFF\x07\x00\x00\x00\x00\x0B\x00\x00\x00PAR1", "description cannot be read"},
	} {
		im := importText(t, f, c.content, ImportOptions{})
		if len(im.Tables) > 0 || !strings.Contains(im.Fault, c.fault) {
			t.Errorf("%s: %d tables, fault %q", name, len(im.Tables), im.Fault)
		}
	}
}

// No byte of a file that is changed makes more of it than a fault.
func TestParquetWithDamagedBytes(t *testing.T) {
	good := allTypes(t, parquet.Compression(&parquet.Snappy))
	for at := 4; at < len(good)-8; at += 11 {
		for _, x := range []byte{0x00, 0x7F, 0xFF} {
			bad := bytes.Clone(good)
			bad[at] = x
			readAll(t, bad)
		}
	}
}

// readAll reads a file that may be anything.
func readAll(tb testing.TB, content []byte) {
	tb.Helper()
	err := parse("t.parquet", func() error {
		sheets, err := openParquet(tb.Context(), bytes.NewReader(content), int64(len(content)), "t.parquet", Options{})
		if err != nil {
			return err
		}
		for b, err := range sheets[0].Table(sheets[0].given.Schema).Scan(0, 10_000) {
			if err != nil {
				return err
			}
			if b.Len > BatchRows {
				tb.Errorf("a batch of %d rows", b.Len)
			}
		}
		return nil
	})
	var fault *FileError
	if err != nil && !errors.As(err, &fault) && !errors.Is(err, io.EOF) {
		tb.Errorf("%v is no fault of the file", err)
	}
}

// The bytes of geometries are left out, with a note, whether the type of the
// column says what they are or the metadata of GeoParquet.
func TestParquetWithoutItsGeometries(t *testing.T) {
	type place struct {
		Name     string `parquet:"name"`
		Outline  []byte `parquet:"outline,geometry"`
		Geometry []byte `parquet:"geometry"`
		Raw      []byte `parquet:"raw"`
	}
	point := append([]byte{1, 1, 0, 0, 0}, make([]byte, 16)...)
	rows := []place{{"قم", point, point, []byte("text")}}
	geo := parquet.KeyValueMetadata("geo", `{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB"},"name":{}}}`)
	for name, c := range map[string]struct {
		content []byte
		columns []string
		note    string
	}{
		"typed":          {parquetOf(t, rows), []string{"name", "geometry", "raw"}, `The column "outline" has geometries`},
		"typed or named": {parquetOf(t, rows, geo), []string{"name", "raw"}, `The columns "outline", "geometry" have geometries`},
		"broken geo":     {parquetOf(t, rows, parquet.KeyValueMetadata("geo", `{"columns":[`)), []string{"name", "geometry", "raw"}, `The column "outline"`},
	} {
		sheets, err := Open(t.Context(), bytes.NewReader(c.content), int64(len(c.content)), "t.parquet", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s := sheets[0]; !slices.Equal(s.Header, c.columns) || len(s.Notes) != 1 || !strings.HasPrefix(s.Notes[0], c.note) {
			t.Errorf("%s: columns %q, notes %q", name, s.Header, s.Notes)
		}
	}
	type only struct {
		Outline []byte `parquet:"outline,geometry"`
	}
	content := parquetOf(t, []only{{point}})
	if _, err := Open(t.Context(), bytes.NewReader(content), int64(len(content)), "t.parquet", Options{}); err == nil || !strings.Contains(err.Error(), "geometries only") {
		t.Errorf("geometries alone: %v", err)
	}
}

func FuzzParquet(f *testing.F) {
	f.Add(allTypes(f))
	f.Add(allTypes(f, parquet.DataPageVersion(1), parquet.Compression(&parquet.Snappy), parquet.PageBufferSize(8)))
	f.Fuzz(func(t *testing.T, content []byte) { readAll(t, content) })
}

func FuzzZIP(f *testing.F) {
	f.Add([]byte(ziptest.Pack(f, ziptest.Member{Name: "a.csv", Content: "a,b\n1,2\n"}, ziptest.Member{Name: "b/", Content: ""}, ziptest.Member{Name: "c.zip", Content: ziptest.Pack(f)})))
	f.Fuzz(func(t *testing.T, content []byte) {
		files := openFiles(t)
		im := &importing{files: files, name: "t.zip"}
		err := parse("t.zip", func() error { return im.loadArchive(t.Context(), bytes.NewReader(content), int64(len(content))) })
		var fault *FileError
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("%v is no fault of the file", err)
		}
	})
}
