package harvesters

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

const regSite = "https://www.regulations.gov"

// draft maps and yields the draft of a docket.
func (w *regWalk) draft(k *regDocket) error {
	m := &mapper{noun: nounDraft, position: k.position(), identifier: k.id}
	slices.SortStableFunc(k.docs, func(a, b regRecord) int {
		return cmp.Or(strings.Compare(a.posted(), b.posted()), strings.Compare(a.id, b.id))
	})
	raw, err := k.raw()
	if err != nil {
		return err
	}
	if len(k.files) == 0 {
		if r, ok := w.visit.same(raw, m.position); ok {
			return w.yield.give(r, nil)
		}
	}
	d := &consultation.HarvestedDraft{}
	var about object
	if k.docket != nil {
		about = k.docket.at
	}
	w.describe(m, k, about, d)
	for i := range k.docs {
		w.paper(m, &k.docs[i], d)
	}
	k.decide(m, d)
	for i := range k.files {
		if err := w.file(m, k, &k.files[i], d); err != nil {
			return err
		}
	}
	var agency *catalog.Agency
	if id := cut(oneLine(k.first("agencyId")), maxWord); id != "" {
		agency = &catalog.Agency{Slug: strings.ToLower(id), Title: catalog.Text{"en": id}}
	}
	return w.yield.give(m.done(raw, d, agency), nil)
}

// position is where the draft was met first.
func (k *regDocket) position() string {
	switch {
	case k.docket != nil:
		return k.docket.position
	case len(k.docs) > 0:
		return k.docs[0].position
	case len(k.files) > 0:
		return "file " + k.files[0].name
	}
	return "docket " + k.id
}

// raw is the docket with its documents, as they came.
func (k *regDocket) raw() ([]byte, error) {
	all := []any{}
	for i := range k.docs {
		all = append(all, map[string]any(k.docs[i].whole))
	}
	o := object{"id": k.id, "documents": all}
	if k.docket != nil {
		o["docket"] = map[string]any(k.docket.whole)
	}
	return encodeJSON(o)
}

// first is the text of a field of the docket, or of the first document with it.
func (k *regDocket) first(field string) string {
	if k.docket != nil {
		if s := k.docket.at.text(field); s != "" {
			return s
		}
	}
	for i := range k.docs {
		if s := k.docs[i].at.text(field); s != "" {
			return s
		}
	}
	return ""
}

func (w *regWalk) describe(m *mapper, k *regDocket, about object, d *consultation.HarvestedDraft) {
	title := name(about.text("title"))
	if title == "" {
		title = name(k.first("title"))
	}
	if title == "" {
		m.fault("title", "regs.title", k.id)
		title = k.id
	}
	d.Title = m.shortIn("title", "en", title, consultation.MaxTitle)
	summary := plain(about.text("dkAbstract"))
	if summary == "" {
		summary = plain(k.first("docAbstract"))
	}
	d.Summary = m.shortIn("dkAbstract", "en", summary, consultation.MaxAbout)
	d.Kind = consultation.KindOther
	if d.Landing = regSite + "/docket/" + k.id; k.docket == nil && len(k.docs) == 1 && k.docs[0].id == k.id {
		d.Landing = regSite + "/document/" + k.id
	}
	add := func(s string) {
		if s = cut(oneLine(s), maxWord); s != "" && s != "Not Assigned" && !slices.Contains(d.Dockets, s) && len(d.Dockets) < maxWords {
			d.Dockets = append(d.Dockets, s)
		}
	}
	if rin := about.text("rin"); rin != "" && rin != "Not Assigned" {
		add("RIN " + rin)
	}
	for i := range k.docs {
		at := k.docs[i].at
		add(at.text("frDocNum"))
		if docket := oneLine(at.text("docketId")); docket != k.id {
			add(docket)
		}
		if isRule(at) {
			d.Kind = consultation.KindBylaw
		}
		d.Modified = max(d.Modified, m.date("modifyDate", at.text("modifyDate", "lastModifiedDate")))
	}
}

func isRule(at object) bool {
	kind := at.text("documentType")
	return kind == "Rule" || kind == "Proposed Rule"
}

// posted is the day on which a document was posted, as it is written.
func (r *regRecord) posted() string { return r.at.text("postedDate") }

// withdrawn says whether a document or comment was withdrawn, and why.
func (r *regRecord) withdrawn() (reason string, yes bool) {
	if !isTrue(r.at["withdrawn"]) {
		return "", false
	}
	return cmp.Or(name(r.at.text("reasonWithdrawn")), "withdrawn at regulations.gov"), true
}

