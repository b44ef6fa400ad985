package main

import (
	"flag"
	"os"
	"os/exec"
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
	base, _ := p.serve()
	cmd := exec.CommandContext(t.Context(), "node", "run.mjs", "--base", base)
	cmd.Dir = "../../site/browser"
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
}
