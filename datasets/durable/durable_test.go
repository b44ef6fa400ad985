package durable_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/openshafaf/shafaf/datasets/durable"
)

// What lasts a loss of power is tried in cmd/shafaf; here only that the name
// goes to the whole file.
func TestPlaceGivesTheNameToTheWholeFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "kept")
	for _, text := range []string{"first", "second"} {
		f, err := os.CreateTemp(dir, "new-*")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := durable.Place(f, path); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err == nil {
			t.Error("the file is still open")
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("the file holds %q (%v), want %q", got, err, text)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) != 1 {
		t.Errorf("the folder has %q (%v)", left, err)
	}
}

func TestAFileThatCannotBePlacedIsAnError(t *testing.T) {
	dir := t.TempDir()
	f, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		t.Fatal(err)
	}
	if err := durable.Place(f, filepath.Join(dir, "none", "kept")); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
	if err := durable.SyncFolder(filepath.Join(dir, "none")); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}
