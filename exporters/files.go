package exporters

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/processors"
)

// DefaultBudget is how many bytes of exports are kept, unless Files.Budget says
// otherwise.
const DefaultBudget = 10 << 30

// Files keeps exports that have been written, so that each is written once
// and then served as a file, with its length and in ranges. It lives in a
// folder of its own, which may be emptied at any time while nobody uses it.
type Files struct {
	// Budget is how many bytes of exports of whole tables are kept. Beyond it
	// those go first that were not asked for the longest; the newest one always
	// stays. PartBudget is the same for exports of parts of tables. They may be
	// set before the first use.
	Budget, PartBudget int64
	// Room is asked before an export is written; nil for no limit. It may be
	// set before the first use.
	Room *datasets.Room
	// Now is the clock by which Stats tells how long exports took; without it
	// that is not told.
	Now func() time.Time

	dir   string
	heavy chan struct{} // holds a token for each build under way

	mu     sync.Mutex
	kept   map[string]*keptFile // by key
	builds map[string]*build    // by key
	queued int                  // builds whose turn has not come
	faults faults
	total  int64 // bytes of kept whole tables
	parts  int64 // bytes of kept parts of tables
	partsN int   // and how many those are
	clock  int64 // counts uses
	stats  Stats

	documents documents
}

// A keptFile is an export in the folder.
type keptFile struct {
	key  string
	name string // key, checksum and extension
	size int64
	used int64 // Files.clock at the last use
}

// Built is an export, opened for reading. The caller closes File, which stays
// readable even when the export is dropped meanwhile.
type Built struct {
	File     *os.File
	Size     int64
	ETag     string // strong, with its quotes; changes with the content only
	Modified time.Time
}

// staleAfter is how long a file that is being written may lie untouched before
// it is taken for the rest of a process that died.
const staleAfter = 10 * time.Minute

const temporary = ".part-"

// OpenFiles opens the folder, or makes it, and removes what a process that died
// has left in it.
func OpenFiles(dir string) (*Files, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("exporters: open: %w", err)
	}
	f := &Files{
		Budget: DefaultBudget, PartBudget: DefaultPartBudget, dir: dir, heavy: make(chan struct{}, processors.Count()),
		kept: map[string]*keptFile{}, builds: map[string]*build{},
	}
	if err := f.list(); err != nil {
		return nil, fmt.Errorf("exporters: open: %w", err)
	}
	return f, nil
}

// list takes note of what is in the folder. The order of the last uses is not
// kept on disk; after a start the order of writing stands for it.
func (f *Files) list() error {
	now, err := f.fileTime()
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	var found []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process dropped it
		}
		if err != nil {
			return err
		}
		switch {
		case !info.Mode().IsRegular():
		case strings.HasPrefix(info.Name(), temporary):
			if now.Sub(info.ModTime()) > staleAfter {
				os.Remove(filepath.Join(f.dir, info.Name()))
			}
		default:
			found = append(found, info)
		}
	}
	slices.SortStableFunc(found, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range found {
		if m := keptName.FindStringSubmatch(info.Name()); m != nil {
			f.keep(&keptFile{key: m[1] + m[2], name: info.Name(), size: info.Size()})
		}
	}
	return nil
}

// keptName is how kept files are called: digest, format with version and
// options, checksum, extension.
var keptName = regexp.MustCompile(`^([A-Za-z0-9_-]+\.[a-z0-9-]+)\.[0-9a-f]{8}(\.[a-z0-9]+)$`)

