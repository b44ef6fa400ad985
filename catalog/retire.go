package catalog

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// remove writes a line into the ledger. It belongs into the write that retires
// the thing.
func (t *Tx) remove(r *Removal) error {
	r.ID, r.At = newID(t.now), t.now
	return t.exec("insert into removals ("+removalColumns+") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.ID, asTime(&r.At), r.Noun, r.Thing, r.Slug, asJSON(&r.Title), orNull(&r.Agency), r.Kind, r.Reason, orNull(&r.Source), orNull(&r.Run),
		r.Identifier, asTime(&r.Missing), r.Record, asTime(&r.Returned))
}

// returned closes the ledger's line about a thing that is there again. A
// takedown is closed by its operator only.
func (t *Tx) returned(noun, thing string) error {
	return t.exec("update removals set returned = ? where thing = ? and noun = ? and returned = '' and kind <> 'takedown'", asTime(&t.now), thing, noun)
}

// RetireRecords retires the published things that records of a source describe,
// and writes each into the ledger. It returns how many those were: what is
// retired already stays as it is.
func (t *Tx) RetireRecords(source, noun, run, kind, reason string, identifiers ...string) (int, error) {
	n := 0
	for _, id := range identifiers {
		r := Removal{Noun: noun, Kind: kind, Reason: reason, Source: source, Run: run, Identifier: id}
		var raw []byte
		err := t.row("select thing, missing, raw from records where source = ? and noun = ? and identifier = ?", source, noun, id).
			Scan(&r.Thing, asTime(&r.Missing), &raw)
		if err == nil {
			err = t.row(shelves[noun].about, r.Thing).Scan(&r.Slug, asJSON(&r.Title), &r.Agency)
		}
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return n, err
		}
		if r.Record, err = digestOf(raw); err != nil {
			return n, err
		}
		if err := t.retire(&r, Retired, recordRetired); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// digestOf is the SHA-256 of a record that is kept packed.
func digestOf(packed []byte) (string, error) {
	if len(packed) == 0 {
		return "", nil
	}
	raw, err := unpacker.DecodeAll(packed, nil)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// retire gives the thing of r the state and lists its removal. A record that
// comes again as it was counts as back from now on.
func (t *Tx) retire(r *Removal, state string, record int) error {
	if err := t.remove(r); err != nil {
		return err
	}
	t.changes = append(t.changes, Change{Noun: r.Noun, ID: r.Thing, Op: OpRetire}) // each thing is retired once: no look for a twin
	if err := shelves[r.Noun].retire(t, r.Thing, state); err != nil {
		return err
	}
	return t.exec("update records set retired = ?1, missing = iif(missing = '', ?2, missing) where thing = ?3", record, asTime(&t.now), r.Thing)
}

// RetireSource stops harvesting a source; its runs that wait are forgotten, and
// one under way ends. With datasets its published datasets and drafts are
// retired too, for the reason; without they stay. It returns how many were.
func (t *Tx) RetireSource(src *Source, datasets bool, reason string) (int, error) {
	src.State = Retired
	if err := errors.Join(t.PutSource(src), t.stopAll(src.ID)); err != nil || !datasets {
		return 0, err
	}
	rows, err := t.query("select noun, identifier from records where source = ? and retired = 0", src.ID)
	all, err := collect(rows, err, func(row scanner) (k Key, err error) {
		err = row.Scan(&k.Noun, &k.Identifier)
		return k, err
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, k := range all {
		if !shelves[k.Noun].page {
			continue
		}
		m, err := t.RetireRecords(src.ID, k.Noun, "", RemovedSource, reason, k.Identifier)
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

// Takedown withdraws a dataset (its slug or id): its pages, files and editions
// are closed, and the ledger says why. No harvest brings it back. Of one that
// was retired before the editions are closed too.
func (t *Tx) Takedown(key, reason string) (Removal, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return Removal{}, &InvalidError{"reason", "say why; the ledger shows it to everybody"}
	}
	d, err := t.Dataset(key)
	if err != nil {
		return Removal{}, err
	}
	if !slices.Contains([]string{Published, Retired, Withdrawn}, d.State) { // the ledger would tell of it
		return Removal{}, fmt.Errorf("dataset %q: %w: it was never public: its agency can discard it", d.Slug, ErrConflict)
	}
	if IsBuiltin(d.ID) {
		return Removal{}, fmt.Errorf("dataset %q: %w: the portal itself writes it: take down what is in it", d.Slug, ErrConflict)
	}
	if d.State == Withdrawn {
		return Removal{}, fmt.Errorf("dataset %q: %w: it has been taken down already", d.Slug, ErrConflict)
	}
	r := Removal{
		Noun: NounDataset, Thing: d.ID, Slug: d.Slug, Title: d.Title, Agency: d.Agency, Kind: RemovedTakedown, Reason: reason,
		Source: d.Source, Identifier: d.Identifier, Missing: d.Missing,
	}
	var raw []byte
	err = t.row("select raw from records where thing = ?", d.ID).Scan(&raw)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return r, err
	}
	if r.Record, err = digestOf(raw); err != nil {
		return r, err
	}
	return r, t.retire(&r, Withdrawn, recordClosed)
}

// UndoTakedown publishes again what an operator took down, and closes its line
// in the ledger.
func (t *Tx) UndoTakedown(key string) (Dataset, error) {
	d, err := t.Dataset(key)
	if err != nil {
		return d, err
	}
	if d.State != Withdrawn {
		return d, fmt.Errorf("dataset %q: %w: it has not been taken down", d.Slug, ErrConflict)
	}
	t.changed(NounDataset, d.ID, OpPut)
	return d, errors.Join(
		t.RestoreThing(NounDataset, d.ID),
		t.exec("update datasets set state = 'published', missing = '', revision = revision + 1 where id = ?", d.ID))
}

// closeResource closes a resource that its dataset no longer has. A table
// inside a file that is closed with it has no line of its own in the ledger.
func (t *Tx) closeResource(d *Dataset, r *Resource, run string) error {
	if r.PartOf == "" || run == "" {
		title := r.Title
		if len(title) == 0 {
			title = Text{"en": r.Name}
		}
		err := t.remove(&Removal{
			Noun: NounFile, Thing: r.ID, Slug: d.Slug, Title: title, Agency: d.Agency, Kind: RemovedMissing, Source: d.Source, Run: run, Identifier: r.Identifier,
		})
		if err != nil {
			return err
		}
	}
	return t.exec("update resources set state = 'retired', fetch = '' where id = ?", r.ID)
}
