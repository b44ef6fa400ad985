package catalog_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func logKey(t *testing.T) *catalog.LogKey {
	t.Helper()
	k, err := catalog.NewLogKey([]byte(strings.Repeat("k", 32)))
	must(t, err)
	return k
}

// logged writes n acts.
func logged(t *testing.T, s *catalog.Store, n int) {
	t.Helper()
	for i := range n {
		must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
			agency := ""
			if i%3 == 0 {
				agency = "agency-1"
			}
			e := catalog.Entry{Act: "dataset.publish", Noun: "dataset", Thing: fmt.Sprint("d", i%5), Agency: agency}
			return tx.Log(&catalog.Actor{Person: "p1", Name: "زهرا"}, e, map[string]int{"v": i}, map[string]int{"v": i + 1})
		}))
	}
}

func TestLogGrowsAndIsVerified(t *testing.T) {
	s, k := open(t, t.TempDir()), logKey(t)
	if h, err := s.LastLogHead(t.Context()); err == nil {
		t.Fatalf("a head before the first: %+v", h)
	}
	var heads []catalog.LogHead
	for range 4 {
		logged(t, s, 9)
		h, err := s.SignLog(t.Context(), k)
		must(t, err)
		again, err := s.SignLog(t.Context(), k)
		must(t, err)
		if again.Note != h.Note || again.Size != h.Size {
			t.Errorf("a second head of the same log: %+v, %+v", h, again)
		}
		heads = append(heads, h)
	}
	if heads[3].Size != 36 {
		t.Errorf("the last head stands for %d entries", heads[3].Size)
	}
	p, err := catalog.VerifyLog(t.Context(), s, k.Public())
	must(t, err)
	if p.Checked != 36 || p.Faults != 0 {
		t.Errorf("verify: %+v", p)
	}
	other, err := catalog.NewLogKey([]byte(strings.Repeat("o", 32)))
	must(t, err)
	if p, err = catalog.VerifyLog(t.Context(), s, other.Public()); err != nil || p.Faults != 4 {
		t.Errorf("heads of another key: %+v, %v", p, err)
	}
	entries, err := s.LogEntries(t.Context(), catalog.LogQuery{Agencies: []string{"agency-1"}, Size: 100})
	must(t, err)
	if len(entries) != 12 || entries[0].N <= entries[1].N || string(entries[0].After) == "" || entries[0].Name != "زهرا" {
		t.Errorf("%d entries of the agency, the first %+v", len(entries), entries[0])
	}
	if none, err := s.LogEntries(t.Context(), catalog.LogQuery{Agencies: []string{}, Size: 100}); err != nil || len(none) != 0 {
		t.Errorf("who has no agency sees %d entries, %v", len(none), err)
	}
}

// TestLogShowsTampering changes the log behind the program's back in every way
// that the triggers would refuse, and each is told.
func TestLogShowsTampering(t *testing.T) {
	for name, statements := range map[string][]string{
		"another text":     {"update log set body = replace(body, 'publish', 'retires') where n = 7"},
		"another agency":   {"drop trigger log_keeps", "update log set agency = 'x' where n = 7"},
		"another leaf":     {"drop trigger log_keeps", "update log set hash = zeroblob(32) where n = 7"},
		"one left out":     {"drop trigger log_stays", "delete from log where n = 7"},
		"the last cut off": {"drop trigger log_stays", "drop trigger log_hashes_stay", "delete from log where n = 19", "delete from log_hashes where i >= 36"},
		"another tree":     {"drop trigger log_hashes_keep", "update log_hashes set hash = zeroblob(32) where i = 2"},
		"another head":     {"update log_heads set size = 19 where size = 20"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, k := open(t, dir), logKey(t)
			logged(t, s, 20)
			_, err := s.SignLog(t.Context(), k)
			must(t, err)
			db := sqlOpen(t, filepath.Join(dir, "catalog.db"))
			for _, q := range statements {
				_, err := db.ExecContext(t.Context(), q)
				must(t, err)
			}
			p, err := catalog.VerifyLog(t.Context(), s, k.Public())
			must(t, err)
			if p.Faults == 0 {
				t.Error("nothing is told of it")
			}
		})
	}
}

func TestLogOnlyGrows(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	logged(t, s, 3)
	db := sqlOpen(t, filepath.Join(dir, "catalog.db"))
	for _, q := range []string{"delete from log", "update log set actor = 'x'", "delete from log_hashes", "update log_hashes set hash = x''"} {
		if _, err := db.ExecContext(t.Context(), q); err == nil {
			t.Errorf("%s was carried out", q)
		}
	}
	_, err := db.ExecContext(t.Context(), "update log set salt = null, body = null where n = 1") // redaction
	must(t, err)
	p, err := catalog.VerifyLog(t.Context(), s, logKey(t).Public())
	must(t, err)
	if p.Faults != 0 || !strings.Contains(p.Note, "1 of them") {
		t.Errorf("verify: %+v", p)
	}
}