// fileTime returns what the clock of the folder's file system says.
func (f *Files) fileTime() (time.Time, error) {
	probe, err := os.CreateTemp(f.dir, temporary+"*")
	if err != nil {
		return time.Time{}, err
	}
	defer os.Remove(probe.Name())
	defer probe.Close()
	info, err := probe.Stat()
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

var goodDigest = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// fileKey returns what names the export, but for its checksum.
func fileKey(digest string, format *Format, o Options) string {
	key := fmt.Sprintf("%s.%s%d", digest, format.Ext, format.version)
	if options := format.relevant(o).Key(); options != "" {
		key += "-" + options
	}
	return key + "." + format.Ext
}

// job is what it takes to write the export.
func (f *Files) job(digest string, format *Format, o Options, open func() (*datasets.Table, error)) (buildJob, error) {
	if !goodDigest.MatchString(digest) {
		return buildJob{}, fmt.Errorf("exporters: %q is no digest", digest)
	}
	key := fileKey(digest, format, o)
	relevant := format.relevant(o)
	o.Title, o.Coding = relevant.Title, relevant.Coding
	return buildJob{key: key, format: *format, options: o, open: open}, nil
}

// Get returns the export of the table that open opens, and writes it first
// when it is not there. The digest stands for the table's content: for the same
// digest, format and options the same file is returned. It is of [A-Za-z0-9_-].
//
// Calls for the same export share one build, which goes on while one of them
// still waits; the table may therefore not depend on the context of the
// caller. At most as many builds as there are cores go on at a time, and some
// more wait for their turn; beyond that the error wraps ErrBusy. A build that
// fails or is given up leaves nothing behind; when what failed it is in the table
// (a datasets.FileError), it is not tried again for some time.
func (f *Files) Get(ctx context.Context, digest string, format Format, o Options, open func() (*datasets.Table, error)) (*Built, error) {
	job, err := f.job(digest, &format, o, open)
	if err != nil {
		return nil, err
	}
	const attempts = 3 // an export may be dropped between its build and its opening
	for range attempts {
		b, err := f.opened(job.key)
		if err != nil || b != nil {
			return b, err
		}
		if err := f.wait(ctx, job); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("exporters: %s is dropped as soon as it is written: allow more room than %d bytes for exports", job.key, f.Budget)
}

// Peek returns the size of an export, if it has been written already.
func (f *Files) Peek(digest string, format Format, o Options) (size int64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.kept[fileKey(digest, &format, o)]; k != nil {
		return k.size, true
	}
	return 0, false
}

// opened returns the export, or nil when it is not there.
func (f *Files) opened(key string) (*Built, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k := f.kept[key]
	if k == nil {
		return nil, nil
	}
	file, err := os.Open(filepath.Join(f.dir, k.name))
	if errors.Is(err, fs.ErrNotExist) { // another process, or the operator, made room
		f.forget(k)
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("exporters: open: %w", err)
	}
	info, err := file.Stat()
	if err == nil && info.Size() != k.size {
		err = fmt.Errorf("%s has %d bytes and should have %d: remove it", k.name, info.Size(), k.size)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("exporters: open: %w", err)
	}
	f.clock++
	k.used = f.clock
	tag := strings.TrimSuffix(k.name, filepath.Ext(k.name))
	return &Built{File: file, Size: k.size, ETag: `"` + tag + `"`, Modified: info.ModTime()}, nil
}

// keep takes note of a file, as the one used last. The caller holds f.mu, or
// is the only one who knows f.
func (f *Files) keep(k *keptFile) {
	if old := f.kept[k.key]; old != nil {
		f.forget(old)
		if old.name != k.name {
			os.Remove(filepath.Join(f.dir, old.name))
		}
	}
	f.clock++
	k.used = f.clock
	f.kept[k.key] = k
	f.count(k, 1)
}

// count adds a file to the sums, or with -1 takes it out.
func (f *Files) count(k *keptFile, sign int64) {
	if k.part() {
		f.parts, f.partsN = f.parts+sign*k.size, f.partsN+int(sign)
	} else {
		f.total += sign * k.size
	}
}

// forget is keep undone; the file stays.
func (f *Files) forget(k *keptFile) {
	delete(f.kept, k.key)
	f.count(k, -1)
}

// trim drops the exports that nobody asked for the longest, until the rest
// fits the budgets. The caller holds f.mu.
func (f *Files) trim() {
	whole := func() bool { return f.total > f.Budget }
	parts := func() bool { return f.parts > f.PartBudget || f.partsN > mostParts }
	if !whole() && !parts() {
		return
	}
	oldest := f.oldest()
	for _, k := range oldest[:len(oldest)-1] {
		over := whole
		if k.part() {
			over = parts
		}
		if !over() {
			continue
		}
		f.forget(k)
		os.Remove(filepath.Join(f.dir, k.name))
	}
}

// oldest returns what is kept, the longest unused first. The caller holds f.mu.
func (f *Files) oldest() []*keptFile {
	return slices.SortedFunc(maps.Values(f.kept), func(a, b *keptFile) int { return cmp.Compare(a.used, b.used) })
}

// MakeRoom drops exports, those of parts first and the longest unused first,
// while Room has no room. It returns how many and how many bytes went.
func (f *Files) MakeRoom() (files, bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.leastWorth() {
		if f.Room.Ask(0) == nil {
			break
		}
		f.forget(k)
		os.Remove(filepath.Join(f.dir, k.name))
		files, bytes = files+1, bytes+k.size
	}
	return files, bytes
}

// Drop removes the exports of the table with the digest, and of parts of it, and
// what else is kept of it.
func (f *Files) Drop(digest string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for key, k := range f.kept {
		if strings.HasPrefix(key, digest+".") || strings.HasPrefix(key, digest+partMark) {
			f.forget(k)
			os.Remove(filepath.Join(f.dir, k.name))
		}
	}
}
