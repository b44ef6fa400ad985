package exporters

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

func openFiles(t *testing.T) *Files {
	t.Helper()
	f, err := OpenFiles(filepath.Join(t.TempDir(), "exports"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func csvFormat(t *testing.T) Format {
	t.Helper()
	format, ok := ByExt("csv")
	if !ok {
		t.Fatal("no CSV")
	}
	return format
}

// get returns the whole export.
func get(t *testing.T, f *Files, digest string, format Format, o Options) (content, tag string) {
	t.Helper()
	b, err := f.Get(t.Context(), digest, format, o, func() (*datasets.Table, error) { return awkward(), nil })
	if err != nil {
		t.Fatal(err)
	}
	defer b.File.Close()
	all, err := io.ReadAll(b.File)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(all)) != b.Size || b.Modified.IsZero() {
		t.Errorf("%d bytes, size %d, modified %v", len(all), b.Size, b.Modified)
	}
	return string(all), b.ETag
}

func names(t *testing.T, f *Files) []string {
	t.Helper()
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestFilesWriteOnceAndServeForEver(t *testing.T) {
	f := openFiles(t)
	for _, format := range Formats() {
		if _, ok := f.Peek("d1", format, Options{}); ok {
			t.Errorf("%s is there before it is written", format.Ext)
		}
		content, tag := get(t, f, "d1", format, Options{})
		if content != string(export(t, format.Ext, awkward(), format.relevant(Options{}))) {
			t.Errorf("%s: another content than its writer's", format.Ext)
		}
		if size, ok := f.Peek("d1", format, Options{}); !ok || size != int64(len(content)) {
			t.Errorf("%s: peek %d %t, want %d", format.Ext, size, ok, len(content))
		}
		again, err := OpenFiles(f.dir) // as after a restart
		if err != nil {
			t.Fatal(err)
		}
		b, err := again.Get(t.Context(), "d1", format, Options{}, func() (*datasets.Table, error) { return nil, errors.New("opened again") })
		if err != nil {
			t.Fatalf("%s: %v", format.Ext, err)
		}
		b.File.Close()
		if b.ETag != tag {
			t.Errorf("%s: tag %s after a restart, was %s", format.Ext, b.ETag, tag)
		}
	}
}

func TestFilesKeepOptionsApart(t *testing.T) {
	f := openFiles(t)
	csv := csvFormat(t)
	_, plain := get(t, f, "d", csv, Options{})
	_, raw := get(t, f, "d", csv, Options{Raw: true})
	_, other := get(t, f, "d2", csv, Options{})
	if plain == raw || plain == other {
		t.Errorf("tags %s %s %s", plain, raw, other)
	}
	// A title makes no other CSV, and raw text is never escaped.
	_, titled := get(t, f, "d", csv, Options{Title: "x"})
	_, rawPlain := get(t, f, "d", csv, Options{Raw: true, NoEscape: true})
	if titled != plain || rawPlain != raw || len(names(t, f)) != 3 {
		t.Errorf("tags %s %s, files %q", titled, rawPlain, names(t, f))
	}
}

func TestFilesRefuseOddDigests(t *testing.T) {
	f := openFiles(t)
	for _, digest := range []string{"", "../x", "a/b", "a.b", strings.Repeat("a", 129), "a\x00"} {
		if _, err := f.Get(t.Context(), digest, csvFormat(t), Options{}, nil); err == nil {
			t.Errorf("digest %q is taken", digest)
		}
	}
}

// slow returns a table that yields its one row when gate is closed, and the
// number of times it was opened.
func slow(gate <-chan struct{}, opened *atomic.Int32) func() (*datasets.Table, error) {
	return func() (*datasets.Table, error) {
		opened.Add(1)
		tab := table(datasets.Schema{{Name: "a", Label: "a"}}, 1, []cell{"x"})
		scan := tab.Scan
		tab.Scan = func(from, to int64) iter.Seq2[*datasets.Batch, error] {
			<-gate
			return scan(from, to)
		}
		return tab, nil
	}
}

func TestFilesShareOneBuild(t *testing.T) {
	f := openFiles(t)
	gate, opened := make(chan struct{}), new(atomic.Int32)
	var wg sync.WaitGroup
	tags := make([]string, 20)
	for i := range tags {
		wg.Go(func() {
			b, err := f.Get(t.Context(), "d", csvFormat(t), Options{}, slow(gate, opened))
			if err != nil {
				t.Error(err)
				return
			}
			defer b.File.Close()
			tags[i] = b.ETag
		})
	}
	close(gate)
	wg.Wait()
	if opened.Load() != 1 || len(slices.Compact(tags)) != 1 {
		t.Errorf("opened %d times, tags %q", opened.Load(), tags)
	}
}

// TestFilesGoOnForTheOthers: who gives up does not take the export from those
// who still wait, and the last one to give up leaves nothing.
func TestFilesGoOnForTheOthers(t *testing.T) {
	f := openFiles(t)
	gate, opened := make(chan struct{}), new(atomic.Int32)
	first, giveUp := context.WithCancel(t.Context())
	results := make(chan error, 2)
	ask := func(ctx context.Context) {
		b, err := f.Get(ctx, "d", csvFormat(t), Options{}, slow(gate, opened))
		if err == nil {
			b.File.Close()
		}
		results <- err
	}
	go ask(first)
	waitFor(t, func() bool { return opened.Load() == 1 })
	go ask(t.Context())
	waitFor(t, func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, b := range f.builds {
			return b.waiting == 2
		}
		return false
	})
	giveUp()
	if err := <-results; !errors.Is(err, context.Canceled) {
		t.Errorf("the one who gave up got %v", err)
	}
	close(gate)
	if err := <-results; err != nil {
		t.Error(err)
	}
}

func TestFilesGivenUpLeaveNothing(t *testing.T) {
	f := openFiles(t)
	gate, opened := make(chan struct{}), new(atomic.Int32)
	ctx, giveUp := context.WithCancel(t.Context())
	go func() {
		waitFor(t, func() bool { return opened.Load() == 1 })
		giveUp()
	}()
	if _, err := f.Get(ctx, "d", csvFormat(t), Options{}, slow(gate, opened)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(gate)
	waitFor(t, func() bool { return len(f.heavy) == 0 && len(names(t, f)) == 0 })
	if content, _ := get(t, f, "d", csvFormat(t), Options{}); content == "" {
		t.Error("no export after one was given up")
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for range 10_000 {
		if done() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("it never came to that")
}

func TestFilesLimitBuilds(t *testing.T) {
	f := openFiles(t)
	f.heavy = make(chan struct{}, 2)
	var now, most atomic.Int32
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			b, err := f.Get(t.Context(), fmt.Sprint("d", i), csvFormat(t), Options{}, func() (*datasets.Table, error) {
				n := now.Add(1)
				defer now.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				time.Sleep(time.Millisecond)
				return awkward(), nil
			})
			if err != nil {
				t.Error(err)
				return
			}
			b.File.Close()
		})
	}
	wg.Wait()
	if most.Load() > 2 {
		t.Errorf("%d builds at a time", most.Load())
	}
}

// failing is a table that breaks after its first batch.
func failing(do func() error) *datasets.Table {
	tab := awkward()
	scan := tab.Scan
	tab.Scan = func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			for b := range scan(from, to) {
				if !yield(b, nil) {
					return
				}
				break
			}
			yield(nil, do())
		}
	}
	return tab
}

