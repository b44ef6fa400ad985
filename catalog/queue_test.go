package catalog

import (
	"errors"
	"testing"
	"time"
)

// registered is a source of the bureau.
func registered(t *testing.T, s *Store, by *Actor, agency string) Source {
	t.Helper()
	src := Source{Kind: "datajson", URL: "https://data.example/data.json", Agency: agency}
	wrote(t, s, func(tx *Tx) error { return tx.RegisterSource(by, &src) })
	return src
}

func asked(t *testing.T, s *Store, by *Actor, src *Source, dry bool) (r Run) {
	t.Helper()
	wrote(t, s, func(tx *Tx) (err error) {
		r, err = tx.QueueRun(by, src.ID, dry)
		return err
	})
	return r
}

func begun(t *testing.T, s *Store, run string) (r Run) {
	t.Helper()
	wrote(t, s, func(tx *Tx) (err error) {
		r, err = tx.BeginRun(run)
		return err
	})
	return r
}

// Of a source one harvest and one trial wait, whoever asks how often, and one
// of them is done at a time.
func TestTwoClicksMakeOneRun(t *testing.T) {
	s, _, agency, editor, publisher, stranger := bureau(t)
	src := registered(t, s, publisher, agency)
	first, second := asked(t, s, publisher, &src, false), asked(t, s, &Shell, &src, false)
	trial := asked(t, s, publisher, &src, true)
	if first.ID != second.ID || trial.ID == first.ID || first.State != RunQueued {
		t.Errorf("%s, %s and the trial %s", first.ID, second.ID, trial.ID)
	}
	if now, err := s.Source(t.Context(), src.ID); err != nil || now.LastRun != nil {
		t.Errorf("a run that waits is the last one: %+v, %v", now.LastRun, err)
	}
	begun(t, s, first.ID)
	if again := asked(t, s, publisher, &src, false); again.ID != first.ID || again.State != RunRunning {
		t.Errorf("while it is under way %s is given, %s", again.ID, again.State)
	}
	var busy *BusyError
	if err := refused(t, s, func(tx *Tx) error { _, err := tx.BeginRun(trial.ID); return err }); !errors.As(err, &busy) {
		t.Errorf("a second run of the source is begun: %v", err)
	}
	var conflict *ConflictError
	if err := refused(t, s, func(tx *Tx) error { _, err := tx.BeginRun(first.ID); return err }); !errors.As(err, &conflict) {
		t.Errorf("it is begun twice: %v", err)
	}
	for who, by := range map[string]*Actor{"editor": editor, "stranger": stranger, "nobody": {}} {
		if err := refused(t, s, func(tx *Tx) error { _, err := tx.QueueRun(by, src.ID, true); return err }); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s asks for a run: %v", who, err)
		}
		if err := refused(t, s, func(tx *Tx) error { return tx.StopRun(by, src.ID, first.ID) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s stops a run: %v", who, err)
		}
	}
	if entries, err := s.LogEntries(t.Context(), LogQuery{Size: 10}); err != nil || len(entries) != 3 {
		t.Errorf("%d acts are logged, %v: want the registration and each run once", len(entries), err)
	}
}

// A run that begins is the newest, however long it waited.
func TestWhatBeginsIsTheNewest(t *testing.T) {
	s, _, agency, _, publisher, _ := bureau(t)
	src := registered(t, s, publisher, agency)
	waits := asked(t, s, publisher, &src, false)
	wrote(t, s, func(tx *Tx) error { // by command
		r, err := tx.StartRun(src.ID, false)
		r.State = RunComplete
		return errors.Join(err, tx.PutRun(&r))
	})
	begun(t, s, waits.ID)
	if now, err := s.Source(t.Context(), src.ID); err != nil || now.LastRun == nil || now.LastRun.ID != waits.ID {
		t.Errorf("the last run is %+v, %v", now.LastRun, err)
	}
}

