package main

import (
	"path/filepath"

	"github.com/openshafaf/shafaf/catalog"
)

// snapshots keeps the public snapshots of the catalogue, in a folder that may
// be deleted at any time; a mirror hands on the one that it was made of.
func (e *env) snapshots(p *portal, baseURL string) (*catalog.Snapshots, error) {
	of, err := p.store.MirrorOf(e.ctx)
	if err != nil {
		return nil, err
	}
	if of != nil {
		return catalog.MirroredSnapshot(e.mirrorPath(), of), nil
	}
	return catalog.NewSnapshots(p.store, filepath.Join(e.dir, "snapshots"), catalog.SnapshotOptions{BaseURL: baseURL, Program: version(), Room: p.files.Room}), nil
}

func (e *env) mirrorPath() string { return filepath.Join(e.dir, catalog.MirrorName) }

// mirror brings the catalogue of a folder that holds a public snapshot up to
// date with it.
func (e *env) mirror() error {
	if e.brokenOff() {
		return nil // it is told when the folder is opened
	}
	of, err := catalog.Mirror(e.ctx, e.dir, catalog.Options{Now: e.now, Fatal: e.fatal})
	if of != nil {
		e.log.Info("a read-only mirror", "of", of.Site, "made", of.Made, "change", of.Change)
	}
	return err
}
