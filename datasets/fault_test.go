package datasets

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var verb = regexp.MustCompile(`%[a-z]`)

// Every kind of fault is used, with as many arguments as its text has places,
// and every fault is of a kind of the table.
func TestFaultsAreOfKinds(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					used[text] = true
				}
			}
			if call, ok := n.(*ast.CallExpr); ok {
				checkFaultCall(t, set, call)
			}
			return true
		})
	}
	for kind := range faultKinds {
		if !used[kind] && !strings.HasPrefix(kind, "choice.") && !strings.HasPrefix(kind, "worker.") {
			t.Errorf("nothing is a fault of the kind %s", kind)
		}
	}
}

// checkFaultCall checks a call that makes a fault of a kind that it names.
func checkFaultCall(t *testing.T, set *token.FileSet, call *ast.CallExpr) {
	t.Helper()
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	at, ok := map[string]int{"fileError": 2, "faultAt": 2, "NewFileError": 0, "leftOut": 0}[name]
	if !ok || len(call.Args) <= at {
		return
	}
	lit, ok := call.Args[at].(*ast.BasicLit)
	if !ok {
		return
	}
	kind, err := strconv.Unquote(lit.Value)
	text, known := faultKinds[kind]
	given, want := len(call.Args)-at-1, len(verb.FindAllString(text, -1))
	if name == "leftOut" {
		given--
	}
	if err != nil || !known || given != want && !call.Ellipsis.IsValid() {
		t.Errorf("%s: %q has %d places, not %d", set.Position(call.Pos()), kind, want, given)
	}
}

// What is said of a fault comes back from JSON as it was.
func TestFaultsComeBack(t *testing.T) {
	f := leftOut("left.sheet", "یک", &FileError{File: "a.xlsx", Fault: faultAt(7, "b", "parquet.page", Bytes(3<<20), 12)})
	if want := `sheet "یک" was left out: row 7: column "b": a page of the Parquet file has 3 MiB and 12 values; write it with smaller pages`; f.Text != want {
		t.Errorf("got %s, want %s", f.Text, want)
	}
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	want := `"said":[{"kind":"reader.left.sheet","args":["یک"]},{"kind":"reader.at.row","args":[7]},{"kind":"reader.at.column","args":["b"]},{"kind":"reader.parquet.page","args":[{"bytes":3145728},12]}]`
	if !strings.Contains(string(b), want) {
		t.Errorf("got %s, want %s", b, want)
	}
	var back Fault
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, f) {
		t.Errorf("%+v came back as %+v: %v", f, back, err)
	}
	if kind := unread("a.csv", "pdf").Said[0]; kind.Kind != "reader.unread.name" || kind.Args[1] != FileKind("pdf") {
		t.Errorf("%+v", kind)
	}
}

// An import says why a file is no table in parts.
func TestImportsSayWhyByKind(t *testing.T) {
	f := openFiles(t)
	for text, want := range map[string]string{"": "reader.empty", "a,b\n": "reader.rows.none", "%PDF-1.4": "reader.unread.name", `[{"a": 1},{`: "reader.json.broken"} {
		im := importText(t, f, text, ImportOptions{})
		if len(im.Said) == 0 || im.Said[len(im.Said)-1].Kind != want || im.Fault == "" {
			t.Errorf("%q: %q, %+v", text, im.Fault, im.Said)
		}
	}
	im := importText(t, f, "a,b,c\n1,2\n3,4,5\n", ImportOptions{})
	if faults := im.Tables[0].Faults; len(faults) != 1 || faults[0].Row != 2 || faults[0].Said[0].Kind != "reader.row.short" {
		t.Errorf("%+v", faults)
	}
}
