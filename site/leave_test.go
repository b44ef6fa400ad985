//go:build linux || darwin

package site

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

func TestWhoLeavesWaitsNoMore(t *testing.T) {
	s := newShelf(t)
	s.put(s.table, "long.csv", long(followCells/5))
	csv, _ := exporters.ByExt("csv")
	begun, gate, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	for i := range runtime.GOMAXPROCS(0) {
		go func() {
			_, err := s.Exports.Get(t.Context(), fmt.Sprint("other", i), csv, exporters.Options{}, func() (*datasets.Table, error) {
				begun <- struct{}{}
				<-gate
				return nil, errors.New("it was only in the way")
			})
			ended <- err
		}()
		<-begun
	}
	waiting := func(n int64) {
		for s.Exports.Stats().Waiting != n {
			time.Sleep(time.Millisecond)
		}
	}
	for _, path := range []string{".csv?n__gt=1", ".csv"} { // one that is waited for, and one that is followed
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "GET %s%s HTTP/1.1\r\nHost: x\r\n\r\n", strings.TrimPrefix(s.of(s.table, ""), s.url), path); err != nil {
			t.Fatal(err)
		}
		waiting(1)
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		waiting(0)
	}
	close(gate)
	for range runtime.GOMAXPROCS(0) {
		<-ended
	}
}
