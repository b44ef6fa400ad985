package site

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A developersView is the API in words, made from the table of routes.
type developersView struct {
	Frame
	First     string // a first request to run
	Shape     string // what a list looks like
	Problem   string // what an error looks like
	Routes    []endpoint
	Writes    []writeRow
	RowParams []Param
	RowsCurl  string
	WriteCurl string
	FilesCurl string
	Statuses  []int64
	shape     []endpointShape
}

// An endpoint is an address of the API on the developers' page.
type endpoint struct {
	ID     string
	Path   string
	Doc    string
	Params []Param
	Curl   string // empty while there is no data to ask for
}

// A writeRow is what programs with a token do at an address.
type writeRow struct {
	Method string
	Path   string
	Doc    string
	Match  bool // needs If-Match
}

// writeRows are what programs do at the addresses of a route.
func writeRows(route *Route) []writeRow {
	var all []writeRow
	for _, method := range slices.Sorted(maps.Keys(route.Writes)) {
		d := route.Writes[method]
		all = append(all, writeRow{method, apiPrefix + route.Path, d.Doc, d.Match})
	}
	return all
}

type endpointShape struct {
	Path        string       `json:"path"`
	Description string       `json:"description"`
	Parameters  []paramShape `json:"parameters,omitempty"`
	Example     string       `json:"example,omitempty"`
}

type paramShape struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// JSON is the list of addresses.
func (v *developersView) JSON() any {
	return List[endpointShape]{Total: int64(len(v.shape)), Results: v.shape}
}

// listShape and problemShape show what answers look like.
const (
	listShape    = "{\n  \"total\": 1234,\n  \"next\": \"https://…/api/v1/datasets?_after=…\",\n  \"results\": [ … ]\n}"
	problemShape = "{\n  \"title\": \"A parameter cannot be used\",\n  \"detail\": \"sort: …\",\n  \"status\": 422,\n" +
		"  \"request_id\": \"9f2c…\",\n  \"faults\": [ { \"field\": \"sort\", \"sentence\": \"…\" } ]\n}"
)

// rowParams are the parameters of a row query as they are explained; col
// stands for the name of a column.
func rowParams() []Param {
	return []Param{
		{"col", "param.rows.equals"},
		{"col__not", "param.rows.not"},
		{"col__contains", "param.rows.contains"},
		{"col__startswith", "param.rows.startswith"},
		{"col__gt, __gte, __lt, __lte", "param.rows.range"},
		{"col__in", "param.rows.in"},
		{"col__isnull", "param.rows.isnull"},
		{"_select", "param.rows.select"},
		{paramSort, "param.rows.sort"},
		{"_group", "param.rows.group"},
		{"_sum", "param.rows.sum"},
		{"_avg", "param.rows.avg"},
		{"_min", "param.rows.min"},
		{"_max", "param.rows.max"},
		{"_count", "param.rows.count"},
		{paramSize, "param.rows.size"},
		{paramAfter, "param.rows.after"},
		{paramRaw, "param.rows.raw"},
	}
}

func (s *Site) developers(r *Request) (View, error) {
	l := s.locales[r.Lang]
	sample, err := s.sample(r.Context())
	if err != nil {
		return nil, err
	}
	v := &developersView{Shape: listShape, Problem: problemShape, RowParams: rowParams(), Statuses: []int64{400, 404, 405, 410, 422, 500, 503}}
	v.WriteCurl = "curl -H 'Authorization: Bearer shafaf_…' --data-binary @counties.csv '" + s.baseURL() + apiPrefix + "/datasets/ID/resources?name=counties.csv'"
	v.First = "curl '" + s.baseURL() + apiPrefix + "/datasets?q=population'"
	for _, route := range s.routes() {
		v.Writes = append(v.Writes, writeRows(&route)...)
		if route.Doc == "" {
			continue
		}
		e := endpoint{Path: route.Path, Doc: route.Doc, Params: route.Params}
		if route.Serve == nil {
			e.Path = apiPrefix + strings.TrimSuffix(route.Path, "/")
		}
		if example, ok := sample.fill(firstOf(route.Example, e.Path)); ok {
			e.Curl = "curl '" + s.baseURL() + example + "'"
		}
		e.ID = "p" + strings.NewReplacer("{", "", "}", "", "/", "-", ".", "-").Replace(e.Path)
		v.Routes = append(v.Routes, e)
		v.shape = append(v.shape, l.endpointShape(&e))
	}
	if rows, ok := sample.fill(apiPrefix + "/datasets/{slug}/resources/{resource}/rows?_size=5"); ok {
		v.RowsCurl = "curl '" + s.baseURL() + rows + "'"
	}
	if file, ok := sample.fill("/datasets/{slug}/resources/{resource}.csv"); ok {
		v.FilesCurl = "curl -O '" + s.baseURL() + file + "'"
	}
	v.Frame = Frame{Title: l.Text("dev.title"), Description: l.Text("dev.description"), Section: "developers"}
	return v, nil
}

