package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// linger is how long a listener that is being closed still takes those who
// have knocked, and then how long these have to say what they want.
const linger = 50 * time.Millisecond

// A gate is a listener that can stop to accept before it is closed, so that
// nobody who was accepted is turned away.
type gate struct {
	net.Listener
	lent    bool // its other end goes on listening: the service manager's socket
	closing chan struct{}
	closed  chan struct{}
	once    sync.Once
	err     error
}

func newGate(ln net.Listener, lent bool) *gate {
	return &gate{Listener: ln, lent: lent, closing: make(chan struct{}), closed: make(chan struct{})}
}

// Accept returns the next connection; after shut there is none, until Close.
func (g *gate) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err == nil {
		return conn, nil
	}
	select {
	case <-g.closing:
		<-g.closed
		return nil, net.ErrClosed
	default:
		return nil, err
	}
}

// shut accepts who waits and nobody after. It is called once.
func (g *gate) shut(now time.Time) {
	close(g.closing)
	if ln, ok := g.Listener.(interface{ SetDeadline(t time.Time) error }); ok && ln.SetDeadline(now.Add(linger)) == nil {
		time.Sleep(linger)
	}
	if !g.lent { // who comes now is refused at once and need not wait
		g.stop()
	}
	time.Sleep(linger)
}

func (g *gate) stop() { g.once.Do(func() { g.err = g.Listener.Close() }) }

// Close lets Accept return.
func (g *gate) Close() error {
	g.stop()
	select {
	case <-g.closed:
	default:
		close(g.closed)
	}
	return g.err
}

// listen listens where it is told to, or on the socket that the service manager
// has opened for it.
func (c *serveCmd) listen(e *env) (*gate, net.Listener, error) {
	ln, err := inherited(os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS"))
	if err != nil {
		return nil, nil, err
	}
	lent := ln != nil
	if !lent {
		var lc net.ListenConfig
		if ln, err = lc.Listen(e.ctx, "tcp", c.Addr); err != nil {
			return nil, nil, fmt.Errorf("listen on %s: %w; is another server there? --addr chooses another port", c.Addr, err)
		}
	}
	g := newGate(ln, lent)
	if c.TLSCert == "" {
		return g, g, nil
	}
	cert, err := newCertificate(e, c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, nil, errors.Join(err, ln.Close())
	}
	return g, tls.NewListener(g, &tls.Config{GetCertificate: cert.get, MinVersion: tls.VersionTLS12}), nil
}

// firstSocket is the descriptor of the first socket that is handed over, as
// sd_listen_fds(3) says.
const firstSocket = 3

// inherited returns the socket that the service manager says it has opened for
// this process, nil when it has not.
func inherited(pid, sockets string) (net.Listener, error) {
	if pid != strconv.Itoa(os.Getpid()) || sockets == "" {
		return nil, nil
	}
	if sockets != "1" {
		return nil, fmt.Errorf("the service manager hands over %s sockets and one is served: give the socket unit one ListenStream", sockets)
	}
	syscall.CloseOnExec(firstSocket)
	file := os.NewFile(firstSocket, "socket of the service manager")
	ln, err := net.FileListener(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("the socket that the service manager handed over: %w", err)
	}
	return ln, nil
}

// notify tells the service manager how far the server is, as sd_notify(3) says.
func (e *env) notify(state string) {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	var d net.Dialer
	conn, err := d.DialContext(context.WithoutCancel(e.ctx), "unixgram", socket)
	if err == nil {
		_, err = conn.Write([]byte(state))
		err = errors.Join(err, conn.Close())
	}
	if err != nil {
		e.log.Warn("the service manager cannot be told", "state", state, "err", err)
	}
}

// localAddr is where this machine reaches a listener.
func localAddr(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return a.String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, strconv.Itoa(tcp.Port))
}
