package harvesters

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"golang.org/x/net/html/charset"
)

const (
	acceptXML = "application/xml, text/xml;q=0.9, */*;q=0.1"
	maxLaws   = 256 << 20 // bytes of the files of a source, which are all read before the first is given
)

// walkAKN reads drafts from Akoma Ntoso: a file, a folder or a ZIP of them, or an
// address. A work is a draft, and its expressions are the texts of that, in the
// order of their dates. It gives the works in the order in which they are met.
func walkAKN(ctx context.Context, v *Visit, yield giver) error {
	w := &aknWalk{ctx: ctx, visit: v, yield: yield, works: map[string]*aknWork{}}
	err := v.texts(ctx, acceptXML, func(p *piece, b []byte) error {
		if !p.ends(".xml", ".akn", "") {
			return v.passed(p)
		}
		if w.bytes += len(b); w.bytes > maxLaws {
			return say("piece.large", catalog.Bytes(maxLaws))
		}
		return w.file(p, b)
	}, w.yield)
	if err != nil {
		return err
	}
	return w.give()
}

// texts calls do with each file of a source of texts: with that at its address,
// or with those at its path. A file that cannot be read costs that file.
func (v *Visit) texts(ctx context.Context, accept string, do func(*piece, []byte) error, yield giver) error {
	if isURL(v.Source.URL) {
		b, _, err := v.page(ctx, Request{URL: v.Source.URL, Accept: accept})
		if err != nil {
			return err
		}
		return do(&piece{name: v.Source.URL, size: int64(len(b))}, b)
	}
	return v.pieces(ctx, func(p *piece) error {
		b, err := p.read()
		if err != nil {
			return yield.give(catalog.Record{}, &SkipError{Noun: nounDraft, Position: "file " + p.name, Err: err})
		}
		return do(p, b)
	})
}

// passed notes that a file is of a kind that the source does not have.
func (v *Visit) passed(p *piece) error {
	f := say("piece.beside").fault(catalog.SeverityField)
	f.Identifier, f.Field = p.name, "file"
	v.Note(f)
	return nil
}

// An aknWalk is one walk over the works of a source.
type aknWalk struct {
	ctx   context.Context
	visit *Visit
	yield giver
	works map[string]*aknWork
	order []*aknWork
	bytes int
}

// An aknWork is a work with its expressions.
type aknWork struct {
	aknMeta
	position string
	texts    []aknText
}

type aknText struct {
	aknMeta
	piece *piece
	body  []byte
}

// aknKinds are the kinds of drafts by type of document; others are no drafts.
var aknKinds = map[string]string{
	"bill": consultation.KindBill, "act": consultation.KindBill, "amendment": consultation.KindOther, "amendmentList": consultation.KindOther,
	"doc": consultation.KindOther, "documentCollection": consultation.KindOther,
}

// file takes in one file.
func (w *aknWalk) file(p *piece, b []byte) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	skip := &SkipError{Noun: nounDraft, Position: "file " + p.name}
	meta, err := readAKN(b)
	if err != nil {
		skip.Err = err
		return w.yield.give(catalog.Record{}, skip)
	}
	switch skip.Identifier = cut(meta.Work, maxIdentifier); {
	case meta.Work == "":
		skip.Field, skip.Err = "FRBRWork", say("akn.work")
	case len(meta.Work) > maxIdentifier:
		skip.Field, skip.Err = "FRBRWork", say("record.longid", maxIdentifier)
	case aknKinds[meta.Type] == "":
		skip.Err = say("akn.type", cut(meta.Type, maxWord))
	}
	if skip.Err != nil {
		return w.yield.give(catalog.Record{}, skip)
	}
	work := w.works[meta.Work]
	if work == nil {
		work = &aknWork{aknMeta: *meta, position: skip.Position}
		w.works[meta.Work] = work
		w.order = append(w.order, work)
	}
	work.texts = append(work.texts, aknText{*meta, p, b})
	return nil
}

