package exporters

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

func listed(all ...Listing) iter.Seq2[Listing, error] {
	return func(yield func(Listing, error) bool) {
		for _, l := range all {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// asDCAT writes one dataset and reads it back as plain JSON.
func asDCAT(t *testing.T, l Listing) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDataJSON(t.Context(), &b, "https://data.example.org", listed(l)); err != nil {
		t.Fatal(err)
	}
	var c struct{ Dataset []map[string]any }
	if err := json.Unmarshal(b.Bytes(), &c); err != nil || len(c.Dataset) != 1 {
		t.Fatalf("%v: %s", err, b.String())
	}
	return c.Dataset[0]
}

func bareDataset() *catalog.Dataset {
	return &catalog.Dataset{ID: "0197", Slug: "bare", Title: catalog.Text{"en": "Bare"}, Updated: time.Date(2026, 5, 1, 2, 3, 4, 5000, time.UTC)}
}

func TestADatasetThatSaysLittleHasWhatDCATRequires(t *testing.T) {
	agency := &catalog.Agency{Title: catalog.Text{"en": "Agency", "fa": "دستگاه"}, Contact: "foi@example.org"}
	d := asDCAT(t, Listing{Dataset: bareDataset(), Agency: agency, Above: []*catalog.Agency{{Title: catalog.Text{"en": "Ministry"}}}})
	got, _ := json.Marshal(d)
	for _, want := range []string{
		`"description":"Bare"`, `"keyword":["دستگاه"]`, `"modified":"2026-05-01T02:03:04Z"`, `"accessLevel":"public"`, `"identifier":"0197"`,
		`"hasEmail":"mailto:foi@example.org"`, `"foaf:name":{"en":"Agency","fa":"دستگاه"}`, `"subOrganizationOf":{"@type":"org:Organization","name":"Ministry"}`,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("there is no %s in %s", want, got)
		}
	}
	nobody := asDCAT(t, Listing{Dataset: bareDataset(), Agency: &catalog.Agency{Title: catalog.Text{"en": "Agency"}, Contact: "Room 12"}})
	if contact, _ := nobody["contactPoint"].(map[string]any); contact["fn"] != "Agency" || contact["hasEmail"] != nil {
		t.Errorf("a mail address was made up: %v", nobody["contactPoint"])
	}
}

func TestEveryLicenceIsKnownAgainByItsAddress(t *testing.T) {
	for _, l := range catalog.Licences() {
		d := bareDataset()
		d.Licence = l.ID
		uri, _ := asDCAT(t, Listing{Dataset: d})["license"].(string)
		if !strings.HasPrefix(uri, "https://") || catalog.LicenceOf(uri) != l.ID {
			t.Errorf("%s is written as %q and read as %q", l.ID, uri, catalog.LicenceOf(uri))
		}
	}
}

func TestTheListIsWholeOrAnError(t *testing.T) {
	broken := errors.New("the catalogue cannot be read")
	err := WriteDataJSON(t.Context(), io.Discard, "https://data.example.org", func(yield func(Listing, error) bool) {
		if yield(Listing{Dataset: bareDataset()}, nil) {
			yield(Listing{}, broken)
		}
	})
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	var b bytes.Buffer
	if err := WriteDataJSON(t.Context(), &b, "https://data.example.org", listed()); err != nil || !json.Valid(b.Bytes()) || !strings.Contains(b.String(), `"dataset":[`) {
		t.Errorf("an empty list is %s (%v)", b.String(), err)
	}
}

func TestTheListTakesNoMoreMemoryForMoreDatasets(t *testing.T) {
	d := bareDataset()
	d.Description = catalog.Text{"en": strings.Repeat("All of it, in words. ", 50)}
	d.Resources = slices.Repeat([]catalog.Resource{{Name: "rows", DownloadURL: "https://example.org/rows.csv", Format: "CSV"}}, 5)
	var before, now runtime.MemStats
	var most uint64
	runtime.GC()
	runtime.ReadMemStats(&before)
	const n = 50_000
	err := WriteDataJSON(t.Context(), io.Discard, "https://data.example.org", func(yield func(Listing, error) bool) {
		for i := range n {
			if i%5000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
			if !yield(Listing{Dataset: d}, nil) {
				return
			}
		}
	})
	if grown := int64(most) - int64(before.HeapAlloc); err != nil || grown > 8<<20 {
		t.Errorf("%d datasets took %d bytes of memory (%v)", n, grown, err)
	}
}
