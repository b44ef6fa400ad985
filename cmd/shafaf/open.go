package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/builtin"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/site/mail"

	"github.com/gofrs/flock"
)

// A portal is the open data folder.
type portal struct {
	store   *catalog.Store
	files   *datasets.Files
	exports *exporters.Files
	tables  *builtin.Tables // of what the portal knows; nil in a mirror, which has its portal's
	queued  chan struct{}   // rings when somebody asked for a run
	post    *mail.Post      // while it is served
}

// ring lets the runs that wait be looked at now.
func (p *portal) ring() {
	select {
	case p.queued <- struct{}{}:
	default: // it rings already
	}
}

// open opens the catalogue and the files of the data folder, making them where
// there are none.
func (e *env) open() (*portal, error) {
	if err := e.mustBeWhole(); err != nil {
		return nil, err
	}
	store, err := catalog.Open(e.ctx, e.dir, catalog.Options{Now: e.now, Fatal: e.fatal})
	if err != nil {
		return nil, err
	}
	files, err := datasets.OpenFiles(e.dir)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if files.Signer, err = e.key("cursor"); err != nil {
		return nil, errors.Join(err, files.Close(), store.Close())
	}
	exports, err := exporters.OpenFiles(filepath.Join(e.dir, "exports"))
	if err != nil {
		return nil, errors.Join(err, files.Close(), store.Close())
	}
	p := &portal{store: store, files: files, exports: exports, queued: make(chan struct{}, 1)}
	e.watchRoom(p)
	e.importApart(p.files)
	of, err := store.MirrorOf(e.ctx)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	if of == nil {
		p.tables = builtin.New(store, files, exports.Drop)
	}
	return p, nil
}

// with opens the data folder for do and closes it again.
func (e *env) with(do func(*portal) error) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	return errors.Join(do(p), p.close())
}

func (p *portal) close() error { return errors.Join(p.files.Close(), p.store.Close()) }

// fatal ends the process at once: the disk did not keep what it was given.
func (e *env) fatal(err error) {
	e.exit(e.report(fmt.Errorf("the catalogue cannot be written, and the process ends so that nothing is acknowledged that is not kept: %w", err)))
}

// An instance is the server that holds a data folder.
type instance struct {
	PID  int    `json:"pid"`
	Addr string `json:"addr"` // where it listens
}

func (e *env) lockPath() string { return filepath.Join(e.dir, "LOCK") }

// hold takes the data folder for a server, or says who has it. The lock is the
// operating system's and ends with the process; the file only tells of it.
func (e *env) hold() (*flock.Flock, error) {
	if err := os.MkdirAll(e.dir, 0o755); err != nil {
		return nil, err
	}
	lock := flock.New(e.lockPath())
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", e.lockPath(), err)
	}
	if !ok {
		other := e.readInstance()
		return nil, fmt.Errorf("the folder %s is in use by another server (process %d at %s): stop it first, or give this one a folder of its own with --data", e.dir, other.PID, other.Addr)
	}
	return lock, nil
}

// announce writes who serves the folder, where other commands look for it.
func (e *env) announce(addr string) error {
	b, err := json.Marshal(instance{os.Getpid(), addr})
	if err != nil {
		return err
	}
	return os.WriteFile(e.lockPath(), b, 0o644)
}

func (e *env) readInstance() instance {
	var i instance
	if b, err := os.ReadFile(e.lockPath()); err == nil {
		_ = json.Unmarshal(b, &i) // half-written: nothing is known of it
	}
	return i
}

// server returns the server that runs on the folder, if one does.
func (e *env) server() (instance, bool) {
	if _, err := os.Stat(e.lockPath()); err != nil {
		return instance{}, false
	}
	lock := flock.New(e.lockPath())
	free, err := lock.TryRLock()
	if err != nil || free {
		_ = lock.Unlock()
		return instance{}, false
	}
	i := e.readInstance()
	return i, i.Addr != ""
}
