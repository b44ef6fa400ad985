package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
	"github.com/openshafaf/shafaf/site"
	"github.com/openshafaf/shafaf/site/desk"
	"github.com/openshafaf/shafaf/site/writing"
)

type serveCmd struct {
	Addr         string         `help:"Address to listen on." default:":8080" env:"SHAFAF_ADDR"`
	BaseURL      string         `name:"base-url" help:"Public address of the site, for links and citations." env:"SHAFAF_BASE_URL" placeholder:"URL"`
	TLSCert      string         `name:"tls-cert" help:"File of the certificate; with --tls-key the site speaks HTTPS." env:"SHAFAF_TLS_CERT" type:"path" placeholder:"FILE"`
	TLSKey       string         `name:"tls-key" help:"File of the certificate's key." env:"SHAFAF_TLS_KEY" type:"path" placeholder:"FILE"`
	TrustedProxy []string       `help:"Addresses of proxies whose X-Forwarded-For is believed." placeholder:"CIDR" env:"SHAFAF_TRUSTED_PROXY"`
	MetricsFrom  []netip.Prefix `help:"Networks that may read /metrics, beside this machine." placeholder:"CIDR" env:"SHAFAF_METRICS_FROM"`
	Limits       limitFlags     `embed:""`
	Brand        brandFlags     `embed:""`
	LogRequests  bool           `help:"Log every request, not only the slow ones and those that failed." env:"SHAFAF_LOG_REQUESTS"`
}

// drain is how long requests under way may take after the order to stop.
const drain = 20 * time.Second

// Run serves until the process is told to stop.
func (c *serveCmd) Run(e *env) error {
	if err := c.check(e); err != nil {
		return err
	}
	lock, err := e.hold()
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := e.mirror(); err != nil {
		return err
	}
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

// check refuses settings that cannot be meant, and says where they were set.
func (c *serveCmd) check(e *env) error {
	var faults []error
	_, wrong := c.Brand.branding()
	for _, err := range append(c.faults(), e.settings.Mail.check(c.BaseURL), wrong) {
		faults = append(faults, e.placed(err))
	}
	return errors.Join(faults...)
}

// faults are all that is wrong with the settings.
func (c *serveCmd) faults() (all []error) {
	invalid := func(flag, format string, args ...any) {
		all = append(all, &catalog.InvalidError{Field: "--" + flag, Reason: fmt.Sprintf(format, args...)})
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		invalid("tls-cert", "a certificate and its key go together")
	}
	for flag, file := range map[string]string{"tls-cert": c.TLSCert, "tls-key": c.TLSKey} {
		if _, err := os.Stat(file); file != "" && err != nil {
			invalid(flag, "%v", err)
		}
	}
	if c.BaseURL != "" {
		u, err := url.Parse(c.BaseURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
			invalid("base-url", "%q is no http or https address of a host, like https://data.example", c.BaseURL)
		}
	}
	for _, p := range c.TrustedProxy {
		if _, err := netip.ParsePrefix(p); err == nil {
			continue
		}
		if _, err := netip.ParseAddr(p); err != nil {
			invalid("trusted-proxy", "%q is neither an address nor a network like 10.0.0.0/8", p)
		}
	}
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		invalid("addr", "%q is not of the form HOST:PORT or :PORT", c.Addr)
	}
	return all
}

// serve listens, starts the jobs, and ends both when e's context does.
func (c *serveCmd) serve(e *env, p *portal, index *search.Index) error {
	door, ln, err := c.listen(e)
	if err != nil {
		return err
	}
	addr := localAddr(ln.Addr())
	if err := e.announce(addr); err != nil {
		return errors.Join(err, ln.Close())
	}
	base := c.base(addr)
	app, err := c.build(e, p, index, base)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	ctx, stop := context.WithCancel(e.ctx)
	defer stop()
	deaf, err := e.listenControl(ctx, p, index)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	defer deaf()
	var jobs sync.WaitGroup
	for _, j := range app.jobs {
		jobs.Go(func() { j.keepGoing(ctx, e.log, app.restarts.add) })
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln) }()
	tuneRuntime()
	debug.FreeOSMemory() // what only the start needed would let the heap grow to twice as much
	e.log.Info("serving", "site", base, "addr", addr, "data", e.dir)
	e.notify("READY=1")
	select {
	case err = <-served:
	case <-ctx.Done():
		err = e.finish(app, door)
	}
	stop()
	if !endsIn(drain, jobs.Wait) {
		e.log.Warn("a job does not end; what it was doing is done again after the next start", "waited", drain)
	}
	return err
}

