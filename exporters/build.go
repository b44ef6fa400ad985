package exporters

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/durable"
)

// A PanicError is a panic of a writer, or of the table that it read.
type PanicError struct {
	Value any
	Stack []byte // for the log; not for the reader
}

func (e *PanicError) Error() string { return fmt.Sprintf("internal error: %v", e.Value) }

// recoverInto is deferred, and turns a panic into the error.
func recoverInto(err *error) {
	if r := recover(); r != nil {
		*err = &PanicError{Value: r, Stack: debug.Stack()}
	}
}

// A buildJob is what it takes to write an export.
type buildJob struct {
	key     string
	format  Format
	options Options
	open    func() (*datasets.Table, error)
}

// A build is an export that is being written, and whoever waits for it.
type build struct {
	waiting int // guarded by Files.mu
	cancel  context.CancelFunc
	done    chan struct{}
	err     error // once done is closed
	growth  growth
}

// ErrBusy says that so many exports wait to be written that no other may.
var ErrBusy = errors.New("too many exports wait to be written")

// mostQueued is how many builds may wait for one that goes on.
const mostQueued = 8

// join returns the build of the export, which it starts when nobody has yet;
// nil when the export has been written since the caller looked. Who joins must
// leave.
func (f *Files) join(ctx context.Context, job buildJob) (*build, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept[job.key] != nil {
		return nil, nil
	}
	b := f.builds[job.key]
	if b == nil {
		if err := f.faults.of(job.key); err != nil {
			return nil, err
		}
		if f.queued >= mostQueued*cap(f.heavy) {
			return nil, fmt.Errorf("exporters: write %s: %w", job.format.Title, ErrBusy)
		}
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		b = &build{cancel: cancel, done: make(chan struct{})}
		b.growth.init()
		f.builds[job.key] = b
		f.queued++
		go f.run(own, b, job)
	}
	b.waiting++
	return b, nil
}

// leave gives the build up when nobody waits for it any more.
func (f *Files) leave(b *build, key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b.waiting--; b.waiting > 0 {
		return
	}
	b.cancel()
	if f.builds[key] == b {
		delete(f.builds, key) // who comes now must not join it
	}
}

// wait joins the build of the export and waits for its end.
func (f *Files) wait(ctx context.Context, job buildJob) error {
	b, err := f.join(ctx, job)
	if b == nil {
		return err
	}
	defer f.leave(b, job.key)
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return fmt.Errorf("exporters: wait for %s: %w", job.format.Title, context.Cause(ctx))
	}
}

// run writes the export when its turn comes.
func (f *Files) run(ctx context.Context, b *build, job buildJob) {
	var made *keptFile
	var err error
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		switch {
		case err == nil:
			f.stats.Builds++
			f.keep(made)
			f.trim()
		case ctx.Err() == nil:
			f.stats.Failed++
			f.faults.note(job.key, err)
		}
		if f.builds[job.key] == b {
			delete(f.builds, job.key)
		}
		b.err = err
		close(b.done)
		b.cancel()
	}()
	select {
	case f.heavy <- struct{}{}:
		f.unqueue()
		defer func() { <-f.heavy }()
	case <-ctx.Done():
		f.unqueue()
		err = ctx.Err()
		return
	}
	f.timed(func() { made, err = f.write(ctx, job, &b.growth) })
	if err != nil {
		err = fmt.Errorf("exporters: write %s: %w", job.format.Title, err)
	}
}

func (f *Files) unqueue() {
	f.mu.Lock()
	f.queued--
	f.mu.Unlock()
}

// write writes the export into a new file and, when all of it is on the disk,
// gives that file its name.
func (f *Files) write(ctx context.Context, job buildJob, grown *growth) (made *keptFile, err error) {
	defer recoverInto(&err)
	if err := f.Room.Ask(0); err != nil {
		return nil, err
	}
	t, err := job.open()
	if err != nil {
		return nil, err
	}
	t = considerate(t)
	file, err := os.CreateTemp(f.dir, temporary+"*")
	if err != nil {
		return nil, f.explain(err)
	}
	defer func() { // also after a panic, when err is not set yet
		file.Close()
		if made == nil {
			os.Remove(file.Name())
		}
	}()
	w := &summedFile{file: file, sum: crc32.New(crc32.MakeTable(crc32.Castagnoli)), grown: grown}
	if err := job.format.encode(ctx, f.Room.Writer(w), t, job.options); err != nil {
		return nil, f.explain(err)
	}
	if err := file.Chmod(0o644); err != nil {
		return nil, err
	}
	dot := strings.LastIndexByte(job.key, '.')
	name := fmt.Sprintf("%s.%08x%s", job.key[:dot], w.sum.Sum32(), job.key[dot:])
	if err := durable.Place(file, filepath.Join(f.dir, name)); err != nil {
		return nil, f.explain(err)
	}
	return &keptFile{key: job.key, name: name, size: w.size}, nil
}

// considerate is the table whose readers let others go on after each batch: who
// waits for a page is served before who waits for a file.
func considerate(t *datasets.Table) *datasets.Table {
	slow := *t
	slow.Scan = func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			for b, err := range t.Scan(from, to) {
				runtime.Gosched()
				if !yield(b, err) {
					return
				}
			}
		}
	}
	return &slow
}

// explain says what to do about a full disk.
func (f *Files) explain(err error) error {
	if full := (*datasets.NoRoomError)(nil); errors.As(err, &full) {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("no room for the export in %s: make room on the disk, or allow less for exports: %w", f.dir, err)
	}
	return err
}

// summedFile counts and sums up what is written to a file.
type summedFile struct {
	file *os.File
	sum  hash.Hash32
	size int64

	grown *growth
}

// Write writes p to the file.
func (w *summedFile) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	w.sum.Write(p[:n])
	w.size += int64(n)
	w.grown.to(w.file.Name(), w.size)
	return n, err
}
