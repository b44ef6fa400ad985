package fiscal

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// fieldsOf writes a mapping in one line.
func fieldsOf(m *Mapping) string {
	var all []string
	for _, f := range m.Fields {
		parts := []string{f.Column + f.Value + "=" + f.Type}
		for _, more := range []string{f.Year, string(f.Phase), string(f.Direction), f.Currency, f.Factor} {
			if more != "" {
				parts = append(parts, more)
			}
		}
		all = append(all, strings.Join(parts, ","))
	}
	return strings.Join(all, "; ")
}

func TestShapesOfPackages(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"types at the fields": {
			`{"resources":[{"path":"a.csv","schema":{"fields":[{"name":"p","columnType":"activity:generic:program:code"},
			{"name":"b22","columnType":"value","currency":"EUR","factor":1000,"normalize":{"y":2022,"phase":"executed"}}],
			"extraFields":[{"name":"y","columnType":"date:fiscal-year"},{"name":"d","columnType":"direction","constant":"revenue"}]}}]}`,
			"revenue=direction; p=activity:generic:program:code; b22=value,2022,executed,EUR,1000",
		},
		"a model": {
			`{"fiscalPeriod":{"start":"2014-01-01","end":"2014-12-31"},"resources":[{"path":"a.csv"}],"model":{"measures":{"actual":{"source":"out","currency":"EUR","phase":"executed","direction":"expenditure"}},
			"dimensions":{"f":{"dimensionType":"classification","classificationType":"functional","attributes":{"c":{"source":"code"},"n":{"source":"name","labelfor":"c"}}}}}}`,
			"out=value,executed,expenditure,EUR; code=functional-classification:generic:level1:code; name=functional-classification:generic:level1:label",
		},
		"columns alone": {
			`{"status":"executed","resources":[{"name":"cra","path":"cra.csv"},{"name":"d","path":"d.csv"}],
			"mapping":{"id":"cra/recid","amount":{"source":"cra/amount","currency":"GBP","factor":1},"date":"cra/year","payer":{"id":"cra/dept","title":"d/name"}}}`,
			"amount=value,GBP; recid=budget-line-id; year=date:fiscal-year; dept=administrative-classification:generic:level1:code",
		},
		"a column for each year": {
			`{"resources":[{"path":"a.csv"}],"mapping":{"measures":{"2014-15":{"source":"2014-15","currency":"AUD"},"2015-16":{"source":"2015-16","currency":"AUD"}},
			"dimensions":{"Portfolio":{"attributes":{"p":{"source":"Portfolio"}}},"Department/Agency":{"attributes":{"d":{"source":"Agency"}}}}}}`,
			"2014-15=value,2014-15,AUD; 2015-16=value,2015-16,AUD; Portfolio=administrative-classification:generic:level1:code; Agency=administrative-classification:generic:level2:code",
		},
		"a total beside its parts": {
			`{"resources":[{"path":"a.csv"}],"mapping":{"measures":{"Aid":{"source":"Aid"},"Total":{"source":"Total"},"Loans":{"source":"Loans"}},"dimensions":{}}}`,
			"Total=value",
		},
	} {
		p, err := ReadPackage([]byte(c.raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := fieldsOf(p.Resources[0].Mapping); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestPackagesWithoutMoney(t *testing.T) {
	for _, raw := range []string{`{}`, `{"resources":[]}`, `{"resources":[{"path":"a.csv","schema":{"fields":[{"name":"a"}]}}]}`, `{"resources":[{"path":["a","b"],"schema":{}}],"mapping":{"measures":{}}}`} {
		if _, err := ReadPackage([]byte(raw)); !errors.Is(err, ErrNoMoney) {
			t.Errorf("%s: %v", raw, err)
		}
	}
	for _, raw := range []string{``, `[]`, `{"resources":`, `{"resources":{"a":1}}`, `{"mapping":7,"resources":[{}]}`} {
		if p, err := ReadPackage([]byte(raw)); err == nil {
			t.Errorf("%s: %+v", raw, p)
		}
	}
}

// TestRealPackages reads the descriptions of real budgets.
func TestRealPackages(t *testing.T) {
	root := realFiles(t)
	want := map[string]string{ // how many columns of each kind
		"boost-armenia": "3 13", "boost-moldova": "3 24", "boost-paraguay": "3 5", "boost-peru-national": "3 23",
		"boost-rio-grande-do-sul-state-revenue": "6 12", "gb-cap-beneficiaries": "1 6", "au-budget": "5 7", "eu-allocations-per-ms-2014-2020": "1 2", "madrid-municipal-gastos": "1 11",
	}
	got := map[string]string{}
	for _, glob := range []string{"fdp/*/datapackage.json", "fdp-descriptor-only/*/datapackage.json"} {
		names, err := filepath.Glob(filepath.Join(root, glob))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			p, err := ReadPackage(raw)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			values := 0
			for _, f := range p.Resources[0].Mapping.Fields {
				if f.Type == "value" {
					values++
				}
				if _, ok := termOf(f.Type); !ok {
					t.Errorf("%s: %q is no type", name, f.Type)
				}
			}
			got[filepath.Base(filepath.Dir(name))] = strconv.Itoa(values) + " " + strconv.Itoa(len(p.Resources[0].Mapping.Fields)-values)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if got[name] != want[name] {
			t.Errorf("%s: %s, want %s", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d packages", len(got))
	}
}
