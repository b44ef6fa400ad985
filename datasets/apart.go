package datasets

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"
)

// A Job is an import that another process does for this one: see Files.Apart.
type Job struct {
	Dir      string        `json:"dir"`  // the folder of the Files
	Temp     string        `json:"temp"` // a folder in it for what is not yet whole
	Digest   string        `json:"digest"`
	Name     string        `json:"name"`
	Options  Options       `json:"options"`
	MaxBytes int64         `json:"max_bytes,omitempty"`
	MaxRows  int64         `json:"max_rows,omitempty"`
	MaxTime  time.Duration `json:"max_time,omitempty"`
	Floor    Floor         `json:"floor"` // of the disk
}

// plainKinds are the kinds of files that are read in this process: their
// reader needs little memory whatever they hold, and most files are of them.
var plainKinds = []string{"csv"}

// apart reports whether files of the kind are read in a process of their own,
// when there is one.
func apart(kind string) bool { return readable(kind) && !slices.Contains(plainKinds, kind) }

// importApart lets another process do the import, and removes what that left
// behind when it was killed.
func (im *importing) importApart(ctx context.Context, digest string) error {
	temp, err := os.MkdirTemp(filepath.Join(im.files.dir, tempDir), "parse-*")
	if err != nil {
		return diskError(err)
	}
	defer func() { _ = os.RemoveAll(temp) }() // Clean looks again
	dir, err := filepath.Abs(im.files.dir)
	if err != nil {
		return err
	}
	out, err := im.files.Apart(ctx, Job{
		Dir: dir, Temp: filepath.Base(temp), Digest: digest, Name: im.name, Options: im.opt.Options,
		MaxBytes: im.opt.MaxBytes, MaxRows: im.opt.MaxRows, MaxTime: im.opt.MaxTime, Floor: im.files.Room.kept(),
	}, im.opt.Progress)
	if err != nil {
		return err
	}
	im.out = *out
	for i := range out.Tables {
		if err := im.files.conns.drop(out.Tables[i].Digest); err != nil { // to a file that was there before
			return err
		}
	}
	return nil
}

// Run does the import in this process, which is the other one.
func (j *Job) Run(ctx context.Context, progress func(rows int64)) (*Imported, error) {
	files, err := OpenFiles(j.Dir)
	if err != nil {
		return nil, err
	}
	if j.Floor != (Floor{}) {
		files.Room = NewRoom(j.Dir, j.Floor)
	}
	files.temps = filepath.Join(tempDir, filepath.Base(j.Temp))
	im, err := Import(ctx, files, j.Digest, j.Name, ImportOptions{
		Options: j.Options, Progress: progress, MaxBytes: j.MaxBytes, MaxRows: j.MaxRows, MaxTime: j.MaxTime,
	})
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultNoMem {
		return nil, ErrMemory
	}
	if err = errors.Join(err, files.Close()); err != nil {
		return nil, err
	}
	return im, nil
}

// ErrMemory says that reading a file took more memory than there is for it.
var ErrMemory = errors.New("the memory for reading a file is used up")

// kept returns how much of the disk stays free.
func (r *Room) kept() Floor {
	if r == nil {
		return Floor{}
	}
	return r.floor
}
