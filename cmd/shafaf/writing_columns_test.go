package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// A program says how its columns are to be read, and what they hold; the next
// edition is read in the same way.
func TestProgramsChooseColumns(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	s := p.employ("office", catalog.Editor, catalog.Publisher, catalog.Viewer)
	base, _ := p.serve()
	editor, publisher := s.tokens["editor"], s.tokens["publisher"]
	d := call(t, "POST", base+"/api/v1/datasets", editor, `{"agency":"office","title":{"en":"Payments"}}`).want(t, "create", 201).dataset(t)
	at := base + "/api/v1/datasets/" + d.ID
	file := []byte("code;day;amount\n7;5/11/1998;10\n8;6/10/1998;x\n9;1/2/1998;30\n")
	added := call(t, "POST", at+"/resources?name=p.csv", editor, file).want(t, "add", 201)
	d = added.dataset(t)
	columns := at + "/resources/" + d.Resources[0].ID + "/columns"
	tag := added.header.Get("ETag")
	const choice = `{"columns":[{"name":"code","type":"text"},{"name":"day","type":"date","layout":"dmy","title":{"fa":"روز","en":"Day"}},{"name":"amount","type":"integer","unit":"USD"}]}`
	for body, status := range map[string]int{
		`{"columns":[{"name":"nosuch","type":"text"}]}`:                422,
		`{"columns":[{"name":"day","type":"day"}]}`:                    422,
		`{"columns":[{"name":"day","type":"text","layout":"dmy"}]}`:    422,
		`{"encoding":"klingon"}`:                                       422,
		`{"delimiter":"#"}`:                                            422,
		`{"header_row":-5}`:                                            422,
		`{"table":"Sheet 9","columns":[{"name":"day","type":"text"}]}`: 422,
		`{"colums":[]}`:                                                422,
	} {
		call(t, "PATCH", columns, editor, body, "If-Match", tag).want(t, body, status)
	}
	call(t, "PATCH", columns, editor, choice).want(t, "without If-Match", 428)
	call(t, "PATCH", columns, editor, choice, "If-Match", `"r1"`).want(t, "stale", 412)
	call(t, "PATCH", columns, s.tokens["viewer"], choice, "If-Match", tag).want(t, "a viewer", 403)
	said := call(t, "PATCH", columns, editor, choice, "If-Match", tag).want(t, "choose", 200)
	table := said.dataset(t).Resources[0].Pending.Tables[0]
	if c := table.Columns; c[0].Type != "text" || c[1].Type != "date" || c[2].Type != "integer" {
		t.Errorf("the columns are %+v", c)
	}
	for _, want := range []string{`"layout":"dmy"`, `"faults_n":1`, `"row":3,"column":"amount"`, `"title":{"en":"Day","fa":"روز"}`, `"unit":"USD"`} {
		if !strings.Contains(string(said.body), want) {
			t.Errorf("the answer has no %s: %s", want, said.body)
		}
	}
	published := call(t, "POST", at+"/publish", publisher, `{}`, "If-Match", said.header.Get("ETag")).want(t, "publish", 200)
	next := call(t, "PUT", strings.TrimSuffix(columns, "columns")+"file?name=p.csv", editor, bytes.ReplaceAll(file, []byte("x"), []byte("20")), "If-Match", published.header.Get("ETag")).want(t, "next", 200)
	if table := next.dataset(t).Resources[0].Pending.Tables[0]; table.Columns[0].Type != "text" || table.Columns[1].Type != "date" || table.Columns[2].Type != "integer" {
		t.Errorf("the next edition is %+v", table.Columns)
	}
	// What is only said of columns needs no reading, and of what is public the right to publish.
	words := `{"columns":[{"name":"code","title":{"en":"Code"}}]}`
	call(t, "PATCH", columns, editor, words, "If-Match", next.header.Get("ETag")).want(t, "an editor changes what is public", 403)
	call(t, "PATCH", columns, publisher, words, "If-Match", next.header.Get("ETag")).want(t, "a publisher", 200)
}
