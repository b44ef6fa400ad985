package catalog

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// LeaseTime is how long a run counts as alive after the last sign of its owner.
const LeaseTime = time.Minute

// A BusyError says that a source is being harvested by a run that lives.
type BusyError struct {
	Source string // slug
	Run    Run
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("source %q is being harvested already, by process %s since %s (run %s); wait for its end, or end that process: its run is given up %d seconds later",
		e.Source, ownerNumber(e.Run.Owner), e.Run.Started.Format(time.RFC3339), e.Run.ID, int(LeaseTime.Seconds()))
}

// Is makes a busy source a conflict.
func (e *BusyError) Is(target error) bool { return target == ErrConflict }

// LostRunError is the error of a run whose lease ran out and which somebody
// else has ended since: whoever did it must stop and write nothing more.
type LostRunError struct{ ID string }

func (e *LostRunError) Error() string {
	return fmt.Sprintf("run %s was taken for dead and was ended, since its process gave no sign for more than %d seconds; harvest the source again", e.ID, int(LeaseTime.Seconds()))
}

// Is makes a lost run a conflict.
func (e *LostRunError) Is(target error) bool { return target == ErrConflict }

func (t *Tx) busy(first Run) error {
	var slug string
	if err := t.row("select slug from sources where id = ?", first.Source).Scan(&slug); err != nil {
		return err
	}
	return &BusyError{slug, first}
}

// RenewRun prolongs the lease of a run under way and notes its counts. It must
// be part of each write of the run: *LostRunError says that the run is no
// longer its owner's.
func (t *Tx) RenewRun(r *Run) error {
	lease := t.now.Add(LeaseTime)
	var id string
	err := t.row("update runs set lease_until = ?, counts = ? where id = ? and owner = ? and state = 'running' returning id",
		asTime(&lease), asJSON(&r.Counts), r.ID, r.Owner).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return &LostRunError{r.ID}
	}
	return err
}

// EndLapsedRuns ends the runs whose lease ran out, or whose process is known to
// have ended, as incomplete and returns how many those were. A lease that
// reaches too far was given before the clock was set back, and is worth nothing
// either.
func (t *Tx) EndLapsedRuns() (int, error) {
	late := t.now.Add(2 * LeaseTime)
	rows, err := t.query("select " + runColumns + " from runs where state = 'running'")
	running, err := collect(rows, err, scanRun)
	if err != nil {
		return 0, err
	}
	lapsed := slices.DeleteFunc(running, func(r Run) bool {
		return !r.Lease.Before(t.now) && !r.Lease.After(late) && !ownerGone(r.Owner)
	})
	for i := range lapsed {
		r := &lapsed[i]
		r.State, r.Reason, r.Said, r.Finished = RunIncomplete, "", nil, t.now
		r.say(saysInterrupted)
		if end := r.Lease; !end.IsZero() && end.Before(t.now) && !end.Before(r.Started) {
			r.Finished = end
		}
		r.Counts.Faults++
		if err := errors.Join(t.AddFaults(r.ID, RunFault{Severity: SeverityRun, Text: r.Reason, Said: r.Said}), t.PutRun(r), t.QueueAgain(r)); err != nil {
			return 0, err
		}
	}
	return len(lapsed), nil
}
