package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"
)

// What the portal itself knows is data too: the agency BuiltinAgency publishes
// it. Its ids are the same on every portal, so nothing else can take its place,
// whatever it is called.
const (
	builtinIDs    = "00000000-0000-7000-8000-"
	BuiltinAgency = builtinIDs + "000000000001"
	BuiltinSlug   = "shafaf"
)

// IsBuiltin reports whether the agency, dataset or resource with the id is the
// portal's own.
func IsBuiltin(id string) bool { return strings.HasPrefix(id, builtinIDs) }

// BuiltinDataset and BuiltinResource are the ids of a table of the portal's own,
// by its name, and of its only resource.
func BuiltinDataset(name string) string { return builtinID(NounDataset, name) }

// BuiltinResource is described with BuiltinDataset.
func BuiltinResource(name string) string { return builtinID("resource", name) }

func builtinID(noun, name string) string {
	sum := sha256.Sum256([]byte(noun + " " + name))
	return builtinIDs + hex.EncodeToString(sum[:6])
}

// takenFrom names, by noun, the tables of the portal's own that hold texts of a
// thing. When such a thing is retired, their editions are closed in the same
// write: nothing public is older than the last removal.
var takenFrom = map[string][]string{
	nounComment: {"comments"},
	nounDraft:   {"comments", "answers", "influence", "drafts"},
	nounProcess: {"contracts", "contract-parties"},
}

// ErrBuiltin refuses to make something in the portal's own agency.
var ErrBuiltin = &InvalidError{"agency", "it is the portal's own, and only the portal publishes there: name another agency"}

// A Builtin is a table of the portal's own as a dataset with one resource. Name
// is its slug where that is free.
type Builtin struct {
	Name     string
	Title    Text
	About    Text
	Keywords []string
	Columns  []ListedColumn
}

// PutBuiltin makes the dataset of a table, and the agency that publishes it, or
// brings what is said of it up to date.
func (t *Tx) PutBuiltin(b *Builtin) error {
	if err := t.putBuiltinAgency(); err != nil {
		return err
	}
	d, err := t.Dataset(BuiltinDataset(b.Name))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if d.ID == "" {
		d.ID, d.Created, d.Updated = BuiltinDataset(b.Name), t.now, t.now
		if d.Slug, err = t.freeSlug("datasets", b.Name); err != nil {
			return err
		}
	}
	r := Resource{ID: BuiltinResource(b.Name), Dataset: d.ID}
	if len(d.Resources) > 0 {
		r = d.Resources[0]
	}
	was, file := d, r
	d.State, d.Agency, d.AccessLevel = Published, BuiltinAgency, "public"
	d.Frequency = "asNeeded"
	d.Title, d.Description, d.Keywords, d.Themes, d.Languages = b.Title, b.About, b.Keywords, []string{"government"}, Languages
	r.State, r.Name, r.Title, r.Format, r.Identifier = Published, b.Name, b.Title, "CSV", b.Name
	r.Columns = columnTexts(b.Columns)
	if reflect.DeepEqual(d, was) && reflect.DeepEqual(r, file) {
		return nil
	}
	if err := t.writeDataset(&d); err != nil {
		return err
	}
	return t.PutResource(&r, 0)
}

func (t *Tx) putBuiltinAgency() error {
	a, err := t.Agency(BuiltinAgency)
	if err == nil || !errors.Is(err, ErrNotFound) {
		return err
	}
	a = Agency{ID: BuiltinAgency, Created: t.now, Title: Text{"fa": "شفاف", "en": "Shafaf"}, Description: Text{
		"fa": "آنچه خودِ این درگاه می‌داند، به شکل جدول: درگاه این جدول‌ها را از کارهای خودش می‌سازد و کسی آن‌ها را دستی تغییر نمی‌دهد.",
		"en": "What this portal itself knows, as tables. It makes them of its own work; nobody edits them.",
	}}
	if a.Slug, err = t.freeSlug("agencies", BuiltinSlug); err != nil {
		return err
	}
	return t.PutAgency(&a)
}

func columnTexts(columns []ListedColumn) []ColumnText {
	all := make([]ColumnText, len(columns))
	for i := range columns {
		all[i] = ColumnText{Name: columns[i].Name, Title: columns[i].Title, About: columns[i].About}
	}
	return all
}

// A Standing says what the edition of a table of the portal's own stands for:
// every change up to Change is in it.
type Standing struct {
	Change int64     `json:"change"`
	Epoch  string    `json:"epoch"`
	At     time.Time `json:"at"`
	// Edition is the digest of its rows, which stay for a while when the edition
	// is closed.
	Edition string `json:"edition,omitempty"`
	// Mended says that it was made of the edition before: what changes without a
	// change of the list, such as clusters, may be as it was in that.
	Mended bool `json:"mended,omitempty"`
}

const standingKey = "builtin."

// Standing returns what the edition of a table (its name) stands for, zero when
// it has none.
func (s *Store) Standing(ctx context.Context, name string) (Standing, error) {
	var at Standing
	err := s.row(ctx, "select value from meta where key = ?", standingKey+name).Scan(asJSON(&at))
	if NoRow(err) {
		return Standing{}, nil
	}
	return at, wrap("standing", err)
}

// Stand is the Standing of a table that is read from now on.
func (s *Store) Stand(ctx context.Context) (Standing, error) {
	at := Standing{At: s.Now()}
	var err error
	if at.Epoch, err = s.Epoch(ctx); err == nil {
		at.Change, err = s.LastSeq(ctx)
	}
	return at, err
}