// A webApp answers requests.
type webApp interface {
	Listener(ln net.Listener) error
	ShutdownWithTimeout(d time.Duration) error
}

// An application answers requests and has jobs that run beside it.
type application struct {
	webApp
	jobs     []job
	restarts *restarts
}

// build makes the application, and the post whose letters lead to it.
func (c *serveCmd) build(e *env, p *portal, index *search.Index, base string) (*application, error) {
	snapshots, err := e.snapshots(p, base)
	if err != nil {
		return nil, err
	}
	key, err := e.logKey()
	if err != nil {
		return nil, err
	}
	look, err := e.branding(p)
	if err != nil {
		return nil, err
	}
	if p.post, err = e.post(p, base, look.Name); err != nil {
		return nil, err
	}
	parts, err := e.parts(p, base, key)
	if err != nil {
		return nil, err
	}
	front, err := c.site(e, p, base)
	if err != nil {
		return nil, err
	}
	app := &application{jobs: append(jobTable(e, p, index, snapshots), partJobs(parts)...)}
	app.restarts = newRestarts(app.jobs)
	front.Parts, front.LogKey, front.Branding = parts, key.Public(), look
	front.Index, front.Snapshots, front.Collectors = index, snapshots, e.allCollectors(p, index, app.restarts)
	app.webApp = front.App()
	p.post.Head.Say, p.post.Head.Portal = front.Sentence, front.Name
	return app, nil
}

// base is the address of the site without a slash at its end: as it is set, or
// else where the server listens.
func (c *serveCmd) base(addr string) string {
	if c.BaseURL != "" {
		return strings.TrimSuffix(c.BaseURL, "/")
	}
	return c.scheme() + "://" + strings.Replace(addr, "127.0.0.1", "localhost", 1)
}

// finish takes no more requests, and gives those under way time to end.
func (e *env) finish(app webApp, door *gate) error {
	e.log.Info("stopping: requests under way are finished")
	e.notify("STOPPING=1")
	door.shut(e.now())
	err := app.ShutdownWithTimeout(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		e.log.Warn("requests that took too long are cut off", "waited", drain)
		return nil
	}
	return err
}

// site is the site as the settings want it, without its parts and without what
// follows the catalogue.
func (c *serveCmd) site(e *env, p *portal, base string) (*site.Site, error) {
	forms, err := e.forms()
	if err != nil {
		return nil, err
	}
	of, err := p.store.MirrorOf(e.ctx)
	if err != nil {
		return nil, err
	}
	return &site.Site{
		Mirrors: of, Forms: forms, Catalog: p.store, Files: p.files, Exports: p.exports, Builtin: p.tables, Log: e.log,
		BaseURL: base, Version: version(), Now: e.now, TrustedProxies: c.TrustedProxy, Limits: c.Limits.limits(e.now),
		MetricsFrom: c.MetricsFrom, LogRequests: c.LogRequests, Remember: true,
	}, nil
}

// parts are the later packages with pages of their own. key signs the log of
// acts that the desk shows.
func (e *env) parts(p *portal, base string, key *catalog.LogKey) ([]site.Part, error) {
	people, err := e.accounts(p)
	if err != nil {
		return nil, err
	}
	look, err := e.look()
	if err != nil {
		return nil, err
	}
	d := &desk.Desk{Look: look, Store: p.store, Accounts: people, Files: p.files, Log: key, Portal: "Shafaf", Harvest: e.deskHarvest(p), Mailing: e.mailing(p), Logger: e.log}
	programs := &writing.API{Store: p.store, Accounts: people, Files: p.files, BaseURL: base}
	return []site.Part{d.Part(), programs.Part()}, nil
}

// endsIn waits for done, but not for longer than d, and reports whether it was
// in time.
func endsIn(d time.Duration, done func()) bool {
	ended := make(chan struct{})
	go func() {
		done()
		close(ended)
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ended:
		return true
	case <-t.C:
		return false
	}
}

func (c *serveCmd) scheme() string {
	if c.TLSCert != "" {
		return "https"
	}
	return "http"
}
