package catalog_test

import (
	"errors"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

func TestOnAFullDiskTheOldSnapshotIsServed(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	full := datasets.NewRoom(t.TempDir(), datasets.Floor{Share: 1})
	dir := t.TempDir()
	if _, _, _, err := catalog.NewSnapshots(s, dir, catalog.SnapshotOptions{Room: full}).Open(t.Context()); !errors.Is(err, catalog.ErrFull) {
		t.Errorf("a first snapshot: %v", err)
	}
	file, made, late, err := catalog.NewSnapshots(s, dir, catalog.SnapshotOptions{}).Open(t.Context())
	must(t, err)
	must(t, file.Close())
	if late != nil {
		t.Error(late)
	}
	put(t, s, src, record("1", "Rivers"))
	for range 1_000_000 { // the clock goes on by a millisecond each time it is read
		if s.Now().Sub(made.Made).Minutes() > 11 {
			break
		}
	}
	file, old, late, err := catalog.NewSnapshots(s, dir, catalog.SnapshotOptions{Room: full}).Open(t.Context())
	must(t, err)
	must(t, file.Close())
	if old.Digest != made.Digest || !errors.Is(late, catalog.ErrFull) {
		t.Errorf("the snapshot of %s, late because of %v", old.Made, late)
	}
}
