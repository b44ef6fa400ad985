package main

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// given stores a file and reads it, as the desk does.
func (s *siege) given(t *testing.T, name, content string) (g catalog.Given) {
	t.Helper()
	g.File.Name = name
	var err error
	if g.File.Digest, g.File.Size, err = s.portal.files.Put(t.Context(), strings.NewReader(content), 0); err == nil {
		g.Imported, err = datasets.Import(t.Context(), s.portal.files, g.File.Digest, name, datasets.ImportOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// table is a small table that harms nobody.
func (s *siege) table(t *testing.T) catalog.Given {
	t.Helper()
	return s.given(t, "table.csv", "n,name\n1,a\n2,b\n")
}
