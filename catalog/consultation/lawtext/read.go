package lawtext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode"
)

// Read reads a file as a law, by its content: plain text in UTF-8, UTF-16 or
// Windows-1256, HTML, DOCX, or Akoma Ntoso (3.0, its drafts, and 2.0). The name
// is only told in errors. A file that cannot be read so is an *Error.
func Read(ctx context.Context, name string, r io.ReaderAt, size int64) (Law, error) {
	f := &file{name: path.Base(strings.ReplaceAll(name, "\\", "/")), r: r, size: size}
	head := make([]byte, min(size, 8))
	if err := readAt(r, head, 0); err != nil {
		return Law{}, fmt.Errorf("lawtext: read %s: %w", f.name, err)
	}
	for _, k := range foreign {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return Law{}, f.fault(k.kind)
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return f.readZip(ctx)
	}
	if size > MaxSize {
		return Law{}, f.fault("split.file.large", int64(MaxSize>>20))
	}
	b := make([]byte, size)
	if err := readAt(r, b, 0); err != nil {
		return Law{}, fmt.Errorf("lawtext: read %s: %w", f.name, err)
	}
	return f.readText(ctx, b)
}

// foreign are kinds of files that are met and not read, by how they begin.
var foreign = []struct{ magic, kind string }{
	{"%PDF", "split.file.pdf"},
	{"\xD0\xCF\x11\xE0", "split.file.doc"},
	{"{\\rtf", "split.file.rtf"},
}

// A file is one that is read.
type file struct {
	name string
	r    io.ReaderAt
	size int64
}

func (f *file) fault(kind string, args ...any) *Error {
	return &Error{Kind: kind, Args: append([]any{f.name}, args...)}
}

// readAt fills b from the given place.
func readAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// readText reads a file that is none of those that hold others.
func (f *file) readText(ctx context.Context, b []byte) (Law, error) {
	text, broken, ok := decode(b)
	if !ok {
		return Law{}, f.fault("split.file.binary")
	}
	if strings.TrimFunc(text, isBlankOrMark) == "" {
		return Law{}, f.fault(EmptyFile)
	}
	var law Law
	switch markup(text) {
	case "akn":
		l, err := f.readAKN(ctx, b)
		return l, err
	case "html":
		l, err := f.readHTML(ctx, text)
		if err != nil {
			return Law{}, err
		}
		law = l
	case "xml":
		return Law{}, f.fault("split.file.xml")
	default:
		l, err := f.split(ctx, text)
		if err != nil {
			return Law{}, err
		}
		law = l
	}
	if broken > 0 {
		law.remark("split.text.broken", "", 0, broken)
	}
	return law, ctx.Err()
}

// split divides the text of a file, unless there is more of it than any law has.
func (f *file) split(ctx context.Context, text string) (Law, error) {
	if len(text) > MaxText {
		return Law{}, f.fault("split.file.text", int64(MaxText>>20))
	}
	for l := range strings.Lines(text) {
		if len(l) > maxParagraph {
			return Law{}, f.fault("split.file.paragraph", int64(maxParagraph>>20))
		}
	}
	return split(ctx.Err, text)
}

func isBlankOrMark(r rune) bool { return unicode.IsSpace(r) || unseen(r) }

// markup returns how a text is marked up: akn, html, xml, or nothing.
func markup(text string) string {
	head := strings.ToLower(strings.TrimLeftFunc(text[:min(len(text), 16<<10)], isBlankOrMark))
	if !strings.HasPrefix(head, "<") {
		return ""
	}
	root := ""
	for rest := head; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		rest = after
		if strings.HasPrefix(after, "!--") {
			_, rest, _ = strings.Cut(after, "-->")
			continue
		}
		if after != "" && after[0] >= 'a' && after[0] <= 'z' {
			root = after[:strings.IndexFunc(after+" ", func(r rune) bool { return unicode.IsSpace(r) || r == '>' || r == '/' })]
			break
		}
	}
	_, local, prefixed := strings.Cut(root, ":")
	switch {
	case root == "akomantoso" || prefixed && local == "akomantoso":
		return "akn"
	case root == "html" || strings.Contains(head, "<!doctype html") || htmlRoots[root]:
		return "html"
	case strings.HasPrefix(head, "<?xml") || root != "" && strings.Contains(text, "</"+root):
		return "xml"
	}
	return ""
}

// htmlRoots are elements of HTML that pieces of pages begin with.
var htmlRoots = map[string]bool{
	"body": true, "head": true, "div": true, "p": true, "article": true, "main": true, "h1": true, "h2": true, "table": true, "ol": true, "ul": true,
	"span": true, "b": true, "strong": true, "center": true, "font": true, "br": true, "meta": true, "title": true,
}
