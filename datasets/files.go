package datasets

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/openshafaf/shafaf/datasets/durable"
)

// Files keeps files and tables in one folder, each under the name of its
// digest: files/ab/<digest> holds bytes as they were given, rows/ab/<digest>.db
// the rows of a table. Everything is written in tmp/ first and renamed when it
// is whole and on disk, so a name is either absent or complete, and a digest
// that exists never changes.
//
// A Files is safe for concurrent use, also by several processes on one folder.
type Files struct {
	// Signer signs the cursors of row pages. OpenFiles sets a key of its own,
	// with which cursors end with the process; whoever wants them to outlive
	// it sets a lasting key before the first use.
	Signer Signer
	// Room is asked before a file or a table is taken in; nil for no limit.
	// It is set before the first use.
	Room *Room
	// Apart, unless nil, does the imports of files whose kind is risky to read
	// in another process, by Job.Run there. What ends that process is a
	// *FileError that says so, other errors are not the file's. It is set
	// before the first use.
	Apart func(ctx context.Context, job Job, progress func(rows int64)) (*Imported, error)

	dir    string
	temps  string // the folder in dir for what is not yet whole
	conns  connPool
	known  rowFiles
	memory memory
	builds columnBuilds
	limits columnLimits
}

// The folders of a Files.
const (
	filesDir = "files"
	rowsDir  = "rows"
	tempDir  = "tmp"
)

// OpenFiles opens the folder, which it makes when there is none.
func OpenFiles(dir string) (*Files, error) {
	for _, sub := range []string{filesDir, rowsDir, tempDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o750); err != nil {
			return nil, fmt.Errorf("datasets: open files: %w", diskError(err))
		}
	}
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails, see crypto/rand
	f := &Files{dir: dir, temps: tempDir, Signer: key, limits: usualLimits}
	f.builds.begin()
	return f, nil
}

// Close ends background work and closes what is open. Row files of this Files
// must not be used afterwards.
func (f *Files) Close() error {
	f.builds.stop()
	return f.conns.close()
}

// Put keeps what r gives and returns its SHA-256 in hexadecimal digits and its
// size in bytes. When it returns without an error the bytes are on disk. More
// than limit bytes (none when limit ≤ 0) are refused with a FileError.
func (f *Files) Put(ctx context.Context, r io.Reader, limit int64) (digest string, size int64, err error) {
	if err := f.Room.Ask(0); err != nil {
		return "", 0, err
	}
	temp, err := f.temp("file-*")
	if err != nil {
		return "", 0, err
	}
	defer temp.discard()
	sum := sha256.New()
	size, err = copyLimited(ctx, f.Room.Writer(temp.File), sum, r, limit)
	if err != nil {
		return "", 0, err
	}
	digest = hex.EncodeToString(sum.Sum(nil))
	if err := temp.keep(f.path(digest)); err != nil {
		return "", 0, err
	}
	return digest, size, nil
}

// copyLimited copies r to w and sum until its end, and counts. It sums up one
// piece while it writes that and reads the next.
func copyLimited(ctx context.Context, w io.Writer, sum hash.Hash, r io.Reader, limit int64) (size int64, err error) {
	var bufs [2][]byte
	for i := range bufs {
		bufs[i] = make([]byte, 256<<10)
	}
	var summing sync.WaitGroup
	defer summing.Wait()
	for i := 0; ; i ^= 1 {
		if err := ctx.Err(); err != nil {
			return size, fmt.Errorf("datasets: put file: %w", err)
		}
		n, err := r.Read(bufs[i])
		size += int64(n)
		if limit > 0 && size > limit {
			return size, NewFileError("large", Bytes(limit))
		}
		summing.Wait() // of the piece before
		piece := bufs[i][:n]
		summing.Go(func() { _, _ = sum.Write(piece) }) // a hash never fails
		if _, err := w.Write(piece); err != nil {
			return size, fmt.Errorf("datasets: put file: %w", diskError(err))
		}
		if errors.Is(err, io.EOF) {
			return size, nil
		}
		if err != nil {
			return size, fmt.Errorf("datasets: put file: %w", err)
		}
	}
}

