package harvesters

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Bounds of one JSON value that is kept. Beyond them it is passed over.
const (
	maxJSONDepth = 64
	maxJSONValue = 16 << 20
)

// A jsonStream reads a JSON document (RFC 8259) of any length with the memory
// of one value: it walks objects and lists and hands out the raw bytes of the
// values in them. Raw control characters in strings, which many exports have,
// are read as spaces.
type jsonStream struct {
	r    *bufio.Reader
	off  int64
	out  []byte // the value being read, when keep
	keep bool
	max  int
	over string // why the value being read is not kept
}

func newJSONStream(r io.Reader) *jsonStream {
	return &jsonStream{r: bufio.NewReaderSize(r, 64<<10), max: maxJSONValue}
}

// A syntaxError says that a document is no JSON from a byte on.
type syntaxError struct {
	off  int64
	text string
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("the JSON is broken at byte %d: %s", e.off, e.text)
}

func (s *jsonStream) bad(format string, args ...any) error {
	return &syntaxError{s.off, fmt.Sprintf(format, args...)}
}

// next takes one byte.
func (s *jsonStream) next() (byte, error) {
	c, err := s.r.ReadByte()
	if errors.Is(err, io.EOF) {
		return 0, s.bad("it ends in the middle; the file was cut short")
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

func (s *jsonStream) add(c byte) {
	if len(s.out) >= s.max {
		s.drop(fmt.Sprintf("it is larger than %d MiB", s.max>>20))
		return
	}
	s.out = append(s.out, c)
}

// drop gives up keeping the value being read; the reading goes on.
func (s *jsonStream) drop(why string) {
	s.keep, s.over = false, why
	if cap(s.out) > 1<<20 {
		s.out = nil
	}
}

func (s *jsonStream) unread() {
	_ = s.r.UnreadByte() // follows a ReadByte
	s.off--
	if s.keep {
		s.out = s.out[:len(s.out)-1]
	}
}

// peek returns the next byte that is no white space, without taking it.
func (s *jsonStream) peek() (byte, error) {
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
func (s *jsonStream) take() (byte, error) {
	if _, err := s.peek(); err != nil {
		return 0, err
	}
	return s.next()
}

// end checks that nothing but white space is left.
func (s *jsonStream) end() error {
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
			return s.bad("something follows the end of the document")
		}
	}
}

// object calls member for each key of the object that comes next; member must
// read the value.
func (s *jsonStream) object(member func(key string) error) error {
	return s.items('{', '}', func() error {
		key, err := s.key()
		if err != nil {
			return err
		}
		return member(key)
	})
}

// list calls item for each item of the list that comes next; item must read it.
func (s *jsonStream) list(item func() error) error { return s.items('[', ']', item) }

func (s *jsonStream) items(open, closed byte, item func() error) error {
	if c, err := s.take(); err != nil {
		return err
	} else if c != open {
		return s.bad("%q stands where %q is expected", c, open)
	}
	for first := true; ; first = false {
		c, err := s.peek()
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
			return s.bad("a comma or %q is missing", closed)
		}
	}
}

// key reads the key of a member and the colon after it.
func (s *jsonStream) key() (string, error) {
	raw, over, err := s.value()
	if err != nil {
		return "", err
	}
	if over != "" || len(raw) == 0 || raw[0] != '"' {
		return "", s.bad("the name of a field is missing")
	}
	c, err := s.take()
	if err != nil {
		return "", err
	}
	if c != ':' {
		return "", s.bad("a colon is missing after a field's name")
	}
	key, _ := decodeJSON(raw)
	name, _ := key.(string)
	return name, nil
}

// value reads the next value and returns its bytes, which are valid until the
// next call. A value that is too large or too deep is read to its end and not
// returned; over says which.
func (s *jsonStream) value() (raw []byte, over string, err error) {
	if _, err := s.peek(); err != nil {
		return nil, "", err
	}
	s.out, s.keep, s.over = s.out[:0], true, ""
	err = s.scan(0)
	s.keep = false
	return s.out, s.over, err
}

// skip passes over the next value.
func (s *jsonStream) skip() error {
	s.keep = false
	return s.scan(0)
}

// scan reads one value and checks that it is JSON.
func (s *jsonStream) scan(depth int) error {
	c, err := s.take()
	if err != nil {
		return err
	}
	switch {
	case c == '"':
		return s.scanString()
	case c == '{' || c == '[':
		if depth == maxJSONDepth {
			s.drop(fmt.Sprintf("it is nested deeper than %d levels", maxJSONDepth))
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
	}
	return s.bad("%q begins no value", c)
}

func (s *jsonStream) scanMember(depth int) error {
	c, err := s.take()
	if err != nil {
		return err
	}
	if c != '"' {
		return s.bad("the name of a field is missing")
	}
	if err := s.scanString(); err != nil {
		return err
	}
	if c, err = s.take(); err != nil {
		return err
	}
	if c != ':' {
		return s.bad("a colon is missing after a field's name")
	}
	return s.scan(depth)
}

// scanDeep passes over the rest of an object or list of any depth by counting
// brackets.
func (s *jsonStream) scanDeep() error {
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

func (s *jsonStream) scanString() error {
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
func (s *jsonStream) plain() {
	buf, _ := s.r.Peek(s.r.Buffered()) // never more than there is
	n := 0
	for n < len(buf) && buf[n] != '"' && buf[n] != '\\' && buf[n] >= ' ' {
		n++
	}
	if s.keep && len(s.out)+n > s.max {
		s.drop(fmt.Sprintf("it is larger than %d MiB", s.max>>20))
	}
	if s.keep {
		s.out = append(s.out, buf[:n]...)
	}
	_, _ = s.r.Discard(n) // it is buffered
	s.off += int64(n)
}

func (s *jsonStream) scanEscape() error {
	c, err := s.next()
	if err != nil {
		return err
	}
	if c != 'u' {
		if bytes.IndexByte([]byte(`"\/bfnrt`), c) < 0 {
			return s.bad("%q follows a backslash", c)
		}
		return nil
	}
	for range 4 {
		if c, err = s.next(); err != nil {
			return err
		}
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return s.bad("%q stands in a \\u escape", c)
		}
	}
	return nil
}

// scanWord reads the rest of true, false or null.
func (s *jsonStream) scanWord(word string) error {
	for i := 1; i < len(word); i++ {
		c, err := s.next()
		if err != nil {
			return err
		}
		if c != word[i] {
			return s.bad("a word that is not %s", word)
		}
	}
	return nil
}
