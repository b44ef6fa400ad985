package catalog_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A house is a catalogue with its files in one folder.
type house struct {
	dir   string
	store *catalog.Store
	files *datasets.Files
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{dir: t.TempDir()}
	h.store = open(t, h.dir)
	var err error
	h.files, err = datasets.OpenFiles(h.dir)
	must(t, err)
	t.Cleanup(func() { h.files.Close() })
	return h
}

// publish publishes a file as a dataset of its own and returns its digest and
// that of its table, if it has one.
func (h *house) publish(t *testing.T, name, text string) (file, table string) {
	t.Helper()
	digest, size, err := h.files.Put(t.Context(), strings.NewReader(text), 0)
	must(t, err)
	im, err := datasets.Import(t.Context(), h.files, digest, name, datasets.ImportOptions{})
	must(t, err)
	must(t, h.store.Write(t.Context(), func(tx *catalog.Tx) error {
		a := &catalog.Agency{Title: catalog.Text{"en": "Agency of " + name}}
		if err := tx.PutAgency(a); err != nil {
			return err
		}
		_, err := tx.PublishFile("", a.ID, nil, catalog.File{Digest: digest, Name: name, Size: size}, im)
		return err
	}))
	if len(im.Tables) == 0 {
		return digest, ""
	}
	return digest, im.Tables[0].Digest
}

func (h *house) backup(t *testing.T, into string, o catalog.BackupOptions) (catalog.BackupReport, error) {
	t.Helper()
	o.Program, o.Data = "test", h.dir
	return catalog.Backup(t.Context(), h.store, h.files, into, o)
}

func (h *house) mustBackup(t *testing.T, into string, more ...string) catalog.BackupReport {
	t.Helper()
	r, err := h.backup(t, into, catalog.BackupOptions{More: more})
	must(t, err)
	return r
}

func restore(ctx context.Context, from, to string) (catalog.RestoreReport, error) {
	return catalog.Restore(ctx, from, to, catalog.Options{Now: clock()}, nil)
}

// content reads every file below a folder.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(b)
		return err
	}))
	return all
}

func TestRestoreBringsEverythingBack(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "a.csv", "n,name\n1,یک\n2,دو\n")
	h.publish(t, "page.pdf", "%PDF-1.4 no table")
	must(t, os.MkdirAll(filepath.Join(h.dir, "keys"), 0o700))
	must(t, os.WriteFile(filepath.Join(h.dir, "keys", "log.key"), []byte("secret"), 0o600))
	b, to := t.TempDir(), t.TempDir()
	r := h.mustBackup(t, b, "keys/log.key", "keys/gone.key")
	if r.Files != 5 || r.Written != 5 || r.Missing != 0 {
		t.Errorf("backup: %+v", r)
	}
	back, err := restore(t.Context(), b, to)
	must(t, err)
	if back.Files != r.Files || back.Bytes != r.Bytes || back.Change != r.Change || back.Epoch == r.Epoch || back.Epoch == "" {
		t.Errorf("restored %+v\nof %+v", back, r)
	}
	want, got := content(t, h.dir), content(t, to)
	for name := range want {
		if strings.HasPrefix(name, "catalog.db") {
			delete(want, name)
			delete(got, name)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("files: %q\nwant %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	info, err := os.Stat(filepath.Join(to, "keys", "log.key"))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key is restored with %v", info.Mode())
	}
	s := open(t, to)
	epoch, err := s.Epoch(t.Context())
	must(t, err)
	old, err := h.store.Changes(t.Context(), 0, 100)
	must(t, err)
	fresh, err := s.Changes(t.Context(), 0, 100)
	must(t, err)
	if epoch != back.Epoch || !slices.Equal(old, fresh) {
		t.Errorf("epoch %s, changes %v, want %v", epoch, fresh, old)
	}
}

// TestBackupWritesOnlyWhatIsNew backs up again and again: what is there stays,
// and of the catalogue there is one copy.
func TestBackupWritesOnlyWhatIsNew(t *testing.T) {
	h := newHouse(t)
	b := t.TempDir()
	h.publish(t, "a.csv", "n\n1\n")
	h.mustBackup(t, b)
	first := content(t, b)
	if r := h.mustBackup(t, b); r.Files != 3 || r.Written > 1 {
		t.Errorf("without a change: %+v", r)
	}
	h.publish(t, "b.csv", "n\n2\n")
	if r := h.mustBackup(t, b); r.Files != 5 || r.Written != 3 {
		t.Errorf("with one file more: %+v", r)
	}
	copies := 0
	for name, text := range content(t, b) {
		if strings.HasPrefix(name, "catalog-") {
			copies++
		} else if old, ok := first[name]; ok && old != text && name != "manifest.json" {
			t.Errorf("%s was written again", name)
		}
	}
	if copies != 1 {
		t.Errorf("%d copies of the catalogue", copies)
	}
	// One that was cut, or is gone, is brought back.
	for name := range content(t, b) {
		if strings.HasPrefix(name, "files/") || strings.HasPrefix(name, "rows/") {
			must(t, os.Truncate(filepath.Join(b, name), 1))
		}
	}
	if r := h.mustBackup(t, b); r.Written < 4 {
		t.Errorf("after damage: %+v", r)
	}
	_, err := restore(t.Context(), b, t.TempDir())
	must(t, err)
}

