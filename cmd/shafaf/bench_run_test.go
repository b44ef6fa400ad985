package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A measure is what one run took.
type measure struct {
	wall, cpu time.Duration
	peak      int64         // bytes of anonymous memory, mapped files not counted
	first     time.Duration // until the first byte of the answer; 0 where nobody looked
	size      int64         // of the answer in bytes
}

// A contender does the work once. Its answer goes to the file that it is given.
type contender struct {
	name string
	run  func(out string) (measure, error)
}

// The name of the program among contenders, and how long a run may take before a
// contender is not run again and again.
const (
	shafafName = "Shafaf"
	slowRun    = 20 * time.Second
	slowestRun = time.Minute
)

// compete runs the contenders in turn, several times, and gathers what they took.
// The answers lie in files of the folder, called as the contenders are.
func (b *bench) compete(all ...contender) {
	b.t.Helper()
	lost := map[string]bool{}
	for round := range b.rounds {
		for _, c := range all {
			took := b.taken[c.name]
			if lost[c.name] || !strings.HasPrefix(c.name, shafafName) && (b.profiles != "" || tedious(took)) {
				continue
			}
			s, err := c.run(b.answer(c.name))
			switch {
			case err == nil:
				b.taken[c.name] = append(took, s)
				b.t.Logf("%d %-24s %7.3f s, cpu %7.3f s, %4d MiB, first byte %.3f s, %d bytes", round+1, c.name, s.wall.Seconds(), s.cpu.Seconds(), s.peak>>20, s.first.Seconds(), s.size)
			case strings.HasPrefix(c.name, shafafName):
				b.t.Fatalf("%s: %v", c.name, err)
			default:
				lost[c.name] = true
				b.miss(c.name, err)
			}
		}
	}
}

// tedious tells whether a contender has run often enough for how slow it is.
func tedious(took []measure) bool {
	return len(took) > 0 && (took[0].wall > slowestRun || took[0].wall > slowRun && len(took) > 1)
}

// answer is the file that a contender writes.
func (b *bench) answer(name string) string {
	return filepath.Join(b.dir, strings.ReplaceAll(name, " ", "-"))
}

// had tells whether a contender could be had.
func (b *bench) had(name string) bool { return len(b.taken[name]) > 0 }

// ours is a command of the program as a contender, its standard output the answer.
func (b *bench) ours(p *program, args ...string) contender {
	return contender{shafafName, func(out string) (measure, error) { return timed(p.command(b.profile(args)...), out) }}
}

// command is a program as a contender, its standard output the answer.
func command(name string, words ...string) contender {
	return contender{name, func(out string) (measure, error) { return timed(exec.Command(words[0], words[1:]...), out) }}
}

// timed runs a command to its end. Its standard output is the file.
func timed(cmd *exec.Cmd, out string) (s measure, err error) {
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	f, err := os.Create(out)
	if err != nil {
		return s, err
	}
	defer f.Close()
	cmd.Stdout = f
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return s, err
	}
	w := watchMemory(cmd.Process.Pid, out)
	err = cmd.Wait()
	s.wall = time.Since(start)
	s.peak, s.first = w.end()
	if err != nil {
		return s, fmt.Errorf("%w: %s", err, errOut.Bytes())
	}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.cpu = time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	info, err := f.Stat()
	if err == nil {
		s.size = info.Size()
	}
	return s, err
}

// A memoryWatch looks at a process while it runs.
type memoryWatch struct {
	stop chan struct{}
	done chan struct{}
	peak int64
	at   time.Duration // when the answer began
}

// watchEvery is how often a memoryWatch looks.
const watchEvery = 4 * time.Millisecond

// watchMemory looks at the memory of a process and of its children, and at the file
// that it writes, if there is one, until end is called.
func watchMemory(pid int, out string) *memoryWatch {
	w := &memoryWatch{stop: make(chan struct{}), done: make(chan struct{})}
	start := time.Now()
	go func() {
		defer close(w.done)
		for {
			w.peak = max(w.peak, anonymous(pid))
			if w.at == 0 && out != "" {
				if info, err := os.Stat(out); err == nil && info.Size() > 0 {
					w.at = time.Since(start)
				}
			}
			select {
			case <-w.stop:
				return
			case <-time.After(watchEvery):
			}
		}
	}()
	return w
}

