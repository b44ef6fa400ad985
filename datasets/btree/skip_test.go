package btree

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// skipped returns the ids of the rows that a cursor finds which skips to each of
// some ids, and whether it came to the end before the last.
func skipped(file []byte, to []int64) (found []int64, ended bool, err error) {
	f, err := Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, false, err
	}
	root, err := f.Root("rows")
	if err != nil {
		return nil, false, err
	}
	c := f.Rows(root, 0)
	for _, id := range to {
		if err := c.SkipTo(id); err != nil {
			return found, false, err
		}
		ok, err := c.Next()
		if err != nil || !ok {
			return found, !ok, err
		}
		found = append(found, c.ID)
	}
	return found, false, nil
}

// ascending returns ids up to and beyond most, near each other and far apart.
func ascending(r *rand.Rand, most int64) []int64 {
	var ids []int64
	for id := int64(0); id < most+most/4; {
		ids = append(ids, id)
		id += 1 + r.Int64N(1+r.Int64N(1+r.Int64N(1+most/3)))
	}
	return ids
}

func TestSkippedRowsDoNotCome(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, pageSize := range []int{512, 8192} {
		const rows, step = 3000, 3
		file := made(t, pageSize, rows, step)
		const last = (rows + 10) * step // see made
		for range 50 {
			to := ascending(r, last)
			found, ended, err := skipped(file, to)
			if err != nil {
				t.Fatal(err)
			}
			var want []int64
			for _, id := range to {
				id = (id + step - 1) / step * step
				if len(want) > 0 {
					id = max(id, want[len(want)-1]+step)
				}
				if id > last {
					break
				}
				want = append(want, id)
			}
			if !slices.Equal(found, want) || ended != (len(want) < len(to)) {
				t.Fatalf("%d rows were found, wanted %d", len(found), len(want))
			}
		}
	}
}

func TestSkippingEndsOnDamagedPages(t *testing.T) {
	whole := made(t, 512, 2000, 1)
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		file := bytes.Clone(whole)
		for range 1 + r.IntN(20) {
			file[r.IntN(len(file))] = byte(r.Uint32())
		}
		if _, _, err := skipped(file, ascending(r, 2000)); err != nil && !errors.Is(err, ErrFormat) {
			t.Fatalf("the error is of another kind: %v", err)
		}
	}
}
