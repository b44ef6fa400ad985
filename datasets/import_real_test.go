package datasets

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// TestRealFilesSurviveTheirRowFile imports every real file and compares each
// cell and source text that the reader gives with what comes back.
func TestRealFilesSurviveTheirRowFile(t *testing.T) {
	root, paths := realFiles(t)
	f := openFiles(t)
	tables := 0
	for _, path := range paths {
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { tables += checkReal(t, f, path) })
	}
	if tables < len(paths)/2 {
		t.Errorf("%d tables in %d files", tables, len(paths))
	}
}

func checkReal(t *testing.T, f *Files, path string) (tables int) {
	t.Helper()
	if filepath.Ext(path) == ".zip" {
		t.Skip("its members are read one by one")
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	digest, size, err := f.Put(t.Context(), file, 0)
	if err != nil {
		t.Fatal(err)
	}
	im, err := Import(t.Context(), f, digest, filepath.Base(path), ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sheets, err := Open(t.Context(), file, size, filepath.Base(path), Options{})
	var fault *FileError
	if errors.As(err, &fault) && im.Fault != "" {
		return 0
	}
	if err != nil {
		t.Fatalf("%v, and the import says %q", err, im.Fault)
	}
	for _, sheet := range sheets {
		schema, err := sheet.Infer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if tables >= len(im.Tables) || im.Tables[tables].Name != sheet.Name {
			continue // it has no rows
		}
		checkRealTable(t, f, sheet.Table(schema), &im.Tables[tables])
		tables++
	}
	if tables != len(im.Tables) || tables == 0 && im.Fault == "" {
		t.Errorf("%d tables of %d are sheets, fault %q", tables, len(im.Tables), im.Fault)
	}
	return tables
}

func checkRealTable(t *testing.T, f *Files, table *Table, im *ImportedTable) {
	t.Helper()
	r, err := f.Rows(im.Digest)
	if err != nil {
		t.Fatal(err)
	}
	want := dump(t, table, 0, -1)
	if got := dump(t, r.Table(), 0, -1); !reflect.DeepEqual(got, want) || int64(len(want)) != im.Rows {
		t.Errorf("%d rows come back, %d went in, %d were counted", len(got), len(want), im.Rows)
	}
	if err := r.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	const most = 3000 // rows that are worked through without a database
	if im.Rows > most {
		return
	}
	for c := range r.Schema() {
		p := &im.Profile[c]
		if p.Rows == p.Nulls {
			continue
		}
		naiveColumn(t, table, c).check(t, &r.Schema()[c], p, false)
	}
	q := RowQuery{Sort: []Sort{{r.Schema()[0].Name, true}}, Size: MaxSize}
	wantEqual(t, "sorted rows", walk(t, r, q), naiveOrder(t, table, q.Sort, nil))
}
