package catalog

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const runColumns = "id, source, state, dry_run, started, finished, reason, said, counts, owner, lease_until, approved, approved_by, asked, asked_by, follows, tries, stop, refused, note"

func scanRun(row scanner) (Run, error) {
	var r Run
	err := row.Scan(&r.ID, &r.Source, &r.State, &r.DryRun, asTime(&r.Started), asTime(&r.Finished), &r.Reason, asSaid(&r.Said), asJSON(&r.Counts),
		&r.Owner, asTime(&r.Lease), asTime(&r.Approved), &r.ApprovedBy, asTime(&r.Asked), &r.AskedBy, &r.Follows, &r.Tries,
		asTime(&r.Stop), asTime(&r.Refused), &r.Note)
	return r, err
}

// Runs returns the newest runs of a source (its id), newest first.
func (s *Store) Runs(ctx context.Context, source string, limit int) ([]Run, error) {
	rows, err := s.query(ctx, "select "+runColumns+" from runs where source = ? order by started desc, id desc limit ?", source, limit)
	all, err := collect(rows, err, scanRun)
	return all, wrap("runs", err)
}

// Run returns the run with the given id, or ErrNotFound.
func (s *Store) Run(ctx context.Context, id string) (Run, error) {
	r, err := scanRun(s.row(ctx, "select "+runColumns+" from runs where id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, notFound("run", id)
	}
	return r, wrap("run", err)
}

// Which run is the newest goes by the order in which they were written: clocks
// are set back.
func (s *Store) lastRun(ctx context.Context, source string) (*Run, error) {
	r, err := scanRun(s.row(ctx, "select "+runColumns+" from runs where source = ? and not dry_run and state <> 'queued' order by rowid desc limit 1", source))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, err
}

// LastComplete returns the last complete run of a source (its id), or nil.
func (s *Store) LastComplete(ctx context.Context, source string) (*Run, error) {
	r, err := scanRun(s.row(ctx, "select "+runColumns+
		" from runs where source = ? and state = 'complete' and not dry_run order by rowid desc limit 1", source))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, wrap("last complete run", err)
}

// RunFaults returns up to limit faults of a run that come after number after
// (0 for the first), and the number of the last returned.
func (s *Store) RunFaults(ctx context.Context, run string, after int64, limit int) (faults []RunFault, last int64, err error) {
	rows, err := s.query(ctx, `select n, severity, identifier, position, field, text, said from run_faults
		where run = ? and n > ? order by n limit ?`, run, after, limit)
	faults, err = collect(rows, err, func(row scanner) (RunFault, error) {
		var f RunFault
		err := row.Scan(&last, &f.Severity, &f.Identifier, &f.Position, &f.Field, &f.Text, asSaid(&f.Said))
		return f, err
	})
	return faults, last, wrap("run faults", err)
}

// StartRun opens a run of the source (its id), which lives as long as its lease
// is renewed. Runs whose lease ran out are ended first. A *BusyError says that
// the source is being harvested already; a dry run, which writes nothing,
// minds no other and is minded by none.
func (t *Tx) StartRun(source string, dry bool) (Run, error) {
	if _, err := t.EndLapsedRuns(); err != nil {
		return Run{}, err
	}
	if !dry {
		first, err := scanRun(t.row("select "+runColumns+" from runs where source = ? and state = 'running' and not dry_run", source))
		if err == nil {
			return Run{}, t.busy(first)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return Run{}, err
		}
	}
	r := Run{ID: newID(t.now), Source: source, State: RunRunning, DryRun: dry, Started: t.now, Owner: newOwner(), Lease: t.now.Add(LeaseTime)}
	return r, t.exec("insert into runs (id, source, state, dry_run, started, owner, lease_until) values (?, ?, ?, ?, ?, ?, ?)",
		r.ID, r.Source, r.State, r.DryRun, asTime(&r.Started), r.Owner, asTime(&r.Lease))
}

// PutRun writes the state, reason, counts, end and approval of a run, and tells
// those who may approve it when it is held. Its lease ends with it.
func (t *Tx) PutRun(r *Run) error {
	if r.State != RunRunning {
		r.Lease = time.Time{}
	}
	if err := t.mailHeld(r); err != nil {
		return err
	}
	return t.exec("update runs set state = ?, reason = ?, said = ?, counts = ?, finished = ?, lease_until = ?, approved = ?, approved_by = ?, refused = ?, note = ? where id = ?",
		r.State, r.Reason, asSaid(&r.Said), asJSON(&r.Counts), asTime(&r.Finished), asTime(&r.Lease), asTime(&r.Approved), r.ApprovedBy, asTime(&r.Refused), r.Note, r.ID)
}

// AddFaults appends faults to the list of a run.
func (t *Tx) AddFaults(run string, faults ...RunFault) error {
	for _, f := range faults {
		err := t.exec(`insert into run_faults (run, n, severity, identifier, position, field, text, said)
			select ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 from run_faults where run = ?1`,
			run, f.Severity, f.Identifier, f.Position, f.Field, f.Text, asSaid(&f.Said))
		if err != nil {
			return err
		}
	}
	return nil
}

// A Figure is one of the counts of a run, by its name in JSON.
type Figure struct {
	Key string
	N   int64
}

// Figures are the counts of a run for people to read; those of rare things only
// when they are not nothing.
func (c *RunCounts) Figures() []Figure {
	all := []Figure{{"seen", c.Seen}, {"new", c.New}, {"changed", c.Changed}, {"unchanged", c.Unchanged}, {"faulty", c.Faulty}}
	for _, rare := range []Figure{
		{"touched", c.Touched},
		{"relinked", c.Relinked},
		{"deleted", c.Deleted},
		{"missing", c.Missing},
		{"retired", c.Retired},
		{"returned", c.Returned},
		{"waiting", c.Waiting},
		{"declared", c.Declared},
	} {
		if rare.N > 0 {
			all = append(all, rare)
		}
	}
	return all
}
