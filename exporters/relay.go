package exporters

import (
	"io"
	"sync/atomic"
)

// A relay writes blocks to a writer in a goroutine of its own, so that making
// the next block and compressing the last one go on at the same time. It must
// be closed.
type relay struct {
	full chan []byte
	free chan []byte
	done chan struct{}
	err  atomic.Pointer[error]
}

// newRelay returns a relay to w with blocks of about the given size.
func newRelay(w io.Writer, size int) *relay {
	r := &relay{full: make(chan []byte, 1), free: make(chan []byte, 3), done: make(chan struct{})}
	for range cap(r.free) {
		r.free <- make([]byte, 0, size+size/4)
	}
	go r.run(w)
	return r
}

func (r *relay) run(w io.Writer) {
	defer close(r.done)
	for block := range r.full {
		if r.err.Load() == nil {
			if err := writeSafely(w, block); err != nil {
				r.err.Store(&err)
			}
		}
		r.free <- block[:0]
	}
}

// writeSafely turns a panic of w, which would end the program in this
// goroutine, into an error.
func writeSafely(w io.Writer, block []byte) (err error) {
	defer recoverInto(&err)
	_, err = w.Write(block)
	return err
}

// swap takes a full block and returns an empty one, or why an earlier block
// could not be written.
func (r *relay) swap(block []byte) ([]byte, error) {
	r.full <- block
	next := <-r.free
	if err := r.err.Load(); err != nil {
		return next, *err
	}
	return next, nil
}

// take returns the first empty block.
func (r *relay) take() []byte { return <-r.free }

// close waits until everything is written. It may be called once.
func (r *relay) close() error {
	close(r.full)
	<-r.done
	if err := r.err.Load(); err != nil {
		return *err
	}
	return nil
}
