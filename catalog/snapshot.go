package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/durable"
)

// A Snapshot is the public part of a whole catalogue as one SQLite file.
type Snapshot struct {
	Path   string
	Size   int64     // in bytes
	Digest string    // SHA-256 of the file
	Made   time.Time // to the second
	Change int64     // the last change that is in it
}

// SnapshotOptions are what a snapshot says of where it comes from.
type SnapshotOptions struct {
	BaseURL string // public address of the site; empty when it is not known
	Program string // version of the program
	// Room is asked before a snapshot is written; nil for no limit.
	Room *datasets.Room
}

// snapshotFormat is raised when a table or a column of the snapshot changes its
// meaning or goes; further ones may come without notice.
const snapshotFormat = 1

// WriteSnapshot writes the public part of the catalogue, as it is at one moment,
// into a new file in dir. The file is filled through the public views and
// nothing else was ever in it. It gets its name when it is whole and on disk.
func (s *Store) WriteSnapshot(ctx context.Context, dir string, o SnapshotOptions) (Snapshot, error) {
	snap, err := s.writeSnapshot(ctx, dir, &whole, o)
	return snap, wrap("snapshot", diskFull(err))
}

// An extract is what a snapshot holds of the catalogue.
type extract struct {
	name    string // of its file begins so
	sheets  []sheet
	indexes []string
	views   []view
	intro   []Text // of its readme; {base}, {made} and {change} are filled in
}

// whole is everything that is public.
var whole = extract{
	name: "catalog", sheets: sheets, indexes: indexes, views: views,
	intro: []Text{
		{
			"en": "The whole public catalogue of {base} as it was at {made} (change {change}). This table explains every other.",
			"fa": "همهٔ فهرست عمومی {base} در {made} (تغییر {change}). این جدول همهٔ جدول‌های دیگر را توضیح می‌دهد.",
		},
		timesAre,
		{
			"en": "A dataset is at /en/datasets/{slug}; the rows of a table at /datasets/{slug}/resources/{id}.csv (xlsx, parquet, json, jsonl); an edition, for ever, at /datasets/{slug}/resources/{id}/editions/{digest}.csv. Each dataset is under its own licence.",
			"fa": "هر مجموعه‌داده در /fa/datasets/{slug} است؛ ردیف‌های جدول در /datasets/{slug}/resources/{id}.csv (xlsx، parquet، json، jsonl)؛ یک ویرایش، برای همیشه، در /datasets/{slug}/resources/{id}/editions/{digest}.csv. هر مجموعه‌داده پروانهٔ خود را دارد.",
		},
	},
}

var timesAre = Text{
	"en": "Times are ISO 8601 in UTC. What is not known is null. Identifiers, slugs and digests stay for ever; further tables and columns may be added.",
	"fa": "زمان‌ها ISO 8601 و به وقت UTC است. آنچه دانسته نیست null است. شناسه‌ها، نام‌های نشانی و چکیده‌ها همیشگی‌اند؛ جدول و ستون تازه شاید افزوده شود.",
}

func (s *Store) writeSnapshot(ctx context.Context, dir string, x *extract, o SnapshotOptions) (Snapshot, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Snapshot{}, err
	}
	temp, err := os.CreateTemp(dir, snapshotTemp)
	if err != nil {
		return Snapshot{}, err
	}
	defer os.Remove(temp.Name()) // it has another name by then, or is of no use
	if err := temp.Close(); err != nil {
		return Snapshot{}, err
	}
	snap := Snapshot{Made: s.Now().Truncate(time.Second)}
	if snap.Change, err = s.fillSnapshot(ctx, temp.Name(), x, &snap, o); err != nil {
		return Snapshot{}, err
	}
	if snap.Digest, snap.Size, err = settle(temp.Name(), 0o644); err != nil {
		return Snapshot{}, err
	}
	snap.Path = filepath.Join(dir, snapshotName(x.name, &snap))
	return snap, durable.Rename(temp.Name(), snap.Path)
}

// The name of a snapshot tells what is known of it.
const (
	snapshotTemp = "new-*.tmp"
	snapshotTime = "20060102T150405Z"
)

var snapshotPattern = regexp.MustCompile(`^[a-z]+-(\d{8}T\d{6}Z)-(\d+)-([0-9a-f]{64})\.sqlite$`)

func snapshotName(of string, s *Snapshot) string {
	return fmt.Sprintf("%s-%s-%d-%s.sqlite", of, s.Made.Format(snapshotTime), s.Change, s.Digest)
}

// settle brings a file that is whole to disk, readable for those that mode says,
// and returns its digest and size.
func settle(path string, mode os.FileMode) (digest string, size int64, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return "", 0, err
	}
	digest, size, err = digestOfFile(f)
	return digest, size, errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

// digestOfFile reads f to its end.
func digestOfFile(f io.Reader) (digest string, size int64, err error) {
	sum := sha256.New()
	size, err = io.Copy(sum, f)
	return hex.EncodeToString(sum.Sum(nil)), size, err
}

// path returns where the catalogue's database is.
func (s *Store) path(ctx context.Context) (string, error) {
	var p string
	err := s.row(ctx, "select file from pragma_database_list where name = 'main'").Scan(&p)
	return p, err
}

// source is the name under which the snapshot's connection has the catalogue.
const source = "source"

