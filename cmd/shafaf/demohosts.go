package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/datasets/samples"
)

// The hosts of the demo's HTTP sources. They are in no DNS: whoever in this
// program dials one gets a server on loopback with a free port. So records and
// files of the demo keep one address for ever, and can be harvested again.
const (
	demoCKAN     = "ckan.shafaf.example"
	demoDataJSON = "data.shafaf.example"
)

// demoHosts starts the servers of the demo when they are asked for; they end
// with the process. The zero value is ready.
type demoHosts struct {
	mu    sync.Mutex
	addrs map[string]string
}

// locate returns the loopback address of a host of the demo, or nothing for
// any other host.
func (d *demoHosts) locate(ctx context.Context, host string) (addr string, err error) {
	var handler http.Handler
	switch host {
	case demoCKAN:
		handler = samples.CKAN()
	case demoDataJSON:
		handler = samples.DataJSON()
	default:
		return "", nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if addr := d.addrs[host]; addr != "" {
		return addr, nil
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // it ends with the process
	if d.addrs == nil {
		d.addrs = map[string]string{}
	}
	d.addrs[host] = listener.Addr().String()
	return d.addrs[host], nil
}
