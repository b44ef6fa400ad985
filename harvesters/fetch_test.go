package harvesters

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A netTest is a server, and a client for which this server alone is public.
type netTest struct {
	*httptest.Server
	client *Client
	slept  []time.Duration
	asked  atomic.Int64
}

var testNow = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func serve(t *testing.T, limits func(*Limits), h http.HandlerFunc) *netTest {
	t.Helper()
	n := &netTest{}
	n.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.asked.Add(1)
		h(w, r)
	}))
	l := DefaultLimits()
	l.Gap = 0
	if limits != nil {
		limits(&l)
	}
	n.client = NewClient(ClientOptions{
		Limits: l, Now: func() time.Time { return testNow },
		Sleep: func(ctx context.Context, d time.Duration) error { n.slept = append(n.slept, d); return ctx.Err() },
	})
	own := n.Listener.Addr().String()
	n.client.public = n.client.transport(func(network, address string, conn syscall.RawConn) error {
		if address == own {
			return nil
		}
		return refusePrivate(network, address, conn)
	}, nil)
	t.Cleanup(func() {
		n.client.Close()
		n.CloseClientConnections()
		n.Close()
	})
	return n
}

// get fetches a path and all of its body.
func (n *netTest) get(t *testing.T, path string) ([]byte, error) {
	t.Helper()
	a, err := n.client.Get(t.Context(), Request{URL: n.URL + path, Origin: n.URL})
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	return io.ReadAll(a.Body)
}

// refuses checks that a path is not fetched, with a sentence that has all of
// want in it, and nothing of the body.
func (n *netTest) refuses(t *testing.T, path string, want ...string) {
	t.Helper()
	b, err := n.get(t, path)
	var f *FetchError
	if !errors.As(err, &f) {
		t.Fatalf("got %d bytes, %v: want a FetchError", len(b), err)
	}
	for _, w := range want {
		if !strings.Contains(f.Text, w) {
			t.Errorf("%q does not say %q", f.Text, w)
		}
	}
	if strings.Contains(f.Text, "SECRET") {
		t.Errorf("%q tells of the body", f.Text)
	}
}

