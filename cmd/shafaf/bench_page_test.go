package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The document of what was measured. What stands between the marks is written
// anew; the rest is written by people.
const (
	benchPage  = "../../docs/performance.md"
	benchBegin = "<!-- measured: make bench writes this -->\n"
	benchEnd   = "<!-- end of what make bench writes -->\n"
)

// writePerformance writes what all benchmarks have shown, each the last time
// that it was run, into the document.
func writePerformance() error {
	page, err := os.ReadFile(benchPage)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(page), benchBegin)
	_, after, ended := strings.Cut(rest, benchEnd)
	if !ok || !ended {
		return fmt.Errorf("%s lacks its marks %q and %q", benchPage, benchBegin, benchEnd)
	}
	var kept []result
	for _, m := range benchmarks() {
		r, err := readResult(m.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		kept = append(kept, r)
	}
	return os.WriteFile(benchPage, []byte(before+benchBegin+measured(kept)+benchEnd+after), 0o644)
}

func readResult(name string) (r result, err error) {
	text, err := os.ReadFile(filepath.Join(benchResults, name+".json"))
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	return r, err
}

// measured is the text of results: what was wanted of all, then each with its
// figures.
func measured(kept []result) string {
	var b strings.Builder
	b.WriteString("\n## What is wanted, and what came\n\n| work | wanted | measured | |\n|---|---|---|---|\n")
	for i := range kept {
		for _, g := range kept[i].Goals {
			fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", kept[i].Title, anchor(kept[i].Title), g.Goal, g.Measured, bold(g.Met))
		}
	}
	for i := range kept {
		writeResult(&b, &kept[i])
	}
	return b.String()
}

func bold(met string) string {
	if met == "met" {
		return met
	}
	return "**" + met + "**"
}

// anchor is the place of a heading in its page.
func anchor(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, strings.ToLower(title))
}

func writeResult(b *strings.Builder, r *result) {
	fmt.Fprintf(b, "\n## %s\n\n`make bench NAME=%s`, %s, %d processors, %s; load when it began: %s.\n", r.Title, r.Name, r.Date, r.Cores, r.Go, r.Load)
	for _, t := range r.Tables {
		fmt.Fprintf(b, "\n| %s |\n%s|\n", strings.Join(t.Columns, " | "), strings.Repeat("|---", len(t.Columns)))
		for _, row := range t.Rows {
			fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n" + strings.Join(r.Notes, "  \n") + "\n")
	}
}
