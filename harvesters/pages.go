package harvesters

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
	"github.com/klauspost/compress/zstd"
)

// pages keep what a run was sent, as it came: for the run that goes on after
// one that broke off, and for whoever has to answer a complaint. They lie,
// compressed, in a folder of the run; those of the last two runs of a source
// stay. That they cannot be kept is no reason to stop a run.
type pages struct {
	dir   string // of this run; empty: nothing is kept
	last  string // of the run before, if there is one
	again bool   // that one broke off, and this one goes on with its pages
	now   func() time.Time
	log   *slog.Logger
	bytes int64
}

const (
	pagesFolder = "harvest"          // in the data folder
	pagesAge    = 24 * time.Hour     // after which no run goes on with a page
	pagesWhole  = 7 * 24 * time.Hour // after which a whole catalogue is fetched anew, whatever its server says
	pagesBytes  = 1 << 30            // that are kept of one run
	pageGood    = ".page.zst"
	pageBad     = ".bad.zst" // it could not be read
	pagesOver   = "over"     // a file that says: this run is not to be gone on with
)

// newPages makes room for the pages of a run in the data folder. before is the
// last run of the source, nil without one.
func newPages(d *Deps, run, before *catalog.Run) *pages {
	p := &pages{now: d.Now, log: d.log()}
	if d.Dir == "" || run.DryRun {
		return p
	}
	source := filepath.Join(d.Dir, pagesFolder, run.Source)
	p.clean(source)
	if before != nil && exists(filepath.Join(source, before.ID)) {
		p.last = filepath.Join(source, before.ID)
		whole := before.State == catalog.RunComplete || before.State == catalog.RunHeld // one that runs was found dead
		p.again = !whole && !exists(filepath.Join(p.last, pagesOver))
	}
	p.dir = filepath.Join(source, run.ID)
	if err := os.MkdirAll(p.dir, 0o750); err != nil {
		p.broken(err)
	}
	return p
}

// Forget removes the pages that the data folder keeps of a source that is not
// harvested any more.
func Forget(dir, source string) error {
	if err := os.RemoveAll(filepath.Join(dir, pagesFolder, source)); err != nil {
		return fmt.Errorf("harvesters: forget the pages of a source: %w", err)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// clean leaves the pages of the newest run alone.
func (p *pages) clean(source string) {
	runs, err := os.ReadDir(source)
	if err != nil {
		return // there is none yet
	}
	for _, r := range runs[:max(0, len(runs)-1)] { // by name: ids begin with their time
		if err := os.RemoveAll(filepath.Join(source, r.Name())); err != nil {
			p.log.Warn("old pages cannot be removed", "folder", source, "err", err)
		}
	}
}

// broken stops keeping.
func (p *pages) broken(err error) {
	p.log.Warn("the pages of a source cannot be kept", "folder", p.dir, "err", err)
	p.dir = ""
}

// pagePath is where the page of an address lies.
func pagePath(dir, address, kind string) string {
	sum := sha256.Sum256([]byte(address))
	return filepath.Join(dir, hex.EncodeToString(sum[:16])+kind)
}

// A pageHead is the first line of a page that is kept.
type pageHead struct {
	URL          string `json:"url"`
	Charset      string `json:"charset,omitempty"` // that the server declared
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
}

// maxPageHead bounds that line.
const maxPageHead = 16 << 10

// get returns the page of an address that the run before had, and the character
// set that its server declared.
func (p *pages) get(address string) (body []byte, charset string, ok bool) {
	if p == nil || !p.again {
		return nil, "", false
	}
	head, r, err := p.open(address, pagesAge)
	if err != nil {
		return nil, "", false
	}
	defer r.Close()
	if body, err = io.ReadAll(io.LimitReader(r, maxPage)); err != nil { // cut off by a crash: its check sum is wrong
		return nil, "", false
	}
	p.carry(address)
	return body, head.Charset, true
}

// open opens what the run before was sent from an address, unless it is older.
func (p *pages) open(address string, age time.Duration) (pageHead, io.ReadCloser, error) {
	var head pageHead
	if p == nil || p.last == "" {
		return head, nil, fs.ErrNotExist
	}
	f, err := os.Open(pagePath(p.last, address, pageGood))
	if err != nil {
		return head, nil, err
	}
	info, err := f.Stat()
	if err == nil && p.now().Sub(info.ModTime()) > age {
		err = fs.ErrNotExist
	}
	if err != nil {
		return head, nil, errors.Join(err, f.Close())
	}
	unpack, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxPage))
	if err != nil {
		return head, nil, errors.Join(err, f.Close())
	}
	page := &openPage{bufio.NewReaderSize(unpack, maxPageHead), unpack, f}
	line, err := page.ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(line, &head)
	}
	if err == nil && head.URL != address {
		err = fs.ErrNotExist
	}
	if err != nil {
		return head, nil, errors.Join(err, page.Close())
	}
	return head, page, nil
}

// An openPage reads the body of a page that is kept.
type openPage struct {
	*bufio.Reader
	unpack *zstd.Decoder
	file   *os.File
}

// Close closes the file.
func (p *openPage) Close() error {
	p.unpack.Close()
	return p.file.Close()
}

// carry takes a page over into this run, so that the next one has it too. It
// keeps its age.
func (p *pages) carry(address string) {
	if p.dir == "" {
		return
	}
	if err := os.Link(pagePath(p.last, address, pageGood), pagePath(p.dir, address, pageGood)); err != nil && !errors.Is(err, os.ErrExist) {
		p.broken(err)
	}
}

// put keeps a page.
func (p *pages) put(head pageHead, body []byte) { p.keep(head, bytes.NewReader(body), pageGood) }

// keep keeps what r holds, beside and renamed: a page is whole or not there.
func (p *pages) keep(head pageHead, r io.Reader, kind string) {
	if p == nil || p.dir == "" || p.bytes > pagesBytes {
		return
	}
	f, err := os.CreateTemp(p.dir, "new-*")
	if err != nil {
		p.broken(err)
		return
	}
	n, err := writePage(f, head, r)
	p.bytes += n
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Chtimes(f.Name(), p.now(), p.now())
	}
	if err == nil {
		err = os.Rename(f.Name(), pagePath(p.dir, head.URL, kind))
	}
	if err != nil {
		p.broken(errors.Join(err, os.Remove(f.Name())))
	}
}

func writePage(f *os.File, head pageHead, r io.Reader) (int64, error) {
	w, err := zstd.NewWriter(f, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return 0, err
	}
	line, err := json.Marshal(head)
	if err == nil {
		_, err = w.Write(append(line, '\n'))
	}
	if err == nil {
		_, err = io.Copy(w, r)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return 0, err
	}
	return f.Seek(0, io.SeekCurrent)
}

// bad says that a page cannot be read: the next run asks for it again.
func (p *pages) bad(address string) {
	if p == nil || p.dir == "" {
		return
	}
	if err := os.Rename(pagePath(p.dir, address, pageGood), pagePath(p.dir, address, pageBad)); err != nil && !errors.Is(err, os.ErrNotExist) {
		p.broken(err)
	}
}

// end says whether another run may go on with the pages: only when this one
// broke off for a reason that lies in no page.
func (p *pages) end(again bool) {
	if p.dir == "" || again {
		return
	}
	if err := os.WriteFile(filepath.Join(p.dir, pagesOver), nil, 0o600); err != nil {
		p.broken(err)
	}
}
