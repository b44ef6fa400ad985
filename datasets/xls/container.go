package xls

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
)

// Faults of files, for people who know what a spreadsheet program is.
var (
	errCut     = errors.New("it is cut off")
	errLoop    = errors.New("its list of sectors runs in a circle")
	errSectors = errors.New("its list of sectors is damaged")
)

const signature = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

const (
	headerSize   = 512
	lastSector   = 0xFFFFFFFA // numbers above are marks
	miniUnit     = 64         // bytes of a sector of small streams
	miniCutoff   = 4096       // streams with fewer bytes are small
	entrySize    = 128
	maxDirectory = 8 << 20 // bytes of the directory; programs write a few kilobytes
	maxStream    = 2 << 30
)

// A container is a compound file (OLE2, [MS-CFB]): streams of bytes that are
// cut into sectors. What it keeps is bounded by the length of the file,
// whatever the file says of itself.
type container struct {
	f       io.ReaderAt
	size    int64
	unit    int64    // bytes of a sector
	fat     []uint32 // the sector that follows each
	miniFAT []uint32
	small   *stream // holds the small streams
	entries []entry
}

// An entry of the directory is a stream or a storage, which holds others.
type entry struct {
	name        string
	kind        byte
	left, right uint32 // neighbours in the tree of a storage
	child       uint32 // the root of its own tree
	start       uint32
	size        int64
}

const (
	storageEntry = 1
	streamEntry  = 2
	rootEntry    = 5
)

func u16(b []byte) int    { return int(binary.LittleEndian.Uint16(b)) }
func u32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

// openContainer reads the lists and the directory of a compound file.
func openContainer(f io.ReaderAt, size int64) (*container, error) {
	head := make([]byte, headerSize)
	if size < headerSize {
		return nil, errCut
	}
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	c := &container{f: f, size: size}
	switch shift := u16(head[30:]); {
	case string(head[:8]) != signature:
		return nil, errors.New("it does not begin as such files do")
	case shift == 9 || shift == 12:
		c.unit = 1 << shift
	default:
		return nil, errSectors
	}
	if err := c.readFAT(head); err != nil {
		return nil, err
	}
	if err := c.readDirectory(u32(head[48:])); err != nil {
		return nil, err
	}
	return c, c.readSmall(u32(head[60:]))
}

// readFAT reads which sector follows each. The numbers of the sectors of this
// list stand in the header, and in a chain of sectors of their own.
func (c *container) readFAT(head []byte) error {
	sectors := (c.size - 1) / c.unit // the header has the room of one, the last may be short
	perSector := c.unit / 4
	want := int((sectors + perSector - 1) / perSector)
	buf := make([]byte, c.unit)
	read := 0
	add := func(numbers []byte) error {
		for ; len(numbers) >= 4 && read < want; numbers = numbers[4:] {
			id := u32(numbers)
			if id > lastSector {
				continue
			}
			if err := c.sector(buf, id); err != nil {
				return err
			}
			for b := buf; len(b) > 0; b = b[4:] {
				c.fat = append(c.fat, u32(b))
			}
			read++
		}
		return nil
	}
	if err := add(head[76:]); err != nil {
		return err
	}
	list := make([]byte, c.unit)
	for next, steps := u32(head[68:]), 0; next <= lastSector && read < want; steps++ {
		if steps > want {
			return errLoop
		}
		if err := c.sector(list, next); err != nil {
			return err
		}
		if err := add(list[:c.unit-4]); err != nil {
			return err
		}
		next = u32(list[c.unit-4:])
	}
	return nil
}

// sector reads one sector of a list. The last of a file may be short, as some
// programs write it; what is missing is the mark of a sector that is not used.
func (c *container) sector(buf []byte, id uint32) error {
	at := (int64(id) + 1) * c.unit
	if at >= c.size {
		return errCut
	}
	n, err := c.f.ReadAt(buf, at)
	if err != nil && (!errors.Is(err, io.EOF) || n < int(min(c.unit, c.size-at))) {
		return err
	}
	for i := range buf[n:] {
		buf[n+i] = 0xFF
	}
	return nil
}

