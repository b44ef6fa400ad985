package catalog

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/durable"

	"github.com/goccy/go-json"
)

// A Manifest says what a backup is of. The file manifest.json holds it, then
// one line for each file, and ends with a seal: the SHA-256 of all its bytes
// before the line of the seal. A folder without a manifest is no backup.
type Manifest struct {
	Format  int       `json:"format"`
	Made    time.Time `json:"made"`
	Program string    `json:"program"` // version that made it
	Epoch   string    `json:"epoch"`
	Change  int64     `json:"change"` // the last change that is in it
	Schema  int       `json:"schema"` // of the catalogue
}

// manifestFormat is raised when an older program could not restore the backup.
const manifestFormat = 1

const (
	manifestName = "manifest.json"
	manifestOpen = `"files":[`
	manifestEnd  = "]"
	sealOpen     = `,"seal":"`
	sealClose    = "\"}\n"
	maxLine      = 64 << 10
)

// An entry is one file of the portal in a backup.
type entry struct {
	Path    string      `json:"path"`           // in the data folder, with slashes
	Kept    string      `json:"kept,omitempty"` // in the backup, when it is not kept under Path
	Size    int64       `json:"size"`
	SHA256  string      `json:"sha256"`
	Mode    fs.FileMode `json:"mode,omitempty"`    // when it is not that of all data files
	Missing string      `json:"missing,omitempty"` // why the backup does not have it, in a sentence
}

// kept is where the file lies in the backup.
func (e *entry) kept() string {
	if e.Kept != "" {
		return e.Kept
	}
	return e.Path
}

// check refuses an entry that points out of the folders.
func (e *entry) check() error {
	for _, p := range []string{e.Path, e.kept()} {
		if !filepath.IsLocal(filepath.FromSlash(p)) || p == "." {
			return fmt.Errorf("it names the path %q", p)
		}
	}
	if len(e.SHA256) != 2*sha256.Size && e.Missing == "" || e.Size < 0 {
		return fmt.Errorf("it tells no digest of %q", e.Path)
	}
	return nil
}

// A manifestWriter writes a manifest line by line beside its place.
type manifestWriter struct {
	dir   string
	file  *os.File
	out   *bufio.Writer
	sum   hash.Hash
	lines int64
}

func newManifest(dir string, m *Manifest) (*manifestWriter, error) {
	file, err := os.CreateTemp(dir, "manifest-*.tmp")
	if err != nil {
		return nil, err
	}
	w := &manifestWriter{dir: dir, file: file, sum: sha256.New()}
	w.out = bufio.NewWriterSize(io.MultiWriter(file, w.sum), maxLine)
	head, err := encode(m)
	if err != nil {
		w.discard()
		return nil, err
	}
	// The head is the manifest without its closing brace: the files follow.
	_, err = w.out.WriteString(string(bytes.TrimSuffix(head, []byte("}"))) + ",\n" + manifestOpen + "\n")
	return w, err
}

func (w *manifestWriter) add(e *entry) error {
	line, err := encode(e)
	if err != nil {
		return err
	}
	if w.lines++; w.lines > 1 {
		line = append([]byte(","), line...)
	}
	_, err = w.out.Write(append(line, '\n'))
	return err
}

// finish seals the manifest and gives it its name: from then on the folder is a
// backup of that moment.
func (w *manifestWriter) finish() error {
	if _, err := w.out.WriteString(manifestEnd + "\n"); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return err
	}
	if _, err := w.file.WriteString(sealOpen + hex.EncodeToString(w.sum.Sum(nil)) + sealClose); err != nil {
		return err
	}
	return durable.Place(w.file, filepath.Join(w.dir, manifestName))
}

// discard removes what was written, unless it has its name already.
func (w *manifestWriter) discard() {
	_ = w.file.Close()
	_ = os.Remove(w.file.Name())
}

// errUnsealed says that a manifest is not as it was written.
var errUnsealed = errors.New("the manifest is damaged or was changed: its seal does not fit")

// readManifest reads the manifest of a backup from its first byte to its seal.
// The error wraps fs.ErrNotExist when there is none, and ErrNewer when a newer
// program wrote it.
func readManifest(dir string) (Manifest, error) {
	var m Manifest
	file, err := os.Open(filepath.Join(dir, manifestName))
	if err != nil {
		return m, err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, maxLine)
	sum := sha256.New()
	for n := 0; ; n++ {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return m, errUnsealed
		}
		if n == 0 {
			if m, err = parseHead(line); err != nil {
				return m, err
			}
		}
		if seal, ok := bytes.CutPrefix(line, []byte(sealOpen)); ok {
			rest, err := r.Peek(1)
			if string(seal) != hex.EncodeToString(sum.Sum(nil))+sealClose || len(rest) > 0 || err == nil {
				return m, errUnsealed
			}
			return m, nil
		}
		_, _ = sum.Write(line) // a hash never fails
	}
}

func parseHead(line []byte) (m Manifest, err error) {
	head, ok := bytes.CutSuffix(line, []byte(",\n"))
	if !ok {
		return m, errUnsealed
	}
	if err := json.Unmarshal(append(bytes.Clone(head), '}'), &m); err != nil {
		return m, errUnsealed
	}
	if m.Format > manifestFormat || m.Schema > schemaVersion() {
		return m, fmt.Errorf("%w: the backup was made by shafaf %s (format %d, schema %d) and this program knows formats up to %d and schemas up to %d; restore it with the newer program",
			ErrNewer, m.Program, m.Format, m.Schema, manifestFormat, schemaVersion())
	}
	if m.Format < 1 {
		return m, errUnsealed
	}
	return m, nil
}

// schemaVersion is the newest schema that this program knows.
func schemaVersion() int {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0
	}
	return len(names)
}

// entries returns the files of a manifest in the order of its lines. The
// manifest must have been read before.
func entries(dir string) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		file, err := os.Open(filepath.Join(dir, manifestName))
		if err != nil {
			yield(entry{}, err)
			return
		}
		defer file.Close()
		r := bufio.NewReaderSize(file, maxLine)
		for inside := false; ; {
			line, err := r.ReadSlice('\n')
			text := strings.TrimPrefix(strings.TrimSuffix(string(line), "\n"), ",")
			switch {
			case err != nil:
				yield(entry{}, errUnsealed)
				return
			case !inside:
				inside = text == manifestOpen
				continue
			case text == manifestEnd:
				return
			}
			var e entry
			if err := json.Unmarshal([]byte(text), &e); err != nil {
				yield(entry{}, errUnsealed)
				return
			}
			if err := e.check(); err != nil {
				yield(entry{}, fmt.Errorf("the manifest cannot be followed: %w", err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}
