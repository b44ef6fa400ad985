package search_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// damages are what can befall the files of an index, and whether that changes
// bytes that are mapped into memory. Each is given the folder of the index, its
// newest generation in it, and an older copy of the folder.
var damages = map[string]struct {
	unsafe bool
	do     func(t *testing.T, dir, gen, older string)
}{
	"folder removed":     {false, func(t *testing.T, dir, _, _ string) { t.Helper(); must(t, os.RemoveAll(dir)) }},
	"generation removed": {false, func(t *testing.T, _, gen, _ string) { t.Helper(); must(t, os.RemoveAll(gen)) }},
	"segment removed": {false, func(t *testing.T, _, gen, _ string) {
		t.Helper()
		segments(t, gen, func(f *os.File) error { return os.Remove(f.Name()) })
	}},
	"root removed":        {false, func(t *testing.T, _, gen, _ string) { t.Helper(); must(t, os.Remove(gen+"/store/root.bolt")) }},
	"description removed": {false, func(t *testing.T, _, gen, _ string) { t.Helper(); must(t, os.Remove(gen+"/index_meta.json")) }},
	"older copy in place": {false, func(t *testing.T, dir, _, older string) {
		t.Helper()
		must(t, os.RemoveAll(dir))
		must(t, os.Rename(older, dir))
	}},
	"segment with a wrong byte": {true, func(t *testing.T, _, gen, _ string) {
		t.Helper()
		segments(t, gen, func(f *os.File) error { return wrong(f, 100, 1) })
	}},
	"segment cut off": {true, func(t *testing.T, _, gen, _ string) {
		t.Helper()
		segments(t, gen, func(f *os.File) error { return f.Truncate(50) })
	}},
	"segment emptied": {true, func(t *testing.T, _, gen, _ string) {
		t.Helper()
		segments(t, gen, func(f *os.File) error { return f.Truncate(0) })
	}},
	"root cut off": {true, func(t *testing.T, _, gen, _ string) { t.Helper(); must(t, os.Truncate(gen+"/store/root.bolt", 8192)) }},
	"root of noise": {true, func(t *testing.T, _, gen, _ string) {
		t.Helper()
		f, err := os.OpenFile(gen+"/store/root.bolt", os.O_RDWR, 0)
		must(t, err)
		info, err := f.Stat()
		must(t, err)
		must(t, errors.Join(wrong(f, 8192, int(info.Size())-8192), f.Close()))
	}},
	"description changed": {true, func(t *testing.T, _, gen, _ string) {
		t.Helper()
		must(t, os.WriteFile(gen+"/index_meta.json", []byte("{"), 0o600))
	}},
}

// segments does something to each segment of a generation, in place.
func segments(t *testing.T, gen string, do func(*os.File) error) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(gen, "store", "*.zap"))
	must(t, err)
	for _, name := range all {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		must(t, err)
		must(t, errors.Join(do(f), f.Close()))
	}
}

// wrong makes n bytes of a file wrong.
func wrong(f *os.File, at int64, n int) error {
	b := make([]byte, n)
	if _, err := f.ReadAt(b, at); err != nil {
		return err
	}
	for i := range b {
		b[i] ^= 0xa5
	}
	_, err := f.WriteAt(b, at)
	return err
}

// quiet waits until nothing is written to a generation any more: what Bleve does
// in goroutines of its own is lost on a damaged file, with the process.
func quiet(t *testing.T, gen string) {
	t.Helper()
	last := time.Time{}
	for range 100 {
		info, err := os.Stat(filepath.Join(gen, "store", "root.bolt"))
		must(t, err)
		if info.ModTime().Equal(last) {
			return
		}
		last = info.ModTime()
		time.Sleep(150 * time.Millisecond)
	}
	t.Fatal("the index is being written without end")
}

