package catalog

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

func readTable() *datasets.Imported {
	return &datasets.Imported{Format: "csv", Tables: []datasets.ImportedTable{{
		Digest: strings.Repeat("b", 64), Rows: 2, Schema: datasets.Schema{{Name: "n", Label: "n", Type: datasets.Integer}, {Name: "k", Label: "k"}},
	}}}
}

// TestDescribeColumns says something of columns, more, and nothing again.
func TestDescribeColumns(t *testing.T) {
	s, _ := database(t)
	a := Agency{Title: Text{"en": "Water"}}
	var d DeskDataset
	var r Resource
	im := readTable()
	must := func(do func(*Tx) error) {
		t.Helper()
		if err := s.Write(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	must(func(tx *Tx) error { return tx.PutAgency(&a) })
	must(func(tx *Tx) (err error) {
		if d, err = tx.CreateDataset(&Shell, Dataset{Agency: a.ID, Title: Text{"en": "Rain"}}, ""); err == nil {
			d, r, err = tx.AddFile(&Shell, d.ID, AnyRevision, Given{File: File{Digest: strings.Repeat("a", 64), Name: "a.csv", Size: 3}, Imported: im})
		}
		return err
	})
	say := func(by *Actor, revision int64, texts ...ColumnText) error {
		return s.Write(t.Context(), func(tx *Tx) (err error) {
			_, err = tx.DescribeColumns(by, d.ID, revision, r.ID, texts)
			return err
		})
	}
	if err := say(&Shell, d.Revision, ColumnText{Name: "n", Title: Text{"fa": "شمار"}, Unit: "mm"}, ColumnText{Name: "k", About: Text{"en": "Key"}}); err != nil {
		t.Fatal(err)
	}
	var stale *StaleError
	if err := say(&Shell, d.Revision, ColumnText{Name: "n"}); !errors.As(err, &stale) {
		t.Errorf("an old revision: %v", err)
	}
	if err := say(&Actor{Person: "p", Roles: map[string]Role{a.ID: Viewer}}, AnyRevision, ColumnText{Name: "n"}); !errors.Is(err, ErrDenied) {
		t.Errorf("a viewer: %v", err)
	}
	if err := say(&Shell, AnyRevision, ColumnText{Name: "k"}, ColumnText{Name: "z", Unit: strings.Repeat("x", maxColumnText+1)}); err == nil {
		t.Error("a text without end is taken")
	}
	if err := say(&Shell, AnyRevision, ColumnText{Name: "k"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.DeskDataset(t.Context(), &Shell, d.ID)
	if err != nil || len(got.Resources[0].Columns) != 1 {
		t.Fatalf("%v: %+v", err, got.Resources)
	}
	if c := got.ColumnText(&got.Resources[0], "n"); c.Unit != "mm" || c.Title["fa"] != "شمار" {
		t.Errorf("of n it says %+v", c)
	}
}

// TestUploads keeps an upload through its states.
func TestUploads(t *testing.T) {
	s, _ := database(t)
	u := Upload{Dataset: "d", Person: "p", File: File{Digest: "x", Name: "a.csv", Size: 1}, State: UploadWaiting}
	put := func() {
		t.Helper()
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.PutUpload(&u) }); err != nil {
			t.Fatal(err)
		}
	}
	put()
	if all, err := s.WaitingUploads(t.Context(), 5); err != nil || len(all) != 1 || all[0].ID != u.ID || all[0].At.IsZero() {
		t.Errorf("waiting: %+v, %v", all, err)
	}
	if _, err := s.Upload(t.Context(), "other", u.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("through another dataset: %v", err)
	}
	u.State, u.Resource, u.How = UploadDone, "r", []byte(`{"a":1}`)
	put()
	if all, err := s.Uploads(t.Context(), "d"); err != nil || len(all) != 0 {
		t.Errorf("under way: %+v, %v", all, err)
	}
	if last, err := s.LastUpload(t.Context(), "r"); err != nil || string(last.How) != `{"a":1}` || last.At.After(time.Now().AddDate(1, 0, 0)) {
		t.Errorf("the last: %+v, %v", last, err)
	}
}
