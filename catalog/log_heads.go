package catalog

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"
)

// A PublicHead is a signed head of the log with the proof that the log only
// grew since the head before it: the hashes of RFC 6962 §2.1.2, in base64. With
// both heads and these anybody can tell that no entry was changed or taken out.
type PublicHead struct {
	LogHead
	Grew []string `json:"grew"`
}

// PublicHeads returns the newest n signed heads of the log with their proofs,
// those before size when that is not 0. Nothing of the entries is in them.
func (s *Store) PublicHeads(ctx context.Context, before int64, n int) ([]PublicHead, error) {
	if before <= 0 {
		before = 1 << 62
	}
	rows, err := s.query(ctx, "select size, at, note from log_heads where size < ? order by size desc limit ?", before, n+1)
	heads, err := collect(rows, err, scanHead)
	if err != nil {
		return nil, wrap("log heads", err)
	}
	all := []PublicHead{}
	for i := range heads[:min(n, len(heads))] {
		h := PublicHead{LogHead: heads[i], Grew: []string{}}
		if i+1 < len(heads) && heads[i+1].Size > 0 {
			proof, err := tlog.ProveTree(h.Size, heads[i+1].Size, s.hashes(ctx))
			if err != nil {
				return nil, wrap("log heads", err)
			}
			for _, hash := range proof {
				h.Grew = append(h.Grew, hash.String())
			}
		}
		all = append(all, h)
	}
	return all, nil
}

func scanHead(r scanner) (h LogHead, err error) {
	err = r.Scan(&h.Size, asTime(&h.At), &h.Note)
	return h, err
}

// CountHeads returns how many heads of the log were signed.
func (s *Store) CountHeads(ctx context.Context) (n int64, err error) {
	err = s.row(ctx, "select count(*) from log_heads").Scan(&n)
	return n, wrap("log heads", err)
}
