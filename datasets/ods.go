package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

const odsContent = "content.xml"

// maxTables is how many tables of one file are read.
const maxTables = 1000

// openODS returns the sheets of an OpenDocument spreadsheet that have rows. The
// text of a cell is the value that the file stores, and not as a program shows
// it: 0.963 for 96.3%, a date in ISO 8601, a duration as hours and minutes.
// Several paragraphs of a cell are lines of its text. Comments, pictures and
// what merged cells hide are left out; sheets and rows that are hidden are not.
func openODS(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error) {
	archive, err := openZIP(f, size, name)
	if err != nil {
		return nil, err
	}
	book := &workbook{name: name, parts: map[string]*zip.File{}}
	for _, e := range archive.File {
		book.parts[e.Name] = e
	}
	if err := book.locked(); err != nil {
		return nil, err
	}
	content := book.parts[odsContent]
	if content == nil {
		return nil, fileError(name, 0, "ods.content", odsContent)
	}
	file := &odsFile{book: book, content: content}
	sheets, err := file.sheets(ctx, opt)
	if err != nil {
		return nil, err
	}
	if len(sheets) == 0 {
		return nil, fileError(name, 0, "ods.norows")
	}
	return sheets, nil
}

// locked refuses a document that is encrypted: its manifest says so, or it has
// another document packed in it.
func (w *workbook) locked() error {
	manifest := w.parts["META-INF/manifest.xml"]
	encrypted := w.parts["encrypted-package"] != nil
	if manifest != nil && !encrypted {
		r, err := w.open(manifest, maxPart)
		if err != nil {
			return err
		}
		defer func() { _ = r.Close() }() // only read
		text, err := io.ReadAll(r)
		if err != nil {
			return w.broken(manifest.Name, err)
		}
		encrypted = bytes.Contains(text, []byte(":encryption-data")) || bytes.Contains(text, []byte("<encryption-data"))
	}
	if encrypted {
		return fileError(w.name, 0, "ods.locked")
	}
	return nil
}

// An odsFile is the part of a spreadsheet in which the cells of all sheets
// stand one after another.
type odsFile struct {
	book    *workbook
	content *zip.File
}

// sheets reads the whole content once, to find the sheets and their headers.
func (o *odsFile) sheets(ctx context.Context, opt Options) ([]*Sheet, error) {
	r, err := o.book.open(o.content, maxUnpacked)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // only read
	p := newODSParser(o.book.name, r)
	var sheets []*Sheet
	for n := 0; ; n++ {
		title, err := p.nextTable()
		if errors.Is(err, io.EOF) && !p.spreadsheet {
			return nil, fileError(o.book.name, 0, "ods.kind")
		}
		if errors.Is(err, io.EOF) {
			return sheets, nil
		}
		if err != nil {
			return nil, p.broken(title, err)
		}
		if n == maxTables {
			return nil, fileError(o.book.name, 0, "ods.sheets", maxTables)
		}
		if title == "" {
			title = fmt.Sprintf("Sheet%d", n+1)
		}
		s := &Sheet{Name: title, file: o.book.name, sparse: true, records: o.records(n, title)}
		rows, err := collectHead(p.rows(ctx, title))
		if err != nil {
			return nil, err
		}
		if s.headerOf(rows, opt.HeaderRow); s.width > 0 {
			sheets = append(sheets, s)
		}
	}
}

// records yields the rows of the n-th sheet.
func (o *odsFile) records(n int, title string) func(context.Context) iter.Seq2[*Record, error] {
	return func(ctx context.Context) iter.Seq2[*Record, error] {
		return func(yield func(*Record, error) bool) {
			r, err := o.book.open(o.content, maxUnpacked)
			if err != nil {
				yield(nil, err)
				return
			}
			defer func() { _ = r.Close() }() // only read
			p := newODSParser(o.book.name, r)
			for range n + 1 {
				if _, err = p.nextTable(); err != nil || ctx.Err() != nil {
					break
				}
			}
			if err = errors.Join(ctx.Err(), err); err != nil {
				yield(nil, p.broken(title, err))
				return
			}
			p.rows(ctx, title)(yield)
		}
	}
}

// rows yields the rows of the table at hand that have text.
func (p *odsParser) rows(ctx context.Context, title string) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		for n := 0; ; n++ {
			if n&255 == 0 && ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			rec, err := p.nextRow()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				err = p.broken(title, err)
			}
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// broken says where the content cannot be read.
func (p *odsParser) broken(title string, err error) error {
	var fault *FileError
	switch {
	case errors.As(err, &fault), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	if title = strings.TrimSpace(title); title != "" {
		return fileError(p.name, p.rec.Row, "ods.sheet.broken", odsContent, title, err)
	}
	return fileError(p.name, p.rec.Row, "ods.broken", odsContent, err)
}
