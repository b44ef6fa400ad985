package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/search"

	"github.com/goccy/go-json"
)

// A control is how other commands reach what only the server has open. The
// server listens for them on the loopback interface, on a port of its own, and
// answers those who know the token that stands in a file which only the owner
// of the data folder can read.
type control struct {
	Addr  string `json:"addr"`
	Token string `json:"token"`
}

const (
	controlFile    = "CONTROL" // in the data folder
	controlMethod  = http.MethodPost
	controlHeaders = 5 * time.Second // to send them
)

// A controlLine is a line of the answer: how far the work is, and last of all
// what came of it.
type controlLine struct {
	Done   int64           `json:"done,omitempty"`
	Of     int64           `json:"of,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

func (e *env) controlPath() string { return filepath.Join(e.dir, controlFile) }

// listenControl makes the control and answers until the returned function is
// called, which ends the work under way too.
func (e *env) listenControl(ctx context.Context, p *portal, index *search.Index) (stop func(), err error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for other commands: %w", err)
	}
	c := control{Addr: ln.Addr().String(), Token: rand.Text()}
	if err := e.writeControl(c); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	server := &http.Server{
		Handler:           c.handler(p, index),
		ReadHeaderTimeout: controlHeaders,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			e.log.Error("other commands cannot reach the server any more", "err", err)
		}
	})
	return func() {
		cancel()
		_ = server.Close() // nothing of it is kept
		serving.Wait()
		_ = os.Remove(e.controlPath())
	}, nil
}

// writeControl writes the file anew: one that is there may have other rights.
func (e *env) writeControl(c control) error {
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.Remove(e.controlPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(e.controlPath(), b, 0o600)
}

// handler answers POST /index/TASK.
func (c control) handler(p *portal, index *search.Index) http.Handler {
	mux := http.NewServeMux()
	for name, task := range indexTasks() {
		mux.HandleFunc(controlMethod+" /index/"+name, func(w http.ResponseWriter, r *http.Request) {
			if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+c.Token)) != 1 {
				http.Error(w, "the token is another one", http.StatusForbidden)
				return
			}
			lines := &controlWriter{w: w}
			result, err := task(r.Context(), p, index, func(done, of int64) { lines.write(controlLine{Done: done, Of: of}) })
			if err != nil {
				lines.write(controlLine{Error: err.Error()})
				return
			}
			b, err := json.Marshal(result)
			if err != nil {
				lines.write(controlLine{Error: err.Error()})
				return
			}
			lines.write(controlLine{Result: b})
		})
	}
	return mux
}

// A controlWriter writes lines; work that runs in parts may tell of them at once.
type controlWriter struct {
	mu sync.Mutex
	w  http.ResponseWriter
}

func (c *controlWriter) write(line controlLine) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, err := json.Marshal(line)
	if err != nil {
		return
	}
	_, _ = c.w.Write(append(b, '\n')) // who asked has gone: the work ends with the context
	_ = http.NewResponseController(c.w).Flush()
}

// ask has the running server do the work and writes its result into result.
func (e *env) ask(server instance, work string, progress func(done, of int64), result any) error {
	var c control
	b, err := os.ReadFile(e.controlPath())
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		return fmt.Errorf("the server (process %d at %s) has the index open and cannot be asked; run this command as the user that serves: %w", server.PID, server.Addr, err)
	}
	req, err := http.NewRequestWithContext(e.ctx, controlMethod, "http://"+c.Addr+"/"+work, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.Token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the server (process %d): %w", server.PID, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the server (process %d) answered %s; is it of another version?", server.PID, resp.Status)
	}
	return readControl(bufio.NewScanner(resp.Body), progress, result)
}

// readControl reads the lines of an answer to the last.
func readControl(lines *bufio.Scanner, progress func(done, of int64), result any) error {
	for lines.Scan() {
		var line controlLine
		if err := json.Unmarshal(bytes.TrimSpace(lines.Bytes()), &line); err != nil {
			return fmt.Errorf("the server's answer: %w", err)
		}
		switch {
		case line.Error != "":
			return errors.New(line.Error)
		case line.Result != nil:
			return json.Unmarshal(line.Result, result)
		default:
			progress(line.Done, line.Of)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("the server's answer: %w", err)
	}
	return errors.New("the server ended before the work was done; run the command again")
}
