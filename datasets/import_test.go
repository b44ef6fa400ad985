package datasets

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"strings"
	"testing"
	"time"
)

func importText(t *testing.T, f *Files, content string, opt ImportOptions) *Imported {
	t.Helper()
	digest, _, err := f.Put(t.Context(), strings.NewReader(content), 0)
	if err != nil {
		t.Fatal(err)
	}
	im, err := Import(t.Context(), f, digest, "a.csv", opt)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func TestImportOfATable(t *testing.T) {
	f := openFiles(t)
	var told []int64
	im := importText(t, f, "کد,name,day\n007,علی,1403/05/12\n008,رضا,1403/05/13\n", ImportOptions{Progress: func(n int64) { told = append(told, n) }})
	if im.Format != "csv" || im.Container || im.Fault != "" || len(im.Tables) != 1 {
		t.Fatalf("imported %+v", im)
	}
	table := im.Tables[0]
	if table.Rows != 2 || len(table.Profile) != 3 || table.Profile[0].Distinct != 2 {
		t.Fatalf("table %+v", table)
	}
	wantEqual(t, "progress", told, []int64{2})
	r, err := f.Rows(table.Digest)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`false "007"|false "علی"|false "2024-08-02" from "1403/05/12"|`,
		`false "008"|false "رضا"|false "2024-08-03" from "1403/05/13"|`,
	}
	wantEqual(t, "rows", dump(t, r.Table(), 0, -1), want)
}

func TestImportOfWhatIsNoTable(t *testing.T) {
	f := openFiles(t)
	for name, c := range map[string]struct{ content, fault string }{
		"empty":     {"", "empty"},
		"web page":  {"<!DOCTYPE html><html><body>Not found</body></html>", "web page"},
		"pdf":       {"%PDF-1.4\n%âãÏÓ\n", "PDF"},
		"header":    {"a,b,c\n", "no rows"},
		"zip":       {"PK\x03\x04" + strings.Repeat("\x00", 100), "ZIP"},
		"long line": {"a,b\n1," + strings.Repeat("x", 100<<20) + "\n", "row 2"},
	} {
		im := importText(t, f, c.content, ImportOptions{})
		if len(im.Tables) > 0 || !strings.Contains(im.Fault, c.fault) {
			t.Errorf("%s: %d tables, fault %q", name, len(im.Tables), im.Fault)
		}
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}

func TestImportLimits(t *testing.T) {
	f := openFiles(t)
	content := "a,b\n" + strings.Repeat("1,2\n", 50_000)
	for want, opt := range map[string]ImportOptions{
		"more than 20000 rows": {MaxRows: 20_000},
		"at most 1 KiB":        {MaxBytes: 1024},
		"took longer than":     {MaxTime: time.Nanosecond},
	} {
		im := importText(t, f, content, opt)
		if len(im.Tables) > 0 || !strings.Contains(im.Fault, want) {
			t.Errorf("%d tables, fault %q, want %q", len(im.Tables), im.Fault, want)
		}
	}
	if im := importText(t, f, content, ImportOptions{MaxRows: 50_000}); im.Fault != "" || im.Tables[0].Rows != 50_000 {
		t.Errorf("at the limit: fault %q", im.Fault)
	}
}

func TestImportErrorsThatAreNotOfTheFile(t *testing.T) {
	f := openFiles(t)
	if _, err := Import(t.Context(), f, strings.Repeat("0", 64), "a.csv", ImportOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent file: error %v", err)
	}
	digest, _, err := f.Put(t.Context(), strings.NewReader("a,b\n1,2\n"), 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Import(ctx, f, digest, "a.csv", ImportOptions{MaxTime: time.Hour}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled import: error %v", err)
	}
}

func TestPanicOfAReaderIsAFaultOfTheFile(t *testing.T) {
	f := openFiles(t)
	table := oneCell(Column{Name: "c", Type: Integer}, Vector{Int: []int64{1}})
	table.Scan = func(int64, int64) iter.Seq2[*Batch, error] {
		return func(func(*Batch, error) bool) { panic("index out of range") }
	}
	err := parse("a.csv", func() error {
		_, err := f.PutRows(t.Context(), table, nil)
		return err
	})
	var fault *FileError
	if !errors.As(err, &fault) || fault.File != "a.csv" || !strings.Contains(fault.Text, "index out of range") {
		t.Fatalf("error %v", err)
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}
