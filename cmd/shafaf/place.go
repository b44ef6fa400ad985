package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/durable"

	"github.com/gofrs/flock"
)

// A place is where a portal is restored before it is shown: a folder beside the
// data folder, which then takes its name; or, where nothing can be made there
// or the data folder is a disk of its own, one inside it.
type place struct {
	data   string
	work   string
	inside bool
	mode   fs.FileMode // of the data folder, 0 when there was none
	lock   *flock.Flock
}

// insideName is the folder inside the data folder that a portal is restored
// in. While it is there and a catalogue is not, there is no portal.
const insideName = ".restoring"

// brokenOff reports whether the data folder holds a restore that did not come
// to its end.
func (e *env) brokenOff() bool {
	_, begun := os.Lstat(filepath.Join(e.dir, insideName))
	_, done := os.Lstat(filepath.Join(e.dir, "catalog.db"))
	return begun == nil && errors.Is(done, fs.ErrNotExist)
}

// mustBeWhole refuses a data folder that was a portal once, or is to become
// one, and has no catalogue: an empty one must never be made in its place.
func (e *env) mustBeWhole() error {
	if e.brokenOff() {
		return fmt.Errorf("a restore into %s was broken off before its end: run shafaf restore again", e.dir)
	}
	for _, name := range []string{"catalog.db", "catalog.db-wal"} {
		if info, err := os.Stat(filepath.Join(e.dir, name)); err == nil && info.Size() > 0 {
			return nil
		}
	}
	if _, err := os.Stat(e.mirrorPath()); err == nil {
		return fmt.Errorf("the folder %s holds a public snapshot and no portal: shafaf serve makes a mirror of it", e.dir)
	}
	if names, err := os.ReadDir(filepath.Join(e.dir, "files")); err == nil && len(names) > 0 {
		return fmt.Errorf("the folder %s has files and no catalogue that knows them: move it away and bring the last backup back with shafaf restore", e.dir)
	}
	return nil
}

// mustBeEmpty refuses a data folder that holds anything but what a restore that
// was broken off left.
func (e *env) mustBeEmpty() error {
	if server, running := e.server(); running {
		return fmt.Errorf("the folder %s is in use by a server (process %d at %s): a restore needs an empty folder, which --data names", e.dir, server.PID, server.Addr)
	}
	names, err := os.ReadDir(e.dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && e.brokenOff() {
		return nil
	}
	if err != nil {
		return err
	}
	for _, n := range names {
		if n.Name() != "lost+found" {
			return &catalog.InvalidError{Field: "--data", Reason: fmt.Sprintf("the folder %s is not empty (%q is in it): a restore never writes over a portal; name an empty folder, or move this one away", e.dir, n.Name())}
		}
	}
	return nil
}

// newPlace makes and locks the place of a restore; what an earlier one left
// there goes.
func (e *env) newPlace() (*place, error) {
	p := &place{data: e.dir, work: e.dir + ".restoring"}
	if info, err := os.Stat(e.dir); err == nil {
		p.mode = info.Mode().Perm()
	}
	beside, err := p.beside()
	if err != nil || beside {
		return p, err
	}
	p.work, p.inside = filepath.Join(e.dir, insideName), true
	if p.lock, err = e.hold(); err != nil {
		return nil, err
	}
	// The folder that marks it is made first and goes last.
	if err := os.MkdirAll(p.work, 0o755); err != nil {
		return nil, errors.Join(err, p.lock.Close())
	}
	err = errors.Join(clearFolder(e.dir, "LOCK", "lost+found", insideName), clearFolder(p.work))
	if err != nil {
		return nil, errors.Join(err, p.lock.Close())
	}
	return p, nil
}

// beside takes the folder beside the data folder and removes the empty data
// folder, whose name it will get. It reports false when that cannot be.
func (p *place) beside() (bool, error) {
	if _, err := os.Lstat(filepath.Join(p.data, insideName)); err == nil {
		return false, nil // it was begun inside, so it is finished there
	}
	if err := os.MkdirAll(filepath.Dir(p.work), 0o755); err != nil {
		return false, err
	}
	err := os.Mkdir(p.work, 0o755)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrExist):
		names, err := os.ReadDir(p.work)
		if err != nil || len(names) > 0 && !slices.ContainsFunc(names, func(n fs.DirEntry) bool { return n.Name() == "LOCK" }) {
			return false, errors.Join(err, fmt.Errorf("%s is in the way: move it away", p.work))
		}
	case p.mode != 0 && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)):
		return false, nil
	default:
		return false, err
	}
	p.lock = flock.New(filepath.Join(p.work, "LOCK"))
	if ok, err := p.lock.TryLock(); err != nil || !ok {
		return false, errors.Join(err, fmt.Errorf("another restore to %s is under way", p.data))
	}
	if p.mode != 0 {
		if err := os.Remove(p.data); err != nil { // a disk of its own, or one with lost+found
			return false, errors.Join(p.lock.Close(), os.RemoveAll(p.work))
		}
	}
	return true, clearFolder(p.work, "LOCK")
}

// clearFolder removes what is in a folder, but for some names.
func clearFolder(dir string, but ...string) error {
	names, err := os.ReadDir(dir)
	for _, n := range names {
		if !slices.Contains(but, n.Name()) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, n.Name())))
		}
	}
	return err
}

// abandon removes what a restore that failed has written, and leaves the data
// folder as it was.
func (p *place) abandon() error {
	err := os.RemoveAll(p.work)
	switch {
	case p.inside:
		return errors.Join(err, os.Remove(filepath.Join(p.data, "LOCK")))
	case p.mode != 0:
		return errors.Join(err, os.Mkdir(p.data, p.mode))
	}
	return err
}

// show makes the restored portal the data folder's.
func (p *place) show() error {
	if p.inside {
		return p.moveOut()
	}
	if p.mode != 0 {
		if err := os.Chmod(p.work, p.mode); err != nil {
			return err
		}
	}
	if err := os.Rename(p.work, p.data); err != nil {
		return fmt.Errorf("the restored portal stays in %s, since something else was made at %s meanwhile: %w", p.work, p.data, err)
	}
	return durable.SyncFolder(filepath.Dir(p.data))
}

// moveOut moves what was restored inside the data folder to its place, the
// catalogue last: before that there is no portal.
func (p *place) moveOut() error {
	names, err := os.ReadDir(p.work)
	if err != nil {
		return err
	}
	for _, last := range []bool{false, true} {
		for _, n := range names {
			if (n.Name() == "catalog.db") != last {
				continue
			}
			if err := os.Rename(filepath.Join(p.work, n.Name()), filepath.Join(p.data, n.Name())); err != nil {
				return err
			}
		}
		if err := durable.SyncFolder(p.data); err != nil {
			return err
		}
	}
	return os.Remove(p.work)
}
