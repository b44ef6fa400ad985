package harvesters_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/harvesters"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain fails when a test leaves goroutines of this package behind.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	for wait := 0; code == 0 && leaked() != ""; wait++ {
		if wait == 100 {
			fmt.Fprintln(os.Stderr, "goroutines are left:\n"+leaked())
			code = 1
		}
		runtime.Gosched()
		time.Sleep(20 * time.Millisecond)
	}
	os.Exit(code)
}

func leaked() string {
	var b strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&b, 2)
	var left []string
	for g := range strings.SplitSeq(b.String(), "\n\n") {
		if strings.Contains(g, "/harvesters.") && !strings.Contains(g, "TestMain") {
			left = append(left, g)
		}
	}
	return strings.Join(left, "\n\n")
}

// clock is the time of all tests: later than every date of the real files, and
// than that of the catalogue, which is the true one.
var clock = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

// newDeps is an empty catalogue with files, in a folder of the test, and a
// client that does not wait between tries.
func newDeps(tb testing.TB) harvesters.Deps {
	tb.Helper()
	dir := tb.TempDir()
	store, err := catalog.Open(tb.Context(), dir, catalog.Options{Now: time.Now})
	if err != nil {
		tb.Fatal(err)
	}
	files, err := datasets.OpenFiles(dir)
	if err != nil {
		tb.Fatal(err)
	}
	now := func() time.Time { return clock }
	client := newClient()
	tb.Cleanup(func() {
		client.Close()
		files.Close()
		store.Close()
	})
	return harvesters.Deps{Store: store, Files: files, Now: now, Version: "test", Client: client}
}

func newClient() *harvesters.Client {
	l := harvesters.DefaultLimits()
	l.Gap = 0
	return harvesters.NewClient(harvesters.ClientOptions{
		Limits: l, Version: "test", Now: func() time.Time { return clock },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
}

// addSource adds a source of an agency made for it.
func addSource(tb testing.TB, d harvesters.Deps, kind, url string) catalog.Source {
	tb.Helper()
	src := catalog.Source{Kind: kind, URL: url, Slug: "src-" + kind, AllowPrivateNetwork: true}
	err := d.Store.Write(context.Background(), func(tx *catalog.Tx) error {
		a, err := tx.Agency("test")
		if err != nil {
			a = catalog.Agency{Slug: "test", Title: catalog.Text{"en": "Test agency"}}
			if err := tx.PutAgency(&a); err != nil {
				return err
			}
		}
		src.Agency = a.ID
		return tx.PutSource(&src)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return src
}

// harvest runs a source and fails the test on an error of the program.
func harvest(tb testing.TB, d harvesters.Deps, src catalog.Source) catalog.Run {
	tb.Helper()
	run, err := harvesters.Run(tb.Context(), d, src, harvesters.RunOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	kept, err := d.Store.Run(tb.Context(), run.ID)
	if err != nil {
		tb.Fatal(err)
	}
	if kept.State != run.State || kept.Counts != run.Counts || kept.Finished.IsZero() {
		tb.Errorf("the catalogue has the run as %+v, not as %+v", kept, run)
	}
	faultsAreSaid(tb, d, &kept)
	c := run.Counts
	if c.Seen != c.New+c.Changed+c.Touched+c.Unchanged+c.Faulty+c.Relinked+c.Deleted {
		tb.Errorf("the counts do not add up: %+v", c)
	}
	return run
}

func faultsOf(tb testing.TB, d harvesters.Deps, run catalog.Run) []catalog.RunFault {
	tb.Helper()
	faults, _, err := d.Store.RunFaults(tb.Context(), run.ID, 0, 100_000)
	if err != nil {
		tb.Fatal(err)
	}
	if int64(len(faults)) != run.Counts.Faults {
		tb.Errorf("%d faults are listed and %d counted", len(faults), run.Counts.Faults)
	}
	return faults
}

// realFile is the path of a file of the real collection, or the test is skipped.
func realFile(tb testing.TB, parts ...string) string {
	tb.Helper()
	dir := os.Getenv("SHAFAF_FILES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("the real files are not here: %v", err)
	}
	return path
}

// writeFile writes a file of the test and returns its path.
func writeFile(tb testing.TB, path string, content string) string {
	tb.Helper()
	if !filepath.IsAbs(path) {
		path = filepath.Join(tb.TempDir(), path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func newLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
