package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/harvesters"
	"github.com/openshafaf/shafaf/site"

	"github.com/alecthomas/kong"
)

// TestDocs holds the documentation to the program: each command, flag, kind of
// source, format and address stands in it.
func TestDocs(t *testing.T) {
	docs := readDocs(t)
	var c commands
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range parser.Model.Leaves(false) {
		path := "shafaf " + strings.TrimPrefix(n.Path(), "shafaf ")
		if !strings.Contains(docs, path) {
			t.Errorf("the command %q stands in no document", path)
		}
		for _, group := range n.AllFlags(false) {
			for _, f := range group {
				if !strings.Contains(docs, "`--"+f.Name) {
					t.Errorf("the flag --%s of %s stands in no document", f.Name, path)
				}
			}
		}
	}
	for _, kind := range harvesters.Kinds() {
		wantDoc(t, docs, "`"+kind+"`", "kind of source")
	}
	for _, f := range exporters.Formats() {
		wantDoc(t, docs, "`"+f.Ext+"`", "format")
	}
	for _, r := range site.Routes() {
		wantDoc(t, docs, "`"+r.Path+"`", "address")
	}
}

func wantDoc(t *testing.T, docs, what, kind string) {
	t.Helper()
	if !strings.Contains(docs, what) {
		t.Errorf("the %s %s stands in no document", kind, what)
	}
}

func readDocs(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	var b strings.Builder
	for _, name := range slices.Concat(files, []string{"../../README.md"}) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	return b.String()
}
