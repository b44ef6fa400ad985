package catalog

import "testing"

// TestCommentsAreQuiet: what is kept of datasets stays good while comments come.
func TestCommentsAreQuiet(t *testing.T) {
	s, _ := database(t)
	change := func(noun string) int64 {
		wrote(t, s, func(tx *Tx) error { tx.Changed(noun, noun, OpPut); return nil })
		seq, err := s.LastQuietSeq(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return seq
	}
	first := change(NounDataset)
	if seq := change(nounComment); seq != first {
		t.Errorf("after a comment it is %d, want %d", seq, first)
	}
	if seq := change(NounAgency); seq != first+2 {
		t.Errorf("after an agency it is %d, want %d", seq, first+2)
	}
}
