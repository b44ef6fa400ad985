// Package processors says how many processors the program has.
package processors

import "runtime"

var count = runtime.GOMAXPROCS(0) // before a server raises it

// Count is among how many goroutines work is divided that waits for nothing: the
// processors, or what the environment variable GOMAXPROCS says.
func Count() int { return count }
