package indicators

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestFilingIsScoredByFiveCriteria(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	good, r := w.dataset("cc-by-4.0", 12, contractColumns...)
	f := w.filed("S02", "1405-08", dataset(good))
	if got := points(&f); !slices.Equal(got, []int{4, 4, 4, 4, 4}) || w.score(&f) != Most || f.Checks[0].Points != Most {
		t.Errorf("a whole filing has %v of %d: %+v", got, w.score(&f), f.Checks[0].Facts)
	}
	for _, c := range []struct {
		what string
		do   func()
		want []int
	}{
		{"without a licence", func() { good.Licence = ""; w.do(func(tx *catalog.Tx) error { return tx.PutDataset(&good) }) }, []int{4, 4, 4, 4, 0}},
		{"with conditions of its own", func() { good.Rights = "ask us"; w.do(func(tx *catalog.Tx) error { return tx.PutDataset(&good) }) }, []int{4, 4, 4, 4, 2}},
		{"with faults", func() { w.edition(&r, 12, 3, contractColumns...) }, []int{4, 4, 3, 4, 2}},
		{"with two columns of five", func() { w.edition(&r, 12, 0, contractColumns[:2]...) }, []int{4, 4, 4, 1, 2}},
		{"without rows", func() { w.edition(&r, 0, 0, contractColumns...) }, []int{4, 4, 3, 0, 2}},
		{"without a table", func() { w.edition(&r, 0, 0) }, []int{4, 4, 3, 0, 2}},
	} {
		c.do()
		if _, err := w.in.Check(t.Context(), f.ID); err != nil {
			t.Fatal(err)
		}
		w.score(&f)
		if got := points(&f); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v: %+v", c.what, got, c.want, f.Checks[0].Facts)
		}
	}
}

func TestEachWeekOfDelayCostsAPoint(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	d, _ := w.dataset("cc-by-4.0", 12, contractColumns...)
	for day, want := range map[string]int{"1405-09-15": 4, "1405-09-16": 3, "1405-09-22": 3, "1405-09-23": 2, "1405-10-30": 0} {
		w.on(day)
		f := w.filed("S02", "1405-08", dataset(d))
		if got := points(&f); got[1] != want {
			t.Errorf("on %s it has %v, want %d in time: %s", day, got, want, f.Checks[0].Facts[2].Text)
		}
		w.do(func(tx *catalog.Tx) error {
			for _, table := range []string{"filing_acts", "filing_checks", "filing_evidence"} {
				if err := tx.Exec("delete from " + table); err != nil {
					return err
				}
			}
			return tx.Exec("delete from filings")
		})
	}
}

// Who hands in a statement in time and the data later gains nothing by it.
func TestDelayIsCountedFromTheDataAndNotFromAStatement(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	d, _ := w.dataset("cc-by-4.0", 12)
	says := Evidence{Kind: EvidenceStatement, Text: catalog.Text{"fa": "به‌زودی"}}
	w.on("1405-06-31")
	f := w.filed("S05", "1405-H1", says)
	w.on("1405-09-01")
	f, err := w.file("S05", "1405-H1", f.Revision, says, dataset(d))
	if err != nil || points(&f)[1] != 0 {
		t.Errorf("%v, %v", points(&f), err)
	}
	w.on("1405-09-20") // other evidence beside it does not make it later
	before := f.Evidence[1].At
	other, _ := w.dataset("cc-by-4.0", 12)
	if f, err = w.file("S05", "1405-H1", f.Revision, dataset(d), dataset(other)); err != nil || !f.Evidence[0].At.Equal(before) || len(f.Former) != 1 || f.Former[0].Until.IsZero() {
		t.Errorf("evidence %+v, formerly %+v, %v", f.Evidence, f.Former, err)
	}
}

