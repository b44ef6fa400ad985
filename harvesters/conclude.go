package harvesters

import (
	"context"
	"errors"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
)

// conclude decides the state of a run whose records are all read, and marks
// what a complete one did not meet. broke is what ended the source early.
func (h *harvest) conclude(ctx context.Context, broke error) error {
	if broke != nil {
		h.end(broke)
		return nil
	}
	if reason := h.doubt(); reason != "" {
		h.end(errors.New(reason))
		return nil
	}
	h.run.State = catalog.RunComplete
	gone := h.gone()
	h.run.Counts.Missing = int64(len(gone))
	if h.noName > 0 && len(gone) > 0 {
		h.fault(catalog.RunFault{Severity: catalog.SeverityRun, Text: fmt.Sprintf(
			"%d records known from before did not come, but %d came that do not say which they are; so none is marked as missing", len(gone), h.noName)})
		return nil
	}
	return h.markMissing(ctx, gone)
}

// doubt returns why a run that ended without an error does not prove that it
// saw everything.
func (h *harvest) doubt() string {
	c := &h.run.Counts
	switch {
	case c.Seen == 0:
		return "the source holds no records; if that is right, retire the source, else ask its owner to mend it"
	case h.note != "":
		return h.note
	case c.Declared > 0 && c.Declared != c.Seen:
		return fmt.Sprintf("the source says that it has %d records, and %d came", c.Declared, c.Seen)
	case h.last != nil && 2*c.Seen < h.last.Counts.Seen:
		return fmt.Sprintf("%d records came, less than half of the %d of the last complete run; if that is right, ask the operator to look into it",
			c.Seen, h.last.Counts.Seen)
	}
	return ""
}

// gone returns the identifiers that are known and did not come.
func (h *harvest) gone() []string {
	var gone []string
	for id := range h.marks {
		if _, ok := h.seen[id]; !ok {
			gone = append(gone, id)
		}
	}
	return gone
}

func (h *harvest) markMissing(ctx context.Context, gone []string) error {
	if h.opt.DryRun {
		return nil
	}
	for len(gone) > 0 {
		n := min(len(gone), batchRecords)
		err := h.deps.Store.Write(context.WithoutCancel(ctx), func(tx *catalog.Tx) error {
			for _, id := range gone[:n] {
				if h.marks[id].Missing {
					continue
				}
				if err := tx.MarkMissing(h.src.ID, catalog.NounDataset, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		gone = gone[n:]
	}
	return nil
}

// end closes a run that did not complete, with its reason.
func (h *harvest) end(why error) {
	h.run.State = catalog.RunIncomplete
	if h.run.Counts.Seen == 0 {
		h.run.State = catalog.RunFailed
	}
	h.run.Reason = cut(why.Error(), maxSentence)
	if errors.Is(why, context.Canceled) || errors.Is(why, context.DeadlineExceeded) {
		h.run.Reason = "the run was stopped before its end; what came until then is kept"
	}
	if h.note != h.run.Reason {
		h.fault(catalog.RunFault{Severity: catalog.SeverityRun, Text: h.run.Reason})
	}
}

// finish closes the run in the catalogue.
func (h *harvest) finish(ctx context.Context) error {
	err := h.landed()
	faults := h.faults
	return errors.Join(err, h.deps.Store.Write(context.WithoutCancel(ctx), func(tx *catalog.Tx) error {
		h.run.Finished = tx.Now()
		if err := tx.AddFaults(h.run.ID, faults...); err != nil {
			return err
		}
		return tx.PutRun(&h.run)
	}))
}
