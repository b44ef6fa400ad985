package main

import (
	"os"
	"runtime"
	"runtime/debug"

	"github.com/openshafaf/shafaf/datasets/processors"
)

// heapGrowth is the percentage by which the heap of a server grows until what it
// no longer needs is collected.
const heapGrowth = 200

// tuneRuntime readies the runtime for a server, unless GOMAXPROCS and GOGC say
// otherwise. The runtime looks for new requests when one of its threads has
// nothing to do; with no more threads than processors a request may wait for as
// long as others keep these busy, and the system divides processors among
// threads more evenly. A heap that grows further is collected less often, while
// every request waits longer; GOMEMLIMIT bounds it.
func tuneRuntime() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(2 * processors.Count())
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}