// paperKinds are the kinds of papers by type of document.
var paperKinds = map[string]string{"Notice": "notice", "Rule": "notice", "Proposed Rule": "notice", "Supporting & Related Material": "annex"}

// paper adds a document to the papers of a draft, and its period.
func (w *regWalk) paper(m *mapper, r *regRecord, d *consultation.HarvestedDraft) {
	p := consultation.Paper{
		Kind: cmp.Or(paperKinds[r.at.text("documentType")], "other"), Identifier: r.id, URL: regSite + "/document/" + r.id, Media: "text/html", Lang: "en",
		Title: m.shortIn("title", "en", cmp.Or(name(r.at.text("title")), r.id), consultation.MaxTitle),
	}
	reason, gone := r.withdrawn()
	if gone { // its title stays, and why
		p.State, p.Reason = catalog.Retired, m.short("reasonWithdrawn", reason, consultation.MaxAbout)
	}
	d.Papers = append(d.Papers, p)
	if gone {
		return
	}
	d.Papers = append(d.Papers, m.attachments(r)...)
	opens, okOpens := m.moment("commentStartDate", r.at.text("commentStartDate"))
	closes, okCloses := m.moment("commentEndDate", r.at.text("commentEndDate"))
	if !okOpens {
		opens, okOpens = m.moment("postedDate", r.posted())
	}
	switch {
	case !okCloses:
	case !okOpens || !closes.After(opens):
		m.fault("commentEndDate", "draft.backwards", cut(r.at.text("commentEndDate"), 80))
	default:
		d.Spans = append(d.Spans, consultation.Span{Opens: opens, Closes: closes, Basis: "regulations.gov " + r.id})
	}
}

// moment reads a moment of the API; an empty one is none and no fault.
func (m *mapper) moment(field, s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, false
	}
	iso := m.date(field, s)
	t, err := time.Parse(time.RFC3339, iso)
	if err != nil {
		t, err = time.Parse(time.DateOnly, iso)
	}
	return t, err == nil
}

// fileTitle is the title of a document with the format of its file.
func fileTitle(title, format string) string {
	if format = cut(oneLine(format), 10); format != "" {
		return title + " (" + strings.ToUpper(format) + ")"
	}
	return title
}

// attachments are the files of a document or comment, each in its first format.
func (m *mapper) attachments(r *regRecord) []consultation.Paper {
	var all []consultation.Paper
	add := func(title, identifier string, formats any) {
		for _, v := range asList(formats) {
			f := asObject(v)
			address := m.link("fileUrl", f.text("fileUrl"))
			if address == "" || len(all) >= maxWords {
				continue
			}
			all = append(all, consultation.Paper{
				Kind: "annex", Title: m.shortIn("title", "en", fileTitle(cmp.Or(name(title), r.id), f.text("format")), consultation.MaxTitle), URL: address,
				Identifier: identifier, Media: paperMedia["."+strings.ToLower(f.text("format"))], Size: size(f.text("size")), Lang: "en",
			})
			return
		}
	}
	add(r.at.text("title"), r.id+"#content", r.at["fileFormats"])
	for _, v := range asList(r.whole["included"]) {
		o := asObject(v)
		if at := asObject(o["attributes"]); o.text("type") == "attachments" && at != nil {
			add(at.text("title"), cut(r.id+"#"+cmp.Or(o.text("id"), at.text("docOrder")), maxIdentifier), at["fileFormats"])
		}
	}
	return all
}

// decide sets what was decided: the last rule that takes no comments approves,
// and a docket of which all documents are withdrawn is withdrawn.
func (k *regDocket) decide(m *mapper, d *consultation.HarvestedDraft) {
	why, all := "", len(k.docs) > 0
	var last *regRecord
	for i := range k.docs {
		r := &k.docs[i]
		if reason, gone := r.withdrawn(); gone {
			why = reason
			continue
		}
		all = false
		if isRule(r.at) {
			last = r
		}
	}
	switch {
	case all:
		if at, ok := m.moment("modifyDate", k.docs[len(k.docs)-1].at.text("modifyDate", "lastModifiedDate", "postedDate")); ok {
			d.Decided, d.DecidedAt, d.Note = consultation.Withdrawn, at, m.shortIn("reasonWithdrawn", "en", why, consultation.MaxAbout)
		}
	case last != nil && last.at.text("documentType") == "Rule" && last.at.text("commentEndDate") == "":
		if at, ok := m.moment("postedDate", last.posted()); ok {
			d.Decided, d.DecidedAt = consultation.Approved, at
		}
	}
}
