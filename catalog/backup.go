package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/durable"

	"github.com/gofrs/flock"
)

// BackupOptions are what Backup needs to know of the program around it.
type BackupOptions struct {
	Program  string                // version of the program
	Data     string                // the data folder
	More     []string              // paths below Data, with slashes, of what is kept there beside catalogue and files: keys above all
	Progress func(done, of int64)  // unless nil, told of each file
	Tell     func(sentence string) // unless nil, told of each file that the portal itself lacks
}

// A BackupReport is what a backup holds and what was written for it.
type BackupReport struct {
	Manifest
	Files   int64 `json:"files"`   // in the backup
	Bytes   int64 `json:"bytes"`   // of these
	Written int64 `json:"written"` // files that were not there from an earlier backup
	Missing int64 `json:"missing"` // files that the portal itself has lost
}

// Backup writes a consistent copy of the catalogue and all that belongs to it
// into dir, beside running writers. Files that an earlier backup brought there
// are left as they are. The manifest comes last: without it, and until it is
// there, dir is the backup that it was before, or none.
//
// A file that the portal itself has lost is told of and noted in the manifest;
// the rest is kept all the same. Only one backup may work on a folder at a time.
func Backup(ctx context.Context, s *Store, files *datasets.Files, dir string, o BackupOptions) (BackupReport, error) {
	b := &backup{ctx: ctx, store: s, files: files, dir: dir, o: o}
	err := b.run()
	return b.report, wrap("backup", diskFull(err))
}

// A backup is one under way.
type backup struct {
	ctx    context.Context
	store  *Store
	files  *datasets.Files // of the portal
	into   *datasets.Files // of the backup
	dir    string
	o      BackupOptions
	out    *manifestWriter
	report BackupReport
	done   int64
	of     int64
}

func (b *backup) run() (err error) {
	lock, err := b.prepare()
	if err != nil {
		return err
	}
	defer lock.Close()
	if b.into, err = datasets.OpenFiles(b.dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.into.Close()) }()
	copied, fresh, err := b.catalogue()
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", fileURI(filepath.Join(b.dir, copied.Kept), "mode=ro&immutable=1"))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := b.describe(db); err != nil {
		return err
	}
	if b.out, err = newManifest(b.dir, &b.report.Manifest); err != nil {
		return err
	}
	defer b.out.discard()
	if err := b.add(&copied, fresh); err != nil {
		return err
	}
	for _, step := range []func(*sql.DB) error{b.addFiles, b.addTables, b.addMore} {
		if err := step(db); err != nil {
			return err
		}
	}
	if err := b.out.finish(); err != nil {
		return err
	}
	b.clean(copied.Kept)
	return nil
}

const (
	catalogueName = "catalog.db"
	copyPrefix    = "catalog-"
)

// known are the names in a backup's folder.
func knownInBackup(name string) bool {
	return slices.Contains([]string{manifestName, "files", "rows", "tmp", "LOCK", "lost+found"}, name) ||
		strings.HasPrefix(name, copyPrefix) || strings.HasPrefix(name, "manifest-")
}

// prepare takes the folder; it refuses one that holds something else and a
// backup of a newer program, and removes what a killed backup left.
func (b *backup) prepare() (*flock.Flock, error) {
	if err := os.MkdirAll(b.dir, 0o750); err != nil {
		return nil, err
	}
	names, err := os.ReadDir(b.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range names {
		if !knownInBackup(e.Name()) {
			return nil, &InvalidError{"DIR", fmt.Sprintf("the folder %s holds %q, which is of no backup; give an empty folder or one that an earlier backup was written to", b.dir, e.Name())}
		}
	}
	lock := flock.New(filepath.Join(b.dir, "LOCK"))
	switch ok, err := lock.TryLock(); {
	case err != nil:
		return nil, err
	case !ok:
		return nil, fmt.Errorf("another backup into %s is under way", b.dir)
	}
	if _, err := readManifest(b.dir); errors.Is(err, ErrNewer) {
		return nil, errors.Join(err, lock.Close())
	}
	for _, e := range names {
		if strings.HasSuffix(e.Name(), ".tmp") {
			err = errors.Join(err, os.Remove(filepath.Join(b.dir, e.Name())))
		}
	}
	if err := errors.Join(err, removeEntries(filepath.Join(b.dir, "tmp"))); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// removeEntries removes what is in a folder, if there is one.
func removeEntries(dir string) error {
	names, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range names {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

// catalogue writes a copy of the database, as it is at one moment; fresh says
// that it is not the one that was there.
func (b *backup) catalogue() (e entry, fresh bool, err error) {
	live, err := b.store.path(b.ctx)
	if err != nil {
		return e, false, err
	}
	info, err := os.Stat(live)
	if err != nil {
		return e, false, err
	}
	db, err := sql.Open("sqlite", fileURI(live, fmt.Sprintf("mode=ro&_pragma=busy_timeout(%d)", busyTimeout.Milliseconds())))
	if err != nil {
		return e, false, err
	}
	defer db.Close()
	temp := filepath.Join(b.dir, copyPrefix+"new.tmp")
	defer os.Remove(temp) // it has another name by then, or is of no use
	if _, err := db.ExecContext(b.ctx, "vacuum into ?", temp); err != nil {
		return e, false, err
	}
	digest, size, err := settle(temp, 0o600)
	if err != nil {
		return e, false, err
	}
	e = entry{Path: catalogueName, Kept: copyPrefix + digest + ".db", Size: size, SHA256: digest, Mode: info.Mode().Perm()}
	_, err = os.Stat(filepath.Join(b.dir, e.Kept))
	fresh = err != nil
	return e, fresh, durable.Rename(temp, filepath.Join(b.dir, e.Kept))
}

// describe reads from the copy what it is a copy of, and how much belongs to it.
func (b *backup) describe(db *sql.DB) error {
	m := &b.report.Manifest
	m.Format, m.Made, m.Program = manifestFormat, b.store.Now(), b.o.Program
	err := db.QueryRowContext(b.ctx, `select (select value from meta where key = 'epoch'), (select coalesce(max(seq), 0) from changes),
		(select user_version from pragma_user_version), (select count(distinct file) from `+keptFiles+` where file <> '')
			+ (select count(distinct digest) from `+keptTables+`) + 1`).
		Scan(&m.Epoch, &m.Change, &m.Schema, &b.of)
	b.of += int64(len(b.o.More))
	return err
}

// add notes a file that is in the backup.
func (b *backup) add(e *entry, written bool) error {
	b.done++
	if b.o.Progress != nil {
		b.o.Progress(b.done, b.of)
	}
	if e.Missing != "" {
		b.report.Missing++
		if b.o.Tell != nil {
			b.o.Tell(e.Path + ": " + e.Missing)
		}
		return b.out.add(e)
	}
	b.report.Files++
	b.report.Bytes += e.Size
	if written {
		b.report.Written++
	}
	return b.out.add(e)
}

// lost notes what the portal itself does not have, and returns other errors.
func (b *backup) lost(e *entry, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Missing = "it is not there; import or harvest its file again"
	case errors.Is(err, datasets.ErrDamaged), errors.Is(err, datasets.ErrBytes):
		e.Missing = "it is damaged; import or harvest its file again"
	default:
		return err
	}
	return b.add(e, false)
}

// clean removes older copies of the catalogue, now that nothing needs them.
func (b *backup) clean(keep string) {
	names, err := filepath.Glob(filepath.Join(b.dir, copyPrefix+"*.db"))
	if err != nil {
		return
	}
	for _, name := range names {
		if filepath.Base(name) != keep {
			_ = os.Remove(name) // it only takes room
		}
	}
}
