package site

import (
	"bytes"
	"html/template"
	"strings"
	"testing"
	"text/template/parse"
)

func TestConstantsAreWrittenIntoTemplates(t *testing.T) {
	l := newLocales()["fa"] // nobody has chosen a name for it
	funcs := functions(newAssets(), l)
	const source = `<title>{{t "nav.datasets"}} {{.}}</title><a href="{{url "/datasets"}}" title="{{t "nav.agencies"}}">{{icon "out"}}{{t "card.rows" "n" 3}}{{t "site.name"}}</a>
{{if .}}<b>{{th "nav.sources"}}</b>{{else}}{{t "nav.log"}}{{end}}{{if has "no." "text"}}{{tk "no." "text"}}{{end}}<bdi>{{.}}</bdi>`
	written := func(change func(*template.Template)) string {
		page := template.Must(emptyPage(funcs).Parse(source))
		change(page)
		var b bytes.Buffer
		if err := page.Execute(&b, `a<b "c"`); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	actions := 0
	plain := written(func(*template.Template) {})
	quick := written(func(page *template.Template) {
		fold(page.Tree.Root, funcs)
		for _, n := range page.Tree.Root.Nodes {
			if a, ok := n.(*parse.ActionNode); ok {
				actions++
				if text := a.String(); strings.Contains(text, "nav.") || strings.Contains(text, "url ") {
					t.Errorf("%s is worked out for each page", text)
				}
			}
		}
	})
	if plain != quick {
		t.Errorf("the page is\n%s\nand was\n%s", quick, plain)
	}
	if actions != 4 { // the two of the data, a number, and the name that operators choose
		t.Errorf("%d actions are left, want 4", actions)
	}
}
