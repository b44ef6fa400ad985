package harvesters

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

const (
	maxDocuments = 200_000   // of a source
	maxDocBytes  = 512 << 20 // of their records, which are all there at once
)

// walkRegulations reads dockets, documents and comments of regulations.gov: through
// its API, version 4, or files that hold its answers, each alone or in lists of
// pages, in a folder or a ZIP. A docket is a draft, its documents are the
// papers of that and say when it is open, and its comments are comments. The
// dockets that agencies have for whatever has none of its own, and the absence
// of one, make each document a draft of its own.
// It gives the drafts in the order in which their first document is met,
// and then the comments.
func walkRegulations(ctx context.Context, v *Visit, yield giver) error {
	w := &regWalk{ctx: ctx, visit: v, yield: yield, dockets: map[string]*regDocket{}, seen: map[string]bool{}}
	var err error
	if w.zone, err = zone(easternZone); err != nil {
		return err
	}
	if isURL(v.Source.URL) {
		return w.query()
	}
	return w.files()
}

// A regWalk is one walk over the dockets of a source.
type regWalk struct {
	ctx      context.Context
	visit    *Visit
	yield    giver
	zone     *time.Location
	dockets  map[string]*regDocket // by the identifier of the draft
	order    []*regDocket
	comments []regRecord
	seen     map[string]bool // ids of documents and comments
	bytes    int
}

// A regRecord is a docket, document or comment as the API has it.
type regRecord struct {
	id       string
	position string
	at       object // its attributes
	whole    object // and what is around them
}

// A regDocket is what belongs to one draft.
type regDocket struct {
	id     string
	docket *regRecord
	docs   []regRecord
	files  []regFile
}

// A regFile is a file that lies beside a document or comment.
type regFile struct {
	of   string // id of that
	name string
	body []byte
}

// files reads all files of the source, and then yields what they make together.
func (w *regWalk) files() error {
	err := w.visit.pieces(w.ctx, func(p *piece) error {
		if !p.ends(".json") {
			return w.beside(p)
		}
		b, err := p.read()
		if err == nil {
			err = w.document(p.name, b)
		}
		var full *tooMuchError
		if err == nil || errors.As(err, &full) || w.ctx.Err() != nil {
			return err
		}
		if w.alone(p) {
			return err
		}
		return w.yield.give(catalog.Record{}, &SkipError{Noun: nounDraft, Position: "file " + p.name, Err: sentenceOf(err)})
	})
	if err != nil {
		return err
	}
	return w.give()
}

