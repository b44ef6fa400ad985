package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A crashStep is something that the program does, and may be stopped in at any
// moment. In args, DIR stands for the folder of the round.
type crashStep struct {
	name  string
	newer bool                               // a newer program does it than the one that made the folder
	on    string                             // the portal below DIR that it makes; DIR's own where left out
	ready func(*program)                     // makes what it begins with, once
	args  []string                           // what is run
	drive func(*program, string) error       // of a server: what is asked of it, at the address
	says  string                             // what it prints when it is done
	half  func(*program, *stopped) error     // what holds however it ended
	whole func(p *program, dir string) error // what holds when it was done: by DIR and the folder that ready filled
}

// A stopped is how a command ended.
type stopped struct {
	done   bool // with exit code 0
	killed bool
	out    string
	errOut string
	wall   time.Duration
}

// A stop ends a command before its time, or lets something fail.
type stop struct {
	after  time.Duration // kill it after so long; 0: never
	strace []string      // arguments of strace, with which it is run
	before func()        // called when the folder of the round is ready
	behind func()        // called when the command ended
}

// A trial is a step that was prepared.
type trial struct {
	*crashStep
	t     *testing.T
	from  *program       // holds what the step begins with; is copied for each round
	took  time.Duration  // to its end
	calls map[string]int // the most that one thread makes of each system call
	grows int64          // bytes on the disk
}

// callsOfWriting are the system calls that change what is on disk.
var callsOfWriting = []string{"write", "pwrite64", "fsync", "fdatasync", "renameat", "unlinkat", "mkdirat", "openat", "ftruncate"}

// newTrial prepares a step and runs it to its end, which must hold.
func newTrial(t *testing.T, s *crashStep) *trial {
	t.Helper()
	x := &trial{crashStep: s, t: t, from: newProgram(t)}
	if s.ready != nil {
		s.ready(x.from)
	}
	if s.newer {
		x.from.bin = newerProgram(t)
	}
	r := x.round(x.from.t.TempDir())
	before := sizeOf(t, r.dir)
	got := x.run(r, stop{})
	if err := x.holds(r, got); err != nil || !got.done {
		t.Fatalf("%s, to its end: %v\n%s%s", s.name, err, got.out, got.errOut)
	}
	x.took, x.grows = got.wall, sizeOf(t, r.dir)-before
	return x
}

// count counts the system calls of the step.
func (x *trial) count() {
	x.t.Helper()
	r := x.round(x.t.TempDir())
	trace := filepath.Join(x.t.TempDir(), "trace")
	got := x.run(r, stop{strace: []string{"-o", trace, "-e", "trace=" + strings.Join(callsOfWriting, ","), "-e", "signal=none"}})
	b, err := os.ReadFile(trace)
	if err != nil || !got.done {
		x.t.Fatalf("%s, traced: %v\n%s", x.name, err, got.errOut)
	}
	x.calls = map[string]int{}
	threads := map[string]int{}
	for line := range strings.Lines(string(b)) {
		thread, rest, _ := strings.Cut(line, " ")
		call, _, ok := strings.Cut(strings.TrimSpace(rest), "(")
		if ok && slices.Contains(callsOfWriting, call) {
			threads[thread+call]++
			x.calls[call] = max(x.calls[call], threads[thread+call])
		}
	}
}

// round copies what the step begins with.
func (x *trial) round(dir string) *program {
	x.t.Helper()
	if err := os.CopyFS(dir, os.DirFS(x.from.dir)); err != nil {
		x.t.Fatal(err)
	}
	return &program{x.t, x.from.bin, dir}
}

// run runs the step once.
func (x *trial) run(r *program, s stop) *stopped {
	x.t.Helper()
	on := r.on(x.on)
	_ = os.Remove(on.lockFile()) // it may tell of a server that was killed
	args := []string{"--data", on.data(), "--min-free", "0"}
	for _, a := range x.args {
		args = append(args, strings.ReplaceAll(a, "DIR", r.dir))
	}
	cmd := exec.CommandContext(x.t.Context(), r.bin, args...)
	if s.strace != nil {
		strace := append([]string{"-f", "-qq"}, s.strace...)
		cmd = exec.CommandContext(x.t.Context(), "strace", slices.Concat(strace, []string{r.bin}, args)...)
	}
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 10 * time.Second
	start := time.Now()
	if err := cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
	if s.after > 0 {
		defer time.AfterFunc(s.after, func() { _ = cmd.Process.Kill() }).Stop()
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var asked string
	var err error
	if x.drive == nil {
		err = <-ended
	} else {
		asked, err = x.ask(on, ended, cmd.Process.Pid)
	}
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	return &stopped{err == nil, status.Signaled(), out.String() + asked, errOut.String(), time.Since(start)}
}

// ask asks a server, which leads the process group pid, for what the step wants
// of it, and tells it to end. What was acknowledged is returned.
func (x *trial) ask(on *program, ended chan error, pid int) (string, error) {
	base := ""
	for base == "" {
		select {
		case err := <-ended:
			return "", errors.Join(err, errors.New("it ended before it served"))
		case <-time.After(2 * time.Millisecond):
		}
		var i instance
		if b, err := os.ReadFile(on.lockFile()); err == nil && json.Unmarshal(b, &i) == nil && i.Addr != "" {
			base = "http://" + i.Addr
		}
	}
	err := x.drive(on, base)
	said := ""
	if err == nil {
		said = x.says
	}
	select {
	case end := <-ended:
		return said, errors.Join(err, end, errors.New("it ended by itself"))
	default:
	}
	_ = syscall.Kill(-pid, syscall.SIGTERM)
	select {
	case end := <-ended:
		return said, errors.Join(err, end)
	case <-time.After(30 * time.Second):
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		return said, errors.Join(err, <-ended, errors.New("it did not end when it was told to"))
	}
}

// holds says what does not hold after the step was stopped.
func (x *trial) holds(r *program, got *stopped) error {
	on := r.on(x.on)
	if x.half != nil {
		if err := x.half(on, got); err != nil {
			return err
		}
	}
	if x.whole != nil && (got.done || x.says != "" && strings.Contains(got.out, x.says)) {
		if err := x.whole(on, r.dir); err != nil {
			return fmt.Errorf("it was done, yet %w", err)
		}
	}
	return sound(on)
}

// again does the step once more, to its end.
func (x *trial) again(r *program) error {
	on := r.on(x.on)
	if x.on != "" { // it makes a portal, and only where there is none
		if there, _ := filepath.Glob(filepath.Join(on.data(), "catalog.db")); len(there) > 0 {
			return nil
		}
	}
	got := x.run(r, stop{})
	if !got.done {
		return fmt.Errorf("done again: %s%s", got.out, got.errOut)
	}
	if x.whole != nil {
		if err := x.whole(on, r.dir); err != nil {
			return fmt.Errorf("done again: %w", err)
		}
	}
	return compared(on)
}

// sound says what verify and index compare find in a portal, if there is one.
func sound(p *program) error {
	info, err := os.Stat(filepath.Join(p.data(), "catalog.db"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if u, err := p.try("verify"); err != nil {
		return fmt.Errorf("verify: %w: %s", err, u.out)
	}
	return compared(p)
}

func compared(p *program) error {
	if u, err := p.try("index", "compare"); err != nil || u.out != "0 missing, 0 extra, 0 stale\n" {
		return fmt.Errorf("index compare: %w: %s", errors.Join(err), u.out)
	}
	return nil
}