func TestFilesFailuresLeaveNothing(t *testing.T) {
	f := openFiles(t)
	broken := errors.New("broken")
	for _, format := range Formats() {
		for name, tab := range map[string]func() (*datasets.Table, error){
			"open": func() (*datasets.Table, error) { return nil, broken },
			"scan": func() (*datasets.Table, error) { return failing(func() error { return broken }), nil },
		} {
			if _, err := f.Get(t.Context(), "d", format, Options{}, tab); !errors.Is(err, broken) {
				t.Errorf("%s: a failing %s gives %v", format.Ext, name, err)
			}
		}
		var crash *PanicError
		if _, err := f.Get(t.Context(), "d", format, Options{}, func() (*datasets.Table, error) {
			return failing(func() error { panic("no such page") }), nil
		}); !errors.As(err, &crash) || !strings.Contains(err.Error(), "no such page") {
			t.Errorf("%s: a panic gives %v", format.Ext, err)
		}
		// A batch that is shorter than it says crashes the writer, wherever it runs.
		if _, err := f.Get(t.Context(), "d", format, Options{}, func() (*datasets.Table, error) {
			tab := awkward()
			tab.Scan = func(int64, int64) iter.Seq2[*datasets.Batch, error] {
				return func(yield func(*datasets.Batch, error) bool) {
					yield(&datasets.Batch{Len: 6, Columns: make([]datasets.Vector, len(tab.Schema))}, nil)
				}
			}
			return tab, nil
		}); !errors.As(err, &crash) {
			t.Errorf("%s: a damaged batch gives %v", format.Ext, err)
		}
		if left := names(t, f); len(left) != 0 {
			t.Errorf("%s leaves %q", format.Ext, left)
		}
	}
}