// readDirectory reads the entries of the directory.
func (c *container) readDirectory(start uint32) error {
	runs, length, err := chain(c.fat, start, c.unit, c.unit, maxDirectory)
	if err != nil {
		return err
	}
	if length >= maxDirectory {
		return errors.New("its directory has more entries than any program writes")
	}
	buf := make([]byte, length)
	if _, err := (&stream{f: c.f, runs: runs, size: length}).ReadAt(buf, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for ; len(buf) >= entrySize; buf = buf[entrySize:] {
		c.entries = append(c.entries, readEntry(buf))
	}
	if len(c.entries) == 0 || c.entries[0].kind != rootEntry {
		return errors.New("its directory is damaged")
	}
	return nil
}

func readEntry(b []byte) entry {
	name := make([]uint16, 0, 32)
	for i := 0; i+2 < u16(b[64:]) && i < 64; i += 2 {
		name = append(name, binary.LittleEndian.Uint16(b[i:]))
	}
	return entry{
		name: string(utf16.Decode(name)), kind: b[66], left: u32(b[68:]), right: u32(b[72:]), child: u32(b[76:]),
		start: u32(b[116:]), size: int64(u32(b[120:])), // the upper half of the size is garbage in old files
	}
}

// readSmall reads where the small streams are.
func (c *container) readSmall(start uint32) error {
	if start > lastSector {
		return nil
	}
	runs, length, err := chain(c.fat, start, c.unit, c.unit, c.size/miniUnit*4+c.unit)
	if err != nil {
		return err
	}
	buf := make([]byte, length)
	if _, err := (&stream{f: c.f, runs: runs, size: length}).ReadAt(buf, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for ; len(buf) >= 4; buf = buf[4:] {
		c.miniFAT = append(c.miniFAT, u32(buf))
	}
	root := c.entries[0]
	runs, length, err = chain(c.fat, root.start, c.unit, c.unit, root.size)
	c.small = &stream{f: c.f, runs: runs, size: min(length, root.size)}
	return err
}

// A run is consecutive bytes of a stream that stand together in the file.
type run struct {
	at     int64 // in the stream
	from   int64 // in the file
	length int64
}

// chain returns where the sectors are that follow start, up to want bytes, and
// how many bytes they have. Sector 0 stands at first.
func chain(next []uint32, start uint32, unit, first, want int64) ([]run, int64, error) {
	var runs []run
	length := int64(0)
	seen := make([]bool, len(next))
	for id := start; id <= lastSector && length < want; id = next[id] {
		if int64(id) >= int64(len(next)) {
			return nil, 0, errSectors
		}
		if seen[id] {
			return nil, 0, errLoop
		}
		seen[id] = true
		from := first + int64(id)*unit
		if n := len(runs); n > 0 && runs[n-1].from+runs[n-1].length == from {
			runs[n-1].length += unit
		} else {
			runs = append(runs, run{length, from, unit})
		}
		length += unit
	}
	return runs, length, nil
}

// A stream is a file in a container.
type stream struct {
	f    io.ReaderAt
	runs []run
	size int64
}

// ReadAt reads as io.ReaderAt says.
func (s *stream) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	i, found := slices.BinarySearchFunc(s.runs, off, func(r run, off int64) int { return int(max(-1, min(1, r.at-off))) })
	if !found {
		i--
	}
	for ; n < len(p) && i >= 0 && i < len(s.runs) && off < s.size; i++ {
		r := s.runs[i]
		skip := off - r.at
		part := p[n:min(int64(len(p)), int64(n)+min(r.length-skip, s.size-off))]
		k, err := s.f.ReadAt(part, r.from+skip)
		n += k
		off += int64(k)
		if k < len(part) {
			return n, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// open returns the stream of an entry.
func (c *container) open(e *entry) (*stream, error) {
	if e.size > maxStream {
		return nil, errors.New("it is larger than any spreadsheet program writes")
	}
	if e.size < miniCutoff {
		if c.small == nil {
			return nil, errSectors
		}
		runs, length, err := chain(c.miniFAT, e.start, miniUnit, 0, e.size)
		return &stream{f: c.small, runs: runs, size: min(length, e.size)}, err
	}
	runs, length, err := chain(c.fat, e.start, c.unit, c.unit, e.size)
	return &stream{f: c.f, runs: runs, size: min(length, e.size)}, err
}

// top returns the entries of the outermost storage. Those of storages within
// belong to objects that are embedded in the document.
func (c *container) top() []*entry {
	var found []*entry
	seen := make([]bool, len(c.entries))
	for todo := []uint32{c.entries[0].child}; len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if int64(id) >= int64(len(seen)) || seen[id] {
			continue
		}
		seen[id] = true
		e := &c.entries[id]
		found = append(found, e)
		todo = append(todo, e.left, e.right)
	}
	return found
}

// named returns the entry of the outermost storage with the name, or nil.
// Programs differ in capital letters.
func (c *container) named(name string) *entry {
	for _, e := range c.top() {
		if strings.EqualFold(e.name, name) && e.kind != rootEntry {
			return e
		}
	}
	return nil
}

// documents are the kinds of documents that are compound files, by an entry
// that only they have.
var documents = []struct{ entry, kind string }{
	{"EncryptedPackage", "encrypted"}, // an XLSX file, or another of its family
	{"Workbook", "xls"},
	{"Book", "xls"},
	{"WordDocument", "doc"},
	{"PowerPoint Document", "ppt"},
	{"__properties_version1.0", "msg"},
	{"VisioDocument", "vsd"},
}

// Sniff names what the compound file f of the given size holds: "xls", "doc",
// "ppt", "msg", "vsd", "encrypted" for a document of the newer kinds that is
// locked with a password, "ole" for others. It is empty for a file whose
// directory cannot be read.
func Sniff(f io.ReaderAt, size int64) string {
	c, err := openContainer(f, size)
	if err != nil {
		return ""
	}
	for _, d := range documents {
		if c.named(d.entry) != nil {
			return d.kind
		}
	}
	return "ole"
}
