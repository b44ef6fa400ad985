package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// An apiView is how programs ask for what the other views of a table show.
type apiView struct {
	Frame
	explorerView
	Name     string
	Address  string // that answers the rows of the view
	Code     []codeSample
	Asked    []askedParam
	All      []Param
	Answer   string // its beginning
	Cut      bool   // there is more of it
	Statuses []int64
	shape    apiShape
}

// A codeSample asks for the rows in one language.
type codeSample struct {
	Key  string `json:"language"` // "curl", "python", "r", "javascript"
	Text string `json:"code"`
}

// An askedParam is a parameter of the view as its address has it.
type askedParam struct {
	Name, Value string
	Doc         string // key of its sentence
}

type apiShape struct {
	Resource string       `json:"resource"`
	Edition  string       `json:"edition"`
	RowsURL  string       `json:"rows_url"`
	Examples []codeSample `json:"examples"`
}

// JSON is where the rows are, and how to ask for them.
func (v *apiView) JSON() any { return v.shape }

// The answer that a page shows has few rows, and is cut after some lines.
const (
	answerRows  = 2
	answerLines = 60
)

// api answers how programs get the rows of a view.
func (s *Site) api(r *Request) (View, error) {
	l := s.locales[r.Lang]
	x, err := s.explore(r)
	if err != nil {
		return nil, err
	}
	x.Query.After = ""
	address := s.rowsURL(x)
	title := l.said(x.Dataset.Title)
	v := &apiView{Name: title.Text, Address: address, Code: codeSamples(address), All: rowParams(), Statuses: []int64{400, 404, 410, 422, 503}}
	v.shape = apiShape{x.Resource.ID, x.Edition.Digest, address, v.Code}
	if r.JSON {
		return v, nil
	}
	q := x.Query
	q.Size = answerRows
	page, err := s.findRows(r.Context(), r.Lang, x.Rows, q)
	if err != nil {
		return nil, err
	}
	v.explorerView = s.explorer(l, x, counted{Rows: page.Matched, Groups: page.Total, All: x.Edition.Rows})
	values := exportParams(x.Query, false)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v.Asked = append(v.Asked, askedParam{name, strings.Join(values[name], ", "), paramDoc(name)})
	}
	if v.Answer, v.Cut, err = answerOf(r, x, page, address); err != nil {
		return nil, err
	}
	v.Frame = Frame{
		Title: l.Text("apipage.title") + " — " + title.Text, Section: "datasets", Crumbs: datasetCrumbs(l, &x.Dataset), NoIndex: len(r.Query) > 0,
	}
	if len(x.Faults) > 0 {
		v.Status = fiber.StatusUnprocessableEntity
	}
	return v, nil
}

// answerOf prints the beginning of what the API answers.
func answerOf(r *Request, x *exploration, page *datasets.RowPage, address string) (text string, cut bool, err error) {
	next := ""
	if page.Next != "" {
		mark := "?"
		if strings.Contains(address, "?") {
			mark = "&"
		}
		next = address + mark + paramAfter + "=…"
	}
	rows := &rowsPage{RowPage: page, Query: x.Query, Whole: x.Schema}
	body, err := rows.json(r.Context(), x.Edition.Digest, next)
	if err != nil {
		return "", false, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		return "", false, fmt.Errorf("site: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) <= answerLines {
		return strings.Join(lines, "\n"), false, nil
	}
	return strings.Join(lines[:answerLines], "\n") + "\n…", true, nil
}

// paramDoc is the key of the sentence about a parameter of a row query.
func paramDoc(name string) string {
	operator := ""
	if i := strings.LastIndex(name, "__"); i >= 0 {
		operator = name[i:]
	}
	for _, p := range rowParams() {
		names := strings.Split(p.Name, ", ")
		if slices.Contains(names, name) || operator != "" && (slices.Contains(names, operator) || slices.Contains(names, "col"+operator)) {
			return p.Doc
		}
	}
	return "param.rows.equals"
}

// codeSamples ask for the address in the languages of those who read data. They
// need nothing that does not come with the language, but R, which has no JSON.
func codeSamples(address string) []codeSample {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(address)
	return []codeSample{
		{"curl", "curl '" + strings.ReplaceAll(address, "'", "%27") + "'"},
		{"python", "import json\nfrom urllib.request import urlopen\n\nurl = \"" + quoted + "\"\nrows = []\nwhile url:\n    with urlopen(url) as answer:\n" +
			"        page = json.load(answer)\n    rows += page[\"results\"]\n    url = page.get(\"next\")\n\nprint(len(rows), rows[:3])"},
		{"r", "library(jsonlite)\n\npage <- fromJSON(\"" + quoted + "\")\npage$total\nhead(page$results)"},
		{"javascript", "const answer = await fetch(\"" + quoted + "\");\nif (!answer.ok) throw new Error((await answer.json()).detail);\n" +
			"const { total, results, next } = await answer.json();\nconsole.log(total, results);"},
	}
}
