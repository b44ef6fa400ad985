package catalog

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-json"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// An Entry is an act: who did what to which thing, when, and what it was
// before and after. Entries are the leaves of one Merkle tree (RFC 6962), so
// that none can be changed or left out without a trace.
type Entry struct {
	N      int64           `json:"n"` // its place in the log, from 0
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor,omitempty"` // id of the person; empty: nobody who signed in
	Name   string          `json:"name,omitempty"`  // what the actor was called then
	Token  string          `json:"token,omitempty"` // id of the API token that was used
	Act    string          `json:"act"`             // "dataset.publish"
	Noun   string          `json:"noun,omitempty"`
	Thing  string          `json:"thing,omitempty"`  // id
	Agency string          `json:"agency,omitempty"` // id of the agency that it concerns; empty: the portal
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	Note   string          `json:"note,omitempty"` // why, where somebody said it
}

// saltSize makes it hopeless to guess what a leaf said that lost its text.
const saltSize = 16

// Log appends an act of the actor to the log. before and after are what the
// thing was and is, nil where there is nothing to say; they hold no secret.
func (t *Tx) Log(by *Actor, e Entry, before, after any) error {
	e.At, e.Actor, e.Name, e.Token = t.now, by.Person, by.Name, by.Token
	if err := t.row("select coalesce(max(n) + 1, 0) from log").Scan(&e.N); err != nil {
		return err
	}
	for _, side := range []struct {
		from any
		to   *json.RawMessage
	}{{before, &e.Before}, {after, &e.After}} {
		if side.from == nil {
			continue
		}
		b, err := encode(side.from)
		if err != nil {
			return err
		}
		*side.to = b
	}
	body, err := encode(e)
	if err != nil {
		return err
	}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	leaf := leafOf(salt, body)
	if err := t.exec("insert into log (n, at, agency, actor, noun, thing, hash, salt, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		e.N, stamp(e.At), e.Agency, e.Actor, e.Noun, e.Thing, leaf, salt, string(body)); err != nil {
		return err
	}
	return t.grow(e.N, leaf)
}

// leafOf is the data of a leaf: nothing of the text can be read from it.
func leafOf(salt, body []byte) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(body)
	return h.Sum(nil)
}

// grow adds the hashes that leaf n completes to the tree.
func (t *Tx) grow(n int64, leaf []byte) error {
	hashes, err := tlog.StoredHashes(n, leaf, hashReader(func(i int64, h *[]byte) error {
		return t.row("select hash from log_hashes where i = ?", i).Scan(h)
	}))
	if err != nil {
		return err
	}
	for k, h := range hashes {
		if err := t.exec("insert into log_hashes (i, hash) values (?, ?)", tlog.StoredHashIndex(0, n)+int64(k), h[:]); err != nil {
			return err
		}
	}
	return nil
}

// A hashReader reads one stored hash of the tree.
type hashReader func(i int64, h *[]byte) error

// ReadHashes is tlog.HashReader.
func (read hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for k, i := range indexes {
		var h []byte
		if err := read(i, &h); err != nil {
			return nil, fmt.Errorf("hash %d of the log: %w", i, err)
		}
		if len(h) != tlog.HashSize {
			return nil, fmt.Errorf("hash %d of the log has %d bytes", i, len(h))
		}
		copy(hashes[k][:], h)
	}
	return hashes, nil
}

func (s *Store) hashes(ctx context.Context) hashReader {
	return func(i int64, h *[]byte) error {
		return s.row(ctx, "select hash from log_hashes where i = ?", i).Scan(h)
	}
}

// LogQuery asks for entries of the log.
type LogQuery struct {
	Agencies []string  // ids; all when nil
	Thing    string    // id; all when empty
	Act      string    // or what it begins with, up to a point; all when empty
	Who      string    // part of the name of the actor, or an id; all when empty
	From, To time.Time // from the one to before the other; all when zero
	Before   int64     // only entries below this number; from the newest when 0
	Size     int
}

// LogEntries returns entries, the newest first. One that lost its text has only
// its number and time.
func (s *Store) LogEntries(ctx context.Context, q LogQuery) ([]Entry, error) {
	before := q.Before
	if before <= 0 {
		before = 1 << 62
	}
	agencies, err := encode(q.Agencies)
	if err != nil {
		return nil, err
	}
	rows, err := s.query(ctx, `select n, at, coalesce(body, '') from log
		where n < ?1 and (?2 = 'null' or agency in (select value from json_each(?2))) and (?3 = '' or thing = ?3)
			and (?5 = '' or body ->> 'act' = ?5 or substr(body ->> 'act', 1, length(?5) + 1) = ?5 || '.')
			and (?6 = '' or actor = ?6 or instr(lower(coalesce(body ->> 'name', '')), lower(?6)) > 0)
			and (?7 = '' or at >= ?7) and (?8 = '' or at < ?8)
		order by n desc limit ?4`,
		before, string(agencies), q.Thing, q.Size, q.Act, q.Who, asTime(&q.From), asTime(&q.To))
	all, err := collect(rows, err, func(r scanner) (e Entry, err error) {
		var body string
		var at time.Time
		var n int64
		if err = r.Scan(&n, asTime(&at), &body); err == nil && body != "" {
			err = json.Unmarshal([]byte(body), &e)
		}
		e.N, e.At = n, at
		return e, err
	})
	return all, wrap("log", err)
}

