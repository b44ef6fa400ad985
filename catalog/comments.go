package catalog

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

// CountComment counts a new comment (its id) at its place.
func (t *Tx) CountComment(id string) error {
	t.changed(nounComment, id, OpPut)
	return t.exec(countComment, 1, id)
}

// MoveComment runs a statement that changes the comment with the id, and counts
// it as what it is then.
func (t *Tx) MoveComment(id, move string, args ...any) error {
	if err := t.exec(countComment, -1, id); err != nil {
		return err
	}
	if err := t.exec(move, args...); err != nil {
		return err
	}
	if err := t.exec("update clusters set stale = stale + 1 where id = (select cluster from comments where id = ? and cluster <> 0)", id); err != nil {
		return err
	}
	return t.CountComment(id)
}
