package harvesters

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

const (
	maxFile       = 2 << 30         // bytes of one file
	mirrorHosts   = 4               // hosts that are fetched from at once
	mirrorDue     = 1000            // files that are looked at in a round
	mirrorPerHost = 20              // files of one host in a round, so that others get their turn
	mirrorIdle    = 2 * time.Second // between two looks when nothing is due
	importTime    = 30 * time.Minute
)

// backOffs are the waits after each try that failed but may go well later. When
// they are used up, the file is given up until its source tells of a new one.
var backOffs = []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// Follow fetches the files of resources when they are due and there is room for
// them, until ctx ends: it
// keeps them, reads their tables, and makes these the current editions. It
// returns the error of ctx, or of the catalogue or the disk.
func Follow(ctx context.Context, d Deps) error {
	m, end := newMirror(d, 1)
	defer end()
	for {
		if d.room() != nil {
			if err := sleep(ctx, roomIdle); err != nil {
				return err
			}
			continue
		}
		n, err := m.round(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if err := sleep(ctx, mirrorIdle); err != nil {
			return err
		}
	}
}

// Drain fetches all files that are due and returns when none is. Those that
// wait for a later try stay waiting. progress is told how many of how many
// files are done.
func Drain(ctx context.Context, d Deps, progress func(done, of int64)) error {
	if err := d.room(); err != nil {
		return fmt.Errorf("fetch files: %w", err)
	}
	m, end := newMirror(d, 3)
	defer end()
	if progress != nil {
		waiting, err := d.Store.PendingFetches(ctx)
		if err != nil {
			return err
		}
		m.told = func(done int64) { progress(done, max(done, waiting)) }
	}
	for {
		n, err := m.round(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

// A mirror brings the files of resources here.
type mirror struct {
	deps   Deps
	client *Client
	tries  int // of one request, at once
	done   atomic.Int64
	told   func(done int64)
}

func newMirror(d Deps, tries int) (*mirror, func()) {
	client, end := d.client()
	return &mirror{deps: d, client: client, tries: tries, told: func(int64) {}}, end
}

// round fetches files that are due, several hosts at once and each host's one
// after the other, and returns how many it tried.
func (m *mirror) round(ctx context.Context) (int, error) {
	due, err := m.deps.Store.DueFetches(ctx, m.deps.Now(), mirrorDue)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	sources, err := m.sources(ctx)
	if err != nil {
		return 0, err
	}
	hosts := map[string][]catalog.Fetch{}
	for _, f := range due {
		host := hostOf(f.Resource.DownloadURL)
		if len(hosts[host]) < mirrorPerHost {
			hosts[host] = append(hosts[host], f)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wait sync.WaitGroup
	turns := make(chan struct{}, mirrorHosts)
	for _, host := range slices.Sorted(maps.Keys(hosts)) {
		wait.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			for _, f := range hosts[host] {
				if ctx.Err() != nil {
					return
				}
				if err := m.one(ctx, f, sources[f.Source]); err != nil {
					cancel(err)
					return
				}
				m.told(m.done.Add(1))
			}
		})
	}
	wait.Wait()
	return len(due), context.Cause(ctx)
}

func (m *mirror) sources(ctx context.Context) (map[string]catalog.Source, error) {
	all, err := m.deps.Store.Sources(ctx, true)
	byID := make(map[string]catalog.Source, len(all))
	for _, s := range all {
		byID[s.ID] = s
	}
	return byID, err
}

// one fetches a file and takes it in, or notes why that did not go well. Its
// error is one of the catalogue or the disk.
func (m *mirror) one(ctx context.Context, f catalog.Fetch, src catalog.Source) error {
	result, err := m.fetch(ctx, &f, src)
	var broken *FetchError
	var unfit *datasets.FileError
	switch {
	case err == nil:
		return result.write(ctx, m.deps.Store, f.Resource.ID)
	case ctx.Err() != nil:
		return ctx.Err() // it stays due
	case errors.As(err, &broken) && broken.Temporary:
		return m.note(ctx, &f, m.later(&f, broken))
	case errors.As(err, &broken):
		return m.note(ctx, &f, catalog.FetchResult{State: catalog.FetchFailed, Fault: broken.Text, Said: broken.Said})
	case isFull(err):
		return m.note(ctx, &f, m.noRoom())
	case errors.As(err, &unfit):
		return m.note(ctx, &f, catalog.FetchResult{State: catalog.FetchFailed, Fault: unfit.Text, Said: unfit.Said})
	}
	return fmt.Errorf("file of resource %s: %w", f.Resource.ID, err)
}

// later puts a file off after a try that failed, or gives it up.
func (m *mirror) later(f *catalog.Fetch, broken *FetchError) catalog.FetchResult {
	if f.Attempts+1 >= len(backOffs) {
		text, said := then(broken, "fetch.given.up", f.Attempts+1).parts()
		return catalog.FetchResult{State: catalog.FetchFailed, Fault: text, Said: said}
	}
	wait := max(backOffs[f.Attempts], min(broken.After, backOffs[len(backOffs)-1]))
	return catalog.FetchResult{State: catalog.FetchPending, Fault: broken.Text, Said: broken.Said, Again: m.deps.Now().Add(wait)}
}

func (m *mirror) note(ctx context.Context, f *catalog.Fetch, r catalog.FetchResult) error {
	return ignoreGone(m.deps.Store.Write(ctx, func(tx *catalog.Tx) error { return tx.PutFetch(f.Resource.ID, r) }))
}

// ignoreGone passes over resources that went away meanwhile.
func ignoreGone(err error) error {
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	return err
}

// A fetched is a file that came, or the news that it is as it was.
type fetched struct {
	file   catalog.File
	tables *datasets.Imported // nil: nothing new
	result catalog.FetchResult
}

func (f *fetched) write(ctx context.Context, s *catalog.Store, resource string) error {
	return ignoreGone(s.Write(ctx, func(tx *catalog.Tx) error {
		if f.tables == nil {
			return tx.PutFetch(resource, f.result)
		}
		return tx.PutFile(resource, f.file, f.tables, f.result)
	}))
}

// fetch gets the file of a resource from where its source may have it: over
// HTTP, or from the folder of a folder source.
func (m *mirror) fetch(ctx context.Context, f *catalog.Fetch, src catalog.Source) (*fetched, error) {
	if f.Resource.DownloadURL == "" && fromDisk(&src) {
		return m.fromFolder(ctx, f, src)
	}
	return m.fromWeb(ctx, f, src)
}

func (m *mirror) fromWeb(ctx context.Context, f *catalog.Fetch, src catalog.Source) (*fetched, error) {
	r := Request{
		URL: f.Resource.DownloadURL, AllowPrivate: src.AllowPrivateNetwork, Limit: maxFile, Tries: m.tries,
	}
	if isURL(src.URL) {
		r.Origin = src.URL
	}
	if f.File != "" && m.deps.Files.Has(f.File) {
		r.ETag, r.LastModified = f.ETag, f.LastModified
	}
	a, err := m.client.Get(ctx, r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	got := &fetched{result: catalog.FetchResult{State: catalog.FetchDone, ETag: a.ETag, LastModified: a.LastModified}}
	if a.NotModified {
		if got.result.ETag == "" {
			got.result.ETag = f.ETag
		}
		if got.result.LastModified == "" {
			got.result.LastModified = f.LastModified
		}
		return got, m.same(ctx, f, got)
	}
	got.file.Name = nameOfFile(f, a)
	return got, m.keep(ctx, f, got, a.Body)
}

// keep stores a file and reads it, unless it is the one that is there.
func (m *mirror) keep(ctx context.Context, f *catalog.Fetch, got *fetched, r io.Reader) error {
	body, err := refuseHTML(f, r)
	if err != nil {
		return err
	}
	got.file.Digest, got.file.Size, err = m.deps.Files.Put(ctx, body, maxFile)
	if err != nil {
		return err
	}
	if got.file.Digest == f.File {
		return m.same(ctx, f, got)
	}
	return m.read(ctx, got)
}

// same decides on a file that is as it was: there is nothing to do when a table
// came of it, else it is read again for the reason why there is none.
func (m *mirror) same(ctx context.Context, f *catalog.Fetch, got *fetched) error {
	known, err := m.deps.Store.Resource(ctx, f.Resource.ID)
	if err != nil {
		return ignoreGone(err)
	}
	if known.Edition == nil || known.Edition.HasTable {
		return nil
	}
	got.file = catalog.File{Digest: known.Edition.File, Name: known.Edition.FileName, Size: known.Edition.Size}
	return m.read(ctx, got)
}

func (m *mirror) read(ctx context.Context, got *fetched) (err error) {
	got.tables, err = datasets.Import(ctx, m.deps.Files, got.file.Digest, got.file.Name, datasets.ImportOptions{MaxTime: importTime})
	return err
}
