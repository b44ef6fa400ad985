package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// rounds is how often the crash tests stop the program: SHAFAF_CRASH_ROUNDS,
// which make crash sets; without it they are left out.
func rounds(t *testing.T) int {
	t.Helper()
	s := os.Getenv("SHAFAF_CRASH_ROUNDS")
	if s == "" {
		t.Skip("make crash runs it: SHAFAF_CRASH_ROUNDS says how often, and is not set")
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("SHAFAF_CRASH_ROUNDS is %q: give a number of rounds", s)
	}
	return n
}

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

// A tally counts how the rounds of a step ended, by the way it was stopped.
type tally map[string]map[string]int

func (c tally) add(how, end string, n int) {
	if c[how] == nil {
		c[how] = map[string]int{}
	}
	c[how][end] += n
}

func (c tally) String() string {
	var parts []string
	for _, how := range slices.Sorted(maps.Keys(c)) {
		for _, end := range slices.Sorted(maps.Keys(c[how])) {
			parts = append(parts, fmt.Sprintf("%s: %s %d", how, end, c[how][end]))
		}
	}
	return strings.Join(parts, ", ")
}

// try does a round of the step in dir, stopped by s, and returns the name that
// end gives to how it ended.
func (x *trial) try(dir, how string, s stop, end func(*stopped) (string, error)) string {
	x.t.Helper()
	r := x.round(dir)
	if s.before != nil {
		s.before()
	}
	got := x.run(r, s)
	if s.behind != nil {
		s.behind()
	}
	name, err := end(got)
	if err == nil {
		err = x.holds(r, got)
	}
	if err == nil {
		err = x.again(r)
	}
	if err == nil {
		return name
	}
	kept, _ := os.MkdirTemp("", "crash-kept-*")
	_ = os.CopyFS(kept, os.DirFS(r.dir))
	x.t.Errorf("%s, %s: %v\nit had printed: %s%s\nkept in %s", x.name, how, err, got.out, got.errOut, kept)
	return "FAULT"
}

// killedOrDone counts the end of a command that was to be killed.
func killedOrDone(got *stopped) (string, error) {
	switch {
	case got.killed:
		return "killed", nil
	case got.done:
		return "done before", nil
	}
	return "failed", errors.New("it failed by itself")
}

// refusedOrDone counts the end of a command that met a fault of the disk: it
// says so in a sentence, or can do without. Where nothing can be written, it
// cannot say so either.
func (x *trial) refusedOrDone(silent bool) func(*stopped) (string, error) {
	return func(got *stopped) (string, error) {
		switch {
		case got.done:
			return "done all the same", nil
		case strings.Contains(got.errOut, "netpollBreak write failed"):
			return "not of the disk", nil // what Go wakes itself with is a write, too
		case strings.Contains(got.errOut, "goroutine ") || got.killed:
			return "crashed", errors.New("it crashed")
		case silent && got.errOut == "", strings.Contains(got.errOut, "shafaf: "), x.drive != nil && strings.Contains(got.errOut, " level="):
			return "refused", nil
		}
		return "refused", errors.New("it gives no reason")
	}
}

// A crashWay is how a step is stopped.
type crashWay struct {
	name string
	stop func(x *trial, i int, dir string) string // in the i-th round of the step
}

func crashWays() []crashWay {
	return []crashWay{
		{"killed at a moment", killAtMoment},
		{"killed at a system call", killAtCall},
		{"faulty disk", faultyDisk},
		{"full disk", fullDisk},
	}
}