// What its process leaves undone waits again, a few times and as long as nobody
// stopped it.
func TestInterruptedRunsGoOn(t *testing.T) {
	s, c, agency, _, publisher, _ := bureau(t)
	src := registered(t, s, publisher, agency)
	run := asked(t, s, publisher, &src, true)
	for n := range maxTries {
		begun(t, s, run.ID)
		c.at = c.at.Add(2 * LeaseTime)
		wrote(t, s, func(tx *Tx) error { _, err := tx.EndLapsedRuns(); return err })
		next, err := s.RunAfter(t.Context(), src.ID, run.ID)
		if err != nil || next.State != RunQueued || next.Tries != n+1 || next.AskedBy != publisher.Person || !next.DryRun {
			t.Fatalf("after the interruption %d: %+v, %v", n+1, next, err)
		}
		run = next
	}
	begun(t, s, run.ID)
	c.at = c.at.Add(2 * LeaseTime)
	wrote(t, s, func(tx *Tx) error { _, err := tx.EndLapsedRuns(); return err })
	if queue, err := s.QueuedRuns(t.Context()); err != nil || len(queue) != 0 {
		t.Errorf("it goes on for ever: %+v, %v", queue, err)
	}
	run = asked(t, s, publisher, &src, true)
	begun(t, s, run.ID)
	wrote(t, s, func(tx *Tx) error { return tx.StopRun(publisher, src.ID, run.ID) })
	if stopped, err := s.RunStopped(t.Context(), run.ID); err != nil || !stopped {
		t.Errorf("the run is not told to end: %v", err)
	}
	c.at = c.at.Add(2 * LeaseTime)
	wrote(t, s, func(tx *Tx) error { _, err := tx.EndLapsedRuns(); return err })
	if queue, err := s.QueuedRuns(t.Context()); err != nil || len(queue) != 0 {
		t.Errorf("what somebody stopped goes on: %+v, %v", queue, err)
	}
	if now, err := s.Source(t.Context(), src.ID); err != nil || now.Failures != 0 {
		t.Errorf("%d failures, %v", now.Failures, err)
	}
}

// A run that waits is forgotten when it is stopped, and a retired source has
// none.
func TestWaitingRunsAreTakenBack(t *testing.T) {
	s, _, agency, _, publisher, _ := bureau(t)
	src := registered(t, s, publisher, agency)
	run := asked(t, s, publisher, &src, false)
	wrote(t, s, func(tx *Tx) error { return tx.StopRun(publisher, src.ID, run.ID) })
	if _, err := s.Run(t.Context(), run.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("it is there: %v", err)
	}
	run = asked(t, s, publisher, &src, false)
	trial := begun(t, s, asked(t, s, publisher, &src, true).ID)
	wrote(t, s, func(tx *Tx) error {
		_, err := tx.RetireSourceBy(publisher, src.ID, AnyRevision, false, "moved")
		return err
	})
	if _, err := s.Run(t.Context(), run.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("a run of a retired source waits: %v", err)
	}
	if stopped, err := s.RunStopped(t.Context(), trial.ID); err != nil || !stopped {
		t.Errorf("a run of a retired source goes on: %v", err)
	}
	var conflict *ConflictError
	if err := refused(t, s, func(tx *Tx) error { _, err := tx.QueueRun(publisher, src.ID, true); return err }); !errors.As(err, &conflict) || conflict.Code != "source.retired" {
		t.Errorf("a run of a retired source: %v", err)
	}
	wrote(t, s, func(tx *Tx) error { return tx.ReviveSource(publisher, src.ID, AnyRevision) })
	if now, err := s.Source(t.Context(), src.ID); err != nil || now.State != Published {
		t.Errorf("it is %s, %v", now.State, err)
	}
}

