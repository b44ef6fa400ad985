// Package xls reads old Excel workbooks (.xls): those of Excel 97 to 2003
// (BIFF8), of Excel 5 and 95 (BIFF5), and streams of such records without a
// container around them, as scripts write them. It knows the format alone:
// [MS-CFB] for the container, [MS-XLS] for the records.
//
// Rows are read from the file whenever they are asked for. What is kept of a
// book is its shared strings, at most MaxStrings of them in bytes, and lists
// that the length of the file bounds.
package xls

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/text/encoding"
)

// MaxStrings is how many bytes the shared strings of a book have at most.
const MaxStrings = 256 << 20

// What a book has at most.
const (
	maxSheets  = 4096
	maxStyles  = 1 << 16 // what a cell can name
	maxCode    = 255     // characters of the code of a format that are looked at
	maxCells   = 1 << 16 // of a row: as many columns as can be named
	maxRowText = 64 << 20
	maxMerged  = 1 << 17 // merged ranges of a sheet that are known
	maxPlaces  = 8 << 20 // see limits
	checkEvery = 4096    // records between two looks at the context
)

// ErrLocked says that the book is encrypted.
var ErrLocked = errors.New("it is locked with a password")

// A VersionError says that a book is of a version that is not read.
type VersionError struct{ Version string }

func (e *VersionError) Error() string { return "it was made for " + e.Version }

// A Book is an open workbook.
type Book struct {
	Sheets   []Sheet  // those with cells: no charts, macros or modules
	Styles   []Format // how numbers are shown, by the style of a cell
	Date1904 bool     // day 0 is 1904-01-01

	stream  io.ReaderAt
	size    int64
	biff8   bool
	charset encoding.Encoding // of texts of bytes; nil where the book does not say
	named   bool              // the caller did
	limit   limits
	text    []byte // the shared strings
	ends    []uint32
}

// A Sheet is a sheet with cells.
type Sheet struct {
	Name   string
	Hidden bool // a reader of the book does not see it
	Merged []Range

	at     int64   // of its records in the stream
	end    int64   // where the next sheet begins
	places []place // of its cells, where they are not stored row by row
}

// A Range is cells in a rectangle, whose rows and columns are counted from 0.
type Range struct{ FirstRow, LastRow, FirstColumn, LastColumn int }

// A Format is how numbers are shown: a code such as "yyyy-mm-dd", or one of
// those that have a number and no code in the file.
type Format struct {
	ID   int
	Code string
}

// Open reads what the cells of the workbook f of the given size refer to, and
// looks at every sheet. Charset, unless nil, is the encoding of texts in books
// before Excel 97, which also name one. Errors are ErrLocked, a *VersionError,
// that of ctx, or say what is wrong with the file in a few words after "it".
func Open(ctx context.Context, f io.ReaderAt, size int64, charset encoding.Encoding) (*Book, error) {
	return open(ctx, &Book{stream: f, size: size, charset: charset, named: charset != nil, limit: limits{MaxStrings, maxPlaces}})
}

// limits are what a book has at most; tests have lower ones.
type limits struct {
	strings int // bytes of the shared strings
	places  int // records with cells of a sheet that does not store them row by row
}

func open(ctx context.Context, k *Book) (*Book, error) {
	head := make([]byte, min(k.size, 8))
	if _, err := k.stream.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if string(head) == signature {
		if err := k.unwrap(); err != nil {
			return nil, err
		}
	}
	if err := k.readGlobals(ctx); err != nil {
		return nil, err
	}
	k.divide()
	for i := range k.Sheets {
		if err := k.survey(ctx, &k.Sheets[i]); err != nil {
			return nil, fmt.Errorf("sheet %q: %w", k.Sheets[i].Name, err)
		}
	}
	return k, nil
}

// divide sets where the records of each sheet end at the latest, so that no
// part of the stream is read for many of them.
func (k *Book) divide() {
	var starts []int64
	for i := range k.Sheets {
		starts = append(starts, k.Sheets[i].at)
	}
	slices.Sort(starts)
	for i := range k.Sheets {
		sheet := &k.Sheets[i]
		sheet.end = k.size
		if n, _ := slices.BinarySearch(starts, sheet.at+1); n < len(starts) {
			sheet.end = min(k.size, starts[n])
		}
	}
}

// unwrap finds the stream of the book in its container.
func (k *Book) unwrap() error {
	c, err := openContainer(k.stream, k.size)
	if err != nil {
		return err
	}
	for _, name := range []string{"Workbook", "Book"} {
		if e := c.named(name); e != nil && e.kind == streamEntry {
			s, err := c.open(e)
			if err != nil {
				return err
			}
			k.stream, k.size = s, s.size
			return nil
		}
	}
	return errors.New("it has no workbook in it")
}

// Kinds of parts that a stream has.
const (
	partBook  = 0x0005
	partSheet = 0x0010
)

