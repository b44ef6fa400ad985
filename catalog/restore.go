package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/durable"
)

// A DamagedError names the file of a backup that is not as it was written.
type DamagedError struct {
	Path string
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("the backup is damaged: %s: %v; take another backup", e.Path, e.Err)
}

// Unwrap returns what is wrong with the file.
func (e *DamagedError) Unwrap() error { return e.Err }

// CheckBackup reads the manifest of the backup in dir. It is refused when it
// was not finished, when it was changed and when a newer program wrote it.
func CheckBackup(dir string) (Manifest, error) {
	m, err := readManifest(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m, &InvalidError{"DIR", fmt.Sprintf("%s holds no %s, so it is no backup, or one that was not finished: finish it with shafaf backup, or give another", dir, manifestName)}
	case errors.Is(err, errUnsealed):
		return m, &DamagedError{filepath.Join(dir, manifestName), err}
	}
	return m, wrap("backup", err)
}

// A RestoreReport tells what was restored.
type RestoreReport struct {
	Manifest
	Epoch   string `json:"epoch"` // the new one
	Files   int64  `json:"files"`
	Bytes   int64  `json:"bytes"`
	Missing int64  `json:"missing"` // what the portal had lost before the backup
}

// Restore writes the portal of the backup in dir into the folder data, which
// must be empty and must be nobody's until Restore returns without an error.
// Every file is read and compared with its digest while it is copied; the
// first that is not as it was is a *DamagedError that names it. The catalogue
// gets a new epoch, so that whatever followed the old one starts again.
func Restore(ctx context.Context, dir, data string, o Options, progress func(done, of int64)) (RestoreReport, error) {
	r := &restore{ctx: ctx, dir: dir, data: data, progress: progress}
	err := r.run(o)
	return r.report, wrap("restore", diskFull(err))
}

type restore struct {
	ctx      context.Context
	dir      string
	data     string
	files    *datasets.Files
	progress func(done, of int64)
	report   RestoreReport
}

func (r *restore) run(o Options) (err error) {
	if r.report.Manifest, err = CheckBackup(r.dir); err != nil {
		return err
	}
	of := int64(0)
	for _, err := range entries(r.dir) {
		if err != nil {
			return err
		}
		of++
	}
	if r.files, err = datasets.OpenFiles(r.data); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.files.Close()) }()
	done := int64(0)
	for e, err := range entries(r.dir) {
		if err == nil {
			err = r.take(&e)
		}
		if err != nil {
			return err
		}
		if done++; r.progress != nil {
			r.progress(done, of)
		}
	}
	return r.renew(o)
}

// take brings one file over.
func (r *restore) take(e *entry) error {
	if e.Missing != "" {
		r.report.Missing++
		return nil
	}
	from := filepath.Join(r.dir, filepath.FromSlash(e.kept()))
	info, err := os.Lstat(from)
	if err != nil {
		return &DamagedError{from, errors.New("it is not there")}
	}
	if !info.Mode().IsRegular() || info.Size() != e.Size {
		return &DamagedError{from, fmt.Errorf("it has %d bytes and should have %d", info.Size(), e.Size)}
	}
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	switch digest := strings.TrimSuffix(filepath.Base(e.Path), ".db"); e.Path {
	case datasets.FilePath(pad(digest)):
		_, err = r.files.PutAs(r.ctx, file, e.SHA256)
	case datasets.RowPath(pad(digest)):
		_, _, err = r.files.PutRowFile(r.ctx, file, digest, e.SHA256)
	default:
		err = r.other(e, file)
	}
	if errors.Is(err, datasets.ErrBytes) {
		return &DamagedError{from, datasets.ErrBytes}
	}
	r.report.Files++
	r.report.Bytes += e.Size
	return err
}

// pad makes any text long enough to be taken for a digest.
func pad(s string) string { return s + "--"[:max(0, 2-len(s))] }

// other copies a file that is neither of those that are named by digests.
func (r *restore) other(e *entry, file io.Reader) error {
	path := filepath.Join(r.data, filepath.FromSlash(e.Path))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	mode := e.Mode.Perm()
	if mode == 0 {
		mode = 0o600
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, sum), file)
	if err := errors.Join(err, out.Chmod(mode), out.Sync(), out.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != e.SHA256 {
		return datasets.ErrBytes
	}
	return durable.SyncFolder(filepath.Dir(path))
}

// renew gives the restored catalogue its new epoch.
func (r *restore) renew(o Options) error {
	if _, err := os.Stat(filepath.Join(r.data, catalogueName)); err != nil {
		return &DamagedError{filepath.Join(r.dir, manifestName), errors.New("it names no catalogue")}
	}
	s, err := Open(r.ctx, r.data, o)
	if err != nil {
		return err
	}
	err = s.Write(r.ctx, func(tx *Tx) error {
		return errors.Join(tx.holdMail(), tx.exec("update meta set value = ? where key = 'epoch'", newID(tx.now)))
	})
	if err == nil {
		r.report.Epoch, err = s.Epoch(r.ctx)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	return durable.SyncFolder(r.data)
}
