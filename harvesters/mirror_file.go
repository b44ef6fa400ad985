package harvesters

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
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
	what := f.Resource.Format
	if what == "" {
		what = "table"
	}
	return nil, &FetchError{URL: f.Resource.DownloadURL, Text: fmt.Sprintf(
		"a web page came instead of the %s file: a login, an error or a page about it; ask its owner for the address of the file itself", what)}
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
	gone := func(format string, args ...any) error {
		return &FetchError{Text: fmt.Sprintf(format, args...)}
	}
	root, err := os.OpenRoot(src.URL)
	if err != nil {
		return nil, &FetchError{Text: "the folder of the source cannot be read; check that it is there", Temporary: true, Err: err}
	}
	defer root.Close()
	file, err := openRegular(root, f.Resource.Identifier)
	if errors.Is(err, fs.ErrNotExist) { // keys are NFC, names on some disks are not
		file, err = openRegular(root, norm.NFD.String(f.Resource.Identifier))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, gone("the file %s is no longer in the folder", f.Resource.Identifier)
	case errors.Is(err, fs.ErrPermission):
		return nil, gone("the file %s may not be read; let the program read it", f.Resource.Identifier)
	case err != nil:
		return nil, gone("the file %s cannot be read: it is a folder, or a link that leads out of the folder", f.Resource.Identifier)
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