// begin reads the record that a part begins with and returns its kind.
func (k *Book) begin(s *scanner) (int, error) {
	if err := s.read(); err != nil {
		return 0, err
	}
	switch s.id {
	case 0x0009:
		return 0, &VersionError{"Excel 2"}
	case 0x0209:
		return 0, &VersionError{"Excel 3"}
	case 0x0409:
		return 0, &VersionError{"Excel 4"}
	}
	if s.id != recBOF || len(s.data) < 4 {
		return 0, errors.New("it does not begin as workbooks do")
	}
	return u16(s.data[2:]), nil
}

// readGlobals reads the part of the stream that is of the book as a whole.
func (k *Book) readGlobals(ctx context.Context) error {
	s := newScanner(k.stream, 0, k.size, bufferSize)
	kind, err := k.begin(s)
	if err != nil {
		return err
	}
	switch version := u16(s.data); {
	case version == 0x0600:
		k.biff8 = true
	case version > 0x0600:
		return &VersionError{fmt.Sprintf("a version of Excel that is not known (%#x)", version)}
	}
	if kind == partSheet { // a sheet without a book, as scripts write it
		k.Sheets = []Sheet{{}}
		return nil
	}
	if kind != partBook {
		return errors.New("it has no table in it, only a chart or macros")
	}
	formats := map[int]string{}
	for n := 1; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.read(); err != nil {
			return err
		}
		if s.id == recEOF {
			break
		}
		if err := k.global(ctx, s, formats); err != nil {
			return err
		}
	}
	for i := range k.Styles {
		k.Styles[i].Code = formats[k.Styles[i].ID]
	}
	return nil
}

// global reads one record of the book as a whole.
func (k *Book) global(ctx context.Context, s *scanner, formats map[int]string) error {
	switch s.id {
	case recFilePass:
		return ErrLocked
	case recCodePage:
		if len(s.data) >= 2 && !k.named {
			k.charset = codePages[u16(s.data)]
		}
	case recDateMode:
		k.Date1904 = len(s.data) >= 2 && u16(s.data) == 1
	case recFormat:
		return k.format(s, formats)
	case recXF:
		if len(s.data) < 4 {
			return errShort
		}
		if len(k.Styles) < maxStyles {
			k.Styles = append(k.Styles, Format{ID: u16(s.data[2:])})
		}
	case recSheet:
		return k.sheet(s)
	case recStrings:
		return k.sharedStrings(ctx, s)
	}
	return nil
}

// format reads the code of a format.
func (k *Book) format(s *scanner, formats map[int]string) error {
	if len(s.data) < 4 {
		return errShort
	}
	id := u16(s.data)
	s.data = s.data[2:]
	if !k.biff8 {
		n := min(int(s.data[0]), len(s.data)-1)
		formats[id] = string(k.appendBytes(nil, s.data[1:1+n]))
		return nil
	}
	n, wide := u16(s.data), len(s.data) > 2 && s.data[2]&wideFlag != 0
	s.data = s.data[min(3, len(s.data)):]
	unit := 1
	if wide {
		unit = 2
	}
	code, err := s.chars(nil, min(n, maxCode, len(s.data)/unit), wide)
	formats[id] = string(code)
	return err
}

// sheet reads where a sheet is and what it is called.
func (k *Book) sheet(s *scanner) error {
	if len(s.data) < 8 {
		return errShort
	}
	sheet := Sheet{at: int64(u32(s.data)), Hidden: s.data[4]&3 != 0}
	kind := s.data[5]
	s.data = s.data[6:]
	if k.biff8 {
		name, err := s.text(nil, 1)
		if err != nil {
			return err
		}
		sheet.Name = string(name)
	} else {
		n := min(int(s.data[0]), len(s.data)-1)
		sheet.Name = string(k.appendBytes(nil, s.data[1:1+n]))
	}
	if kind != 0 {
		return nil
	}
	if len(k.Sheets) == maxSheets {
		return fmt.Errorf("it has more than %d sheets", maxSheets)
	}
	for i := range k.Sheets {
		if k.Sheets[i].at == sheet.at {
			return fmt.Errorf("its sheets %q and %q are at one place", k.Sheets[i].Name, sheet.Name)
		}
	}
	k.Sheets = append(k.Sheets, sheet)
	return nil
}

// sharedStrings reads the texts that cells refer to by number. How many there
// are is not taken from the file, which may say anything.
func (k *Book) sharedStrings(ctx context.Context, s *scanner) error {
	if len(s.data) < 8 {
		return errShort
	}
	count := u32(s.data[4:])
	s.data = s.data[8:]
	for n := range count {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(s.data) == 0 && !s.goesOn() {
			return nil // some programs count more strings than they write
		}
		var err error
		if k.text, err = s.text(k.text, 2); err != nil {
			return err
		}
		if len(k.text) > k.limit.strings {
			return fmt.Errorf("its texts have more than %d MiB", k.limit.strings>>20)
		}
		k.ends = append(k.ends, uint32(len(k.text)))
	}
	return nil
}

// shared returns a shared string; nothing for a number that has none.
func (k *Book) shared(i uint32) []byte {
	if int64(i) >= int64(len(k.ends)) {
		return nil
	}
	from := uint32(0)
	if i > 0 {
		from = k.ends[i-1]
	}
	return k.text[from:k.ends[i]:k.ends[i]]
}
