package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How the others read while somebody takes too much.
const (
	abuseOthers = 8                      // people, each of an address of its own
	abusePause  = 500 * time.Millisecond // of each between two requests
	abuseRate   = 100                    // requests a second of a crawler
	abuseLength = 20                     // seconds that each goes on,
	abuseCrawl  = 30                     // times as long as others a crawler does
)

// An abuser takes more than others would.
type abuser struct {
	name  string
	times int // as long as others
	do    func(a *abuse, ctx context.Context)
}

// An abuse is one of them at work, and what the others see of it.
type abuse struct {
	b          *bench
	base       string
	table      string // address of the table without the extension
	wide, cell string // likewise of that with 2,000 columns and that with a large cell; empty when there is none

	mu      sync.Mutex
	took    []time.Duration // of the others
	failed  map[string]int  // what the others were answered that was no page
	answers map[int]int     // to the abuser, by status
	silent  int             // 429 and 503 without Retry-After
	rnd     *rand.Rand
}

// abuse measures what others see of a portal with its usual limits while
// somebody asks too much of it.
func (b *bench) abuse() {
	length := max(time.Duration(b.size("ABUSE", abuseLength))*time.Second, time.Second)
	n, rows := b.size("DATASETS", benchDatasets), b.rows()
	p := b.abusedPortal(n, rows)
	a := &abuse{b: b, table: tableOf(p, "spend"), wide: b.tableIn(p, "wide"), cell: b.tableIn(p, "cell")}
	base, stop := b.serveAt(p, "--limit", "600/30s")
	defer stop()
	a.base = base
	t := benchTable{Columns: []string{"meanwhile", "for", "p50 of others", "p99 of others", "slowest", "their failures", "answers to the one", "CPU of the server", "peak memory", "memory after it"}}
	for _, who := range []abuser{
		{"nobody", 1, func(_ *abuse, ctx context.Context) { <-ctx.Done() }},
		{"ten heavy exports at once, again and again", 1, (*abuse).exports},
		{"twenty who read one byte a second", 1, (*abuse).slowly},
		{"those who leave after the first bytes", 1, (*abuse).leavers},
		{"a table of 2,000 columns", 1, (*abuse).wideTable},
		{"a file with a cell of 30 MB and a table with one of 15 MB", 1, (*abuse).largeCell},
		{"a facet of as many values as datasets", 1, (*abuse).facet},
		{"a crawler of facet pages, 100 requests/s", abuseCrawl, func(a *abuse, ctx context.Context) { a.crawl(ctx, 1) }},
		{"the same from 100 addresses", 1, func(a *abuse, ctx context.Context) { a.crawl(ctx, 100) }},
	} {
		t.Rows = append(t.Rows, a.phase(who, length*time.Duration(who.times)))
	}
	b.table(t)
	b.note("The portal has %s datasets, each of a theme of its own, and a table of %s rows; limits are those that a server has by itself. %d others, of other addresses, read two pages a second each. After all of it %s of anonymous memory.",
		grouped(int64(n)), grouped(int64(rows)), abuseOthers, megabyte(anonymous(b.server)))
}

// abusedPortal has all that is abused.
func (b *bench) abusedPortal(n, rows int) *program {
	catalogue := b.made(fmt.Sprintf("themes-%d.json", n), func(path string) error {
		text, err := os.ReadFile(b.catalogue(n))
		if err != nil {
			return err
		}
		i := 0
		var out strings.Builder
		for line := range strings.Lines(string(text)) {
			before, rest, _ := strings.Cut(line, `"theme":["`)
			_, after, ok := strings.Cut(rest, `"]`)
			if !ok {
				return errors.New("a record without a theme")
			}
			fmt.Fprintf(&out, `%s"theme":["theme %d"]%s`, before, i, after)
			i++
		}
		return os.WriteFile(path, []byte(out.String()), 0o644)
	})
	table := b.spend(rows)
	return b.portal(fmt.Sprintf("abuse-%d-%d", n, rows), func(p *program) {
		p.run("dataset", "import", table, "--title", "Spend")
		for _, odd := range []struct{ name, text string }{{"wide", wideCSV()}, {"cell", cellCSV(15)}, {"huge", cellCSV(30)}} {
			file := filepath.Join(b.dir, odd.name+".csv")
			write(b.t, file, odd.text)
			if u, err := p.try("dataset", "import", file, "--title", odd.name); err != nil {
				b.t.Logf("%s is not taken in: %s", odd.name, lastLine([]byte(u.out)))
			}
		}
		p.run("source", "add", "--kind", "datajson", "--url", catalogue, "--name", "src")
		p.run("harvest")
	})
}

