package samples

import (
	"strings"
	"testing"
)

func TestDraftsAreWhole(t *testing.T) {
	comments := map[string]int{"regulation-on-the-publication-of-open-data-by-public-bodies": 300, "rules-for-setting-the-fares-of-public-transport-in-cities": 9, "regulation-on-the-protection-of-groundwater-in-closed-plains": 10, "directive-on-enrolment-in-state-schools": 0}
	drafts := Drafts()
	if len(drafts) != len(comments) {
		t.Fatalf("%d drafts, want %d", len(drafts), len(comments))
	}
	for _, d := range drafts {
		if agencyOf(d.Agency).Slug == "" || d.Title["fa"] == "" || d.Title["en"] == "" || d.Basis == "" {
			t.Errorf("%s: it has no agency, title or basis", d.Slug)
		}
		if d.Opens < d.Announced || d.Closes <= d.Opens {
			t.Errorf("%s: its times are in no order", d.Slug)
		}
		if n := len(d.Comments); n != comments[d.Slug] {
			t.Errorf("%s: %d comments, want %d", d.Slug, n, comments[d.Slug])
		}
		seen := map[string]bool{}
		for _, c := range d.Comments {
			if c.Text == "" || strings.ContainsAny(c.Text, "{}|") {
				t.Errorf("%s: a comment says %q", d.Slug, c.Text)
			}
			if c.Answer == "" && d.Approved != 0 {
				t.Errorf("%s: nothing is answered to %q", d.Slug, c.Text)
			}
			seen[c.Text] = true
		}
		if len(seen) < len(d.Comments)/2 {
			t.Errorf("%s: only %d of %d comments differ", d.Slug, len(seen), len(d.Comments))
		}
	}
}
