package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ErrBytes says that a file does not hold the bytes that its digest names.
var ErrBytes = errors.New("its bytes are not those that it was kept with")

// FilePath is where, below its folder and with slashes, a Files keeps the file
// with the given digest; RowPath is the same for the rows of a table. Backups
// keep both under these names.
func FilePath(digest string) string { return path.Join(filesDir, digest[:2], digest) }

// RowPath is where the rows of the table with the given digest are kept.
func RowPath(digest string) string { return path.Join(rowsDir, digest[:2], digest+".db") }

// FileSize returns the size in bytes of the file with the given digest. The
// error wraps fs.ErrNotExist when there is none.
func (f *Files) FileSize(digest string) (int64, error) {
	return f.sizeOf(digest, f.path)
}

// RowFileSize returns the size in bytes of a table's row file.
func (f *Files) RowFileSize(digest string) (int64, error) {
	return f.sizeOf(digest, f.rowPath)
}

func (f *Files) sizeOf(digest string, where func(string) string) (int64, error) {
	if !isDigest(digest) {
		return 0, fmt.Errorf("datasets: %q is no digest: %w", digest, fs.ErrNotExist)
	}
	info, err := os.Stat(where(digest))
	if err != nil {
		return 0, fmt.Errorf("datasets: size of %s: %w", digest, err)
	}
	return info.Size(), nil
}

// OpenRowFile opens the row file of a table as bytes, to copy it.
func (f *Files) OpenRowFile(digest string) (*os.File, error) {
	if !isDigest(digest) {
		return nil, fmt.Errorf("datasets: open rows: %q is no digest: %w", digest, fs.ErrNotExist)
	}
	file, err := os.Open(f.rowPath(digest))
	if err != nil {
		return nil, fmt.Errorf("datasets: open rows: %w", err)
	}
	return file, nil
}

// CheckFile reads the file with the given digest and returns an error that
// wraps ErrBytes when its bytes have another, and fs.ErrNotExist when there is
// no such file.
func (f *Files) CheckFile(ctx context.Context, digest string) error {
	file, _, err := f.Open(digest)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // only read
	sum := sha256.New()
	if _, err := copyLimited(ctx, io.Discard, sum, file, 0); err != nil {
		return fmt.Errorf("datasets: check file %s: %w", digest, err)
	}
	if sumOf(sum) != digest {
		return fmt.Errorf("datasets: file %s: %w", digest, ErrBytes)
	}
	return nil
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// PutAs keeps what r gives as the file with the given digest and returns its
// size. Bytes of another digest are refused with ErrBytes and nothing is kept.
func (f *Files) PutAs(ctx context.Context, r io.Reader, digest string) (size int64, err error) {
	if !isDigest(digest) {
		return 0, fmt.Errorf("datasets: put file: %q is no digest", digest)
	}
	size, _, err = f.putBytes(ctx, r, f.path(digest), digest)
	return size, err
}

// PutRowFile keeps what r gives as the row file of the table with the given
// digest, and returns its size and the SHA-256 of its bytes. Bytes of another
// SHA-256 than want are refused with ErrBytes, unless want is empty.
func (f *Files) PutRowFile(ctx context.Context, r io.Reader, digest, want string) (size int64, sum string, err error) {
	if !isDigest(digest) {
		return 0, "", fmt.Errorf("datasets: put rows: %q is no digest", digest)
	}
	return f.putBytes(ctx, r, f.rowPath(digest), want)
}

func (f *Files) putBytes(ctx context.Context, r io.Reader, name, want string) (size int64, sum string, err error) {
	temp, err := f.temp("copy-*")
	if err != nil {
		return 0, "", err
	}
	defer temp.discard()
	h := sha256.New()
	if size, err = copyLimited(ctx, temp.File, h, r, 0); err != nil {
		return 0, "", err
	}
	if sum = sumOf(h); want != "" && sum != want {
		return 0, "", fmt.Errorf("datasets: put %s: %w", filepath.Base(name), ErrBytes)
	}
	return size, sum, temp.keep(name)
}

// Digests returns, in order, the digests of all files that are kept; with rows
// those of all tables.
func (f *Files) Digests(rows bool) iter.Seq2[string, error] {
	top, suffix := filepath.Join(f.dir, filesDir), ""
	if rows {
		top, suffix = filepath.Join(f.dir, rowsDir), ".db"
	}
	return func(yield func(string, error) bool) {
		subs, err := os.ReadDir(top)
		if err != nil {
			yield("", fmt.Errorf("datasets: list files: %w", err))
			return
		}
		for _, sub := range subs {
			entries, err := os.ReadDir(filepath.Join(top, sub.Name()))
			if err != nil {
				yield("", fmt.Errorf("datasets: list files: %w", err))
				return
			}
			for _, e := range entries {
				digest, ok := strings.CutSuffix(e.Name(), suffix)
				if ok && isDigest(digest) && !yield(digest, nil) {
					return
				}
			}
		}
	}
}
