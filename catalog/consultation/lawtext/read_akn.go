package lawtext

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html/charset"
	tags "golang.org/x/text/language"
)

// maxElements is how deep elements of XML may stand in each other.
const maxElements = 256

// aknKinds are the elements of Akoma Ntoso that are provisions.
var aknKinds = map[string]Kind{
	"tome": Book, "book": Book, "part": Part, "subpart": Part, "division": Part, "title": Title, "subtitle": Title,
	"chapter": Chapter, "subchapter": Chapter, "section": Section, "subsection": Section, "level": Section, "tblock": Section,
	"article": Article, "rule": Article, "paragraph": Paragraph, "subparagraph": Paragraph, "alinea": Paragraph, "proviso": Paragraph,
	"subrule": Paragraph, "transitional": Paragraph, "hcontainer": Paragraph, "recital": Paragraph, "conclusions": Paragraph,
	"clause": Item, "subclause": Item, "point": Item, "indent": Item, "item": Item,
	"debateSection": Chapter, "speech": Paragraph, "question": Paragraph, "answer": Paragraph, "prayers": Chapter,
	"background": Chapter, "introduction": Chapter, "motivation": Chapter, "decision": Chapter, "arguments": Chapter, "remedies": Chapter,
}

// aknDocuments are the elements that are whole documents, and whether they are
// laws or their drafts.
var aknDocuments = map[string]bool{
	"act": true, "bill": true, "doc": false, "amendment": false, "statement": false, "judgment": false, "debate": false,
	"debateReport": false, "portion": true,
}

// aknBlocks are elements that are paragraphs, or hold some.
var aknBlocks = map[string]bool{
	"p": true, "block": true, "content": true, "intro": true, "wrapUp": true, "wrapup": true, "listIntroduction": true, "listWrapUp": true,
	"list": true, "blockList": true, "container": true, "longTitle": true, "formula": true, "citation": true, "citations": true, "recitals": true,
	"body": true, "mainBody": true, "from": true, "narrative": true, "scene": true, "summary": true, "eol": true, "br": true, "tr": true,
	"table": true, "li": true, "ul": true, "ol": true, "crossHeading": true, "crossheading": true, "caption": true, "toc": true, "tocItem": true,
	"quotedStructure": true, "embeddedStructure": true, "signature": true, "component": true, "heading": true, "subheading": true,
	"preface": true, "preamble": true, "coverPage": true, "header": true, "adjournment": true,
}

// An aknReader reads the elements of one file.
type aknReader struct {
	splitter
	file  *file
	dec   *xml.Decoder
	main  string // the element that is the law, of several documents
	stack []aknElement

	buf    strings.Builder // the paragraph that is read
	notes  []string        // that stand in it
	ids    map[string]bool
	beside int  // documents beside the law so far
	titled bool // the law itself has a title
}

// An aknElement is one that is open.
type aknElement struct {
	name       string
	depth      int    // of provisions in it
	at         int    // the provision that its text is of, -1 for none
	quoted     bool   // what is in it is text of another law
	cell       bool   // paragraphs in it are parts of one
	collection bool   // it is around the documents of a collection
	law        bool   // it is in the law, not in a document beside it
	annex      int    // the provision of the document beside the law that it is in, -1 for none
	saved      string // what was read before a note
	from       int    // where its text begins in what is read
}

// readAKN reads Akoma Ntoso. The names of elements tell, in any namespace.
func (f *file) readAKN(ctx context.Context, b []byte) (Law, error) {
	a := &aknReader{file: f, ids: map[string]bool{}}
	a.law = &Law{}
	if err := a.survey(b); err != nil {
		return Law{}, err
	}
	a.dec = newXML(bytes.NewReader(b))
	a.stack = []aknElement{{at: -1, annex: -1}}
	for n := 0; ; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return Law{}, ctx.Err()
		}
		t, err := a.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Law{}, f.broken(a.dec, err)
		}
		if err := a.token(t); err != nil {
			return Law{}, err
		}
	}
	if len(a.law.Provisions) == 0 {
		return Law{}, f.fault("split.file.empty")
	}
	a.join()
	a.law.settle(a.begins)
	a.articles = a.law.Articles() > 0
	a.check()
	return *a.law, nil
}

// newXML returns a decoder that knows the entities of HTML and no others.
func newXML(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	return d
}

// broken says where a file is no XML.
func (f *file) broken(d *xml.Decoder, err error) *Error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return f.fault("split.xml.syntax", int64(syntax.Line))
	}
	line, _ := d.InputPos()
	return f.fault("split.xml.syntax", int64(line))
}

// survey finds which document of the file is the law, and its language.
func (a *aknReader) survey(b []byte) error {
	d := newXML(bytes.NewReader(b))
	depth := 0
	lang := ""
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return a.file.broken(d, err)
		}
		switch t := t.(type) {
		case xml.Directive:
			if bytes.HasPrefix(bytes.ToUpper(t), []byte("DOCTYPE")) {
				return a.file.fault("split.xml.doctype")
			}
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth++; depth > maxElements {
				return a.file.fault("split.xml.deep", int64(maxElements))
			}
			name := t.Name.Local
			if law, ok := aknDocuments[name]; ok && (a.main == "" || law && !aknDocuments[a.main]) {
				a.main = name
			}
			if name == "FRBRlanguage" && lang == "" {
				lang = attribute(t, "language")
			}
		}
	}
	if base, err := tags.ParseBase(strings.ToLower(lang)); err == nil {
		a.law.Lang = base.String()
	} else {
		a.law.Lang = language(string(b))
	}
	if a.main != "" && !aknDocuments[a.main] {
		a.law.remark("split.akn.other", "", 0, a.main)
	}
	return nil
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (a *aknReader) top() *aknElement { return &a.stack[len(a.stack)-1] }

