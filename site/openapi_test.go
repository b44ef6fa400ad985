package site

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// described is the description of the API as a program reads it.
type described struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string
		Parameters  []struct {
			Name, In string
			Required bool
			Schema   map[string]any
			Example  any
		}
		Responses map[string]struct {
			Ref     string `json:"$ref"`
			Content map[string]any
		}
	}
	Components struct {
		Schemas   map[string]any
		Responses map[string]struct {
			Content map[string]any
			Headers map[string]struct {
				Required bool
				Schema   map[string]any
			}
		}
	}
}

func describe(t *testing.T, p *portal) described {
	t.Helper()
	resp, body := p.get("/openapi.json")
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		t.Fatalf("%d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	var d described
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Every documented route is described, and nothing else.
func TestOpenAPIHasTheRoutes(t *testing.T) {
	p := newPortal(t, true)
	d := describe(t, p)
	want := map[string]bool{}
	answers := openAnswers()
	for _, r := range Routes() {
		if r.Doc == "" {
			continue
		}
		want[openPath(&r)] = true
		a, ok := answers[r.Path]
		if !ok {
			t.Errorf("%s has a sentence and no line in openAnswers", r.Path)
		}
		if a.of == nil && len(a.media) == 0 {
			t.Errorf("%s answers nothing", r.Path)
		}
		delete(answers, r.Path)
		o := d.Paths[openPath(&r)]["get"]
		for _, param := range r.Params {
			if strings.ContainsAny(param.Name, ", ") {
				continue
			}
			if !slices.ContainsFunc(o.Parameters, func(x struct {
				Name, In string
				Required bool
				Schema   map[string]any
				Example  any
			},
			) bool {
				return x.Name == param.Name && x.Schema != nil
			}) {
				t.Errorf("%s: the parameter %s is not described", r.Path, param.Name)
			}
		}
		for _, status := range []string{"200", "404", "422", "500"} {
			if response, ok := o.Responses[status]; !ok || response.Ref != "" && len(d.Components.Responses[status].Content) == 0 {
				t.Errorf("%s: status %s is not described", r.Path, status)
			}
		}
	}
	for path := range answers {
		t.Errorf("openAnswers has %s, which is no documented route", path)
	}
	if got := slices.Sorted(maps.Keys(d.Paths)); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("described are %q", got)
	}
	if d.OpenAPI != "3.1.0" {
		t.Errorf("it is of version %q", d.OpenAPI)
	}
}

// What a route costs may be more than there is left: that is described wherever
// it can happen, with the time to wait.
func TestOpenAPITellsOfLimits(t *testing.T) {
	p := newPortal(t, true)
	write := Route{Path: "/test/{id}", Write: map[string]Handler{http.MethodPost: nil}, Writes: map[string]WriteDoc{http.MethodPost: {Doc: "api.home", Status: http.StatusOK}}}
	p.Parts = []Part{{Routes: []Route{write}}}
	resp, _ := p.get("/openapi.json")
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%d", resp.StatusCode)
	}
	d := describe(t, p)
	free := map[string]bool{"/healthz": true, "/readyz": true}
	operations := 0
	for path, methods := range d.Paths {
		for method, o := range methods {
			operations++
			if o.Responses["429"].Ref == "" != free[path] {
				t.Errorf("%s %s: 429 is %q", method, path, o.Responses["429"].Ref)
			}
		}
	}
	if _, ok := d.Paths[apiPrefix+write.Path]["post"]; !ok || operations < 30 {
		t.Errorf("%d operations, and the one that writes: %v", operations, ok)
	}
	limited := d.Components.Responses["429"]
	if retry := limited.Headers["Retry-After"]; !retry.Required || retry.Schema["type"] != "integer" || limited.Content[problemType] == nil {
		t.Errorf("429 is described as %+v", limited)
	}
}

// Every name of an operation is its own, and every schema that is referred to
// is there.
func TestOpenAPIIsWhole(t *testing.T) {
	p := newPortal(t, true)
	d := describe(t, p)
	ids := map[string]string{}
	for path, operations := range d.Paths {
		id := operations["get"].OperationID
		if other := ids[id]; other != "" {
			t.Errorf("%s and %s are both called %s", path, other, id)
		}
		ids[id] = path
	}
	_, body := p.get("/openapi.json")
	const mark = `"$ref":"#/components/`
	for _, part := range strings.Split(body, mark)[1:] {
		kind, name, _ := strings.Cut(part[:strings.IndexByte(part, '"')], "/")
		_, schema := d.Components.Schemas[name]
		_, response := d.Components.Responses[name]
		if kind == "schemas" && !schema || kind == "responses" && !response {
			t.Errorf("there is no %s/%s", kind, name)
		}
	}
}

