package consultation

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// What a draft has that is a table like any other. Each is known by its name in
// addresses.
const (
	TableComments   = "comments"
	TableAnswers    = "answers"
	TableInfluences = "influence"
)

// Tables are all of them.
var Tables = []string{TableComments, TableAnswers, TableInfluences}

// A docket is how one of them is read. Its query of keys ends with a condition
// that names a draft, or those of all drafts that the public sees.
type docket struct {
	columns    []catalog.ListedColumn
	keys, rows string
}

const (
	ofOneDraft  = "= ?"
	ofAllDrafts = "in (select id from drafts where " + catalog.PublicRows + ")"
)

// dockets is the table of tables. That of comments has a row for each that came,
// so that whoever has a receipt finds its number: of those that nobody but the
// agency may read there is when they came and what became of them.
var dockets = map[string]docket{
	TableComments: {
		columns: commentTable,
		keys:    "select seq from comments where draft ",
		rows: `select c.seq, c.id, (select d.slug from drafts d where d.id = c.draft), c.state, iif(seen, c.reason, ''), c.received, c.shown, c.ended, iif(seen, c.late, null),
			iif(seen, c.kind, ''), iif(seen, c.provenance, ''), iif(seen, c.lang, ''), iif(open, c.name, ''), iif(open, c.organisation, ''),
			iif(seen, (select v.n from versions v where v.id = c.version), null), iif(seen, c.address, ''), iif(open, c.quote, ''),
			iif(seen, (select p.id from comments p where p.seq = c.parent), ''), iif(seen, (select p.id from comments p where p.seq = c.root), ''), iif(seen, c.depth, null),
			iif(open, nullif(c.cluster, 0), null), iif(seen, c.identifier, ''), iif(open, c.text, '')
			from (select comments.*, ` + catalog.CommentSeen + ` as seen, ` + catalog.CommentRead + ` as open
				from json_each(?1) j cross join comments on comments.seq = j.value) c`,
	},
	TableAnswers: {
		columns: answerTable,
		keys:    "select rowid from responses where state = 'published' and draft ",
		rows: `select r.rowid, r.id, (select d.slug from drafts d where d.id = r.draft), (select c.id from comments c where c.seq = r.comment), nullif(r.cluster, 0),
			r.verdict, r.lang, r.text, r.at from json_each(?1) j cross join responses r on r.rowid = j.value and r.state = 'published'`,
	},
	TableInfluences: {
		columns: influenceTable,
		keys:    "select i.rowid from influences i join versions v on v.id = i.version where v.state = 'published' and i.draft ",
		rows: `select i.rowid, i.id, (select d.slug from drafts d where d.id = i.draft), (select v.n from versions v where v.id = i.version), i.address,
			(select c.id from comments c where c.seq = i.comment), nullif(i.cluster, 0), i.verdict, i.reason, i.at
			from json_each(?1) j cross join influences i on i.rowid = j.value`,
	},
}

// Table returns one of Tables of a draft (its id) that the public sees, as it is
// now, or ErrNotFound. With an empty id it is that of all drafts.
func (c *Consultation) Table(ctx context.Context, draft, name string) (*datasets.Table, error) {
	of, ok := dockets[name]
	if !ok {
		return nil, catalog.NotFound("table", name)
	}
	list := catalog.Listing{Columns: of.columns, Keys: of.keys + ofAllDrafts, Rows: of.rows}
	if draft != "" {
		d, err := c.Draft(ctx, draft)
		if err != nil {
			return nil, err
		}
		list.Keys, list.Of = of.keys+ofOneDraft, []any{d.ID}
	}
	return c.store.List(ctx, &list)
}

// MendedComments returns the table of the comments of all drafts as it is now. old
// is what it was after change number since; only what changed is read. ErrChanged
// says that too much did for that.
func (c *Consultation) MendedComments(ctx context.Context, old *datasets.Table, since int64) (*datasets.Table, error) {
	others, err := c.store.LastSeqOf(ctx, NounDraft, NounVersion)
	if err != nil {
		return nil, err
	}
	if others > since {
		return nil, catalog.ErrChanged
	}
	rows, err := c.store.Rows(ctx, "select distinct c.seq from changes h cross join comments c on c.id = h.id where h.seq > ? and h.noun = ?", since, NounComment)
	changed, err := catalog.Collect(rows, err, func(row catalog.Row) (seq int64, err error) {
		err = row.Scan(&seq)
		return seq, err
	})
	if err != nil {
		return nil, catalog.Wrap("comments since", err)
	}
	of := dockets[TableComments]
	return c.store.Mended(ctx, &catalog.Listing{Columns: of.columns, Keys: of.keys + ofAllDrafts, Rows: of.rows}, old, changed)
}

// TableColumns are the columns of one of Tables.
func TableColumns(name string) []catalog.ListedColumn { return dockets[name].columns }

// DraftList returns a table with a row for each draft that the public sees, as it
// stands now.
func (c *Consultation) DraftList(ctx context.Context) (*datasets.Table, error) {
	return c.store.List(ctx, &catalog.Listing{
		Columns: DraftColumns, Keys: "select rowid from drafts where " + catalog.PublicRows,
		Rows: draftRows, With: []any{catalog.Stamp(c.store.Now())},
	})
}

// StageChanged reports whether a draft opened or closed by the clock since a
// moment.
func (c *Consultation) StageChanged(ctx context.Context, since time.Time) (some bool, err error) {
	err = c.store.Row(ctx, `select exists (select 1 from drafts where `+catalog.PublicRows+` and decided = ''
		and (opens > ?1 and opens <= ?2 or closes > ?1 and closes <= ?2))`, catalog.Stamp(since), catalog.Stamp(c.store.Now())).Scan(&some)
	return some, catalog.Wrap("stages", err)
}

// draftRows is each draft with how many of all that belongs to it there are. The
// stages are those of Draft.Stage.
const draftRows = `select d.rowid, d.id, d.slug, d.title ->> '$.fa', d.title ->> '$.en', (select a.slug from agencies a where a.id = d.agency), d.kind,
	case when d.decided <> '' then d.decided when d.begins = '' or ?2 < d.begins then 'announced'
		when ?2 >= d.opens and ?2 < d.closes then 'open' else 'in-review' end,
	d.created, d.opens, d.closes, d.decided_at, d.moderation,
	(select count(*) from versions v where v.draft = d.id and v.state = 'published'),
	(select v.articles from versions v where v.draft = d.id and v.state = 'published' order by v.n desc limit 1),
	coalesce(n.received, 0), coalesce(n.published, 0), coalesce(n.waiting, 0), coalesce(n.removed, 0), coalesce(n.gone, 0),
	(select count(*) from clusters k where k.draft = d.id and k.size > 1),
	(select count(*) from responses r where r.draft = d.id and r.state = 'published'),
	(select count(*) from influences i join versions v on v.id = i.version where i.draft = d.id and v.state = 'published'),
	(select s.slug from sources s where s.id = d.source), d.identifier
	from json_each(?1) j cross join drafts d on d.rowid = j.value left join (
		select draft, sum(n) as received, sum(n) filter (where state = 'published') as published, sum(n) filter (where state = 'waiting') as waiting,
			sum(n) filter (where state = 'removed') as removed, sum(n) filter (where state in ('withdrawn', 'disowned', 'unseen')) as gone
		from comment_counts group by draft) n on n.draft = d.id
	order by j.key`
