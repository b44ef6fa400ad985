package search

import (
	"errors"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Bleve tells of what goes on in its own goroutines to whom two tables of the
// process name. They have one entry of ours each, which asks this one.
var listeners sync.Map // func(error) by the folder of a generation's segments

const listenerName = "shafaf"

var register = sync.OnceFunc(func() {
	scorch.RegistryAsyncErrorCallbacks[listenerName] = func(err error, path string) {
		if tell, ok := listeners.Load(path); ok {
			tell.(func(error))(err)
		}
	}
	scorch.RegistryEventCallbacks[listenerName] = steady
})

// steady is called by the goroutines that merge and write segments before they
// read mapped files: a fault of the memory becomes a panic there, of which Bleve
// tells, where else it would end the process.
func steady(e scorch.Event) bool {
	if e.Kind == scorch.EventKindPreMergeCheck || e.Kind == scorch.EventKindPersisterProgress || e.Kind == scorch.EventKindPurgerCheck {
		debug.SetPanicOnFault(true)
	}
	return true
}

// listen lets the index hear of what goes wrong in the generation in path, and
// returns what Bleve must be told for it.
func (x *Index) listen(path string) map[string]any {
	register()
	listeners.Store(filepath.Join(path, "store"), func(err error) {
		if errors.Is(err, scorch.ErrAsyncPanic) {
			x.brokeOff(path, err)
		}
	})
	return map[string]any{"asyncErrorCallbackName": listenerName, "eventCallbackName": listenerName}
}

// brokenPatience is how long the writer may take to let go of a generation in
// which a goroutine broke off.
const brokenPatience = 30 * time.Second

// brokeOff notes that a goroutine of Bleve broke off, so that nothing is merged
// or written any more. Mend builds the index anew; but who waits for that
// goroutine waits for ever, and after a while only the end of the process helps.
func (x *Index) brokeOff(path string, why error) {
	x.mu.Lock()
	current := path == filepath.Join(x.dir, genName(x.gen))
	d := &damage{why, true}
	if current {
		x.broken = d
	}
	x.mu.Unlock()
	if !current {
		return
	}
	x.ring()
	if x.fatal == nil {
		return
	}
	time.AfterFunc(brokenPatience, func() {
		if x.brokenBy() == d {
			x.fatal(errors.Join(errors.New("search: the index broke off"), why))
		}
	})
}

// brokenBy is what broke off in the open generation, or nil.
func (x *Index) brokenBy() *damage {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.broken
}

// ring lets Follow look at the files as soon as may be.
func (x *Index) ring() {
	select {
	case x.alarm <- struct{}{}:
	default: // it is rung already
	}
}
