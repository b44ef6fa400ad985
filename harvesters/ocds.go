package harvesters

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

const (
	maxContractPages = 100_000
	maxReleases      = 1000 // of one process
)

// walkOpenContracting reads releases of the Open Contracting Data Standard:
// packages of releases or records, single ones, lists and JSON Lines, at an
// address and the pages that it names as next, or in a file, a folder or a ZIP.
func walkOpenContracting(ctx context.Context, v *Visit, yield giver) error {
	w := &contractWalk{ctx: ctx, visit: v, yield: yield, seen: map[string][32]byte{}, count: map[string]int{}}
	var err error
	if isURL(v.Source.URL) {
		err = w.pages()
	} else {
		err = w.files()
	}
	if err == nil && w.again > 0 {
		v.Note(say("ocds.again", w.again).fault(catalog.SeverityField))
	}
	return err
}

// A contractWalk is one walk over the releases of a source.
type contractWalk struct {
	ctx   context.Context
	visit *Visit
	yield giver
	at    string // what stands before the positions in a file: "file a.json, "
	next  bool   // releases that stand elsewhere are fetched
	about ocds.Package
	who   *catalog.Agency     // who publishes the document
	seen  map[string][32]byte // what the releases of the source said, by identifier
	count map[string]int      // releases of each process
	again int                 // releases that came twice, the same each time
	whole int                 // releases of the document that were met
}

func (w *contractWalk) files() error {
	return w.visit.pieces(w.ctx, func(p *piece) error {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if !p.ends(".json", ".jsonl", ".ndjson", "") {
			return w.visit.passed(p)
		}
		w.at = "file " + p.name + ", "
		b, err := p.read()
		if err == nil {
			err = w.document(bytes.NewReader(b), "")
		}
		if err == nil || errors.Is(err, errStop) || w.ctx.Err() != nil {
			return err
		}
		return w.yield.give(catalog.Record{}, &SkipError{Noun: contracts.NounRelease, Position: "file " + p.name, Err: sentenceOf(err)})
	})
}

// pages reads the document at the address, and those that each names as next.
func (w *contractWalk) pages() error {
	w.next = true
	doc, err := openDocument(w.ctx, w.visit)
	if err != nil {
		return err
	}
	defer doc.Close()
	if err := w.document(doc, doc.charset); err != nil {
		return err
	}
	asked := map[string]bool{w.visit.Source.URL: true}
	for from, n := w.visit.Source.URL, 2; w.about.Next != ""; n++ {
		address, err := follow(from, w.about.Next)
		if err != nil {
			return err
		}
		if asked[address] || n > maxContractPages {
			return say("ckan.again", n)
		}
		asked[address], from = true, address
		b, charset, err := w.visit.page(w.ctx, Request{URL: address, Accept: acceptJSON})
		if err == nil {
			err = w.document(bytes.NewReader(b), charset)
		}
		if errors.Is(err, errStop) {
			return err
		}
		if err != nil {
			w.visit.pages.bad(address)
			return then(err, "ckan.page", n)
		}
	}
	return nil
}

// document reads a document twice: what it says of itself may stand behind its
// releases.
func (w *contractWalk) document(r io.ReadSeeker, charset string) error {
	w.whole = 0
	if empty, err := nothingIn(r); empty || err != nil {
		return errors.Join(err, say("doc.empty"))
	}
	s, err := w.stream(r, charset)
	if err != nil {
		return err
	}
	if w.about, err = ocds.About(s); err != nil {
		return w.where(err)
	}
	m := mapper{}
	_, w.who = m.publisher(w.about.Publisher, "")
	if s, err = w.stream(r, charset); err != nil {
		return err
	}
	return w.where(ocds.Walk(s, &w.about, w.item))
}

// nothingIn reports whether a document has no byte.
func nothingIn(r io.ReadSeeker) (bool, error) {
	n, err := r.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	return n == 0, err
}

func (w *contractWalk) stream(r io.ReadSeeker, charset string) (*jsonstream.Stream, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	text, err := jsonText(r, charset, w.visit.Note)
	if err != nil {
		return nil, err
	}
	return jsonstream.New(text), nil
}

