package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

const (
	benchArticles = 200
	benchMinutes  = 10
	commentRate   = 310              // comments that come each second
	commentReader = 50               // people who read meanwhile
	commentWait   = 21 * time.Second // that a form must be old whose puzzle nobody solved
	commentAgain  = 50               // each so manieth is sent twice
)

// A crowd sends comments, whatever becomes of those before, and reads.
type crowd struct {
	b          *bench
	client     *http.Client
	base, slug string
	began      time.Time

	mu   sync.Mutex
	took []time.Duration   // from when a comment was to be sent
	kept map[string]string // id of the comment by its text
	bad  []string
}

// comments measures comments that come at a constant rate while people read, and
// looks whether each that was acknowledged is there once.
func (b *bench) comments() {
	d := max(time.Duration(b.size("MINUTES", benchMinutes))*time.Minute, 20*time.Second)
	p := b.at(filepath.Join(b.dir, "comments"))
	s, _, draft := openDraft(b.t, p.data())
	if err := s.Close(); err != nil {
		b.t.Fatal(err)
	}
	base, stop := b.serveAt(p)
	c := &crowd{b: b, base: base, slug: draft.Slug, kept: map[string]string{}, began: time.Now()}
	c.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128, MaxConnsPerHost: 128}, Timeout: time.Minute}
	read, pages, slow := c.readers()
	w, used := watchMemory(b.server, ""), cpuOf(b.server)
	n := int(d.Seconds()) * commentRate
	var all sync.WaitGroup
	for i := range n {
		at := time.Duration(i) * time.Second / commentRate
		time.Sleep(time.Until(c.began.Add(at)))
		all.Go(func() { c.send(i, at+commentWait) })
	}
	all.Wait()
	lasted := time.Since(c.began) - commentWait
	read()
	peak, _ := w.end()
	cpu := cpuOf(b.server) - used
	stop()
	rate := float64(len(c.kept)) / lasted.Seconds()
	p99 := quantile(c.took, 99)
	b.table(benchTable{Columns: []string{"comments over HTTP, each on disk when it is acknowledged", "comments/s", "p50", "p99", "slowest", "CPU of the server", "peak memory"}, Rows: [][]string{
		{grouped(int64(n)) + " in " + d.String(), grouped(int64(rate)), milliseconds(median(c.took)), milliseconds(p99), milliseconds(quantile(c.took, 100)), fmt.Sprintf("%.0f s", cpu.Seconds()), megabyte(peak)},
	}})
	b.wantRate("comments accepted while 50 people read:", "comments", rate, 300)
	b.wantMS("a comment until it is acknowledged: p99", p99, 150)
	c.check(p, n)
	b.note("%d comments a second are sent whatever becomes of those before; times count from when a comment was to be sent. Before each its form was fetched. Meanwhile 50 people read %d pages of the draft: %s.", commentRate, pages.Load(), sorted(*slow))
}

// readers let people read until read is called.
func (c *crowd) readers() (read func(), pages *atomic.Int64, took *[]time.Duration) {
	stop := make(chan struct{})
	pages, took = &atomic.Int64{}, &[]time.Duration{}
	var all sync.WaitGroup
	for n := range commentReader {
		r := rand.New(rand.NewPCG(uint64(n), 41))
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Second/2 + rand.N(time.Second)):
				}
				address := c.base + pick(r, []string{"/fa/drafts/", "/en/drafts/"}) + c.slug
				if r.IntN(3) > 0 {
					address += "/comments?at=art_" + strconv.Itoa(1+r.IntN(benchArticles))
				}
				start := time.Now()
				_, code, err := c.ask(http.MethodGet, address, nil)
				pages.Add(1)
				c.mu.Lock()
				*took = append(*took, time.Since(start))
				if err != nil || code != http.StatusOK {
					c.bad = append(c.bad, fmt.Sprintf("%s: %d %v", address, code, err))
				}
				c.mu.Unlock()
			}
		})
	}
	return func() { close(stop); all.Wait() }, pages, took
}