// wideCSV is a table of 2,000 columns.
func wideCSV() string {
	var out strings.Builder
	for row := range 1001 {
		for column := range 2000 {
			if column > 0 {
				out.WriteByte(',')
			}
			if row == 0 {
				out.WriteByte('c')
			}
			out.WriteString(strconv.Itoa(row*column%9973 + column))
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// cellCSV is a table with a cell of so many megabytes.
func cellCSV(megabytes int) string {
	return "id,text\n1,short\n2," + strings.Repeat("long words", megabytes*1e5) + "\n3,short\n"
}

// tableIn is the address of a table, or nothing.
func (b *bench) tableIn(p *program, slug string) string {
	u, err := p.try("dataset", "show", slug, "--json")
	if err != nil || !strings.Contains(u.out, `"edition"`) {
		b.note("The table %q was not taken in: it is not asked for.", slug)
		return ""
	}
	return tableOf(p, slug)
}

// phase lets one abuser work while others read, and returns a line of the table.
func (a *abuse) phase(who abuser, length time.Duration) []string {
	a.took, a.failed, a.answers, a.silent, a.rnd = nil, map[string]int{}, map[int]int{}, 0, rand.New(rand.NewPCG(51, 52))
	ctx, cancel := context.WithTimeout(a.b.t.Context(), length)
	defer cancel()
	w, used := watchMemory(a.b.server, ""), cpuOf(a.b.server)
	var all sync.WaitGroup
	for n := range abuseOthers {
		all.Go(func() { a.other(ctx, n) })
	}
	who.do(a, ctx)
	<-ctx.Done()
	all.Wait()
	peak, _ := w.end()
	cpu := cpuOf(a.b.server) - used
	a.mu.Lock()
	defer a.mu.Unlock()
	p99 := quantile(a.took, 99)
	if who.name != "nobody" {
		a.b.wantMS(who.name+": p99 of others", p99, 500)
	}
	if len(a.failed) > 0 {
		a.b.goal(who.name+": others get their pages", fmt.Sprint(a.failed), false)
	}
	if a.silent > 0 {
		a.b.goal(who.name+": 429 and 503 say Retry-After", strconv.Itoa(a.silent)+" do not", false)
	}
	var said []string
	for _, status := range slices.Sorted(maps.Keys(a.answers)) {
		said = append(said, fmt.Sprintf("%d × %d", a.answers[status], status))
	}
	return []string{
		who.name, length.String(), milliseconds(median(a.took)), milliseconds(p99), milliseconds(quantile(a.took, 100)), strconv.Itoa(len(a.failed)), strings.Join(said, ", "), fmt.Sprintf("%.1f s", cpu.Seconds()), megabyte(peak), megabyte(anonymous(a.b.server)),
	}
}

// from is a client of an address of this machine.
func from(address string) *http.Client {
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return &http.Client{Transport: &http.Transport{DialContext: d.DialContext, MaxIdleConnsPerHost: 16, DisableCompression: true}, Timeout: time.Minute}
}

// other reads pages as people do.
func (a *abuse) other(ctx context.Context, n int) {
	client := from("127.0.0." + strconv.Itoa(2+n))
	defer client.CloseIdleConnections()
	r := rand.New(rand.NewPCG(uint64(n), 53))
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(abusePause/2 + rand.N(abusePause)):
		}
		address := pick(r, []string{
			"/fa/datasets?q=" + latinWord(1+r.IntN(300)), "/en/datasets/spend", "/en/datasets/spend/table", "/api/v1/datasets/spend", "/en/", "/fa/agencies",
			"/api/v1" + a.table + "/rows?_sort=id&id__gt=" + strconv.Itoa(r.IntN(1000)),
		})
		took, said := visited(client, a.base+address)
		a.mu.Lock()
		a.took = append(a.took, took)
		if said != "" {
			a.failed[said]++
		}
		a.mu.Unlock()
	}
}

// ask is a request of the abuser, read to its end.
func (a *abuse) ask(ctx context.Context, client *http.Client, path string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, http.NoBody)
	if err != nil {
		return
	}
	resp, err := client.Do(req)
	if err != nil {
		return // its time is over
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	a.answered(resp)
}

func (a *abuse) answered(resp *http.Response) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answers[resp.StatusCode]++
	if (resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable) && resp.Header.Get("Retry-After") == "" {
		a.silent++
	}
}

