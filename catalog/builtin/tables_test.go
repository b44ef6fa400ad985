package builtin

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/datasets"
)

// A portal is a catalogue with a draft that is open, its tables, and its clock.
type portal struct {
	*testing.T
	store  *catalog.Store
	files  *datasets.Files
	tables *Tables
	at     time.Time
	agency catalog.Agency
	draft  consultation.Draft
	gone   []string // digests that were erased
	dir    string
}

func newPortal(t *testing.T) *portal {
	t.Helper()
	p := &portal{T: t, at: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), dir: t.TempDir()}
	var err error
	if p.store, err = catalog.Open(t.Context(), p.dir, catalog.Options{Now: func() time.Time { return p.at }}); err != nil {
		t.Fatal(err)
	}
	if p.files, err = datasets.OpenFiles(p.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(p.files.Close(), p.store.Close()); err != nil {
			t.Error(err)
		}
	})
	p.tables = New(p.store, p.files, func(digest string) { p.gone = append(p.gone, digest) })
	p.agency = catalog.Agency{Title: say("Ministry of Roads", "وزارت راه")}
	p.do(func(tx *catalog.Tx) (err error) {
		if err = tx.PutAgency(&p.agency); err != nil {
			return err
		}
		shell := &catalog.Shell
		p.draft, err = consultation.CreateDraft(tx, shell, consultation.Draft{Agency: p.agency.ID, Title: say("Bylaw of roads", ""), Kind: consultation.KindBylaw, Moderation: consultation.PublishFirst})
		if err != nil {
			return err
		}
		if p.draft, _, err = consultation.AddVersion(tx, shell, p.draft.ID, p.draft.Revision, &consultation.Wording{Law: lawtext.Split("Article 1. Roads are kept in repair.\nArticle 2. The office reports.")}); err != nil {
			return err
		}
		if p.draft, err = consultation.PublishDraft(tx, shell, p.draft.ID, p.draft.Revision); err != nil {
			return err
		}
		p.draft, _, err = consultation.AddPeriod(tx, shell, p.draft.ID, p.draft.Revision, consultation.PeriodWish{Kind: consultation.Opened, Closes: p.at.Add(10 * 24 * time.Hour), Basis: "Bylaw 7"})
		return err
	})
	return p
}

func (p *portal) do(do func(*catalog.Tx) error) {
	p.Helper()
	if err := p.store.Write(p.Context(), do); err != nil {
		p.Fatal(err)
	}
}

// says files n comments; the receipt of each is its number.
func (p *portal) says(from, n int) (ids []string) {
	p.Helper()
	p.do(func(tx *catalog.Tx) error {
		for i := from; i < from+n; i++ {
			once := strconv.Itoa(i)
			c, _, err := consultation.File(tx, &consultation.Filing{Draft: p.draft.ID, Kind: consultation.Change, Lang: "en", Text: "Remark " + once + " of many", Once: once, Receipt: receipt(once), Proven: true})
			if err != nil {
				return err
			}
			ids = append(ids, c.ID)
		}
		return nil
	})
	return ids
}

func receipt(once string) []byte { return fmt.Appendf(nil, "%032s", once) }

// ask asks for a table, and returns its current edition.
func (p *portal) ask(name string) *catalog.Edition {
	p.Helper()
	if _, err := p.tables.Ask(p.Context(), catalog.BuiltinResource(name)); err != nil {
		p.Fatal(err)
	}
	r, err := p.store.Resource(p.Context(), catalog.BuiltinResource(name))
	if err != nil || r.Edition == nil {
		p.Fatalf("table %s: %+v, %v", name, r, err)
	}
	return r.Edition
}

// text is all that the row file of an edition holds.
func (p *portal) text(digest string) string {
	p.Helper()
	b, err := os.ReadFile(filepath.Join(p.dir, filepath.FromSlash(datasets.RowPath(digest))))
	if err != nil {
		p.Fatal(err)
	}
	return string(b)
}

func TestTableHasARowForEachReceipt(t *testing.T) {
	p := newPortal(t)
	const n = datasets.BatchRows + 20
	p.says(0, n)
	p.do(func(tx *catalog.Tx) error {
		_, err := consultation.TakeBack(tx, receipt("7"))
		return err
	})
	figures, err := consultation.New(p.store).CommentFigures(t.Context(), p.draft.ID)
	if e := p.ask("comments"); err != nil || e.Rows != n || figures.Received() != n || e.Schema.Index("draft") < 0 {
		t.Errorf("%d rows of %d receipts, %v", e.Rows, figures.Received(), err)
	}
	d, err := p.store.Dataset(t.Context(), "comments")
	if err != nil || d.Agency != catalog.BuiltinAgency || len(d.Resources) != 1 || d.Resources[0].ID != catalog.BuiltinResource("comments") {
		t.Fatalf("%+v, %v", d, err)
	}
	for _, c := range d.Resources[0].Edition.Schema {
		said := d.ColumnText(&d.Resources[0], c.Name)
		if said.Title["fa"] == "" || said.Title["en"] == "" || said.Title["en"] != c.Label {
			t.Errorf("column %s is called %v", c.Name, said.Title)
		}
	}
}