func (c *crowd) ask(method, address string, body []byte) ([]byte, int, error) {
	req, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return text, resp.StatusCode, err
}

// send fetches the i-th form and sends it when its time has come.
func (c *crowd) send(i int, at time.Duration) {
	fail := func(what string, code int, err error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.bad = append(c.bad, fmt.Sprintf("comment %d, %s: %d %v", i, what, code, err))
	}
	form, code, err := c.ask(http.MethodGet, c.base+"/api/v1/drafts/"+c.slug+"/comment", nil)
	var ticket struct{ Ticket string }
	if err == nil {
		err = json.Unmarshal(form, &ticket)
	}
	if err != nil || ticket.Ticket == "" {
		fail("form", code, err)
		return
	}
	text := fmt.Sprintf("Comment %d asks for a road of its own, and for %s.", i, persianWord(i%5000))
	body, err := json.Marshal(map[string]any{"ticket": ticket.Ticket, "kind": consultation.CommentKinds[i%3], "text": text, "at": "art_" + strconv.Itoa(1+i%benchArticles)})
	if err != nil {
		fail("text", 0, err)
		return
	}
	time.Sleep(time.Until(c.began.Add(at)))
	for range 1 + map[bool]int{true: 1}[i%commentAgain == 0] {
		answer, code, err := c.ask(http.MethodPost, c.base+"/api/v1/drafts/"+c.slug+"/comments", body)
		took := time.Since(c.began.Add(at))
		var taken struct{ ID string }
		if err == nil {
			err = json.Unmarshal(answer, &taken)
		}
		if err != nil || code != http.StatusCreated || taken.ID == "" {
			fail(string(answer), code, err)
			return
		}
		c.mu.Lock()
		if id, again := c.kept[text]; !again {
			c.took = append(c.took, took)
		} else if id != taken.ID {
			c.bad = append(c.bad, fmt.Sprintf("comment %d is %s and %s", i, id, taken.ID))
		}
		c.kept[text] = taken.ID
		c.mu.Unlock()
	}
}

// check counts what was lost and what is there twice.
func (c *crowd) check(p *program, sent int) {
	t := c.b.t
	var ids []string
	for _, id := range c.kept {
		ids = append(ids, id)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		t.Fatal(err)
	}
	s, _, _ := openDraft(t, p.data())
	var there, rows, once int
	if err := s.Row(t.Context(), "select (select count(*) from comments where id in (select value from json_each(?))), count(*), count(distinct once) from comments", string(list)).Scan(&there, &rows, &once); err != nil {
		t.Fatal(err)
	}
	lost, doubled := len(ids)-there, rows-once
	c.b.goal("no acknowledged comment lost or doubled", fmt.Sprintf("%d lost, %d doubled of %s", lost, doubled, grouped(int64(len(ids)))), lost == 0 && doubled == 0)
	if lost != 0 || doubled != 0 {
		t.Errorf("%d comments are lost, %d doubled", lost, doubled)
	}
	if len(c.bad) > 0 {
		c.b.note("%d requests of %d failed, like: %.300s", len(c.bad), sent, c.bad[0])
		c.b.goal("nothing is refused", grouped(int64(len(c.bad)))+" requests failed", false)
	}
}

// benchComment is the i-th comment of a crowd: of five one is a letter that
// others send too, with words of their own.
func benchComment(d *consultation.Draft, i int) consultation.Filing {
	f := commentOf(d, 0, i)
	r := rand.New(rand.NewPCG(uint64(i), 7))
	var words []string
	if i%5 == 0 {
		letter := rand.New(rand.NewPCG(uint64(i/5%97), 11))
		for range 40 {
			words = append(words, persianWord(letter.IntN(2000)))
		}
	}
	for range 10 + r.IntN(20) {
		words = append(words, persianWord(int(r.ExpFloat64()*300)))
	}
	f.Text, f.Lang = strings.Join(words, " "), "fa"
	if i%10 > 0 {
		f.Address = fmt.Sprintf("art_%d", min(1+int(r.ExpFloat64()*30), benchArticles))
	}
	return f
}

