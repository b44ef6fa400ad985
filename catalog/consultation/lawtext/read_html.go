package lawtext

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlUnseen are elements whose content is not shown, and htmlAround those
// around the text of a page.
var (
	htmlUnseen = map[atom.Atom]bool{
		atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Svg: true, atom.Object: true, atom.Iframe: true,
	}
	htmlAround = map[atom.Atom]bool{
		atom.Nav: true, atom.Aside: true, atom.Footer: true, atom.Button: true, atom.Select: true, atom.Textarea: true,
	}
	htmlBlocks = map[atom.Atom]bool{
		atom.P: true, atom.Div: true, atom.Br: true, atom.Hr: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true,
		atom.H6: true, atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Table: true, atom.Tr: true,
		atom.Thead: true, atom.Tbody: true, atom.Tfoot: true, atom.Caption: true, atom.Blockquote: true, atom.Pre: true, atom.Section: true,
		atom.Article: true, atom.Main: true, atom.Header: true, atom.Body: true, atom.Center: true, atom.Address: true, atom.Figure: true,
		atom.Figcaption: true, atom.Fieldset: true, atom.Legend: true, atom.Details: true, atom.Summary: true,
	}
)

// An htmlReader takes the text out of a page.
type htmlReader struct {
	out   strings.Builder // lines
	line  strings.Builder // the one at hand
	title strings.Builder
	lists []htmlList // that are open
	pre   int        // pre elements that are open
	skip  atom.Atom  // the element that is passed over, and how many of its kind are open
	depth int
	left  int64 // letters around the text
}

// An htmlList is a list whose items get numbers.
type htmlList struct {
	numbers bool
	style   string
	next    int
}

const maxLists = 64

// readHTML reads a page.
func (f *file) readHTML(ctx context.Context, text string) (Law, error) {
	h := &htmlReader{}
	z := html.NewTokenizer(strings.NewReader(text))
	for n := 0; ; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return Law{}, ctx.Err()
		}
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return Law{}, f.fault("split.file.binary")
			}
			return h.law(ctx, f)
		case html.TextToken:
			h.text(html.UnescapeString(string(z.Raw())))
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			h.start(t, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			h.end(atom.Lookup(name))
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

func (h *htmlReader) law(ctx context.Context, f *file) (Law, error) {
	h.flush()
	text := h.out.String()
	if strings.TrimFunc(text, isBlankOrMark) == "" {
		return Law{}, f.fault("split.file.empty")
	}
	law, err := f.split(ctx, text)
	if err != nil {
		return Law{}, err
	}
	if title := cleanLine(h.title.String(), law.Lang); law.Title == "" && isTitle(title) {
		law.Title = title
	}
	if h.left > 0 {
		law.remark("split.html.left", "", 0, h.left)
	}
	return law, nil
}

func (h *htmlReader) text(s string) {
	switch {
	case h.skip == atom.Title:
		h.title.WriteString(s)
	case htmlUnseen[h.skip]:
	case h.skip != 0:
		for _, r := range s {
			if unicode.IsLetter(r) {
				h.left++
			}
		}
	case h.pre > 0:
		for i, part := range strings.Split(s, "\n") {
			if i > 0 {
				h.flush()
			}
			h.line.WriteString(part)
		}
	default:
		h.line.WriteString(strings.NewReplacer("\n", " ", "\r", " ", "\f", " ").Replace(s))
	}
}

// flush ends the line at hand.
func (h *htmlReader) flush() {
	if h.line.Len() > 0 {
		h.out.WriteString(h.line.String())
		h.out.WriteByte('\n')
		h.line.Reset()
	}
}

func (h *htmlReader) start(t html.Token, closed bool) {
	name := t.DataAtom
	switch {
	case h.skip != 0:
		if name == h.skip && !closed {
			h.depth++
		}
		return
	case (htmlUnseen[name] || htmlAround[name] || name == atom.Title) && !closed:
		h.skip, h.depth = name, 1
		return
	case name == atom.Td || name == atom.Th:
		if strings.TrimSpace(h.line.String()) != "" {
			h.line.WriteString(" | ")
		}
	case htmlBlocks[name]:
		h.flush()
	}
	switch name {
	case atom.Pre:
		h.pre++
	case atom.Ol, atom.Ul:
		if len(h.lists) < maxLists {
			h.lists = append(h.lists, newHTMLList(t))
		}
	case atom.Li:
		h.number(t)
	default:
	}
}

func newHTMLList(t html.Token) htmlList {
	l := htmlList{numbers: t.DataAtom == atom.Ol, next: 1}
	for _, a := range t.Attr {
		switch a.Key {
		case "start":
			if n, err := strconv.Atoi(a.Val); err == nil {
				l.next = n
			}
		case "type":
			l.style = a.Val
		}
	}
	return l
}

// number writes the number of an item, which a page does not hold as text.
func (h *htmlReader) number(t html.Token) {
	if len(h.lists) == 0 {
		return
	}
	l := &h.lists[len(h.lists)-1]
	if !l.numbers {
		return
	}
	for _, a := range t.Attr {
		if n, err := strconv.Atoi(a.Val); a.Key == "value" && err == nil {
			l.next = n
		}
	}
	h.line.WriteString(listNumber(l.style, l.next) + ") ")
	l.next++
}

// listNumber returns the number of an item in the style that HTML names so.
func listNumber(style string, n int) string {
	switch {
	case (style == "a" || style == "A") && 0 < n && n <= 26:
		return string(rune(style[0]) + rune(n-1))
	case style == "i" && 0 < n && n < 400:
		return strings.ToLower(romanText(n))
	case style == "I" && 0 < n && n < 400:
		return romanText(n)
	}
	return strconv.Itoa(n)
}

func (h *htmlReader) end(name atom.Atom) {
	if h.skip != 0 {
		if name == h.skip {
			if h.depth--; h.depth == 0 {
				h.skip = 0
			}
		}
		return
	}
	switch name {
	case atom.Pre:
		h.pre = max(h.pre-1, 0)
	case atom.Ol, atom.Ul:
		h.lists = h.lists[:max(len(h.lists)-1, 0)]
	default:
	}
	if htmlBlocks[name] {
		h.flush()
	}
}
