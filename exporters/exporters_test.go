package exporters

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden compares every format with files that a person has read.
func TestGolden(t *testing.T) {
	for _, format := range Formats() {
		for _, o := range []struct {
			name string
			Options
		}{{"", Options{Title: "استان‌ها: ۱۴۰۳/۰۵"}}, {".raw", Options{Raw: true}}} {
			t.Run(format.Ext+o.name, func(t *testing.T) {
				got := readable(t, format.Ext, export(t, format.Ext, awkward(), o.Options))
				path := filepath.Join("testdata", "golden", "awkward"+o.name+"."+format.Ext)
				if format.Ext == "xlsx" || format.Ext == "parquet" {
					path += ".txt"
				}
				if *update {
					if err := os.WriteFile(path, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatalf("%v: run this test with -update and read what it writes", err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s differs:\n%s", path, firstDifference(got, want))
				}
			})
		}
	}
}

func firstDifference(got, want []byte) string {
	g, w := strings.SplitAfter(string(got), "\n"), strings.SplitAfter(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %q\nwant %q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// readable returns the file, or for one that is not text what it holds.
func readable(t *testing.T, ext string, file []byte) []byte {
	t.Helper()
	switch ext {
	case "xlsx":
		return readableZIP(t, file)
	case "parquet":
		return readableParquet(t, file)
	}
	return file
}

func readableZIP(t *testing.T, file []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, part := range z.File {
		fmt.Fprintf(&b, "== %s\n", part.Name)
		if !strings.HasPrefix(part.Name, "xl/w") { // what we make ourselves, and the workbook
			continue
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		xml, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", regexp.MustCompile(`(<(?:row|c|cols|sheetData|autoFilter|sheets|definedNames)[ >])`).ReplaceAll(xml, []byte("\n$1")))
	}
	return b.Bytes()
}

func readableParquet(t *testing.T, file []byte) []byte {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", f.Schema())
	for _, row := range parquetRows(t, f) {
		for i, v := range row {
			fmt.Fprintf(&b, "%q: %+q\n", f.Schema().Columns()[i][0], v.String())
		}
		fmt.Fprintln(&b)
	}
	return b.Bytes()
}

func parquetRows(t *testing.T, f *parquet.File) []parquet.Row {
	t.Helper()
	var all []parquet.Row
	for _, g := range f.RowGroups() {
		r := g.Rows()
		defer r.Close()
		for {
			rows := make([]parquet.Row, 1)
			n, err := r.ReadRows(rows)
			if n == 1 {
				all = append(all, rows[0].Clone())
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

func TestHeaderIsUniqueAndPrefersLabels(t *testing.T) {
	for _, c := range []struct{ labels, names, want string }{
		{"a|b", "x|y", "a|b"},
		{"a|a|b", "a|a_2|b", "a|a_2|b"},
		{"|b", "column_1|b", "column_1|b"},
		{"a|a|a_2", "a|a_2|a_2_2", "a|a_2|a_2_2"},
		{"b|a|a", "x|b|c", "x|b|c"},
	} {
		var s datasets.Schema
		labels := strings.Split(c.labels, "|")
		for i, name := range strings.Split(c.names, "|") {
			s = append(s, datasets.Column{Name: name, Label: labels[i]})
		}
		if got := strings.Join(Header(s), "|"); got != c.want {
			t.Errorf("labels %s, names %s: %s, want %s", c.labels, c.names, got, c.want)
		}
	}
}

func TestEmptyTableHasItsHeader(t *testing.T) {
	empty := table(awkward().Schema, 1)
	for ext, want := range map[string]string{"json": "[\n\n]\n", "jsonl": ""} {
		if got := string(export(t, ext, empty, Options{})); got != want {
			t.Errorf("%s: %q, want %q", ext, got, want)
		}
	}
	if got := bytes.Count(export(t, "csv", empty, Options{}), []byte("\r\n")); got != 1 {
		t.Errorf("csv: %d lines, want 1", got)
	}
	sheets := readableZIP(t, export(t, "xlsx", empty, Options{}))
	if !bytes.Contains(sheets, []byte(`dimension ref="A1:O1"`)) {
		t.Errorf("xlsx: %s", sheets)
	}
	if got := readableParquet(t, export(t, "parquet", empty, Options{})); !bytes.Contains(got, []byte("national_id")) && !bytes.Contains(got, []byte("شناسه ملی")) {
		t.Errorf("parquet: %s", got)
	}
}

// TestWrongRowCountIsAnError: a table that yields fewer rows than it has must
// not become a file that looks complete.
func TestWrongRowCountIsAnError(t *testing.T) {
	for _, format := range Formats() {
		short := awkward()
		short.Rows++
		err := format.Write(t.Context(), io.Discard, short, Options{})
		if err == nil || !strings.Contains(err.Error(), "7 rows, but 6") {
			t.Errorf("%s: %v", format.Ext, err)
		}
	}
}

func TestUnknownRowCountIsWritten(t *testing.T) {
	for _, format := range Formats() {
		want := export(t, format.Ext, awkward(), Options{})
		unknown := awkward()
		unknown.Rows = -1
		if got := export(t, format.Ext, unknown, Options{}); !bytes.Equal(got, want) {
			t.Errorf("%s differs when the rows are not counted", format.Ext)
		}
	}
}

func TestSameTableGivesSameFile(t *testing.T) {
	for _, format := range Formats() {
		if !bytes.Equal(export(t, format.Ext, spend(5000), Options{}), export(t, format.Ext, spend(5000), Options{})) {
			t.Errorf("%s is not the same twice", format.Ext)
		}
	}
}

func TestProgressCountsRows(t *testing.T) {
	for _, format := range Formats() {
		var last int64
		export(t, format.Ext, awkward(), Options{Progress: func(rows int64) { last = rows }})
		if last != 6 {
			t.Errorf("%s: %d rows, want 6", format.Ext, last)
		}
	}
}

func TestKeysAreDistinct(t *testing.T) {
	seen := map[string]Options{}
	for _, o := range []Options{{}, {Raw: true}, {NoEscape: true}, {BOM: true}, {Raw: true, BOM: true}, {Title: "a"}, {Title: "b"}} {
		if other, ok := seen[o.Key()]; ok {
			t.Errorf("%+v and %+v have the key %q", o, other, o.Key())
		}
		seen[o.Key()] = o
		if !regexp.MustCompile(`^[a-z0-9-]*$`).MatchString(o.Key()) {
			t.Errorf("key %q", o.Key())
		}
	}
}
