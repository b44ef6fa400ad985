package harvesters

import (
	"regexp"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"

	"golang.org/x/net/html"
	"golang.org/x/text/language"
)

// Bounds of texts, in bytes.
const (
	maxDescription = 64 << 10
	maxWord        = 200 // a keyword or theme
	maxWords       = 200 // keywords of a dataset
	maxName        = 500 // of a resource
	maxIdentifier  = 1000
)

// languageTag returns the language of a BCP 47 tag or of an address that ends
// in one ("en-US", "http://id.loc.gov/vocabulary/iso639-1/en", "…/language/ENG"):
// its base in the form of catalog.Text. It is empty when s is no such thing.
func languageTag(s string) string {
	s = lastSegment(strings.TrimSpace(s))
	if tag := languageNames[strings.ToLower(s)]; tag != "" {
		return tag
	}
	if len(s) < 2 || len(s) > 20 {
		return ""
	}
	tag, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil {
		return ""
	}
	base, sure := tag.Base()
	if sure == language.No {
		return ""
	}
	return base.String()
}

// languageNames are the names that stand in the place of tags most often.
var languageNames = map[string]string{
	"english": "en", "persian": "fa", "farsi": "fa", "فارسی": "fa", "arabic": "ar", "french": "fr", "français": "fr", "spanish": "es",
	"español": "es", "german": "de", "deutsch": "de", "italian": "it", "kurdish": "ku", "azerbaijani": "az", "turkish": "tr",
}

// lastSegment returns what follows the last slash or hash of an address, and
// any other text as it is.
func lastSegment(s string) string {
	if !isURL(s) {
		return s
	}
	return s[strings.LastIndexAny(strings.TrimRight(s, "/#"), "/#")+1:]
}

func isURL(s string) bool {
	return hasPrefixFold(s, "http://") || hasPrefixFold(s, "https://")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// onlyLanguage returns the language of a record that has one alone.
func onlyLanguage(tags []string) string {
	if len(tags) != 1 {
		return ""
	}
	return languageTag(tags[0])
}

// arabicScript are the languages whose texts are of the Arabic script.
const arabicScript = " fa ar ur ps ku ckb ug sd dv az "

// inLanguage returns s as a text in lang, or in the language of its script when
// lang is not known or cannot be.
func inLanguage(s, lang string) catalog.Text {
	if s == "" {
		return nil
	}
	isArabic := catalog.LanguageOf(s) == "fa"
	if lang == "" || isArabic != strings.Contains(arabicScript, " "+lang+" ") {
		return catalog.TitleOf(s)
	}
	return catalog.Text{lang: s}
}

// textIn returns a value as texts by language: a string in lang, an object of
// texts by language tag, or a list of {@value, @language}. tidy mends each.
func textIn(v any, lang string, tidy func(string) string) catalog.Text {
	t := catalog.Text{}
	put := func(s, in string) {
		for l, s := range inLanguage(tidy(s), in) {
			if t[l] == "" {
				t[l] = s
			}
		}
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			in := lang
			if o := asObject(item); o != nil && o.text("@language") != "" {
				in = languageTag(o.text("@language"))
			}
			put(textOf(item), in)
		}
	case map[string]any:
		if by := languageMap(v); len(by) > 0 {
			for l, s := range by {
				t[l] = tidy(s)
			}
			break
		}
		in := lang
		if tag := object(v).text("@language"); tag != "" {
			in = languageTag(tag)
		}
		put(textOf(v), in)
	default:
		put(textOf(v), lang)
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// description is plain of a text that is not longer than a description may be.
func (m *mapper) description(s string) string {
	s = plain(s)
	if len(s) <= maxDescription {
		return s
	}
	m.fault("description", "text.long", len(s), maxDescription)
	return cut(s, maxDescription)
}

// cut shortens s to at most n bytes, at a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.TrimSpace(persian.CutBytes(s, n))
}

// name is a text of one line without HTML.
func name(s string) string { return oneLine(plain(s)) }

var looksLikeHTML = regexp.MustCompile(`(?i)</?[a-z][a-z0-9]*(\s[^<>]*)?/?>|&(#\d+|#x[0-9a-f]+|[a-z]{2,8});`)

// plain reduces a text with HTML in it to Markdown of paragraphs, lists and
// links. Other text is returned as it is.
func plain(s string) string {
	s = cleanText(s)
	if !strings.ContainsAny(s, "<&") || !looksLikeHTML.MatchString(s) {
		return s
	}
	w := htmlWriter{}
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return w.text()
		}
		w.token(kind, z.Token())
	}
}

