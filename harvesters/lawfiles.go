package harvesters

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// lawFiles reads drafts from texts of laws: plain, HTML or DOCX, at an address
// or in a file, a folder or a ZIP. Each file is a draft, known by its path with
// slashes in NFC; one that only moved is known by what is in it.
type lawFiles struct{ visit *Visit }

const acceptText = "text/plain, text/html;q=0.9, */*;q=0.1"

// walkLawFiles gives the files by name.
func walkLawFiles(ctx context.Context, v *Visit, give giver) error {
	s := &lawFiles{v}
	return v.texts(ctx, acceptText, func(p *piece, b []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !isURL(p.name) && !p.ends(".txt", ".text", ".htm", ".html", ".docx", ".md", "") {
			return v.passed(p)
		}
		return s.file(ctx, p, b, give)
	}, give)
}

// file maps and yields one file.
func (s *lawFiles) file(ctx context.Context, p *piece, b []byte, give giver) error {
	m := &mapper{noun: nounDraft, position: "file " + p.name, identifier: p.name}
	if len(p.name) > maxIdentifier {
		m.identifier = cut(p.name, maxIdentifier)
		return give.give(catalog.Record{}, m.skip("identifier", "record.longid", maxIdentifier))
	}
	sum := sha256.Sum256(b)
	raw, err := encodeJSON(object{"path": p.name, "bytes": len(b), "sha256": hex.EncodeToString(sum[:])})
	if err != nil {
		return err
	}
	if r, ok := s.visit.same(raw, m.position); ok {
		return give.give(r, nil)
	}
	law, err := s.visit.law(ctx, p.base(), b)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		skip := m.skip("text", "law.empty")
		skip.Err = sentenceOf(err)
		return give.give(catalog.Record{}, skip)
	}
	file, err := s.visit.Keep(ctx, s.called(p), bytes.NewReader(b))
	if err != nil {
		return err
	}
	if law.Lang == "" {
		law.Lang = catalog.LanguageOf(law.Provisions[0].Text)
	}
	d := &consultation.HarvestedDraft{Files: file.Digest}
	d.Kind = consultation.KindOther
	d.Title = m.shortIn("title", law.Lang, cmp.Or(name(law.Title), titleOf(s.called(p))), consultation.MaxTitle)
	if isURL(p.name) {
		d.Landing = p.name
	}
	text := consultation.HarvestedText{Of: p.name}
	text.Law, text.File = law, file
	d.Texts = []consultation.HarvestedText{text}
	m.remarks(p, &law)
	return give.give(m.done(raw, d, nil), nil)
}

// called is the name of a file, also of one at an address.
func (s *lawFiles) called(p *piece) string {
	if u, err := url.Parse(p.name); err == nil && isURL(p.name) {
		if base := path.Base(u.Path); base != "/" && base != "." {
			return cut(oneLine(base), maxName)
		}
		return u.Hostname()
	}
	return p.base()
}

// remarks tells with a record what its text made whoever split it wonder about.
func (m *mapper) remarks(p *piece, law *lawtext.Law) {
	if n := len(law.Remarks); n > 0 {
		first := &law.Remarks[0]
		m.wrong("text", before(say("law.remarks", p.base(), n), ofLaw(first.Kind, first.Args)))
	}
}
