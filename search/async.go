package search

import (
	"errors"
	"path/filepath"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Bleve tells of what goes wrong in its own goroutines to whom a table of the
// process names. That table has one entry of ours, which asks this one.
var listeners sync.Map // func(error) by the folder of a generation's segments

const listenerName = "shafaf"

var register = sync.OnceFunc(func() {
	scorch.RegistryAsyncErrorCallbacks[listenerName] = func(err error, path string) {
		if tell, ok := listeners.Load(path); ok {
			tell.(func(error))(err)
		}
	}
})

// listen lets the index hear of what goes wrong in the generation in path, and
// returns the name to give to Bleve. A goroutine that broke off writes nothing
// any more, and whoever waits for it waits for ever: that is fatal.
func (x *Index) listen(path string) string {
	register()
	listeners.Store(filepath.Join(path, "store"), func(err error) {
		if errors.Is(err, scorch.ErrAsyncPanic) && x.fatal != nil {
			x.fatal(errors.Join(errors.New("search: the index broke off"), err))
		}
	})
	return listenerName
}
