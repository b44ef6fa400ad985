package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
)

// A Standing is a comment as it stands in a version: filed on it, or on an
// earlier one and placed in it.
type Standing struct {
	Comment
	At Placed `json:"at"`
}

// A Placed is where a comment stands in a version, by address and, of a quote
// that is there, by bytes; and what became of what it is about since it was
// filed.
type Placed struct {
	Version string `json:"version"`
	Address string `json:"address,omitempty"` // empty: what held it is gone too
	Start   int    `json:"start"`             // -1 without a quote that is there
	Stop    int    `json:"stop"`
	Verdict string `json:"verdict"` // filed on it, or else kept, moved, changed or removed
}

// CountsAt returns how many comments stand at each address of a version (its
// id), those that were placed in it among them. Who calls has seen that its
// reader may see the version.
func (c *Consultation) CountsAt(ctx context.Context, version string) (map[string]Counts, error) {
	all := map[string]Counts{}
	rows, err := c.store.Rows(ctx, "select address, state, kind, provenance, reply, n from place_counts where version = ?", version)
	_, err = catalog.Collect(rows, err, countInto(all))
	return all, catalog.Wrap("comment counts", err)
}

// CommentsAt returns the threads that stand at an address of a public version
// (its id), and how many there are in all: the newest first, before the one with
// the sequence number where that is not 0. The empty address is where those
// stand of which nothing is left.
func (c *Consultation) CommentsAt(ctx context.Context, version, address string, before int64, limit int) (all []Standing, total int64, err error) {
	if err := c.store.Row(ctx, `select coalesce(sum(n), 0) from place_counts where version = ? and address = ? and reply = 0
		and state in ('published', 'removed', 'withdrawn', 'disowned')`, version, address).Scan(&total); err != nil {
		return nil, 0, catalog.Wrap("comments", err)
	}
	if before == 0 {
		before = 1 << 62
	}
	rows, err := c.store.Rows(ctx, "select "+publicColumns+", at_version, at_address, start, stop, verdict"+` from (select p.comment as at, p.version as at_version, p.address as at_address,
		p.start, p.stop, p.verdict from placements p indexed by placements_version join versions v on v.id = p.version
		where p.version = ?1 and p.address = ?2 and p.comment < ?3 and v.state = 'published'
			and exists (select 1 from comments where seq = p.comment and root = 0 and `+catalog.CommentSeen+`) order by p.comment desc limit ?4)
		join comments on comments.seq = at where true`+ofPublicDraft+" order by seq desc", version, address, before, limit)
	all, err = catalog.Collect(rows, err, scanStanding)
	if err != nil {
		return nil, 0, catalog.Wrap("comments", err)
	}
	comments := make([]Comment, len(all))
	for i := range all {
		comments[i] = all[i].Comment
	}
	err = c.addAnswers(ctx, comments)
	for i := range all {
		all[i].Comment = comments[i]
	}
	return all, total, catalog.Wrap("comments", err)
}

func scanStanding(row catalog.Row) (s Standing, err error) {
	s.Comment, err = scanComment(row, &s.At.Version, &s.At.Address, &s.At.Start, &s.At.Stop, &s.At.Verdict)
	return s, err
}

// Placements returns where a comment (its sequence number) stands in the public
// versions, the first one first.
func (c *Consultation) Placements(ctx context.Context, seq int64) ([]Placed, error) {
	rows, err := c.store.Rows(ctx, `select p.version, p.address, p.start, p.stop, p.verdict from placements p join versions v on v.id = p.version
		where p.comment = ? and v.state = 'published' order by v.n`, seq)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (p Placed, err error) {
		err = row.Scan(&p.Version, &p.Address, &p.Start, &p.Stop, &p.Verdict)
		return p, err
	})
	return all, catalog.Wrap("placements", err)
}

// PlacedFigures counts, by verdict, what became of the comments on earlier texts
// in a version (its id).
func (c *Consultation) PlacedFigures(ctx context.Context, version string) (map[string]int64, error) {
	all := map[string]int64{}
	rows, err := c.store.Rows(ctx, placedOf, version)
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (verdict string, err error) {
		var n int64
		err = row.Scan(&verdict, &n)
		all[verdict] = n
		return verdict, err
	})
	return all, catalog.Wrap("placements", err)
}
