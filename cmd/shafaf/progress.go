package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A progress tells on stderr how far long work has come: a bar on a terminal,
// else a line every few seconds. Work of less than that says nothing.
type progress struct {
	mu     sync.Mutex
	out    io.Writer
	now    func() time.Time
	name   string
	unit   string
	start  time.Time
	told   time.Time
	done   int64
	of     int64
	bar    *progressbar.ProgressBar
	onTerm bool
}

// tellEvery is the time between two lines where there is no terminal.
const tellEvery = 3 * time.Second

func (e *env) progress(name, unit string) *progress {
	f, isFile := e.errOut.(*os.File)
	return &progress{
		out: e.errOut, now: e.now, name: name, unit: unit, start: e.now(), told: e.now(),
		onTerm: isFile && term.IsTerminal(int(f.Fd())),
	}
}

// set notes that done of so many are done; of is 0 or less while unknown.
func (p *progress) set(done, of int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.of = done, of
	if p.onTerm {
		p.draw()
		return
	}
	if now := p.now(); now.Sub(p.told) >= tellEvery {
		p.told = now
		fmt.Fprintln(p.out, p.line(now))
	}
}

func (p *progress) draw() {
	most := max(p.of, -1)
	if most == 0 {
		most = -1
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(most, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(p.name),
			progressbar.OptionShowIts(), progressbar.OptionSetItsString(p.unit), progressbar.OptionShowCount(),
			progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	if p.bar.GetMax64() != most {
		p.bar.ChangeMax64(most)
	}
	_ = p.bar.Set64(p.done) // a bar that cannot be drawn stops nothing
}

// line says done, of how many, per second and the time left.
func (p *progress) line(now time.Time) string {
	rate := float64(p.done) / max(now.Sub(p.start).Seconds(), 0.001)
	s := fmt.Sprintf("%s: %d", p.name, p.done)
	if p.of > 0 {
		s += fmt.Sprintf(" of %d", p.of)
	}
	s += fmt.Sprintf(" %s, %.0f per second", p.unit, rate)
	if p.of > p.done && rate > 0 {
		left := time.Duration(float64(p.of-p.done) / rate * float64(time.Second))
		s += ", " + left.Round(time.Second).String() + " left"
	}
	return s
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish() // likewise
	}
}