// draftPortal has a draft with n comments, in their clusters and in the index.
func (b *bench) draftPortal(n int) *program {
	return b.portal(fmt.Sprintf("draft-%d", n), func(p *program) {
		s, c, d := openDraft(b.t, p.data())
		for i := 0; i < n; i += 500 {
			if err := s.Write(b.t.Context(), func(tx *catalog.Tx) error {
				for k := i; k < min(i+500, n); k++ {
					f := benchComment(&d, k)
					if _, _, err := consultation.File(tx, &f); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.t.Fatal(err)
			}
		}
		if _, err := c.NewClusterer().Work(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.t.Fatal(err)
		}
		p.run("index", "rebuild")
	})
}

const (
	benchComments = 1_000_000
	benchPages    = 400
)

// draft1m measures pages of a draft with a million comments.
func (b *bench) draft1m() {
	n := b.size("COMMENTS", benchComments)
	p := b.draftPortal(n)
	s, _, d := openDraft(b.t, p.data())
	if err := s.Close(); err != nil {
		b.t.Fatal(err)
	}
	base, stop := b.serveAt(p)
	defer stop()
	deep, depth := b.deepPlaces(base, d.Slug, n)
	r := rand.New(rand.NewPCG(3, 4))
	t := benchTable{Columns: []string{"page of a draft with " + grouped(int64(n)) + " comments", "p50", "p99", "slowest"}}
	for _, page := range []struct{ name, path string }{
		{"first page of the draft", "/fa/drafts/{slug}?_={i}"},
		{"first page of comments", "/fa/drafts/{slug}/comments?_={i}"},
		{"a deep page of comments", "/en/drafts/{slug}/comments?_after={deep}&_={i}"},
		{"comments on an article", "/en/drafts/{slug}/comments?at=art_{n}&_={i}"},
		{"comments of one kind as JSON", "/api/v1/drafts/{slug}/comments?kind=question&_={i}"},
	} {
		var took []time.Duration
		for i := range benchPages {
			path := strings.NewReplacer("{slug}", d.Slug, "{n}", strconv.Itoa(1+r.IntN(50)), "{i}", strconv.Itoa(i), "{deep}", pick(r, deep)).Replace(page.path)
			start := time.Now()
			b.read(base + path)
			took = append(took, time.Since(start))
		}
		t.Rows = append(t.Rows, []string{page.name, milliseconds(median(took)), milliseconds(quantile(took, 99)), milliseconds(quantile(took, 100))})
		b.wantMS(page.name+": p99", quantile(took, 99), 100)
	}
	b.table(t)
	b.note("Each address differs from those before, one request after the other; the deep pages begin up to %s comments below the newest. Anonymous memory of the server after this: %s.", grouped(int64(depth)), megabyte(anonymous(b.server)))
}

// deepPlaces goes from page to page for a while and returns the cursors of the
// deeper half, and how deep the last is.
func (b *bench) deepPlaces(base, slug string, n int) (places []string, depth int) {
	end := time.Now().Add(90 * time.Second)
	for next := base + "/api/v1/drafts/" + slug + "/comments"; time.Now().Before(end); {
		var page struct {
			Next    string
			Results []json.RawMessage
		}
		u, err := url.Parse(next)
		if err == nil {
			err = json.Unmarshal(b.read(base+u.RequestURI()), &page)
		}
		if err != nil {
			b.t.Fatal(err)
		}
		if next = page.Next; next == "" {
			break
		}
		after, err := url.Parse(next)
		if err != nil {
			b.t.Fatal(err)
		}
		depth += len(page.Results)
		places = append(places, url.QueryEscape(after.Query().Get("_after")))
	}
	if len(places) == 0 || depth == 0 || depth > n {
		b.t.Fatalf("%d pages with %d comments of %d", len(places), depth, n)
	}
	return places[len(places)/2:], depth
}