// give maps and yields the works.
func (w *aknWalk) give() error {
	for _, work := range w.order {
		slices.SortStableFunc(work.texts, func(a, b aknText) int { return strings.Compare(a.Date, b.Date) })
		m := &mapper{noun: nounDraft, position: work.position, identifier: work.Work}
		raw, err := encodeJSON(object{"work": work.Work, "files": names(work.texts)})
		if err != nil {
			return err
		}
		if r, ok := w.visit.same(raw, m.position); ok {
			if err := w.yield.give(r, nil); err != nil {
				return err
			}
			continue
		}
		d := &consultation.HarvestedDraft{}
		last := &work.texts[len(work.texts)-1]
		d.Kind, d.Modified = aknKinds[last.Type], m.date("FRBRdate", last.Date)
		for i := range work.texts {
			if err := w.text(m, &work.texts[i], d); err != nil {
				return err
			}
		}
		if len(d.Texts) == 0 {
			skip := m.skip("text", "law.empty")
			if n := len(m.faults); n > 0 {
				skip.Err = &sentence{text: m.faults[n-1].Text, said: m.faults[n-1].Said}
			}
			if err := w.yield.give(catalog.Record{}, skip); err != nil {
				return err
			}
			continue
		}
		law := &d.Texts[len(d.Texts)-1].Law
		d.Title = m.shortIn("title", law.Lang, cmp.Or(name(law.Title), name(last.Alias), work.Work), consultation.MaxTitle)
		if at, ok := m.moment("FRBRdate", last.Date); ok && last.Type == "act" { // an act is what was made of a bill
			d.Decided, d.DecidedAt = consultation.Approved, at
		}
		if err := w.yield.give(m.done(raw, d, nil), nil); err != nil {
			return err
		}
	}
	return nil
}

func names(texts []aknText) []any {
	all := make([]any, len(texts))
	for i := range texts {
		sum := sha256.Sum256(texts[i].body)
		all[i] = map[string]any{
			"name": texts[i].piece.name, "expression": texts[i].Expression, "date": texts[i].Date, "sha256": hex.EncodeToString(sum[:]),
		}
	}
	return all
}

// text adds one expression to the texts of the draft.
func (w *aknWalk) text(m *mapper, t *aknText, d *consultation.HarvestedDraft) error {
	law, err := w.visit.law(w.ctx, t.piece.base(), t.body)
	if err != nil {
		if w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		f := sentenceOf(err).fault(catalog.SeverityField)
		f.Position, f.Field = "file "+t.piece.name, "text"
		m.faults = append(m.faults, f)
		return nil
	}
	file, err := w.visit.Keep(w.ctx, t.piece.base(), bytes.NewReader(t.body))
	if err != nil {
		return err
	}
	text := consultation.HarvestedText{Of: cmp.Or(t.Expression, t.Work)}
	text.Law, text.File = law, file
	if text.Law.Lang == "" {
		text.Law.Lang = cmp.Or(languageTag(t.Language), catalog.LanguageOf(law.Title))
	}
	if t.Type == "act" {
		text.Kind = consultation.Final
	}
	m.remarks(t.piece, &law)
	d.Texts = append(d.Texts, text)
	return nil
}

// An aknMeta is what a file of Akoma Ntoso says of itself.
type aknMeta struct {
	Type       string // of document: bill, act …
	Work       string // FRBRWork/FRBRthis
	Expression string // FRBRExpression/FRBRthis
	Date       string // of the expression, else of the work
	Language   string
	Alias      string
}

// readAKN reads what a file says of itself, by local names: the namespaces of
// the standard and of its drafts differ. Nothing behind the first meta is read.
func readAKN(b []byte) (*aknMeta, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	d.CharsetReader = charset.NewReaderLabel
	meta, level, root := &aknMeta{}, "", ""
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && root != "" {
			return meta, nil
		}
		if err != nil {
			return nil, say("akn.broken", cut(oneLine(err.Error()), 200)).because(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			tag := t.Name.Local
			switch {
			case root == "" && tag != "akomaNtoso" && tag != "akomantoso":
				return nil, say("akn.none", cut(tag, 80))
			case root == "":
				root = tag
			case meta.Type == "":
				meta.Type = tag
			case strings.HasPrefix(tag, "FRBR"):
				level = meta.set(level, tag, t.Attr)
			}
		case xml.EndElement:
			if t.Name.Local == "identification" || t.Name.Local == "meta" {
				return meta, nil
			}
		}
	}
}

// set takes over what an element of the identification says. It returns the
// level that it stands in: work, expression or manifestation.
func (a *aknMeta) set(level, tag string, attrs []xml.Attr) string {
	get := func(name string) string {
		for _, at := range attrs {
			if at.Name.Local == name {
				return oneLine(at.Value)
			}
		}
		return ""
	}
	switch tag {
	case "FRBRWork", "FRBRExpression", "FRBRManifestation":
		return tag
	case "FRBRthis":
		if level == "FRBRWork" && a.Work == "" {
			a.Work = get("value")
		}
		if level == "FRBRExpression" && a.Expression == "" {
			a.Expression = get("value")
		}
	case "FRBRdate":
		if level == "FRBRExpression" || level == "FRBRWork" && a.Date == "" {
			a.Date = get("date")
		}
	case "FRBRlanguage":
		a.Language = cmp.Or(a.Language, get("language"))
	case "FRBRalias":
		a.Alias = cmp.Or(a.Alias, get("value"))
	}
	return level
}
