package datasets

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	webcharset "golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// htmlNames are how files of HTML are named whose tables are read. Under other
// names a page is what an address answered in place of a file.
var htmlNames = []string{".xls", ".xlt", ".html", ".htm", ".xhtml"}

// openHTML returns the data tables of a page, also of one that is saved as
// .xls. Tables that only lay out a page are none: those with a single row or
// column, with fields to fill in, or with a data table in them. A caption, or
// else the heading before it, is a table's name; its thead, or else its first
// rows of nothing but th, is its header. Hidden text is left out.
func openHTML(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error) {
	if !slices.Contains(htmlNames, strings.ToLower(path.Ext(name))) {
		return nil, unread(name, "html")
	}
	file := &htmlFile{f: f, size: size, name: name}
	if err := file.recognise(ctx, opt); err != nil {
		return nil, err
	}
	tables, err := file.survey(ctx)
	if err != nil {
		return nil, err
	}
	var sheets []*Sheet
	for _, t := range tables {
		s := &Sheet{Name: t.name, Encoding: file.encoding, file: name, sparse: true, records: file.records(t.offset)}
		rows, err := collectHead(s.records(ctx))
		if err != nil {
			return nil, err
		}
		if t.header > 0 && opt.HeaderRow == 0 {
			s.headerKnown(rows, t.header)
		} else {
			s.headerOf(rows, opt.HeaderRow)
		}
		if s.width > 0 {
			sheets = append(sheets, s)
		}
	}
	if len(sheets) == 0 {
		return nil, unread(name, "html")
	}
	return sheets, nil
}

// headerKnown sets the header to the first rows, n of them, that the file
// itself calls it, but for titles above it.
func (s *Sheet) headerKnown(rows []headRow, n int) {
	s.width = s.usualWidth(rows)
	n = min(n, len(rows), maxHeader)
	first := 0
	for first < n-1 && filled(rows[first].cells) < 2 {
		first++
	}
	s.setHeader(rows, first, n)
}

// An htmlFile is a page and how to read it.
type htmlFile struct {
	f        io.ReaderAt
	size     int64
	name     string
	encoding string
	enc      encoding.Encoding // nil for UTF-8
}

// recognise finds the encoding: what opt says, a byte order mark, what the page
// says of itself unless its bytes contradict, or what the bytes look like.
func (h *htmlFile) recognise(ctx context.Context, opt Options) error {
	scan, err := scanText(ctx, io.NewSectionReader(h.f, 0, h.size))
	if err != nil {
		return fmt.Errorf("datasets: read %s: %w", h.name, err)
	}
	found := scan.detect()
	if opt.Encoding != "" {
		named, ok := charsetNamed(opt.Encoding)
		if !ok {
			return fileError(h.name, 0, "encoding", opt.Encoding)
		}
		found = named
	} else if found.name != "utf-8" && wide(scan.head) == "" {
		enc, label := webcharset.Lookup(declaredCharset(scan.head))
		if enc != nil && label != "utf-8" && !strings.HasPrefix(label, "utf-16") {
			found.name, found.enc = label, enc
		}
	}
	h.encoding = found.name
	if found.name != "utf-8" {
		h.enc = found.enc
	}
	return nil
}

// declaredCharset returns the encoding that the head of a page names in a meta
// element or an XML declaration, if it names one.
func declaredCharset(head []byte) string {
	lower := bytes.ToLower(head)
	for _, key := range []string{"charset=", "encoding="} {
		at := bytes.Index(lower, []byte(key))
		if at < 0 {
			continue
		}
		rest := bytes.TrimLeft(lower[at+len(key):], " \"'")
		end := bytes.IndexAny(rest, " \"'>;?/")
		if end > 0 {
			return string(rest[:end])
		}
	}
	return ""
}

// text returns the page in UTF-8 from the given byte of that text on.
func (h *htmlFile) text(offset int64) (io.Reader, error) {
	if h.enc == nil {
		return io.NewSectionReader(h.f, offset, h.size-offset), nil
	}
	r := h.enc.NewDecoder().Reader(io.NewSectionReader(h.f, 0, h.size))
	_, err := io.CopyN(io.Discard, r, offset)
	return r, err
}

// records yields the rows of the table that begins at the given byte.
func (h *htmlFile) records(offset int64) func(context.Context) iter.Seq2[*Record, error] {
	return func(ctx context.Context) iter.Seq2[*Record, error] {
		return func(yield func(*Record, error) bool) {
			r, err := h.text(offset)
			if err != nil {
				yield(nil, fmt.Errorf("datasets: read %s: %w", h.name, err))
				return
			}
			p := &htmlRows{name: h.name, s: newHTMLScanner(ctx, r)}
			for {
				rec, err := p.next()
				if rec == nil && err == nil {
					return
				}
				if !yield(rec, err) || err != nil {
					return
				}
			}
		}
	}
}
