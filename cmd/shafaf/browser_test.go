package main

import (
	"cmp"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var browser = flag.Bool("browser", false, "go over the pages with a browser")

// TestBrowser runs site/browser over a demonstration portal.
func TestBrowser(t *testing.T) {
	if !*browser {
		t.Skip("make browser runs it")
	}
	p := newProgram(t)
	p.run("demo")
	p.run("dataset", "takedown", "bus-lines", "--reason", "The test of the pages of what was removed.")
	base, _ := p.serve("--limit", "off") // no reader is as quick
	node(t, "run.mjs", "--base", base)
}

// TestBrowserDesk lets a browser go the way of a new portal, from the link of
// the first operator to the dataset that a citizen finds.
func TestBrowserDesk(t *testing.T) {
	if !*browser {
		t.Skip("make browser runs it")
	}
	files, err := filepath.Abs(filepath.Join(cmp.Or(os.Getenv("SHAFAF_FILES"), "../../../shared/data"), "fa-ar-data"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(files); err != nil {
		t.Skipf("there are no real files to upload: %v", err)
	}
	p := newProgram(t)
	p.run("dataset", "list") // makes the folder
	base, _ := p.serve()
	link, _, _ := strings.Cut(p.run("user", "add", "--operator", "--email", "omid@example.org").out, "\n")
	node(t, "desk.mjs", "--base", strings.Replace(base, "127.0.0.1", "localhost", 1), "--link", link, "--files", files)
}

// node runs a script of the browser tests, which fails when it found something.
func node(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", args...)
	cmd.Dir = "../../site/browser"
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
}
