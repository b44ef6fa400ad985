package consultation

import (
	"context"
	"errors"
	"iter"
	"slices"
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

// A docket is how one of them is read: the keys of its rows in their order, and
// the rows of some keys, which are ?1, a JSON list.
type docket struct {
	schema datasets.Schema
	keys   string
	rows   string // each begins with its key; columns in the order of schema
}

// dockets is the table of tables. That of comments has a row for each that came,
// so that whoever has a receipt finds its number: of those that nobody but the
// agency may read there is when they came and what became of them.
var dockets = map[string]docket{
	TableComments: {
		schema: datasets.Schema{
			{Name: "id", Label: "Tracking number"},
			{Name: "state", Label: "State"},
			{Name: "reason", Label: "Reason of the removal"},
			instant("received", "Received"), instant("published", "Published"), instant("ended", "Taken away"),
			{Name: "late", Label: "Late", Type: datasets.Boolean},
			{Name: "kind", Label: "Kind"},
			{Name: "provenance", Label: "Provenance"},
			{Name: "language", Label: "Language"},
			{Name: "name", Label: "Name"},
			{Name: "organisation", Label: "Organisation"},
			whole("version", "Version"),
			{Name: "address", Label: "Provision"},
			{Name: "quote", Label: "Quote"},
			{Name: "reply_to", Label: "Reply to"},
			{Name: "thread", Label: "Thread"},
			whole("depth", "Depth in the thread"),
			whole("cluster", "Cluster"),
			{Name: "source_identifier", Label: "Identifier at its source"},
			{Name: "text", Label: "Text"},
		},
		keys: "select seq from comments where draft = ?",
		rows: `select c.seq, c.id, c.state, iif(seen, c.reason, ''), c.received, c.shown, c.ended, iif(seen, c.late, null),
			iif(seen, c.kind, ''), iif(seen, c.provenance, ''), iif(seen, c.lang, ''), iif(open, c.name, ''), iif(open, c.organisation, ''),
			iif(seen, (select v.n from versions v where v.id = c.version), null), iif(seen, c.address, ''), iif(open, c.quote, ''),
			iif(seen, (select p.id from comments p where p.seq = c.parent), ''), iif(seen, (select p.id from comments p where p.seq = c.root), ''), iif(seen, c.depth, null),
			iif(open, nullif(c.cluster, 0), null), iif(seen, c.identifier, ''), iif(open, c.text, '')
			from (select comments.*, ` + catalog.CommentSeen + ` as seen, ` + catalog.CommentRead + ` as open
				from json_each(?1) j cross join comments on comments.seq = j.value) c`,
	},
	TableAnswers: {
		schema: datasets.Schema{
			{Name: "id", Label: "Identifier"},
			{Name: "comment", Label: "Comment"},
			whole("cluster", "Cluster"),
			{Name: "verdict", Label: "Verdict"},
			{Name: "language", Label: "Language"},
			{Name: "text", Label: "Answer"},
			instant("at", "Published"),
		},
		keys: "select rowid from responses where draft = ? and state = 'published'",
		rows: `select r.rowid, r.id, (select c.id from comments c where c.seq = r.comment), nullif(r.cluster, 0), r.verdict, r.lang, r.text, r.at
			from json_each(?1) j cross join responses r on r.rowid = j.value and r.state = 'published'`,
	},
	TableInfluences: {
		schema: datasets.Schema{
			{Name: "id", Label: "Identifier"},
			whole("version", "Version"),
			{Name: "address", Label: "Provision"},
			{Name: "comment", Label: "Comment"},
			whole("cluster", "Cluster"),
			{Name: "verdict", Label: "Verdict"},
			{Name: "reason", Label: "Reason"},
			instant("at", "Recorded"),
		},
		keys: "select i.rowid from influences i join versions v on v.id = i.version where i.draft = ? and v.state = 'published'",
		rows: `select i.rowid, i.id, (select v.n from versions v where v.id = i.version), i.address, (select c.id from comments c where c.seq = i.comment),
			nullif(i.cluster, 0), i.verdict, i.reason, i.at from json_each(?1) j cross join influences i on i.rowid = j.value`,
	},
}

func instant(name, label string) datasets.Column {
	return datasets.Column{Name: name, Label: label, Type: datasets.DateTime, UTC: true}
}

func whole(name, label string) datasets.Column {
	return datasets.Column{Name: name, Label: label, Type: datasets.Integer}
}

// ErrChanged says that rows of a table went while it was read: it is to be read
// again.
var ErrChanged = errors.New("the table changed while it was read: ask for it again")

// Table returns one of Tables of a draft (its id) that the public sees, as it is
// now, or ErrNotFound. It is read in parts, so that no write waits for it.
func (c *Consultation) Table(ctx context.Context, draft, name string) (*datasets.Table, error) {
	of, ok := dockets[name]
	if !ok {
		return nil, catalog.NotFound("table", name)
	}
	d, err := c.Draft(ctx, draft)
	if err != nil {
		return nil, err
	}
	rows, err := c.store.Rows(ctx, of.keys, d.ID)
	keys, err := catalog.Collect(rows, err, func(row catalog.Row) (key int64, err error) {
		err = row.Scan(&key)
		return key, err
	})
	if err != nil {
		return nil, catalog.Wrap("table", err)
	}
	slices.Sort(keys)
	return &datasets.Table{
		Schema: of.schema, Rows: int64(len(keys)),
		Scan: func(from, to int64) iter.Seq2[*datasets.Batch, error] {
			return c.scan(ctx, &of, keys, from, to)
		},
	}, nil
}

// scan reads the rows of some of the keys.
func (c *Consultation) scan(ctx context.Context, of *docket, keys []int64, from, to int64) iter.Seq2[*datasets.Batch, error] {
	all := int64(len(keys))
	if to < 0 || to > all {
		to = all
	}
	return func(yield func(*datasets.Batch, error) bool) {
		b := datasets.Batch{Columns: make([]datasets.Vector, len(of.schema))}
		for at := max(from, 0); at < to; at += int64(b.Len) {
			b.First, b.Len = at, int(min(to-at, datasets.BatchRows))
			if err := c.fill(ctx, of, keys[at:at+int64(b.Len)], &b); err != nil {
				yield(nil, catalog.Wrap("table", err))
				return
			}
			if !yield(&b, nil) {
				return
			}
		}
	}
}

// fill reads the rows of the keys into the batch.
func (c *Consultation) fill(ctx context.Context, of *docket, keys []int64, b *datasets.Batch) error {
	for i := range b.Columns {
		b.Columns[i].Reset(&of.schema[i], len(keys))
	}
	rows, err := c.store.Rows(ctx, of.rows, catalog.AsJSON(&keys))
	if err != nil {
		return err
	}
	defer rows.Close()
	var key int64
	cells := make([]string, len(of.schema)) // empty for null
	numbers := make([]*int64, len(of.schema))
	into := []any{&key}
	for i := range of.schema {
		if of.schema[i].Type == datasets.Integer || of.schema[i].Type == datasets.Boolean {
			into = append(into, &numbers[i])
		} else {
			into = append(into, catalog.OrNull(&cells[i]))
		}
	}
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if n >= len(keys) || key != keys[n] {
			return ErrChanged
		}
		for i := range b.Columns {
			put(&b.Columns[i], n, of.schema[i].Type, cells[i], numbers[i])
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n < len(keys) {
		return ErrChanged
	}
	return nil
}

// put writes row n of a column.
func put(v *datasets.Vector, n int, kind datasets.Type, cell string, number *int64) {
	switch kind {
	case datasets.Integer, datasets.Boolean:
		if v.Null[n] = number == nil; !v.Null[n] {
			v.Int[n] = *number
		}
	case datasets.DateTime:
		var at time.Time
		if cell != "" {
			at, _ = time.Parse(time.RFC3339Nano, cell) // catalog.Stamp wrote it
		}
		if v.Null[n] = at.IsZero(); !v.Null[n] {
			v.Int[n] = at.UnixMicro()
		}
	default:
		v.Null[n], v.Text[n] = cell == "", cell
	}
}
