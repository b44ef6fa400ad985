// Package jsonstream reads JSON documents of any length with the memory of one
// value. Nothing in it knows what the values mean.
package jsonstream

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Bounds of one value that is kept. Beyond them it is passed over.
const (
	MaxDepth = 64
	MaxValue = 16 << 20 // bytes, unless Stream.Max says otherwise
)

// A Stream reads a JSON document (RFC 8259) of any length with the memory of
// one value: it walks objects and lists and hands out the raw bytes of the
// values in them. Raw control characters in strings, which many exports have,
// are read as spaces.
type Stream struct {
	Max int // bytes of one value that is kept
	// NaN says that NaN, Infinity and -Infinity, which RFC 8259 has not and
	// some programs write, are values.
	NaN bool

	r    *bufio.Reader
	off  int64
	out  []byte // the value being read, when keep
	keep bool
	over string // why the value being read is not kept
	deep bool   // that is for its depth
	keys []byte // room for the name of a member
}

// New returns a stream of the document that r gives in UTF-8.
func New(r io.Reader) *Stream {
	return &Stream{r: bufio.NewReaderSize(r, 64<<10), Max: MaxValue}
}

// Reset begins with another document.
func (s *Stream) Reset(r io.Reader) {
	s.r.Reset(r)
	s.off, s.keep = 0, false
}

// Offset returns how many bytes of the document were taken.
func (s *Stream) Offset() int64 { return s.off }

// next takes one byte.
func (s *Stream) next() (byte, error) {
	c, err := s.r.ReadByte()
	if errors.Is(err, io.EOF) {
		return 0, s.Bad("cut", "it ends in the middle; the file was cut short")
	}
	if err != nil {
		return 0, err
	}
	s.off++
	if s.keep {
		s.add(c)
	}
	return c, nil
}

func (s *Stream) add(c byte) {
	if len(s.out) >= s.Max {
		s.drop(fmt.Sprintf("it is larger than %d MiB", s.Max>>20))
		return
	}
	s.out = append(s.out, c)
}

// drop gives up keeping the value being read; the reading goes on.
func (s *Stream) drop(why string) {
	s.keep, s.over = false, why
	if cap(s.out) > 1<<20 {
		s.out = nil
	}
}

func (s *Stream) unread() {
	_ = s.r.UnreadByte() // follows a ReadByte
	s.off--
	if s.keep {
		s.out = s.out[:len(s.out)-1]
	}
}

// Peek returns the next byte that is no white space, without taking it.
func (s *Stream) Peek() (byte, error) {
	for {
		c, err := s.next()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			s.unread()
			return c, nil
		}
	}
}

// take takes the next byte that is no white space.
func (s *Stream) take() (byte, error) {
	if _, err := s.Peek(); err != nil {
		return 0, err
	}
	return s.next()
}

// End checks that nothing but white space is left.
func (s *Stream) End() error {
	for {
		c, err := s.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		s.off++
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' && c != 0 {
			return s.Bad("after", "something follows the end of the document")
		}
	}
}

// Object calls member for each key of the object that comes next; member must
// read the value.
func (s *Stream) Object(member func(key string) error) error {
	return s.Members(func(key []byte) error { return member(string(key)) })
}

// Members is Object with keys that are valid until member reads on.
func (s *Stream) Members(member func(key []byte) error) error {
	return s.items('{', '}', func() error {
		key, err := s.key()
		if err != nil {
			return err
		}
		return member(key)
	})
}

// List calls item for each item of the list that comes next; item must read it.
func (s *Stream) List(item func() error) error { return s.items('[', ']', item) }

func (s *Stream) items(open, closed byte, item func() error) error {
	if c, err := s.take(); err != nil {
		return err
	} else if c != open {
		return s.Bad("instead", "%q stands where %q is expected", c, open)
	}
	for first := true; ; first = false {
		c, err := s.Peek()
		if err != nil {
			return err
		}
		if first && c == closed {
			_, err := s.next()
			return err
		}
		if err := item(); err != nil {
			return err
		}
		c, err = s.take()
		switch {
		case err != nil:
			return err
		case c == closed:
			return nil
		case c != ',':
			return s.Bad("comma", "a comma or %q is missing", closed)
		}
		if c, err = s.Peek(); err == nil && c == closed {
			return s.Bad("trailing", "a comma stands before %q", closed)
		}
	}
}

// key reads the key of a member and the colon after it.
func (s *Stream) key() ([]byte, error) {
	raw, over, err := s.Value()
	if err != nil {
		return nil, err
	}
	if over != "" || len(raw) == 0 || raw[0] != '"' {
		return nil, s.Bad("name", "the name of a field is missing")
	}
	c, err := s.take()
	if err != nil {
		return nil, err
	}
	if c != ':' {
		return nil, s.Bad("colon", "a colon is missing after a field's name")
	}
	s.keys = AppendString(s.keys[:0], raw)
	return s.keys, nil
}

