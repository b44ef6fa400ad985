package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
)

// A ClusterFilter says which clusters Clusters returns. Empty fields do not
// filter.
type ClusterFilter struct {
	Draft      string // id; there is one
	Least      int64  // comments; 1 of those that are like no other too
	Unanswered bool
	After      int64 // id of the cluster that stood last on the page before
	Limit      int
}

const clusterColumns = "k.id, k.draft, k.size, k.variants, k.people, " +
	"coalesce((select c.id from comments c where c.seq = k.first), '')"

func scanCluster(row catalog.Row) (k Cluster, err error) {
	err = row.Scan(&k.ID, &k.Draft, &k.Size, &k.Variants, &k.People, &k.First.ID)
	return k, err
}

// Clusters returns the clusters of a draft, the largest first, and how many
// there are in all. New comments are counted within seconds.
func (c *Consultation) Clusters(ctx context.Context, f ClusterFilter) (all []Cluster, total int64, err error) {
	const which = " from clusters k where k.draft = ?1 and k.size >= max(?2, 1) and (?3 = 0 or not " + answeredCluster + `)
		and exists (select 1 from drafts d where d.id = k.draft and d.` + catalog.PublicRows + ")"
	if err := c.store.Row(ctx, "select count(*)"+which, f.Draft, f.Least, f.Unanswered).Scan(&total); err != nil {
		return nil, 0, catalog.Wrap("clusters", err)
	}
	rows, err := c.store.Rows(ctx, "select "+clusterColumns+which+` and (?4 = 0 or (-k.size, k.id) > (select -a.size, a.id from clusters a where a.id = ?4))
		order by k.size desc, k.id limit ?5`, f.Draft, f.Least, f.Unanswered, f.After, f.Limit)
	if all, err = catalog.Collect(rows, err, scanCluster); err == nil {
		err = c.addFirst(ctx, all)
	}
	return all, total, catalog.Wrap("clusters", err)
}

// Cluster returns a cluster of a public draft, or ErrNotFound.
func (c *Consultation) Cluster(ctx context.Context, id int64) (Cluster, error) {
	k, err := scanCluster(c.store.Row(ctx, "select "+clusterColumns+" from clusters k where k.id = ? and k.size > 0"+
		" and exists (select 1 from drafts d where d.id = k.draft and d."+catalog.PublicRows+")", id))
	if catalog.NoRow(err) {
		return k, catalog.NotFound("cluster", "")
	}
	all := []Cluster{k}
	if err == nil {
		err = c.addFirst(ctx, all)
	}
	return all[0], catalog.Wrap("cluster", err)
}

// addFirst puts to each cluster the comment that stands for all and the answer.
func (c *Consultation) addFirst(ctx context.Context, all []Cluster) error {
	for i := range all {
		first, err := scanPlain(c.store.Row(ctx, "select "+publicColumns+" from comments where id = ? and "+catalog.CommentSeen, all[i].First.ID))
		if err != nil && !catalog.NoRow(err) {
			return err
		}
		all[i].First = first
		a, err := scanAnswer(c.store.Row(ctx, "select "+answerColumns+" from responses r where r.cluster <> 0 and r.cluster = ? and r.state = 'published'", all[i].ID))
		switch {
		case err == nil:
			all[i].Answer = &a
		case !catalog.NoRow(err):
			return err
		}
	}
	return nil
}
