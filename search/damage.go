package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/goccy/go-json"
)

// ErrRebuilding is what a search gives while the index holds nothing whole: it
// is new, or was damaged, and is being built from the catalogue.
var ErrRebuilding = errors.New("search: the index is being built")

// A fault is a panic, or a fault of the memory, in what reads the index. Damage
// of its files may be the reason; Mend finds out.
type fault struct {
	cause  any
	memory bool // mapped bytes could not be read
	stack  string
}

func (f *fault) Error() string { return fmt.Sprintf("search: the index broke off: %v", f.cause) }

// caught runs what reads mapped files of the index in this goroutine.
func caught(run func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			_, memory := p.(interface{ Addr() uintptr }) // of a fault of the memory alone
			err = &fault{p, memory, string(debug.Stack())}
		}
	}()
	return run()
}

// alarmed passes err on; after a fault the files are looked at as soon as may be.
func (x *Index) alarmed(err error) error {
	var f *fault
	if !errors.As(err, &f) {
		return err
	}
	x.ring()
	return err
}

// A mark is a file as it was when it was last known to be whole.
type mark struct {
	info fs.FileInfo
	size int64
	at   time.Time
}

func markOf(path string) (mark, error) {
	info, err := os.Stat(path)
	if err != nil {
		return mark{}, err
	}
	return mark{info, info.Size(), info.ModTime()}, nil
}

func (m *mark) same(n *mark) bool { return m.size == n.size && m.at.Equal(n.at) }

// A damage is what was found wrong with the files of an open index.
type damage struct {
	why    error
	unsafe bool // what is mapped into memory is no more what it was
}

// notDamage is why an index may not open though nothing is wrong with it: it is
// in use, not ours to read, or the process was told to stop or has no more files
// or memory.
var notDamage = []error{ErrInUse, os.ErrPermission, context.Canceled, context.DeadlineExceeded, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM}

func saysDamage(err error) bool {
	return !slices.ContainsFunc(notDamage, func(other error) bool { return errors.Is(err, other) })
}

// Mend looks at the files of the index as the file system has them now. When
// they are gone, or are others, the index is built anew while the one in memory
// goes on answering; when bytes of them changed it is put aside first, and
// searches are told so until there is a new one. With thorough set, every byte
// is read that does not change in ordinary use; else only files that are not as
// they were. It reports whether there was anything to mend.
func (x *Index) Mend(ctx context.Context, store *catalog.Store, thorough bool) (bool, error) {
	x.follow.Lock()
	defer x.follow.Unlock()
	mended := false
	err := x.alarmed(caught(func() (err error) {
		mended, err = x.mend(ctx, store, thorough)
		return err
	}))
	return mended, err
}

func (x *Index) mend(ctx context.Context, store *catalog.Store, thorough bool) (bool, error) {
	if _, err := x.Docs(); err != nil {
		return false, err
	}
	d, err := x.inspect(thorough)
	if err != nil || d == nil {
		return false, err
	}
	x.log.Error("the search index is damaged and is built anew from the catalogue", "reason", d.why)
	if err := x.hold(); err != nil {
		return true, fmt.Errorf("search: mend the index: %w", err)
	}
	if d.unsafe {
		err = x.abandon(d.why)
	}
	if err == nil {
		_, err = x.rebuild(ctx, store, nil)
	}
	if err == nil {
		err = x.catchUp(ctx, store, nil)
	}
	return true, err
}

// hold takes the lock again where its file is gone: whoever opens the folder
// now would find it free.
func (x *Index) hold() error {
	if err := os.MkdirAll(x.dir, 0o755); err != nil {
		return err
	}
	if x.locked.same(filepath.Join(x.dir, lockName)) {
		return nil
	}
	fresh, err := lock(filepath.Join(x.dir, lockName), 0)
	if err != nil {
		return err
	}
	old := x.locked
	x.locked = fresh
	return old.free()
}

// closePatience is how long a damaged index may take to close; its goroutines
// are left to themselves then.
const closePatience = 10 * time.Second

// abandon lets go of a generation whose bytes changed, and puts an empty one in
// its place.
func (x *Index) abandon(why error) error {
	x.mu.Lock()
	x.whole = false
	old, gen := x.bleve, x.gen
	x.mu.Unlock()
	closed := make(chan error, 1)
	go func() { closed <- guarded(old.Close) }()
	select {
	case err := <-closed:
		if err != nil {
			x.log.Warn("the damaged search index did not close", "reason", err)
		}
	case <-time.After(closePatience):
		x.log.Warn("the damaged search index does not close", "waited", closePatience)
	}
	if err := x.putAside(gen, why); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	next, err := x.nextGen()
	if err == nil {
		err = x.openNew(next)
	}
	if err != nil {
		return err
	}
	x.parts = nil
	return x.refresh()
}

// nextGen is a number above those of all generations that lie in the folder.
func (x *Index) nextGen() (int, error) {
	gens, err := x.generations()
	if err != nil {
		return 0, err
	}
	next := x.gen + 1
	if len(gens) > 0 {
		next = max(next, gens[len(gens)-1]+1)
	}
	return next, nil
}

