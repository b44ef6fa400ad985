package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the program, built once for the tests that run it as a process.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "shafaf")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "shafaf")
	out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return bin, nil
})

// A program is a data folder and the binary to run on it.
type program struct {
	t   *testing.T
	bin string
	dir string
}

func newProgram(t *testing.T) *program {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return &program{t, bin, t.TempDir()}
}

func (p *program) command(args ...string) *exec.Cmd {
	return exec.CommandContext(p.t.Context(), p.bin, append([]string{"--data", filepath.Join(p.dir, "data")}, args...)...)
}

// A usage is what a finished process took.
type usage struct {
	out  string
	wall time.Duration
	peak int64 // bytes of resident memory
}

// run runs a command that must succeed.
func (p *program) run(args ...string) usage {
	p.t.Helper()
	u, err := p.try(args...)
	if err != nil {
		p.t.Fatalf("shafaf %s: %v\n%s", strings.Join(args, " "), err, u.out)
	}
	return u
}

func (p *program) try(args ...string) (usage, error) {
	cmd := p.command(args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	start := time.Now()
	err := cmd.Run()
	u := usage{out: out.String(), wall: time.Since(start)}
	if err != nil {
		u.out += errOut.String()
	}
	if cmd.ProcessState != nil {
		if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			u.peak = r.Maxrss << 10
		}
	}
	return u, err
}

// serve starts the server on a free port and returns its address and process.
func (p *program) serve(args ...string) (base string, cmd *exec.Cmd) {
	p.t.Helper()
	cmd = p.command(append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	errOut, err := cmd.StderrPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	found := make(chan string, 1)
	go func() {
		var log bytes.Buffer
		buf := make([]byte, 4096)
		for {
			n, err := errOut.Read(buf)
			log.Write(buf[:n])
			if _, rest, ok := strings.Cut(log.String(), " addr="); ok && strings.Contains(rest, " ") {
				addr, _, _ := strings.Cut(rest, " ")
				select {
				case found <- addr:
				default:
				}
				_, _ = io.Copy(io.Discard, errOut)
				return
			}
			if err != nil {
				found <- ""
				return
			}
		}
	}()
	addr := <-found
	if addr == "" {
		p.t.Fatal("the server did not start")
	}
	base = "http://" + addr
	p.await(base + "/readyz")
	return base, cmd
}

func (p *program) await(url string) {
	p.t.Helper()
	for range 600 {
		if resp, err := http.Get(url); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatalf("%s does not answer 200", url)
}

// writeCatalogue writes a data.json of n datasets with words of a Zipf
// vocabulary in two languages.
func writeCatalogue(t *testing.T, name string, n int) {
	t.Helper()
	var b strings.Builder
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.07, 1, 30_000)
	words := func(least, most int) string {
		var w []string
		for range least + r.IntN(most-least+1) {
			k := int(zipf.Uint64())
			if k%3 == 0 {
				w = append(w, persianWord(k))
			} else {
				w = append(w, latinWord(k))
			}
		}
		return strings.Join(w, " ")
	}
	formats := []string{"CSV", "XLSX", "PDF", "API", "JSON"}
	b.WriteString(`{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[`)
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{"identifier":"id-%d","title":%q,"description":%q,"keyword":[%q,%q],"modified":"20%02d-%02d-01",`+
			`"theme":[%q],"publisher":{"name":%q},"license":"https://creativecommons.org/licenses/by/4.0/",`+
			`"accessLevel":"public","distribution":[{"accessURL":"https://example.org/%d","format":%q,"title":"file"}]}`,
			i, words(4, 12), words(20, 90), words(1, 1), words(1, 1), 10+r.IntN(16), 1+r.IntN(12),
			"theme "+strconv.Itoa(r.IntN(12)), "Agency "+latinWord(r.IntN(400)), i, formats[r.IntN(len(formats))])
	}
	b.WriteString("]}")
	if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

const (
	latinLetters   = "etaoinshrdlcumwfgypbvk"
	persianLetters = "ایرنمدتسوهلبکشفقزجخپچگ"
)

func latinWord(k int) string { return spell(k, []rune(latinLetters)) }

func persianWord(k int) string { return spell(k, []rune(persianLetters)) }

func spell(k int, letters []rune) string {
	w := []rune{letters[k%len(letters)], letters[(k/7+3)%len(letters)]}
	for k += 17; k > 0; k /= len(letters) {
		w = append(w, letters[k%len(letters)])
	}
	return string(w)
}
