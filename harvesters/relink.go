package harvesters

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// Sources change their identifiers, one or all. A new record that looks like a
// known one which has not come yet is therefore put off until the run knows
// whether that one is gone. Only such records wait, and no more than
// maxPostponed bytes of them, so that a run of new identifiers throughout is
// seen for what it is before a single duplicate is published; buffering all
// identifiers first would need a second reading of the source.

// maxPostponed is how many bytes of records wait for the end of the run. Of
// further ones only the identifier is kept.
const maxPostponed = 64 << 20

// A postponed record is new, and like a known one that has not come.
type postponed struct {
	record catalog.Record
	like   catalog.Likeness
	bare   bool // it was too much to keep
}

// likenesses finds known records by what they look like.
type likenesses struct {
	title, files map[uint64][]catalog.Key
}

// likenesses indexes the known records, when the first new one comes.
func (h *harvest) likenesses() *likenesses {
	if h.alike != nil {
		return h.alike
	}
	h.alike = &likenesses{map[uint64][]catalog.Key{}, map[uint64][]catalog.Key{}}
	for id, m := range h.marks {
		if m.Closed {
			continue
		}
		if m.Like.Title != 0 {
			h.alike.title[m.Like.Title] = append(h.alike.title[m.Like.Title], id)
		}
		if m.Like.Files != 0 {
			h.alike.files[m.Like.Files] = append(h.alike.files[m.Like.Files], id)
		}
	}
	return h.alike
}

// absent reports whether one of the records under key has not come yet. Those
// that came are struck off, so that many of one title cost little.
func (h *harvest) absent(under map[uint64][]catalog.Key, key uint64) bool {
	list := under[key]
	for len(list) > 0 {
		id := list[len(list)-1]
		_, came := h.seen[id]
		_, deleted := h.deleted[id]
		if !came || deleted {
			under[key] = list
			return true
		}
		list = list[:len(list)-1]
	}
	delete(under, key)
	return false
}

// postpone puts a new record off when it looks like one that has not come.
func (h *harvest) postpone(r *catalog.Record, mark catalog.Mark) bool {
	if len(h.marks) == 0 {
		return false
	}
	if _, known := h.marks[keyOf(r)]; known {
		return false
	}
	a := h.likenesses()
	if !h.absent(a.title, mark.Like.Title) && !h.absent(a.files, mark.Like.Files) {
		return false
	}
	p := postponed{record: *r, like: mark.Like}
	if h.laterN += weight(r); h.laterN > maxPostponed {
		p.bare, p.record = true, catalog.Record{Noun: r.Noun, Identifier: r.Identifier, Position: r.Position}
	}
	h.later = append(h.later, p)
	return true
}

// A move is a known record that came under another identifier.
type move struct {
	from catalog.Key
	to   *postponed
	same bool // it is the same beyond doubt
}

// moves finds, for each record that is gone, the postponed one that it has
// become, where there is exactly one on both sides. Those in used are taken.
func (h *harvest) moves(gone []catalog.Key, used map[*postponed]bool) []move {
	if len(h.later) == 0 {
		return nil
	}
	var all []move
	taken := map[catalog.Key]bool{}
	keys := []func(catalog.Likeness) uint64{
		func(l catalog.Likeness) uint64 { return l.Title },
		func(l catalog.Likeness) uint64 { return l.Files },
	}
	for _, key := range keys {
		left := map[uint64][]catalog.Key{}
		for _, id := range gone {
			if k := key(h.marks[id].Like); k != 0 && !taken[id] {
				left[k] = append(left[k], id)
			}
		}
		came := map[uint64][]*postponed{}
		for i := range h.later {
			if p := &h.later[i]; key(p.like) != 0 && !used[p] {
				came[key(p.like)] = append(came[key(p.like)], p)
			}
		}
		for i := range h.later {
			p := &h.later[i]
			k := key(p.like)
			if used[p] || len(left[k]) != 1 || len(came[k]) != 1 {
				continue
			}
			id := left[k][0]
			if id.Noun != p.record.Noun {
				continue
			}
			taken[id], used[p] = true, true
			all = append(all, move{id, p, h.marks[id].Like.Same(p.like)})
		}
	}
	return all
}

// revivals are the moves of records that were retired: what is back under
// another identifier takes its old id and slug too.
func (h *harvest) revivals(used map[*postponed]bool) []move {
	var retired []catalog.Key
	for id, m := range h.marks {
		if _, came := h.seen[id]; m.Retired && !came {
			retired = append(retired, id)
		}
	}
	slices.SortFunc(retired, byKey)
	all := slices.DeleteFunc(h.moves(retired, used), func(m move) bool { return !m.same })
	h.run.Counts.Returned += int64(len(all))
	return all
}

// takeLater writes the postponed records: those of moves in the place of what
// they were, others as new. Those in held wait, and of those that were too much
// to keep the next run takes in a part.
func (h *harvest) takeLater(moves []move, held map[*postponed]bool) {
	from := map[*postponed]string{}
	for _, m := range moves {
		from[m.to] = m.from.Identifier
	}
	bare := 0
	for i := range h.later {
		p := &h.later[i]
		old, moved := from[p]
		switch {
		case held[p]:
			h.run.Counts.Relinked++
			continue
		case moved:
			h.run.Counts.Relinked++
			h.planned(&p.record, catalog.DoesMove)
		default:
			h.run.Counts.New++
			h.planned(&p.record, catalog.DoesAdd)
		}
		if p.bare && !moved {
			bare++
		} else if !h.opt.DryRun {
			h.batch = append(h.batch, waiting{Record: p.record, from: old})
		}
	}
	if bare > 0 {
		h.fault(say("run.later", bare).fault(catalog.SeverityRun))
	}
}

// takeSettled writes, at the end of a run that broke off, the postponed records
// whose look-alike came after all. Of the others it is not known what they are.
func (h *harvest) takeSettled() {
	held := map[*postponed]bool{}
	for i := range h.later {
		p := &h.later[i]
		if h.absent(h.alike.title, p.like.Title) || h.absent(h.alike.files, p.like.Files) {
			held[p] = true
		}
	}
	h.takeLater(nil, held)
	if len(held) > 0 {
		h.fault(say("run.unknown", len(held)).fault(catalog.SeverityRun))
	}
}
