package exporters

import (
	"fmt"
	"os"
	"time"
)

// Stats tell what a Files did since it was opened, and what it keeps.
type Stats struct {
	Builds int64         // exports written
	Failed int64         // exports that could not be written; those given up are not among them
	Took   time.Duration // to write, all builds together, by Files.Now
	Files  int64         // exports kept
	Bytes  int64         // of them

	Waiting int64 // exports whose turn to be written has not come
}

// Stats returns the figures of this moment.
func (f *Files) Stats() Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.stats
	s.Files, s.Bytes = int64(len(f.kept)), f.total+f.parts
	s.Waiting = int64(f.queued)
	return s
}

// Check returns an error when the folder of the exports is not there.
func (f *Files) Check() error {
	if _, err := os.ReadDir(f.dir); err != nil {
		return fmt.Errorf("exporters: %w", err)
	}
	return nil
}

// timed runs do and notes how long it took.
func (f *Files) timed(do func()) {
	if f.Now == nil {
		do()
		return
	}
	start := f.Now()
	do()
	took := f.Now().Sub(start)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stats.Took += took
}
