package xls

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// The records that are read ([MS-XLS] 2.3).
const (
	recFormula    = 0x0006
	recEOF        = 0x000A
	recDateMode   = 0x0022
	recFilePass   = 0x002F
	recContinue   = 0x003C
	recCodePage   = 0x0042
	recSheet      = 0x0085
	recMulRK      = 0x00BD
	recRichString = 0x00D6
	recXF         = 0x00E0
	recMerged     = 0x00E5
	recStrings    = 0x00FC
	recLabelSST   = 0x00FD
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRK         = 0x027E
	recFormat     = 0x041E
	recBOF        = 0x0809

	// Numbers that a formula has in older versions, and that some programs
	// write in newer ones.
	recFormula3 = 0x0206
	recFormula4 = 0x0406
)

var errShort = errors.New("one of its records is too short")

// A scanner reads the records of a stream from one place on.
type scanner struct {
	r    *bufio.Reader
	id   uint16
	at   int64  // of the record in the stream
	next int64  // of the one after it
	data []byte // what is not yet read of the record, valid until the next
	buf  []byte
}

// bufferSize is how much a scanner reads at once where records stand in order.
const bufferSize = 64 << 10

func newScanner(s io.ReaderAt, at, size int64, buffer int) *scanner {
	return &scanner{r: bufio.NewReaderSize(io.NewSectionReader(s, at, size-at), buffer), next: at}
}

// read reads the next record. Every stream ends with a record that says so;
// without it the file is cut off.
func (s *scanner) read() error {
	var head [4]byte
	if _, err := io.ReadFull(s.r, head[:]); err != nil {
		return cutOff(err)
	}
	n := u16(head[2:])
	if cap(s.buf) < n {
		s.buf = make([]byte, max(n, 8224)) // what a record has at most in a proper file
	}
	s.id, s.data = binary.LittleEndian.Uint16(head[:]), s.buf[:n]
	s.at, s.next = s.next, s.next+4+int64(n)
	_, err := io.ReadFull(s.r, s.data)
	return cutOff(err)
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}

// more reads the record in which the last one goes on.
func (s *scanner) more() error {
	if !s.goesOn() {
		return errShort
	}
	return s.read()
}

// goesOn reports whether the next record continues the one at hand.
func (s *scanner) goesOn() bool {
	head, err := s.r.Peek(2)
	return err == nil && u16(head) == recContinue
}

// take reads n bytes, at most 8, which may go on in a further record.
func (s *scanner) take(n int) ([8]byte, error) {
	var b [8]byte
	for got := 0; got < n; {
		if len(s.data) == 0 {
			if err := s.more(); err != nil {
				return b, err
			}
			continue
		}
		k := copy(b[got:n], s.data)
		got, s.data = got+k, s.data[k:]
	}
	return b, nil
}

// skip passes over n bytes.
func (s *scanner) skip(n int64) error {
	for n > int64(len(s.data)) {
		n -= int64(len(s.data))
		if err := s.more(); err != nil {
			return err
		}
	}
	s.data = s.data[n:]
	return nil
}

// Flags of a string.
const (
	wideFlag     = 1 // two bytes a character
	phoneticFlag = 4
	richFlag     = 8
)

// text appends a string of the newer kind to b, in UTF-8. Its length stands in
// the given number of bytes. Formats of runs and readings of East Asian words
// are passed over.
func (s *scanner) text(b []byte, lengthBytes int) ([]byte, error) {
	head, err := s.take(lengthBytes + 1)
	if err != nil {
		return b, err
	}
	n, flags := u16(head[:]), head[2]
	if lengthBytes == 1 {
		n, flags = int(head[0]), head[1]
	}
	after := int64(0)
	if flags&richFlag != 0 {
		runs, err := s.take(2)
		if err != nil {
			return b, err
		}
		after += 4 * int64(u16(runs[:]))
	}
	if flags&phoneticFlag != 0 {
		length, err := s.take(4)
		if err != nil {
			return b, err
		}
		after += int64(u32(length[:]))
	}
	if b, err = s.chars(b, n, flags&wideFlag != 0); err != nil {
		return b, err
	}
	return b, s.skip(after)
}

// chars appends n characters to b. Where they go on in a further record, that
// says anew how wide they are.
func (s *scanner) chars(b []byte, n int, wide bool) ([]byte, error) {
	high := rune(0) // half of a pair, whose other half follows
	for {
		if wide {
			for ; n > 0 && len(s.data) >= 2; n-- {
				b, high = appendUTF16(b, high, rune(u16(s.data)))
				s.data = s.data[2:]
			}
		} else {
			for ; n > 0 && len(s.data) > 0; n-- {
				b, high = appendUTF16(b, high, rune(s.data[0]))
				s.data = s.data[1:]
			}
		}
		if n == 0 {
			if high != 0 {
				b = utf8.AppendRune(b, utf8.RuneError)
			}
			return b, nil
		}
		if err := s.more(); err != nil {
			return b, err
		}
		if len(s.data) == 0 {
			return b, errShort
		}
		wide, s.data = s.data[0]&wideFlag != 0, s.data[1:]
	}
}

// appendUTF16 appends the character that c is, or that it completes. NUL, with
// which some programs fill up texts, is left out.
func appendUTF16(b []byte, high, c rune) ([]byte, rune) {
	if high != 0 {
		if r := utf16.DecodeRune(high, c); r != utf8.RuneError {
			return utf8.AppendRune(b, r), 0
		}
		b = utf8.AppendRune(b, utf8.RuneError)
	}
	switch {
	case c == 0:
		return b, 0
	case 0xD800 <= c && c < 0xDC00:
		return b, c
	}
	return utf8.AppendRune(b, c), 0 // half of a pair alone becomes U+FFFD
}
