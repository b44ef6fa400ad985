package datasets

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An xmlScanner reads the XML of workbooks, which is large and plain, several
// times as fast as encoding/xml. It knows elements, attributes, text, CDATA,
// comments and the five entities; namespaces are left out of names; a document
// type is refused, so that no entity can be defined.
type xmlScanner struct {
	r          io.Reader
	buf        []byte
	start, end int
	err        error

	name    []byte // of the last start or end tag, without its prefix
	attrs   []byte // of the last start tag, as written
	text    []byte // the last text, as written
	literal bool   // the last text is CDATA
	closed  bool   // the last start tag also is the end tag, which comes next
}

type xmlToken uint8

const (
	xmlStart xmlToken = iota
	xmlEnd
	xmlText
)

var (
	errXML      = errors.New("not well-formed XML")
	errXMLDepth = errors.New("a tag or text is too long")
	errDoctype  = errors.New("a document type, which workbooks do not have")
)

func newXMLScanner(r io.Reader) *xmlScanner {
	return &xmlScanner{r: r, buf: make([]byte, 64<<10)}
}

// next returns the next tag or text. Names, attributes and text are valid
// until the one after.
func (x *xmlScanner) next() (xmlToken, error) {
	if x.closed {
		x.closed = false
		return xmlEnd, nil
	}
	for {
		if x.start == x.end {
			if err := x.fill(); err != nil {
				return 0, err
			}
		}
		if x.buf[x.start] != '<' {
			return xmlText, x.readText()
		}
		tag, err := x.readTag()
		if err != nil {
			return 0, err
		}
		switch tag[1] {
		case '?':
		case '!':
			if bytes.HasPrefix(tag, []byte("<![CDATA[")) {
				x.text, x.literal = tag[9:len(tag)-3], true
				return xmlText, nil
			}
			if bytes.HasPrefix(tag, []byte("<!DOCTYPE")) {
				return 0, errDoctype
			}
		case '/':
			x.name = local(bytes.TrimRight(tag[2:len(tag)-1], " \t\r\n"))
			return xmlEnd, nil
		default:
			x.startTag(tag[1 : len(tag)-1])
			return xmlStart, nil
		}
	}
}

// fill reads more behind what is there; io.EOF when there is nothing at all,
// io.ErrUnexpectedEOF in the middle of something.
func (x *xmlScanner) fill() error {
	if x.start > 0 {
		x.end = copy(x.buf, x.buf[x.start:x.end])
		x.start = 0
	}
	if x.end == len(x.buf) {
		if len(x.buf) >= maxCell {
			return errXMLDepth
		}
		x.buf = append(x.buf, make([]byte, len(x.buf))...)
	}
	for x.err == nil {
		n, err := x.r.Read(x.buf[x.end:])
		x.end += n
		x.err = err
		if n > 0 {
			return nil
		}
	}
	if errors.Is(x.err, io.EOF) && x.end > 0 {
		return io.ErrUnexpectedEOF
	}
	return x.err
}

// readText reads up to the next tag.
func (x *xmlScanner) readText() error {
	seen := 0
	for {
		if n := bytes.IndexByte(x.buf[x.start+seen:x.end], '<'); n >= 0 {
			x.text, x.literal = x.buf[x.start:x.start+seen+n], false
			x.start += seen + n
			return nil
		}
		seen = x.end - x.start
		if err := x.fill(); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) && len(bytes.TrimSpace(x.buf[x.start:x.end])) == 0 {
				return io.EOF // a line end behind the last tag
			}
			return err
		}
	}
}

// readTag reads the tag, comment or CDATA that stands at start.
func (x *xmlScanner) readTag() ([]byte, error) {
	for {
		b := x.buf[x.start:x.end]
		if n := tagEnd(b); n > 0 {
			x.start += n
			if n < 3 {
				return nil, errXML
			}
			return b[:n], nil
		}
		if err := x.fill(); err != nil {
			return nil, err
		}
	}
}

// tagEnd returns the length of the tag that b begins with, 0 if it is not whole.
func tagEnd(b []byte) int {
	if len(b) < 2 || b[1] == '!' || b[1] == '?' {
		return specialEnd(b)
	}
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return 0
}

// specialEnd is tagEnd for comments, CDATA and instructions.
func specialEnd(b []byte) int {
	for _, special := range []struct{ open, end string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}} {
		if len(b) < len(special.open) && strings.HasPrefix(special.open, string(b)) {
			return 0
		}
		if rest, ok := bytes.CutPrefix(b, []byte(special.open)); ok {
			if n := bytes.Index(rest, []byte(special.end)); n >= 0 {
				return n + len(special.open) + len(special.end)
			}
			return 0
		}
	}
	return 0
}

func (x *xmlScanner) startTag(tag []byte) {
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		x.closed, tag = true, tag[:n-1]
	}
	end := bytes.IndexAny(tag, " \t\r\n")
	if end < 0 {
		end = len(tag)
	}
	x.name, x.attrs = local(tag[:end]), tag[end:]
}

// local returns a name without its prefix.
func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// is reports whether the last tag has the name.
func (x *xmlScanner) is(name string) bool { return string(x.name) == name }

// attr returns the value of an attribute of the last start tag, unescaped.
func (x *xmlScanner) attr(name string) string { return string(unescape(nil, x.rawAttr(name))) }

// rawAttr returns the value of an attribute as written; nothing if it is absent.
func (x *xmlScanner) rawAttr(name string) []byte {
	b := x.attrs
	for {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return nil
		}
		key := local(bytes.TrimSpace(b[:eq]))
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return b[1 : 1+end]
		}
		b = b[end+2:]
	}
}

// appendText appends the last text to b, unescaped.
func (x *xmlScanner) appendText(b []byte) []byte {
	text := x.text
	if bytes.IndexByte(text, '\r') >= 0 { // XML has one kind of line end
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	if x.literal {
		return append(b, text...)
	}
	return unescape(b, text)
}

var entities = map[string]byte{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

// unescape appends text to b with its entities replaced. One that is unknown
// stays as it is written.
func unescape(b, text []byte) []byte {
	for {
		amp := bytes.IndexByte(text, '&')
		if amp < 0 {
			return append(b, text...)
		}
		b, text = append(b, text[:amp]...), text[amp:]
		end := bytes.IndexByte(text, ';')
		if end < 2 || end > 10 {
			b, text = append(b, '&'), text[1:]
			continue
		}
		entity := text[1:end]
		if c, ok := entities[string(entity)]; ok {
			b = append(b, c)
		} else if r, ok := numbered(entity); ok {
			b = utf8.AppendRune(b, r)
		} else {
			b = append(b, text[:end+1]...)
		}
		text = text[end+1:]
	}
}

// numbered returns the character of an entity such as #65 or #x41.
func numbered(entity []byte) (rune, bool) {
	if entity[0] != '#' || len(entity) < 2 {
		return 0, false
	}
	digits, base := entity[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(string(digits), base, 21)
	return rune(n), err == nil && n != 0 && utf8.ValidRune(rune(n))
}
