package lawtext

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of documents, which are ZIP archives.
const (
	maxArchive = 100 << 20 // bytes of the file
	maxEntries = 10_000
	maxPart    = 200 << 20 // bytes of a part unpacked
	maxRatio   = 200       // of unpacked to packed bytes of a part
	freeRatio  = 1 << 20   // bytes that a part may have at any ratio
)

// readZip reads a file that is a ZIP archive: a document of Word.
func (f *file) readZip(ctx context.Context) (Law, error) {
	if f.size > maxArchive {
		return Law{}, f.fault("split.file.large", int64(MaxSize>>20))
	}
	if err := f.checkDirectory(); err != nil {
		return Law{}, err
	}
	z, err := zip.NewReader(f.r, f.size)
	if err != nil {
		return Law{}, f.fault("split.file.zipbroken")
	}
	d := &docx{file: f, parts: map[string]*zip.File{}}
	for _, e := range z.File {
		if name := strings.TrimPrefix(strings.ReplaceAll(e.Name, "\\", "/"), "/"); d.parts[name] == nil {
			d.parts[name] = e
		}
	}
	if d.parts["word/document.xml"] == nil {
		return Law{}, f.fault("split.file.zip")
	}
	return d.law(ctx)
}

// checkDirectory refuses an archive whose directory names too many entries,
// before it is read.
func (f *file) checkDirectory() error {
	tail := make([]byte, min(f.size, 66<<10))
	if err := readAt(f.r, tail, f.size-int64(len(tail))); err != nil {
		return fmt.Errorf("lawtext: read %s: %w", f.name, err)
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < 22 {
		return f.fault("split.file.zipbroken")
	}
	if binary.LittleEndian.Uint16(tail[at+10:]) > maxEntries {
		return f.fault("split.file.bomb")
	}
	return nil
}

// A docx is a document of Word. Its paragraphs are taken as lines, with the
// numbers that Word gives them.
type docx struct {
	file  *file
	parts map[string]*zip.File
	lists docxLists
	notes map[string]string // footnotes by id

	out   strings.Builder // lines
	paras []docxParagraph // that are open: text boxes stand in paragraphs
	cells int             // table cells that are open
	size  int
}

// A docxParagraph is one that is read.
type docxParagraph struct {
	text  strings.Builder
	style string
	num   docxNum
	notes []string
}

func (d *docx) law(ctx context.Context) (Law, error) {
	if err := d.lists.read(d); err != nil {
		return Law{}, err
	}
	if err := d.readNotes(); err != nil {
		return Law{}, err
	}
	if err := d.walk(ctx, "word/document.xml"); err != nil {
		return Law{}, err
	}
	text := d.out.String()
	if strings.TrimFunc(text, isBlankOrMark) == "" {
		return Law{}, d.file.fault("split.file.empty")
	}
	return d.file.split(ctx, text)
}

// open returns a part's text, nil for one that is not there.
func (d *docx) open(name string) (io.ReadCloser, error) {
	e := d.parts[name]
	if e == nil {
		return nil, nil //nolint:nilnil // a part that may be missing
	}
	if e.UncompressedSize64 > maxPart || e.UncompressedSize64 > freeRatio && e.UncompressedSize64/maxRatio > e.CompressedSize64 {
		return nil, d.file.fault("split.file.bomb")
	}
	r, err := e.Open()
	if err != nil {
		return nil, d.file.fault("split.file.zipbroken")
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(r, int64(e.UncompressedSize64)), r}, nil
}

// decode reads a small part into v.
func (d *docx) decode(name string, v any) error {
	r, err := d.open(name)
	if err != nil || r == nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read
	dec := newXML(io.LimitReader(r, MaxSize))
	if err := dec.Decode(v); err != nil {
		return d.file.broken(dec, err)
	}
	return nil
}

// readNotes reads the footnotes.
func (d *docx) readNotes() error {
	var notes struct {
		Notes []struct {
			ID    string `xml:"id,attr"`
			Type  string `xml:"type,attr"`
			Paras []struct {
				Text []string `xml:"r>t"`
			} `xml:"p"`
		} `xml:"footnote"`
	}
	if err := d.decode("word/footnotes.xml", &notes); err != nil {
		return err
	}
	d.notes = map[string]string{}
	for _, n := range notes.Notes {
		var text []string
		for _, p := range n.Paras {
			text = append(text, strings.Join(p.Text, ""))
		}
		if s := strings.TrimSpace(strings.Join(text, " ")); n.Type == "" && s != "" {
			d.notes[n.ID] = s
		}
	}
	return nil
}

// docxSkipped are elements whose content is not of the text: what is deleted
// or was moved, and the older form of what stands there in a newer one.
var docxSkipped = map[string]bool{"del": true, "moveFrom": true, "Fallback": true, "sectPr": true, "instrText": true, "delText": true}

// walk reads the paragraphs of a part.
func (d *docx) walk(ctx context.Context, name string) error {
	r, err := d.open(name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read
	dec := newXML(r)
	inText := false
	for n, depth := 0, 0; ; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return d.file.broken(dec, err)
		}
		switch t := t.(type) {
		case xml.Directive:
			return d.file.fault("split.xml.doctype")
		case xml.CharData:
			if inText {
				d.write(string(t))
			}
		case xml.StartElement:
			if docxSkipped[t.Name.Local] {
				if err := dec.Skip(); err != nil {
					return d.file.broken(dec, err)
				}
				continue
			}
			if depth++; depth > maxElements {
				return d.file.fault("split.xml.deep", int64(maxElements))
			}
			inText = t.Name.Local == "t"
			d.start(t)
		case xml.EndElement:
			depth--
			inText = false
			d.end(t.Name.Local)
		}
		if d.size > MaxText {
			return d.file.fault("split.file.text", int64(MaxText>>20))
		}
	}
}

