package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// second compares the download of files that the server has written before with
// the copying of the same file through a socket.
func (b *bench) second() {
	rows := b.rows()
	p := b.spendPortal(rows)
	address := tableOf(p, "spend")
	base, stop := b.serveAt(p)
	defer stop()
	t := benchTable{Columns: []string{"second download", "the server", "the file through a socket", "times as long", "answer"}}
	for _, ext := range extensions() {
		for _, encoding := range []string{"identity", "gzip", "zstd"} {
			file := filepath.Join(b.dir, "kept."+ext)
			_, came, err := fetchAs(base+address+"."+ext, encoding, b.server, file)
			if err != nil {
				b.t.Fatal(err)
			}
			if came == "" && encoding != "identity" {
				continue // it is not packed
			}
			t.Rows = append(t.Rows, b.again(base, address+"."+ext, encoding, file))
		}
	}
	b.table(t)
	b.note("Both are read in pieces of 256 kB and thrown away. The socket is TCP on this machine; the file goes into it as the system does it (sendfile). Each line is a download of a new connection, repeated until 0.5 s have gone, several times in turn.")
}

// again compares downloads of an answer that has been written with copying it.
func (b *bench) again(base, path, encoding, file string) []string {
	name := "as " + strings.TrimPrefix(filepath.Ext(path), ".")
	if encoding != "identity" {
		name += ", " + encoding
	}
	b.compete(contender{shafafName + " " + name, func(string) (measure, error) { return drained(base, path, encoding) }},
		contender{"socket " + name, func(string) (measure, error) { return sentThrough(file) }})
	ours, theirs := b.taken[shafafName+" "+name], b.taken["socket "+name]
	if len(theirs) == 0 { // of a profile
		return []string{name, milliseconds(median(each(ours, wallOf)))}
	}
	if ours[0].size != theirs[0].size {
		b.t.Fatalf("%s: %d bytes, the file has %d", name, ours[0].size, theirs[0].size)
	}
	ratio := b.faster("socket "+name, shafafName+" "+name)
	b.goal("second download "+name+" within 1.2× of copying the file through a socket", fmt.Sprintf("%.2f×", ratio), ratio <= 1.2)
	return []string{name, milliseconds(median(each(ours, wallOf))), milliseconds(median(each(theirs, wallOf))), fmt.Sprintf("%.2f", ratio), megabyte(ours[0].size)}
}

// A turn of second downloads goes on for so long.
const drainFor = 500 * time.Millisecond

// drained downloads again and again and returns the mean of one download.
func drained(base, path, encoding string) (measure, error) {
	host := strings.TrimPrefix(base, "http://")
	return againAndAgain(func() (int64, error) {
		c, err := net.Dial("tcp", host)
		if err != nil {
			return 0, err
		}
		defer c.Close()
		if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: %s\r\nConnection: close\r\n\r\n", path, host, encoding); err != nil {
			return 0, err
		}
		r := bufio.NewReader(c)
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.ContentLength < 0 {
			return 0, fmt.Errorf("%s answers %s with length %d", path, resp.Status, resp.ContentLength)
		}
		n := int64(r.Buffered())
		return n + drain256(c, resp.ContentLength-n), nil
	})
}

// sentThrough sends the file through a socket again and again.
func sentThrough(file string) (measure, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return measure{}, err
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				f, err := os.Open(file)
				if err != nil {
					return
				}
				defer f.Close()
				_, _ = io.Copy(c, f)
			}()
		}
	}()
	return againAndAgain(func() (int64, error) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			return 0, err
		}
		defer c.Close()
		return drain256(c, 1<<62), nil
	})
}

// drain256 reads so many bytes, or all, and throws them away.
func drain256(c net.Conn, n int64) (read int64) {
	buf := make([]byte, 256<<10)
	for read < n {
		k, err := c.Read(buf)
		read += int64(k)
		if err != nil {
			break
		}
	}
	return read
}

// againAndAgain does something again and again for a while; the measure is of one time.
func againAndAgain(do func() (int64, error)) (s measure, err error) {
	start := time.Now()
	for n := 1; ; n++ {
		if s.size, err = do(); err != nil {
			return s, err
		}
		if took := time.Since(start); took > drainFor {
			s.wall = took / time.Duration(n)
			return s, nil
		}
	}
}

// freePort is a port that nobody listens at.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
