package catalog

import "errors"

// Comments are kept by package consultation. What changes one keeps the counts
// of its place, also where the road of records changes it.

// CommentSeen is the one predicate of which comments the public knows of, on
// the table comments: of those that were taken away after somebody could read
// them it knows that they were there. CommentRead is when it may read one.
const (
	CommentSeen = "(state in ('published', 'removed') or state in ('withdrawn', 'disowned') and shown <> '')"
	CommentRead = "state = 'published'"
)

const countComment = `insert into comment_counts (draft, address, state, kind, provenance, reply, n)
	select draft, address, iif(state in ('withdrawn', 'disowned') and shown = '', 'unseen', state), kind, provenance, root <> 0, ?1 from comments where id = ?2
	on conflict (draft, address, state, kind, provenance, reply) do update set n = n + excluded.n`

// countPlaces counts comments, those with the sequence numbers of a JSON list,
// at their places in a version; in every one when it is empty.
const countPlaces = `insert into place_counts (version, address, verdict, state, kind, provenance, reply, n)
	select p.version, p.address, p.verdict, iif(c.state in ('withdrawn', 'disowned') and c.shown = '', 'unseen', c.state), c.kind, c.provenance, c.root <> 0, ?1 * count(*)
	from json_each(?2) s cross join placements p on p.comment = s.value and (?3 = '' or p.version = ?3) cross join comments c on c.seq = s.value
	where true group by 1, 2, 3, 4, 5, 6, 7
	on conflict (version, address, verdict, state, kind, provenance, reply) do update set n = n + excluded.n`

// A Spot is where a comment stands in a version: at a provision, and where a
// quote of it is there, in bytes, else -1.
type Spot struct {
	Comment     int64 // its sequence number
	Address     string
	Start, Stop int
	Verdict     string // filed on it, or else kept, moved, changed or removed
}

// PlaceComments notes where comments stand in a version, in place of what was
// noted before.
func (t *Tx) PlaceComments(version string, spots []Spot) error {
	seqs := make([]int64, len(spots))
	for i := range spots {
		seqs[i] = spots[i].Comment
	}
	if err := t.exec(countPlaces, -1, asJSON(&seqs), version); err != nil {
		return err
	}
	for i := range spots {
		s := &spots[i]
		if err := t.exec(`insert into placements (comment, version, address, start, stop, verdict) values (?, ?, ?, ?, ?, ?)
			on conflict (comment, version) do update set address = excluded.address, start = excluded.start, stop = excluded.stop, verdict = excluded.verdict`,
			s.Comment, version, s.Address, s.Start, s.Stop, s.Verdict); err != nil {
			return err
		}
	}
	return t.exec(countPlaces, 1, asJSON(&seqs), version)
}

// UnplaceComments forgets where comments stand in a version that nobody saw.
func (t *Tx) UnplaceComments(version string) error {
	return errors.Join(t.exec("delete from placements where version = ?", version), t.exec("delete from place_counts where version = ?", version))
}

// CountComment counts a new comment (its id) at its place.
func (t *Tx) CountComment(id string) error {
	if err := t.exec(`insert into placements (comment, version, address, verdict) select seq, version, address, 'filed' from comments
		where id = ? and version <> '' and address <> ''`, id); err != nil {
		return err
	}
	return t.recountComment(id, 1)
}

// recountComment counts the comment as what it is now, once more or once less.
func (t *Tx) recountComment(id string, more int) error {
	t.changed(nounComment, id, OpPut)
	if err := t.exec(countComment, more, id); err != nil {
		return err
	}
	seqs := make([]int64, 1)
	if err := t.row("select seq from comments where id = ?", id).Scan(&seqs[0]); err != nil {
		return err
	}
	return t.exec(countPlaces, more, asJSON(&seqs), "")
}

// MoveComment runs a statement that changes the comment with the id, and counts
// it as what it is then. One that nobody may read any more is listed as retired:
// public files that still have its text are made anew.
func (t *Tx) MoveComment(id, move string, args ...any) error {
	const readable = "select " + CommentRead + " from comments where id = ?"
	var was, is bool
	if err := t.row(readable, id).Scan(&was); err != nil {
		return err
	}
	if err := t.recountComment(id, -1); err != nil {
		return err
	}
	if err := t.exec(move, args...); err != nil {
		return err
	}
	if err := t.row(readable, id).Scan(&is); err != nil {
		return err
	}
	if was && !is {
		t.changed(nounComment, id, OpRetire)
	}
	if err := t.exec("update clusters set stale = stale + 1 where id = (select cluster from comments where id = ? and cluster <> 0)", id); err != nil {
		return err
	}
	return t.recountComment(id, 1)
}
