package site

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

// long is a CSV file of so many rows of five columns.
func long(rows int) string {
	var b strings.Builder
	b.WriteString("n,a,b,c,شرح\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,%d,%d,x%d,ی%d\n", i, i%7, i%11, i%13, i%17)
	}
	return b.String()
}

const accepting, plainly = "Accept-Encoding", "identity"

func TestALargeTableIsSentWhileItIsWritten(t *testing.T) {
	s := newShelf(t)
	const rows = followCells / 5
	s.put(s.table, "long.csv", long(rows))
	url := s.of(s.table, ".csv")
	resp, first := ask(t, "GET", url, accepting, plainly)
	if resp.StatusCode != http.StatusOK || strings.Count(string(first), "\r\n") != rows+1 {
		t.Fatalf("%s, %d lines", resp.Status, strings.Count(string(first), "\r\n"))
	}
	if resp.ContentLength >= 0 && resp.Header.Get("ETag") == "" || resp.ContentLength < 0 && resp.Header.Get("Cache-Control") != CacheNever {
		t.Errorf("length %d, %v", resp.ContentLength, resp.Header)
	}
	resp, again := ask(t, "GET", url, accepting, plainly)
	if !bytes.Equal(again, first) || resp.ContentLength != int64(len(first)) || resp.Header.Get("ETag") == "" || resp.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("the second time: length %d of %d, %v", resp.ContentLength, len(first), resp.Header)
	}
	resp, part := ask(t, "GET", s.of(s.table, ".jsonl"), accepting, plainly, "Range", "bytes=0-9")
	if resp.StatusCode != http.StatusPartialContent || len(part) != 10 {
		t.Errorf("a part of what is not written yet: %s, %d bytes", resp.Status, len(part))
	}
}

func TestFilesOfTextAreKeptCompressed(t *testing.T) {
	s := newShelf(t)
	s.put(s.table, "long.csv", long(codedRows))
	url := s.of(s.table, ".csv")
	resp, plain := ask(t, "GET", url, accepting, plainly)
	if resp.Header.Get("Content-Encoding") != "" || resp.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%v", resp.Header)
	}
	tag := resp.Header.Get("ETag")
	resp, packed := ask(t, "GET", url, accepting, "gzip")
	if resp.Header.Get("Content-Encoding") != "gzip" || resp.ContentLength != int64(len(packed)) || resp.Header.Get("ETag") == tag {
		t.Fatalf("%v", resp.Header)
	}
	text, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(text); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("%d bytes of %d, error %v", len(got), len(plain), err)
	}
	if resp, _ := ask(t, "GET", url, accepting, "br, zstd, gzip"); resp.Header.Get("Content-Encoding") != "zstd" {
		t.Errorf("%v", resp.Header)
	}
	for ext, accept := range map[string]string{".csv": "gzip;q=0", ".parquet": "gzip", ".xlsx": "zstd"} {
		if resp, _ := ask(t, "GET", s.of(s.table, ext), accepting, accept); resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s for %s: %v", ext, accept, resp.Header)
		}
	}
}

func TestMoreFilesThanMayWaitAreRefused(t *testing.T) {
	s := newShelf(t)
	csv, _ := exporters.ByExt("csv")
	gate, waiting := make(chan struct{}), make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const most = 64 // more than may wait for one that goes on
	builds := most * runtime.GOMAXPROCS(0)
	for i := range builds {
		go func() {
			b, err := s.Exports.Get(ctx, fmt.Sprint("other", i), csv, exporters.Options{}, func() (*datasets.Table, error) {
				<-gate
				return nil, errors.New("it was only in the way")
			})
			if err == nil {
				_ = b.File.Close()
			}
			waiting <- err
		}()
	}
	for busy := false; !busy; { // the first one that finds no place
		busy = errors.Is(<-waiting, exporters.ErrBusy)
	}
	resp, body := ask(t, "GET", s.of(s.table, ".csv"), accepting, plainly)
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%s %v %s", resp.Status, resp.Header, body)
	}
	close(gate)
	for range builds - 1 {
		<-waiting
	}
	if resp, _ := ask(t, "GET", s.of(s.table, ".csv"), accepting, plainly); resp.StatusCode != http.StatusOK {
		t.Errorf("when there is room again: %s", resp.Status)
	}
}
