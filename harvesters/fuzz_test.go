package harvesters_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/harvesters"
)

// These hold that whatever a source sends, each record is mapped to something
// that can be stored, or refused in a sentence.
func FuzzDataJSON(f *testing.F)    { fuzzKind(f, "datajson", "*.json") }
func FuzzCKAN(f *testing.F)        { fuzzKind(f, "ckan", "*.json") }
func FuzzFederal(f *testing.F)     { fuzzKind(f, "federalregister", "*.json") }
func FuzzRegulations(f *testing.F) { fuzzKind(f, "regulationsgov", "root/*.json", "root/days/*.json") }
func FuzzFeed(f *testing.F)        { fuzzKind(f, "feed", "*.xml") }
func FuzzAKN(f *testing.F)         { fuzzKind(f, "akn", "root/*.xml") }

func fuzzKind(f *testing.F, kind string, patterns ...string) {
	f.Helper()
	var fixtures []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join("testdata", kind, p))
		if err != nil || len(found) == 0 {
			f.Fatal("no fixtures", err)
		}
		fixtures = append(fixtures, found...)
	}
	for _, path := range fixtures {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`[{"identifier": 1e400, "title": ["a", {"@value": 2}], "spatial": [1,2,3,4], "distribution": {"downloadURL": {"x": []}}}]`))
	f.Add([]byte(`{"result":{"results":[{"id":"a","title":"b","extras":[{"key":"spatial","value":"{"}],"resources":{"url":"::"}}]}}`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(dir, "source"+filepath.Ext(patterns[0]))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		source, err := harvesters.Open(&harvesters.Visit{Source: catalog.Source{Kind: kind, URL: path}})
		if err != nil {
			t.Fatal(err)
		}
		for r, err := range source.Records(t.Context()) {
			var skip *harvesters.SkipError
			if errors.As(err, &skip) {
				if skip.Position == "" || skip.Err == nil || skip.Error() == "" {
					t.Errorf("a record is refused without a sentence: %+v", skip)
				}
				continue
			}
			if err == nil && !r.Deleted {
				checkRecord(t, kind, &r)
			}
		}
	})
}

func checkRecord(t *testing.T, kind string, r *catalog.Record) {
	t.Helper()
	if r.Identifier == "" || len(r.Identifier) > 1000 || !json.Valid(r.Raw) {
		t.Errorf("identifier %q, raw %q", r.Identifier, r.Raw)
	}
	if _, comment := r.Value.(*consultation.HarvestedComment); len(r.Value.Called()) == 0 && !comment {
		t.Error("a record without a title is not refused")
	}
	if _, err := catalog.MarkOf(r); err != nil {
		t.Errorf("it has no mark: %v", err)
	}
	b, err := json.Marshal(r.Value)
	if err != nil || !utf8.Valid(b) || strings.Contains(string(b), `\u0000`) {
		t.Errorf("it cannot be stored: %v %q", err, b)
	}
	if err := r.Value.Validate(); err != nil && kind != "datajson" && kind != "ckan" {
		t.Errorf("it cannot be taken in: %v", err)
	}
	d, ok := r.Value.(*catalog.Dataset)
	if !ok {
		return
	}
	for _, res := range d.Resources {
		for _, address := range []string{res.DownloadURL, res.AccessURL} {
			scheme, _, _ := strings.Cut(address, ":")
			if address != "" && !strings.Contains(" http https ftp ftps sftp ", " "+scheme+" ") {
				t.Errorf("the address %q passes", address)
			}
		}
	}
}
