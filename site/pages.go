package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/openshafaf/shafaf/catalog"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the parsed templates, by language and name.
type pages struct {
	byLang map[string]map[string]*template.Template
}

// The templates that all pages are put together from.
const (
	layoutFile = "layout.html"
	partsFile  = "parts.html"
)

// parsePages parses every template once per language, with the functions of
// that language bound. The first source has the layout; the parts of a source
// are for its own pages. It panics when a template is broken, or two have the
// same name.
func parsePages(a *assets, locales map[string]*locale, sources ...fs.FS) *pages {
	p := &pages{byLang: map[string]map[string]*template.Template{}}
	for _, lang := range catalog.Languages {
		funcs := functions(a, locales[lang])
		common := template.Must(emptyPage(funcs).ParseFS(sources[0], layoutFile, partsFile))
		set := map[string]*template.Template{}
		for _, source := range sources {
			files, err := fs.Glob(source, "*.html")
			if err != nil {
				panic(err)
			}
			shared := common
			if slices.Contains(files, partsFile) {
				shared = template.Must(template.Must(common.Clone()).ParseFS(source, partsFile))
			}
			for _, file := range files {
				name := strings.TrimSuffix(file, ".html")
				switch {
				case file == layoutFile || file == partsFile:
				case set[name] != nil:
					panic("two templates are called " + file)
				default:
					set[name] = needed(template.Must(template.Must(shared.Clone()).ParseFS(source, file)), emptyPage(funcs), funcs)
				}
			}
		}
		p.byLang[lang] = set
	}
	return p
}

const rootTemplate = "layout"

func emptyPage(funcs template.FuncMap) *template.Template {
	return template.New(rootTemplate).Option("missingkey=error").Funcs(funcs)
}

// needed moves what a page may call from the templates of all pages into an
// empty one: a copy of all parts for each page and language is most of the
// memory of a server that has nothing to do. What is constant is written into
// the text on the way.
func needed(all, page *template.Template, funcs template.FuncMap) *template.Template {
	var move func(name string)
	var look func(n parse.Node)
	move = func(name string) {
		from := all.Lookup(name)
		if to := page.Lookup(name); from == nil || from.Tree == nil || to != nil && to.Tree != nil {
			return
		}
		fold(from.Tree.Root, funcs)
		template.Must(page.AddParseTree(name, from.Tree))
		look(from.Tree.Root)
	}
	look = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			if n == nil {
				return
			}
			for _, one := range n.Nodes {
				look(one)
			}
		case *parse.IfNode:
			look(n.List)
			look(n.ElseList)
		case *parse.RangeNode:
			look(n.List)
			look(n.ElseList)
		case *parse.WithNode:
			look(n.List)
			look(n.ElseList)
		case *parse.TemplateNode:
			move(n.Name)
		}
	}
	move(rootTemplate)
	return page
}

func (p *pages) execute(b *bytes.Buffer, name, lang string, view View) error {
	t := p.byLang[lang][name]
	if t == nil {
		return fmt.Errorf("site: no template %s in %s", name, lang)
	}
	return t.ExecuteTemplate(b, rootTemplate, view)
}

// functions are what templates may call; all that depend on the language are
// bound to it, so that parts of pages need no context.
func functions(a *assets, l *locale) template.FuncMap {
	return template.FuncMap{
		"t":        l.Text,                                                                              // text, values plain: for attributes
		"th":       l.HTML,                                                                              // text, values isolated: for running text
		"tk":       func(prefix, key string, args ...any) string { return l.Text(prefix+key, args...) }, // text of a kind or state
		"tkh":      func(prefix, key string, args ...any) template.HTML { return l.HTML(prefix+key, args...) },
		"has":      func(prefix, key string) bool { _, ok := l.texts[prefix+key]; return ok },
		"num":      l.Num,
		"plain":    l.Plain,
		"digits":   l.Digits,
		"float":    l.Float,
		"percent":  l.Percent,
		"size":     l.Size,
		"compact":  l.Compact,
		"day":      l.DayTime,
		"moment":   l.Time,
		"until":    l.until,
		"date":     l.Date,
		"period":   l.Period,
		"asset":    a.url,
		"emblem":   func() string { return l.look().emblemURL() },
		"colours":  func() string { return l.look().styleURL() },
		"theme":    func() string { return l.look().theme },
		"url":      func(path string) string { return "/" + l.lang + path },
		"lang":     func() string { return l.lang },
		"dir":      direction,
		"text":     func(t catalog.Text) said { return l.said(t) },
		"written":  func(s string) said { return l.said(catalog.TitleOf(s)) }, // of which nobody told the language
		"icon":     icon,
		"cell":     l.cellHTML,
		"rows":     l.rowsHTML,
		"viewrows": l.viewRowsHTML,
		"options":  l.columnOptionsHTML,
		"ops":      l.opOptionsHTML,
		"checks":   l.columnChecksHTML,
		"add":      func(a, b int64) int64 { return a + b },
		"host":     hostOf,
		"says":     l.sentence, // a sentence about a source or a file, and its parts
		"fault":    l.fault,    // of a file or a row of it
		"place":    l.position, // of a record in its source
	}
}

// said is a text of the data in the best language there is. Lang is empty when
// it is the page's own.
type said struct{ Text, Lang, Dir string }

// Foreign reports whether the text is in another language than the page.
func (s said) Foreign() bool { return s.Lang != "" }

// said is without marks of direction: one that is not ended would turn around
// what stands behind the text.
func (l *locale) said(t catalog.Text) said {
	text, in := t.In(l.lang)
	text = unmarked(text)
	if in == l.lang || in == "" {
		return said{Text: text}
	}
	return said{Text: text, Lang: in, Dir: direction(in)}
}
