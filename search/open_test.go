package search_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// filled makes a catalogue and an index of it, closed, and returns the folder
// of the index.
func filled(t *testing.T) (*catalog.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s := openStore(t, dir)
	put(t, s, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers and lakes"}}, &catalog.Dataset{Title: catalog.Text{"en": "Seas"}})
	path := filepath.Join(dir, "search")
	x := openIndex(t, path)
	catchUp(t, x, s)
	put(t, s, catalog.Text{"en": "B"}, &catalog.Dataset{Title: catalog.Text{"en": "More rivers"}})
	catchUp(t, x, s)
	must(t, x.Close())
	return s, path
}

func one(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	must(t, err)
	if len(found) == 0 {
		t.Fatalf("there is no %s", pattern)
	}
	return found[0]
}

func flip(t *testing.T, path string, at, n int) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	if at < 0 {
		at += len(b)
	}
	for i := range n {
		b[at+i] ^= 0xa5
	}
	must(t, os.WriteFile(path, b, 0o600))
}

// However an index is damaged, it is put aside and built anew.
func TestDamagedIndexIsBuiltAnew(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, gen string){
		"segment with a wrong byte": func(t *testing.T, gen string) {
			t.Helper()
			flip(t, one(t, gen+"/store/*.zap"), 100, 1)
		},
		"segment with a wrong end": func(t *testing.T, gen string) {
			t.Helper()
			flip(t, one(t, gen+"/store/*.zap"), -20, 4)
		},
		"segment cut off": func(t *testing.T, gen string) { t.Helper(); must(t, os.Truncate(one(t, gen+"/store/*.zap"), 50)) },
		"segment emptied": func(t *testing.T, gen string) { t.Helper(); must(t, os.Truncate(one(t, gen+"/store/*.zap"), 0)) },
		"segment removed": func(t *testing.T, gen string) { t.Helper(); must(t, os.Remove(one(t, gen+"/store/*.zap"))) },
		"root cut off":    func(t *testing.T, gen string) { t.Helper(); must(t, os.Truncate(gen+"/store/root.bolt", 8192)) },
		"root emptied":    func(t *testing.T, gen string) { t.Helper(); must(t, os.Truncate(gen+"/store/root.bolt", 0)) },
		"root removed":    func(t *testing.T, gen string) { t.Helper(); must(t, os.Remove(gen+"/store/root.bolt")) },
		"root of noise": func(t *testing.T, gen string) {
			t.Helper()
			info, err := os.Stat(gen + "/store/root.bolt")
			must(t, err)
			flip(t, gen+"/store/root.bolt", 8192, int(info.Size())-8192)
		},
		"description emptied": func(t *testing.T, gen string) { t.Helper(); must(t, os.Truncate(gen+"/index_meta.json", 0)) },
		"description removed": func(t *testing.T, gen string) { t.Helper(); must(t, os.Remove(gen+"/index_meta.json")) },
		"stray file": func(t *testing.T, gen string) {
			t.Helper()
			must(t, os.WriteFile(gen+"/store/._x.zap", []byte("x"), 0o600))
		},
		"empty folder": func(t *testing.T, gen string) {
			t.Helper()
			must(t, os.RemoveAll(gen))
			must(t, os.Mkdir(gen, 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, path := filled(t)
			damage(t, one(t, filepath.Join(path, "gen-*")))
			x := openIndex(t, path)
			one(t, filepath.Join(path, "aside"))
			catchUp(t, x, s)
			compare(t, x, s)
			if total(t, x, "rivers") != 2 {
				t.Error("not all is found")
			}
		})
	}
}

// A process that is killed while it makes an index leaves a folder without
// its final name.
func TestHalfMadeIndexIsRemoved(t *testing.T) {
	s, path := filled(t)
	half := filepath.Join(path, "gen-000007.tmp")
	must(t, os.MkdirAll(filepath.Join(half, "store"), 0o755))
	must(t, os.WriteFile(filepath.Join(half, "index_meta.json"), nil, 0o600))
	x := openIndex(t, path)
	if total(t, x, "rivers") != 2 {
		t.Error("the finished index is not used")
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half-made index is still there: %v", err)
	}
	catchUp(t, x, s)
	compare(t, x, s)
}

func TestSecondOpenerIsTold(t *testing.T) {
	_, path := filled(t)
	openIndex(t, path)
	_, err := search.Open(path, search.Options{Now: clock(), Wait: 100 * time.Millisecond})
	if !errors.Is(err, search.ErrInUse) || !strings.Contains(err.Error(), "another process has it open (process ") {
		t.Errorf("second opener: %v", err)
	}
}

// The same from another process; it is this test again, told so by its
// environment.
func TestOtherProcessIsTold(t *testing.T) {
	if path := os.Getenv("SEARCH_TEST_OPEN"); path != "" {
		_, err := search.Open(path, search.Options{Now: clock(), Wait: 100 * time.Millisecond})
		if !errors.Is(err, search.ErrInUse) {
			t.Errorf("the other process: %v", err)
		}
		return
	}
	_, path := filled(t)
	openIndex(t, path)
	self, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestOtherProcessIsTold$")
	cmd.Env = append(os.Environ(), "SEARCH_TEST_OPEN="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