func TestRightsOverSources(t *testing.T) {
	s, _, agency, editor, publisher, stranger := bureau(t)
	operator := &Actor{Person: "operator", Operator: true}
	const url = "https://data.example/data.json"
	for _, c := range []struct {
		name  string
		by    *Actor
		src   Source
		field string // of the fault; denied: not allowed; empty: it may
	}{
		{"an editor", editor, Source{URL: url, Agency: agency}, "denied"},
		{"another agency", stranger, Source{URL: url, Agency: agency}, "denied"},
		{"records of everybody", publisher, Source{URL: url}, "denied"},
		{"a path", publisher, Source{URL: "/etc", Agency: agency}, "url.path"},
		{"a path of an operator", operator, Source{URL: "/etc", Agency: agency}, "url.path"},
		{"a private network", publisher, Source{URL: url, Agency: agency, AllowPrivateNetwork: true}, "url.operator"},
		{"no such agency", operator, Source{URL: url, Agency: "nobody"}, "agency"},
		{"no hour", publisher, Source{URL: url, Agency: agency, Clock: "25:00"}, "clock"},
		{"no day", publisher, Source{URL: url, Agency: agency, Clock: "someday 03:00"}, "clock"},
		{"all well", publisher, Source{URL: url, Agency: agency, Clock: "03:00"}, ""},
		{"the same again", operator, Source{URL: url}, "url.twin"},
		{"a private one of an operator", operator, Source{URL: "http://10.0.0.1/", AllowPrivateNetwork: true}, ""},
	} {
		c.src.Kind = "ckan"
		err := s.Write(t.Context(), func(tx *Tx) error { return tx.RegisterSource(c.by, &c.src) })
		var invalid *InvalidError
		switch {
		case c.field == "" && err == nil, c.field == "denied" && errors.Is(err, ErrDenied), errors.As(err, &invalid) && invalid.Field == c.field:
		default:
			t.Errorf("%s: %v", c.name, err)
		}
	}
	all, err := s.Sources(t.Context(), false)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d sources, %v", len(all), err)
	}
	mine := all[1]
	if mine.Agency != agency {
		mine = all[0]
	}
	if mine.Every != 24*time.Hour || mine.Slug == "" || mine.NextRun.Format("15:04") != "03:00" {
		t.Errorf("%+v", mine)
	}
	set := func(by *Actor, revision int64, change func(*Source)) error {
		return s.Write(t.Context(), func(tx *Tx) error { _, err := tx.ChangeSource(by, mine.ID, revision, change); return err })
	}
	var stale *StaleError
	if err := set(publisher, mine.Revision+1, func(*Source) {}); !errors.As(err, &stale) {
		t.Errorf("of another revision: %v", err)
	}
	if err := set(stranger, mine.Revision, func(*Source) {}); !errors.Is(err, ErrNotFound) {
		t.Errorf("by another agency: %v", err)
	}
	if err := set(operator, mine.Revision, func(s *Source) { s.AllowPrivateNetwork = true }); err != nil {
		t.Error(err)
	}
	if err := set(publisher, mine.Revision+1, func(s *Source) { s.Title = Text{"en": "Mine"} }); err != nil {
		t.Errorf("a title beside the leave of an operator: %v", err)
	}
	var invalid *InvalidError
	if err := set(publisher, mine.Revision+2, func(s *Source) { s.URL = "http://169.254.1.1/" }); !errors.As(err, &invalid) || invalid.Field != "url.operator" {
		t.Errorf("an address elsewhere with the leave of an operator: %v", err)
	}
}

func TestClocks(t *testing.T) {
	at := time.Date(2026, 11, 22, 7, 30, 0, 0, time.UTC) // a Sunday
	for clock, want := range map[Clock]string{
		"07:31": "2026-11-22T07:31", "07:30": "2026-11-23T07:30", "00:00": "2026-11-23T00:00",
		"sun 07:31": "2026-11-22T07:31", "sun 07:30": "2026-11-29T07:30", "sat 23:59": "2026-11-28T23:59", "mon 00:00": "2026-11-23T00:00",
	} {
		if got := clock.Next(at).Format("2006-01-02T15:04"); got != want || clock.Validate() != nil {
			t.Errorf("%s comes next at %s, want %s", clock, got, want)
		}
		if again := ClockOf(clock.Next(at), clock.Every() > 24*time.Hour); again != clock {
			t.Errorf("%s became %s", clock, again)
		}
	}
	for _, bad := range []Clock{"x", "24:00", "07:60", "sun", "sunday 07:00", "7", " 07:00"} {
		if bad.Validate() == nil || !bad.Next(at).IsZero() {
			t.Errorf("%q is a clock", bad)
		}
	}
}

