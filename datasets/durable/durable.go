// Package durable names files on a disk so that no loss of power takes them or
// their names away: what a caller was told is kept is kept.
package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// Place brings the whole file to the disk, closes it and gives it its name, in
// place of what had it. On an error the file may be under the old name or the
// new one.
func Place(f *os.File, path string) error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return Rename(f.Name(), path)
}

// Rename gives a file or folder that is on the disk another name, in place of
// the file that had it.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(to))
}

// SyncFolder brings the names in a folder to the disk.
func SyncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
