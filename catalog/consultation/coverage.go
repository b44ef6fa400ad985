package consultation

import (
	"context"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/catalog/consultation/revision"
)

// A Coverage tells how much of what was said was answered, and of how much of
// what was changed it is known why.
type Coverage struct {
	Comments         int64 `json:"comments"`          // published ones
	Answered         int64 `json:"answered"`          // of these, alone or with their cluster
	Clusters         int64 `json:"clusters"`          //
	ClustersAnswered int64 `json:"clusters_answered"` //
	Changes          int64 `json:"changes"`           // provisions at the level of articles that differ from text to text
	Sourced          int64 `json:"changes_sourced"`   // of these, with a comment or cluster that caused it
}

// Share is which part of all that is, 1 of nothing.
func Share(part, all int64) float64 {
	if all == 0 {
		return 1
	}
	return float64(part) / float64(all)
}

// answeredCluster is the condition that a cluster k has an answer, of its own or,
// when it is one comment, to that.
const answeredCluster = `(exists (select 1 from responses r where r.cluster = k.id and r.cluster <> 0 and r.state = 'published')
	or k.size = 1 and exists (select 1 from responses r where r.comment = k.first and r.comment <> 0 and r.state = 'published'))`

// What is counted of a draft.
const (
	clustersOf   = "select count(*), coalesce(sum(" + answeredCluster + "), 0), coalesce(sum(iif(" + answeredCluster + ", k.size, 0)), 0) from clusters k where k.draft = ? and k.size > 0"
	aloneOf      = "select count(*) from responses r join comments c on c.seq = r.comment where r.draft = ? and r.state = 'published' and r.comment <> 0 and c.state = 'published' and not exists (select 1 from clusters k where k.id = c.cluster and k.size > 0 and " + answeredCluster + ")"
	publishedOf  = "select coalesce(sum(n), 0) from comment_counts where draft = ? and state = 'published'"
	waitingOf    = "select coalesce(sum(n), 0) from comment_counts where draft = ? and state = 'waiting'"
	unsignedOf   = "select exists (select 1 from comments indexed by comments_unsigned where signature = x'' and state in ('waiting', 'published') and state = 'published' and draft = ?1) or exists (select 1 from clusters where draft = ?1 and stale <> 0)"
	finalOf      = "select exists (select 1 from versions where draft = ? and state = 'published' and kind = 'approved')"
	overrideOf   = "select reason, name, at from overrides where draft = ?"
	unansweredOf = "select count(*) from clusters k where k.draft = ? and k.size > 0 and not " + answeredCluster
)

// Coverage returns the coverage of a draft (its id).
func (c *Consultation) Coverage(ctx context.Context, draft string) (v Coverage, err error) {
	var alone int64
	if err = c.store.Row(ctx, clustersOf, draft).Scan(&v.Clusters, &v.ClustersAnswered, &v.Answered); err == nil {
		err = c.store.Row(ctx, aloneOf, draft).Scan(&alone)
	}
	if err == nil {
		err = c.store.Row(ctx, publishedOf, draft).Scan(&v.Comments)
	}
	if err != nil {
		return v, catalog.Wrap("coverage", err)
	}
	v.Answered = min(v.Answered+alone, v.Comments)
	all, err := c.Versions(ctx, draft)
	if err != nil {
		return v, err
	}
	for i := 1; i < len(all); i++ {
		changed, err := c.changed(ctx, &all[i-1], &all[i])
		if err != nil {
			return v, err
		}
		causes, err := c.Influences(ctx, draft, all[i].ID)
		if err != nil {
			return v, err
		}
		v.Changes += int64(len(changed))
		for _, address := range changed {
			if caused(causes, address) {
				v.Sourced++
			}
		}
	}
	return v, nil
}

// caused reports whether one of the causes is of the provision at the address,
// or of one in it.
func caused(causes []Influence, address string) bool {
	for i := range causes {
		if causes[i].Verdict != Rejected && (causes[i].Address == address || strings.HasPrefix(causes[i].Address, address+"__")) {
			return true
		}
	}
	return false
}

// changed returns the addresses of the articles, or of what else stands beside
// articles, that differ between two texts: those in b, and those in a of what is
// gone. What is only renumbered or moved does not differ.
func (c *Consultation) changed(ctx context.Context, a, b *Version) ([]string, error) {
	cmp, err := c.Compare(ctx, a, b)
	if err != nil {
		return nil, err
	}
	inA, inB := articles(cmp.A), articles(cmp.B)
	var all []string
	seen := map[string]bool{}
	for i := range cmp.Pairs {
		p := &cmp.Pairs[i]
		if p.Change == revision.Same || p.Change == revision.Renumbered || p.Change == revision.Moved {
			continue
		}
		of, in := inB, p.B
		if p.Change == revision.Removed {
			of, in = inA, p.A
			if article, ok := kept(cmp, p.A[0], inA, inB); ok {
				of, in = map[int]string{-1: article}, []int{-1}
			}
		}
		for _, k := range in {
			if !seen[of[k]] {
				seen[of[k]] = true
				all = append(all, of[k])
			}
		}
	}
	return all, nil
}

// kept returns where the article is now that a provision of a was in, when it
// is.
func kept(cmp *Comparison, i int, inA, inB map[int]string) (string, bool) {
	for k := range cmp.Pairs {
		p := &cmp.Pairs[k]
		if len(p.B) == 0 {
			continue
		}
		for _, j := range p.A {
			if cmp.A[j].Address == inA[i] && j != i {
				return inB[p.B[0]], true
			}
		}
	}
	return "", false
}

// articles is, by place in a law, the address of the article that the provision
// is or is in; its own of one that is in none.
func articles(law []lawtext.Provision) map[int]string {
	all, of := map[int]string{}, map[string]string{}
	for i := range law {
		p := &law[i]
		in, ok := of[p.Parent]
		switch {
		case ok && in != "":
			of[p.Address] = in
		case p.Kind == lawtext.Article:
			of[p.Address] = p.Address
		}
		if all[i] = of[p.Address]; all[i] == "" {
			all[i] = p.Address
		}
	}
	return all
}