// TestCrash stops the steps in every way: it kills as often as it is told to, and
// breaks and fills the disk as often; no step is left out. After each round verify and index compare find
// nothing, what was acknowledged is there, nothing half-made shows, and the
// same command does what it was to do.
func TestCrash(t *testing.T) {
	n, steps, ways := rounds(t), crashSteps(), crashWays()
	share := make([][]int, len(steps)) // rounds, by step and way
	for i := range steps {
		share[i] = make([]int, len(ways))
	}
	next := 0
	for w := range ways {
		for range (n + 1 - w%2) / 2 {
			share[next%len(steps)][w]++
			next++
		}
	}
	var lines []string
	all := tally{}
	for i := range steps {
		if !slices.ContainsFunc(share[i], func(n int) bool { return n > 0 }) {
			share[i][i%len(ways)] = 1
		}
		count := tally{}
		t.Run(strings.ReplaceAll(steps[i].name, " ", "-"), func(t *testing.T) {
			x := newTrial(t, &steps[i])
			for w, way := range ways {
				for k := range share[i][w] {
					roundDir(t, func(dir string) { count.add(way.name, way.stop(x, k, dir), 1) })
				}
			}
		})
		lines = append(lines, fmt.Sprintf("%-21s %s", steps[i].name, count))
		for how, ends := range count {
			for end, n := range ends {
				all.add(how, end, n)
			}
		}
	}
	t.Logf("\n%s\nall: %s", strings.Join(lines, "\n"), all)
}

// roundDir is a folder that is gone after do.
func roundDir(t *testing.T, do func(dir string)) {
	t.Helper()
	dir, err := os.MkdirTemp("", "crash") //nolint:usetesting // hundreds of them would fill the disk until the test ends
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	do(dir)
}

// killAtMoment kills with kill -9 at a random moment.
func killAtMoment(x *trial, _ int, dir string) string {
	after := time.Duration(rand.Int64N(int64(x.took)*11/10)) + time.Microsecond
	return x.try(dir, fmt.Sprintf("killed after %v of %v", after, x.took), stop{after: after}, killedOrDone)
}

// killAtCall kills at the N-th system call of those that write. N is a thread's
// own number: the program has several.
func killAtCall(x *trial, i int, dir string) string {
	if !straced() {
		return "left out, for want of strace"
	}
	call, n := x.nth(i, callsOfWriting)
	return x.try(dir, fmt.Sprintf("killed at %s %d", call, n), injecting(call, "signal=SIGKILL", strconv.Itoa(n)), killedOrDone)
}

// faultyDisk lets the N-th of the calls that write fail, or all from there on,
// for want of room or with an error of the disk.
func faultyDisk(x *trial, i int, dir string) string {
	if !straced() {
		return "left out, for want of strace"
	}
	calls := slices.DeleteFunc(slices.Clone(callsOfWriting), func(c string) bool { return c == "unlinkat" })
	call, n := x.nth(i, calls)
	fault, on := []string{"ENOSPC", "EIO"}[rand.IntN(2)], []string{"", "+"}[rand.IntN(2)]
	when := strconv.Itoa(n) + on
	return x.try(dir, fmt.Sprintf("%s at %s %s", fault, call, when), injecting(call, "error="+fault, when), x.refusedOrDone(call == "write"))
}

// fullDisk lets the disk fill, and makes room again afterwards.
func fullDisk(x *trial, _ int, dir string) string {
	unmount, err := mountDisk(dir, "128m")
	if err != nil {
		return "left out, for want of the right to mount a disk"
	}
	defer unmount()
	left, filler := rand.Int64N(3*x.grows+256<<10), filepath.Join(dir, "filler")
	return x.try(dir, fmt.Sprintf("with %d bytes left", left), stop{
		before: func() { leave(x.t, filler, left) },
		behind: func() { _ = os.Remove(filler) },
	}, x.refusedOrDone(false))
}

// nth chooses a system call that the step makes, each in turn, and which one.
func (x *trial) nth(i int, calls []string) (string, int) {
	if x.calls == nil {
		x.count()
	}
	made := slices.DeleteFunc(slices.Clone(calls), func(c string) bool { return x.calls[c] == 0 })
	call := made[(i+len(x.name))%len(made)]
	return call, 1 + rand.IntN(x.calls[call])
}

func injecting(call, what, when string) stop {
	return stop{strace: []string{"-o", os.DevNull, "-e", "trace=" + call, "-e", "inject=" + call + ":" + what + ":when=" + when}}
}

// straced reports whether the program can be stopped at a system call.
func straced() bool {
	_, err := exec.LookPath("strace")
	return err == nil
}

func needStrace(t *testing.T) {
	t.Helper()
	if !straced() {
		t.Skip("strace, which stops the program at a system call, is not installed")
	}
}