// fillSnapshot writes the snapshot's tables into the empty file at path, in one
// transaction that sees one state of the catalogue, and returns its last change.
func (s *Store) fillSnapshot(ctx context.Context, path string, x *extract, snap *Snapshot, o SnapshotOptions) (change int64, err error) {
	live, err := s.path(ctx)
	if err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", fileURI(path, fmt.Sprintf("_pragma=busy_timeout(%d)&_pragma=page_size(4096)&_pragma=journal_mode(off)"+
		"&_pragma=synchronous(off)&_pragma=cache_size(-16384)", busyTimeout.Milliseconds())))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // the attachment and the views are the connection's
	if _, err := db.ExecContext(ctx, "attach ? as "+source, fileURI(live, "mode=ro")); err != nil {
		return 0, err
	}
	for _, view := range publicViews(source) {
		if _, err := db.ExecContext(ctx, view); err != nil {
			return 0, fmt.Errorf("%s: %w", view, err)
		}
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, "select coalesce(max(seq), 0) from "+source+".changes").Scan(&change); err != nil {
		return 0, err
	}
	if err := fillSheets(ctx, tx, x); err != nil {
		return 0, err
	}
	snap.Change = change
	if err := explain(ctx, tx, x, snap, o); err != nil {
		return 0, err
	}
	return change, tx.Commit()
}

func fileURI(path, query string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	return u.String() + "?" + query
}

func fillSheets(ctx context.Context, tx *sql.Tx, x *extract) error {
	for i := range x.sheets {
		sh := &x.sheets[i]
		var columns, exprs []string
		for _, f := range sh.columns {
			columns = append(columns, f.name+" "+f.kind)
			exprs = append(exprs, f.expr)
		}
		statements := []string{
			fmt.Sprintf("create table main.%s (%s, primary key (%s)) without rowid", sh.name, strings.Join(columns, ", "), sh.key),
			fmt.Sprintf("insert into main.%s select %s from %s", sh.name, strings.Join(exprs, ", "), sh.from),
		}
		for _, statement := range statements {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", sh.name, err)
			}
		}
	}
	after := slices.Clone(x.indexes)
	for _, v := range x.views {
		after = append(after, "create view "+v.name+" as "+v.query)
	}
	for _, statement := range after {
		_, rest, _ := strings.Cut(statement, " ")
		what, name, _ := strings.Cut(rest, " ")
		if _, err := tx.ExecContext(ctx, "create "+what+" main."+name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// explain writes what the snapshot is, and what each table and column means.
func explain(ctx context.Context, tx *sql.Tx, x *extract, snap *Snapshot, o SnapshotOptions) error {
	made := snap.Made.Format(time.RFC3339)
	facts := [][2]string{
		{"format", strconv.Itoa(snapshotFormat)},
		{"made", made},
		{"change", strconv.FormatInt(snap.Change, 10)},
		{"site", o.BaseURL},
		{"program", o.Program},
	}
	for _, statement := range []string{
		"pragma main.user_version = " + strconv.Itoa(snapshotFormat),
		"create table main.about (key text primary key, value text) without rowid",
		"create table main.readme (n integer primary key, table_name text, column_name text, en text not null, fa text not null)",
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	for _, f := range facts {
		if _, err := tx.ExecContext(ctx, "insert into main.about values (?, nullif(?, ''))", f[0], f[1]); err != nil {
			return err
		}
	}
	line := func(table, column string, t Text) error {
		_, err := tx.ExecContext(ctx, "insert into main.readme (table_name, column_name, en, fa) values (nullif(?, ''), nullif(?, ''), ?, ?)", table, column, t["en"], t["fa"])
		return err
	}
	fill := strings.NewReplacer("{base}", o.BaseURL, "{made}", made, "{change}", strconv.FormatInt(snap.Change, 10))
	for _, t := range x.intro {
		if err := line("", "", Text{"en": fill.Replace(t["en"]), "fa": fill.Replace(t["fa"])}); err != nil {
			return err
		}
	}
	return x.explainTables(line)
}

func (x *extract) explainTables(line func(table, column string, t Text) error) error {
	var err error
	add := func(table, column string, t Text) {
		if err == nil {
			err = line(table, column, t)
		}
	}
	add("about", "", Text{"en": "What this file is: format, moment, last change, site, program", "fa": "این فایل چیست: قالب، زمان، آخرین تغییر، وبگاه، برنامه"})
	for i := range x.sheets {
		sh := &x.sheets[i]
		add(sh.name, "", sh.about)
		for _, f := range sh.columns {
			add(sh.name, f.name, Text{"en": f.en, "fa": f.fa})
		}
	}
	for _, v := range x.views {
		add(v.name, "", v.about)
	}
	return err
}

// newestSnapshot returns the newest snapshot in dir, and false when there is none.
func newestSnapshot(dir string) (Snapshot, bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Snapshot{}, false, nil
	}
	if err != nil {
		return Snapshot{}, false, err
	}
	for _, e := range slices.Backward(entries) { // by name, so by time
		m := snapshotPattern.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		made, err1 := time.Parse(snapshotTime, m[1])
		change, err2 := strconv.ParseInt(m[2], 10, 64)
		info, err3 := e.Info()
		if err := errors.Join(err1, err2, err3); err != nil {
			continue
		}
		return Snapshot{filepath.Join(dir, e.Name()), info.Size(), m[3], made, change}, true, nil
	}
	return Snapshot{}, false, nil
}
