package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/unicode/norm"
)

// An Outcome is what a record meant to the catalogue.
type Outcome uint8

// Outcomes of PutRecord.
const (
	Unchanged Outcome = iota
	New
	Changed
	Touched // nothing but dates and sizes moved: no new state of the dataset, but its files are looked at again
)

// A Mark is what is remembered of a record to tell whether it changed.
type Mark struct {
	Hash    [32]byte // of the mapped record without its dates of change
	Touch   [32]byte // of those dates and of the sizes of files
	Like    Likeness // to find it under another identifier
	Origin  Origin   // zero when it is not known
	Missing bool     // it was not in the last run that was read to its end
	Misses  int      // complete runs in a row that did not have it
	Retired bool     // what it describes was retired
	Closed  bool     // what it describes was taken down by an operator: whatever comes, it is not published
}

// MarkOf computes the mark of a record: SHA-256 over the canonical form of its
// value and its agency, in which texts are NFC.
func MarkOf(r *Record) (Mark, error) {
	p, err := r.Value.Print(r.Agency)
	if err != nil {
		return Mark{}, err
	}
	agency, err := encode(r.Agency)
	if err != nil {
		return Mark{}, err
	}
	return Mark{
		Hash:  sha256.Sum256(norm.NFC.Bytes([]byte(p.Stays + "\n" + string(agency)))),
		Touch: sha256.Sum256([]byte(p.Moves)),
		Like:  p.Like,
	}, nil
}

// What the column retired of a record says.
const (
	recordRetired = 1
	recordClosed  = 2
)

// Marks returns the marks of all records that a source (its id) ever gave.
func (s *Store) Marks(ctx context.Context, source string) (map[Key]Mark, error) {
	rows, err := s.query(ctx, "select noun, identifier, hash, touch, likeness, origin, missing <> '', misses, retired from records where source = ?", source)
	if err != nil {
		return nil, wrap("marks", err)
	}
	defer rows.Close()
	marks, nouns := map[Key]Mark{}, map[string]string{}
	for rows.Next() {
		var id Key
		var m Mark
		var hash, touch, like, origin []byte
		var retired int
		if err := rows.Scan(&id.Noun, &id.Identifier, &hash, &touch, &like, &origin, &m.Missing, &m.Misses, &retired); err != nil {
			return nil, wrap("marks", err)
		}
		copy(m.Hash[:], hash)
		copy(m.Touch[:], touch)
		copy(m.Origin[:], origin)
		m.Like = unpackLikeness(like)
		m.Retired, m.Closed = retired == recordRetired, retired == recordClosed
		if same, ok := nouns[id.Noun]; ok {
			id.Noun = same // one text for all of them
		}
		nouns[id.Noun] = id.Noun
		marks[id] = m
	}
	return marks, wrap("marks", rows.Err())
}

// PutRecord takes in a record of a source: a new thing, a new state of a known
// one, or nothing when it is as it was. An *InvalidError says why a record
// cannot be taken in.
func (t *Tx) PutRecord(src *Source, r *Record) (Outcome, error) {
	if r.Identifier == "" {
		return 0, &InvalidError{"identifier", "the record has none"}
	}
	if r.Value == nil {
		return 0, &InvalidError{"record", "it describes nothing that is known here"}
	}
	r.Noun = r.Value.Noun()
	if err := r.Value.Validate(); err != nil {
		return 0, err
	}
	mark, err := MarkOf(r)
	if err != nil {
		return 0, err
	}
	var thing string
	var hash, touch []byte
	var missing bool
	var retired int
	err = t.row("select thing, hash, touch, missing <> '', retired from records where source = ? and noun = ? and identifier = ?",
		src.ID, r.Noun, r.Identifier).Scan(&thing, &hash, &touch, &missing, &retired)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return New, t.newRecord(src, r, mark)
	case err != nil:
		return 0, err
	}
	if missing || retired == recordRetired {
		if err := t.unmiss(src, r, thing); err != nil {
			return 0, err
		}
	}
	switch {
	case string(hash) != string(mark.Hash[:]):
		return Changed, t.changeRecord(Taking{src, r, thing, Changed}, mark)
	case string(touch) != string(mark.Touch[:]):
		return Touched, t.changeRecord(Taking{src, r, thing, Touched}, mark)
	}
	return Unchanged, nil
}

