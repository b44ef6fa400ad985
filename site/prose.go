package site

import (
	"bytes"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Descriptions are Markdown by people we do not know. Deep quotes and lists, and
// marks that pair with nothing, cost time out of proportion, so length, depth and
// marks are bounded before parsing.
const (
	maxProse  = 64 << 10
	maxQuotes = 16   // in a line
	maxLists  = 16   // that begin in a line, within each other
	maxMarks  = 2000 // of emphasis and links
)

// A proseWriter turns descriptions into HTML that can do no harm.
type proseWriter struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

func newProseWriter() *proseWriter {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "ul", "ol", "li", "code", "pre", "blockquote", "h3", "del", "hr")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireNoFollowOnLinks(true)
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	return &proseWriter{
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.Linkify, extension.Strikethrough),
			goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(flatHeadings{}, 0))),
			goldmark.WithRendererOptions(html.WithHardWraps()),
		),
		policy: p,
	}
}

// flatHeadings brings all headings to the level under that of the section a
// description stands in.
type flatHeadings struct{}

// Transform implements parser.ASTTransformer.
func (flatHeadings) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	const level = 3
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			h.Level = level
		}
	}
}

// HTML writes a description; what cannot be written as Markdown is written as
// plain text.
func (w *proseWriter) HTML(source string) template.HTML {
	source = bounded(source)
	var b bytes.Buffer
	if err := w.markdown.Convert([]byte(source), &b); err != nil {
		return template.HTML("<p>" + template.HTMLEscapeString(source) + "</p>") //nolint:gosec // escaped
	}
	return template.HTML(w.policy.SanitizeBytes(b.Bytes())) //nolint:gosec // sanitised
}

// Plain is a description without its marks, in one line.
func (w *proseWriter) Plain(source string) string {
	src := []byte(bounded(source))
	var b strings.Builder
	root := w.markdown.Parser().Parse(text.NewReader(src))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker gives no error
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(util.UnescapePunctuations(util.ResolveEntityNames(n.Segment.Value(src))))
				b.WriteString(map[bool]string{true: " "}[n.SoftLineBreak() || n.HardLineBreak()])
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		case *ast.AutoLink:
			if entering {
				b.Write(n.Label(src))
			}
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			if entering {
				b.Write(n.Lines().Value(src))
			}
		default:
			if n.Type() == ast.TypeBlock && !entering {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// bounded cuts a description to what may be parsed. Tags in it are text: what
// looks like one must not vanish.
func bounded(s string) string {
	if len(s) > maxProse {
		s = strings.ToValidUTF8(s[:maxProse], "") + "…"
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.Count(line, ">") > maxQuotes {
			lines[i] = strings.ReplaceAll(line, ">", "")
		}
		if at := deepLists.FindStringIndex(lines[i]); at != nil {
			lines[i] = lines[i][at[1]:]
		}
	}
	s = strings.Join(lines, "\n")
	marks := 0
	for _, mark := range []string{"*", "_", "~", "["} {
		marks += strings.Count(s, mark)
	}
	if marks > maxMarks { // such a text is shown with its marks
		s = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`).Replace(s)
	}
	return strings.ReplaceAll(s, "<", `\<`)
}

// deepLists finds the signs of lists at the beginning of a line, when they are
// too many.
var deepLists = regexp.MustCompile(`^(?:[\s>]*(?:[-+*]|\d{1,9}[.)])[ \t]+){` + strconv.Itoa(maxLists+1) + `,}`)

// lead is the beginning of a text up to about n letters: to the end of a
// sentence where one ends in good time, else of a word.
func lead(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	s = persian.Cut(s, n)
	if i := strings.LastIndexAny(s, ".؟!?"); i > len(s)/2 {
		_, size := utf8.DecodeRuneInString(s[i:])
		return s[:i+size]
	}
	if i := strings.LastIndexByte(s, ' '); i > len(s)/2 {
		s = s[:i]
	}
	return strings.TrimRight(s, " ،,;؛") + "…"
}
