package harvesters

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// What may go without a look: this many datasets of a source, or this part of
// them, whichever is more.
const (
	freeRemovals = 3
	freePercent  = 5
)

// A ruling is what a run decides about the known records that did not come.
type ruling struct {
	missing []catalog.Key
	proof   bool // the run counts as one of the two that must not have a record
	retire  []catalog.Held
	held    []catalog.Held
}

// conclude decides the state of a run whose records are all read, and what
// becomes of the known ones that did not come. broke is what ended the source
// early. The rules:
//
// A run that broke off, or does not prove that it saw everything, only adds and
// updates. Of a complete one, what did not come is marked as missing, and is
// retired when the complete run before it did not have it either, or when the
// source itself says that it is gone. A record that came under another
// identifier keeps its dataset. Of a source that shows but a window of what it
// has, what did not come stays as it is, unless the source says that it is gone.
// Nothing of this happens without a person where it is suspiciously much, see
// hold.
func (h *harvest) conclude(ctx context.Context, broke error) error {
	h.again = isTransient(broke)
	if broke == nil {
		if doubt := h.doubt(); doubt != nil {
			broke = doubt
		}
	}
	if broke != nil {
		h.end(broke)
		h.takeSettled()
		return h.flush(ctx)
	}
	h.run.State = catalog.RunComplete
	gone, known := h.gone()
	if h.few() && (len(gone) == 0 || h.noName > 0) { // there is nothing to approve
		return h.conclude(ctx, then(h.fewer(), "run.ask"))
	}
	limit := max(freeRemovals, known*freePercent/100)
	used := map[*postponed]bool{}
	moves := h.moves(gone, used)
	if n := len(moves); 2*n > len(gone) && (n > limit || n == known) {
		h.holdMoves(moves, len(gone))
		held := maps.Clone(used)
		h.takeLater(h.revivals(used), held)
	} else {
		moves = slices.DeleteFunc(moves, func(m move) bool { return !m.same })
		h.takeLater(append(moves, h.revivals(used)...), nil)
	}
	gone = without(gone, moves)
	h.run.Counts.Missing = int64(len(gone))
	h.judge(gone, known, limit)
	h.run.Counts.Waiting = int64(len(h.ruling.held))
	return h.flush(ctx)
}

// isTransient reports whether what ended a source early may be over by the next
// try: somebody stopped the run, or a server failed.
func isTransient(err error) bool {
	var broken *FetchError
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &broken) && broken.Temporary
}

// doubt returns why a run that ended without an error does not prove that it
// saw everything.
func (h *harvest) doubt() *sentence {
	c := &h.run.Counts
	switch {
	case c.Seen == 0:
		return say("run.empty")
	case h.note != nil:
		return h.note
	case c.Declared > 0 && c.Declared != c.Seen:
		return say("run.declared", c.Declared, c.Seen)
	}
	return nil
}

// few reports whether less than half as many records came as in the last
// complete run; fewer says it.
func (h *harvest) few() bool {
	return !h.window && h.last != nil && 2*h.run.Counts.Seen < h.last.Counts.Seen
}

func (h *harvest) fewer() *sentence { return say("run.few", h.run.Counts.Seen, h.last.Counts.Seen) }

// gone returns the keys of published records that did not come, which says
// nothing where the source shows but a window, or that the source says are
// gone, sorted, and how many published ones were known.
func (h *harvest) gone() (gone []catalog.Key, known int) {
	for id, m := range h.marks {
		if m.Retired || m.Closed {
			continue
		}
		known++
		_, came := h.seen[id]
		_, deleted := h.deleted[id]
		if !came && !h.window || deleted {
			gone = append(gone, id)
		}
	}
	slices.SortFunc(gone, byKey)
	return gone, known
}

func byKey(a, b catalog.Key) int {
	return cmp.Or(strings.Compare(a.Noun, b.Noun), strings.Compare(a.Identifier, b.Identifier))
}

// without returns gone without those that came under another identifier.
func without(gone []catalog.Key, moves []move) []catalog.Key {
	moved := make(map[catalog.Key]bool, len(moves))
	for _, m := range moves {
		moved[m.from] = true
	}
	return slices.DeleteFunc(gone, func(id catalog.Key) bool { return moved[id] })
}

// holdMoves holds a run in which the source seems to have changed its
// identifiers: nothing of what may be known already is published again.
func (h *harvest) holdMoves(moves []move, gone int) {
	for _, m := range moves {
		h.ruling.held = append(h.ruling.held, catalog.Held{
			Noun: m.from.Noun, Identifier: m.from.Identifier, Kind: catalog.Moved, Becomes: m.to.record.Identifier,
		})
	}
	h.hold(say("run.moved", len(moves), gone, moves[0].from.Identifier, moves[0].to.record.Identifier))
}

