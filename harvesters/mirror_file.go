package harvesters

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"golang.org/x/text/unicode/norm"
)

// refuseHTML looks at the beginning of a file that should be a table and
// returns it whole, or an error when it is a web page.
func refuseHTML(f *catalog.Fetch, r io.Reader) (io.Reader, error) {
	buf := bufio.NewReaderSize(r, 64<<10)
	head, err := buf.Peek(1024)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !isHTML(head) {
		return buf, nil
	}
	if f.Resource.Format == "" {
		return nil, say("file.page").fetchError(f.Resource.DownloadURL)
	}
	return nil, say("file.page.for", f.Resource.Format).fetchError(f.Resource.DownloadURL)
}

func isHTML(head []byte) bool {
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	for _, start := range []string{"<!doctype html", "<html", "<head", "<body", "<script", "<!--"} {
		if bytes.HasPrefix(text, []byte(start)) {
			return true
		}
	}
	return bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("<html"))
}

// nameOfFile is what the giver of a file calls it: in its answer, in the
// address, else the name of the resource.
func nameOfFile(f *catalog.Fetch, a *Answer) string {
	if a.FileName != "" {
		return a.FileName
	}
	for _, address := range []string{f.Resource.DownloadURL, a.URL} {
		if u, err := url.Parse(address); err == nil && path.Ext(u.Path) != "" {
			return cut(oneLine(path.Base(u.Path)), maxName)
		}
	}
	name := strings.NewReplacer("/", "-", `\`, "-").Replace(f.Resource.Name)
	if ext := "." + strings.ToLower(f.Resource.Format); f.Resource.Format != "" && !strings.HasSuffix(strings.ToLower(name), ext) {
		name += ext
	}
	return name
}

// fromFolder takes a file of a folder source from disk. Nothing outside of the
// folder is ever opened, be it through links or dots.
func (m *mirror) fromFolder(ctx context.Context, f *catalog.Fetch, src catalog.Source) (*fetched, error) {
	root, err := os.OpenRoot(rootOf(&src))
	if err != nil {
		f := say("file.folder").because(err).fetchError("")
		f.Temporary = true
		return nil, f
	}
	defer root.Close()
	file, err := openRegular(root, f.Resource.Identifier)
	if errors.Is(err, fs.ErrNotExist) { // keys are NFC, names on some disks are not
		file, err = openRegular(root, norm.NFD.String(f.Resource.Identifier))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, say("file.gone", f.Resource.Identifier).fetchError("")
	case errors.Is(err, fs.ErrPermission):
		return nil, say("file.closed", f.Resource.Identifier).fetchError("")
	case err != nil:
		return nil, say("file.irregular", f.Resource.Identifier).fetchError("")
	}
	defer file.Close()
	got := &fetched{
		file:   catalog.File{Name: path.Base(f.Resource.Identifier)},
		result: catalog.FetchResult{State: catalog.FetchDone},
	}
	return got, m.keep(ctx, f, got, file)
}

var errIrregular = errors.New("no regular file")

// openRegular opens a regular file inside root by its path with slashes.
func openRegular(root *os.Root, name string) (*os.File, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errIrregular // opening a pipe would wait for ever
	}
	return root.Open(name)
}
