package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Moved is the kind of a held record that came under another identifier; the
// others are RemovedMissing and RemovedDeleted.
const Moved = "moved"

// A Held is a removal, or a move to another identifier, that a held run waits
// with until an operator approves it.
type Held struct {
	Noun       string `json:"noun"`
	Identifier string `json:"identifier"`
	Kind       string `json:"kind"`              // missing, deleted or moved
	Becomes    string `json:"becomes,omitempty"` // the identifier that it came under
}

// PutHeld notes what a held run would remove. It takes the place of what older
// runs of the source were held for: these can no longer be approved.
func (t *Tx) PutHeld(r *Run, held []Held) error {
	if err := t.dropHeld(r.Source); err != nil {
		return err
	}
	for i := range held {
		h := &held[i]
		err := t.exec("insert into run_held (run, noun, identifier, kind, becomes) values (?, ?, ?, ?, ?)", r.ID, h.Noun, h.Identifier, h.Kind, h.Becomes)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) dropHeld(source string) error {
	return t.exec("delete from run_held where run in (select id from runs where source = ?)", source)
}

const heldColumns = "select noun, identifier, kind, becomes from run_held where run = ? "

func scanHeld(row scanner) (Held, error) {
	var h Held
	err := row.Scan(&h.Noun, &h.Identifier, &h.Kind, &h.Becomes)
	return h, err
}

// Held returns up to limit of what a run (its id) is held for, by identifier,
// after the one given.
func (s *Store) Held(ctx context.Context, run, after string, limit int) ([]Held, error) {
	rows, err := s.query(ctx, heldColumns+"and identifier > ? order by identifier, noun limit ?", run, after, limit)
	all, err := collect(rows, err, scanHeld)
	return all, wrap("held", err)
}

// ApproveRun carries out what a held run of the source waits with: exactly its
// removals and moves, as far as the records are still missing. It can be
// approved only while no later run read the source to its end. The run becomes
// complete; by is kept as who approved it.
func (t *Tx) ApproveRun(src *Source, run, by string) (Run, error) {
	return t.approveRun(src, run, by, "")
}

func (t *Tx) approveRun(src *Source, run, by, why string) (Run, error) {
	r, err := t.heldRun(src, run)
	if err != nil {
		return r, err
	}
	r.Note = why
	if err := t.carryOut(src, &r); err != nil {
		return r, err
	}
	r.State, r.Approved, r.ApprovedBy = RunComplete, t.now, by
	r.Counts.Waiting = 0
	r.waited()
	return r, errors.Join(t.dropHeld(src.ID), t.PutRun(&r))
}

// refuseRun leaves everything as it is that a held run of the source waits
// with, and does not count the run as one that did not have it. The run becomes
// an incomplete one: it added, and proved nothing.
func (t *Tx) refuseRun(src *Source, run, by, why string) (Run, error) {
	r, err := t.heldRun(src, run)
	if err != nil {
		return r, err
	}
	err = t.exec("update records set misses = 0 where source = ? and (noun, identifier) in (select noun, identifier from run_held where run = ?)", src.ID, r.ID)
	if err != nil {
		return r, err
	}
	r.State, r.Refused, r.ApprovedBy, r.Note = RunIncomplete, t.now, by, why
	r.Counts.Waiting = 0
	r.waited()
	r.say(saysRefused)
	return r, errors.Join(t.dropHeld(src.ID), t.PutRun(&r))
}

// heldRun returns a held run of the source that can be decided about.
func (t *Tx) heldRun(src *Source, run string) (Run, error) {
	if _, err := t.EndLapsedRuns(); err != nil {
		return Run{}, err
	}
	r, err := scanRun(t.row("select "+runColumns+" from runs where id = ? and source = ?", run, src.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("run %q of source %q: %w", run, src.Slug, ErrNotFound)
	}
	if err != nil {
		return r, err
	}
	if r.State != RunHeld || r.DryRun {
		return r, &InvalidError{"--approve", fmt.Sprintf("run %s is %s, not held: there is nothing to approve", r.ID, r.State)}
	}
	newest, err := scanRun(t.row("select "+runColumns+` from runs where source = ? and not dry_run and state in ('held', 'complete', 'running')
		order by rowid desc limit 1`, src.ID))
	if err != nil {
		return r, err
	}
	switch {
	case newest.ID == r.ID:
	case newest.State == RunRunning:
		return r, t.busy(newest)
	default:
		return r, &InvalidError{"--approve", fmt.Sprintf("run %s is no longer the newest: run %s, which is %s, read the source after it", r.ID, newest.ID, newest.State)}
	}
	return r, nil
}

// carryOut does what the run was held for and counts it in the run.
func (t *Tx) carryOut(src *Source, r *Run) error {
	rows, err := t.query(heldColumns+"order by identifier", r.ID)
	held, err := collect(rows, err, scanHeld)
	if err != nil {
		return err
	}
	for i := range held {
		h := &held[i]
		if h.Kind == Moved {
			if err := t.MoveRecord(src.ID, h.Noun, h.Identifier, h.Becomes); err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrNotFound) {
				return err
			}
			continue
		}
		var gone bool
		err := t.row("select exists (select 1 from records where source = ? and noun = ? and identifier = ? and missing <> '')", src.ID, h.Noun, h.Identifier).Scan(&gone)
		if err != nil {
			return err
		}
		if !gone {
			continue
		}
		n, err := t.RetireRecords(src.ID, h.Noun, r.ID, h.Kind, r.Note, h.Identifier)
		if err != nil {
			return err
		}
		r.Counts.Retired += int64(n)
	}
	return nil
}