// What a held run would remove stays when it is refused, and goes with the
// reason into the ledger when it is approved.
func TestHeldRunsAreDecidedAbout(t *testing.T) {
	s, _, agency, editor, publisher, _ := bureau(t)
	src := registered(t, s, publisher, agency)
	hold := func() (r Run) {
		wrote(t, s, func(tx *Tx) (err error) {
			for _, id := range []string{"a", "b"} {
				d := Dataset{Title: Text{"en": "Dataset " + id}}
				if _, err := tx.PutRecord(&src, &Record{Noun: NounDataset, Identifier: id, Value: &d, Raw: []byte("{}")}); err != nil {
					return err
				}
			}
			if err := tx.MarkMissing(src.ID, NounDataset, true, "b"); err != nil {
				return err
			}
			if r, err = tx.StartRun(src.ID, false); err != nil {
				return err
			}
			r.State, r.Counts.Waiting = RunHeld, 1
			return errors.Join(tx.PutHeld(&r, []Held{{Noun: NounDataset, Identifier: "b", Kind: RemovedMissing}}), tx.PutRun(&r))
		})
		return r
	}
	decide := func(by *Actor, run string, approve bool, why string) error {
		return s.Write(t.Context(), func(tx *Tx) error { _, err := tx.DecideRun(by, src.ID, run, approve, why); return err })
	}
	r := hold()
	if list, err := s.HeldRecords(t.Context(), r.ID, 0, 10); err != nil || len(list) != 1 || list[0].Title["en"] != "Dataset b" || list[0].Dataset != "dataset-b" {
		t.Errorf("held are %+v, %v", list, err)
	}
	var invalid *InvalidError
	var conflict *ConflictError
	if err := decide(publisher, r.ID, true, " "); !errors.As(err, &invalid) || invalid.Field != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	if err := decide(editor, r.ID, true, "x"); !errors.Is(err, ErrNotFound) {
		t.Errorf("by an editor: %v", err)
	}
	if err := decide(publisher, r.ID, false, "half of it"); err != nil {
		t.Fatal(err)
	}
	now, err := s.Source(t.Context(), src.ID)
	if err != nil || now.LastRun.State != RunIncomplete || now.LastRun.Note != "half of it" || now.Standing() != SourceRefused || now.Datasets != 2 {
		t.Errorf("refused: %+v, %v", now.LastRun, err)
	}
	if marks, err := s.Marks(t.Context(), src.ID); err != nil || marks[Key{NounDataset, "b"}].Misses != 0 {
		t.Errorf("a refused run counts as one without it: %+v, %v", marks[Key{NounDataset, "b"}], err)
	}
	if err := decide(publisher, r.ID, true, "after all"); !errors.As(err, &conflict) || conflict.Code != "run.decided" {
		t.Errorf("approved after it was refused: %v", err)
	}
	r = hold()
	if err := decide(publisher, r.ID, true, "they moved away"); err != nil {
		t.Fatal(err)
	}
	lines, _, err := s.Removals(t.Context(), RemovalFilter{Run: r.ID, Limit: 9})
	if err != nil || len(lines) != 1 || lines[0].Reason != "they moved away" {
		t.Errorf("the ledger has %+v, %v", lines, err)
	}
	entries, err := s.LogEntries(t.Context(), LogQuery{Size: 2})
	if err != nil || len(entries) != 2 || entries[0].Act != "run.approve" || entries[1].Act != "run.refuse" || entries[1].Note != "half of it" {
		t.Errorf("the log has %+v, %v", entries, err)
	}
}