// However the files of an open index are damaged, it notices, and mends itself.
func TestDamageOfAnOpenIndexIsMended(t *testing.T) {
	for name, d := range damages {
		t.Run(name, func(t *testing.T) {
			s, path := filled(t)
			older := filepath.Join(t.TempDir(), "older")
			must(t, os.CopyFS(older, os.DirFS(path)))
			x := openIndex(t, path)
			put(t, s, catalog.Text{"en": "C"}, &catalog.Dataset{Title: catalog.Text{"en": "River mouths"}})
			catchUp(t, x, s)
			if mended, err := x.Mend(t.Context(), s, false); mended || err != nil {
				t.Fatalf("a sound index was mended: %t, %v", mended, err)
			}
			gen := one(t, filepath.Join(path, "gen-*"))
			quiet(t, gen)
			d.do(t, path, gen, older)
			switch res, err := x.Search(t.Context(), search.Query{Text: "river", Kind: catalog.NounDataset}); {
			case err == nil && (d.unsafe || res.Total == 3):
			case d.unsafe && errors.Is(err, search.ErrRebuilding):
			default:
				t.Errorf("before it was noticed it finds %d, %v", res.Total, err)
			}
			mended, err := x.Mend(t.Context(), s, false)
			if !mended || err != nil {
				t.Fatalf("mended %t, %v", mended, err)
			}
			if total(t, x, "river") != 3 {
				t.Error("not all is found")
			}
			if _, err := os.Stat(filepath.Join(path, "aside")); (err == nil) != d.unsafe {
				t.Errorf("what was damaged is put aside: %t", err == nil)
			}
			compare(t, x, s)
			if mended, err := x.Mend(t.Context(), s, true); mended || err != nil {
				t.Errorf("it was mended again: %t, %v", mended, err)
			}
			must(t, x.Close())
			y := openIndex(t, path)
			compare(t, y, s)
		})
	}
}

// A wrong byte that nobody can tell from outside is found when all is read.
func TestThoroughLookFindsWhatKeepsItsTime(t *testing.T) {
	s, path := filled(t)
	x := openIndex(t, path)
	file := one(t, filepath.Join(path, "gen-*", "store", "*.zap"))
	quiet(t, filepath.Dir(filepath.Dir(file)))
	if mended, err := x.Mend(t.Context(), s, false); mended || err != nil {
		t.Fatalf("%t, %v", mended, err)
	}
	segments(t, filepath.Dir(filepath.Dir(file)), func(f *os.File) error {
		info, err := f.Stat()
		must(t, err)
		return errors.Join(wrong(f, 100, 1), os.Chtimes(f.Name(), info.ModTime(), info.ModTime()))
	})
	if mended, err := x.Mend(t.Context(), s, false); mended || err != nil {
		t.Fatalf("%t, %v", mended, err)
	}
	done, err := x.Check(t.Context(), s) // which is thorough
	must(t, err)
	if !done || total(t, x, "rivers") != 2 {
		t.Error("it was not mended")
	}
	one(t, filepath.Join(path, "aside"))
	compare(t, x, s)
}

// An index that a process of its own cannot open is never opened in this one.
func TestIndexThatFailsItsProbeIsBuiltAnew(t *testing.T) {
	s, path := filled(t)
	var probed []string
	probe := func(gen string) error {
		probed = append(probed, filepath.Base(gen))
		return errors.New("it was killed by a signal")
	}
	x, err := search.Open(path, search.Options{Now: clock(), Probe: probe})
	must(t, err)
	defer x.Close()
	if len(probed) != 1 || probed[0] != "gen-000002" {
		t.Errorf("probed %v", probed)
	}
	one(t, filepath.Join(path, "aside"))
	if _, err := x.Search(t.Context(), search.Query{Text: "rivers"}); !errors.Is(err, search.ErrRebuilding) {
		t.Errorf("before it is built a search gives %v", err)
	}
	catchUp(t, x, s)
	if total(t, x, "rivers") != 2 {
		t.Error("not all is found")
	}
}

// An index is kept when it is the program that cannot read it: it was told to
// stop, or has too many files open.
func TestIndexIsKeptWhenItsProbeIsStopped(t *testing.T) {
	for _, why := range []error{context.Canceled, syscall.EMFILE} {
		s, path := filled(t)
		_, err := search.Open(path, search.Options{Now: clock(), Probe: func(string) error { return fmt.Errorf("start a process: %w", why) }})
		if !errors.Is(err, why) {
			t.Errorf("it opens with %v", err)
		}
		one(t, filepath.Join(path, "gen-000002"))
		x := openIndex(t, path)
		if total(t, x, "rivers") != 2 {
			t.Error("not all is found before it is compared")
		}
		compare(t, x, s)
		must(t, x.Close())
	}
}

func TestProbeReadsAllOfAnIndex(t *testing.T) {
	_, path := filled(t)
	gen := one(t, filepath.Join(path, "gen-*"))
	n, err := search.Probe(gen)
	if err != nil || n == 0 {
		t.Errorf("%d postings, %v", n, err)
	}
	flip(t, one(t, gen+"/store/*.zap"), 100, 1)
	if _, err := search.Probe(gen); err == nil {
		t.Error("a wrong byte is not found")
	}
}
