package consultation

import (
	"context"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// ownColumns are the columns of a comment for who wrote it and who moderates it;
// publicColumns for everybody: of what was taken away there is only the mark.
const (
	ownColumns = `seq, id, draft, version, address, quote, before, after, coalesce((select p.id from comments p where p.seq = comments.parent), ''),
	coalesce((select p.id from comments p where p.seq = comments.root), ''), depth, kind, state, lang, name, organisation, provenance, text,
	received, shown, ended, reason, late, cluster,
	iif(root = 0, (select count(*) from comments r where r.root = comments.seq and r.root <> 0 and ` + catalog.CommentSeen + `), 0)`
)

var publicColumns = strings.NewReplacer(
	"quote, before, after,", "iif("+catalog.CommentRead+", quote, ''), '', '',",
	"name, organisation,", "iif("+catalog.CommentRead+", name, ''), iif("+catalog.CommentRead+", organisation, ''),",
	"text,", "iif("+catalog.CommentRead+", text, ''),",
	"cluster,", "iif("+catalog.CommentRead+", cluster, 0),", // of what was taken away it would tell what it said
).Replace(ownColumns)

// scanComment reads the columns of a comment, and more behind them.
func scanComment(row catalog.Row, more ...any) (c Comment, err error) {
	err = row.Scan(append([]any{
		&c.Seq, &c.ID, &c.Draft, &c.Version, &c.Address, &c.Quote, &c.Before, &c.After, &c.Parent, &c.Root, &c.Depth, &c.Kind, &c.State, &c.Lang,
		&c.Name, &c.Organisation, &c.Provenance, &c.Text, catalog.AsTime(&c.Received), catalog.AsTime(&c.Published), catalog.AsTime(&c.Ended),
		&c.Reason, &c.Late, &c.Cluster, &c.Replies,
	}, more...)...)
	return c, err
}

func scanPlain(row catalog.Row) (Comment, error) { return scanComment(row) }

// ofPublicDraft is the condition that the public sees the draft of a comment.
const ofPublicDraft = " and exists (select 1 from drafts d where d.id = comments.draft and d." + catalog.PublicRows + ")"

// A CommentFilter says which comments of a draft are meant. Empty fields do not
// filter.
type CommentFilter struct {
	Draft      string // id; there is one
	Address    string // only threads on this provision
	Whole      bool   // only threads on the draft as a whole
	Roots      bool   // only what threads begin with
	Kind       string
	Provenance string
	State      string
	Cluster    int64
	Newest     bool  // the newest first, else the oldest
	After      int64 // Seq of the comment that the list goes on after
	Limit      int
}

// place is where the list goes by: an index of its own for each filter, so that
// a page of a million comments is found as fast as one of ten.
func (f *CommentFilter) index() string {
	switch {
	case f.Cluster != 0:
		return "comments_cluster"
	case f.Address != "" || f.Whole:
		return "comments_address"
	case f.State != "":
		return "comments_draft"
	case f.Provenance != "":
		return "comments_provenance"
	case f.Kind != "":
		return "comments_kind"
	}
	return "comments_public"
}

// where is the condition on comments, or on their counts.
func (f *CommentFilter) where(counts bool) (string, []any) {
	where, args := "draft = ?", []any{f.Draft}
	add := func(on bool, condition string, arg any) {
		if on {
			where += " and " + condition
			args = append(args, arg)
		}
	}
	add(f.Address != "" || f.Whole, "address = ?", f.Address)
	add(f.Kind != "", "kind = ?", f.Kind)
	add(f.Provenance != "", "provenance = ?", f.Provenance)
	add(f.State != "", "state = ?", f.State)
	roots := f.Roots || f.Address != "" || f.Whole
	switch {
	case counts && roots:
		where += " and reply = 0"
	case roots:
		where += " and root = 0"
	}
	if !counts {
		add(f.Cluster != 0, "cluster <> 0 and "+catalog.CommentRead+" and cluster = ?", f.Cluster)
	}
	return where, args
}

// Comments returns comments of a draft that the public knows of, and how many
// there are in all.
func (c *Consultation) Comments(ctx context.Context, f CommentFilter) (all []Comment, total int64, err error) {
	where, args := f.where(false)
	from := " from comments indexed by " + f.index() + " where " + catalog.CommentSeen + " and " + where
	if f.Cluster != 0 {
		err = c.store.Row(ctx, "select count(*)"+from+ofPublicDraft, args...).Scan(&total)
	} else {
		where, args := f.where(true)
		err = c.store.Row(ctx, `select coalesce(sum(n), 0) from comment_counts where state in ('published', 'removed', 'withdrawn', 'disowned')
			and exists (select 1 from drafts d where d.id = draft and d.`+catalog.PublicRows+`) and `+where, args...).Scan(&total)
	}
	if err != nil {
		return nil, 0, catalog.Wrap("comments", err)
	}
	order := " and seq > ? order by seq limit ?"
	if f.Newest {
		order = " and seq < ? order by seq desc limit ?"
		if f.After == 0 {
			f.After = 1 << 62
		}
	}
	rows, err := c.store.Rows(ctx, "select "+publicColumns+from+ofPublicDraft+order, append(args, f.After, f.Limit)...)
	if all, err = catalog.Collect(rows, err, scanPlain); err == nil {
		err = c.addAnswers(ctx, all)
	}
	return all, total, catalog.Wrap("comments", err)
}

// Comment returns a comment that the public knows of, or ErrNotFound.
func (c *Consultation) Comment(ctx context.Context, id string) (Comment, error) {
	one, err := scanPlain(c.store.Row(ctx, "select "+publicColumns+" from comments where id = ? and "+catalog.CommentSeen+ofPublicDraft, id))
	if catalog.NoRow(err) {
		return one, catalog.NotFound(NounComment, id)
	}
	if err == nil {
		all := []Comment{one}
		err = c.addAnswers(ctx, all)
		one = all[0]
	}
	return one, catalog.Wrap("comment", err)
}

// Thread returns the comment that the thread of a comment (its id) begins with,
// and the replies in it after the one with the sequence number, the oldest
// first. How many replies there are is in Replies of the first.
func (c *Consultation) Thread(ctx context.Context, id string, after int64, limit int) (first Comment, replies []Comment, err error) {
	first, err = c.Comment(ctx, id)
	if err == nil && first.Root != "" {
		first, err = c.Comment(ctx, first.Root)
	}
	if err != nil {
		return first, nil, err
	}
	rows, err := c.store.Rows(ctx, "select "+publicColumns+" from comments indexed by comments_root where root <> 0 and root = ? and "+catalog.CommentSeen+
		" and seq > ? order by seq limit ?", first.Seq, after, limit)
	if replies, err = catalog.Collect(rows, err, scanPlain); err == nil {
		err = c.addAnswers(ctx, replies)
	}
	return first, replies, catalog.Wrap("thread", err)
}

// addAnswers puts to each comment what the agency answered to it or to its
// cluster.
func (c *Consultation) addAnswers(ctx context.Context, all []Comment) error {
	seqs, clusters := make([]int64, 0, len(all)), make([]int64, 0, len(all))
	for i := range all {
		seqs = append(seqs, all[i].Seq)
		if all[i].Cluster != 0 {
			clusters = append(clusters, all[i].Cluster)
		}
	}
	if len(all) == 0 {
		return nil
	}
	const answers = "select " + answerColumns + " from responses r where r.state = 'published' and "
	rows, err := c.store.Rows(ctx, answers+"r.comment <> 0 and r.comment in (select value from json_each(?1)) union all "+
		answers+"r.cluster <> 0 and r.cluster in (select value from json_each(?2))", catalog.AsJSON(&seqs), catalog.AsJSON(&clusters))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (Answer, error) {
		a, err := scanAnswer(row)
		for i := range all { // those to a comment come first, and count more
			if one := &all[i]; a.Comment == one.ID || a.Cluster != 0 && a.Cluster == one.Cluster && one.Answer == nil {
				one.Answer = &a
			}
		}
		return a, err
	})
	return err
}
