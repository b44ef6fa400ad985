package datasets

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every real file of JSON reads as the golden table says, and gives its cells
// back.
func TestRealJSON(t *testing.T) {
	root, _ := realFiles(t)
	var got strings.Builder
	for _, folder := range []string{
		"geojson", "fa-ar-data", "fa-ar-texts", "fiscal", "csv", "socrata", "opendatasoft", "arcgis-hub",
		"datajson", "ckan", "federal-register",
	} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && slices.Contains([]string{".json", ".jsonl", ".geojson"}, filepath.Ext(path)) {
				describeJSON(t, &got, root, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "realjson.golden", got.String())
}

func describeJSON(t *testing.T, b *strings.Builder, root, path string) {
	t.Helper()
	name, err := filepath.Rel(root, path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	sheets, err := Open(t.Context(), f, info.Size(), name, Options{})
	if err != nil {
		fmt.Fprintf(b, "%s\n\t%v\n", name, err)
	}
	for _, s := range sheets {
		schema, err := s.Infer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		describeSheet(b, name, s, schema, checkRoundTrip(t, s, schema))
	}
}
