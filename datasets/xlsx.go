package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// What a workbook may be at most, before any of it is unpacked.
const (
	maxEntries   = 10_000
	maxDirectory = 8 << 20   // bytes of the list of entries
	maxUnpacked  = 2 << 30   // bytes of all entries
	maxRatio     = 200       // of unpacked to packed bytes of one entry
	freeRatio    = 1 << 20   // bytes that an entry may have at any ratio
	maxStrings   = 256 << 20 // bytes of the shared strings, which are kept
	maxPart      = 64 << 20  // bytes of any other part but sheets
)

// The workbook's own limits, by which rows and cells beyond are refused.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// A workbook is an XLSX file: its parts, and what its cells refer to.
type workbook struct {
	name     string // of the file
	parts    map[string]*zip.File
	strings  sharedStrings
	dates    []dateKind // by style
	date1904 bool
	sheets   []sheetRef
}

// A sheetRef is a sheet by its name and part.
type sheetRef struct{ name, part string }

// openXLSX returns the sheets of a workbook that have rows. The text of a cell
// is the value that the file stores, in its shortest print, and not as Excel
// shows it: 0.963 for 96.3%. Dates and times are stored as numbers and known by
// their format; their text is ISO 8601. Sheets and rows that are hidden are
// read like others.
func openXLSX(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error) {
	book, err := openWorkbook(f, size, name)
	if err != nil {
		return nil, err
	}
	var sheets []*Sheet
	for _, ref := range book.sheets {
		part := book.parts[ref.part]
		if part == nil {
			continue
		}
		s := &Sheet{Name: ref.name, file: name, sparse: true}
		merged, err := book.readMerged(ctx, part)
		if err != nil {
			return nil, err
		}
		s.records = book.records(s, part, merged)
		if err := s.findHeader(ctx, opt.HeaderRow); err != nil {
			return nil, err
		}
		if s.width > 0 {
			sheets = append(sheets, s)
		}
	}
	if len(sheets) == 0 {
		return nil, fileError(name, 0, "book.norows")
	}
	return sheets, nil
}

// openWorkbook reads what the cells refer to, within the limits.
func openWorkbook(f io.ReaderAt, size int64, name string) (*workbook, error) {
	archive, err := openZIP(f, size, name)
	if err != nil {
		return nil, err
	}
	book := &workbook{name: name, parts: map[string]*zip.File{}}
	for _, e := range archive.File {
		book.parts[strings.TrimPrefix(strings.ReplaceAll(e.Name, "\\", "/"), "/")] = e
	}
	main, err := book.mainPart()
	if err != nil {
		return nil, err
	}
	targets, err := book.relations(main)
	if err != nil {
		return nil, err
	}
	if err := book.readMain(main, targets); err != nil {
		return nil, err
	}
	if err := book.readStyles(targets.styles); err != nil {
		return nil, err
	}
	return book, book.readStrings(targets.strings)
}

// openZIP opens an archive after it has looked whether it is a bomb.
func openZIP(f io.ReaderAt, size int64, name string) (*zip.Reader, error) {
	if err := checkDirectory(f, size, name); err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, fileError(name, 0, "book.broken", err)
	}
	var packed, unpacked uint64
	for _, e := range archive.File {
		packed += e.CompressedSize64
		unpacked += e.UncompressedSize64
		if e.UncompressedSize64 > freeRatio && e.UncompressedSize64/maxRatio > e.CompressedSize64 {
			return nil, fileError(name, 0, "book.ratio", e.Name, maxRatio)
		}
		if unpacked > maxUnpacked {
			return nil, fileError(name, 0, "book.unpacked")
		}
	}
	if packed > uint64(size) {
		return nil, fileError(name, 0, "book.overlap")
	}
	return archive, nil
}

// checkDirectory looks at the list of entries before it is read.
func checkDirectory(f io.ReaderAt, size int64, name string) error {
	tail := make([]byte, min(size, 66<<10))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("datasets: read %s: %w", name, err)
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < 22 {
		return fileError(name, 0, "book.cut")
	}
	end := tail[at:]
	entries := binary.LittleEndian.Uint16(end[10:])
	length := binary.LittleEndian.Uint32(end[12:])
	start := binary.LittleEndian.Uint32(end[16:])
	here := size - int64(len(end))
	if entries > maxEntries || length != 1<<32-1 && (length > maxDirectory || here-int64(start) > 2*maxDirectory) {
		return fileError(name, 0, "book.parts", maxEntries)
	}
	return nil
}