// TestOneFlippedByteIsRefused flips each of some bytes of every file of a
// backup, one at a time: the restore must refuse it and name the file.
func TestOneFlippedByteIsRefused(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "a.csv", "n,name\n1,یک\n2,دو\n")
	must(t, os.MkdirAll(filepath.Join(h.dir, "keys"), 0o700))
	must(t, os.WriteFile(filepath.Join(h.dir, "keys", "k"), []byte("secret"), 0o600))
	b := t.TempDir()
	h.mustBackup(t, b, "keys/k")
	flips := 0
	for name, text := range content(t, b) {
		if name == "LOCK" {
			continue
		}
		path := filepath.Join(b, filepath.FromSlash(name))
		step := max(1, len(text)/10)
		if name == "manifest.json" {
			step = 3
		}
		for at := 0; at < len(text); at += step {
			damaged := []byte(text)
			damaged[at] ^= 0x20
			must(t, os.WriteFile(path, damaged, 0o600))
			_, err := restore(t.Context(), b, filepath.Join(t.TempDir(), "x"))
			var fault *catalog.DamagedError
			if !errors.As(err, &fault) && !errors.Is(err, catalog.ErrNewer) {
				t.Fatalf("%s with byte %d flipped: %v", name, at, err)
			}
			if fault != nil && fault.Path != path {
				t.Errorf("%s with byte %d flipped: %v", name, at, err)
			}
			flips++
		}
		for what, damage := range map[string]func() error{
			"cut":     func() error { return os.Truncate(path, int64(len(text)-1)) },
			"longer":  func() error { return os.WriteFile(path, []byte(text+"\n"), 0o600) },
			"missing": func() error { return os.Remove(path) },
		} {
			must(t, damage())
			if _, err := restore(t.Context(), b, filepath.Join(t.TempDir(), "x")); err == nil || !strings.Contains(err.Error(), filepath.Base(b)) {
				t.Errorf("%s %s: %v", name, what, err)
			}
			must(t, os.WriteFile(path, []byte(text), 0o600))
		}
	}
	t.Logf("%d flips", flips)
	_, err := restore(t.Context(), b, t.TempDir())
	must(t, err)
}

// TestBackupBesideWriters writes all the while: each backup must be of one
// moment, with every file that its editions name.
func TestBackupBesideWriters(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "base.csv", "n\n0\n")
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 1; !stop.Load(); i++ {
			name := strings.Repeat("x", i%7+1)
			digest, size, err := h.files.Put(t.Context(), strings.NewReader("n\n"+strings.Repeat("1\n", i)), 0)
			if err != nil {
				t.Error(err)
				return
			}
			im, err := datasets.Import(t.Context(), h.files, digest, name, datasets.ImportOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			err = h.store.Write(t.Context(), func(tx *catalog.Tx) error {
				_, err := tx.PublishFile("base", "", nil, catalog.File{Digest: digest, Name: name + ".csv", Size: size}, im)
				return err
			})
			if err != nil {
				t.Error(err)
				return
			}
		}
	}()
	b := t.TempDir()
	for range 3 {
		h.mustBackup(t, b)
		to := t.TempDir()
		_, err := restore(t.Context(), b, to)
		must(t, err)
		restored := &house{dir: to, store: open(t, to)}
		restored.files, err = datasets.OpenFiles(to)
		must(t, err)
		for _, p := range verify(t, restored, false) {
			if p.Faults > 0 {
				t.Errorf("%s: %q", p.Name, p.Sentences)
			}
		}
		must(t, restored.files.Close())
	}
	stop.Store(true)
	<-done
}

// TestUnfinishedBackupIsNone takes away what comes last.
func TestUnfinishedBackupIsNone(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "a.csv", "n\n1\n")
	b, to := t.TempDir(), filepath.Join(t.TempDir(), "to")
	h.mustBackup(t, b)
	must(t, os.Rename(filepath.Join(b, "manifest.json"), filepath.Join(b, "manifest-1.tmp")))
	var invalid *catalog.InvalidError
	if _, err := restore(t.Context(), b, to); !errors.As(err, &invalid) {
		t.Errorf("without a manifest: %v", err)
	}
	if _, err := os.Stat(to); err == nil {
		t.Error("something was restored of it")
	}
	if r := h.mustBackup(t, b); r.Written > 2 {
		t.Errorf("finishing it: %+v", r)
	}
	if left, err := filepath.Glob(filepath.Join(b, "*.tmp")); err != nil || len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// TestBackupTellsWhatThePortalLost damages the portal before its first backup.
func TestBackupTellsWhatThePortalLost(t *testing.T) {
	h := newHouse(t)
	file, table := h.publish(t, "a.csv", "n,name\n1,some text\n")
	gone, _ := h.publish(t, "b.pdf", "%PDF-1.4")
	h.publish(t, "c.csv", "n\n1\n")
	flip(t, filepath.Join(h.dir, datasets.FilePath(file)))
	rows := filepath.Join(h.dir, datasets.RowPath(table))
	text, err := os.ReadFile(rows)
	must(t, err)
	must(t, os.WriteFile(rows, bytes.ReplaceAll(text, []byte("some text"), []byte("same text")), 0o600))
	must(t, os.Remove(filepath.Join(h.dir, datasets.FilePath(gone))))
	b := t.TempDir()
	var told []string
	r, err := h.backup(t, b, catalog.BackupOptions{Tell: func(s string) { told = append(told, s) }})
	must(t, err)
	if r.Missing != 3 || len(told) != 3 || !strings.Contains(strings.Join(told, "\n"), "not there") || !strings.Contains(strings.Join(told, "\n"), "damaged") {
		t.Errorf("%+v: %q", r, told)
	}
	back, err := restore(t.Context(), b, t.TempDir())
	if err != nil || back.Missing != 3 || back.Files != r.Files {
		t.Errorf("restored %+v: %v", back, err)
	}
}

func flip(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	b[len(b)/2] ^= 1
	must(t, os.WriteFile(path, b, 0o600))
}
