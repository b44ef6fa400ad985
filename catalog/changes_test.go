package catalog

import (
	"testing"
	"time"
)

// TestLongCountsAreMadeNowAndThen counts by a clock that goes on by so much each
// time that it is looked at.
func TestLongCountsAreMadeNowAndThen(t *testing.T) {
	for _, c := range []struct {
		step  time.Duration
		stays bool
	}{{0, false}, {countSoon / 2, false}, {2 * countSoon, true}} {
		now, step := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), time.Duration(0)
		s, err := Open(t.Context(), t.TempDir(), Options{Now: func() time.Time {
			now = now.Add(step)
			return now
		}})
		if err != nil {
			t.Fatal(err)
		}
		add := func() {
			if err := s.Write(t.Context(), func(tx *Tx) error {
				a := Agency{Title: Text{"en": "Roads"}}
				if err := tx.PutAgency(&a); err != nil {
					return err
				}
				return tx.PutDataset(&Dataset{Agency: a.ID, Title: Text{"en": "Roads"}})
			}); err != nil {
				t.Fatal(err)
			}
		}
		count := func() int64 {
			step = c.step
			defer func() { step = 0 }()
			n, err := s.Stats(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return n.Datasets
		}
		add()
		first := count()
		add()
		if second := count(); first != 1 || (second == first) != c.stays {
			t.Errorf("looks %s apart: %d, then %d", c.step, first, second)
		}
		now = now.Add(time.Minute)
		if n := count(); n != 2 {
			t.Errorf("looks %s apart: %d after a minute", c.step, n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