// Open opens the file with the given digest and tells its size in bytes. The
// error wraps fs.ErrNotExist when there is none. The caller closes it.
func (f *Files) Open(digest string) (file *os.File, size int64, err error) {
	if !isDigest(digest) {
		return nil, 0, fmt.Errorf("datasets: open file: %q is no digest: %w", digest, fs.ErrNotExist)
	}
	file, err = os.Open(f.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("datasets: there is no file %s: %w", digest, fs.ErrNotExist)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("datasets: open file: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, 0, fmt.Errorf("datasets: open file: %w", err)
	}
	return file, info.Size(), nil
}

// Has reports whether there is a file with the given digest.
func (f *Files) Has(digest string) bool {
	if !isDigest(digest) {
		return false
	}
	_, err := os.Stat(f.path(digest))
	return err == nil
}

// Check returns an error when one of the folders cannot be read.
func (f *Files) Check() error {
	for _, sub := range []string{filesDir, rowsDir, tempDir} {
		dir, err := os.Open(filepath.Join(f.dir, sub))
		if err != nil {
			return fmt.Errorf("datasets: %w", err)
		}
		_, err = dir.Readdirnames(1)
		if err = errors.Join(ignoreEnd(err), dir.Close()); err != nil {
			return fmt.Errorf("datasets: %w", err)
		}
	}
	return nil
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// tempAge is how old a file in tmp/ is before it is taken for the remains of a
// process that was killed.
const tempAge = 24 * time.Hour

// Clean removes what killed processes left in tmp/ more than a day before now.
// It returns how many files it removed.
func (f *Files) Clean(now time.Time) (removed int, err error) {
	entries, err := os.ReadDir(filepath.Join(f.dir, tempDir))
	if err != nil {
		return 0, fmt.Errorf("datasets: clean: %w", err)
	}
	var faults []error
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) <= tempAge {
			continue // gone meanwhile, or in use
		}
		if err := os.RemoveAll(filepath.Join(f.dir, tempDir, e.Name())); err != nil {
			faults = append(faults, err)
			continue
		}
		removed++
	}
	if err := errors.Join(faults...); err != nil {
		return removed, fmt.Errorf("datasets: clean: %w", err)
	}
	return removed, nil
}

func (f *Files) path(digest string) string {
	return filepath.Join(f.dir, filesDir, digest[:2], digest)
}

func (f *Files) rowPath(digest string) string {
	return filepath.Join(f.dir, rowsDir, digest[:2], digest+".db")
}

// isDigest reports whether s is a SHA-256 in lower-case hexadecimal digits.
// Nothing else ever becomes part of a path.
func isDigest(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

// A tempFile is a file that is not yet whole.
type tempFile struct {
	*os.File
	kept bool
}

func (f *Files) temp(pattern string) (*tempFile, error) {
	file, err := os.CreateTemp(filepath.Join(f.dir, f.temps), pattern)
	if err != nil {
		return nil, fmt.Errorf("datasets: make a temporary file: %w", diskError(err))
	}
	return &tempFile{File: file}, nil
}

// discard closes and removes the file unless it was kept.
func (t *tempFile) discard() {
	_ = t.Close()
	if !t.kept {
		_ = os.Remove(t.Name())
	}
}

// keep brings the file to disk and gives it its name. If the name is taken, the
// same content is there already, or was before the disk damaged it: so the new
// copy takes its place, which whoever reads the old one does not notice.
func (t *tempFile) keep(path string) error {
	dir := filepath.Dir(path)
	err := os.MkdirAll(dir, 0o750)
	if err == nil {
		err = durable.Place(t.File, path)
	}
	if err == nil {
		t.kept = true
		err = durable.SyncFolder(filepath.Dir(dir)) // the folder may be new
	}
	if err != nil {
		return fmt.Errorf("datasets: keep a file: %w", diskError(err))
	}
	return nil
}

// errDiskFull is the sentence for a full disk.
var errDiskFull = errors.New("the disk is full; nothing was kept of this file: make room and try again")

// diskError says it in a sentence when err means that the disk is full.
func diskError(err error) error {
	if full := (*NoRoomError)(nil); errors.As(err, &full) {
		return full
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w (%w)", errDiskFull, err)
	}
	return err
}

// byteSize prints a number of bytes for people.
func byteSize(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d bytes", n)
	}
	size, exp := float64(n)/unit, 0
	for size >= unit && exp < 3 {
		size /= unit
		exp++
	}
	return fmt.Sprintf("%.4g %ciB", size, "KMGT"[exp])
}
