package xls

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets/xls/xlstest"
)

// pattern returns bytes of which no two sectors are the same.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i/512*13 + i/65536)
	}
	return b
}

func TestStreamsOfAContainer(t *testing.T) {
	sizes := []int{1, 64, 65, 4095, 4096, 4097, 100_000, 8 << 20} // the last needs a list of lists
	var entries []xlstest.Entry
	for i, n := range sizes {
		entries = append(entries, xlstest.Entry{Name: string(rune('a' + i)), Data: pattern(n)})
	}
	file := xlstest.Container(entries...)
	c, err := openContainer(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		s, err := c.open(c.named(strings.ToUpper(e.Name)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(io.NewSectionReader(s, 0, s.size))
		if err != nil || !bytes.Equal(got, e.Data) {
			t.Errorf("%s: %d bytes of %d, %v", e.Name, len(got), len(e.Data), err)
		}
		for _, off := range []int64{0, 63, 511, 512, 513, 4000, s.size - 1, s.size, s.size + 5} {
			buf := make([]byte, 700)
			n, err := s.ReadAt(buf, off)
			want := e.Data[min(off, s.size):min(off+700, s.size)]
			if !bytes.Equal(buf[:n], want) || (n < 700) != errors.Is(err, io.EOF) {
				t.Errorf("%s at %d: %d bytes of %d, %v", e.Name, off, n, len(want), err)
			}
		}
	}
	if c.named("Root Entry") != nil || c.named("none") != nil {
		t.Error("an entry that is not there")
	}
}

func TestKindsOfContainers(t *testing.T) {
	book := xlstest.Entry{Name: "Workbook", Data: []byte("x")}
	for want, entries := range map[string][]xlstest.Entry{
		"xls":       {{Name: "Other", Data: []byte("x")}, {Name: "WORKBOOK", Data: []byte("x")}},
		"doc":       {{Name: "WordDocument", Data: []byte("x")}},
		"ppt":       {{Name: "PowerPoint Document", Data: []byte("x")}},
		"msg":       {{Name: "__properties_version1.0", Data: []byte("x")}},
		"encrypted": {{Name: "EncryptionInfo", Data: []byte("x")}, {Name: "EncryptedPackage", Data: []byte("x")}},
		"ole":       {{Name: "Contents", Data: []byte("x")}},
	} {
		file := xlstest.Container(entries...)
		if got := Sniff(bytes.NewReader(file), int64(len(file))); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	// The book that is embedded in a document is not the document.
	file := xlstest.Container(xlstest.Entry{Name: "WordDocument", Data: []byte("x")}, book)
	dir := bytes.Index(file, xlstest.Wide("Root Entry"))
	binary.LittleEndian.PutUint32(file[dir+128+72:], 1<<32-1)
	if got := Sniff(bytes.NewReader(file), int64(len(file))); got != "doc" {
		t.Errorf("%s, want doc", got)
	}
	if got := Sniff(strings.NewReader("text"), 4); got != "" {
		t.Errorf("text is %s", got)
	}
}

// However the lists of a container are broken, reading it ends.
func TestBrokenContainers(t *testing.T) {
	stream := one(nil, xlstest.Number(0, 0, 0, 1))
	small := xlstest.Wrap(stream)
	good := xlstest.Wrap(append(bytes.Clone(stream), make([]byte, 90_000)...))
	for n := 0; n < len(good)-512; n += 500 {
		if k, err := openBytes(t, good[:n]); err == nil {
			t.Errorf("%d bytes of %d: %v", n, len(good), k)
		}
	}
	// Each number of the header and of the lists set to each of several values.
	for _, file := range [][]byte{small, good} {
		for at := 24; at < len(file); at += 4 {
			if at == 512 && len(file) > 90_000 {
				at = 512 + 90_112 // behind the data, at the lists
			}
			for _, v := range []uint32{0, 1, 2, 176, 0x7FFFFFFF, 0xFFFFFFF9, 0xFFFFFFFE, 0xFFFFFFFF} {
				bad := bytes.Clone(file)
				binary.LittleEndian.PutUint32(bad[at:], v)
				k, err := openBytes(t, bad)
				if err != nil {
					continue
				}
				for i := range k.Sheets {
					if _, err := show(t, k, i); err != nil {
						break
					}
				}
			}
		}
	}
	for name, breakIt := range map[string]func([]byte){
		"circle": func(b []byte) { // of the sectors of the stream
			fat := bytes.LastIndex(b, []byte{0xFD, 0xFF, 0xFF, 0xFF})&^511 - 512 // the first of two
			binary.LittleEndian.PutUint32(b[fat+4*100:], 100)
		},
		"no root":    func(b []byte) { b[bytes.Index(b, xlstest.Wide("Root Entry"))+66] = 2 },
		"sector":     func(b []byte) { b[30] = 7 },
		"no sectors": func(b []byte) { copy(b[76:], bytes.Repeat([]byte{0xFF}, 436)) },
	} {
		bad := bytes.Clone(good)
		breakIt(bad)
		if k, err := openBytes(t, bad); err == nil {
			t.Errorf("%s: %v", name, k)
		}
	}
}

// A container whose last sector is not filled up, as some programs write it.
func TestLastSectorThatIsShort(t *testing.T) {
	stream := one(nil, xlstest.Number(0, 0, 0, 7))
	file := xlstest.Wrap(append(bytes.Clone(stream), make([]byte, 5000)...))
	used := bytes.LastIndexFunc(file, func(r rune) bool { return r != 0xFFFD }) + 1
	if used >= len(file) {
		t.Fatal("the last sector is full")
	}
	k := check(t, file[:used], "0: 0=7")
	if len(k.Sheets) != 1 {
		t.Error(k.Sheets)
	}
}
