package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/goccy/go-json"
	"golang.org/x/mod/sumdb/tlog"
)

// A LogProof shows that an entry is in the log, to whoever has the key that
// heads are checked with and nothing else of the portal.
type LogProof struct {
	Leaf  int64    `json:"leaf"`           // number of the entry
	Entry string   `json:"entry"`          // as it was hashed; empty when it has lost its text
	Salt  string   `json:"salt"`           // with which it was hashed, in hexadecimal
	Size  int64    `json:"size,omitempty"` // entries under the head
	Head  string   `json:"head,omitempty"` // the newest signed one; empty while none holds the entry
	Path  []string `json:"path,omitempty"` // from the leaf to the head: hashes of RFC 6962 §2.1.1, in base64
}

// ErrUnsigned says that the entry of a proof came after the last signed head.
var ErrUnsigned = errors.New("no signed head of the log holds the entry yet")

// ProveEntry returns the proof of entry n, up to the newest signed head, or
// ErrNotFound. Whoever gets it can read the entry.
func (s *Store) ProveEntry(ctx context.Context, n int64) (LogProof, error) {
	p := LogProof{Leaf: n}
	var salt []byte
	err := s.row(ctx, "select salt, coalesce(body, '') from log where n = ?", n).Scan(&salt, &p.Entry)
	if errors.Is(err, sql.ErrNoRows) {
		return p, notFound("entry", strconv.FormatInt(n, 10))
	}
	if err != nil {
		return p, wrap("prove entry", err)
	}
	p.Salt = hex.EncodeToString(salt)
	head, err := s.LastLogHead(ctx)
	if errors.Is(err, ErrNoHead) || err == nil && head.Size <= n {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	path, err := tlog.ProveRecord(head.Size, n, s.hashes(ctx))
	if err != nil {
		return p, wrap("prove entry", err)
	}
	p.Size, p.Head = head.Size, head.Note
	for _, h := range path {
		p.Path = append(p.Path, h.String())
	}
	return p, nil
}

// Verify checks the proof against the public key of the heads and returns the
// entry. ErrUnsigned: it has no head yet; the entry is returned all the same.
func (p *LogProof) Verify(public string) (e Entry, err error) {
	salt, err := hex.DecodeString(p.Salt)
	if err != nil || len(salt) == 0 {
		return e, errors.New("its salt is not what a salt looks like")
	}
	if err := json.Unmarshal([]byte(p.Entry), &e); err != nil || e.N != p.Leaf {
		return e, errors.New("what it gives as the entry is none, or one with another number")
	}
	if p.Head == "" {
		return e, ErrUnsigned
	}
	root, err := headHash(&LogHead{Size: p.Size, Note: p.Head}, public)
	if err != nil {
		return e, fmt.Errorf("the head of the log is not signed with this key: %w", err)
	}
	path := make(tlog.RecordProof, len(p.Path))
	for i, text := range p.Path {
		if path[i], err = tlog.ParseHash(text); err != nil {
			return e, errors.New("a hash on the way to the head is none")
		}
	}
	leaf := tlog.RecordHash(leafOf(salt, []byte(p.Entry)))
	if err := tlog.CheckRecord(path, p.Size, root, p.Leaf, leaf); err != nil {
		return e, errors.New("the entry is not in the log whose head was signed: it was altered, or it never was there")
	}
	return e, nil
}
