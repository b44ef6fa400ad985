package site

import (
	"bytes"
	"html/template"
	"strings"
	"testing"
)

// cellTemplate is the markup of a cell as a template has it.
const cellTemplate = `{{define "cell"}}{{if eq .Kind "null"}}<span class="null" aria-label="{{t "cell.null"}}">—</span>{{else if eq .Kind "time"}}<time datetime="{{.ISO}}"><bdi>{{.Text}}</bdi></time>{{else if eq .Kind "link"}}<a href="{{.Text}}" rel="nofollow ugc noopener"><bdi dir="ltr">{{.Short}}</bdi></a>{{else if eq .Kind "code"}}<bdi dir="ltr">{{.Text}}</bdi>{{else if .Short}}<details class="long"><summary><bdi>{{.Short}}…</bdi></summary><bdi>{{.Text}}</bdi></details>{{else}}<bdi>{{.Text}}</bdi>{{end}}{{end}}` +
	`{{range .}}<tr{{if .Total}} class="total"{{end}}>{{$row := .}}{{range $i, $c := .Cells}}{{if and $row.URL (eq $i 0)}}<th scope="row"{{if $c.Numeric}} class="num"{{end}}><a href="{{$row.URL}}" rel="nofollow">{{template "cell" $c}}</a></th>{{else}}<td{{if $c.Numeric}} class="num"{{end}}>{{template "cell" $c}}{{if and $row.Total (eq $i 0)}} <span class="type">{{t "view.total"}}</span>{{end}}</td>{{end}}{{end}}</tr>{{end}}`

func TestCellsAreWrittenAsByTemplate(t *testing.T) {
	l := newLocales()["fa"]
	page := template.Must(template.New("").Funcs(functions(newAssets(), l)).Parse(cellTemplate))
	hostile := []string{
		"", "سلام", `<script>alert("1")</script>`, `'"+&<>`, "a\x00b\xff", "https://example.org/?q=a+b&c='(x)'\"<>", "http://مثال.ir/راه?پ=۱#%D8%A7%zz%",
		"https://x/[1]!*;:@=$,~_.-", "https://x/\\^`{|}", "line\nbreak",
	}
	var rows []viewRow
	for i, s := range hostile {
		row := viewRow{Total: i%2 == 0}
		if i%3 == 0 {
			row.URL = "/fa/datasets/x/table?a=" + "ب+ج&d='(" + s
		}
		for _, kind := range []string{"text", "null", "time", "code", "number"} {
			row.Cells = append(row.Cells, cell{Kind: kind, Text: s, ISO: s, Numeric: kind == "number"}, cell{Kind: kind, Text: s, Short: s})
		}
		if len(s) > 4 && s[:4] == "http" { // nothing else is a link
			row.Cells = append(row.Cells, cell{Kind: "link", Text: s, Short: s})
		}
		rows = append(rows, row)
	}
	var want bytes.Buffer
	if err := page.Execute(&want, rows); err != nil {
		t.Fatal(err)
	}
	if got := string(l.viewRowsHTML(rows)); got != want.String() {
		t.Errorf("the rows are\n%s\nand a template writes\n%s", got, want.String())
	}
	plain := `<tr><td class="num"><bdi>&lt;1&gt;</bdi></td></tr>`
	if got := string(l.rowsHTML([][]cell{{{Kind: "number", Text: "<1>", Numeric: true}}})); got != plain {
		t.Errorf("a row is %s, want %s", got, plain)
	}
}

func TestPagesHaveTheBeginningOfAHugeCell(t *testing.T) {
	for _, text := range []string{strings.Repeat("متن بلند ", mostText), "https://a.test/" + strings.Repeat("a", mostText), strings.Repeat("1", mostText+1)} {
		c := textCell(text)
		shown := strings.TrimSuffix(c.Text, "…")
		if shown == c.Text || len(shown) > mostText || len(shown) < mostText-3 || !strings.HasPrefix(text, shown) || c.Short == "" {
			t.Errorf("%d bytes are shown as %q, %d bytes ending in %q", len(text), c.Short, len(c.Text), c.Text[max(0, len(c.Text)-20):])
		}
	}
}