func TestFilesFullDiskSaysWhatToDo(t *testing.T) {
	f := openFiles(t)
	full := csvFormat(t)
	full.Write = func(context.Context, io.Writer, *datasets.Table, Options) error {
		return &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	}
	_, err := f.Get(t.Context(), "d", full, Options{}, func() (*datasets.Table, error) { return awkward(), nil })
	if err == nil || !strings.Contains(err.Error(), "make room on the disk") || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v", err)
	}
	if left := names(t, f); len(left) != 0 {
		t.Errorf("left %q", left)
	}
}

func TestFilesDropWhatNobodyAskedForTheLongest(t *testing.T) {
	f := openFiles(t)
	csv := csvFormat(t)
	content, _ := get(t, f, "d1", csv, Options{})
	f.Budget = 3 * int64(len(content))
	get(t, f, "d2", csv, Options{})
	get(t, f, "d3", csv, Options{})
	get(t, f, "d1", csv, Options{}) // now d2 is the one
	get(t, f, "d4", csv, Options{})
	for digest, want := range map[string]bool{"d1": true, "d2": false, "d3": true, "d4": true} {
		if _, ok := f.Peek(digest, csv, Options{}); ok != want {
			t.Errorf("%s is kept: %t", digest, ok)
		}
	}
	if len(names(t, f)) != 3 || f.total != f.Budget {
		t.Errorf("%d bytes in %q", f.total, names(t, f))
	}
	f.Budget = 1 // smaller than any export: the newest is served all the same
	get(t, f, "d5", csv, Options{})
	if left := names(t, f); len(left) != 1 || !strings.HasPrefix(left[0], "d5.") {
		t.Errorf("left %q", left)
	}
}

func TestFilesDroppedByOthersAreWrittenAgain(t *testing.T) {
	f := openFiles(t)
	csv := csvFormat(t)
	want, tag := get(t, f, "d", csv, Options{})
	os.Remove(filepath.Join(f.dir, names(t, f)[0]))
	if got, again := get(t, f, "d", csv, Options{}); got != want || tag != again {
		t.Errorf("tag %s, was %s", again, tag)
	}
}

func TestFilesSweepWhatADeadProcessLeft(t *testing.T) {
	f := openFiles(t)
	dead, alive := filepath.Join(f.dir, temporary+"1"), filepath.Join(f.dir, temporary+"2")
	for _, path := range []string{dead, alive} {
		if err := os.WriteFile(path, []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(dead)
	if err != nil {
		t.Fatal(err)
	}
	long := info.ModTime().Add(-2 * staleAfter)
	if err := os.Chtimes(dead, long, long); err != nil {
		t.Fatal(err)
	}
	again, err := OpenFiles(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	if left := names(t, again); !slices.Equal(left, []string{filepath.Base(alive)}) {
		t.Errorf("left %q", left)
	}
}
