package harvesters

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// maxCatalogue is how large a file with a whole catalogue may be.
const maxCatalogue = 512 << 20

// acceptJSON is what is asked for where JSON is expected.
const acceptJSON = "application/json, application/ld+json;q=0.9, */*;q=0.1"

// checkAddress returns an *InvalidError unless the address is one of http or
// https, or a path.
func checkAddress(v *Visit) error {
	address := v.Source.URL
	invalid := func(reason string) error { return &catalog.InvalidError{Field: "url", Reason: reason} }
	switch {
	case strings.TrimSpace(address) == "":
		return invalid("the source needs an address, or a path on this machine")
	case !strings.Contains(address, "://"):
		return nil
	case !isURL(address):
		return invalid("an address begins with http:// or https://; a path on this machine is given as it is")
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return invalid(fmt.Sprintf("%q is no address", address))
	}
	if u.User != nil {
		return invalid("an address with a name or password in it would be shown to everybody; give it without")
	}
	return nil
}

// A document is a whole file that is read more than once: a file on disk, or a
// copy of what a server sent, which is removed on Close.
type document struct {
	*os.File
	charset string // that the server declares
	base    *url.URL
	temp    bool
}

// openDocument opens the file at the source's address. What a server sends is
// fetched to its end first, so that a connection never waits for the catalogue.
func openDocument(ctx context.Context, v *Visit) (*document, error) {
	if !isURL(v.Source.URL) {
		return openPath(v.Source.URL)
	}
	head, before, err := v.pages.open(v.Source.URL, pagesWhole)
	if err != nil {
		return fetchDocument(ctx, v, pageHead{}, nil)
	}
	defer before.Close()
	d, err := fetchDocument(ctx, v, head, before)
	if errors.Is(err, errDamagedPage) {
		return fetchDocument(ctx, v, pageHead{}, nil)
	}
	return d, err
}

// errDamagedPage says that what the run before was sent cannot be read.
var errDamagedPage = errors.New("the copy that was kept is damaged")

// fetchDocument fetches the file at the source's address, or reads it from what
// the run before was sent, where there is that and the server says that it is
// the same still.
func fetchDocument(ctx context.Context, v *Visit, known pageHead, before io.Reader) (*document, error) {
	answer, err := v.Client.Get(ctx, Request{
		URL: v.Source.URL, Origin: v.Source.URL, AllowPrivate: v.Source.AllowPrivateNetwork, Accept: acceptJSON, Limit: maxCatalogue,
		ETag: known.ETag, LastModified: known.LastModified,
	})
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.NotModified {
		d, err := newDocument(before, known.Charset, answer.URL)
		if err != nil {
			return nil, errors.Join(errDamagedPage, err, d.discard())
		}
		v.pages.carry(v.Source.URL)
		return d, nil
	}
	d, err := newDocument(answer.Body, answer.Charset, answer.URL)
	var broken *FetchError
	kind := pageGood
	switch {
	case errors.As(err, &broken) && broken.Temporary && ctx.Err() == nil:
		// What came before it broke off is read still: the end of the
		// document is missing, and that makes the run incomplete.
		v.Note(sentenceOf(broken).fault(catalog.SeverityRun))
		kind = pageBad
	case err != nil:
		return nil, errors.Join(err, d.discard())
	}
	v.pages.keep(pageHead{v.Source.URL, answer.Charset, answer.ETag, answer.LastModified}, d.File, kind)
	if _, err := d.Seek(0, io.SeekStart); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// newDocument copies r to a file of its own. With an error of r the document is
// what came before it, or nil.
func newDocument(r io.Reader, charset, address string) (*document, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "shafaf-harvest-*")
	if err != nil {
		return nil, say("doc.unkept").because(err)
	}
	d := &document{File: file, charset: charset, base: base, temp: true}
	_, err = io.Copy(file, r)
	_, back := file.Seek(0, io.SeekStart)
	return d, errors.Join(err, back)
}

// discard closes a document that is not used.
func (d *document) discard() error {
	if d == nil {
		return nil
	}
	return d.Close()
}

func openPath(path string) (*document, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, say("doc.none").because(err)
	case err != nil:
		return nil, say("doc.closed").because(err)
	case !info.Mode().IsRegular():
		return nil, say("doc.folder")
	case info.Size() > maxCatalogue:
		return nil, say("doc.large", catalog.Bytes(maxCatalogue))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, say("doc.closed").because(err)
	}
	return &document{File: file}, nil
}

