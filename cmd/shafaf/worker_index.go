package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/openshafaf/shafaf/search"
)

// An indexJob names the index that shafaf worker index reads.
type indexJob struct {
	Path string `json:"path"`
}

type workerIndexCmd struct{}

// Run reads all of an index in this process, which damage may end.
func (workerIndexCmd) Run(e *env) error {
	var job indexJob
	if err := e.confined(e.settings.Worker.Memory, &job); err != nil {
		return err
	}
	n, err := search.Probe(job.Path)
	if err != nil {
		return err
	}
	return e.printJSON(map[string]int64{"postings": n})
}

// probeTime is the patience with the reading of an index. One that takes longer
// is opened without that proof: its check sums are right.
const probeTime = 2 * time.Minute

// probeIndex lets a process of its own read all of an index, before this one
// maps its files.
func (e *env) probeIndex(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	c := child{args: []string{"index"}, job: indexJob{path}, memory: int64(e.settings.WorkerMemory), time: probeTime, line: func([]byte) error { return nil }}
	err = c.run(e.ctx, e.dir)
	if err == nil || errors.Is(err, errChildDied) || e.ctx.Err() != nil {
		return err
	}
	e.log.Warn("the search index is opened without having been read by a process of its own", "reason", fmt.Sprint(err))
	return nil
}