// sniffDirectory tells the kinds of ZIP containers by their entries; one that
// is broken is what its head says.
func sniffDirectory(f io.ReaderAt, size int64, kind string) string {
	if checkDirectory(f, size, "") != nil {
		return kind
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return kind
	}
	for _, e := range archive.File {
		switch base := path.Base(e.Name); {
		case e.Name == "mimetype":
			return openDocument(e)
		case base == "workbook.bin":
			return "xlsb"
		case strings.HasPrefix(e.Name, "word/"):
			return "docx"
		case strings.HasPrefix(e.Name, "xl/") || base == "workbook.xml":
			return "xlsx"
		}
	}
	return "zip"
}

// open returns the text of a part, which is at most limit bytes.
func (w *workbook) open(part *zip.File, limit int64) (io.ReadCloser, error) {
	if int64(part.UncompressedSize64) > limit {
		return nil, fileError(w.name, 0, "book.part.large", part.Name, limit>>20)
	}
	r, err := part.Open()
	if err != nil {
		return nil, w.broken(part.Name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(r, int64(part.UncompressedSize64)), r}, nil
}

// broken says that a part cannot be read.
func (w *workbook) broken(part string, err error) error {
	var fault *FileError
	if errors.As(err, &fault) {
		return err
	}
	return fileError(w.name, 0, "book.part", part, err)
}

// each calls visit for the start and end tags and texts of a part; it may be
// absent.
func (w *workbook) each(name string, limit int64, visit func(*xmlScanner, xmlToken) error) error {
	part := w.parts[name]
	if part == nil {
		return nil
	}
	r, err := w.open(part, limit)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read
	x := newXMLScanner(r)
	for {
		token, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = visit(x, token)
		}
		if err != nil {
			return w.broken(name, err)
		}
	}
}

// mainPart returns the part of the workbook itself.
func (w *workbook) mainPart() (string, error) {
	name := "xl/workbook.xml"
	err := w.each("_rels/.rels", maxPart, func(x *xmlScanner, t xmlToken) error {
		if t == xmlStart && x.is("Relationship") && strings.HasSuffix(x.attr("Type"), "/officeDocument") {
			name = resolve("", x.attr("Target"))
		}
		return nil
	})
	if err == nil && w.parts[name] == nil {
		return "", fileError(w.name, 0, "book.list")
	}
	return name, err
}

// related are the parts that the workbook refers to.
type related struct {
	sheets          map[string]string // by relation
	styles, strings string
}

// relations reads where the parts of the workbook are.
func (w *workbook) relations(main string) (related, error) {
	to := related{sheets: map[string]string{}}
	dir := path.Dir(main)
	err := w.each(path.Join(dir, "_rels", path.Base(main)+".rels"), maxPart, func(x *xmlScanner, t xmlToken) error {
		if t != xmlStart || !x.is("Relationship") {
			return nil
		}
		target := resolve(dir, x.attr("Target"))
		switch path.Base(x.attr("Type")) {
		case "worksheet":
			to.sheets[x.attr("Id")] = target
		case "styles":
			to.styles = target
		case "sharedStrings":
			to.strings = target
		}
		return nil
	})
	return to, err
}

// resolve returns the part that a relation of dir names.
func resolve(dir, target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join(dir, target)
}

// readMain reads the sheets and which day is day 0.
func (w *workbook) readMain(main string, to related) error {
	return w.each(main, maxPart, func(x *xmlScanner, t xmlToken) error {
		switch {
		case t != xmlStart:
		case x.is("workbookPr"):
			v := x.attr("date1904")
			w.date1904 = v == "1" || v == "true"
		case x.is("sheet"):
			if part, ok := to.sheets[x.attr("id")]; ok {
				w.sheets = append(w.sheets, sheetRef{x.attr("name"), part})
			}
		}
		return nil
	})
}
