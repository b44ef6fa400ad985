package catalog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Snapshots keeps the newest public snapshot of a catalogue in a folder of its
// own, and makes new ones: each night, and when one is asked for. It is safe
// for concurrent use.
type Snapshots struct {
	store   *Store
	dir     string
	o       SnapshotOptions
	holds   *extract      // what is in them
	turn    chan struct{} // holds one token: whoever has it may look and make
	dockets chan struct{} // likewise, for those of single drafts
	fixed   *Snapshot     // of a mirror: the snapshot that it shows
}

// How old a snapshot may be: one that is asked for and lacks changes is
// replaced after snapshotPause; without a request it is made anew each night.
const (
	snapshotPause = 10 * time.Minute
	snapshotNight = 24 * time.Hour
	snapshotLook  = 5 * time.Minute // how often the job looks whether it is night
)

// NewSnapshots keeps snapshots of store in dir, which is made when it is needed.
func NewSnapshots(store *Store, dir string, o SnapshotOptions) *Snapshots {
	k := &Snapshots{store: store, dir: dir, o: o, holds: &whole, turn: make(chan struct{}, 1), dockets: make(chan struct{}, 1)}
	k.turn <- struct{}{}
	k.dockets <- struct{}{}
	return k
}

// MirroredSnapshot keeps the one snapshot at path, which a mirror shows, and
// makes no other.
func MirroredSnapshot(path string, of *MirrorOf) *Snapshots {
	k := NewSnapshots(nil, "", SnapshotOptions{})
	k.fixed = &Snapshot{Path: path, Digest: of.Digest, Made: of.Made, Change: of.Change}
	return k
}

// openFixed opens the snapshot of a mirror.
func (k *Snapshots) openFixed() (*os.File, Snapshot, error) {
	snap := *k.fixed
	file, err := os.Open(snap.Path)
	if err != nil {
		return nil, snap, wrap("snapshot", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, snap, errors.Join(wrap("snapshot", err), file.Close())
	}
	snap.Size = info.Size()
	return file, snap, nil
}

// Open opens the snapshot that there is, or a new one when there is none or
// when it lacks changes and is older than ten minutes, or holds what is retired
// by now. When a new one cannot be
// written, the old one is as good as it was: it is returned, and late says why
// it is not the newest. The caller closes the file.
func (k *Snapshots) Open(ctx context.Context) (file *os.File, snap Snapshot, late, err error) {
	if k.fixed != nil {
		file, snap, err = k.openFixed()
		return file, snap, nil, err
	}
	if err := k.take(ctx); err != nil {
		return nil, snap, nil, err
	}
	defer k.give()
	snap, ok, err := newestSnapshot(k.dir)
	if err != nil {
		return nil, snap, nil, wrap("snapshot", err)
	}
	stale, err := k.stale(ctx, &snap)
	if err != nil && !ok {
		return nil, snap, nil, err
	}
	if !ok || stale {
		fresh, err := k.renew(ctx)
		switch {
		case err == nil:
			snap = fresh
		case ok:
			late = err
		default:
			return nil, snap, nil, err
		}
	}
	file, err = os.Open(snap.Path)
	return file, snap, late, wrap("snapshot", err)
}

// stale reports whether a snapshot should be replaced before it is given out.
func (k *Snapshots) stale(ctx context.Context, snap *Snapshot) (bool, error) {
	last, err := k.store.LastSeq(ctx)
	if err != nil || last == snap.Change {
		return false, err
	}
	if old := k.store.Now().Sub(snap.Made); old >= snapshotPause || old < 0 {
		return true, nil
	}
	return k.store.RetiredSince(ctx, snap.Change)
}

// Follow makes a new snapshot when the last one is a day old, until ctx ends.
func (k *Snapshots) Follow(ctx context.Context) error {
	if k.fixed != nil {
		<-ctx.Done()
		return ctx.Err()
	}
	for {
		if err := k.nightly(ctx); err != nil {
			return err
		}
		t := time.NewTimer(snapshotLook)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-t.C:
		}
	}
}

func (k *Snapshots) nightly(ctx context.Context) error {
	if err := k.take(ctx); err != nil {
		return err
	}
	defer k.give()
	snap, ok, err := newestSnapshot(k.dir)
	if err != nil {
		return wrap("snapshot", err)
	}
	if old := k.store.Now().Sub(snap.Made); ok && old >= 0 && old < snapshotNight {
		return nil
	}
	if k.o.Room.Ask(0) != nil {
		return nil // it is looked again soon
	}
	_, err = k.renew(ctx)
	return err
}

func (k *Snapshots) take(ctx context.Context) error {
	select {
	case <-k.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *Snapshots) give() { k.turn <- struct{}{} }

// renew writes a snapshot and removes the older ones and what killed processes
// left. Whoever is reading an older one reads on.
func (k *Snapshots) renew(ctx context.Context) (Snapshot, error) {
	if err := k.o.Room.Ask(0); err != nil {
		return Snapshot{}, wrap("snapshot", diskFull(err))
	}
	fresh, err := k.store.writeSnapshot(ctx, k.dir, k.holds, k.o)
	if err != nil {
		return fresh, wrap("snapshot", diskFull(err))
	}
	entries, err := os.ReadDir(k.dir)
	if err != nil {
		return fresh, nil //nolint:nilerr // the new one is there; the old ones go next time
	}
	for _, e := range entries {
		if snapshotPattern.MatchString(e.Name()) && e.Name() != filepath.Base(fresh.Path) || strings.HasSuffix(e.Name(), ".tmp") {
			_ = os.Remove(filepath.Join(k.dir, e.Name())) // likewise
		}
	}
	return fresh, nil
}

// diskFull says it with ErrFull when err means that the disk is full.
func diskFull(err error) error {
	if !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EDQUOT) {
		return err
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		return fmt.Errorf("%w (writing %s)", ErrFull, at.Path)
	}
	return ErrFull
}
