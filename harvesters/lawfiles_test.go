package harvesters_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// What is odd about the text of a law, and why one is not read, is told in
// parts that pages say in their language: none of it is English in another
// sentence.
func TestRemarksOnLawsAreSaidInParts(t *testing.T) {
	d, root := newDeps(t), t.TempDir()
	setFile(t, filepath.Join(root, "a.txt"), "%PDF-1.7 and so on")
	setFile(t, filepath.Join(root, "b.txt"), "قانون باغ‌ها\n\nماده ۱– باز است.\n\nماده ۴– بسته است.")
	run := harvest(t, d, addSource(t, d, "lawtext", root))
	faultsAreSaid(t, d, &run)
	faults, _, err := d.Store.RunFaults(t.Context(), run.ID, 0, 10)
	if err != nil || len(faults) != 2 {
		t.Fatalf("%v: %+v", err, faults)
	}
	for i, want := range [][]string{{"split.file.pdf"}, {"law.remarks", "split.number.jumps"}} {
		var kinds []string
		for _, s := range faults[i].Said {
			kinds = append(kinds, s.Kind)
			if slices.ContainsFunc(s.Args, func(a any) bool { text, ok := a.(string); return ok && strings.Contains(text, " is ") }) {
				t.Errorf("%s has English in it: %v", s.Kind, s.Args)
			}
		}
		if !slices.Equal(kinds, want) {
			t.Errorf("fault %d is said as %v: %s", i, kinds, faults[i].Text)
		}
	}
	if run.State != catalog.RunComplete {
		t.Errorf("the run is %s: %s", run.State, run.Reason)
	}
}