func (a *aknReader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.CharData:
		a.buf.Write(t)
	case xml.StartElement:
		if a.skips(t) {
			if err := a.dec.Skip(); err != nil {
				return a.file.broken(a.dec, err)
			}
			return nil
		}
		a.start(t)
	case xml.EndElement:
		a.end()
	}
	return nil
}

// skips reports whether an element is none of the law's text: what is known
// about it, what is deleted, and what an editor put in, as marks of pages.
func (a *aknReader) skips(t xml.StartElement) bool {
	status := attribute(t, "status")
	switch name := t.Name.Local; {
	case name == "meta":
		return true
	case name == "del" || status == "removed" || status == "ignored":
		a.once("split.akn.deleted")
		return true
	case status == "editorial" && aknKinds[name] != "":
		a.once("split.akn.editorial")
		return true
	}
	return false
}

// once says something of the file, but not again.
func (a *aknReader) once(kind string, args ...any) {
	if !a.law.has(kind) {
		a.law.remark(kind, "", a.line(), args...)
	}
}

func (a *aknReader) line() int {
	line, _ := a.dec.InputPos()
	return line
}

// start opens an element.
func (a *aknReader) start(t xml.StartElement) {
	name := t.Name.Local
	_, document := aknDocuments[name]
	e := *a.top()
	e.name, e.saved = name, ""
	e.collection = name == "documentCollection" || e.collection && !document
	switch {
	case name == "authorialNote":
		e.saved = a.buf.String()
		a.buf.Reset()
		e.cell = true
		if marker := attribute(t, "marker"); marker != "" {
			a.buf.WriteString("(" + marker + ") ")
		}
	case e.quoted || e.cell:
		a.parted(name)
	case name == "quotedStructure" || name == "embeddedStructure":
		a.flush()
		e.quoted = true
	case name == "num":
		a.flush()
	case name == "docTitle" || name == "shortTitle":
		e.from = a.buf.Len()
	case name == "td" || name == "th":
		if strings.TrimSpace(a.buf.String()) != "" {
			a.buf.WriteString(" | ")
		}
		e.cell = true
	default:
		a.startProvision(&e, t, document)
	}
	a.stack = append(a.stack, e)
}

// startProvision opens an element that is a document, a preamble or another
// provision, or that parts paragraphs.
func (a *aknReader) startProvision(e *aknElement, t xml.StartElement, document bool) {
	kind, provision := aknKinds[e.name]
	switch {
	case document && e.name != a.main:
		a.flush()
		clear(a.ids)
		a.beside++
		e.annex = len(a.law.Provisions)
		a.open(e, mark{kind: Annex, num: strconv.Itoa(a.beside)}, t)
	case document:
		clear(a.ids)
		a.main = "" // the first of its kind is the law
		e.law = true
	case e.name == "preface" || e.name == "preamble" || e.name == "coverPage" || e.name == "header":
		a.flush()
		a.openPreamble(e)
	case provision:
		a.flush()
		if e.name == "hcontainer" && isNoteName(attribute(t, "name")) {
			kind = Note
		}
		a.open(e, mark{kind: kind}, t)
	default:
		a.parted(e.name)
	}
}

// parted ends the paragraph before an element, and after it, that is one.
func (a *aknReader) parted(name string) {
	switch {
	case a.top().cell:
		a.buf.WriteByte(' ')
	case aknBlocks[name] || aknKinds[name] != "":
		a.flush()
	}
}

func isNoteName(s string) bool {
	s = strings.ToLower(s)
	return s == "note" || s == "tabsare" || s == "tabsareh" || s == "tabsere" || s == "تبصره"
}

// open begins the provision of an element.
func (a *aknReader) open(e *aknElement, m mark, t xml.StartElement) {
	before := len(a.law.Provisions)
	if e.depth >= MaxDepth {
		a.once("split.depth.deep", int64(MaxDepth))
	}
	if before == MaxProvisions || e.depth >= MaxDepth {
		return
	}
	a.add(&line{no: a.line(), mark: m}, e.depth)
	e.at, e.depth = before, e.depth+1
	id := attribute(t, "eId")
	if id == "" {
		id = attribute(t, "id")
	}
	switch {
	case id == "":
	case a.ids[id]:
		a.law.remark("split.id.repeats", "", a.line(), id)
	case strings.ContainsFunc(id, unicode.IsSpace):
		a.law.remark("split.id.broken", "", a.line(), id)
	}
	a.ids[id] = true
}

// openPreamble begins the preamble of a document, of which a preface is a part;
// what stands before the documents of a collection is no preamble of any.
func (a *aknReader) openPreamble(e *aknElement) {
	last := len(a.law.Provisions) - 1
	if last >= 0 && (a.law.Provisions[last].Kind == Preamble) != e.collection && a.law.Provisions[last].Depth == e.depth {
		e.at, e.depth = last, e.depth+1
		return
	}
	kind := Preamble
	if e.collection {
		kind = Paragraph
	}
	a.open(e, mark{kind: kind}, xml.StartElement{})
}