// inspect compares the files of the open generation with what they were.
func (x *Index) inspect(thorough bool) (*damage, error) {
	dir := filepath.Join(x.dir, genName(x.gen))
	if d := x.brokenBy(); d != nil {
		return d, nil
	}
	if !x.locked.same(filepath.Join(x.dir, lockName)) {
		return &damage{why: errors.New("its folder is gone or another one is in its place")}, nil
	}
	live, err := x.liveSegments()
	if err != nil {
		return nil, err
	}
	seen := map[string]mark{}
	for _, path := range live {
		name := filepath.Join("store", filepath.Base(path))
		d := x.inspectFile(dir, name, thorough)
		if d != nil && x.stillLive(path) {
			return d, nil
		}
		seen[name] = x.marks[name]
	}
	for name := range x.marks { // those of segments that were merged
		if _, ok := seen[name]; !ok && strings.HasSuffix(name, ".zap") {
			delete(x.marks, name)
		}
	}
	for _, name := range []string{"index_meta.json", filepath.Join("store", "root.bolt")} {
		if d := x.inspectFile(dir, name, thorough); d != nil {
			return d, nil
		}
	}
	return nil, nil
}

// markAll marks the files of a generation that was just checked.
func (x *Index) markAll() error {
	dir := filepath.Join(x.dir, genName(x.gen))
	all, err := filepath.Glob(filepath.Join(dir, "store", "*"))
	if err != nil {
		return err
	}
	for _, path := range append(all, filepath.Join(dir, "index_meta.json")) {
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		m, err := markOf(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the index is open, and has just removed a segment that it merged
		}
		if err != nil {
			return err
		}
		x.marks[name] = m
	}
	return nil
}

// inspectFile says what is wrong with one file, and marks it when nothing is.
func (x *Index) inspectFile(dir, name string, thorough bool) *damage {
	path := filepath.Join(dir, name)
	now, err := markOf(path)
	if err != nil {
		return &damage{why: err}
	}
	was, known := x.marks[name]
	switch {
	case known && !os.SameFile(was.info, now.info):
		return &damage{why: fmt.Errorf("%s is another file", path)}
	case known && !thorough && was.same(&now):
		return nil
	}
	switch err := checkOpen(path, &was, &now); {
	case err == nil:
	case saysDamage(err):
		return &damage{fmt.Errorf("%s: %w", path, err), true}
	default:
		return nil // it is looked at again
	}
	x.marks[name] = now
	return nil
}

// checkOpen checks a file of an index that is open: it was was, when it was
// looked at before, and is now.
func checkOpen(path string, was, now *mark) error {
	switch filepath.Base(path) {
	case "root.bolt":
		return checkOpenRoot(path)
	case "index_meta.json":
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var meta map[string]any
		b = bytes.TrimRight(b, "\x00") // that Bleve writes behind it
		if err := json.Unmarshal(b, &meta); err != nil || was.info != nil && !was.same(now) {
			return errors.New("the file was changed")
		}
		return nil
	}
	return checkSegment(path)
}

// Looks at a bbolt file that is written meanwhile. One that says the same in
// rootSure of them, apart by rootPause, is believed.
const (
	rootTries = 10
	rootSure  = 3
	rootPause = 20 * time.Millisecond // more than the grain of the times of files
)

// checkOpenRoot walks a copy of a bbolt file that is open: bbolt lets nobody
// else open it. A copy says nothing when the file was written since: its segments
// may have been merged and removed.
func checkOpenRoot(path string) error {
	dir, err := os.MkdirTemp("", "shafaf-root-*")
	if err != nil {
		return nil // there is no room to look; the next start does
	}
	defer os.RemoveAll(dir)
	copied := filepath.Join(dir, "root.bolt")
	sure := 0
	for range rootTries {
		before, err1 := markOf(path)
		b, err2 := os.ReadFile(path)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if err := os.WriteFile(copied, b, 0o600); err != nil {
			return nil // likewise
		}
		found := checkRoot(copied)
		if found == nil {
			found = walkBolt(copied, filepath.Dir(path), time.Second)
		}
		if found == nil {
			return nil
		}
		time.Sleep(rootPause)
		switch after, err := markOf(path); {
		case err != nil:
			return err
		case !before.same(&after):
			sure = 0
			continue
		}
		if sure++; sure == rootSure {
			return found
		}
	}
	return nil
}

// liveSegments are the files of the segments that the index consists of now.
func (x *Index) liveSegments() ([]string, error) {
	low, err := x.bleve.Advanced()
	if err != nil {
		return nil, err
	}
	r, err := low.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	state, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("the index gives a %T", r)
	}
	var paths []string
	for _, s := range state.Segments() {
		if p, ok := s.Segment().(segment.PersistedSegment); ok {
			paths = append(paths, p.Path())
		}
	}
	return paths, nil
}

// stillLive reports whether a segment was not merged away since.
func (x *Index) stillLive(path string) bool {
	live, err := x.liveSegments()
	if err != nil {
		return true
	}
	return slices.Contains(live, path)
}
