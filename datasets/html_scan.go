package datasets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"

	"golang.org/x/net/html"
)

// maxToken is the longest tag or text of a page.
const maxToken = 16 << 20

var errToken = errors.New("a tag or text has more than 16 MiB")

// An htmlScanner reads the tags and texts of a page, and leaves out what is
// not shown: scripts, styles and hidden elements.
type htmlScanner struct {
	ctx    context.Context //nolint:containedctx // of one reading
	z      *html.Tokenizer
	tokens int
	offset int64 // of the token at hand, in bytes of the text
	size   int64 // of the token

	token html.TokenType
	name  string // of the tag
	text  []byte
	attrs htmlAttrs
}

// htmlAttrs are what the attributes of a tag say, as far as it matters here.
type htmlAttrs struct {
	columns, rows int64 // that a cell spans
	hidden        bool
	field         bool // text can be filled in
	layout        bool // a table is there for the looks
}

func newHTMLScanner(ctx context.Context, r io.Reader) *htmlScanner {
	s := &htmlScanner{ctx: ctx, z: html.NewTokenizer(r)}
	s.z.SetMaxBuf(maxToken)
	return s
}

// next reads the next start tag, end tag or text; io.EOF at the end.
func (s *htmlScanner) next() error {
	for {
		if err := s.raw(); err != nil {
			return err
		}
		switch {
		case s.token == html.TextToken, s.token == html.EndTagToken:
			return nil
		case s.token != html.StartTagToken && s.token != html.SelfClosingTagToken:
			continue
		case !unseen[s.name] && (!s.attrs.hidden || !hideable[s.name]):
			return nil
		case s.token == html.SelfClosingTagToken:
			continue
		}
		if done, err := s.pass(s.name); err != nil || !done {
			return err
		}
	}
}

// raw reads the next token of any kind.
func (s *htmlScanner) raw() error {
	if s.tokens++; s.tokens&1023 == 0 && s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	s.token = s.z.Next()
	s.offset += s.size
	s.size = int64(len(s.z.Raw()))
	switch s.token {
	case html.ErrorToken:
		if errors.Is(s.z.Err(), html.ErrBufferExceeded) {
			return errToken
		}
		return s.z.Err()
	case html.TextToken:
		s.text = s.z.Text()
	case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		name, more := s.z.TagName()
		s.name = string(name)
		s.attrs = htmlAttrs{columns: 1, rows: 1}
		for more {
			var key, value []byte
			key, value, more = s.z.TagAttr()
			s.attr(string(key), value)
		}
	case html.CommentToken, html.DoctypeToken:
	}
	return nil
}

func (s *htmlScanner) attr(key string, value []byte) {
	switch key {
	case "colspan":
		s.attrs.columns = span1(value)
	case "rowspan":
		s.attrs.rows = span1(value)
	case "hidden":
		s.attrs.hidden = true
	case "style":
		plain := bytes.ReplaceAll(bytes.ToLower(value), []byte(" "), nil)
		s.attrs.hidden = s.attrs.hidden || bytes.Contains(plain, []byte("display:none"))
	case "role":
		s.attrs.layout = string(value) == "presentation" || string(value) == "none"
	case "type":
		s.attrs.field = string(value) == "text" || string(value) == "password" || string(value) == "search"
	}
}

// span1 reads over how many columns or rows a cell stands. Browsers end at
// 1,000 and 65,534.
func span1(value []byte) int64 {
	n, err := strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64)
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// unseen are elements whose content is never shown.
var unseen = map[string]bool{"script": true, "style": true, "template": true, "noscript": true, "textarea": true, "svg": true, "object": true}

// hideable are elements that are left out where they are hidden. Cells and rows
// are not among them: hidden columns are read like those of workbooks.
var hideable = map[string]bool{
	"span": true, "div": true, "p": true, "sup": true, "sub": true, "small": true, "i": true, "b": true, "a": true, "label": true, "em": true, "strong": true,
}

// pass passes over an element that has just begun. Since its end may be
// missing, it ends with the cell at the latest; done is false then, and the
// tag that ended it is at hand.
func (s *htmlScanner) pass(name string) (done bool, err error) {
	for depth := 1; depth > 0; {
		if err := s.raw(); err != nil {
			return false, err
		}
		switch {
		case s.token != html.StartTagToken && s.token != html.EndTagToken:
		case s.name == name && s.token == html.StartTagToken:
			depth++
		case s.name == name:
			depth--
		case cellEnds[s.name]:
			return false, nil
		}
	}
	return true, nil
}

// cellEnds are tags that end a cell, and what stands open in it.
var cellEnds = map[string]bool{"td": true, "th": true, "tr": true, "table": true, "tbody": true, "thead": true, "tfoot": true}
