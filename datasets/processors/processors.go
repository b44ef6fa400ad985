// Package processors says how many processors the program has, and readies the
// runtime for a server.
package processors

import (
	"os"
	"runtime"
	"runtime/debug"
)

var count = runtime.GOMAXPROCS(0) // before Share

// Count is among how many goroutines work is divided that waits for nothing: the
// processors, or what the environment variable GOMAXPROCS says.
func Count() int { return count }

// heapGrowth is the percentage by which the heap of a server grows until what it
// no longer needs is collected.
const heapGrowth = 200

// Share readies the runtime for a server, unless GOMAXPROCS and GOGC say
// otherwise. The runtime looks for new requests when one of its threads has
// nothing to do; with no more threads than processors a request may wait for as
// long as others keep these busy, and the system divides processors among
// threads more evenly. A heap that grows further is collected less often, while
// every request waits longer; GOMEMLIMIT bounds it.
func Share() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(2 * count)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}
