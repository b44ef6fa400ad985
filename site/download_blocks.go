package site

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// A file goes out in blocks, and each has usualPatience to leave: who takes
// 128 KiB within two minutes is slow, who does not is gone. Half of it takes a
// tenth more time to a proxy on the same machine.
const (
	blockSize     = 128 << 10
	usualPatience = 2 * time.Minute
)

// blocks is a pool, not a state.
var blocks = sync.Pool{New: func() any { return new([blockSize]byte) }}

// A blockStream is a body that moves the write deadline on with each block.
type blockStream struct {
	io.Reader
	file     io.Closer
	conn     net.Conn
	since    time.Time // of the system's clock
	patience time.Duration
}

// wait gives what is sent next its time to leave.
func (b *blockStream) wait() error {
	return b.conn.SetWriteDeadline(b.since.Add(time.Since(b.since) + b.patience))
}

// WriteTo is what the server sends the body with. It copies: what the system
// sends of a file by itself takes twice the time to a proxy on the same machine.
func (b *blockStream) WriteTo(w io.Writer) (sent int64, err error) {
	block := blocks.Get().(*[blockSize]byte)
	defer blocks.Put(block)
	for {
		n, err := io.ReadFull(b.Reader, block[:])
		if n > 0 {
			if err := b.wait(); err != nil {
				return sent, err
			}
			k, err := w.Write(block[:n])
			sent += int64(k)
			if err != nil {
				return sent, err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
	}
}

// Close closes the file; the server calls it however the sending ended.
func (b *blockStream) Close() error { return b.file.Close() }
