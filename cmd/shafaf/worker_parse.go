package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"syscall"
	"time"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/dustin/go-humanize"
	"github.com/goccy/go-json"
)

// A byteCount is a flag with a size, "1GiB" or "500MB".
type byteCount int64

// UnmarshalText reads the flag.
func (b *byteCount) UnmarshalText(text []byte) error {
	n, err := humanize.ParseBytes(string(text))
	if err != nil || n < minWorkerMemory || n > 1<<50 {
		return fmt.Errorf("%q is no size for it: give one of 128MiB or more, like 1GiB", text)
	}
	*b = byteCount(n)
	return nil
}

// String is what UnmarshalText reads.
func (b byteCount) String() string { return humanize.IBytes(uint64(b)) }

const (
	minWorkerMemory = 128 << 20
	parseTime       = time.Hour // for a file of which nobody says how long it may take
	parseGrace      = 10 * time.Second
)

// A parseLine is a line of the answer of shafaf worker parse: how far it is,
// and last of all what came of it.
type parseLine struct {
	Rows     int64                 `json:"rows,omitempty"`
	Imported *datasets.Imported    `json:"imported,omitempty"`
	Error    string                `json:"error,omitempty"`
	Room     *datasets.NoRoomError `json:"room,omitempty"` // the error is a disk without room
	Full     bool                  `json:"full,omitempty"` // the error is a full disk
	Memory   bool                  `json:"memory,omitempty"`
}

type workerParseCmd struct{}

// Run reads the tables of a file in this process, which may be killed.
func (workerParseCmd) Run(e *env) error {
	var job datasets.Job
	if err := e.confined(e.settings.Worker.Memory, &job); err != nil {
		return err
	}
	im, err := job.Run(e.ctx, func(rows int64) { _ = e.printJSON(parseLine{Rows: rows}) }) // nobody to tell: die tells
	out := parseLine{Imported: im}
	if err != nil {
		out.Error, out.Full, out.Memory = err.Error(), errors.Is(err, syscall.ENOSPC), errors.Is(err, datasets.ErrMemory)
		errors.As(err, &out.Room)
	}
	return e.printJSON(out)
}

// importApart lets the imports of risky files run as processes of their own,
// one for each processor at once.
func (e *env) importApart(files *datasets.Files) {
	slots := make(chan struct{}, max(2, runtime.NumCPU()))
	memory := int64(e.settings.WorkerMemory)
	files.Apart = func(ctx context.Context, job datasets.Job, progress func(int64)) (*datasets.Imported, error) {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		defer func() { <-slots }()
		limit := cmp.Or(job.MaxTime, parseTime)
		var last parseLine
		c := child{args: []string{"parse"}, job: job, memory: memory, time: limit + parseGrace, line: func(line []byte) error {
			last = parseLine{}
			err := json.Unmarshal(line, &last)
			if err == nil && last.Rows > 0 && progress != nil {
				progress(last.Rows)
			}
			return err
		}}
		if job.MaxTime == 0 {
			c.time = parseTime
		}
		err := c.run(ctx, e.dir)
		if err == nil {
			err = last.err()
		}
		if err != nil {
			return nil, parseFault(err, memory, limit)
		}
		return last.Imported, nil
	}
}

// err returns the error of the import that the last line tells of.
func (l *parseLine) err() error {
	switch {
	case l.Imported != nil:
		return nil
	case l.Memory:
		return errChildMemory
	case l.Room != nil:
		return l.Room
	case l.Full:
		return fmt.Errorf("%s: %w", l.Error, syscall.ENOSPC)
	case l.Error != "":
		return errors.New(l.Error)
	}
	return errChildDied
}

// parseFault makes of the end of a child a fault of the file that it read.
func parseFault(err error, memory int64, limit time.Duration) error {
	switch {
	case errors.Is(err, errChildMemory):
		return datasets.NewFileError("worker.memory", datasets.Bytes(memory))
	case errors.Is(err, errChildTime):
		return datasets.NewFileError("worker.time", datasets.Seconds(limit.Seconds()))
	case errors.Is(err, errChildDied):
		return datasets.NewFileError("worker.died", err)
	default:
		return err
	}
}
