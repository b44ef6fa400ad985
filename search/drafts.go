package search

import (
	"context"
	"errors"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/blevesearch/bleve/v2"
)

// How much of drafts is read at once.
const (
	readDrafts   = 50
	readComments = 1000
)

// draft returns the entry of a draft, which is found by what is written about it
// and by the words of its newest text.
func (r *reader) draft(d *consultation.Draft, text []consultation.Passage) *entry {
	e := &entry{id: d.ID}
	e.texts[inTitle] = texts(nil, d.Title)
	e.texts[inKeywords] = append(slices.Clone(d.Dockets), d.Identifier, d.Kind)
	if a := r.agencies[d.Agency]; a != nil {
		e.texts[inNames] = texts(nil, a.Title)
	}
	about := texts(nil, d.Summary)
	for _, more := range []catalog.Text{d.Reason, d.LegalBasis, d.Heard, d.Note} {
		about = texts(about, more)
	}
	for i := range text {
		about = append(about, text[i].Heading, text[i].Text)
	}
	e.texts[inDescription] = about
	year := int16(d.Created.Year())
	e.facts = record{kind: kindDraft, date: d.Updated.Unix(), from: year, to: year, titles: r.titleKeys(d.Title)}
	e.facts.values[ofAgency] = distinct([]string{d.Agency})
	return e.seal()
}

// article returns the entry of an article of a draft.
func (r *reader) article(d *consultation.Draft, p *consultation.Passage) *entry {
	e := &entry{id: d.ID + articleMark + p.Address}
	title := p.Name()
	e.texts[inTitle] = []string{title}
	e.texts[inDescription] = []string{p.Text}
	e.facts = record{kind: kindArticle, date: p.Version.Published.Unix(), titles: r.titleKeys(catalog.Text{p.Version.Lang: title})}
	e.facts.values[ofAgency] = distinct([]string{d.Agency})
	return e.seal()
}

// comment returns the entry of a comment that anybody may read.
func (r *reader) comment(c *consultation.Comment) *entry {
	e := &entry{id: c.ID}
	e.texts[inNames] = []string{c.Name, c.Organisation}
	e.texts[inDescription] = []string{c.Text}
	e.facts = record{kind: kindComment, date: c.Received.Unix(), titles: r.titleKeys(nil)}
	return e.seal()
}

// A draftWalk reads all drafts of a catalogue, or those of an agency, with what
// is found of them. see gets each entry once: the comments and the articles of a
// draft before the draft itself.
type draftWalk struct {
	talk   *consultation.Consultation
	reader *reader
	see    func(*entry) error
}

func (w *draftWalk) all(ctx context.Context) error {
	after := ""
	for {
		drafts, err := w.talk.PublicDrafts(ctx, "", after, readDrafts)
		if err != nil || len(drafts) == 0 {
			return err
		}
		for i := range drafts {
			if err := w.comments(ctx, drafts[i].ID); err != nil {
				return err
			}
			if err := w.draft(ctx, &drafts[i]); err != nil {
				return err
			}
		}
		after = drafts[len(drafts)-1].ID
	}
}

// draft sees the articles of a draft and it.
func (w *draftWalk) draft(ctx context.Context, d *consultation.Draft) error {
	text, err := w.talk.Passages(ctx, d.ID)
	if err != nil {
		return err
	}
	for i := range text {
		if text[i].Heading == "" && text[i].Text == "" {
			continue
		}
		if err := w.see(w.reader.article(d, &text[i])); err != nil {
			return err
		}
	}
	return w.see(w.reader.draft(d, text))
}

// comments sees those of a draft.
func (w *draftWalk) comments(ctx context.Context, draft string) error {
	after := int64(0)
	for {
		some, err := w.talk.ReadableComments(ctx, draft, after, readComments)
		if err != nil {
			return err
		}
		for i := range some {
			if err := w.see(w.reader.comment(&some[i])); err != nil {
				return err
			}
			after = some[i].Seq
		}
		if len(some) < readComments {
			return nil
		}
	}
}

func (b *batch) walk() *draftWalk {
	return &draftWalk{talk: b.talk, reader: b.reader, see: b.put}
}

// drafts puts those of the drafts that the public sees, and deletes the others
// with all that is of them. A draft is written after what is of it: one that the
// index has has its comments there too, whose own changes keep them.
func (b *batch) drafts(ctx context.Context, ids []string) error {
	for some := range slices.Chunk(ids, readDrafts) {
		found, err := b.talk.DraftsByID(ctx, some)
		if err != nil {
			return err
		}
		for _, id := range some {
			if d, ok := found[id]; ok {
				err = b.draft(ctx, &d)
			} else {
				err = b.withoutDraft(ctx, id)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// draft puts a draft and its articles; its comments where the index does not
// have the draft.
func (b *batch) draft(ctx context.Context, d *consultation.Draft) error {
	there, err := b.live.holds(d.ID)
	if err != nil {
		return err
	}
	w := b.walk()
	if !there {
		if err := w.comments(ctx, d.ID); err != nil {
			return err
		}
	}
	kept := map[string]bool{}
	w.see = func(e *entry) error {
		kept[e.id] = true
		return b.put(e)
	}
	if err := w.draft(ctx, d); err != nil {
		return err
	}
	return b.withoutArticles(d.ID, kept)
}

// withoutDraft deletes a draft and what is of it.
func (b *batch) withoutDraft(ctx context.Context, draft string) error {
	after := int64(0)
	for {
		ids, last, err := b.talk.CommentIDs(ctx, draft, after, readComments)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			if err := b.remove(id); err != nil {
				return err
			}
		}
		after = last
	}
	if err := b.withoutArticles(draft, nil); err != nil {
		return err
	}
	return b.remove(draft)
}

// withoutArticles deletes the articles of a draft but for those that are kept.
func (b *batch) withoutArticles(draft string, kept map[string]bool) error {
	ids, err := articles(b.into, draft)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if kept[id] {
			continue
		}
		if err := b.remove(id); err != nil {
			return err
		}
	}
	return nil
}

// articles returns the ids of the documents of the articles of a draft, some of
// which may be deleted already.
func articles(from bleve.Index, draft string) ([]string, error) {
	dict, err := from.FieldDictPrefix("_id", []byte(draft+articleMark))
	if err != nil {
		return nil, err
	}
	var ids []string
	for {
		e, err := dict.Next()
		if err != nil || e == nil {
			return ids, errors.Join(err, dict.Close())
		}
		ids = append(ids, e.Term)
	}
}

// comments puts those of the comments that anybody may read, and deletes the
// others.
func (b *batch) comments(ctx context.Context, ids []string) error {
	for some := range slices.Chunk(ids, readComments) {
		found, err := b.talk.CommentsByID(ctx, some)
		if err != nil {
			return err
		}
		for _, id := range some {
			if c, ok := found[id]; ok {
				err = b.put(b.reader.comment(&c))
			} else {
				err = b.remove(id)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ofAgency puts the drafts of an agency, which are found by its name.
func (b *batch) ofAgency(ctx context.Context, agency string) error {
	after := ""
	for {
		drafts, err := b.talk.PublicDrafts(ctx, agency, after, readDrafts)
		if err != nil || len(drafts) == 0 {
			return err
		}
		for i := range drafts {
			if err := b.draft(ctx, &drafts[i]); err != nil {
				return err
			}
		}
		after = drafts[len(drafts)-1].ID
	}
}
