package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/exporters"
)

const (
	benchComments  = 1_000_000
	benchAccepted  = 20_000
	benchClustered = 100_000
	benchArticles  = 200
	benchPages     = 300
)

// TestBenchComments measures comments alone, in the folder SHAFAF_BENCH_DATA
// where that is set.
func TestBenchComments(t *testing.T) {
	if os.Getenv("SHAFAF_BENCH") == "" {
		t.Skip("make bench runs it")
	}
	b := &bench{program: newProgram(t)}
	if dir := os.Getenv("SHAFAF_BENCH_DATA"); dir != "" {
		b.dir = dir
	}
	b.comments(sized("SHAFAF_BENCH_COMMENTS", benchComments))
}

// comments measures how fast comments come in, and a draft with n of them.
func (b *bench) comments(n int) {
	s, c, d := openDraft(b.t, b.data())
	b.accept(s, &d)
	b.fill(s, c, &d, n)
	b.cluster(c)
	b.exportComments(c, &d, n)
	if err := s.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.commentPages(&d, n)
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

// accept measures comments that 64 people send at once, of which each is on disk
// when it is acknowledged.
func (b *bench) accept(s *catalog.Store, d *consultation.Draft) {
	before, start := s.WriterStats(), time.Now()
	var next atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := next.Add(1); i <= benchAccepted; i = next.Add(1) {
				f := benchComment(d, benchComments+int(i))
				if err := s.Write(b.t.Context(), func(tx *catalog.Tx) error { _, _, err := consultation.File(tx, &f); return err }); err != nil {
					b.t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	took, commits := time.Since(start).Seconds(), s.WriterStats().Commits-before.Commits
	b.line("comments that 64 people send at once, each on disk before it is acknowledged",
		fmt.Sprintf("%.0f comments/s in %.0f commits/s", benchAccepted/took, float64(commits)/took), "")
}

// fill takes comments in until there are n.
func (b *bench) fill(s *catalog.Store, c *consultation.Consultation, d *consultation.Draft, n int) {
	figures, err := c.CommentFigures(b.t.Context(), d.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := int(figures.Received()); i < n; i += 500 {
		if err := s.Write(b.t.Context(), func(tx *catalog.Tx) error {
			for k := i; k < min(i+500, n); k++ {
				f := benchComment(d, k)
				if _, _, err := consultation.File(tx, &f); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.t.Fatal(err)
		}
	}
}

// cluster measures the putting of comments into clusters, and does the rest.
func (b *bench) cluster(c *consultation.Consultation) {
	k, done, start := c.NewClusterer(), 0, time.Now()
	for done < benchClustered {
		n, err := k.Step(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		if n == 0 {
			break
		}
		done += n
	}
	b.line(fmt.Sprintf("clusters of %d comments", done), perSecond(done, time.Since(start)), "")
	start = time.Now()
	n, err := k.Work(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	b.line(fmt.Sprintf("clusters of %d more, and counting them", n), perSecond(n, time.Since(start)), mib(peakOf(os.Getpid())))
}

// exportComments measures the whole table of comments in each format.
func (b *bench) exportComments(c *consultation.Consultation, d *consultation.Draft, n int) {
	for _, ext := range []string{"csv", "parquet", "jsonl"} {
		format, _ := exporters.ByExt(ext)
		file, err := os.Create(filepath.Join(b.dir, "comments."+ext))
		if err != nil {
			b.t.Fatal(err)
		}
		start := time.Now()
		table, err := c.Table(context.Background(), d.ID, consultation.TableComments)
		if err == nil {
			err = format.Write(b.t.Context(), file, table, exporters.Options{})
		}
		took := time.Since(start)
		info, broken := file.Stat()
		if err != nil || broken != nil || table.Rows < int64(n) {
			b.t.Fatalf("%d rows: %v %v", table.Rows, err, broken)
		}
		b.line(fmt.Sprintf("export of %d comments as %s", table.Rows, ext), fmt.Sprintf("%s, file of %s", perSecond(int(table.Rows), took), mib(info.Size())), "")
		_ = file.Close()
		_ = os.Remove(file.Name())
	}
}

// commentPages measures pages of a draft with n comments.
func (b *bench) commentPages(d *consultation.Draft, n int) {
	base, cmd := b.serve()
	r := rand.New(rand.NewPCG(3, 4))
	for _, page := range []struct{ name, path string }{
		{"page of the draft", "/fa/drafts/{slug}"},
		{"page of comments", "/fa/drafts/{slug}/comments"},
		{"page of comments on an article", "/en/drafts/{slug}/comments?at=art_{n}"},
		{"comments of one kind as JSON", "/api/v1/drafts/{slug}/comments?kind=question"},
	} {
		var took []time.Duration
		for range benchPages {
			path := strings.NewReplacer("{slug}", d.Slug, "{n}", strconv.Itoa(1+r.IntN(50))).Replace(page.path)
			start := time.Now()
			b.get(base + path)
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.line(fmt.Sprintf("%s with %d comments", page.name, n), fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", ms(took[len(took)/2]), ms(took[len(took)*99/100])), "")
	}
	b.line("the server in this", "", mib(peakOf(cmd.Process.Pid)))
}
