package indicators

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// period is what the newest check of a filing says of when the data is of.
func (w *ward) period(f *Filing) string {
	w.Helper()
	w.score(f)
	for _, fact := range f.Checks[0].Facts {
		for _, said := range fact.Said {
			if strings.HasPrefix(said.Kind, "filing.period") {
				return said.Kind + ": " + fact.Text
			}
		}
	}
	return ""
}

// A check says by what it knows that the data is of the period: what the source
// says, or that the file came, and nothing that is later than the check itself.
func TestACheckSaysHowItKnowsThePeriodOfTheData(t *testing.T) {
	w := newWard(t, "1405-09-01")
	w.set("1405-01-01")
	d, _ := w.dataset("cc-by-4.0", 12, contractColumns...)
	w.on("1405-08-20") // the clock went back: the file came later than this
	f := w.filed("S02", "1405-07", dataset(d))
	if got, want := w.period(&f), "filing.period.here: its file as it is came to this portal on 2026-11-11, in the period or after it"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if at := f.Checks[0].Seen.Evidence[0].Modified; at.After(f.Checks[0].At) {
		t.Errorf("a check of %s saw what came on %s", f.Checks[0].At, at)
	}
	w.on("1405-09-10")
	for _, one := range []struct{ modified, want string }{
		{"2026-11-29", "filing.period.source: its source says that the data was changed on 2026-11-29, in the period or after it"},
		{"2031-01-01", "filing.period.here: its file as it is came to this portal on 2026-11-22, in the period or after it"},
	} {
		d.Modified = one.modified
		w.do(func(tx *catalog.Tx) error { return tx.PutDataset(&d) })
		if _, err := w.in.Check(t.Context(), f.ID); err != nil {
			t.Fatal(err)
		}
		if got := w.period(&f); got != one.want {
			t.Errorf("modified on %s: %q, want %q", one.modified, got, one.want)
		}
	}
	w.on("1405-12-20")
	f = w.filed("S02", "1405-11", dataset(d))
	if got, want := w.period(&f), "filing.period.here.old: its newest file came to this portal on 2026-11-22, before the period began on 2027-01-21"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	says := w.filed("S05", "1405-H1", Evidence{Kind: EvidenceStatement, Text: catalog.Text{"en": "Soon"}})
	if got, want := w.period(&says), "filing.period.handed: it was handed in on 2027-03-11, in the period or after it; what it leads to has no date"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