func TestEditionIsGoodForAWhile(t *testing.T) {
	p := newPortal(t)
	p.says(0, 3)
	first := p.ask("comments")
	p.says(3, 2)
	if e := p.ask("comments"); e.Digest != first.Digest {
		t.Error("it is frozen anew for every comment")
	}
	p.at = p.at.Add(Kept)
	second := p.ask("comments")
	if second.Rows != 5 {
		t.Errorf("%d rows", second.Rows)
	}
	if _, err := p.store.Edition(t.Context(), second.Resource, first.Digest); err != nil {
		t.Errorf("the edition before cannot be read on: %v", err)
	}
	stands, err := p.store.Standing(t.Context(), "comments")
	last, err2 := p.store.LastSeq(t.Context())
	if err := errors.Join(err, err2); err != nil || stands.Change == 0 || stands.Change > last || !stands.At.Equal(p.at) {
		t.Errorf("it stands for %+v of %d, %v", stands, last, err)
	}
	before := p.store.WriterStats().Writes
	p.at = p.at.Add(time.Hour)
	if e := p.ask("comments"); e.Digest != second.Digest || p.store.WriterStats().Writes != before {
		t.Error("it is frozen anew though nothing changed")
	}
	p.says(5, 1)
	p.ask("comments")
	if _, err := p.store.Edition(t.Context(), second.Resource, first.Digest); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("old editions are kept: %v", err)
	}
	if d, err := p.store.Dataset(t.Context(), "comments"); err != nil || !d.Updated.Equal(d.Created) {
		t.Errorf("each edition makes it the newest dataset: %v, %v, %v", d.Created, d.Updated, err)
	}
	p.at = p.at.Add(2 * time.Hour)
	p.says(6, 1)
	p.ask("comments")
	if len(p.gone) != 1 || p.gone[0] != first.Digest {
		t.Errorf("erased are %v", p.gone)
	}
	if _, err := p.files.Rows(first.Digest); err == nil {
		t.Error("its rows are still there")
	}
}

// TestWhatIsTakenAwayIsGoneAtOnce takes a comment away in several ways.
func TestWhatIsTakenAwayIsGoneAtOnce(t *testing.T) {
	for name, take := range map[string]func(p *portal, id string) func(*catalog.Tx) error{
		"removed": func(_ *portal, id string) func(*catalog.Tx) error {
			return func(tx *catalog.Tx) error {
				_, err := consultation.Remove(tx, &catalog.Shell, id, catalog.AnyRevision, "spam", "")
				return err
			}
		},
		"taken back": func(*portal, string) func(*catalog.Tx) error {
			return func(tx *catalog.Tx) error {
				_, err := consultation.TakeBack(tx, receipt("1"))
				return err
			}
		},
		"its draft is retired": func(p *portal, _ string) func(*catalog.Tx) error {
			return func(tx *catalog.Tx) error {
				_, err := consultation.RetireDraft(tx, &catalog.Shell, p.draft.ID, catalog.AnyRevision, "A mistake.")
				return err
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPortal(t)
			ids := p.says(0, 3)
			old := p.ask("comments")
			if !strings.Contains(p.text(old.Digest), "Remark 1 of many") {
				t.Fatal("the text was never there")
			}
			p.says(3, 1)
			p.at = p.at.Add(Kept)
			middle := p.ask("comments")
			p.do(take(p, ids[1]))
			for _, digest := range []string{old.Digest, middle.Digest} {
				if _, err := p.store.Edition(t.Context(), old.Resource, digest); !errors.Is(err, catalog.ErrNotFound) {
					t.Errorf("edition %s is open: %v", digest, err)
				}
			}
			if r, err := p.store.Resource(t.Context(), old.Resource); err != nil || r.Edition != nil {
				t.Errorf("the current edition is %+v, %v", r.Edition, err)
			}
			if e := p.ask("comments"); strings.Contains(p.text(e.Digest), "Remark 1 of many") {
				t.Error("the text is in the edition after")
			}
		})
	}
}

// overtaken is a scan at the end of which a comment is taken away.
func (p *portal) overtaken(scan func(from, to int64) iter.Seq2[*datasets.Batch, error], id string) func(from, to int64) iter.Seq2[*datasets.Batch, error] {
	return func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			scan(from, to)(yield)
			p.do(func(tx *catalog.Tx) error {
				_, err := consultation.Remove(tx, &catalog.Shell, id, catalog.AnyRevision, "personal", "")
				return err
			})
		}
	}
}

