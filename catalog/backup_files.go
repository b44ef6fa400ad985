package catalog

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// addFiles copies the files of all editions. They are named by their digests:
// one that is there with its size is the same.
func (b *backup) addFiles(db *sql.DB) error {
	rows, err := db.QueryContext(b.ctx, "select file, max(size) from "+keptFiles+" where file <> '' group by file order by file")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var digest string
		var size int64
		if err := rows.Scan(&digest, &size); err != nil {
			return err
		}
		if have, err := b.into.FileSize(digest); err == nil && have == size {
			err = b.add(&entry{Path: datasets.FilePath(digest), Size: size, SHA256: digest}, false)
			if err != nil {
				return err
			}
			continue
		}
		if err := b.addFile(digest); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (b *backup) addFile(digest string) error {
	e := entry{Path: "files/" + digest, SHA256: digest}
	file, _, err := b.files.Open(digest)
	if err != nil {
		return b.lost(&e, err)
	}
	defer file.Close()
	e.Path = datasets.FilePath(digest)
	if e.Size, err = b.into.PutAs(b.ctx, file, digest); err != nil {
		return b.lost(&e, err)
	}
	return b.add(&e, true)
}

// addTables copies the row files of all editions. The bytes of one that is
// there are known from the manifest before, which has them in the same order.
func (b *backup) addTables(db *sql.DB) error {
	rows, err := db.QueryContext(b.ctx, "select distinct digest from "+keptTables+" order by digest")
	if err != nil {
		return err
	}
	defer rows.Close()
	before, stop := iter.Pull2(b.before())
	defer stop()
	old, _, more := before()
	for rows.Next() {
		var digest string
		if err := rows.Scan(&digest); err != nil {
			return err
		}
		for more && old.Path < datasets.RowPath(digest) {
			old, _, more = before()
		}
		if more && old.Path == datasets.RowPath(digest) && old.Missing == "" {
			if have, err := b.into.RowFileSize(digest); err == nil && have == old.Size {
				if err := b.add(&old, false); err != nil {
					return err
				}
				continue
			}
		}
		if err := b.addTable(digest); err != nil {
			return err
		}
	}
	return rows.Err()
}

// before returns the row files of the manifest that is there, if it can be read.
func (b *backup) before() iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		if _, err := readManifest(b.dir); err != nil {
			return
		}
		for e, err := range entries(b.dir) {
			if err != nil || strings.HasPrefix(e.Path, "rows/") && !yield(e, nil) {
				return
			}
		}
	}
}

// addTable copies a row file after its table was found to be the one that it
// is named by.
func (b *backup) addTable(digest string) error {
	e := entry{Path: datasets.RowPath(digest)}
	table, err := b.files.Rows(digest)
	if err == nil {
		err = errors.Join(table.Verify(b.ctx), table.Close())
	}
	if err != nil {
		return b.lost(&e, err)
	}
	file, err := b.files.OpenRowFile(digest)
	if err != nil {
		return b.lost(&e, err)
	}
	defer file.Close()
	if e.Size, e.SHA256, err = b.into.PutRowFile(b.ctx, file, digest, ""); err != nil {
		return err
	}
	return b.add(&e, true)
}

// addMore copies the other files. These may change, so they are kept by their
// digests among the files.
func (b *backup) addMore(*sql.DB) error {
	for _, path := range b.o.More {
		e := entry{Path: path}
		file, err := os.Open(filepath.Join(b.o.Data, filepath.FromSlash(path)))
		if errors.Is(err, fs.ErrNotExist) {
			continue // gone since it was listed
		}
		if err != nil {
			return err
		}
		err = b.addOther(&e, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (b *backup) addOther(e *entry, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	e.Mode = info.Mode().Perm()
	sum := sha256.New()
	if e.Size, err = io.Copy(sum, file); err != nil {
		return err
	}
	e.SHA256 = hex.EncodeToString(sum.Sum(nil))
	have, err := b.into.FileSize(e.SHA256)
	fresh := err != nil || have != e.Size
	if fresh {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if e.SHA256, e.Size, err = b.into.Put(b.ctx, file, 0); err != nil {
			return err
		}
	}
	e.Kept = datasets.FilePath(e.SHA256)
	return b.add(e, fresh)
}
