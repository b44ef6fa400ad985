package catalog_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// TestPublicHeadsProveThatTheLogGrew checks the heads as somebody does who has
// nothing but them and the key.
func TestPublicHeadsProveThatTheLogGrew(t *testing.T) {
	s, k := open(t, t.TempDir()), logKey(t)
	for _, n := range []int{3, 1, 9} {
		logged(t, s, n)
		_, err := s.SignLog(t.Context(), k)
		must(t, err)
	}
	heads, err := s.PublicHeads(t.Context(), 0, 10)
	must(t, err)
	if len(heads) != 3 || heads[0].Size != 13 || len(heads[2].Grew) != 0 {
		t.Fatalf("the heads are %+v", heads)
	}
	verifier, err := note.NewVerifier(k.Public())
	must(t, err)
	var roots []tlog.Hash
	for i := range heads {
		n, err := note.Open([]byte(heads[i].Note), note.VerifierList(verifier))
		must(t, err)
		lines := strings.Split(n.Text, "\n")
		if lines[1] != strconv.FormatInt(heads[i].Size, 10) {
			t.Errorf("the head of %d says %q", heads[i].Size, n.Text)
		}
		root, err := tlog.ParseHash(lines[2])
		must(t, err)
		roots = append(roots, root)
	}
	for i := range heads[:2] {
		var proof tlog.TreeProof
		for _, text := range heads[i].Grew {
			hash, err := tlog.ParseHash(text)
			must(t, err)
			proof = append(proof, hash)
		}
		must(t, tlog.CheckTree(proof, heads[i].Size, roots[i], heads[i+1].Size, roots[i+1]))
		if tlog.CheckTree(proof, heads[i].Size, roots[i], heads[i+1].Size, roots[i]) == nil {
			t.Error("the proof holds for another log too")
		}
	}
	if older, err := s.PublicHeads(t.Context(), 13, 1); err != nil || len(older) != 1 || older[0].Size != 4 || len(older[0].Grew) == 0 {
		t.Errorf("the one before is %+v, %v", older, err)
	}
	if n, err := s.CountHeads(t.Context()); err != nil || n != 3 {
		t.Errorf("%d heads, %v", n, err)
	}
}

// TestLogIsFound narrows the log down by who, what and when.
func TestLogIsFound(t *testing.T) {
	s := open(t, t.TempDir())
	logged(t, s, 12)
	all, err := s.LogEntries(t.Context(), catalog.LogQuery{Size: 100})
	must(t, err)
	one := all[5]
	kind, _, _ := strings.Cut(one.Act, ".")
	for name, c := range map[string]struct {
		q    catalog.LogQuery
		some bool
	}{
		"part of a name":  {catalog.LogQuery{Who: "زه"}, true},
		"an id":           {catalog.LogQuery{Who: one.Actor}, true},
		"nobody":          {catalog.LogQuery{Who: "nobody at all"}, false},
		"the act":         {catalog.LogQuery{Act: one.Act}, true},
		"a kind of acts":  {catalog.LogQuery{Act: kind}, true},
		"part of a word":  {catalog.LogQuery{Act: kind[:2]}, false},
		"not a pattern":   {catalog.LogQuery{Who: "%"}, false},
		"from then on":    {catalog.LogQuery{From: one.At}, true},
		"later":           {catalog.LogQuery{From: one.At.Add(24 * time.Hour)}, false},
		"before it":       {catalog.LogQuery{To: one.At.Add(-24 * time.Hour)}, false},
		"up to after it":  {catalog.LogQuery{To: one.At.Add(time.Hour)}, true},
		"of another kind": {catalog.LogQuery{Act: "letters"}, false},
	} {
		c.q.Size = 100
		if found, err := s.LogEntries(t.Context(), c.q); err != nil || len(found) > 0 != c.some {
			t.Errorf("%s: %d entries, %v", name, len(found), err)
		}
	}
}