// judge decides what becomes of the records that are gone, of so many that are
// known and so many that may go without a look.
func (h *harvest) judge(gone []catalog.Key, known, limit int) {
	if len(gone) == 0 {
		return
	}
	if h.noName > 0 {
		h.fault(say("run.nameless", len(gone), h.noName).fault(catalog.SeverityRun))
		return
	}
	h.ruling.missing, h.ruling.proof = gone, true
	var all, due []catalog.Held
	for _, id := range gone {
		r := catalog.Held{Noun: id.Noun, Identifier: id.Identifier, Kind: catalog.RemovedMissing}
		_, deleted := h.deleted[id]
		if deleted {
			r.Kind = catalog.RemovedDeleted
		}
		all = append(all, r)
		if deleted || h.marks[id].Misses > 0 {
			due = append(due, r)
		}
	}
	switch {
	case h.few():
		h.ruling.proof = false // it is no complete run: no record is one step nearer to its removal
		h.ruling.held = append(h.ruling.held, all...)
		h.hold(h.fewer())
	case len(all) > limit && 2*len(all) >= known:
		h.ruling.held = append(h.ruling.held, all...)
		h.hold(say("run.gone", len(all), known))
	case len(due) > limit:
		h.ruling.held = append(h.ruling.held, due...)
		h.hold(say("run.removes", len(due), known, limit))
	case len(due) == known:
		h.ruling.held = append(h.ruling.held, due...)
		h.hold(say("run.last"))
	case h.run.State == catalog.RunHeld: // for its identifiers: the rest waits with them
		h.ruling.held = append(h.ruling.held, due...)
	default:
		h.ruling.retire = due
		h.run.Counts.Retired = int64(len(due))
	}
}

// hold lets the run keep what it added and wait with the rest.
func (h *harvest) hold(why *sentence) {
	if h.run.State == catalog.RunHeld { // for two reasons
		why = before(&sentence{text: h.run.Reason, said: h.run.Said}, why)
	}
	h.run.State = catalog.RunHeld
	h.run.Reason, h.run.Said = why.parts()
}

// end closes a run that did not complete, with its reason.
func (h *harvest) end(why error) {
	h.run.State = catalog.RunIncomplete
	if h.run.Counts.Seen == 0 {
		h.run.State = catalog.RunFailed
	}
	h.ruling = ruling{}
	reason := h.reason(why)
	h.run.Reason, h.run.Said = reason.parts()
	if h.note == nil || h.note.text != reason.text {
		h.fault(reason.fault(catalog.SeverityRun))
	}
}

// reason says what ended a run early. What is no sentence for people outside
// goes to the log.
func (h *harvest) reason(why error) *sentence {
	var fetch *FetchError // of a server that is silent, too: its error is a deadline
	var invalid *catalog.InvalidError
	var broken *jsonstream.SyntaxError
	switch {
	case errors.As(why, &fetch):
	case errors.Is(why, context.Canceled), errors.Is(why, context.DeadlineExceeded):
		return say("run.stopped")
	case h.note != nil && errors.As(why, &broken) && broken.Kind == "cut":
		return h.note // it is the sending that broke off, not the document
	case errors.As(why, &invalid):
		return say("run.invalid").because(why)
	case errors.Is(why, catalog.ErrFull):
		return errNoRoom
	}
	s := sentenceOf(why)
	if err := s.cause(); err != nil && fetch == nil {
		h.deps.log().Warn("a run broke off", "source", h.src.Slug, "run", h.run.ID, "err", err)
	}
	return s
}

// finish closes the run in the catalogue and carries out its ruling, all in one
// write: a run is never half concluded.
func (h *harvest) finish(ctx context.Context) error {
	err := h.landed()
	if err != nil && h.run.State != catalog.RunIncomplete && h.run.State != catalog.RunFailed {
		h.end(err) // not all that came is kept, so nothing is concluded from it
	}
	if h.run.State == catalog.RunHeld {
		if !h.opt.DryRun {
			h.run.Wait()
		}
		h.fault(catalog.RunFault{Severity: catalog.SeverityRun, Text: h.run.Reason, Said: h.run.Said})
	}
	h.planRuling()
	faults := h.faults
	h.pages.end(h.again)
	return errors.Join(err, h.deps.Store.Write(context.WithoutCancel(ctx), func(tx *catalog.Tx) error {
		if err := tx.RenewRun(&h.run); err != nil {
			return err
		}
		h.run.Finished = tx.Now()
		if err := errors.Join(tx.AddFaults(h.run.ID, faults...), tx.AddPlan(h.run.ID, h.plan.take()...)); err != nil {
			return err
		}
		if err := h.carryOut(tx); err != nil {
			return err
		}
		return tx.PutRun(&h.run)
	}))
}

// carryOut does what the run decided about the records that did not come.
func (h *harvest) carryOut(tx *catalog.Tx) error {
	read := h.run.State == catalog.RunComplete || h.run.State == catalog.RunHeld
	if h.opt.DryRun || !read {
		return nil
	}
	missing := map[string][]string{}
	for _, key := range h.ruling.missing {
		missing[key.Noun] = append(missing[key.Noun], key.Identifier)
	}
	for noun, identifiers := range missing {
		if err := tx.MarkMissing(h.src.ID, noun, h.ruling.proof, identifiers...); err != nil {
			return err
		}
	}
	for _, r := range h.ruling.retire {
		if _, err := tx.RetireRecords(h.src.ID, r.Noun, h.run.ID, r.Kind, "", r.Identifier); err != nil {
			return err
		}
	}
	return tx.PutHeld(&h.run, h.ruling.held)
}