func TestWhatIsNoFilingIsRefused(t *testing.T) {
	w := newWard(t, "1405-09-01")
	d, r := w.dataset("cc-by-4.0", 12, contractColumns...)
	if _, err := w.file("S02", "1405-08", 0, dataset(d)); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("without a set in force: %v", err)
	}
	w.set("1405-01-01")
	foreign := catalog.Dataset{Title: catalog.Text{"en": "Wells"}, Agency: w.other.ID}
	hidden := catalog.Dataset{Title: catalog.Text{"en": "Hidden"}, Agency: w.agency.ID, State: catalog.Drafted}
	w.do(func(tx *catalog.Tx) error { return errors.Join(tx.PutDataset(&foreign), tx.PutDataset(&hidden)) })
	link := func(url string) Evidence { return Evidence{Kind: EvidenceLink, URL: url} }
	for _, c := range []struct {
		indicator, period string
		evidence          []Evidence
		field, says       string
	}{
		{"S02", "1405-08", nil, "evidence", "choose"},
		{"S99", "1405-08", []Evidence{dataset(d)}, "indicator", "no indicator"},
		{"S02", "1405-Q3", []Evidence{dataset(d)}, "period", "1405-07"},
		{"S02", "1405-10", []Evidence{dataset(d)}, "period", "not begun"},
		{"S02", "soon", []Evidence{dataset(d)}, "period", "no period"},
		{"S02", "1405-08", []Evidence{link("https://example.org/")}, "evidence[0]", "not taken"},
		{"S02", "1405-08", []Evidence{dataset(d), dataset(d)}, "evidence[1]", "twice"},
		{"S02", "1405-08", []Evidence{dataset(foreign)}, "evidence[0]", "another agency's"},
		{"S02", "1405-08", []Evidence{dataset(hidden)}, "evidence[0]", "publish it first"},
		{"S02", "1405-08", []Evidence{{Kind: EvidenceResource, Thing: d.ID}}, "evidence[0]", "publish it first"},
		{"S10", "1405", []Evidence{link("ftp://example.org/")}, "evidence[0]", "address of a page"},
		{"S10", "1405", []Evidence{link("https://a:b@example.org/")}, "evidence[0]", "password"},
		{"S05", "1405-H1", []Evidence{{Kind: EvidenceStatement}}, "evidence[0]", "empty"},
		{"S05", "1405-H1", []Evidence{{Kind: EvidenceStatement, Text: catalog.Text{"fa": strings.Repeat("x", MaxText+1)}}}, "evidence[0]", "characters"},
	} {
		_, err := w.file(c.indicator, c.period, 0, c.evidence...)
		var wrong *catalog.InvalidError
		if !errors.As(err, &wrong) || wrong.Field != c.field || !strings.Contains(wrong.Reason, c.says) {
			t.Errorf("%s in %s by %+v: %v, want %s about %s", c.indicator, c.period, c.evidence, err, c.says, c.field)
		}
	}
	err := w.store.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := File(tx, &catalog.Actor{Roles: map[string]catalog.Role{w.agency.ID: catalog.Editor}}, Handing{Agency: w.agency.ID})
		return err
	})
	if !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("an editor: %v", err)
	}
	f := w.filed("S02", "1405-08", Evidence{Kind: EvidenceResource, Thing: r.ID})
	if _, err := w.file("S02", "1405-08", 0, dataset(d)); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("a second one: %v", err)
	}
	if _, err := w.file("S02", "1405-08", f.Revision+1, dataset(d)); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("an outdated one: %v", err)
	}
}

func TestRejectionObjectionAndDecisionAreActsThatEverybodySees(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	d, _ := w.dataset("cc-by-4.0", 12, contractColumns...)
	f := w.filed("S02", "1405-08", dataset(d))
	denied := func(do func(tx *catalog.Tx) (Filing, error)) {
		t.Helper()
		if err := w.store.Write(t.Context(), func(tx *catalog.Tx) error { _, err := do(tx); return err }); err == nil {
			t.Error("it is allowed")
		}
	}
	denied(func(tx *catalog.Tx) (Filing, error) { return Review(tx, w.editor, f.ID, f.Revision, true, "") })
	denied(func(tx *catalog.Tx) (Filing, error) { return Review(tx, w.operator, f.ID, f.Revision, false, " ") })
	denied(func(tx *catalog.Tx) (Filing, error) { return Object(tx, w.editor, f.ID, f.Revision, "why") })
	w.act(&f, func(tx *catalog.Tx) (Filing, error) {
		return Review(tx, w.operator, f.ID, f.Revision, false, "It is last year's.")
	})
	if f.State != Rejected || w.score(&f) != 0 || f.Score.State != Rejected || f.Checks[0].Points != Most {
		t.Errorf("rejected, it is %+v", f.Score)
	}
	w.act(&f, func(tx *catalog.Tx) (Filing, error) { return Object(tx, w.editor, f.ID, f.Revision, "It is not.") })
	if w.score(&f) != 0 {
		t.Errorf("objected, it is %+v", f.Score)
	}
	denied(func(tx *catalog.Tx) (Filing, error) { return Decide(tx, w.editor, f.ID, f.Revision, true, "so") })
	w.act(&f, func(tx *catalog.Tx) (Filing, error) { return Decide(tx, w.operator, f.ID, f.Revision, false, "It is.") })
	denied(func(tx *catalog.Tx) (Filing, error) { return Object(tx, w.editor, f.ID, f.Revision, "Again.") })
	f, err := w.file("S02", "1405-08", f.Revision, dataset(d))
	if err != nil || w.score(&f) != Most || f.State != Submitted {
		t.Errorf("handed in again: %+v, %v", f.Score, err)
	}
	w.act(&f, func(tx *catalog.Tx) (Filing, error) { return Review(tx, w.operator, f.ID, f.Revision, false, "No.") })
	w.act(&f, func(tx *catalog.Tx) (Filing, error) { return Object(tx, w.editor, f.ID, f.Revision, "Yes.") })
	w.act(&f, func(tx *catalog.Tx) (Filing, error) { return Decide(tx, w.operator, f.ID, f.Revision, true, "Yes.") })
	var kinds []string
	for _, a := range f.Acts {
		kinds = append(kinds, a.Kind)
	}
	if want := "submitted rejected objected dismissed submitted rejected objected upheld"; strings.Join(kinds, " ") != want || f.State != Accepted || w.score(&f) != Most {
		t.Errorf("acts %v, score %+v", kinds, f.Score)
	}
}
