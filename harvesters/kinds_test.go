package harvesters_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/harvesters"
)

// TestEveryKind compares what each kind makes of its fixtures with want.jsonl.
func TestEveryKind(t *testing.T) {
	for _, kind := range harvesters.Kinds() {
		t.Run(kind, func(t *testing.T) {
			fixtures, err := filepath.Glob(filepath.Join("testdata", kind, "*"))
			if err != nil {
				t.Fatal(err)
			}
			want := filepath.Join("testdata", kind, "want.jsonl")
			var got strings.Builder
			n := 0
			for _, f := range fixtures {
				if f != want {
					n++
					describe(t, &got, kind, f)
				}
			}
			if n == 0 {
				t.Fatalf("the kind has no fixture in testdata/%s", kind)
			}
			golden(t, want, got.String())
		})
	}
}

// describe writes a line for each record and note of a fixture.
func describe(t *testing.T, b *strings.Builder, kind, path string) {
	t.Helper()
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	v := &harvesters.Visit{
		Source:  catalog.Source{Kind: kind, URL: path},
		Now:     func() time.Time { return clock },
		Declare: func(n int64) { _ = enc.Encode(map[string]any{"declared": n}) },
		Note:    func(f catalog.RunFault) { _ = enc.Encode(map[string]any{"note": f}) },
	}
	source, err := harvesters.Open(v)
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range source.Records(t.Context()) {
		var skip *harvesters.SkipError
		switch {
		case errors.As(err, &skip):
			_ = enc.Encode(map[string]any{"skipped": skip.Error()})
		case err != nil:
			t.Fatal(err)
		default:
			if len(r.Raw) == 0 || !json.Valid(r.Raw) {
				t.Errorf("%s: the record as it came is %q", r.Position, r.Raw)
			}
			if kind == "folder" || kind == "fiscal" { // times of files are those of the checkout
				d, ok := r.Value.(*catalog.Dataset)
				if !ok {
					d = &r.Value.(*fiscal.HarvestedBudget).Dataset
				}
				d.Modified = ""
				for i := range d.Resources {
					d.Resources[i].Modified = ""
				}
			}
			if d, ok := r.Value.(*consultation.HarvestedDraft); ok {
				bare(d)
			}
			_ = enc.Encode(struct {
				Identifier string             `json:"identifier"`
				Position   string             `json:"position"`
				Value      catalog.Value      `json:"dataset"`
				Agency     *catalog.Agency    `json:"agency,omitempty"`
				Faults     []catalog.RunFault `json:"faults,omitempty"`
			}{r.Identifier, r.Position, r.Value, r.Agency, r.Faults})
		}
	}
}

// bare leaves of the texts of a draft the addresses: how texts are split is
// tested where that is done.
func bare(d *consultation.HarvestedDraft) {
	for i := range d.Texts {
		law := &d.Texts[i].Law
		law.Remarks = nil
		for j := range law.Provisions {
			law.Provisions[j] = lawtext.Provision{Address: law.Provisions[j].Address}
		}
	}
}

func TestUnknownKindListsTheKnown(t *testing.T) {
	err := harvesters.Check(catalog.Source{Kind: "rss", URL: "https://x.test"})
	var invalid *catalog.InvalidError
	if !errors.As(err, &invalid) || !strings.Contains(err.Error(), strings.Join(harvesters.Kinds(), ", ")) {
		t.Errorf("got %v", err)
	}
}

func TestCheckAddresses(t *testing.T) {
	for _, c := range []struct {
		kind, url string
		ok        bool
	}{
		{"datajson", "https://x.test/data.json", true},
		{"datajson", "/srv/data.json", true},
		{"datajson", "ftp://x.test/data.json", false},
		{"datajson", "file:///etc/passwd", false},
		{"datajson", "https://user:secret@x.test/", false},
		{"ckan", "https:///x", false},
		{"ckan", "", false},
		{"folder", "/srv/data", true},
		{"folder", "https://x.test/data", false},
	} {
		if err := harvesters.Check(catalog.Source{Kind: c.kind, URL: c.url}); (err == nil) != c.ok {
			t.Errorf("%s %q: %v", c.kind, c.url, err)
		}
	}
}

func TestFolderNeverLeavesItsRoot(t *testing.T) {
	dir := t.TempDir()
	secret := writeFile(t, filepath.Join(dir, "secret.csv"), "a,b\n1,2\n")
	root := filepath.Join(dir, "root")
	writeFile(t, filepath.Join(root, "open.csv"), "a,b\n1,2\n")
	for link, to := range map[string]string{"out.csv": secret, "updir": dir, "in.csv": filepath.Join(root, "open.csv")} {
		if err := os.Symlink(to, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("open.csv", filepath.Join(root, "beside.csv")); err != nil {
		t.Fatal(err)
	}
	d := newDeps(t)
	run := harvest(t, d, addSource(t, d, "folder", root))
	if run.State != catalog.RunComplete || run.Counts.New != 2 {
		t.Errorf("%s %+v: want open.csv and beside.csv", run.State, run.Counts)
	}
	if err := harvesters.Drain(t.Context(), d, nil); err != nil {
		t.Fatal(err)
	}
	stats, err := d.Store.Stats(t.Context())
	if err != nil || stats.Tables != 2 {
		t.Errorf("tables: %+v, %v", stats, err)
	}
}
