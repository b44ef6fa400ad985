package datasets

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// realFolders hold files of real governments that must read right.
var realFolders = []string{"csv", "fa-ar-data", "xlsx", "fiscal", "fa-ar-texts", "federal-register", "datajson", "regulations-gov", "xls", "ods", "waf-html", "geojson"}

// realKinds are the endings of files of tables.
var realKinds = []string{".csv", ".tsv", ".xlsx", ".xls", ".ods", ".html", ".htm", ".geojson", ".zip"}

// realFiles returns the files of a table kind under SHAFAF_FILES, by their path there.
func realFiles(t *testing.T) (root string, paths []string) {
	t.Helper()
	if root = os.Getenv("SHAFAF_FILES"); root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("the real files are not here: set SHAFAF_FILES to their folder")
	}
	for _, folder := range realFolders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err == nil && filepath.Base(path) == "daily-2013-2014.zip" { // 730 small tables of one form
				return nil
			}
			if err == nil && !d.IsDir() && slices.Contains(realKinds, filepath.Ext(path)) {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return root, paths
}

// Every real file reads as the golden table says, and gives its cells back.
func TestRealFiles(t *testing.T) {
	root, paths := realFiles(t)
	var got strings.Builder
	for _, path := range paths {
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(path) == ".zip" {
			describeArchive(t, &got, name, path)
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		sheets, err := Open(t.Context(), f, info.Size(), name, Options{})
		if err != nil {
			fmt.Fprintf(&got, "%s\n\t%v\n", name, err)
		}
		for _, s := range sheets {
			schema, err := s.Infer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			rows := checkRoundTrip(t, s, schema)
			describeSheet(&got, name, s, schema, rows)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "realfiles.golden", got.String())
}

// describeSheet writes what a sheet is, without any of its content.
func describeSheet(b *strings.Builder, name string, s *Sheet, schema Schema, rows int64) {
	_, faults := s.Faults()
	fmt.Fprintf(b, "%s", name)
	if s.Name != "" {
		fmt.Fprintf(b, " %q", s.Name)
	}
	fmt.Fprintf(b, "\n\t%d rows, %d columns", rows, len(schema))
	if s.Encoding != "" {
		fmt.Fprintf(b, ", %s, delimiter %q", s.Encoding, s.Delimiter)
	}
	fmt.Fprintf(b, ", header in row %d, %d notes, %d faults", s.HeaderRow, len(s.Notes), faults)
	if len(s.Totals) > 0 {
		fmt.Fprintf(b, ", totals %v", s.Totals)
	}
	b.WriteString("\n\t")
	describeColumns(b, schema)
}

// describeArchive writes what the tables of an archive are.
func describeArchive(t *testing.T, b *strings.Builder, name, path string) {
	t.Helper()
	f := openFiles(t)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	digest, _, err := f.Put(t.Context(), file, 0)
	if err != nil {
		t.Fatal(err)
	}
	im, err := Import(t.Context(), f, digest, filepath.Base(path), ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if im.Fault != "" {
		fmt.Fprintf(b, "%s\n\t%s\n", name, im.Fault)
	}
	last, same := "", 0
	for i, table := range im.Tables {
		r, err := f.Rows(table.Digest)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Verify(t.Context()); err != nil {
			t.Error(err)
		}
		var d strings.Builder
		fmt.Fprintf(&d, "\t%d rows, %d columns, %d notes, %d faults", table.Rows, len(table.Schema), len(table.Notes), table.FaultsN)
		if len(r.Totals()) > 0 {
			fmt.Fprintf(&d, ", totals %v", r.Totals())
		}
		d.WriteString("\n\t")
		describeColumns(&d, table.Schema)
		if d.String() == last && i < len(im.Tables)-1 {
			same++
			continue
		}
		if same > 0 {
			fmt.Fprintf(b, "\tand %d more of this kind\n", same)
		}
		fmt.Fprintf(b, "%s %q\n%s", name, table.Name, d.String())
		last, same = d.String(), 0
	}
}

func describeColumns(b *strings.Builder, schema Schema) {
	last, n := "", 0
	flush := func() {
		switch {
		case n == 1:
			fmt.Fprintf(b, "%s; ", last)
		case n > 1:
			fmt.Fprintf(b, "%s ×%d; ", last, n)
		}
	}
	for i := range schema {
		if d := describe(&schema[i]); d != last {
			flush()
			last, n = d, 0
		}
		n++
	}
	flush()
	b.WriteByte('\n')
}

// golden compares text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(old) || old[i] != line {
			t.Fatalf("line %d differs from %s:\n%s", i+1, path, line)
		}
	}
	if len(old) != strings.Count(got, "\n")+1 {
		t.Errorf("%s has more lines", path)
	}
}

