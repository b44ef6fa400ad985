package harvesters_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/harvesters"
)

// isSaid checks that a sentence for people outside is what the tables say in
// English of its parts, so that pages can say it in their language.
func isSaid(tb testing.TB, text string, said []catalog.Said) {
	tb.Helper()
	table := catalog.Sayings()
	maps.Copy(table, harvesters.Sayings())
	maps.Copy(table, lawtext.Sayings())
	var parts []string
	for _, s := range said {
		format, known := table[s.Kind]
		if !known {
			tb.Errorf("no table has the kind %q of %q", s.Kind, text)
		}
		part, _ := datasets.NewSaid(s.Kind, format, s.Args...)
		parts = append(parts, part)
	}
	if got := strings.Join(parts, catalog.SentenceEnd); got != text {
		tb.Errorf("%q is said of %+v, by the tables %q", text, said, got)
	}
}

// faultsAreSaid is isSaid for the reason of a run and for all its faults.
func faultsAreSaid(tb testing.TB, d harvesters.Deps, run *catalog.Run) {
	tb.Helper()
	isSaid(tb, run.Reason, run.Said)
	faults, _, err := d.Store.RunFaults(tb.Context(), run.ID, 0, 100_000)
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range faults {
		isSaid(tb, f.Text, f.Said)
	}
}

// TestBrokenJSONIsSaid breaks a document in every way.
func TestBrokenJSONIsSaid(t *testing.T) {
	for kind, content := range map[string]string{
		"json.cut":      `{"dataset": [{"title": "a`,
		"json.after":    `{"dataset": []} more`,
		"json.comma":    `{"dataset": [{"title": "a"} {"title": "b"}]}`,
		"json.trailing": `{"dataset": [1, ]}`,
		"json.name":     `{"dataset": [{3: 4}]}`,
		"json.colon":    `{"dataset": [{"title" "a"}]}`,
		"json.value":    `{"dataset": [} ]}`,
		"json.escape":   `{"dataset": [{"title": "a\x"}]}`,
		"json.unicode":  `{"dataset": [{"title": "a\u12x4"}]}`,
		"json.word":     `{"dataset": [{"title": nil}]}`,
		"json.number":   `{"dataset": [{"size": 1.2.3}]}`,
	} {
		t.Run(kind, func(t *testing.T) {
			d := newDeps(t)
			run := harvest(t, d, addSource(t, d, "datajson", writeFile(t, "data.json", content)))
			if len(run.Said) == 0 || run.Said[0].Kind != kind {
				t.Errorf("%s: %q", run.State, run.Reason)
			}
		})
	}
}

// kindAt is which argument of a call is the kind of a sentence.
var kindAt = map[string]int{"say": 0, "then": 1, "fault": 1, "skip": 1, "note": 1, "Bad": 0}

// TestEverySayingIsSaid looks through the program: a kind that nothing says has
// no place in the table, and one that is not in it cannot be said.
func TestEverySayingIsSaid(t *testing.T) {
	table, quoted := harvesters.Sayings(), map[string]bool{}
	look := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			quoted[strings.Trim(n.Value, "`\"")] = true
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			at, says := kindAt[name]
			if !says || at >= len(n.Args) {
				break
			}
			lit, ok := n.Args[at].(*ast.BasicLit)
			if !ok {
				break
			}
			kind := strings.Trim(lit.Value, `"`)
			if name == "Bad" {
				kind = "json." + kind
			}
			if quoted[kind] = true; table[kind] == "" {
				t.Errorf("the table has no text for %s", kind)
			}
		}
		return true
	}
	for _, pattern := range []string{"*.go", "../datasets/jsonstream/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || filepath.Base(file) == "sayings.go" {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, look)
		}
	}
	for kind := range ocdsFindings(t) {
		quoted["ocds."+kind] = true
	}
	for kind := range table {
		if !quoted[kind] {
			t.Errorf("nothing says %s", kind)
		}
	}
}

// ocdsFindings are the texts in the program of package ocds, the kinds of what
// it finds among them.
func ocdsFindings(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../catalog/fiscal/ocds/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	all := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok {
				all[strings.Trim(lit.Value, "`\"")] = true
			}
			return true
		})
	}
	return all
}
