// Package ziptest makes archives for tests.
package ziptest

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
)

// A Member is a file in an archive; Change, unless nil, makes of its header what
// no program writes.
type Member struct {
	Name, Content string
	Change        func(*zip.FileHeader)
}

// Pack makes an archive of the members.
func Pack(tb testing.TB, members ...Member) string {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.Name, Method: zip.Deflate}
		if m.Change != nil {
			m.Change(h)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(w, m.Content)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}