// An htmlWriter writes the tokens of HTML as plain text.
type htmlWriter struct {
	b     strings.Builder
	gap   int    // line ends that stand before the next text
	space bool   // a space stands before it
	mute  int    // depth inside script, style and the like
	href  string // of the link that is open
	from  int    // where its text begins
}

func (w *htmlWriter) text() string { return cleanText(w.b.String()) }

func (w *htmlWriter) token(kind html.TokenType, t html.Token) {
	switch kind {
	case html.TextToken:
		if w.mute == 0 {
			w.words(t.Data)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		w.open(t, kind == html.SelfClosingTagToken)
	case html.EndTagToken:
		w.close(t.Data)
	default: // comments and the like say nothing
	}
}

func (w *htmlWriter) words(s string) {
	if s == "" {
		return
	}
	if strings.TrimLeft(s, " \t\r\n\u00a0") != s {
		w.space = true
	}
	for i, word := range strings.Fields(s) {
		w.write(word, i > 0 || w.space)
		w.space = false
	}
	if strings.TrimRight(s, " \t\r\n\u00a0") != s {
		w.space = true
	}
}

func (w *htmlWriter) write(s string, space bool) {
	switch {
	case w.b.Len() == 0:
	case w.gap > 0:
		w.b.WriteString("\n\n"[:min(w.gap, 2)])
	case space:
		w.b.WriteByte(' ')
	}
	if w.href != "" && w.from < 0 {
		w.b.WriteByte('[')
		w.from = w.b.Len()
	}
	w.gap, w.space = 0, false
	w.b.WriteString(s)
}

func (w *htmlWriter) open(t html.Token, closed bool) {
	switch t.Data {
	case "script", "style", "head", "noscript", "template", "iframe", "object":
		if !closed {
			w.mute++
		}
	case "br":
		w.gap++
	case "p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article":
		w.gap = max(w.gap, 2)
	case "tr", "dt", "dd":
		w.gap = max(w.gap, 1)
	case "li":
		w.gap = max(w.gap, 1)
		w.write("-", false)
		w.space = true
	case "td", "th":
		w.space = true
	case "a":
		for _, a := range t.Attr {
			if a.Key == "href" && isURL(strings.TrimSpace(a.Val)) && w.href == "" && !closed {
				w.href, w.from = strings.TrimSpace(a.Val), -1
			}
		}
	}
}

func (w *htmlWriter) close(tag string) {
	switch tag {
	case "script", "style", "head", "noscript", "template", "iframe", "object":
		w.mute = max(0, w.mute-1)
	case "p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article":
		w.gap = max(w.gap, 2)
	case "li", "tr":
		w.gap = max(w.gap, 1)
	case "a":
		w.closeLink()
	}
}

// closeLink ends a link: as Markdown, or as the bare address where that is its
// text anyway.
func (w *htmlWriter) closeLink() {
	href, from := w.href, w.from
	w.href, w.from = "", 0
	if href == "" || from < 0 {
		return
	}
	all := w.b.String()
	label := all[from:]
	w.b.Reset()
	w.b.WriteString(all[:from-1])
	if strings.TrimRight(label, "/") == strings.TrimRight(href, "/") || strings.ContainsAny(href, " ()<>\n") {
		w.b.WriteString(label)
		return
	}
	w.b.WriteString("[" + strings.NewReplacer("[", "(", "]", ")").Replace(label) + "](" + href + ")")
}

// words returns the keywords or themes of a field: a list, or one text with
// commas or semicolons between them. What is no text is a fault.
func (m *mapper) words(field string, v any) []string {
	var all []string
	seen := map[string]bool{}
	add := func(s string) {
		s = name(s)
		if key := strings.ToLower(s); s != "" && !seen[key] && len(all) < maxWords {
			seen[key] = true
			all = append(all, cut(s, maxWord))
		}
	}
	if s, ok := v.(string); ok {
		for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ';' || r == '،' || r == '؛' }) {
			add(part)
		}
		return all
	}
	for i, item := range asList(v) {
		switch item := item.(type) {
		case nil:
		case string, map[string]any:
			add(lastWord(textOf(item)))
		default:
			if s := textOf(item); s != "" {
				m.fault(field, "item.read", i+1, s)
				add(s)
			} else {
				m.fault(field, "item.none", i+1)
			}
		}
	}
	return all
}

// lastWord returns the name at the end of an address, and other text as it is.
func lastWord(s string) string {
	if !isURL(s) {
		return s
	}
	return strings.ReplaceAll(lastSegment(s), "_", " ")
}
