package catalog_test

import (
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestTheStateIsAnotherAfterEachCommitOfAnyProcess(t *testing.T) {
	dir := t.TempDir()
	s, other := open(t, dir), open(t, dir)
	state := func() int64 {
		n, err := s.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	last := state()
	if again := state(); again != last {
		t.Fatalf("%d without a write, before %d", again, last)
	}
	for _, by := range []*catalog.Store{s, other} {
		err := by.Write(t.Context(), func(tx *catalog.Tx) error {
			return tx.PutAgency(&catalog.Agency{Title: catalog.TitleOf("An agency")})
		})
		if err != nil {
			t.Fatal(err)
		}
		next := state()
		if next == last {
			t.Fatal("a write is not seen")
		}
		last = next
	}
}
