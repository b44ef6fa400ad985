package main

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/openshafaf/shafaf/datasets/processors"
)

// keepRuntime puts the runtime back as it is when the test ends.
func keepRuntime(t *testing.T) {
	t.Helper()
	threads, growth := runtime.GOMAXPROCS(0), debug.SetGCPercent(100)
	t.Cleanup(func() {
		runtime.GOMAXPROCS(threads)
		debug.SetGCPercent(growth)
	})
}

// A server has more threads than processors; work is divided as before.
func TestServerHasMoreThreadsThanProcessors(t *testing.T) {
	keepRuntime(t)
	t.Setenv("GOMAXPROCS", "")
	t.Setenv("GOGC", "")
	before := processors.Count()
	tuneRuntime()
	if got := runtime.GOMAXPROCS(0); got != 2*before || processors.Count() != before {
		t.Errorf("%d threads for %d processors, of which there were %d", got, processors.Count(), before)
	}
	if got := debug.SetGCPercent(100); got != heapGrowth {
		t.Errorf("the heap grows by %d %%", got)
	}
}

func TestEnvironmentTunesTheRuntime(t *testing.T) {
	keepRuntime(t)
	t.Setenv("GOMAXPROCS", "3")
	t.Setenv("GOGC", "50")
	runtime.GOMAXPROCS(3)
	tuneRuntime()
	if got, growth := runtime.GOMAXPROCS(0), debug.SetGCPercent(100); got != 3 || growth != 100 {
		t.Errorf("%d threads and a heap that grows by %d %% where the environment says 3, and nothing is changed", got, growth)
	}
}