// Value reads the next value and returns its bytes, which are valid until the
// next call. A value that is too large or too deep is read to its end and not
// returned; over says which.
func (s *Stream) Value() (raw []byte, over string, err error) {
	if _, err := s.Peek(); err != nil {
		return nil, "", err
	}
	s.out, s.keep, s.over, s.deep = s.out[:0], true, "", false
	err = s.scan(0)
	s.keep = false
	return s.out, s.over, err
}

// TooDeep reports whether the value that Value did not return was nested too
// deep; else it was too large.
func (s *Stream) TooDeep() bool { return s.deep }

// Skip passes over the next value.
func (s *Stream) Skip() error {
	s.keep = false
	return s.scan(0)
}

// scan reads one value and checks that it is JSON.
func (s *Stream) scan(depth int) error {
	c, err := s.take()
	if err != nil {
		return err
	}
	switch {
	case c == '"':
		return s.scanString()
	case c == '{' || c == '[':
		if depth == MaxDepth {
			s.deep = true
			s.drop(fmt.Sprintf("it is nested deeper than %d levels", MaxDepth))
			return s.scanDeep()
		}
		s.unread()
		if c == '[' {
			return s.items('[', ']', func() error { return s.scan(depth + 1) })
		}
		return s.items('{', '}', func() error { return s.scanMember(depth + 1) })
	case c == '-' || c >= '0' && c <= '9':
		return s.scanNumber(c)
	case c == 't':
		return s.scanWord("true")
	case c == 'f':
		return s.scanWord("false")
	case c == 'n':
		return s.scanWord("null")
	case c == 'N' && s.NaN:
		return s.scanWord("NaN")
	case c == 'I' && s.NaN:
		return s.scanWord("Infinity")
	}
	return s.Bad("value", "%q begins no value", c)
}

func (s *Stream) scanMember(depth int) error {
	c, err := s.take()
	if err != nil {
		return err
	}
	if c != '"' {
		return s.Bad("name", "the name of a field is missing")
	}
	if err := s.scanString(); err != nil {
		return err
	}
	if c, err = s.take(); err != nil {
		return err
	}
	if c != ':' {
		return s.Bad("colon", "a colon is missing after a field's name")
	}
	return s.scan(depth)
}

// scanDeep passes over the rest of an object or list of any depth by counting
// brackets.
func (s *Stream) scanDeep() error {
	for open := 1; open > 0; {
		c, err := s.next()
		if err != nil {
			return err
		}
		switch c {
		case '"':
			if err := s.scanString(); err != nil {
				return err
			}
		case '{', '[':
			open++
		case '}', ']':
			open--
		}
	}
	return nil
}

func (s *Stream) scanString() error {
	for {
		s.plain()
		c, err := s.next()
		switch {
		case err != nil:
			return err
		case c == '"':
			return nil
		case c == '\\':
			if err := s.scanEscape(); err != nil {
				return err
			}
		case c < ' ' && s.keep:
			s.out[len(s.out)-1] = ' '
		}
	}
}

// plain takes the bytes of a string that mean themselves, as many as are read
// already.
func (s *Stream) plain() {
	buf, _ := s.r.Peek(s.r.Buffered()) // never more than there is
	n := 0
	for n < len(buf) && buf[n] != '"' && buf[n] != '\\' && buf[n] >= ' ' {
		n++
	}
	if s.keep && len(s.out)+n > s.Max {
		s.drop(fmt.Sprintf("it is larger than %d MiB", s.Max>>20))
	}
	if s.keep {
		s.out = append(s.out, buf[:n]...)
	}
	_, _ = s.r.Discard(n) // it is buffered
	s.off += int64(n)
}

func (s *Stream) scanEscape() error {
	c, err := s.next()
	if err != nil {
		return err
	}
	if c != 'u' {
		if bytes.IndexByte([]byte(`"\/bfnrt`), c) < 0 {
			return s.Bad("escape", "%q follows a backslash", c)
		}
		return nil
	}
	for range 4 {
		if c, err = s.next(); err != nil {
			return err
		}
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return s.Bad("unicode", "%q stands in a \\u escape", c)
		}
	}
	return nil
}

// scanWord reads the rest of true, false or null.
func (s *Stream) scanWord(word string) error {
	for i := 1; i < len(word); i++ {
		c, err := s.next()
		if err != nil {
			return err
		}
		if c != word[i] {
			return s.Bad("word", "a word that is not %s", word)
		}
	}
	return nil
}
