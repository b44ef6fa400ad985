package harvesters

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

const nounDraft, nounComment = consultation.NounDraft, consultation.NounComment

// one maps and yields a document.
func (w *federalWalk) one(raw []byte) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.n++
	m := &mapper{noun: nounDraft, position: fmt.Sprintf("document %d", w.n)}
	if r, ok := w.visit.same(raw, m.position); ok {
		return w.first(r, nil)
	}
	v, err := decodeJSON(raw)
	o := asObject(v)
	if err != nil || o == nil {
		return w.yield.give(catalog.Record{}, m.skip("", "record.noobject"))
	}
	m.identifier = oneLine(o.text("document_number"))
	switch {
	case m.identifier == "":
		return w.yield.give(catalog.Record{}, m.skip("document_number", "record.noid"))
	case len(m.identifier) > maxIdentifier:
		m.identifier = cut(m.identifier, maxIdentifier)
		return w.yield.give(catalog.Record{}, m.skip("document_number", "record.longid", maxIdentifier))
	}
	d := w.draft(m, o)
	if len(d.Title) == 0 {
		return w.first(catalog.Record{Identifier: m.identifier}, m.skip("title", "title.none"))
	}
	return w.first(m.done(raw, d, federalAgency(o)), nil)
}

// first yields a record unless a page before had it: lists move while they are
// read.
func (w *federalWalk) first(r catalog.Record, skip *SkipError) error {
	if isURL(w.visit.Source.URL) {
		if w.seen[r.Identifier] {
			return nil
		}
		w.seen[r.Identifier] = true
	}
	return w.yield.give(r, skip)
}

// federalKinds are the kinds of drafts by type of document.
var federalKinds = map[string]string{
	"proposed rule": consultation.KindBylaw, "rule": consultation.KindBylaw, "presidential document": consultation.KindDecree,
}

func (w *federalWalk) draft(m *mapper, o object) *consultation.HarvestedDraft {
	d := &consultation.HarvestedDraft{}
	kind := strings.ToLower(oneLine(o.text("type")))
	d.Title = m.shortIn("title", "en", name(o.text("title")), consultation.MaxTitle)
	d.Summary = m.shortIn("abstract", "en", plain(o.text("abstract")), consultation.MaxAbout)
	d.Landing = m.link("html_url", o.text("html_url"))
	if d.Kind = federalKinds[kind]; d.Kind == "" {
		d.Kind = consultation.KindOther
	}
	var parts []string
	for _, v := range asList(o["cfr_references"]) {
		if c := asObject(v); c != nil {
			parts = append(parts, oneLine(c.text("title")+" CFR "+c.text("part")))
		}
	}
	d.LegalBasis = m.shortIn("cfr_references", "en", strings.Join(parts, "; "), consultation.MaxAbout)
	d.Dockets = federalDockets(o)
	w.periods(m, o, kind, d)
	citation := cmp.Or(o.text("citation"), m.identifier)
	for _, f := range []struct{ field, called, media string }{
		{"pdf_url", "PDF", "application/pdf"}, {"full_text_xml_url", "XML", "text/xml"}, {"raw_text_url", "TXT", "text/plain"},
	} {
		if address := m.link(f.field, o.text(f.field)); address != "" {
			d.Papers = append(d.Papers, consultation.Paper{
				Kind: "notice", Title: catalog.Text{"en": citation + " (" + f.called + ")"}, URL: address, Media: f.media, Identifier: f.field, Lang: "en",
			})
		}
	}
	return d
}

// federalDockets are the further identifiers of a document: dockets, RINs, and
// the document that it corrects.
func federalDockets(o object) []string {
	var all []string
	add := func(s string) {
		if s = cut(oneLine(s), maxWord); s != "" && !slices.Contains(all, s) && len(all) < maxWords {
			all = append(all, s)
		}
	}
	for _, s := range o.texts("docket_ids") {
		add(s)
	}
	for _, v := range asList(o["dockets"]) {
		if docket := asObject(v); docket != nil {
			add(docket.text("id"))
		}
	}
	for _, s := range o.texts("regulation_id_numbers") {
		add("RIN " + s)
	}
	add(lastSegment(o.text("correction_of")))
	return all
}

// periods sets when a document is open, or what was decided with it: a rule
// that takes no comments is in force, and a withdrawal withdraws.
func (w *federalWalk) periods(m *mapper, o object, kind string, d *consultation.HarvestedDraft) {
	published, at := dayIn(w.zone, o.text("publication_date"))
	if !at && o.text("publication_date") != "" {
		m.fault("publication_date", "date.none", cut(o.text("publication_date"), 80))
	}
	until := o.text("comments_close_on")
	closes, ok := endOfDayIn(w.zone, until)
	action := strings.ToLower(o.text("action"))
	switch {
	case until != "" && !ok:
		m.fault("comments_close_on", "date.none", cut(until, 80))
	case ok && (!at || !closes.After(published)):
		m.fault("comments_close_on", "draft.backwards", until)
	case ok:
		d.Spans = []consultation.Span{{Opens: published, Closes: closes, Basis: cut(cmp.Or(o.text("citation"), "Federal Register")+", "+m.identifier, maxName)}}
	case at && strings.Contains(action, "withdrawal") && strings.HasPrefix(kind, "proposed"):
		d.Decided, d.DecidedAt, d.Note = consultation.Withdrawn, published, m.shortIn("action", "en", o.text("action"), consultation.MaxAbout)
	case at && (kind == "rule" || kind == "presidential document"):
		d.Decided, d.DecidedAt = consultation.Approved, published
	}
}

// federalAgency is who publishes a document: the smallest unit that is named.
func federalAgency(o object) *catalog.Agency {
	var found object
	for _, v := range asList(o["agencies"]) {
		if a := asObject(v); a != nil && (found == nil || found["parent_id"] == nil && a["parent_id"] != nil) {
			found = a
		}
	}
	title := cut(name(found.text("name", "raw_name")), maxName)
	if title == "" {
		return nil
	}
	return &catalog.Agency{Slug: found.text("slug"), Title: catalog.Text{"en": title}}
}
