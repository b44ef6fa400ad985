package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-json"
)

// workerCmd holds the work that the program gives to a process of its own, so
// that nothing which a file makes a library do can end the program. Only the
// program starts it.
type workerCmd struct {
	Memory int64 `help:"Memory that the process may take, in bytes." default:"1073741824" placeholder:"BYTES"`

	Parse workerParseCmd `cmd:"" help:"Read the tables of the stored file that standard input names."`
	Index workerIndexCmd `cmd:"" help:"Read all of the search index that standard input names."`
}

// A child is such a process: what it is to do is a line of JSON on its standard
// input, what comes of it are lines on its standard output.
type child struct {
	args   []string // below shafaf worker
	job    any
	memory int64 // bytes
	time   time.Duration
	line   func(line []byte) error // takes a line, which is valid during the call
}

// Why a child ended before its work.
var (
	errChildMemory = errors.New("took too much memory")
	errChildTime   = errors.New("took too long")
	errChildDied   = errors.New("broke off")
)

const (
	maxChildLine  = 256 << 20
	maxChildTrace = 32 << 10 // bytes of its standard error that are kept
)

// run starts the child and waits for its end. The error wraps one of the three
// above when the child did not come to its end; other errors are of starting
// it, or of ctx.
func (c *child) run(ctx context.Context, dir string) error {
	limited, cancel := context.WithTimeoutCause(ctx, c.time, errChildTime)
	defer cancel()
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	job, err := json.Marshal(c.job)
	if err != nil {
		return err
	}
	args := append([]string{"shafaf", "--data", dir, "worker", "--memory", strconv.FormatInt(c.memory, 10)}, c.args...)
	cmd := exec.CommandContext(limited, ownProgram())
	cmd.Args, cmd.Env, cmd.Dir, cmd.WaitDelay = args, []string{}, dir, 5*time.Second
	apartFrom(cmd)
	trace := &head{limit: maxChildTrace}
	cmd.Stderr = trace
	in, err1 := cmd.StdinPipe() // stays open: its end tells the child that this process is gone
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start a process that reads the file: %w", err)
	}
	_, err = in.Write(append(job, '\n')) // when the child is gone already, Wait says why
	err = errors.Join(ignorePipe(err), eachLine(out, c.line))
	if err != nil {
		cancel()
	}
	return c.ended(ctx, limited, cmd.Wait(), err, trace.String())
}

// signsOfMemory stand in the trace of a process that got no more memory.
var signsOfMemory = []string{"out of memory", "cannot allocate memory", "failed to create new OS thread", "pthread_create failed"}

// ended says why a child ended, from what Wait and the reading of its lines
// returned, and from its trace.
func (c *child) ended(ctx, limited context.Context, waited, read error, trace string) error {
	memory := slices.ContainsFunc(signsOfMemory, func(sign string) bool { return strings.Contains(trace, sign) })
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(context.Cause(limited), errChildTime):
		return errChildTime
	case read != nil:
		return read
	case waited == nil:
		return nil
	case memory:
		return errChildMemory
	}
	return fmt.Errorf("%w (%w)%s", errChildDied, waited, firstLine(trace))
}

// firstLine returns the first line of a trace, behind a colon.
func firstLine(trace string) string {
	line, _, _ := strings.Cut(trace, "\n")
	if line == "" {
		return ""
	}
	return ": " + strings.ToValidUTF8(line[:min(len(line), 300)], "")
}

func ignorePipe(err error) error {
	if err != nil && !errors.Is(err, os.ErrClosed) && !errors.Is(err, errBrokenPipe) {
		return err
	}
	return nil
}

// eachLine hands each line of r to do.
func eachLine(r io.Reader, do func([]byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxChildLine)
	for lines.Scan() {
		if err := do(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// A head keeps the first bytes that are written to it.
type head struct {
	bytes.Buffer
	limit int
}

// Write takes all of p.
func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), max(0, h.limit-h.Len()))])
	return len(p), nil
}

// confined makes this process what a child is: poor, patient, and gone when the
// process that started it is. It reads the job.
func (e *env) confined(memory int64, job any) error {
	debug.SetMemoryLimit(memory / 4 * 3)
	if err := confine(memory); err != nil {
		return err
	}
	in := bufio.NewReader(e.in)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%w: only the program itself starts this", errUsage)
	}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		die()
	}()
	return json.Unmarshal(line, job)
}
