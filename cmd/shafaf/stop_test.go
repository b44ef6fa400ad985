package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// published is a program with one table of some megabytes as CSV.
func published(t *testing.T) *program {
	t.Helper()
	p := newProgram(t)
	var b strings.Builder
	b.WriteString("n,name,amount\n")
	for i := range 60_000 {
		fmt.Fprintf(&b, "%d,نام و نشان شماره %d,%d.25\n", i, i%1000, i*7)
	}
	file := filepath.Join(p.dir, "t.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	p.run("dataset", "import", file, "--title", "Winter table")
	return p
}

// csvAddress is where the table of published is downloaded.
func (p *program) csvAddress() string {
	p.t.Helper()
	out := p.run("dataset", "show", "winter-table", "--json").out
	_, rest, ok := strings.Cut(out, `"resources":[{`)
	_, rest, ok2 := strings.Cut(rest, `"id":"`)
	id, _, ok3 := strings.Cut(rest, `"`)
	if !ok || !ok2 || !ok3 {
		p.t.Fatalf("no resource in %s", out)
	}
	return "/datasets/winter-table/resources/" + id + ".csv"
}

// A visitors crowd asks the server for things until it is told to go home.
type visitors struct {
	t      *testing.T
	base   string
	want   map[string][sha256.Size]byte // by path; zero: whatever it is
	strict bool                         // nobody may be turned away
	done   atomic.Int64
	turned atomic.Int64
	home   chan struct{}
	wait   sync.WaitGroup
}

// visit asks for all paths in turn. A connection that is refused, or closed
// before the answer began, was turned away; an answer that began must be whole.
func (v *visitors) visit(client *http.Client) {
	for {
		for path, want := range v.want {
			select {
			case <-v.home:
				return
			default:
			}
			body, err := v.ask(client, path)
			var broken *brokenError
			switch {
			case errors.As(err, &broken), err != nil && v.strict:
				v.t.Errorf("%s: %v", path, err)
			case err != nil:
				v.turned.Add(1)
				if errors.Is(err, syscall.ECONNREFUSED) {
					return
				}
			case want != [sha256.Size]byte{} && sha256.Sum256(body) != want:
				v.t.Errorf("%s: another content, %d bytes", path, len(body))
			default:
				v.done.Add(1)
			}
		}
	}
}

// A brokenError is an answer that began and is not right.
type brokenError struct{ error }

func (v *visitors) ask(client *http.Client, path string) ([]byte, error) {
	resp, err := client.Get(v.base + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, &brokenError{fmt.Errorf("status %d, %d of %d bytes, %w", resp.StatusCode, len(body), resp.ContentLength, errors.Join(err))}
	}
	return body, nil
}

// come lets n visitors in, every other one with a new connection each time.
func (v *visitors) come(n int) {
	for i := range n {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: i%2 == 0, DisableCompression: true}, Timeout: time.Minute}
		v.wait.Go(func() {
			defer client.CloseIdleConnections()
			v.visit(client)
		})
	}
}

// until waits for the visitors to have been answered n times.
func (v *visitors) until(n int64) {
	for range 3000 {
		if v.done.Load() >= n || v.t.Failed() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	v.t.Fatalf("%d answers, want %d", v.done.Load(), n)
}

func digestOf(t *testing.T, url string) [sha256.Size]byte {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", url, resp.StatusCode, err)
	}
	return sha256.Sum256(body)
}

func wants(t *testing.T, base, table string) map[string][sha256.Size]byte {
	t.Helper()
	return map[string][sha256.Size]byte{table: digestOf(t, base+table), "/en/datasets?q=winter": {}, "/api/v1/datasets?q=table": {}, "/fa/": {}}
}

// TestStopCutsNobodyOff sends SIGTERM in the middle of downloads and searches.
func TestStopCutsNobodyOff(t *testing.T) {
	p := published(t)
	base, cmd := p.serve()
	v := &visitors{t: t, base: base, want: wants(t, base, p.csvAddress()), home: make(chan struct{})}
	patient := &http.Client{Transport: &http.Transport{DisableCompression: true}} // packed, the file would fit on the way
	slow, err := patient.Get(base + p.csvAddress())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Body.Close()
	var got bytes.Buffer
	if _, err := io.CopyN(&got, slow.Body, 1000); err != nil {
		t.Fatal(err)
	}
	v.come(8)
	v.until(100)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // it waits for the one who reads slowly
	if _, err := io.Copy(&got, slow.Body); err != nil || sha256.Sum256(got.Bytes()) != v.want[p.csvAddress()] {
		t.Errorf("who reads slowly got %d bytes, %v: not the file", got.Len(), err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	close(v.home)
	v.wait.Wait()
	t.Logf("%d whole answers, %d turned away after the end", v.done.Load(), v.turned.Load())
	if out := p.run("index", "compare").out; out != "0 missing, 0 extra, 0 stale\n" {
		t.Errorf("index: %s", out)
	}
}

// handOver starts a server on a socket that the test holds, as the service
// manager would.
func (p *program) handOver(socket *os.File, env ...string) *exec.Cmd {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), "/bin/sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"`,
		p.bin, "--data", filepath.Join(p.dir, "data"), "serve")
	cmd.ExtraFiles = []*os.File{socket}
	cmd.Env = append(os.Environ(), env...)
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}

// socket is a listening socket that outlives servers.
func socket(t *testing.T) (base string, file *os.File) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	file, err = ln.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return "http://" + ln.Addr().String(), file
}

// TestRestartOnASocketLosesNobody restarts the server under load: on a socket
// of the service manager not one request may fail.
func TestRestartOnASocketLosesNobody(t *testing.T) {
	p := published(t)
	base, file := socket(t)
	states, err := net.ListenPacket("unixgram", filepath.Join(p.dir, "notify"))
	if err != nil {
		t.Fatal(err)
	}
	defer states.Close()
	cmd := p.handOver(file, "NOTIFY_SOCKET="+filepath.Join(p.dir, "notify"))
	p.await(base + "/readyz")
	v := &visitors{t: t, base: base, want: wants(t, base, p.csvAddress()), strict: true, home: make(chan struct{})}
	v.come(6)
	const restarts = 3
	for i := range restarts {
		v.until(v.done.Load() + 100)
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Fatalf("restart %d: the server ended with %v", i, err)
		}
		cmd = p.handOver(file)
	}
	v.until(v.done.Load() + 100)
	close(v.home)
	v.wait.Wait()
	t.Logf("%d whole answers over %d restarts", v.done.Load(), restarts)
	for _, want := range []string{"READY=1", "STOPPING=1"} {
		buf := make([]byte, 100)
		n, _, err := states.ReadFrom(buf)
		if err != nil || string(buf[:n]) != want {
			t.Errorf("the service manager was told %q, want %q, %v", buf[:n], want, err)
		}
	}
}

func TestTwoSocketsAreRefused(t *testing.T) {
	p := newProgram(t)
	_, file := socket(t)
	cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=2 exec "$0" "$@"`, p.bin, "--data", filepath.Join(p.dir, "data"), "serve")
	cmd.ExtraFiles = []*os.File{file, file}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "hands over 2 sockets") {
		t.Errorf("%v: %s", err, out)
	}
}