// where adds to a fault of syntax the release after which it stands.
func (w *contractWalk) where(err error) error {
	var broken *jsonstream.SyntaxError
	if !errors.As(err, &broken) {
		return err
	}
	return afterRecords(err, w.whole)
}

// item takes in one thing that was met.
func (w *contractWalk) item(it *ocds.Item) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	m := &mapper{noun: contracts.NounRelease, identifier: it.Of, position: w.at}
	if it.Record > 0 {
		m.position += fmt.Sprintf("record %d, ", it.Record)
	}
	m.position += fmt.Sprintf("release %d", it.Release)
	w.whole++
	var skip *SkipError
	switch {
	case it.Deep:
		skip = m.skip("", "record.deep", jsonstream.MaxDepth)
	case it.Large:
		skip = m.skip("", "record.large", catalog.Bytes(jsonstream.MaxValue))
	case it.Broken:
		skip = m.skip("", "ocds.none")
	case it.Link != "":
		return w.linked(m, it)
	}
	if skip != nil {
		skip.Identifier = "" // it is of the record, not of what is missing
		return w.yield.give(catalog.Record{}, skip)
	}
	return w.release(m, it.Body)
}

// linked fetches a release that stands elsewhere. A source on this machine
// fetches nothing.
func (w *contractWalk) linked(m *mapper, it *ocds.Item) error {
	m.identifier = cut(it.Of+" "+it.Link, maxIdentifier)
	if !w.next || !isURL(it.Link) {
		return w.yield.give(catalog.Record{}, m.skip("url", "ocds.linked", cut(it.Link, 200)))
	}
	address, err := follow(w.visit.Source.URL, it.Link)
	var b []byte
	var charset string
	if err == nil {
		b, charset, err = w.visit.page(w.ctx, Request{URL: address, Accept: acceptJSON})
	}
	if err == nil {
		inner := contractWalk{ctx: w.ctx, visit: w.visit, yield: w.yield, at: m.position + ", ", who: w.who, seen: w.seen, count: w.count}
		err = inner.document(bytes.NewReader(b), charset)
		w.again += inner.again
	}
	if err == nil || errors.Is(err, errStop) || w.ctx.Err() != nil {
		return err
	}
	skip := m.skip("url", "ocds.none")
	skip.Err = sentenceOf(err)
	return w.yield.give(catalog.Record{}, skip)
}

// identities are the kinds of what a release cannot be told from others for.
var identities = map[string]string{"noocid": "ocds.noocid", "ocid": "ocds.ocid", "id": "ocds.id"}

// release maps and yields one release.
func (w *contractWalk) release(m *mapper, body ocds.Object) error {
	r, findings, err := ocds.Read(body)
	var unknown *ocds.IdentityError
	if errors.As(err, &unknown) {
		m.identifier = ""
		skip := m.skip("ocid", identities[unknown.Kind])
		if unknown.Value != "" {
			skip = m.skip("ocid", identities[unknown.Kind], unknown.Value)
		}
		return w.yield.give(catalog.Record{}, skip)
	}
	if err != nil {
		return err
	}
	if m.identifier = r.OCID + " " + r.ID; r.Compiled() {
		m.identifier = r.OCID + " compiled" // its id moves with each compilation
	}
	for _, f := range findings {
		m.fault(f.Field, "ocds."+f.Kind, f.Args...)
	}
	v, err := contracts.NewRelease(&r)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(v.Content)
	if old, twice := w.seen[m.identifier]; twice {
		if old == sum {
			w.again++
			return nil
		}
		m.identifier += fmt.Sprintf(" %x", sum[:6])
		if _, twice := w.seen[m.identifier]; twice {
			w.again++
			return nil
		}
		m.fault("id", "ocds.same")
	}
	w.seen[m.identifier] = sum
	if w.count[r.OCID]++; w.count[r.OCID] > maxReleases {
		return w.yield.give(catalog.Record{}, m.skip("ocid", "ocds.many", maxReleases))
	}
	return w.yield.give(m.done(v.Content, v, w.who), nil)
}