// The examples that stand in the description can be asked for.
func TestOpenAPIExamplesAnswer(t *testing.T) {
	p := newForum(t).filled().portal
	p.Snapshots = catalog.NewSnapshots(p.Catalog, t.TempDir(), catalog.SnapshotOptions{})
	for _, table := range []string{"of provinces", "without a map", "without a chart", "of two editions"} {
		switch table {
		case "without a map":
			p.put("firms.csv", "Firm,Workers\nZagros,10\nAlborz,20\nSahand,30\n")
		case "without a chart":
			p.put("notes.csv", "Note\n"+strings.Repeat("long ", 30)+"\n"+strings.Repeat("longer ", 30)+"\n")
		case "of two editions":
			_, resource := p.put("wells.csv", "Well,Depth\nA,10\nB,20\n")
			p.edition(resource, "Well,Depth\nA,10\nB,25\n", 1)
			p.put("last.csv", "Note\n"+strings.Repeat("last ", 30)+"\n"+strings.Repeat("very last ", 30)+"\n")
		}
		t.Run(table, func(t *testing.T) { p.examplesAnswer(t, table != "of two editions") })
	}
}

// examplesAnswer asks for the examples of a portal; alone is of one in which no
// table has two editions.
func (p *portal) examplesAnswer(t *testing.T, alone bool) {
	t.Helper()
	asked := 0
	for path, operations := range describe(t, p).Paths {
		address, query := path, url.Values{}
		for _, param := range operations["get"].Parameters {
			example, ok := param.Example.(string)
			switch {
			case !ok:
			case param.In == "path":
				address = strings.ReplaceAll(address, "{"+param.Name+"}", example)
			default:
				query.Set(param.Name, example)
			}
		}
		if strings.Contains(address, "{") {
			if !alone || !strings.Contains(path, "/diff.") {
				t.Errorf("%s has no example for each of its parameters", path)
			}
			continue
		}
		resp, body := p.get(withQuery(address, query))
		if resp.StatusCode != http.StatusOK && path != "/readyz" { // nothing counts what is ready
			t.Errorf("%s: %d %s", address, resp.StatusCode, body)
		}
		asked++
	}
	if asked < 30 {
		t.Errorf("only %d addresses were asked", asked)
	}
}

func TestAPIPageAsksForWhatTheViewShows(t *testing.T) {
	p := newPortal(t, true)
	slug := "population-of-provinces"
	for _, query := range []string{
		"", "?population__gt=1000000&_sort=-population&_select=" + url.QueryEscape("استان,population"), "?_group=" + url.QueryEscape("استان") + "&_sum=population&phone__contains=02",
	} {
		_, body := p.get(apiPrefix + "/datasets/" + slug + "/api" + query)
		var shape apiShape
		if err := json.Unmarshal([]byte(body), &shape); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		if len(shape.Examples) != 4 {
			t.Errorf("%d examples", len(shape.Examples))
		}
		for _, e := range shape.Examples {
			if !strings.Contains(e.Text, shape.RowsURL) {
				t.Errorf("%s does not ask for %s:\n%s", e.Key, shape.RowsURL, e.Text)
			}
		}
		resp, rows := p.get(strings.TrimPrefix(shape.RowsURL, p.BaseURL))
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(rows, `{"total":`) {
			t.Errorf("%s: %d %s", shape.RowsURL, resp.StatusCode, rows)
		}
		for _, lang := range []string{"fa", "en"} {
			resp, page := p.get("/" + lang + "/datasets/" + slug + "/api" + query)
			if resp.StatusCode != http.StatusOK || !strings.Contains(page, "curl &#39;"+strings.ReplaceAll(shape.RowsURL, "&", "&amp;")) {
				t.Errorf("%s%s: %d, and no request to run", lang, query, resp.StatusCode)
			}
		}
	}
	resp, page := p.get("/en/datasets/" + slug + "/api?nothing=1")
	if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `id="faults"`) {
		t.Errorf("a query that is wrong: %d", resp.StatusCode)
	}
}

func TestExplanationsOfParameters(t *testing.T) {
	for name, want := range map[string]string{
		"city": "param.rows.equals", "n__gte": "param.rows.range", "n__not": "param.rows.not", "a__b": "param.rows.equals",
		"_sort": "param.rows.sort", "n__isnull": "param.rows.isnull", "raw": "param.rows.raw",
	} {
		if got := paramDoc(name); got != want {
			t.Errorf("%s is explained by %s, not %s", name, got, want)
		}
	}
}
