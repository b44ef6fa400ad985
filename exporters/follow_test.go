package exporters

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// gated is a table of two blocks; the second comes when the gate opens, or
// fault does.
func gated(gate <-chan struct{}, fault error) *datasets.Table {
	t := numbers(2 * blockRows)
	scan := t.Scan
	t.Scan = func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			for b, err := range scan(from, to) {
				if b.First == blockRows {
					<-gate
					err = fault
				}
				if !yield(b, err) || err != nil {
					return
				}
			}
		}
	}
	return t
}

func follow(t *testing.T, f *Files, tab *datasets.Table) (*Built, *Growing) {
	t.Helper()
	csv := csvFormat(t)
	built, growing, err := f.Follow(t.Context(), "digest", csv, Options{}, func() (*datasets.Table, error) { return tab, nil })
	if err != nil {
		t.Fatal(err)
	}
	return built, growing
}

func TestFollowReadsWhatIsWrittenBeforeTheEnd(t *testing.T) {
	f := openFiles(t)
	gate := make(chan struct{})
	_, growing := follow(t, f, gated(gate, nil))
	if growing == nil {
		t.Fatal("there is nothing to follow")
	}
	first := make([]byte, 3)
	if _, err := io.ReadFull(growing, first); err != nil || string(first) != "n\r\n" {
		t.Fatalf("it begins with %q, error %v", first, err)
	}
	close(gate)
	rest, err := io.ReadAll(growing)
	if err != nil {
		t.Fatal(err)
	}
	if err := growing.Close(); err != nil {
		t.Fatal(err)
	}
	want := export(t, "csv", numbers(2*blockRows), Options{})
	if !bytes.Equal(append(first, rest...), want) {
		t.Fatalf("%d bytes came, %d were due", len(first)+len(rest), len(want))
	}
	built, growing := follow(t, f, nil)
	if growing != nil || built.Size != int64(len(want)) {
		t.Fatalf("the second time: %+v, %+v", built, growing)
	}
	_ = built.File.Close()
}

func TestFollowBreaksWithTheExport(t *testing.T) {
	f := openFiles(t)
	gate := make(chan struct{})
	_, growing := follow(t, f, gated(gate, errBroken))
	close(gate)
	if _, err := io.ReadAll(growing); !errors.Is(err, errBroken) {
		t.Fatalf("error %v", err)
	}
	_ = growing.Close()
}

func TestExportThatNobodyFollowsIsGivenUp(t *testing.T) {
	f := openFiles(t)
	gate := make(chan struct{})
	_, growing := follow(t, f, gated(gate, nil))
	_ = growing.Close()
	close(gate)
	<-growing.build.done
	if err := growing.build.err; !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if s := f.Stats(); s.Files != 0 || s.Failed != 0 {
		t.Fatalf("%+v", s)
	}
}

func TestMoreBuildsThanMayWaitAreRefused(t *testing.T) {
	f := openFiles(t)
	csv := csvFormat(t)
	gate := make(chan struct{})
	room := (mostQueued + 1) * cap(f.heavy)
	ended := make(chan error, room)
	get := func(i int) error {
		b, err := f.Get(t.Context(), fmt.Sprint("digest", i), csv, Options{}, func() (*datasets.Table, error) { return gated(gate, nil), nil })
		if err == nil {
			err = b.File.Close()
		}
		return err
	}
	queued := func() int {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.queued
	}
	for i := range cap(f.heavy) { // those that go on
		go func() { ended <- get(i) }()
	}
	for len(f.heavy) < cap(f.heavy) || queued() > 0 {
		time.Sleep(time.Millisecond)
	}
	for i := range mostQueued * cap(f.heavy) {
		go func() { ended <- get(cap(f.heavy) + i) }()
	}
	for queued() < mostQueued*cap(f.heavy) {
		time.Sleep(time.Millisecond)
	}
	if err := get(room); !errors.Is(err, ErrBusy) {
		t.Errorf("error %v", err)
	}
	close(gate)
	for range room {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if err := get(room); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
}

func TestWhatATableCannotBeIsRemembered(t *testing.T) {
	f := openFiles(t)
	sheet, _ := ByExt("xlsx")
	s := datasets.Schema{{Name: "a", Label: "a", Type: datasets.Text}}
	opened := 0
	for range 2 {
		_, err := f.Get(t.Context(), "digest", sheet, Options{}, func() (*datasets.Table, error) {
			opened++
			return table(s, 10, []cell{string(make([]byte, cellUnits+1))}), nil
		})
		if fault := (*datasets.FileError)(nil); !errors.As(err, &fault) {
			t.Fatalf("error %v", err)
		}
	}
	if opened != 1 {
		t.Errorf("it was tried %d times", opened)
	}
}

func TestCodingsHoldTheSame(t *testing.T) {
	f := openFiles(t)
	tab := sourcedTable(20_000)
	for _, ext := range []string{"csv", "json", "jsonl"} {
		format, _ := ByExt(ext)
		want := export(t, ext, tab, Options{})
		for _, coding := range Codings() {
			b, err := f.Get(t.Context(), "digest", format, Options{Coding: coding}, func() (*datasets.Table, error) { return tab, nil })
			if err != nil {
				t.Fatal(err)
			}
			var text io.Reader
			if coding == "gzip" {
				text, err = gzip.NewReader(b.File)
			} else {
				text, err = zstd.NewReader(b.File)
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(text)
			if err != nil || !bytes.Equal(got, want) || b.Size >= int64(len(want)) {
				t.Errorf("%s in %s: %d bytes of %d, error %v", ext, coding, len(got), len(want), err)
			}
			_ = b.File.Close()
		}
	}
	parquet, _ := ByExt("parquet")
	if fileKey("d", &parquet, Options{Coding: "gzip"}) != fileKey("d", &parquet, Options{}) {
		t.Error("a format that is compressed itself has another file for a coding")
	}
}