// ChangedSince reports whether a thing of one of the nouns changed after change
// number seq.
func (s *Store) ChangedSince(ctx context.Context, seq int64, nouns ...string) (some bool, err error) {
	err = s.row(ctx, "select exists (select 1 from changes where seq > ? and noun in (select value from json_each(?)))", seq, asJSON(&nouns)).Scan(&some)
	return some, wrap("changed since", err)
}

// FreezeBuiltin makes e the edition of the table of the portal's own (its name).
// Of the editions before, the last one stays until the next is frozen, so that
// who reads it page by page can go on. ErrChanged says that something was taken
// from the table since it was read, and nothing is done.
func (t *Tx) FreezeBuiltin(name string, e *Edition, at Standing) error {
	e.Resource = BuiltinResource(name)
	old, key := Standing{}, standingKey+name
	if err := t.row("select value from meta where key = ?", key).Scan(asJSON(&old)); err != nil && !NoRow(err) {
		return err
	}
	if old.Epoch == at.Epoch && old.Change > at.Change {
		return nil // another process was quicker
	}
	if taken, err := t.takenSince(name, at.Change); err != nil || taken {
		if err == nil {
			err = ErrChanged
		}
		return err
	}
	var was string
	if err := t.row("select edition from resources where id = ?", e.Resource).Scan(&was); err != nil {
		return err
	}
	if was != e.Digest {
		if err := t.putEdition(e); err != nil {
			return err
		}
		if err := t.closeEditions(e.Resource, e.Digest, was); err != nil {
			return err
		}
	}
	at.Edition = e.Digest
	return t.exec("insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value", key, asJSON(&at))
}

// takenSince reports whether something was taken from the table after a change.
func (t *Tx) takenSince(name string, seq int64) (some bool, err error) {
	var nouns []string
	for noun, tables := range takenFrom {
		if slices.Contains(tables, name) {
			nouns = append(nouns, noun)
		}
	}
	err = t.row("select exists (select 1 from changes where seq > ? and op = 'retire' and noun in (select value from json_each(?)))", seq, asJSON(&nouns)).Scan(&some)
	return some, err
}

// closeTaken closes the editions of the tables that hold what the write takes
// away. They are frozen anew at once.
func (t *Tx) closeTaken() error {
	var names []string
	for _, c := range t.changes {
		if c.Op == OpRetire {
			names = append(names, takenFrom[c.Noun]...)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		id := BuiltinResource(name)
		var frozen bool
		if err := t.row("select exists (select 1 from editions where resource = ?)", id).Scan(&frozen); err != nil {
			return err
		}
		if !frozen {
			continue
		}
		if err := t.exec("update resources set edition = '' where id = ?", id); err != nil {
			return err
		}
		if err := t.closeEditions(id); err != nil {
			return err
		}
		t.changed(NounDataset, BuiltinDataset(name), OpPut)
	}
	return nil
}

// BuiltinEdition returns the digest of the current edition of a table of the
// portal's own (its name), empty when it has none, and whether there is the
// table at all.
func (s *Store) BuiltinEdition(ctx context.Context, name string) (digest string, there bool, err error) {
	err = s.row(ctx, "select edition from resources where id = ?", BuiltinResource(name)).Scan(&digest)
	if NoRow(err) {
		return "", false, nil
	}
	return digest, true, wrap("built-in table", err)
}

// BuiltinSlugs returns the slugs of the tables of the portal's own that there
// are, by their names.
func (s *Store) BuiltinSlugs(ctx context.Context) (map[string]string, error) {
	all := map[string]string{}
	rows, err := s.query(ctx, "select r.body ->> '$.identifier', d.slug from resources r join datasets d on d.id = r.dataset where r.id > ?1 and r.id < ?1 || '~'", builtinIDs)
	_, err = collect(rows, err, func(row scanner) (name string, err error) {
		var slug string
		err = row.Scan(&name, &slug)
		all[name] = slug
		return name, err
	})
	return all, wrap("built-in tables", err)
}

// BuiltinClosed reports whether a table of the portal's own has no edition.
func (s *Store) BuiltinClosed(ctx context.Context) (some bool, err error) {
	err = s.row(ctx, "select exists (select 1 from resources where id > ?1 and id < ?1 || '~' and edition = '')", builtinIDs).Scan(&some)
	return some, wrap("built-in tables", err)
}

const eraseKey = "erase."

// closeEditions takes from the catalogue the editions of a table of the portal's
// own but for some, and notes that their rows are to be erased.
func (t *Tx) closeEditions(resource string, but ...string) error {
	but = append([]string{}, but...) // as JSON a list, not null
	err := t.exec("insert or ignore into meta (key, value) select '"+eraseKey+"' || digest, ?3 from editions where resource = ?1 and digest not in (select value from json_each(?2))",
		resource, asJSON(&but), stamp(t.now))
	if err != nil {
		return err
	}
	return t.exec("delete from editions where resource = ?1 and digest not in (select value from json_each(?2))", resource, asJSON(&but))
}

// Erasable returns the digests of rows that no edition has since before a moment,
// and that are to be erased.
func (s *Store) Erasable(ctx context.Context, before time.Time) ([]string, error) {
	rows, err := s.query(ctx, "select substr(key, ?1) from meta where key > ?2 and key < ?2 || '~' and value < ?3 limit 100", len(eraseKey)+1, eraseKey, stamp(before))
	all, err := collect(rows, err, scanID)
	return all, wrap("erasable", err)
}

// Erase reports whether no edition has the rows with the digest, which are to be
// erased then, and takes them off the list.
func (t *Tx) Erase(digest string) (unused bool, err error) {
	if err := t.exec("delete from meta where key = ?", eraseKey+digest); err != nil {
		return false, err
	}
	err = t.row("select not exists (select 1 from "+keptTables+" where digest = ?)", digest).Scan(&unused)
	return unused, err
}
