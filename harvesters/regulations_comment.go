package harvesters

import (
	"cmp"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

// comment maps and yields a comment. Of who wrote it the name and the
// organisation are taken over, and never where they live.
func (w *regWalk) comment(r *regRecord) error {
	m := &mapper{noun: nounComment, position: r.position, identifier: r.id}
	raw, err := encodeJSON(r.whole)
	if err != nil {
		return err
	}
	if same, ok := w.visit.same(raw, m.position); ok {
		return w.yield.give(same, nil)
	}
	if _, detail := r.at["comment"]; !detail {
		return w.yield.give(catalog.Record{}, m.skip("comment", "regs.stub"))
	}
	c := &consultation.HarvestedComment{Docket: r.draft(), Lang: "en"}
	c.Text = plain(r.at.text("comment"))
	for _, a := range m.attachments(r) {
		title, _ := a.Title.In("en")
		c.Text = strings.TrimSpace(c.Text + "\n\n[" + strings.NewReplacer("[", "(", "]", ")").Replace(title) + "](" + a.URL + ")")
	}
	reason, gone := r.withdrawn()
	if gone {
		c.Gone, c.Note, c.Text = true, m.short("reasonWithdrawn", reason, consultation.MaxAbout), ""
	} else if c.Text == "" {
		m.fault("comment", "regs.empty")
		c.Text = cmp.Or(name(r.at.text("title")), r.id)
	}
	c.Text = m.short("comment", c.Text, consultation.MaxComment)
	c.Name = m.short("firstName", strings.TrimSpace(name(r.at.text("firstName"))+" "+name(r.at.text("lastName"))), consultation.MaxNameText)
	c.Organisation = m.short("organization", cmp.Or(name(r.at.text("organization")), name(r.at.text("govAgency"))), consultation.MaxNameText)
	var ok bool
	if c.Received, ok = m.moment("receiveDate", r.at.text("receiveDate")); !ok {
		if c.Received, ok = m.moment("postedDate", r.posted()); !ok {
			return w.yield.give(catalog.Record{}, m.skip("postedDate", "regs.undated"))
		}
	}
	c.Modified = m.date("modifyDate", r.at.text("modifyDate", "lastModifiedDate"))
	return w.yield.give(m.done(raw, c, nil), nil)
}

// file keeps a file that lies beside a document or comment: as a paper, and as
// a text of the draft when it is what a document says.
func (w *regWalk) file(m *mapper, k *regDocket, f *regFile, d *consultation.HarvestedDraft) error {
	p := &piece{name: f.name}
	paper, err := w.visit.paperOf(w.ctx, p, f.body)
	if err != nil {
		return err
	}
	r := k.saying(f)
	if r == nil {
		d.Papers = append(d.Papers, paper)
		return nil
	}
	law, err := w.visit.law(w.ctx, f.name, f.body)
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if err != nil {
		m.wrong("text", before(say("regs.text", p.base()), sentenceOf(err)))
		d.Papers = append(d.Papers, paper)
		return nil
	}
	text := consultation.HarvestedText{Of: r.id}
	text.Law, text.File = law, catalog.File{Digest: paper.File, Name: paper.Name, Size: paper.Size}
	if law.Lang == "" {
		text.Law.Lang = "en"
	}
	if d.Decided == consultation.Approved && r.at.text("documentType") == "Rule" {
		text.Kind = consultation.Final
	}
	d.Texts = append(d.Texts, text)
	return nil
}

// saying is the document of which a file is what it says, nil when it is
// another file.
func (k *regDocket) saying(f *regFile) *regRecord {
	if !strings.HasSuffix(strings.TrimSuffix(f.name, extOf(f.name)), "_content") {
		return nil
	}
	for i := range k.docs {
		r := &k.docs[i]
		if _, gone := r.withdrawn(); r.id == f.of && !gone && paperKinds[r.at.text("documentType")] == "notice" {
			return r
		}
	}
	return nil
}