// crowd lets so many do something again and again, each of an address of its own.
func (a *abuse) crowd(ctx context.Context, n int, do func(client *http.Client, r *rand.Rand)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			client := from(fmt.Sprintf("127.0.1.%d", 1+i))
			defer client.CloseIdleConnections()
			for r := rand.New(rand.NewPCG(uint64(i), 54)); ctx.Err() == nil; {
				do(client, r)
				select {
				case <-ctx.Done():
				case <-time.After(20 * time.Millisecond):
				}
			}
		})
	}
	all.Wait()
}

// exports asks for files that nobody asked for before.
func (a *abuse) exports(ctx context.Context) {
	a.crowd(ctx, 10, func(client *http.Client, r *rand.Rand) {
		a.ask(ctx, client, a.table+pick(r, []string{".csv", ".xlsx", ".parquet"})+"?amount__gt="+strconv.Itoa(r.IntN(1e6)))
	})
}

// slowly reads one byte a second.
func (a *abuse) slowly(ctx context.Context) {
	a.crowd(ctx, 20, func(_ *http.Client, r *rand.Rand) {
		d := net.Dialer{}
		c, err := d.DialContext(ctx, "tcp", strings.TrimPrefix(a.base, "http://"))
		if err != nil {
			return
		}
		defer c.Close()
		_ = c.(*net.TCPConn).SetReadBuffer(4096)
		_, _ = fmt.Fprintf(c, "GET %s.csv?amount__gt=%d HTTP/1.1\r\nHost: x\r\n\r\n", a.table, r.IntN(20))
		in := bufio.NewReaderSize(c, 16)
		for one := make([]byte, 1); ctx.Err() == nil; {
			_ = c.SetReadDeadline(time.Now().Add(2 * time.Second))
			if _, err := in.Read(one); err != nil {
				var late net.Error
				if !errors.As(err, &late) || !late.Timeout() {
					return // it is not waited for any more
				}
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	})
}

// leavers ask for a file and go.
func (a *abuse) leavers(ctx context.Context) {
	a.crowd(ctx, 10, func(client *http.Client, r *rand.Rand) {
		soon, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		a.ask(soon, client, a.table+pick(r, []string{".csv", ".xlsx"})+"?amount__gt="+strconv.Itoa(r.IntN(1e6)))
	})
}

// wideTable asks for pages and files of the table of 2,000 columns.
func (a *abuse) wideTable(ctx context.Context) { a.odd(ctx, a.wide, "wide", "c1") }

// largeCell asks for pages and files of the table with a large cell, and of the
// file with one that is too large for a table.
func (a *abuse) largeCell(ctx context.Context) {
	a.odd(ctx, a.cell, "cell", "id", "/fa/datasets/huge", "/en/datasets/huge/table")
}

func (a *abuse) odd(ctx context.Context, table, slug, column string, more ...string) {
	if table == "" {
		return
	}
	a.crowd(ctx, 4, func(client *http.Client, r *rand.Rand) {
		a.ask(ctx, client, pick(r, append([]string{
			"/en/datasets/" + slug, "/fa/datasets/" + slug + "/table?_sort=-" + column, "/api/v1" + table + "/rows?_sort=" + column,
			table + ".csv?" + column + "__gt=" + strconv.Itoa(r.IntN(100)), table + ".xlsx?" + column + "__gt=" + strconv.Itoa(r.IntN(100)),
		}, more...)))
	})
}

// facet asks for searches by a facet that has a value for each dataset.
func (a *abuse) facet(ctx context.Context) {
	a.crowd(ctx, 4, func(client *http.Client, r *rand.Rand) {
		a.ask(ctx, client, pick(r, []string{"/en", "/fa", "/api/v1"})+"/datasets?q="+latinWord(1+r.IntN(20))+"&theme=theme+"+strconv.Itoa(r.IntN(1000)))
	})
}

// crawl asks for facet pages, so many of them a second, from so many addresses.
func (a *abuse) crawl(ctx context.Context, addresses int) {
	var clients []*http.Client
	for i := range addresses {
		clients = append(clients, from(fmt.Sprintf("127.0.2.%d", 1+i)))
	}
	var all sync.WaitGroup
	tick := time.NewTicker(time.Second / abuseRate)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			all.Wait()
			return
		case <-tick.C:
		}
		path := fmt.Sprintf("/%s/datasets?q=%s&format=%s&theme=theme+%d&sort=newest&page=%d", pick(a.rnd, []string{"fa", "en"}), latinWord(1+a.rnd.IntN(2000)),
			pick(a.rnd, []string{"CSV", "XLSX", "PDF"}), a.rnd.IntN(1000), 1+a.rnd.IntN(5))
		all.Go(func() { a.ask(ctx, clients[i%addresses], path) })
	}
}
