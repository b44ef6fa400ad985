package catalog

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/goccy/go-json"
	"golang.org/x/mod/sumdb/tlog"
)

// VerifyLog checks that the log is what it was when each of its heads was
// signed: every entry against its leaf, every hash of the tree against what is
// below it, every head against the tree. public is the key of the heads.
func VerifyLog(ctx context.Context, s *Store, public string) (VerifyPart, error) {
	p := VerifyPart{Name: "log"}
	redacted := int64(0)
	rows, err := s.query(ctx, "select n, at, agency, actor, hash, salt, body from log order by n")
	if err != nil {
		return p, wrap("verify log", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l leafRow
		if err := rows.Scan(&l.n, asTime(&l.at), &l.agency, &l.actor, &l.hash, &l.salt, &l.body); err != nil {
			return p, wrap("verify log", err)
		}
		if l.n != p.Checked {
			p.fault("entry %d is missing from the log; bring the last backup back that has it", p.Checked)
			p.Checked = l.n
		}
		p.Checked++
		if l.body == nil {
			redacted++
		} else if !l.whole() {
			p.fault("entry %d of the log does not say what it said when it was written; compare it with a backup", l.n)
		}
		if err := s.verifyBranch(ctx, &p, l.n, l.hash); err != nil {
			return p, wrap("verify log", err)
		}
	}
	if err := rows.Err(); err != nil {
		return p, wrap("verify log", err)
	}
	if redacted > 0 {
		p.Note = fmt.Sprintf("%d of them have lost their text, as was ordered", redacted)
	}
	return p, wrap("verify log", s.verifyHeads(ctx, &p, public))
}

// A leafRow is a line of the log as it is kept.
type leafRow struct {
	n             int64
	at            time.Time
	agency, actor string
	hash, salt    []byte
	body          []byte
}

// whole reports whether the entry hashes to its leaf, and its line says the same.
func (l *leafRow) whole() bool {
	var e Entry
	return bytes.Equal(leafOf(l.salt, l.body), l.hash) && json.Unmarshal(l.body, &e) == nil &&
		e.N == l.n && stamp(e.At) == stamp(l.at) && e.Agency == l.agency && e.Actor == l.actor
}

// verifyBranch computes again the hashes that leaf n completes.
func (s *Store) verifyBranch(ctx context.Context, p *VerifyPart, n int64, leaf []byte) error {
	read := s.hashes(ctx)
	hashes, err := tlog.StoredHashes(n, leaf, read)
	if err != nil {
		p.fault("the tree of the log is cut at entry %d: %v", n, err)
		return ctx.Err()
	}
	for k, h := range hashes {
		var kept []byte
		if err := read(tlog.StoredHashIndex(0, n)+int64(k), &kept); err != nil || !bytes.Equal(kept, h[:]) {
			p.fault("the tree of the log does not fit entry %d; compare it with a backup", n)
			return ctx.Err()
		}
	}
	return nil
}

func (s *Store) verifyHeads(ctx context.Context, p *VerifyPart, public string) error {
	const all = 1 << 20
	heads, err := s.LogHeads(ctx, all)
	if err != nil {
		return err
	}
	for i := range heads {
		h := &heads[i]
		signed, err := headHash(h, public)
		if err != nil {
			p.fault("the head of the log at %d entries is not signed by this portal: %v", h.Size, err)
			continue
		}
		root, err := tlog.TreeHash(h.Size, s.hashes(ctx))
		if err != nil || root != signed {
			p.fault("the log is not the one whose head was signed at %d entries on %s; compare it with a backup and with the heads that others kept", h.Size, stamp(h.At))
		}
	}
	return nil
}