// checkRoundTrip reads a sheet as records and as a table and checks that the
// table has every row, and that source text or canonical print are the cells.
// It returns the number of rows.
func checkRoundTrip(t *testing.T, s *Sheet, schema Schema) int64 {
	t.Helper()
	total := int64(0)
	rows := tableCells(t, s, schema)
	for rec, err := range s.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if total >= int64(len(rows)) {
			t.Fatalf("%s: the table ends after %d rows", s.file, len(rows))
		}
		row := rows[total]
		total++
		for i := range schema {
			cell := s.columns[i].cell
			if cell < 0 {
				checkExtra(t, s, rec, row[i])
				continue
			}
			want := ""
			if cell < len(rec.Cells) {
				want = string(rec.Cells[cell].Text)
			}
			if row[i] != want {
				t.Fatalf("%s: row %d column %q gives %q back, the file has %q", s.file, rec.Row, schema[i].Name, row[i], want)
			}
		}
	}
	if total != int64(len(rows)) {
		t.Fatalf("%s: the table has %d rows of %d", s.file, len(rows), total)
	}
	return total
}

// checkExtra checks the cells beyond the last column.
func checkExtra(t *testing.T, s *Sheet, rec *Record, got string) {
	t.Helper()
	if len(rec.Cells) <= s.width || filled(rec.Cells[s.width:]) == 0 {
		if got != "" {
			t.Fatalf("row %d has extra cells %q", rec.Row, got)
		}
		return
	}
	var cells []string
	if err := json.Unmarshal([]byte(got), &cells); err != nil {
		t.Fatalf("row %d: %q: %v", rec.Row, got, err)
	}
	for i, c := range rec.Cells[s.width:] {
		if cells[i] != string(c.Text) {
			t.Fatalf("row %d: extra cell %q, want %q", rec.Row, cells[i], c.Text)
		}
	}
}

// tableCells returns source text or canonical print of all cells of a table.
func tableCells(t *testing.T, s *Sheet, schema Schema) [][]string {
	t.Helper()
	var rows [][]string
	for b, err := range s.Table(schema).Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		from := len(rows)
		for range b.Len {
			rows = append(rows, make([]string, len(schema)))
		}
		for i := range schema {
			v := &b.Columns[i]
			for r := range b.Len {
				rows[from+r][i] = string(schema[i].Append(nil, v, r))
			}
			for _, src := range v.Source {
				if rows[from+src.Row][i] == src.Text {
					t.Fatalf("%s: column %q keeps the source %q, which is its print", s.file, schema[i].Name, src.Text)
				}
				rows[from+src.Row][i] = src.Text
			}
		}
	}
	return rows
}

// Another CSV reader finds the same cells in the real files that it can read:
// those in UTF-8 without bare CR.
func TestRealFilesAgainstEncodingCSV(t *testing.T) {
	_, paths := realFiles(t)
	compared := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if ext := filepath.Ext(path); ext != ".csv" && ext != ".tsv" {
			continue
		}
		sheets, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := sheets[0]
		bare := bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n"))
		if s.Encoding != "utf-8" || s.Delimiter == "" || bare {
			continue
		}
		compareCSV(t, path, s, text)
		compared++
	}
	if compared < 50 {
		t.Errorf("only %d files were compared", compared)
	}
}

func compareCSV(t *testing.T, path string, s *Sheet, text []byte) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = rune(s.Delimiter[0]), -1, true
	want, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	empty := func(rec []string) bool { return len(rec) == 1 && rec[0] == "" }
	want = slices.DeleteFunc(want, empty) // as encoding/csv does with empty lines
	n := 0
	for rec, err := range s.records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if len(rec.Cells) == 1 && len(rec.Cells[0].Text) == 0 {
			continue
		}
		if n >= len(want) || len(want[n]) != len(rec.Cells) {
			t.Fatalf("%s: record %d has %d cells", path, rec.Row, len(rec.Cells))
		}
		for i, c := range rec.Cells {
			if got := strings.ReplaceAll(string(c.Text), "\r\n", "\n"); got != want[n][i] {
				t.Fatalf("%s: record %d cell %d is %q, want %q", path, rec.Row, i+1, got, want[n][i])
			}
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%s: %d records, want %d", path, n, len(want))
	}
}
