package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Runs that somebody asks for are queued, and the server does them one after
// the other. Of each source at most one harvest and one trial wait: who asks a
// second time is given the one that waits or is under way. What waits survives
// the process; what a process leaves undone when it dies waits again.

// maxTries is how often a run that is interrupted goes on by itself.
const maxTries = 3

// NounRun is the noun of runs in the log.
const NounRun = "run"

// QueueRun asks for a run of the source (its slug or id), dry for a trial that
// takes nothing in, and returns the run that is done for it: the one that waits
// or is under way already, where there is one.
func (t *Tx) QueueRun(by *Actor, source string, dry bool) (Run, error) {
	src, err := t.sourceFor(by, source, AnyRevision)
	if err != nil {
		return Run{}, err
	}
	if src.State != Published {
		return Run{}, &ConflictError{"source.retired", fmt.Sprintf("source %s is retired and is not harvested; take it up again first", src.Slug)}
	}
	if _, err := t.EndLapsedRuns(); err != nil {
		return Run{}, err
	}
	r, err := scanRun(t.row("select "+runColumns+` from runs where source = ? and dry_run = ? and state in ('queued', 'running')
		order by state = 'running' desc limit 1`, src.ID, dry))
	if !errors.Is(err, sql.ErrNoRows) {
		return r, err
	}
	r = Run{Source: src.ID, DryRun: dry, Asked: t.now, AskedBy: by.Person}
	if err := t.enqueue(&r); err != nil {
		return r, err
	}
	act := "run.ask"
	if dry {
		act = "run.try"
	}
	return r, t.LogRun(by, act, &src, &r, "")
}

// enqueue writes a new run that waits.
func (t *Tx) enqueue(r *Run) error {
	r.ID, r.State, r.Started = newID(t.now), RunQueued, t.now
	return t.exec("insert into runs (id, source, state, dry_run, started, asked, asked_by, follows, tries) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.ID, r.Source, r.State, r.DryRun, asTime(&r.Started), asTime(&r.Asked), r.AskedBy, r.Follows, r.Tries)
}

// QueueAgain lets a run that was asked for and did not come to its end through
// no fault of its source go on: a new one waits in its place. Whoever asked for
// it does not see the difference. A run that somebody told to end does not go
// on, nor does one that was interrupted too often.
func (t *Tx) QueueAgain(r *Run) error {
	var not bool
	err := t.row(`select exists (select 1 from runs where source = ?1 and dry_run = ?2 and state = 'queued') or exists (select 1 from runs where id = ?3 and stop <> '')
		or not exists (select 1 from sources where id = ?1 and `+visible+`)`, r.Source, r.DryRun, r.ID).Scan(&not)
	if err != nil || not || r.Asked.IsZero() || !r.Stop.IsZero() || r.Tries >= maxTries {
		return err
	}
	return t.enqueue(&Run{Source: r.Source, DryRun: r.DryRun, Asked: r.Asked, AskedBy: r.AskedBy, Follows: r.ID, Tries: r.Tries + 1})
}

// LogRun logs what somebody did with a run of a source.
func (t *Tx) LogRun(by *Actor, act string, src *Source, r *Run, why string) error {
	return t.Log(by, Entry{Act: act, Noun: NounSource, Thing: src.ID, Agency: src.Agency, Note: why}, nil, struct {
		Run    string `json:"run"`
		Source string `json:"source"`
	}{r.ID, src.Slug})
}

// BeginRun makes a run (its id) that waits one that is under way and done by
// this process. A *BusyError says that another run of the source is under way,
// a *ConflictError that the run does not wait any more.
func (t *Tx) BeginRun(id string) (Run, error) {
	if _, err := t.EndLapsedRuns(); err != nil {
		return Run{}, err
	}
	r, err := scanRun(t.row("select "+runColumns+" from runs where id = ?", id))
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && r.State != RunQueued:
		return r, &ConflictError{"run.taken", fmt.Sprintf("run %s does not wait any more", id)}
	case err != nil:
		return r, err
	}
	first, err := scanRun(t.row("select "+runColumns+" from runs where source = ? and state = 'running' limit 1", r.Source))
	if err == nil {
		return r, t.busy(first)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return r, err
	}
	if r.DryRun {
		if err := t.exec("delete from run_plan where run in (select id from runs where source = ? and dry_run)", r.Source); err != nil {
			return r, err
		}
	}
	r.State, r.Started, r.Owner, r.Lease = RunRunning, t.now, newOwner(), t.now.Add(LeaseTime)
	return r, t.exec(`update runs set rowid = (select max(rowid) + 1 from runs), state = ?, started = ?, owner = ?, lease_until = ? where id = ?`,
		r.State, asTime(&r.Started), r.Owner, asTime(&r.Lease), r.ID) // it is the newest from now on
}

// StopRun tells a run of the source to end. One that waits is forgotten. One
// under way ends within seconds; what came until then is kept.
func (t *Tx) StopRun(by *Actor, source, run string) error {
	src, err := t.sourceFor(by, source, AnyRevision)
	if err != nil {
		return err
	}
	if _, err := t.EndLapsedRuns(); err != nil {
		return err
	}
	r, err := scanRun(t.row("select "+runColumns+" from runs where id = ? and source = ?", run, src.ID))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return notFound(NounRun, run)
	case err != nil:
		return err
	case r.State == RunQueued:
		err = t.exec("delete from runs where id = ?", r.ID)
	case r.State != RunRunning:
		return &ConflictError{"run.ended", "the run has ended already"}
	case !r.Stop.IsZero():
		return nil
	default:
		err = t.exec("update runs set stop = ? where id = ?", asTime(&t.now), r.ID)
	}
	if err != nil {
		return err
	}
	return t.LogRun(by, "run.stop", &src, &r, "")
}

// stopAll ends all runs of a source that wait or are under way.
func (t *Tx) stopAll(source string) error {
	return errors.Join(
		t.exec("delete from runs where source = ? and state = 'queued'", source),
		t.exec("update runs set stop = ? where source = ? and state = 'running' and stop = ''", asTime(&t.now), source))
}

// RunStopped reports whether somebody told a run (its id) to end.
func (s *Store) RunStopped(ctx context.Context, run string) (bool, error) {
	var stopped bool
	err := s.row(ctx, "select exists (select 1 from runs where id = ? and stop <> '')", run).Scan(&stopped)
	return stopped, wrap("run", err)
}

// QueuedRuns returns the runs that wait, the longest waiting first.
func (s *Store) QueuedRuns(ctx context.Context) ([]Run, error) {
	rows, err := s.query(ctx, "select "+runColumns+" from runs where state = 'queued' order by started, id")
	all, err := collect(rows, err, scanRun)
	return all, wrap("runs", err)
}

// RunAfter returns the run that goes on for an interrupted one (its id), or
// ErrNotFound.
func (s *Store) RunAfter(ctx context.Context, source, run string) (Run, error) {
	r, err := scanRun(s.row(ctx, "select "+runColumns+" from runs where source = ? and follows = ? limit 1", source, run))
	if errors.Is(err, sql.ErrNoRows) {
		return r, notFound(NounRun, run)
	}
	return r, wrap("run", err)
}
