package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// EraseRows removes the row file of a table that nothing refers to any more, and
// what was made of it. Who is reading it reads on. A digest of which there is
// none is no error.
func (f *Files) EraseRows(digest string) error {
	if !isDigest(digest) {
		return fmt.Errorf("datasets: erase rows: %q is no digest", digest)
	}
	f.known.forget(digest)
	faults := []error{f.conns.drop(digest)}
	paths, err := filepath.Glob(filepath.Join(f.dir, rowsDir, digest[:2], digest+".*"+columnSuffix))
	faults = append(faults, err)
	for _, path := range append(paths, f.rowPath(digest)) {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("datasets: erase rows: %w", err)
	}
	return nil
}

// forget is put undone.
func (k *rowFiles) forget(digest string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.byDigest[digest]; e != nil {
		k.order.Remove(e)
		delete(k.byDigest, digest)
	}
}
