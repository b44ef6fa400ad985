package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
	"github.com/openshafaf/shafaf/site"
)

type serveCmd struct {
	Addr         string   `help:"Address to listen on." default:":8080" env:"SHAFAF_ADDR"`
	BaseURL      string   `name:"base-url" help:"Public address of the site, for links and citations." env:"SHAFAF_BASE_URL" placeholder:"URL"`
	TLSCert      string   `name:"tls-cert" help:"File of the certificate; with --tls-key the site speaks HTTPS." type:"existingfile"`
	TLSKey       string   `name:"tls-key" help:"File of the certificate's key." type:"existingfile"`
	TrustedProxy []string `help:"Addresses of proxies whose X-Forwarded-For is believed." placeholder:"CIDR" env:"SHAFAF_TRUSTED_PROXY"`
}

// drain is how long requests under way may take after the order to stop.
const drain = 20 * time.Second

// Run serves until the process is told to stop.
func (c *serveCmd) Run(e *env) error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return &catalog.InvalidError{Field: "--tls-cert", Reason: "a certificate and its key go together"}
	}
	lock, err := e.hold()
	if err != nil {
		return err
	}
	defer lock.Close()
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	index, err := e.openIndex(p)
	if err != nil {
		return err
	}
	defer index.Close()
	return c.serve(e, p, index)
}

// serve listens, starts the jobs, and ends both when e's context does.
func (c *serveCmd) serve(e *env, p *portal, index *search.Index) error {
	ln, err := c.listen(e.ctx)
	if err != nil {
		return err
	}
	addr := localAddr(ln.Addr())
	if err := e.announce(addr); err != nil {
		return errors.Join(err, ln.Close())
	}
	base := strings.TrimSuffix(c.BaseURL, "/")
	if base == "" {
		base = c.scheme() + "://" + strings.Replace(addr, "127.0.0.1", "localhost", 1)
	}
	snapshots := e.snapshots(p, base)
	app := (&site.Site{
		Catalog: p.store, Index: index, Files: p.files, Exports: p.exports, Snapshots: snapshots, Log: e.log,
		BaseURL: base, Version: version(), Now: e.now, TrustedProxies: c.TrustedProxy,
	}).App()
	ctx, stop := context.WithCancel(e.ctx)
	defer stop()
	var jobs sync.WaitGroup
	for _, j := range jobTable(e, p, index, snapshots) {
		jobs.Go(func() { j.keepGoing(ctx, e.log) })
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln) }()
	e.log.Info("serving", "site", base, "addr", addr, "data", e.dir)
	select {
	case err = <-served:
	case <-ctx.Done():
		e.log.Info("stopping: requests under way are finished")
		err = app.ShutdownWithTimeout(drain)
	}
	stop()
	jobs.Wait()
	return err
}

func (c *serveCmd) scheme() string {
	if c.TLSCert != "" {
		return "https"
	}
	return "http"
}

func (c *serveCmd) listen(ctx context.Context) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; is another server there? --addr chooses another port", c.Addr, err)
	}
	if c.TLSCert == "" {
		return ln, nil
	}
	cert, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("certificate: %w", err), ln.Close())
	}
	return tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}), nil
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