// end returns the most memory that was seen, and when the answer began.
func (w *memoryWatch) end() (peak int64, first time.Duration) {
	close(w.stop)
	<-w.done
	return w.peak, w.at
}

// anonymous returns the bytes of memory that a process and its children hold
// beside what is mapped from files.
func anonymous(pid int) int64 {
	n := statusOf(pid, "RssAnon:")
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return n
	}
	for _, thread := range threads {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, thread.Name()))
		if err != nil {
			continue
		}
		for child := range strings.FieldsSeq(string(children)) {
			if id, err := strconv.Atoi(child); err == nil {
				n += anonymous(id)
			}
		}
	}
	return n
}

// statusOf returns bytes that the system tells of a process.
func statusOf(pid int, what string) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, ok := strings.Cut(string(b), what)
	if !ok {
		return 0
	}
	kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	return kb << 10
}

// cpuOf returns the processor time that a process has used.
func cpuOf(pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// settle waits until the server does nothing by itself any more: after its start
// it assesses all datasets and lists what they point to. It notes when that takes
// too long to wait for.
func (b *bench) settle() {
	const quiet, most = 3, 600 // seconds
	for still, waited := 0, 0; still < quiet; waited++ {
		if waited == most {
			b.note("The server was still assessing its datasets when this began.")
			return
		}
		before := cpuOf(b.server)
		time.Sleep(time.Second)
		if still++; cpuOf(b.server)-before > 20*time.Millisecond {
			still = 0
		}
	}
}

// median of durations that need not be in order; 0 of none.
func median[T ~int64 | ~float64](all []T) T { return quantile(all, 50) }

// quantile returns what so many of a hundred do not exceed.
func quantile[T ~int64 | ~float64](all []T, of int) T {
	if len(all) == 0 {
		return 0
	}
	all = slices.Sorted(slices.Values(all))
	return all[min(len(all)*of/100, len(all)-1)]
}

// each maps samples to one of their figures.
func each[T any](all []measure, figure func(s *measure) T) (list []T) {
	for i := range all {
		list = append(list, figure(&all[i]))
	}
	return list
}

func wallOf(s *measure) time.Duration { return s.wall }

func cpuTime(s *measure) time.Duration { return s.cpu }

// faster is how many times as fast the first contender is as the second: the
// median of the ratios of each round.
func (b *bench) faster(one, other string) float64 { return b.ratio(one, other, wallOf) }

// ratio is how many times as much of a figure the second contender took as the first.
func (b *bench) ratio(one, other string, figure func(s *measure) time.Duration) float64 {
	var ratios []float64
	for i := range min(len(b.taken[one]), len(b.taken[other])) {
		ratios = append(ratios, figure(&b.taken[other][i]).Seconds()/figure(&b.taken[one][i]).Seconds())
	}
	return median(ratios)
}

// python runs a script of testdata/bench and returns what it prints.
func (b *bench) python(interpreter, script string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(b.t.Context(), interpreter, append([]string{filepath.Join("testdata", "bench", script)}, args...)...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("%w: %s", err, lastLine(exit.Stderr))
	}
	return out, err
}

func lastLine(b []byte) string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return lines[len(lines)-1]
}

// venv is a program of the Python environment that make bench fills.
func venv(name string) string {
	if name == "python" {
		return envOr("SHAFAF_PYTHON", filepath.Join("..", "..", ".venv", "bin", name))
	}
	return filepath.Join(filepath.Dir(venv("python")), name)
}

// sameBytes tells whether two files hold the same.
func sameBytes(one, other string) (bool, error) {
	a, err := os.Open(one)
	if err != nil {
		return false, err
	}
	defer a.Close()
	z, err := os.Open(other)
	if err != nil {
		return false, err
	}
	defer z.Close()
	x, y := make([]byte, 1<<20), make([]byte, 1<<20)
	for {
		n, errA := io.ReadFull(a, x)
		m, errZ := io.ReadFull(z, y)
		if n != m || !bytes.Equal(x[:n], y[:m]) {
			return false, nil
		}
		if errA != nil || errZ != nil {
			return true, nil
		}
	}
}