// Close closes the document and removes it when it is a copy.
func (d *document) Close() error {
	err := d.File.Close()
	if d.temp {
		err = errors.Join(err, os.Remove(d.Name()))
	}
	return err
}

// jsonText returns the document as UTF-8 when it begins like JSON, and says in
// an error what it is otherwise. A charset that is not UTF-8 is noted.
func (d *document) jsonText(v *Visit) (io.Reader, error) {
	return jsonText(d, d.charset, v.Note)
}

// jsonText is the text of a JSON document in any of the encodings in which they
// come: UTF-8 and UTF-16 with and without BOM, the declared one, Windows-1252,
// or Windows-1256 when its letters are Arabic ones.
func jsonText(r io.ReadSeeker, declared string, note func(catalog.RunFault)) (io.Reader, error) {
	enc, called, err := charsetOf(r, declared)
	if err != nil {
		return nil, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var text io.Reader = r
	if enc != nil {
		text = enc.NewDecoder().Reader(r)
	}
	if called != "" {
		f := say("doc.encoding", called).fault(catalog.SeverityField)
		f.Field = "encoding"
		note(f)
	}
	buf := bufio.NewReaderSize(text, 64<<10)
	head, err := buf.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")) {
		_, _ = buf.Discard(3) // it was peeked
		head = head[3:]
	}
	return buf, notJSON(head)
}

// charsetOf decides on the whole document how it is encoded. A nil encoding is
// UTF-8; called is the name of one that is not for JSON.
func charsetOf(r io.Reader, declared string) (enc encoding.Encoding, called string, err error) {
	buf := bufio.NewReaderSize(r, 256<<10)
	head, err := buf.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16", nil
	case len(head) == 4 && head[0] != 0 && head[1] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16", nil
	case len(head) == 4 && head[0] == 0 && head[1] != 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "UTF-16", nil
	}
	high, runs, valid, err := scanBytes(buf)
	if err != nil || valid {
		return nil, "", err
	}
	if declared != "" && !strings.EqualFold(declared, "utf-8") && !strings.EqualFold(declared, "utf8") {
		if enc, err := htmlindex.Get(declared); err == nil {
			return enc, strings.ToUpper(declared), nil
		}
	}
	if runs > 0 && high/runs >= 2 { // whole words of high bytes, as in Persian
		return charmap.Windows1256, "Windows-1256", nil
	}
	return charmap.Windows1252, "Windows-1252", nil
}

// scanBytes reads everything and counts the bytes above ASCII and the runs of
// them, and whether all is UTF-8.
func scanBytes(r io.Reader) (high, runs int64, valid bool, err error) {
	valid = true
	chunk := make([]byte, 256<<10)
	kept := 0 // bytes of a character that the chunk before began
	in := false
	for {
		n, err := r.Read(chunk[kept:])
		for _, c := range chunk[kept : kept+n] {
			if c < 0x80 {
				in = false
				continue
			}
			high++
			if !in {
				runs++
			}
			in = true
		}
		data := chunk[:kept+n]
		done := errors.Is(err, io.EOF)
		if err != nil && !done {
			return 0, 0, false, err
		}
		tail := 0
		if valid {
			tail = partialRune(data)
			if done {
				tail = 0
			}
			valid = utf8.Valid(data[:len(data)-tail])
		}
		if done {
			return high, runs, valid, nil
		}
		kept = copy(chunk, data[len(data)-tail:])
	}
}

// partialRune returns how many bytes at the end of b may be the beginning of a
// character.
func partialRune(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		c := b[len(b)-n]
		if utf8.RuneStart(c) {
			if c >= 0x80 && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// notJSON says in a sentence what a document is that does not begin like JSON.
func notJSON(head []byte) error {
	text := bytes.TrimSpace(head)
	lower := bytes.ToLower(text)
	switch {
	case len(text) == 0:
		return say("doc.empty")
	case text[0] == '{' || text[0] == '[':
		return nil
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")), bytes.Contains(lower, []byte("<head")):
		return say("doc.page")
	case text[0] == '<':
		return say("doc.xml")
	case bytes.HasPrefix(head, []byte("PK")), bytes.HasPrefix(head, []byte{0x1F, 0x8B}):
		return say("doc.packed")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return say("doc.pdf")
	}
	return say("doc.nojson")
}
