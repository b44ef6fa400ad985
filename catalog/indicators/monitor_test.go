package indicators

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

func (w *ward) recheck() int {
	w.Helper()
	n, err := w.in.Recheck(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// letters are the kinds of letters that wait.
func (w *ward) letters() (kinds []string) {
	w.Helper()
	all, err := w.store.Outbox(w.Context(), "", 100)
	if err != nil {
		w.Fatal(err)
	}
	for _, m := range all {
		kinds = append(kinds, m.Kind)
	}
	slices.Sort(kinds)
	return kinds
}

// person gives the agency somebody who publishes for it and reads letters.
func (w *ward) person() {
	w.Helper()
	w.do(func(tx *catalog.Tx) error {
		return errors.Join(
			tx.Exec("insert into people (id, email, name, state, operator, password, created, lang, notices) values ('p', 'p@example.org', 'P', 'active', 0, '', '', 'en', 1)"),
			tx.Exec("insert into roles (person, agency, role) values ('p', ?, 'publisher')", w.agency.ID))
	})
}

// Everything that was ever scored comes out again from its rows, by the rules of
// its version, and what was tampered with does not.
func TestScoresComeOutAgainFromTheirRows(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	d, r := w.dataset("cc-by-4.0", 12, contractColumns...)
	w.filed("S02", "1405-08", dataset(d))
	w.filed("S02", "1405-07", dataset(d))
	w.filed("S05", "1405-H1", dataset(d), Evidence{Kind: EvidenceLink, URL: "https://example.org/laws"})
	w.edition(&r, 12, 4, contractColumns[:3]...)
	w.recheck()
	book, err := w.in.Sets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, total, err := w.in.Filings(t.Context(), FilingFilter{})
	if err != nil || total != 3 {
		t.Fatal(total, err)
	}
	for _, f := range all {
		f, err := w.in.Filing(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		p, err := PeriodOf(f.Period)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range f.Checks {
			facts, _ := Judge(&book[0], &book[0].Indicator(f.Indicator).Rule, &c.Seen, &p, f.Due)
			want, _ := json.Marshal(c.Facts)
			if got, _ := json.Marshal(facts); string(got) != string(want) {
				t.Errorf("%s check %d says %s, and kept is %s", f.Indicator, c.N, got, want)
			}
			sum := 0
			for _, fact := range c.Facts {
				if fact.Points != nil {
					sum += *fact.Points
				}
			}
			if sum != c.Points {
				t.Errorf("its facts make %d, it has %d", sum, c.Points)
			}
		}
	}
	audited := func() Audited {
		t.Helper()
		a, err := w.in.Audit(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := audited(); a.Checks != 6 || a.Wrong != 0 {
		t.Errorf("%+v, want two checks of each", a)
	}
	for _, damage := range []string{
		"update filing_checks set points = points + 1 where n = 1", "update filing_checks set seen = json_set(seen, '$.evidence[0].licence', 'mit')", "update scores set points = 1",
	} {
		w.do(func(tx *catalog.Tx) error { return tx.Exec(damage) })
		if a := audited(); a.Wrong < 3 || len(a.Samples) == 0 {
			t.Errorf("after %s: %+v", damage, a)
		}
	}
}

func TestNewRulesLeaveOldPeriodsAsTheyWere(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	d, _ := w.dataset("", 12, contractColumns...)
	old := w.filed("S02", "1405-08", dataset(d))
	before := w.score(&old)
	strict, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for i := range strict.Indicators {
		strict.Indicators[i].Rule.Checks = []Criterion{Licensed}
	}
	raw, err := json.Marshal(strict)
	if err != nil {
		t.Fatal(err)
	}
	w.do(func(tx *catalog.Tx) error {
		s, err := PutSet(tx, w.operator, raw, "1405-10-01", catalog.Text{"en": "The licence alone counts."})
		if err == nil && s.Version != 2 {
			t.Errorf("version %d", s.Version)
		}
		return err
	})
	w.on("1405-11-02")
	young := w.filed("S02", "1405-10", dataset(d))
	between := w.filed("S02", "1405-09", dataset(d))
	w.recheck()
	if got := w.score(&old); got != before || old.Score.Version != 1 || before != 16 {
		t.Errorf("an old period has %d by version %d, and had %d", got, old.Score.Version, before)
	}
	if w.score(&young) != 0 || young.Score.Version != 2 || len(young.Checks[0].Facts) != 1 {
		t.Errorf("a period of the new rules has %+v", young.Score)
	}
	// The new set begins in the moment in which that month ends.
	if w.score(&between); between.Score.Version != 1 {
		t.Errorf("the month before has %+v", between.Score)
	}
	err = w.store.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := PutSet(tx, w.operator, raw, "1405-01-01", nil)
		return err
	})
	var wrong *catalog.InvalidError
	if !errors.As(err, &wrong) || wrong.Field != "since" {
		t.Errorf("rules for periods that are over: %v", err)
	}
}

func TestVanishedEvidenceCostsPointsWhileThePeriodIsOpen(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	w.person()
	d, _ := w.dataset("cc-by-4.0", 12, contractColumns...)
	f := w.filed("S02", "1405-08", dataset(d))
	state := func(state string) {
		d.State = state
		w.do(func(tx *catalog.Tx) error { return tx.PutDataset(&d) })
	}
	w.on("1405-09-10")
	state(catalog.Retired)
	if n := w.recheck(); n == 0 {
		t.Error("nothing changed")
	}
	if w.score(&f) != 4 || !f.Evidence[0].Gone {
		t.Errorf("without its evidence it has %+v", points(&f))
	}
	if got := w.letters(); !slices.Contains(got, catalog.MailFilingFell) {
		t.Errorf("letters %v", got)
	}
	if n := w.recheck(); n != 0 {
		t.Errorf("a second look changes %d", n)
	}
	state(catalog.Published)
	w.recheck()
	if w.score(&f) != Most || len(f.Checks) != 3 {
		t.Errorf("with its evidence again %v, %d checks", points(&f), len(f.Checks))
	}
	w.on("1406-02-01") // the period is closed
	state(catalog.Retired)
	w.recheck()
	if w.score(&f) != Most || !f.Score.Gone || len(f.Checks) != 3 {
		t.Errorf("a closed period has %+v after %d checks", f.Score, len(f.Checks))
	}
}

func TestLinksCountWhenTheyAnswer(t *testing.T) {
	w := newWard(t, "1405-07-10")
	w.set("1405-01-01")
	const url = "https://example.org/laws"
	f := w.filed("S05", "1405-H1", Evidence{Kind: EvidenceLink, URL: " " + url + " "})
	if points(&f)[0] != 0 {
		t.Errorf("a link that nobody looked at: %+v", f.Checks[0].Facts)
	}
	due, err := w.store.DueLinks(t.Context(), 10)
	if err != nil || len(due) != 1 || due[0].URL != url {
		t.Fatalf("links that are due: %+v, %v", due, err)
	}
	seen := func(state string, times int) {
		for range times {
			l, err := w.store.Link(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			l.Seen(w.now, state, 200, nil)
			w.do(func(tx *catalog.Tx) error { return tx.PutLink(&l) })
		}
		w.recheck()
	}
	seen(catalog.LinkAlive, 1)
	if w.score(&f); points(&f)[0] != 4 {
		t.Errorf("a link that answers: %+v", f.Checks[0].Facts)
	}
	if seen(catalog.LinkBroken, 2); w.score(&f) != 13 {
		t.Errorf("one that failed twice: %v", points(&f))
	}
	if seen(catalog.LinkBroken, 1); w.score(&f) != 4 {
		t.Errorf("a broken one: %v", points(&f))
	}
}

func TestWhatIsLateCountsNothingAndIsRemindedOfOnce(t *testing.T) {
	w := newWard(t, "1405-01-01")
	w.set("1405-01-01")
	w.person()
	w.on("1405-02-10") // of Farvardin, until the 15th
	w.recheck()
	remind := func() []string {
		if err := w.in.Remind(t.Context()); err != nil {
			t.Fatal(err)
		}
		return w.letters()
	}
	if got := remind(); !slices.Equal(got, []string{catalog.MailFilingDue}) {
		t.Errorf("before it is due: %v", got)
	}
	if late, err := w.in.Late(t.Context(), ""); err != nil || len(late) != 0 {
		t.Errorf("late before it is due: %+v, %v", late, err)
	}
	d, _ := w.dataset("cc-by-4.0", 12, contractColumns...)
	w.filed("S02", "1405-01", dataset(d))
	w.on("1405-02-20")
	w.recheck()
	late, err := w.in.Late(t.Context(), "")
	if err != nil || len(late) != 3 || late[0].Days != 5 || late[0].Due.After(w.now) { // S06 of one, S02 and S06 of the other
		t.Errorf("late: %+v, %v", late, err)
	}
	for range 2 {
		if got := remind(); !slices.Equal(got, []string{catalog.MailFilingDue, catalog.MailFilingLate}) {
			t.Errorf("after it was due: %v", got)
		}
	}
	b, err := w.in.Scoreboard(t.Context(), w.agency.ID)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]State{}
	for _, c := range b.Cells {
		states[c.Indicator.ID] = c.Score.State
		if (c.Score.Points == nil) == (c.Score.State == Late || c.Score.State == Submitted) {
			t.Errorf("%s is %s with %v", c.Indicator.ID, c.Score.State, c.Score.Points)
		}
	}
	if states["S02"] != Submitted || states["S06"] != Late || states["S01"] != Running || states["S05"] != Quiet {
		t.Errorf("states %v", states)
	}
	asked, err := w.in.Asked(t.Context(), []string{w.agency.ID})
	if err != nil || len(asked) == 0 || asked[0].ID != "S06" || asked[0].Days != 5 || !slices.ContainsFunc(asked, func(o Overdue) bool { return o.ID == "S01" && o.Days < 0 }) ||
		slices.ContainsFunc(asked, func(o Overdue) bool { return o.ID == "S02" && o.Period.ID == "1405-01" || o.Agency != w.agency.ID }) {
		t.Errorf("asked: %+v, %v", asked, err)
	}
}

func TestMonitorFollowsChangesOfEvidence(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	d, _ := w.dataset("cc-by-4.0", 12, contractColumns...)
	f := w.filed("S02", "1405-08", dataset(d))
	seq, err := w.store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.Licence = ""
	w.do(func(tx *catalog.Tx) error { return tx.PutDataset(&d) })
	w.now = w.now.Add(time.Minute)
	last, n, err := w.in.follow(t.Context(), seq)
	if err != nil || n != 1 || last <= seq || w.score(&f) != 16 {
		t.Errorf("%d filings, until %d, %v; score %d", n, last, err, w.score(&f))
	}
	if _, n, err := w.in.follow(t.Context(), last); n != 0 || err != nil {
		t.Errorf("again %d, %v", n, err)
	}
}