// write adds text to the open paragraph.
func (d *docx) write(s string) {
	d.size += len(s)
	if n := len(d.paras); n > 0 {
		d.paras[n-1].text.WriteString(s)
	}
}

func (d *docx) start(t xml.StartElement) {
	val := attribute(t, "val")
	var p *docxParagraph
	if n := len(d.paras); n > 0 {
		p = &d.paras[n-1]
	}
	switch name := t.Name.Local; {
	case name == "p":
		d.paras = append(d.paras, docxParagraph{})
	case name == "tc":
		d.cells++
	case p == nil:
	case name == "pStyle":
		p.style = val
	case name == "numId":
		p.num.id, p.num.known = val, true
	case name == "ilvl":
		p.num.level = min(value(val), maxLevels-1)
	case name == "tab", name == "ptab":
		d.write("\t")
	case name == "br", name == "cr":
		d.write("\n")
	case name == "noBreakHyphen":
		d.write("-")
	case name == "footnoteReference":
		if note := d.notes[attribute(t, "id")]; note != "" {
			p.notes = append(p.notes, note)
		}
	}
}

func (d *docx) end(name string) {
	switch {
	case name == "p" && len(d.paras) > 0:
		d.paragraph(&d.paras[len(d.paras)-1])
		d.paras = d.paras[:len(d.paras)-1]
	case name == "tc":
		d.cells--
		d.out.WriteString(" | ")
	case name == "tr" && d.cells == 0:
		d.out.WriteString("\n")
	}
}

// paragraph writes a paragraph as a line; in a table its cells are one line.
func (d *docx) paragraph(p *docxParagraph) {
	text := p.text.String()
	if label := d.lists.label(p); label != "" && strings.TrimSpace(text) != "" {
		text = label + " " + text
	}
	d.size += len(text)
	if d.cells > 0 {
		d.out.WriteString(strings.ReplaceAll(text, "\n", " ") + " ")
	} else {
		d.out.WriteString(text + "\n")
	}
	for _, note := range p.notes {
		d.size += len(note)
		d.out.WriteString("(" + note + ")")
		if d.cells == 0 {
			d.out.WriteByte('\n')
		}
	}
}
