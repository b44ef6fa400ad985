package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/campaign"
)

// A Clusterer puts new comments into clusters, and those that were filed on a
// text which was not the newest any more to their place in the newer ones. It
// computes outside of the writes, and others wait for short ones only. One at a
// time works on a catalogue; after a break it goes on where the last one was.
type Clusterer struct {
	c       *Consultation
	indexes map[string]*campaign.Index // by draft: of those with comments that came last
	idle    int                        // how often there was nothing to do since
}

// NewClusterer returns a Clusterer that knows of nothing yet.
func (c *Consultation) NewClusterer() *Clusterer {
	return &Clusterer{c: c, indexes: map[string]*campaign.Index{}}
}

const (
	clusterBatch   = 500 // comments that are put into clusters in one write
	clusterRecount = 50  // clusters that are counted in one write
	indexesKept    = 4
	idleKept       = 100 // Works without a new comment, then the indexes are forgotten: each is loaded again when it is needed
)

// A newcomer is a comment that nobody has compared yet.
type newcomer struct {
	anchored
	draft, text string
	was         int64 // cluster

	signature campaign.Signature
	cluster   int64 // seq of the one that it is like, or was at first; itself when it is like none
}

// Work puts all comments into clusters that came since it worked last, counts
// the clusters that changed, and returns how many comments those were.
func (k *Clusterer) Work(ctx context.Context) (n int, err error) {
	if err := k.recount(ctx); err != nil { // what stands for a cluster is there then
		return 0, err
	}
	for {
		more, err := k.Step(ctx)
		if err != nil {
			return n, err
		}
		if more == 0 {
			break
		}
		n += more
	}
	if k.idle++; n > 0 {
		k.idle = 0
	} else if k.idle == idleKept {
		clear(k.indexes)
	}
	return n, k.recount(ctx)
}

// Step puts some comments into clusters and returns how many, none when all are.
// The clusters are counted by Work.
func (k *Clusterer) Step(ctx context.Context) (int, error) {
	batch, err := k.newcomers(ctx)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	if err := k.place(ctx, batch); err != nil {
		return 0, err
	}
	for i := range batch {
		if err := k.compare(ctx, &batch[i]); err != nil {
			return 0, err
		}
	}
	return len(batch), k.c.store.Write(ctx, func(tx *catalog.Tx) error { return putNewcomers(tx, batch) })
}

// newcomers returns some comments that were not compared yet.
func (k *Clusterer) newcomers(ctx context.Context) ([]newcomer, error) {
	rows, err := k.c.store.Rows(ctx, `select seq, version, address, quote, before, after, draft, text, cluster from comments indexed by comments_unsigned
		where signature = x'' and state in ('waiting', 'published') order by seq limit ?`, clusterBatch)
	batch, err := catalog.Collect(rows, err, func(row catalog.Row) (n newcomer, err error) {
		err = row.Scan(&n.seq, &n.version, &n.anchor.Address, &n.anchor.Quote, &n.anchor.Before, &n.anchor.After, &n.draft, &n.text, &n.was)
		return n, err
	})
	return batch, catalog.Wrap("clusters", err)
}

// compare finds the cluster of a comment.
func (k *Clusterer) compare(ctx context.Context, n *newcomer) error {
	index := k.indexes[n.draft]
	if index == nil {
		if len(k.indexes) >= indexesKept {
			clear(k.indexes)
		}
		var err error
		if index, err = k.load(ctx, n.draft); err != nil {
			return err
		}
		k.indexes[n.draft] = index
	}
	n.signature = campaign.Sign(n.text)
	n.cluster = index.Add(n.seq, n.text, n.signature)
	return nil
}

// load builds the index of a draft as its comments were compared before.
func (k *Clusterer) load(ctx context.Context, draft string) (*campaign.Index, error) {
	index := campaign.NewIndex()
	restore := func(row catalog.Row) (seq int64, err error) {
		var cluster int64
		var text string
		var signature []byte
		err = row.Scan(&seq, &cluster, &text, &signature)
		if err == nil && len(signature) == len(campaign.Signature{}) {
			index.Restore(seq, text, campaign.Signature(signature), cluster)
		}
		return seq, err
	}
	for _, query := range []string{
		`select c.seq, k.id, c.text, c.signature from clusters k join comments c on c.seq = k.first where k.draft = ? order by k.id`,
		`select seq, cluster, '', signature from comments indexed by comments_draft
			where draft = ? and state in ('waiting', 'published') and signature <> x'' and seq <> cluster order by seq`,
	} {
		rows, err := k.c.store.Rows(ctx, query, draft)
		if _, err = catalog.Collect(rows, err, restore); err != nil {
			return nil, catalog.Wrap("clusters", err)
		}
	}
	return index, nil
}

