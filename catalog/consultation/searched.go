package consultation

import (
	"context"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// What a search index is made of: drafts, the articles of their newest texts,
// and the comments that anybody may read.

// PublicDrafts returns drafts that the public sees in the order of their ids:
// those after an id, at most so many, and those of one agency (its id) when one
// is given.
func (c *Consultation) PublicDrafts(ctx context.Context, agency, after string, limit int) ([]Draft, error) {
	rows, err := c.store.Rows(ctx, "select "+draftColumns+" from drafts d where d."+catalog.PublicRows+
		" and (?1 = '' or d.agency = ?1) and d.id > ?2 order by d.id limit ?3", agency, after, limit)
	all, err := catalog.Collect(rows, err, scanDraft)
	return all, catalog.Wrap("drafts", err)
}

// DraftsByID returns those of the drafts that the public sees, by id.
func (c *Consultation) DraftsByID(ctx context.Context, ids []string) (map[string]Draft, error) {
	rows, err := c.store.Rows(ctx, "select "+draftColumns+" from drafts d where d."+catalog.PublicRows+" and d.id in (select value from json_each(?))", catalog.AsJSON(&ids))
	all, err := catalog.Collect(rows, err, scanDraft)
	by := make(map[string]Draft, len(all))
	for i := range all {
		by[all[i].ID] = all[i]
	}
	return by, catalog.Wrap("drafts", err)
}

// DraftsOf returns the ids of the drafts that texts are of, by the ids of these;
// those of texts that are gone are left out.
func (c *Consultation) DraftsOf(ctx context.Context, versions []string) ([]string, error) {
	return c.ids(ctx, "select distinct draft from versions where id in (select value from json_each(?))", catalog.AsJSON(&versions))
}

func (c *Consultation) ids(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := c.store.Rows(ctx, query, args...)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	})
	return all, catalog.Wrap("drafts", err)
}

// CommentIDs returns the ids and the last sequence number of comments of a draft
// after a sequence number, whatever became of them.
func (c *Consultation) CommentIDs(ctx context.Context, draft string, after int64, limit int) (ids []string, last int64, err error) {
	last = after
	rows, err := c.store.Rows(ctx, "select seq, id from comments where draft = ? and seq > ? order by seq limit ?", draft, after, limit)
	ids, err = catalog.Collect(rows, err, func(row catalog.Row) (id string, err error) {
		err = row.Scan(&last, &id)
		return id, err
	})
	return ids, last, catalog.Wrap("comments", err)
}

// ReadableComments returns comments of a draft that anybody may read, after a
// sequence number, without the answers to them.
func (c *Consultation) ReadableComments(ctx context.Context, draft string, after int64, limit int) ([]Comment, error) {
	return c.readable(ctx, "indexed by comments_draft where "+catalog.CommentRead+" and draft = ? and seq > ?"+ofPublicDraft+" order by seq limit ?", draft, after, limit)
}

// CommentsByID returns those of the comments that anybody may read, by id,
// without the answers to them.
func (c *Consultation) CommentsByID(ctx context.Context, ids []string) (map[string]Comment, error) {
	all, err := c.readable(ctx, "where "+catalog.CommentRead+" and id in (select value from json_each(?))"+ofPublicDraft, catalog.AsJSON(&ids))
	by := make(map[string]Comment, len(all))
	for i := range all {
		by[all[i].ID] = all[i]
	}
	return by, err
}

func (c *Consultation) readable(ctx context.Context, which string, args ...any) ([]Comment, error) {
	rows, err := c.store.Rows(ctx, "select "+publicColumns+" from comments "+which, args...)
	all, err := catalog.Collect(rows, err, scanPlain)
	return all, catalog.Wrap("comments", err)
}

// A Passage is an article of a draft with all that stands in it, or another
// provision that has words of its own and stands in no article.
type Passage struct {
	lawtext.Provision          // Text is that of all of it
	Version           *Version // that it is of
}

// Name is what the passage is called in its text: its label and its heading.
func (p *Passage) Name() string {
	return strings.Join(strings.Fields(strings.TrimRight(p.Label, " \u200c.:-–—ـ")+" "+p.Heading), " ")
}

// Passages returns the passages of the newest public text of a draft (its id),
// in the order of the text; none where there is no text.
func (c *Consultation) Passages(ctx context.Context, draft string) ([]Passage, error) {
	versions, err := c.Versions(ctx, draft)
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	newest := &versions[len(versions)-1]
	provisions, err := c.Provisions(ctx, newest.ID)
	if err != nil {
		return nil, err
	}
	var all []Passage
	in := make(map[string]int, len(provisions)) // the passage that a provision went into, by address
	for i := range provisions {
		p := &provisions[i]
		at, within := in[p.Parent]
		if p.Parent == "" || !within || !inArticle(p.Kind) {
			at = len(all)
			all = append(all, Passage{Provision: *p, Version: newest})
		} else {
			all[at].Text = strings.Join([]string{all[at].Text, p.Label, p.Heading, p.Text}, "\n")
		}
		in[p.Address] = at
	}
	return all, nil
}

// inArticle reports whether provisions of the kind stand in articles.
func inArticle(kind lawtext.Kind) bool {
	return kind == lawtext.Paragraph || kind == lawtext.Item || kind == lawtext.Note
}