func TestFetchFaultsAreSentences(t *testing.T) {
	gz := bytes.Buffer{}
	z := gzip.NewWriter(&gz)
	_, _ = io.CopyN(z, zeros{}, 64<<20)
	_ = z.Close()
	stop := make(chan struct{})
	hang := func(r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}
	n := serve(t, func(l *Limits) {
		l.Idle, l.Header, l.Body, l.Tries = 500*time.Millisecond, time.Second, 8<<20, 2
	}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/404", "/403", "/500", "/418":
			w.WriteHeader(map[string]int{"/404": 404, "/403": 403, "/500": 500, "/418": 418}[r.URL.Path])
			_, _ = io.WriteString(w, "SECRET")
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/private":
			http.Redirect(w, r, "http://127.0.0.1/", http.StatusFound)
		case "/metadata":
			http.Redirect(w, r, "http://169.254.169.254/latest/", http.StatusMovedPermanently)
		case "/port":
			http.Redirect(w, r, "http://x.test:6379/", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/nowhere":
			w.WriteHeader(http.StatusFound)
		case "/declared":
			w.Header().Set("Content-Length", "10737418240")
		case "/endless":
			_, _ = io.Copy(w, zeros{})
		case "/slow":
			_, _ = io.WriteString(w, "SECRET")
			w.(http.Flusher).Flush()
			hang(r)
		case "/silent":
			hang(r)
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(gz.Bytes())
		case "/notgzip":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "SECRET, and no gzip at all")
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
		case "/short":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "SECRET")
		case "/head":
			w.Header().Set("X-Long", strings.Repeat("x", 128<<10))
		}
	})
	defer close(stop)
	for path, want := range map[string][]string{
		"/404": {"nothing at this address", "ask its owner"}, "/403": {"refuses access"}, "/500": {"fault of its own", "tried 2 times"},
		"/418": {"status 418"}, "/loop": {"redirects more than 5 times"}, "/private": {"127.0.0.1", "private network"},
		"/metadata": {"169.254.169.254", "private network"}, "/port": {"port 6379"}, "/file": {"only http and https"}, "/nowhere": {"redirects to nowhere"},
		"/declared": {"declares 10 GiB", "8 MiB"}, "/endless": {"more than the 8 MiB"}, "/slow": {"sent nothing for 0.5 seconds"},
		"/silent": {"did not answer in time"}, "/bomb": {"200 times"}, "/notgzip": {"gzip"}, "/brotli": {`"br"`}, "/short": {"broke off"},
		"/head": {"head of more than"},
	} {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) { n.refuses(t, path, want...) })
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestFetchRefusesAddresses(t *testing.T) {
	n := serve(t, nil, func(http.ResponseWriter, *http.Request) {})
	for address, want := range map[string]string{
		"ftp://x.test/a":            "only http and https",
		"https://me:pw@x.test/":     "user's name",
		"http://x.test:22/":         "port 22",
		"http://[::1]/":             "private network",
		"http://[::ffff:10.0.0.1]/": "private network",
		"http://localhost/":         "private network",
		"http://100.100.100.200/":   "private network",
		"http://0.0.0.0/":           "private network",
		"":                          "no address",
		"http://":                   "no address",
	} {
		_, err := n.client.Get(t.Context(), Request{URL: address, Tries: 1})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
	if n.asked.Load() != 0 {
		t.Error("a server was asked")
	}
}

func TestFetchPrivateNetworkIsTheOperators(t *testing.T) {
	n := serve(t, nil, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "inside") })
	n.client.public = n.client.transport(refusePrivate, nil)
	n.refuses(t, "/", "private network", "the operator of this portal can allow it")
	a, err := n.client.Get(t.Context(), Request{URL: n.URL, Origin: n.URL, AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
}

// Where machines keep their own settings not even the operator's sources lead.
func TestFetchNeverLinkLocal(t *testing.T) {
	c := serve(t, nil, func(http.ResponseWriter, *http.Request) {}).client
	for _, address := range []string{"http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://[fd00:ec2::254]/"} {
		_, err := c.Get(t.Context(), Request{URL: address, Origin: address, AllowPrivate: true, Tries: 1})
		if err == nil || !strings.Contains(err.Error(), "never fetched from") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestPublicAddr(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.31.0.1": false, "172.32.0.1": true,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.128.0.1": true, "224.0.0.1": false, "255.255.255.255": false,
		"0.0.0.0": false, "192.0.0.8": false, "198.18.0.1": false, "::1": false, "::": false, "::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false,
		"fd00:ec2::254": false, "fe80::1": false, "ff02::1": false, "2001:db8::1": false, "2002:7f00:1::": false, "::127.0.0.1": false,
	} {
		if got := publicAddr(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestFetchComesBackAsAsked(t *testing.T) {
	n := serve(t, nil, nil)
	n.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch n.asked.Add(1) {
		case 1:
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		case 2:
			w.Header().Set("Retry-After", testNow.Add(time.Minute).Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		case 3:
			w.WriteHeader(http.StatusBadGateway)
		default:
			_, _ = io.WriteString(w, "at last")
		}
	})
	b, err := n.get(t, "/")
	if err != nil || string(b) != "at last" {
		t.Fatalf("%q, %v", b, err)
	}
	for i, least := range []time.Duration{120 * time.Second, 60 * time.Second, 4 * time.Second} {
		if n.slept[i] < least || n.slept[i] > least*3/2 {
			t.Errorf("before try %d it slept %s, want %s to half as much again", i+2, n.slept[i], least)
		}
	}
	n.asked.Store(-1000)
	n.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n.asked.Add(1)
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	n.refuses(t, "/", "come back after 24 hours")
	if n.asked.Load() != -999 {
		t.Error("it was asked again at once")
	}
}

func TestFetchConditional(t *testing.T) {
	n := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/csv; charset=windows-1256")
		w.Header().Set("Content-Disposition", `attachment; filename="../../etc/table.csv"`)
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "a,b\n")
		_ = z.Close()
	})
	a, err := n.client.Get(t.Context(), Request{URL: n.URL + "/x", Origin: n.URL})
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(a.Body)
	a.Body.Close()
	if string(b) != "a,b\n" || err != nil || a.FileName != "table.csv" || a.Charset != "windows-1256" || a.MediaType != "text/csv" || a.ETag != `"v1"` {
		t.Errorf("%q, %v, %+v", b, err, a)
	}
	a, err = n.client.Get(t.Context(), Request{URL: n.URL + "/x", Origin: n.URL, ETag: `"v1"`})
	if err != nil || !a.NotModified {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestFetchOneAtATimePerHost(t *testing.T) {
	var now, most atomic.Int64
	n := serve(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(2 * time.Millisecond)
		now.Add(-1)
		_, _ = io.WriteString(w, "x")
	})
	done := make(chan error, 16)
	for range cap(done) {
		go func() {
			_, err := n.get(t, "/")
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() != 1 {
		t.Errorf("%d requests at once", most.Load())
	}
	if len(n.client.hosts) > 1 {
		t.Errorf("%d hosts are remembered", len(n.client.hosts))
	}
}

func TestFetchStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := serve(t, nil, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := n.client.Get(ctx, Request{URL: n.URL, Origin: n.URL}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFetchTLS(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.ErrorLog = nil
	defer s.Close()
	n := serve(t, nil, func(http.ResponseWriter, *http.Request) {})
	_, err := n.client.Get(t.Context(), Request{URL: s.URL, Origin: s.URL, AllowPrivate: true, Tries: 1})
	if err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v", err)
	}
	_, err = n.client.Get(t.Context(), Request{URL: strings.Replace(n.URL, "http:", "https:", 1), Origin: n.URL, AllowPrivate: true, Tries: 1})
	if err == nil || !strings.Contains(err.Error(), "http://") {
		t.Errorf("got %v", err)
	}
}

func TestUnknownHostIsNotAskedAgainAtOnce(t *testing.T) {
	n := serve(t, nil, func(http.ResponseWriter, *http.Request) {})
	tried := 0
	n.client.public = n.client.transport(nil, func(_ context.Context, host string) (string, error) {
		tried++
		return "", &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	})
	_, err := n.client.Get(t.Context(), Request{URL: "http://x.test/"})
	var f *FetchError
	if !errors.As(err, &f) || !f.Temporary || tried != 1 || !strings.Contains(f.Text, "no host x.test") {
		t.Errorf("%v after %d tries", err, tried)
	}
}

// FuzzPublicAddr holds that no way of writing a private address passes.
func FuzzPublicAddr(f *testing.F) {
	for _, s := range []string{"127.0.0.1:80", "[::ffff:10.0.0.1]:80", "[fe80::1%eth0]:443", "8.8.8.8:80", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if refusePrivate("tcp", address, nil) != nil {
			return
		}
		a := netip.MustParseAddrPort(address).Addr().Unmap()
		if a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || a.Zone() != "" && a.IsLinkLocalUnicast() {
			t.Errorf("%s passes", address)
		}
	})
}