// putNewcomers writes what was found of comments that are still there.
func putNewcomers(tx *catalog.Tx, batch []newcomer) error {
	for i := range batch {
		n := &batch[i]
		kept, err := tx.Count("update comments set signature = ?, cluster = ? where seq = ? and state in ('waiting', 'published')", n.signature[:], n.cluster, n.seq)
		if err != nil {
			return err
		}
		if n.was != 0 && n.was != n.cluster {
			err = tx.Exec("update clusters set stale = stale + 1 where id = ?", n.was)
		}
		if kept > 0 && err == nil {
			err = tx.Exec(`insert into clusters (id, draft, first, size, variants, people) select ?1, draft, seq, one, one, one
				from (select draft, seq, state = 'published' as one from comments where seq = ?2) where true
				on conflict (id) do update set stale = stale + 1`, n.cluster, n.seq)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A counting is what there is in a cluster.
type counting struct {
	id, stale              int64
	draft                  string
	first                  int64
	size, variants, people int64
}

// recount counts the clusters that changed: what is published of them, the
// different texts, and the people, who are e-mail addresses and, where there is
// none, comments. A comment that was taken away no longer stands for all.
func (k *Clusterer) recount(ctx context.Context) error {
	for {
		rows, err := k.c.store.Rows(ctx, "select id, stale, draft, first from clusters where stale order by id limit ?", clusterRecount)
		batch, err := catalog.Collect(rows, err, func(row catalog.Row) (n counting, err error) {
			err = row.Scan(&n.id, &n.stale, &n.draft, &n.first)
			return n, err
		})
		if err != nil || len(batch) == 0 {
			return catalog.Wrap("clusters", err)
		}
		for i := range batch {
			n := &batch[i]
			err := k.c.store.Row(ctx, `select count(*), count(distinct substr(signature, 3, 14)), count(distinct nullif(person, x'')) + count(*) filter (where person = x''),
				iif(coalesce(max(seq = ?2), 0), ?2, coalesce(min(seq), ?2)) from comments indexed by comments_cluster
				where cluster <> 0 and cluster = ?1 and state = 'published'`, n.id, n.first).Scan(&n.size, &n.variants, &n.people, &n.first)
			if err != nil {
				return catalog.Wrap("clusters", err)
			}
		}
		if err := k.c.store.Write(ctx, func(tx *catalog.Tx) error { return putCountings(tx, batch) }); err != nil {
			return err
		}
	}
}

func putCountings(tx *catalog.Tx, batch []counting) error {
	for i := range batch {
		n := &batch[i]
		if err := tx.Exec("update clusters set first = ?, size = ?, variants = ?, people = ?, stale = stale - ? where id = ?",
			n.first, n.size, n.variants, n.people, n.stale, n.id); err != nil {
			return err
		}
		tx.Changed(NounDraft, n.draft, catalog.OpPut)
	}
	return nil
}

// place finds the places of comments that were filed on a text which was not
// the newest any more: the others were placed when the newer ones were published.
func (k *Clusterer) place(ctx context.Context, batch []newcomer) error {
	versions := map[string][]Version{}
	late := map[string][]anchored{} // by id of the newer version
	newer := map[string]*Version{}
	for i := range batch {
		n := &batch[i]
		if n.anchor.Address == "" || n.version == "" {
			continue
		}
		all, ok := versions[n.draft]
		if !ok {
			var err error
			if all, err = k.c.Versions(ctx, n.draft); err != nil {
				return err
			}
			versions[n.draft] = all
		}
		for j := len(all) - 1; j >= 0 && all[j].ID != n.version; j-- {
			late[all[j].ID] = append(late[all[j].ID], n.anchored)
			newer[all[j].ID] = &all[j]
		}
	}
	for id, comments := range late {
		p, err := k.c.newPlacing(ctx, newer[id])
		if err != nil {
			return err
		}
		spots := p.place(comments)
		if err := k.c.store.Write(ctx, func(tx *catalog.Tx) error { return tx.PlaceComments(id, spots) }); err != nil {
			return err
		}
	}
	return nil
}