// alone reports whether a file is all that the source has.
func (w *regWalk) alone(p *piece) bool {
	return p.name == path.Base(strings.ReplaceAll(w.visit.Source.URL, `\`, "/"))
}

// A tooMuchError says that a source has more than is taken.
type tooMuchError struct{ *sentence }

// document reads one file: a docket, document or comment, a page of them, or a
// list of pages.
func (w *regWalk) document(from string, b []byte) error {
	text, err := jsonText(bytes.NewReader(b), "", w.visit.Note)
	if err != nil {
		return err
	}
	s := jsonstream.New(text)
	s.Max = maxPiece
	raw, over, err := s.Value()
	if err == nil {
		err = s.End()
	}
	switch {
	case err != nil:
		return err
	case over != "":
		return notRead(s)
	}
	v, err := decodeJSON(raw)
	if err != nil {
		return say("record.noobject")
	}
	if rawBreaks(b) {
		f := say("regs.control").fault(catalog.SeverityField)
		f.Identifier, f.Field = from, "file"
		w.visit.Note(f)
	}
	var declared, came int64
	for _, page := range asList(v) {
		n, of, err := w.answer(from, asObject(page))
		if err != nil {
			return err
		}
		came += n
		declared = max(declared, of) // each page says how many there are in all
	}
	if declared > came {
		w.visit.Note(say("regs.declared", from, declared, came).fault(catalog.SeverityRun))
	}
	return nil
}

// rawBreaks reports whether line ends stand inside of the strings of a JSON
// document, where they may not.
func rawBreaks(b []byte) bool {
	in, escaped := false, false
	for _, c := range b {
		switch {
		case escaped:
			escaped = false
		case in && c == '\\':
			escaped = true
		case c == '"':
			in = !in
		case in && c < ' ':
			return true
		}
	}
	return false
}

// answer takes in what one answer holds: how many it has and of how many.
func (w *regWalk) answer(from string, o object) (n, of int64, err error) {
	if o == nil || o["data"] == nil {
		return 0, 0, say("regs.none")
	}
	if meta := asObject(o["meta"]); meta != nil {
		of = size(textOf(meta["totalElements"]))
	}
	for i, v := range asList(o["data"]) {
		d := asObject(v)
		position := "file " + from
		if _, list := o["data"].([]any); list {
			position = fmt.Sprintf("%s, item %d", position, i+1)
		} else if included := o["included"]; d != nil && included != nil {
			d["included"] = included
		}
		n++
		if err := w.record(position, d); err != nil {
			return n, of, err
		}
	}
	return n, of, nil
}

// record takes in a docket, document or comment.
func (w *regWalk) record(position string, d object) error {
	r := regRecord{id: cut(oneLine(d.text("id")), maxIdentifier), position: position, whole: d}
	r.at = asObject(d["attributes"])
	if r.id == "" || r.at == nil {
		return w.yield.give(catalog.Record{}, &SkipError{Noun: nounDraft, Identifier: r.id, Position: position, Err: say("regs.noid")})
	}
	if w.bytes += 64 * len(r.at); len(w.seen) >= maxDocuments || w.bytes > maxDocBytes {
		return &tooMuchError{say("regs.many", maxDocuments)}
	}
	kind := oneLine(d.text("type"))
	if w.seen[kind+r.id] {
		return nil // lists move while they are read, and details follow them
	}
	w.seen[kind+r.id] = true
	switch kind {
	case "dockets":
		w.docket(r.id).docket = &r
	case "documents":
		k := w.docket(r.draft())
		k.docs = append(k.docs, r)
	case "comments":
		w.docket(r.draft())
		w.comments = append(w.comments, r)
	default:
		return w.yield.give(catalog.Record{}, &SkipError{Noun: nounDraft, Identifier: r.id, Position: position, Field: "type", Err: say("regs.type", cut(kind, 80))})
	}
	return nil
}

// catchAll is a docket that an agency has for whatever has none of its own.
var catchAll = regexp.MustCompile(`^[A-Z0-9-]+_FRDOC_\d+$`)

// draft is the identifier of the draft that a document or comment belongs to.
func (r *regRecord) draft() string {
	docket := cut(oneLine(r.at.text("docketId")), maxIdentifier)
	if docket == "" || catchAll.MatchString(docket) {
		if on := oneLine(r.at.text("commentOnDocumentId")); on != "" {
			return cut(on, maxIdentifier)
		}
		return r.id
	}
	return docket
}

// docket is the draft of an identifier, a new one when it is not there yet.
func (w *regWalk) docket(id string) *regDocket {
	k := w.dockets[id]
	if k == nil {
		k = &regDocket{id: id}
		w.dockets[id] = k
		w.order = append(w.order, k)
	}
	return k
}

// besideName is how the files are called that lie beside a document or comment:
// by its id, which begins with that of its docket.
var besideName = regexp.MustCompile(`^([A-Z][A-Z0-9]*(?:_FRDOC_\d{4}|(?:-[A-Z0-9]+)+))-(\d{4,6})[_.]`)

// beside keeps a file that is no answer of the API.
func (w *regWalk) beside(p *piece) error {
	id := besideName.FindStringSubmatch(p.base())
	if id == nil || paperMedia[strings.ToLower(extOf(p.name))] == "" {
		return w.visit.passed(p)
	}
	b, err := p.read()
	if err != nil {
		return w.yield.give(catalog.Record{}, &SkipError{Noun: nounDraft, Position: "file " + p.name, Err: sentenceOf(err)})
	}
	if w.bytes += len(b); w.bytes > maxDocBytes {
		return &tooMuchError{say("regs.many", maxDocuments)}
	}
	k := w.docket(id[1])
	k.files = append(k.files, regFile{of: id[1] + "-" + id[2], name: p.name, body: b})
	return nil
}

// give yields the drafts and then the comments.
func (w *regWalk) give() error {
	for _, k := range w.order {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.draft(k); err != nil {
			return err
		}
	}
	slices.SortStableFunc(w.comments, func(a, b regRecord) int { return strings.Compare(a.id, b.id) })
	for i := range w.comments {
		if err := w.comment(&w.comments[i]); err != nil {
			return err
		}
	}
	return nil
}
