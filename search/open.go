package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/durable"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	berrors "go.etcd.io/bbolt/errors"
)

// The folder of an index holds one generation, gen-000007; beside it, while a
// new one is built, gen-000008.tmp; and the last one that was put aside.
const (
	genPrefix = "gen-"
	tmpSuffix = ".tmp"
	asideName = "aside"
	lockName  = "lock"
)

// Keys of what the index keeps beside its documents.
const (
	mappingKey = "mapping"
	cursorKey  = "cursor"
)

func genName(n int) string { return fmt.Sprintf("%s%06d", genPrefix, n) }

// open takes the lock, clears up after a process that was killed, and opens
// the newest generation or makes one.
func (x *Index) open(wait time.Duration) error {
	if err := os.MkdirAll(x.dir, 0o755); err != nil {
		return err
	}
	locked, err := lock(filepath.Join(x.dir, lockName), wait)
	if err != nil {
		return err
	}
	x.locked = locked
	if err := x.openNewest(wait); err != nil {
		return errors.Join(err, locked.free())
	}
	if err = x.refresh(); err != nil { // segments that open but do not read are damaged, too
		err = x.abandon(err)
	}
	var at Cursor
	if err == nil {
		at, err = x.Cursor()
	}
	if err != nil {
		return errors.Join(err, locked.free())
	}
	x.whole = at.Epoch != ""
	return nil
}

func (x *Index) openNewest(wait time.Duration) error {
	gens, err := x.generations()
	if err != nil {
		return err
	}
	if len(gens) == 0 {
		return x.openNew(1)
	}
	for _, old := range gens[:len(gens)-1] {
		if err := os.RemoveAll(filepath.Join(x.dir, genName(old))); err != nil {
			return err
		}
	}
	newest := gens[len(gens)-1]
	ix, err := x.openGeneration(filepath.Join(x.dir, genName(newest)), wait)
	if err == nil {
		x.use(ix, newest)
		return x.markAll()
	}
	if !saysDamage(err) {
		return err
	}
	if err := x.putAside(newest, err); err != nil {
		return err
	}
	return x.openNew(newest + 1)
}

// generations returns the numbers of the finished generations in ascending
// order, and removes unfinished ones.
func (x *Index) generations() ([]int, error) {
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return nil, err
	}
	var gens []int
	for _, e := range entries {
		name, isGen := strings.CutPrefix(e.Name(), genPrefix)
		if !isGen {
			continue
		}
		if strings.HasSuffix(name, tmpSuffix) {
			if err := os.RemoveAll(filepath.Join(x.dir, e.Name())); err != nil {
				return nil, err
			}
		} else if n, err := strconv.Atoi(name); err == nil && e.Name() == genName(n) {
			gens = append(gens, n)
		}
	}
	slices.Sort(gens)
	return gens, nil
}

// putAside renames a generation that cannot be used, in place of the one that
// was put aside before.
func (x *Index) putAside(gen int, why error) error {
	aside := filepath.Join(x.dir, asideName)
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	x.log.Warn("the search index is put aside and built anew from the catalogue", "folder", aside, "reason", why)
	return os.Rename(filepath.Join(x.dir, genName(gen)), aside)
}

// openNew makes an empty generation and opens it.
func (x *Index) openNew(gen int) error {
	path := filepath.Join(x.dir, genName(gen))
	ix, err := create(path + tmpSuffix)
	if err == nil {
		err = ix.Close()
	}
	if err == nil {
		err = x.finish(gen)
	}
	if err != nil {
		return err
	}
	ix, err = x.openBleve(path, time.Second)
	if err != nil {
		return err
	}
	x.use(ix, gen)
	return nil
}

// use makes an opened generation that of the index.
func (x *Index) use(ix bleve.Index, gen int) {
	clear(x.marks)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.bleve, x.gen, x.broken = ix, gen, nil
}

// finish gives a closed new generation its name.
func (x *Index) finish(gen int) error {
	path := filepath.Join(x.dir, genName(gen))
	if err := durable.SyncFolder(path + tmpSuffix); err != nil {
		return err
	}
	return durable.Rename(path+tmpSuffix, path)
}

// create makes an empty index in path.
func create(path string) (bleve.Index, error) {
	if err := os.RemoveAll(path); err != nil {
		return nil, err
	}
	ix, err := bleve.NewUsing(path, bleve.NewIndexMapping(), scorch.Name, scorch.Name, map[string]any{"bolt_timeout": "1s"})
	if err != nil {
		return nil, err
	}
	if err := ix.SetInternal([]byte(mappingKey), []byte(mapping())); err != nil {
		return nil, errors.Join(err, ix.Close())
	}
	return ix, nil
}

// openGeneration checks a generation and opens it.
func (x *Index) openGeneration(path string, wait time.Duration) (bleve.Index, error) {
	if err := check(path, wait); err != nil {
		return nil, err
	}
	if x.probe != nil {
		if err := x.probe(path); err != nil {
			return nil, err
		}
	}
	ix, err := x.openBleve(path, wait)
	if err != nil {
		return nil, err
	}
	got, err := ix.GetInternal([]byte(mappingKey))
	if err == nil && string(got) != mapping() {
		err = fmt.Errorf("it was written by another version of the program (%q, this one writes %q)", got, mapping())
	}
	if err != nil {
		return nil, errors.Join(err, ix.Close())
	}
	return ix, nil
}

// openBleve opens the index in path; what panics on the way is an error.
func (x *Index) openBleve(path string, wait time.Duration) (bleve.Index, error) {
	return openWith(path, wait, x.listen(path))
}

func openWith(path string, wait time.Duration, config map[string]any) (ix bleve.Index, err error) {
	config["bolt_timeout"] = wait.String()
	err = guarded(func() error {
		ix, err = bleve.OpenUsing(path, config)
		return err
	})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, ErrInUse
	}
	if err != nil {
		return nil, err
	}
	return ix, nil
}