// TestFreezingIsOvertaken takes a comment away while the table is read.
func TestFreezingIsOvertaken(t *testing.T) {
	p := newPortal(t)
	ids := p.says(0, 3)
	k := &p.tables.kinds[0]
	read, reads := k.Table, 0
	k.Table = func(ctx context.Context, store *catalog.Store) (*datasets.Table, error) {
		table, err := read(ctx, store)
		if reads++; err == nil && reads == 2 { // the first looks whether there are rows
			table.Scan = p.overtaken(table.Scan, ids[1]) //nolint:contextcheck // the writes of a test have its context
		}
		return table, err
	}
	if e := p.ask("comments"); reads != 3 || e.Rows != 3 || strings.Contains(p.text(e.Digest), "Remark 1 of many") {
		t.Errorf("%d reads, %d rows", reads, e.Rows)
	}
	all := 0
	for _, err := range p.files.Digests(true) {
		if all++; err != nil {
			t.Fatal(err)
		}
	}
	if all != 1 {
		t.Errorf("%d row files are there", all)
	}
}

// TestAskersWaitForFollow asks beside the follower for a table that was closed.
func TestAskersWaitForFollow(t *testing.T) {
	p := newPortal(t)
	ids := p.says(0, 2)
	if err := p.tables.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.tables.Follow(ctx) }()
	for follows := false; !follows; time.Sleep(time.Millisecond) {
		p.tables.mu.Lock()
		follows = p.tables.follows
		p.tables.mu.Unlock()
	}
	for _, id := range ids {
		p.do(func(tx *catalog.Tx) error {
			_, err := consultation.Remove(tx, &catalog.Shell, id, catalog.AnyRevision, "insult", "")
			return err
		})
		if e := p.ask("comments"); e.Rows != 2 || strings.Contains(p.text(e.Digest), "Remark 1 of many") && id == ids[1] {
			t.Errorf("%d rows", e.Rows)
		}
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

func TestTableOfEachKind(t *testing.T) {
	p := newPortal(t)
	p.do(func(tx *catalog.Tx) error {
		src := catalog.Source{Title: say("Roads", ""), Kind: "folder", URL: "/srv/roads", Agency: p.agency.ID}
		if err := tx.PutSource(&src); err != nil {
			return err
		}
		run, err := tx.StartRun(src.ID, false)
		if err != nil {
			return err
		}
		run.State, run.Finished, run.Counts.Seen = catalog.RunComplete, tx.Now(), 12
		return tx.PutRun(&run)
	})
	p.says(0, 2)
	if err := p.tables.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	agency, err := p.store.Agency(t.Context(), "shafaf")
	if err != nil || agency.ID != catalog.BuiltinAgency || agency.Datasets != 3 { // those of which there is nothing are not made
		t.Errorf("%+v, %v", agency, err)
	}
	rows := map[string]int64{"comments": 2, "drafts": 1, "runs": 1}
	for _, k := range Kinds() {
		if k.Title["fa"] == "" || k.Title["en"] == "" || k.About["fa"] == "" || k.About["en"] == "" {
			t.Errorf("%s is not said in both languages", k.Name)
		}
		table, err := k.Table(t.Context(), p.store)
		if err != nil || table.Rows != rows[k.Name] || len(table.Schema) != len(k.Columns) {
			t.Fatalf("%s: %+v, %v", k.Name, table, err)
		}
		for b, err := range table.Scan(0, -1) { // also the queries of empty ones are sound
			if err != nil || b.Len == 0 {
				t.Errorf("%s: %v", k.Name, err)
			}
		}
		if _, err := k.Changed(t.Context(), p.store, catalog.Standing{}); err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
		if _, err := p.store.Dataset(t.Context(), k.Name); (err == nil) != (rows[k.Name] > 0) {
			t.Errorf("%s: %v", k.Name, err)
		}
	}
}

// TestDraftOpensByTheClock freezes the table of drafts anew when a stage changed
// and nothing was written.
func TestDraftOpensByTheClock(t *testing.T) {
	p := newPortal(t)
	stage := func() string {
		e := p.ask("drafts")
		rows, err := p.files.Rows(e.Digest)
		if err != nil {
			t.Fatal(err)
		}
		at := rows.Schema().Index("stage")
		for b, err := range rows.Table().Scan(0, -1) {
			if err != nil {
				t.Fatal(err)
			}
			return b.Columns[at].Text[0]
		}
		return ""
	}
	if s := stage(); s != "open" {
		t.Errorf("it is %s", s)
	}
	p.at = p.at.Add(11 * 24 * time.Hour)
	if s := stage(); s != "in-review" {
		t.Errorf("it is %s", s)
	}
}
