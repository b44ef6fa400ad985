package exporters

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/datasets/durable"
)

// A Document is a file about the whole catalogue, such as the list of all its
// datasets: written when somebody asks for it, and again when it is out of
// date, but not more often than every DocumentPause.
type Document struct {
	Name  string    // of [a-z0-9-], a dot and an extension: "data.json"
	State string    // of what it tells of; another state makes it out of date
	After time.Time // a copy that is not made after it is good for nothing: it tells of what was removed then. A time to come means nothing
	Write func(ctx context.Context, w io.Writer) error
}

// DocumentPause is how long a document is good enough though it is out of date.
const DocumentPause = 10 * time.Minute

const documentsDir = "documents"

// documents are the documents that are being written.
type documents struct {
	mu    sync.Mutex
	turns map[string]chan struct{} // by name: holds a token for who may write it
}

// turn returns the channel that holds the only token to write a document.
func (d *documents) turn(name string) chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.turns == nil {
		d.turns = map[string]chan struct{}{}
	}
	if d.turns[name] == nil {
		d.turns[name] = make(chan struct{}, 1)
	}
	return d.turns[name]
}

// A keptDocument is a document in the folder, as its name tells.
type keptDocument struct {
	path   string
	made   time.Time
	state  string // digest of Document.State
	digest string // of its bytes
}

var documentName = regexp.MustCompile(`^([a-z0-9-]+)\.(\d{1,19})\.([0-9a-f]{16})\.([0-9a-f]{32})(\.[a-z0-9]+)$`)

// Document opens the newest copy of d; now is the time of its caller's clock.
// While one that is out of date is written anew, or when it cannot be, the
// older one is as good as it was: it is returned, and late says why it is not
// the newest.
func (f *Files) Document(ctx context.Context, d Document, now time.Time) (b *Built, late, err error) {
	const attempts = 3 // a newer copy may take the place of the one that was found before it is opened
	for range attempts {
		if b, late, err = f.document(ctx, d, now); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("exporters: %s: %w", d.Name, err)
	}
	return b, late, nil
}

func (f *Files) document(ctx context.Context, d Document, now time.Time) (b *Built, late, err error) {
	dir := filepath.Join(f.dir, documentsDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, nil, f.explain(err)
	}
	state := stateDigest(d.State)
	good := func(k *keptDocument) bool {
		age := now.Sub(k.made)
		return k.state == state || age >= 0 && age < DocumentPause && (k.made.After(d.After) || d.After.After(now))
	}
	kept, err := newestDocument(dir, d.Name)
	if err != nil {
		return nil, nil, err
	}
	if kept == nil || !good(kept) {
		if kept, late, err = f.renewDocument(ctx, dir, d, kept, now, good); err != nil {
			return nil, nil, err
		}
	}
	b, err = kept.open()
	return b, late, err
}

// renewDocument writes d unless another has meanwhile. Who has an older one
// does not wait for another that is writing.
func (f *Files) renewDocument(ctx context.Context, dir string, d Document, old *keptDocument, now time.Time,
	good func(*keptDocument) bool,
) (kept *keptDocument, late, err error) {
	turn := f.documents.turn(d.Name)
	select {
	case turn <- struct{}{}:
	default:
		if old != nil {
			return old, nil, nil
		}
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
	defer func() { <-turn }()
	if kept, err = newestDocument(dir, d.Name); err != nil || kept != nil && good(kept) {
		return kept, nil, err
	}
	fresh, err := f.writeDocument(ctx, dir, d, now)
	if err != nil && kept != nil {
		return kept, err, nil
	}
	return fresh, nil, err
}

// writeDocument writes d into a new file, gives it its name when all of it is on
// the disk, and removes the older ones. Whoever reads one of these reads on.
func (f *Files) writeDocument(ctx context.Context, dir string, d Document, now time.Time) (k *keptDocument, err error) {
	defer recoverInto(&err)
	select {
	case f.heavy <- struct{}{}:
		defer func() { <-f.heavy }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	file, err := os.CreateTemp(dir, temporary+"*")
	if err != nil {
		return nil, f.explain(err)
	}
	defer os.Remove(file.Name()) // it has another name by then, or is of no use
	defer file.Close()
	w := &digestingWriter{file, sha256.New()}
	if err := d.Write(ctx, w); err != nil {
		return nil, f.explain(err)
	}
	if err := file.Chmod(0o644); err != nil {
		return nil, err
	}
	ext := filepath.Ext(d.Name)
	k = &keptDocument{made: now.Truncate(time.Second), state: stateDigest(d.State), digest: hex.EncodeToString(w.sum.Sum(nil))[:32]}
	k.path = filepath.Join(dir, fmt.Sprintf("%s.%d.%s.%s%s", strings.TrimSuffix(d.Name, ext), k.made.Unix(), k.state, k.digest, ext))
	if err := durable.Place(file, k.path); err != nil {
		return nil, f.explain(err)
	}
	removeDocuments(dir, d.Name, k.path, now)
	return k, nil
}

type digestingWriter struct {
	io.Writer
	sum hash.Hash
}

// Write writes p on and sums it up.
func (w *digestingWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.sum.Write(p[:n])
	return n, err
}

func stateDigest(state string) string {
	h := fnv.New64a()
	h.Write([]byte(state))
	return fmt.Sprintf("%016x", h.Sum64())
}

// documentsNamed returns the kept copies of a document, the newest first.
func documentsNamed(dir, name string) ([]*keptDocument, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []*keptDocument
	for _, e := range entries {
		m := documentName.FindStringSubmatch(e.Name())
		if m == nil || m[1]+m[5] != name {
			continue
		}
		made, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil {
			continue
		}
		all = append(all, &keptDocument{filepath.Join(dir, e.Name()), time.Unix(made, 0).UTC(), m[3], m[4]})
	}
	slices.SortStableFunc(all, func(a, b *keptDocument) int { return b.made.Compare(a.made) })
	return all, nil
}

// newestDocument returns the newest copy, nil when there is none.
func newestDocument(dir, name string) (*keptDocument, error) {
	all, err := documentsNamed(dir, name)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// removeDocuments removes the copies of a document but one, and what processes
// that died have left. What cannot be removed goes the next time.
func removeDocuments(dir, name, but string, now time.Time) {
	all, _ := documentsNamed(dir, name)
	for _, k := range all {
		if k.path != but {
			os.Remove(k.path)
		}
	}
	rests, _ := filepath.Glob(filepath.Join(dir, temporary+"*"))
	for _, path := range rests {
		if info, err := os.Stat(path); err == nil && now.Sub(info.ModTime()) > staleAfter {
			os.Remove(path)
		}
	}
}

func (k *keptDocument) open() (*Built, error) {
	file, err := os.Open(k.path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Built{File: file, Size: info.Size(), ETag: `"` + k.digest + `"`, Modified: k.made}, nil
}