func (t *Tx) newRecord(src *Source, r *Record, mark Mark) error {
	thing, err := r.Value.Take(t, Taking{Source: src, Record: r, What: New})
	if err != nil {
		return err
	}
	return t.exec("insert into records (source, noun, identifier, thing, hash, touch, likeness, origin, raw) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		src.ID, r.Noun, r.Identifier, thing, mark.Hash[:], mark.Touch[:], mark.Like.bytes(), r.Origin[:], pack(r.Raw))
}

func (t *Tx) changeRecord(in Taking, mark Mark) error {
	r := in.Record
	if _, err := r.Value.Take(t, in); err != nil {
		return err
	}
	return t.exec("update records set hash = ?, touch = ?, likeness = ?, origin = ?, raw = ? where source = ? and noun = ? and identifier = ?",
		mark.Hash[:], mark.Touch[:], mark.Like.bytes(), r.Origin[:], pack(r.Raw), in.Source.ID, r.Noun, r.Identifier)
}

// PutOrigin notes what a record that is otherwise unchanged was mapped from.
func (t *Tx) PutOrigin(source string, r *Record) error {
	return t.exec("update records set origin = ? where source = ? and noun = ? and identifier = ?", r.Origin[:], source, r.Noun, r.Identifier)
}

// AgencyOf is the agency that a record belongs to: the source's, when the
// operator said whose it is; else the one that the record names; else one that
// stands for the source.
func (t *Tx) AgencyOf(src *Source, r *Record) (string, error) {
	switch {
	case src.Agency != "":
		return src.Agency, nil
	case r.Agency != nil:
		return t.agencyNamed(r.Agency)
	}
	return t.agencyNamed(&Agency{Title: src.Title, Slug: src.Slug})
}

// unmiss takes back the mark of a record that was missing and is there again,
// and publishes again what was retired for that.
func (t *Tx) unmiss(src *Source, r *Record, thing string) error {
	err := t.exec("update records set missing = '', misses = 0, retired = iif(retired = 1, 0, retired) where source = ? and noun = ? and identifier = ?",
		src.ID, r.Noun, r.Identifier)
	if err != nil {
		return err
	}
	t.changed(r.Noun, thing, OpPut)
	if err := t.returned(r.Noun, thing); err != nil {
		return err
	}
	return shelves[r.Noun].back(t, thing)
}

// MarkMissing notes that a run which read the source to its end did not have
// the records; complete says that the run counts as proof. The first moment
// that a record was missing stays.
func (t *Tx) MarkMissing(source, noun string, complete bool, identifiers ...string) error {
	list, err := encode(identifiers)
	if err != nil {
		return err
	}
	err = t.exec(`update records set missing = iif(missing = '', ?1, missing), misses = misses + ?2
		where source = ?3 and noun = ?4 and identifier in (select value from json_each(?5))`,
		asTime(&t.now), complete, source, noun, string(list))
	if err != nil {
		return err
	}
	on := shelves[noun]
	if !on.missing {
		return nil
	}
	return t.exec("update "+on.table+` set missing = ?1 where missing = '' and id in
		(select thing from records where source = ?2 and noun = ?3 and identifier in (select value from json_each(?4)))`,
		asTime(&t.now), source, noun, string(list))
}

// MoveRecord gives a record of a source another identifier: what it describes
// keeps its id, slug and state. ErrConflict means that the new one is taken.
func (t *Tx) MoveRecord(source, noun, from, to string) error {
	var taken bool
	err := t.row("select exists (select 1 from records where source = ? and noun = ? and identifier = ?)", source, noun, to).Scan(&taken)
	if err != nil {
		return err
	}
	if taken {
		return fmt.Errorf("move record %q to %q: %w: the source has both", from, to, ErrConflict)
	}
	var thing string
	err = t.row(`update records set identifier = ?, missing = iif(retired = 1, missing, ''), misses = 0
		where source = ? and noun = ? and identifier = ? returning thing`, to, source, noun, from).Scan(&thing)
	if errors.Is(err, sql.ErrNoRows) {
		return notFound("record", from)
	}
	if err != nil {
		return err
	}
	t.changed(noun, thing, OpPut)
	on := shelves[noun]
	if on.missing {
		if err := t.exec("update "+on.table+" set missing = iif(state = 'retired', missing, '') where id = ?", thing); err != nil {
			return err
		}
	}
	return t.exec("update "+on.table+" set identifier = ? where id = ?", to, thing)
}

// RawRecord returns the record that a thing (its id) was mapped from, as it
// came, or ErrNotFound.
func (s *Store) RawRecord(ctx context.Context, thing string) ([]byte, error) {
	var packed []byte
	err := s.row(ctx, "select raw from records where thing = ?", thing).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("record of", thing)
	}
	if err != nil {
		return nil, wrap("record", err)
	}
	raw, err := unpacker.DecodeAll(packed, nil)
	return raw, wrap("record", err)
}

// Records are kept compressed; both are safe for concurrent use.
var (
	packer, _   = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	unpacker, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxRaw))
)

const maxRaw = 64 << 20

func pack(raw []byte) []byte { return packer.EncodeAll(raw, []byte{}) }