func (l *locale) endpointShape(e *endpoint) endpointShape {
	shape := endpointShape{Path: e.Path, Description: l.Text(e.Doc), Example: strings.Trim(strings.TrimPrefix(e.Curl, "curl "), "'")}
	for _, p := range e.Params {
		shape.Parameters = append(shape.Parameters, paramShape{p.Name, l.Text(p.Doc)})
	}
	return shape
}

// A sample is what there is in the catalogue to put into examples.
type sample map[string]string

// fill puts what there is into the braces of an address; ok is false when
// there is nothing for one.
func (m sample) fill(address string) (filled string, ok bool) {
	for name, value := range m {
		if value != "" {
			address = strings.ReplaceAll(address, "{"+name+"}", value)
		}
	}
	return address, !strings.Contains(address, "{")
}

// sample finds things for examples: among the newest datasets, one with a table,
// a chart, a map and a table of two editions; an agency, a source and its last run.
func (s *Site) sample(ctx context.Context) (sample, error) {
	const looked = 20
	m := sample{}
	newest, err := s.Catalog.Newest(ctx, looked)
	if err != nil {
		return nil, err
	}
	if err := s.sampleTables(ctx, m, newest); err != nil {
		return nil, err
	}
	if len(newest) > 0 && m["slug"] == "" {
		m["slug"] = newest[0].Slug
	}
	agencies, err := s.agencies.count(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	for i := range agencies.all {
		m["agency"] = agencies.all[i].Slug
		if agencies.all[i].Datasets > 0 {
			break
		}
	}
	asked, _, err := s.Catalog.Questions(ctx, catalog.QuestionFilter{States: questionRead, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(asked) > 0 {
		m["question"] = asked[0].ID
	}
	if err := s.sampleContract(ctx, m); err != nil {
		return nil, err
	}
	if err := s.sampleDraft(ctx, m); err != nil {
		return nil, err
	}
	if err := s.sampleSpending(ctx, m); err != nil {
		return nil, err
	}
	if err := s.sampleIndicator(ctx, m); err != nil {
		return nil, err
	}
	return m, s.sampleSource(ctx, m)
}

// sampleTables finds the first table, and the first ones that a chart and a map
// can be made of and that have an edition to compare with: newest are datasets
// without the columns of their tables.
func (s *Site) sampleTables(ctx context.Context, m sample, newest []catalog.Dataset) error {
	for i := range newest {
		tables := newest[i].Tables()
		if len(tables) == 0 {
			continue
		}
		slug, resource, digest := newest[i].Slug, tables[0].ID, tables[0].Edition.Digest
		if m["resource"] == "" {
			m["slug"], m["resource"], m["id"], m["digest"], m["ext"] = slug, resource, resource, digest, "csv"
		}
		if m["charted"] != "" && m["mapped"] != "" && m["compared"] != "" {
			return nil
		}
		e, err := s.Catalog.Edition(ctx, resource, digest)
		if err != nil {
			return err
		}
		if m["charted"] == "" && chartable(e.Schema, e.Profile) {
			m["charted"], m["charted_table"] = slug, resource
		}
		if m["mapped"] == "" && mapTab(s, &e) { //nolint:contextcheck // what it opens outlives the request
			m["mapped"], m["mapped_table"] = slug, resource
		}
		if m["compared"] == "" && s.comparable(ctx, &e) {
			m["compared"], m["compared_table"], m["compared_digest"] = slug, resource, digest
		}
	}
	return nil
}

// comparable reports whether an edition's table can be compared with that of the
// edition before.
func (s *Site) comparable(ctx context.Context, e *catalog.Edition) bool {
	digest, err := s.Catalog.EditionBefore(ctx, e.Resource, e.Digest)
	if err != nil || digest == "" {
		return false
	}
	before, err := s.Catalog.Edition(ctx, e.Resource, digest)
	return err == nil && before.HasTable && before.Rows <= datasets.MaxDiffRows
}

func (s *Site) sampleSource(ctx context.Context, m sample) error {
	sources, err := s.Catalog.Sources(ctx, false)
	if err != nil {
		return err
	}
	for i := range sources {
		m["source"] = sources[i].Slug
		if last := sources[i].LastRun; last != nil {
			m["run"] = last.ID
			break
		}
	}
	return nil
}

// A textView is a page of text alone.
type textView struct{ Frame }

// JSON is the title of the page; its text is for people.
func (v *textView) JSON() any { return map[string]string{"title": v.Title} }

func (s *Site) accessibility(r *Request) (View, error) {
	l := s.locales[r.Lang]
	return &textView{Frame{Title: l.Text("a11y.title"), Description: l.Text("a11y.description")}}, nil
}
