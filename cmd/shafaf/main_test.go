package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain sets no limits to the servers that tests start and ask: those that
// are about limits set their own.
func TestMain(m *testing.M) {
	if _, set := os.LookupEnv("SHAFAF_LIMIT"); !set {
		if err := os.Setenv("SHAFAF_LIMIT", "off"); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){"shafaf": main})
}

// TestScript runs the promises of the command line, one file each.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SHAFAF_DATA", filepath.Join(e.WorkDir, "data"))
			e.Setenv("SHAFAF_LIMIT", "off")
			return nil
		},
	})
}

const module = "github.com/openshafaf/shafaf"

// imports is the one-way rule: what each package of this module may import.
var imports = map[string]string{
	"datasets/persian":                       "",
	"datasets/processors":                    "",
	"datasets/jsonstream":                    "",
	"datasets/btree":                         "",
	"datasets/columnar":                      "datasets/processors",
	"datasets/durable":                       "",
	"datasets/xls":                           "",
	"datasets/xls/xlstest":                   "",
	"datasets/ziptest":                       "",
	"datasets/pythontest":                    "",
	"datasets":                               "datasets/btree datasets/columnar datasets/durable datasets/jsonstream datasets/persian datasets/processors datasets/xls",
	"datasets/samples":                       "datasets datasets/persian",
	"catalog":                                "datasets datasets/durable datasets/persian",
	"catalog/accounts":                       "catalog datasets/persian",
	"catalog/consultation":                   "catalog catalog/consultation/campaign catalog/consultation/lawtext catalog/consultation/revision datasets datasets/persian",
	"catalog/consultation/campaign":          "datasets/persian",
	"catalog/consultation/lawtext":           "datasets/persian",
	"catalog/consultation/revision":          "catalog/consultation/lawtext datasets/persian",
	"catalog/indicators":                     "catalog catalog/fiscal datasets datasets/persian",
	"catalog/builtin":                        "catalog catalog/consultation catalog/fiscal/contracts catalog/indicators datasets",
	"catalog/fiscal":                         "catalog datasets datasets/persian",
	"catalog/fiscal/ocds":                    "datasets/jsonstream datasets/persian",
	"catalog/fiscal/contracts":               "catalog catalog/fiscal/ocds datasets datasets/persian",
	"catalog/fiscal/contracts/contractstest": "catalog catalog/fiscal/contracts catalog/fiscal/ocds",
	"harvesters":                             "catalog catalog/consultation catalog/consultation/lawtext catalog/fiscal catalog/fiscal/contracts catalog/fiscal/ocds datasets datasets/jsonstream datasets/persian",
	"search":                                 "catalog catalog/consultation catalog/fiscal/contracts datasets datasets/durable datasets/persian datasets/processors",
	"exporters":                              "catalog datasets datasets/columnar datasets/durable datasets/persian datasets/processors",
	"site/svg":                               "",
	"site/chart":                             "datasets/persian site/svg",
	"site/chart/picture":                     "site/chart",
	"site/geomap":                            "datasets/persian site/chart site/svg",
	"site/limit":                             "",
	"site/proof":                             "",
	"site":                                   "catalog catalog/builtin catalog/consultation catalog/consultation/lawtext catalog/consultation/revision catalog/fiscal catalog/fiscal/contracts catalog/fiscal/ocds catalog/indicators datasets datasets/persian datasets/processors exporters search site/chart site/chart/picture site/geomap site/limit site/proof site/svg",
	"site/mail":                              "catalog datasets/durable datasets/persian",
	"site/mail/mailtest":                     "",
	"site/writing":                           "catalog catalog/accounts catalog/consultation catalog/consultation/lawtext catalog/indicators datasets site",
	"site/desk":                              "catalog catalog/accounts catalog/consultation catalog/consultation/lawtext catalog/fiscal catalog/fiscal/contracts catalog/fiscal/ocds catalog/indicators datasets datasets/persian site",
	"cmd/shafaf":                             "catalog catalog/accounts catalog/builtin catalog/consultation catalog/consultation/lawtext catalog/fiscal catalog/fiscal/contracts catalog/indicators datasets datasets/durable datasets/persian datasets/processors datasets/samples exporters harvesters search site site/desk site/limit site/mail site/proof site/writing",
}

// owners are the packages that may import a third party's.
var owners = map[string]string{
	"github.com/gofiber/fiber":         "site site/desk site/writing",
	"github.com/valyala/fasthttp":      "site",
	"github.com/blevesearch/":          "search",
	"modernc.org/sqlite":               "catalog",
	"zombiezen.com/go/sqlite":          "datasets",
	"database/sql":                     "catalog",
	"github.com/xuri/excelize":         "datasets datasets/samples exporters",
	"github.com/parquet-go/parquet-go": "datasets exporters",
	"github.com/prometheus/":           "cmd/shafaf site",
	"github.com/wneessen/go-mail":      "site/mail",
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		allowed, known := imports[name]
		if !known {
			t.Errorf("package %s has no line in the import rule", name)
		}
		for _, i := range p.Imports {
			if own, ok := strings.CutPrefix(i, module+"/"); ok && !has(allowed, own) {
				t.Errorf("%s may not import %s", name, own)
			}
			for prefix, who := range owners {
				if strings.HasPrefix(i, prefix) && !has(who, name) {
					t.Errorf("%s may not import %s: only %s does", name, i, who)
				}
			}
		}
	}
}

func has(list, name string) bool {
	return slices.Contains(strings.Fields(list), name)
}
