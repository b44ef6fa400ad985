package main

import (
	"path/filepath"

	"github.com/openshafaf/shafaf/catalog"
)

// snapshots keeps the public snapshots of the catalogue, in a folder that may
// be deleted at any time.
func (e *env) snapshots(p *portal, baseURL string) *catalog.Snapshots {
	return catalog.NewSnapshots(p.store, filepath.Join(e.dir, "snapshots"), catalog.SnapshotOptions{BaseURL: baseURL, Program: version(), Room: p.files.Room})
}