// A LogKey signs heads of the log.
type LogKey struct {
	name string
	key  ed25519.PrivateKey
	id   uint32
	pub  string
}

// NewLogKey makes the key of the log from 32 secret bytes. The log is named
// after its key, so that the name stays when the portal moves to another address.
func NewLogKey(seed []byte) (*LogKey, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("catalog: a key of the log is made of %d bytes, not %d", ed25519.SeedSize, len(seed))
	}
	key := ed25519.NewKeyFromSeed(seed)
	public := key.Public().(ed25519.PublicKey)
	sum := sha256.Sum256(public)
	k := &LogKey{name: "shafaf-" + hex.EncodeToString(sum[:6]), key: key}
	var err error
	if k.pub, err = note.NewEd25519VerifierKey(k.name, public); err != nil {
		return nil, wrap("log key", err)
	}
	v, err := note.NewVerifier(k.pub)
	if err != nil {
		return nil, wrap("log key", err)
	}
	k.id = v.KeyHash()
	return k, nil
}

// Public is the key that heads are checked with, as golang.org/x/mod/sumdb/note
// writes it.
func (k *LogKey) Public() string { return k.pub }

// Name is note.Signer.
func (k *LogKey) Name() string { return k.name }

// KeyHash is note.Signer.
func (k *LogKey) KeyHash() uint32 { return k.id }

// Sign is note.Signer.
func (k *LogKey) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(k.key, msg), nil }

// A LogHead says how many entries the log had and what their tree hashed to.
// Note is that, signed: whoever keeps it can tell later whether anything of the
// log was changed.
type LogHead struct {
	Size int64     `json:"size"`
	At   time.Time `json:"at"`
	Note string    `json:"note"`
}

// ErrNoHead says that no head has been signed yet.
var ErrNoHead = errors.New("no head of the log has been signed yet")

// SignLog signs the head of the log as it is now and keeps it. Without a new
// entry since the last head it returns that one.
func (s *Store) SignLog(ctx context.Context, k *LogKey) (LogHead, error) {
	var size int64
	if err := s.row(ctx, "select coalesce(max(n) + 1, 0) from log").Scan(&size); err != nil {
		return LogHead{}, wrap("sign log", err)
	}
	last, err := s.LastLogHead(ctx)
	if err == nil && last.Size == size || err != nil && !errors.Is(err, ErrNoHead) {
		return last, err
	}
	head, err := s.signedHead(ctx, k, size)
	if err != nil {
		return head, wrap("sign log", err)
	}
	err = s.Write(ctx, func(tx *Tx) error {
		head.At = tx.now
		return tx.exec("insert or ignore into log_heads (size, at, note) values (?, ?, ?)", head.Size, asTime(&head.At), head.Note)
	})
	return head, err
}

func (s *Store) signedHead(ctx context.Context, k *LogKey, size int64) (LogHead, error) {
	root, err := tlog.TreeHash(size, s.hashes(ctx))
	if err != nil {
		return LogHead{}, err
	}
	text := fmt.Sprintf("%s/log\n%d\n%s\n", k.name, size, root) // a checkpoint, as c2sp.org/tlog-checkpoint says
	signed, err := note.Sign(&note.Note{Text: text}, k)
	return LogHead{Size: size, Note: string(signed)}, err
}

// LastLogHead returns the newest signed head, or ErrNoHead.
func (s *Store) LastLogHead(ctx context.Context) (LogHead, error) {
	heads, err := s.LogHeads(ctx, 1)
	if err == nil && len(heads) == 0 {
		return LogHead{}, ErrNoHead
	}
	if err != nil {
		return LogHead{}, err
	}
	return heads[0], nil
}

// LogHeads returns the newest signed heads.
func (s *Store) LogHeads(ctx context.Context, n int) ([]LogHead, error) {
	rows, err := s.query(ctx, "select size, at, note from log_heads order by size desc limit ?", n)
	all, err := collect(rows, err, scanHead)
	return all, wrap("log heads", err)
}

// headHash reads the tree's hash from a signed head, whose signature it checks.
func headHash(h *LogHead, public string) (root tlog.Hash, err error) {
	v, err := note.NewVerifier(public)
	if err != nil {
		return root, err
	}
	n, err := note.Open([]byte(h.Note), note.VerifierList(v))
	if err != nil {
		return root, err
	}
	lines := strings.SplitN(n.Text, "\n", 4)
	if len(lines) < 3 || lines[1] != strconv.FormatInt(h.Size, 10) {
		return root, errors.New("it is of another size than it says")
	}
	return tlog.ParseHash(lines[2])
}
