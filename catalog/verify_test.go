package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// verify runs Verify and returns its parts by name.
func verify(t *testing.T, h *house, fast bool) map[string]catalog.VerifyPart {
	t.Helper()
	parts := map[string]catalog.VerifyPart{}
	must(t, catalog.Verify(t.Context(), h.store, h.files, catalog.VerifyOptions{
		Fast: fast, Part: func(p catalog.VerifyPart) { parts[p.Name] = p },
	}))
	return parts
}

func TestVerifyFindsNothingWrongInAWholePortal(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "a.csv", "n\n1\n2\n")
	h.publish(t, "b.pdf", "%PDF-1.4")
	_, _, err := h.files.Put(t.Context(), strings.NewReader("kept and not yet published"), 0)
	must(t, err)
	for _, fast := range []bool{false, true} {
		parts := verify(t, h, fast)
		for _, p := range parts {
			if p.Faults != 0 || len(p.Sentences) > 0 || p.Checked == 0 {
				t.Errorf("%+v", p)
			}
		}
		if len(parts) != 5 || parts["files"].Checked != 2 || parts["tables"].Checked != 1 || !strings.Contains(parts["files"].Note, "1 more") {
			t.Errorf("parts: %+v", parts)
		}
	}
}

// TestVerifyFindsDamage does one damage at a time and expects it to be found
// in its part, and nowhere else.
func TestVerifyFindsDamage(t *testing.T) {
	cases := map[string]struct {
		part, says string
		fast       bool // found without reading files, too
		damage     func(t *testing.T, h *house, file, table string)
	}{
		"a flipped byte in a file": {"files", "cannot be trusted", false, func(t *testing.T, h *house, file, _ string) {
			t.Helper()
			flip(t, filepath.Join(h.dir, datasets.FilePath(file)))
		}},
		"a cut file": {"files", "bytes and should have", true, func(t *testing.T, h *house, file, _ string) {
			t.Helper()
			must(t, os.Truncate(filepath.Join(h.dir, datasets.FilePath(file)), 3))
		}},
		"a missing file": {"files", "is not there", true, func(t *testing.T, h *house, file, _ string) {
			t.Helper()
			must(t, os.Remove(filepath.Join(h.dir, datasets.FilePath(file))))
		}},
		"a changed cell": {"tables", "cannot be trusted", false, func(t *testing.T, h *house, _, table string) {
			t.Helper()
			path := filepath.Join(h.dir, datasets.RowPath(table))
			b, err := os.ReadFile(path)
			must(t, err)
			at := strings.Index(string(b), "some text")
			if at < 0 {
				t.Fatal("no such cell")
			}
			b[at] = 'S'
			must(t, os.WriteFile(path, b, 0o600))
		}},
		"missing rows": {"tables", "are not there", true, func(t *testing.T, h *house, _, table string) {
			t.Helper()
			must(t, os.Remove(filepath.Join(h.dir, datasets.RowPath(table))))
		}},
		"a cut row file": {"tables", "cannot be trusted", true, func(t *testing.T, h *house, _, table string) {
			t.Helper()
			must(t, os.Truncate(filepath.Join(h.dir, datasets.RowPath(table)), 5000))
		}},
		"another number of rows": {"tables", "has 2 rows and the catalogue says 3", true, sqlDamage("update editions set rows = 3 where has_table")},
		"another column":         {"tables", "other columns", true, sqlDamage("update editions set columns = replace(columns, '\"n\"', '\"m\"') where has_table")},
		"a gap in the changes":   {"changes", "1 changes are missing from the list, the first after number 1", true, sqlDamage("delete from changes where seq = 2")},
		"no first change":        {"changes", "begins with 2", true, sqlDamage("delete from changes where seq = 1")},
		"no last change":         {"changes", "the list ends with", true, sqlDamage("delete from changes where seq = (select max(seq) from changes)")},
		"a dataset of nobody":    {"references", "rows of agencies that are not there", true, sqlDamage("delete from agencies where id in (select agency from datasets)")},
		"an edition that is not": {"references", "refer to rows of editions", true, sqlDamage("update resources set edition = 'x'")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			source(t, h.store) // the first two changes
			file, table := h.publish(t, "a.csv", "n,name\n1,some text\n2,\n")
			c.damage(t, h, file, table)
			for _, fast := range []bool{false, true} {
				for _, p := range verify(t, h, fast) {
					want := int64(0)
					if p.Name == c.part && (!fast || c.fast) {
						want = 1
					}
					if p.Faults != want || want > 0 && !strings.Contains(p.Sentences[0], c.says) {
						t.Errorf("fast %v: %+v", fast, p)
					}
				}
			}
		})
	}
}

// sqlDamage changes the catalogue beside its rules.
func sqlDamage(statement string) func(*testing.T, *house, string, string) {
	return func(t *testing.T, h *house, _, _ string) {
		t.Helper()
		_, err := sqlOpen(t, filepath.Join(h.dir, "catalog.db")).ExecContext(t.Context(), statement)
		must(t, err)
	}
}

// TestVerifyFindsDamagedPages overwrites the middle of the database.
func TestVerifyFindsDamagedPages(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"a.csv", "b.csv", "c.csv"} {
		h.publish(t, name, "n\n"+name+"\n")
	}
	must(t, h.store.Close())
	path := filepath.Join(h.dir, "catalog.db")
	b, err := os.ReadFile(path)
	must(t, err)
	for at := 3 * 4096; at < len(b); at += 4096 {
		copy(b[at:], "no page at all")
	}
	must(t, os.WriteFile(path, b, 0o600))
	s, err := catalog.Open(t.Context(), h.dir, catalog.Options{Now: clock()})
	if err != nil {
		if !catalog.Damaged(err) {
			t.Errorf("opened: %v", err)
		}
		return
	}
	h.store = s
	defer s.Close()
	if p := verify(t, h, true)["database"]; p.Faults == 0 {
		t.Errorf("%+v", p)
	}
}
