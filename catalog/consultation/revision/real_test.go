package revision

import (
	"path/filepath"
	"testing"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

var realLaws = []string{
	"omoor_hasabi.txt", "qanun-asasi.txt", "aeename-bimeh.txt", "aeename-kanun-vokala-1400.txt",
	"ahkam-daemi-tosee-keshvar.txt", "hemayat-family-400.txt",
}

// A real law is the same as itself, repeated numbers and all, and has no article
// in common with another.
func TestCompareRealLaws(t *testing.T) {
	laws := make([][]lawtext.Provision, len(realLaws))
	for i, name := range realLaws {
		law := lawtext.Split(realLaw(t, name))
		laws[i] = law.Provisions
		if s := Summarize(laws[i], laws[i], checkPairs(t, laws[i], laws[i])); s.Articles[Same] != law.Articles() || len(s.Provisions) != 1 {
			t.Errorf("%s against itself: %v", name, s)
		}
		for k := range i {
			if s := Summarize(laws[k], laws[i], checkPairs(t, laws[k], laws[i])); s.Provisions[Added] != len(laws[i]) || s.Provisions[Removed] != len(laws[k]) {
				t.Errorf("%s against %s: %v", realLaws[k], name, s)
			}
		}
	}
}

// The draft of a constitution against what was approved, which is another text
// throughout: these articles are the same ones, which was settled by reading.
func TestCompareDraftOfConstitution(t *testing.T) {
	draft := lawtext.Split(realLaw(t, filepath.Join("..", "fa-constitution", "pishnevis.txt"))).Provisions
	approved := lawtext.Split(realLaw(t, "qanun-asasi.txt")).Provisions
	now := map[string]string{}
	both := 0
	for _, p := range checkPairs(t, draft, approved) {
		if len(p.A) == 1 && len(p.B) == 1 && draft[p.A[0]].Kind == lawtext.Article {
			now[draft[p.A[0]].Num] = approved[p.B[0]].Num
			both++
		}
	}
	for _, c := range []struct{ draft, approved, about string }{
		{"1", "1", "the form of the state"},
		{"14", "13", "religious minorities"},
		{"20", "18", "the flag"},
		{"32", "37", "presumption of innocence"},
		{"37", "39", "dignity of who is detained"},
		{"38", "33", "banishment"},
		{"40", "47", "private property"},
		{"43", "40", "abuse of rights"},
		{"49", "63", "the term of parliament"},
		{"57", "73", "interpretation of laws"},
		{"65", "75", "bills that cost money"},
		{"67", "76", "inquiries"},
		{"82", "121", "the oath of the president"},
		{"113", "51", "taxes"},
		{"115", "52", "the budget"},
		{"119", "55", "the court of audit"},
	} {
		if now[c.draft] != c.approved {
			t.Errorf("article %s on %s became %q, want %s", c.draft, c.about, now[c.draft], c.approved)
		}
	}
	if both < 70 {
		t.Errorf("only %d articles of the draft are found in what was approved", both)
	}
}
