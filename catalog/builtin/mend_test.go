package builtin

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets"
)

// reads counts how often the comments are read as a whole.
func (p *portal) reads() *int {
	k, n := &p.tables.kinds[0], 0
	whole := k.Table
	k.Table = func(ctx context.Context, store *catalog.Store) (*datasets.Table, error) {
		n++
		return whole(ctx, store)
	}
	return &n
}

func (p *portal) removes(id string) {
	p.Helper()
	p.do(func(tx *catalog.Tx) error {
		_, err := consultation.Remove(tx, &catalog.Shell, id, catalog.AnyRevision, "insult", "")
		return err
	})
}

// TestMendedTableIsThatReadAsAWhole takes comments from a table, and adds some,
// in several steps.
func TestMendedTableIsThatReadAsAWhole(t *testing.T) {
	p := newPortal(t)
	const n = 2*datasets.BatchRows + 20
	ids := p.says(0, n)
	p.ask("comments")
	reads := p.reads()
	for _, step := range []struct {
		name   string
		change func()
	}{
		{"one is removed", func() { p.removes(ids[1]) }},
		{"the last is removed and others came", func() {
			p.says(n, 2)
			p.removes(ids[n-1])
			p.says(n+2, datasets.BatchRows)
		}},
		{"one is taken back and one removed", func() {
			p.removes(ids[datasets.BatchRows])
			p.do(func(tx *catalog.Tx) error {
				_, err := consultation.TakeBack(tx, receipt("7"))
				return err
			})
		}},
	} {
		name := step.name
		step.change()
		*reads = 0
		e := p.ask("comments")
		whole, err := comments().Table(t.Context(), p.store)
		if err != nil {
			t.Fatal(err)
		}
		l, err := p.files.PutRows(t.Context(), whole, nil)
		if err != nil || l.Digest != e.Digest || l.Rows != e.Rows || *reads != 0 {
			t.Errorf("%s: %d rows are %s; read as a whole %d are %s; %d such reads, %v", name, e.Rows, e.Digest, l.Rows, l.Digest, *reads, err)
		}
		if strings.Contains(p.text(e.Digest), "Remark 1 of many") {
			t.Errorf("%s: what was removed is there", name)
		}
	}
	p.at = p.at.Add(Kept)
	if p.ask("comments"); *reads != 1 {
		t.Errorf("what was mended is read as a whole %d times", *reads)
	}
}

func TestWhatCannotBeMendedIsReadAsAWhole(t *testing.T) {
	for name, spoil := range map[string]func(p *portal, e *catalog.Edition){
		"a draft changed": func(p *portal, _ *catalog.Edition) {
			p.do(func(tx *catalog.Tx) (err error) {
				_, err = consultation.UpdateDraft(tx, &catalog.Shell, p.draft.ID, catalog.AnyRevision, func(d *consultation.Draft) error {
					d.Contact = "roads@example.org"
					return nil
				})
				return err
			})
		},
		"its rows are gone": func(p *portal, e *catalog.Edition) {
			if err := p.files.EraseRows(e.Digest); err != nil {
				p.Fatal(err)
			}
		},
		"its rows are damaged": func(p *portal, e *catalog.Edition) {
			path := filepath.Join(p.dir, filepath.FromSlash(datasets.RowPath(e.Digest)))
			text, err := os.ReadFile(path)
			if err == nil {
				at := strings.LastIndex(string(text), "Remark 2 of many")
				clear(text[at-200 : at])
				err = os.WriteFile(path, text, 0o600)
			}
			if err != nil {
				p.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPortal(t)
			ids := p.says(0, 300)
			old := p.ask("comments")
			reads := p.reads()
			spoil(p, old)
			p.removes(ids[1])
			if e := p.ask("comments"); *reads != 1 || e.Rows != 300 || strings.Contains(p.text(e.Digest), "Remark 1 of many") {
				t.Errorf("%d reads, %d rows", *reads, e.Rows)
			}
		})
	}
}

// TestMendingIsOvertaken removes a comment while the table is mended.
func TestMendingIsOvertaken(t *testing.T) {
	p := newPortal(t)
	ids := p.says(0, 3)
	p.ask("comments")
	reads := p.reads()
	k := &p.tables.kinds[0]
	mend, mends := k.Mend, 0
	k.Mend = func(ctx context.Context, store *catalog.Store, old *datasets.Table, since int64) (*datasets.Table, error) {
		table, err := mend(ctx, store, old, since)
		if mends++; err == nil && mends == 1 {
			table.Scan = p.overtaken(table.Scan, ids[1]) //nolint:contextcheck // the writes of a test have its context
		}
		return table, err
	}
	p.removes(ids[0])
	e := p.ask("comments")
	if *reads != 0 || mends != 2 || strings.Contains(p.text(e.Digest), "Remark 1 of many") {
		t.Errorf("%d reads, mended %d times", *reads, mends)
	}
}
