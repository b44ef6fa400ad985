package exporters

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"github.com/openshafaf/shafaf/datasets"
)

// A growth is how far a file that is being written has come.
type growth struct {
	mu    sync.Mutex
	name  string
	size  int64
	begun chan struct{} // closed when there is something in the file
	more  chan struct{} // closed when there is more than now
}

func (g *growth) init() { g.begun, g.more = make(chan struct{}), make(chan struct{}) }

// to says that so much of the file is written.
func (g *growth) to(name string, size int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.size == 0 && size > 0 {
		g.name = name
		close(g.begun)
	}
	g.size = size
	close(g.more)
	g.more = make(chan struct{})
}

func (g *growth) now() (size int64, more <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.size, g.more
}

// A Growing is an export that is being written, read from its beginning while
// it grows. It must be closed, and is for one goroutine. Where the export cannot
// be finished, Read returns the error: what was read then is of no use.
type Growing struct {
	files *Files
	build *build
	key   string
	file  *os.File
	at    int64
}

// Follow is Get for those who rather begin to read than wait for the end: it
// returns the export where it has been written, else, as soon as something of it
// has been, what there is of it and comes. One of both is nil.
func (f *Files) Follow(ctx context.Context, digest string, format Format, o Options, open func() (*datasets.Table, error)) (*Built, *Growing, error) {
	job, err := f.job(digest, &format, o, open)
	if err != nil {
		return nil, nil, err
	}
	built, err := f.opened(job.key)
	if err != nil || built != nil {
		return built, nil, err
	}
	b, err := f.join(ctx, job)
	if err != nil {
		return nil, nil, err
	}
	if b == nil { // written since
		built, err = f.Get(ctx, digest, format, o, open)
		return built, nil, err
	}
	select {
	case <-b.growth.begun:
		g := &Growing{files: f, build: b, key: job.key}
		if g.file, err = os.Open(b.growth.name); err == nil {
			return nil, g, nil
		}
		if !errors.Is(err, os.ErrNotExist) { // else it is done, or given up
			f.leave(b, job.key)
			return nil, nil, err
		}
	case <-b.done:
	case <-ctx.Done():
	}
	f.leave(b, job.key)
	built, err = f.Get(ctx, digest, format, o, open)
	return built, nil, err
}

// Read waits until there is more of the export.
func (g *Growing) Read(p []byte) (int, error) {
	for {
		size, more := g.build.growth.now()
		if left := size - g.at; left > 0 {
			n, err := g.file.ReadAt(p[:min(int64(len(p)), left)], g.at)
			g.at += int64(n)
			if n > 0 || !errors.Is(err, io.EOF) {
				return n, err
			}
		}
		select {
		case <-more:
		case <-g.build.done:
			switch size, _ := g.build.growth.now(); {
			case g.build.err != nil:
				return 0, g.build.err
			case size == g.at:
				return 0, io.EOF
			}
		}
	}
}

// Close gives the export up when nobody else waits for it.
func (g *Growing) Close() error {
	g.files.leave(g.build, g.key)
	return g.file.Close()
}

// mostFaults is how many tables are remembered that a format cannot hold.
const mostFaults = 1024

// faults are why tables cannot be written in a format, by the key of the
// export: what is wrong with the content of a table stays wrong.
type faults map[string]error

func (f *faults) of(key string) error { return (*f)[key] }

func (f *faults) note(key string, err error) {
	if fault := (*datasets.FileError)(nil); !errors.As(err, &fault) {
		return
	}
	if *f == nil || len(*f) >= mostFaults {
		*f = faults{}
	}
	(*f)[key] = err
}
