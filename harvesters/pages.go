package harvesters

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/klauspost/compress/zstd"
)

// pages keep what a run was sent, as it came: for the run that goes on after
// one that broke off, and for whoever has to answer a complaint. They lie,
// compressed, in a folder of the run; those of the last two runs of a source
// stay. That they cannot be kept is no reason to stop a run.
type pages struct {
	dir   string // of this run; empty: nothing is kept
	old   string // of the run that is gone on with, if one is
	now   func() time.Time
	log   *slog.Logger
	bytes int64
}

const (
	pagesFolder = "harvest"      // in the data folder
	pagesAge    = 24 * time.Hour // after which a page tells nothing any more
	pagesBytes  = 1 << 30        // that are kept of one run
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
	if before != nil && before.State != catalog.RunComplete && before.State != catalog.RunHeld { // a running one was found dead
		if old := filepath.Join(source, before.ID); !exists(filepath.Join(old, pagesOver)) && exists(old) {
			p.old = old
		}
	}
	p.dir = filepath.Join(source, run.ID)
	if err := os.MkdirAll(p.dir, 0o750); err != nil {
		p.broken(err)
	}
	return p
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

// get returns the page of an address that the run before had, and the character
// set that its server declared.
func (p *pages) get(address string) (body []byte, charset string, ok bool) {
	if p == nil || p.old == "" {
		return nil, "", false
	}
	path := pagePath(p.old, address, pageGood)
	info, err := os.Stat(path)
	if err != nil || p.now().Sub(info.ModTime()) > pagesAge {
		return nil, "", false
	}
	packed, err := os.ReadFile(path)
	if err != nil {
		return nil, "", false
	}
	r, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPage+maxIdentifier))
	if err != nil {
		return nil, "", false
	}
	defer r.Close()
	all, err := io.ReadAll(io.LimitReader(r, maxPage+maxIdentifier))
	head, body, found := bytes.Cut(all, []byte("\n"))
	if err != nil || !found { // cut off by a crash: its check sum is wrong
		return nil, "", false
	}
	_, charset, _ = strings.Cut(string(head), " ")
	p.carry(path, address)
	return body, charset, true
}

// carry takes a page over into this run, so that the next one has it too. It
// keeps its age.
func (p *pages) carry(path, address string) {
	if p.dir == "" {
		return
	}
	if err := os.Link(path, pagePath(p.dir, address, pageGood)); err != nil && !errors.Is(err, os.ErrExist) {
		p.broken(err)
	}
}

// put keeps a page.
func (p *pages) put(address, charset string, body []byte) {
	p.keep(address, charset, bytes.NewReader(body))
}

// keep keeps what r holds, beside and renamed: a page is whole or not there.
func (p *pages) keep(address, charset string, r io.Reader) {
	if p == nil || p.dir == "" || p.bytes > pagesBytes {
		return
	}
	f, err := os.CreateTemp(p.dir, "new-*")
	if err != nil {
		p.broken(err)
		return
	}
	defer os.Remove(f.Name()) // when it was not renamed
	n, err := writePage(f, address, charset, r)
	p.bytes += n
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Chtimes(f.Name(), p.now(), p.now())
	}
	if err == nil {
		err = os.Rename(f.Name(), pagePath(p.dir, address, pageGood))
	}
	if err != nil {
		p.broken(err)
	}
}

func writePage(f *os.File, address, charset string, r io.Reader) (int64, error) {
	w, err := zstd.NewWriter(f, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return 0, err
	}
	_, err = io.WriteString(w, strings.Join(strings.Fields(address), "%20")+" "+charset+"\n")
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
