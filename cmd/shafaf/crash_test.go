package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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
