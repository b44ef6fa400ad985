package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
)

// profiled runs do and leaves in the folder that --profile names what it cost:
// cpu.pprof while it ran and heap.pprof of the memory that is held at its end,
// for go tool pprof. Without the flag it only runs do.
func (e *env) profiled(do func() error) error {
	dir := e.settings.Profile
	if dir == "" {
		return do()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	cpu, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return errors.Join(err, cpu.Close())
	}
	err = do()
	pprof.StopCPUProfile()
	return errors.Join(err, cpu.Close(), writeHeap(filepath.Join(dir, "heap.pprof")))
}

func writeHeap(name string) error {
	heap, err := os.Create(name)
	if err != nil {
		return err
	}
	runtime.GC() // what is held, not what waits to be collected
	return errors.Join(pprof.WriteHeapProfile(heap), heap.Close())
}
