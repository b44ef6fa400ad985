package harvesters

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
	"golang.org/x/text/unicode/norm"
)

// A folder is a folder of files on this machine. A sub-folder with a
// description in it (datapackage.json, dataset.json, or a *.meta.json that
// belongs to no one file) is one dataset of the files that the description
// names and the tables beside them; name.meta.json describes the files
// name.*; any other file that is a table or a known document is a dataset of
// its own, titled by its name. What a dataset is known by is its path with
// slashes in NFC.
type folder struct{ visit *Visit }

func newFolder(v *Visit) (Source, error) {
	if isURL(v.Source.URL) || strings.Contains(v.Source.URL, "://") {
		return nil, &catalog.InvalidError{Field: "url", Reason: "a source of kind folder is a path on this machine, not an address"}
	}
	if strings.TrimSpace(v.Source.URL) == "" {
		return nil, &catalog.InvalidError{Field: "url", Reason: "a source of kind folder needs a path"}
	}
	return &folder{v}, nil
}

// Bounds of a walk through a folder.
const (
	maxFolderDepth = 32
	maxFolderFiles = 100_000
	maxDescribed   = 1 << 20 // bytes of a description
)

// Records yields the datasets of the folder, folder by folder, by name.
func (s *folder) Records(ctx context.Context) iter.Seq2[catalog.Record, error] {
	return func(yield func(catalog.Record, error) bool) {
		info, err := os.Stat(s.visit.Source.URL)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = say("folder.none").because(err)
		case err != nil:
			err = say("folder.closed").because(err)
		case !info.IsDir():
			err = say("folder.file")
		}
		if err != nil {
			yield(catalog.Record{}, err)
			return
		}
		root, err := os.OpenRoot(s.visit.Source.URL)
		if err != nil {
			yield(catalog.Record{}, say("folder.closed").because(err))
			return
		}
		defer root.Close()
		w := &folderWalk{ctx: ctx, root: root, visit: s.visit, yield: yield}
		giver(yield).end(w.dir(".", 0))
	}
}

// A folderWalk is one walk through a folder.
type folderWalk struct {
	ctx   context.Context
	root  *os.Root
	visit *Visit
	yield func(catalog.Record, error) bool
	files int
}

// A found is a file in the folder.
type found struct {
	path string // from the root, as it is on disk
	size int64
	at   time.Time
}

// name is the file's name in NFC.
func (f *found) name() string { return norm.NFC.String(path.Base(f.path)) }

// key is the file's path in NFC.
func (f *found) key() string { return norm.NFC.String(f.path) }

// dir yields the datasets of a folder and of those in it.
func (w *folderWalk) dir(at string, depth int) error {
	files, subs, err := w.list(at, depth)
	if err != nil {
		return err
	}
	if about := describing(files); about != nil {
		files, err = w.below(files, subs, depth)
		if err != nil {
			return err
		}
		return w.described(at, about, files)
	}
	if err := w.single(files); err != nil {
		return err
	}
	for _, sub := range subs {
		if err := w.dir(sub, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// below adds the files of sub-folders that have no description of their own;
// the others are datasets.
func (w *folderWalk) below(files []found, subs []string, depth int) ([]found, error) {
	for _, sub := range subs {
		more, deeper, err := w.list(sub, depth+1)
		if err != nil {
			return nil, err
		}
		if describing(more) != nil {
			w.files -= len(more) // they are listed once more
			if err := w.dir(sub, depth+1); err != nil {
				return nil, err
			}
			continue
		}
		files = append(files, more...)
		if files, err = w.below(files, deeper, depth+1); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// list returns the files and folders in a folder by name. Links to files inside
// the root count as files; links to folders are not followed.
func (w *folderWalk) list(at string, depth int) (files []found, subs []string, err error) {
	if err := w.ctx.Err(); err != nil {
		return nil, nil, err
	}
	if depth > maxFolderDepth {
		return nil, nil, say("folder.deep", at, maxFolderDepth)
	}
	entries, err := fs.ReadDir(w.root.FS(), at)
	if err != nil {
		return nil, nil, say("folder.inner", at).because(err)
	}
	for _, e := range entries {
		full := path.Join(at, e.Name())
		if e.IsDir() {
			if !strings.HasPrefix(e.Name(), ".") && e.Name() != "__MACOSX" {
				subs = append(subs, full)
			}
			continue
		}
		f, ok := w.look(full, e)
		if !ok {
			continue
		}
		if w.files++; w.files > maxFolderFiles {
			return nil, nil, say("folder.many", maxFolderFiles)
		}
		files = append(files, f)
	}
	return files, subs, nil
}

// look returns a file that counts; temporary and empty ones do not, nor what
// is no file or leads out of the root.
func (w *folderWalk) look(full string, e fs.DirEntry) (found, bool) {
	if passing(e.Name()) {
		return found{}, false
	}
	info, err := w.root.Stat(full)
	switch {
	case err != nil:
		w.note(full, "entry.link")
	case e.Type()&fs.ModeSymlink != 0 && info.IsDir():
		w.note(full, "entry.folder")
	case !info.Mode().IsRegular():
	case info.Size() == 0:
		w.note(full, "entry.empty")
	default:
		return found{full, info.Size(), info.ModTime().UTC()}, true
	}
	return found{}, false
}

func (w *folderWalk) note(file, kind string) {
	f := say(kind).fault(catalog.SeverityField)
	f.Identifier, f.Field = norm.NFC.String(file), "file"
	w.visit.Note(f)
}

// passing reports whether a name is that of a hidden, temporary or lock file.
func passing(name string) bool {
	lower := strings.ToLower(name)
	for _, start := range []string{".", "~$", "~", "#"} {
		if strings.HasPrefix(lower, start) {
			return true
		}
	}
	for _, end := range []string{".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".lock", ".lck", ".swp", ".bak", "~"} {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return lower == "thumbs.db" || lower == "desktop.ini"
}

const metaEnd = ".meta.json"

// describing returns the file among those of a folder that describes it, or nil.
func describing(files []found) *found {
	for _, want := range []string{"datapackage.json", "dataset.json"} {
		for i := range files {
			if strings.EqualFold(files[i].name(), want) {
				return &files[i]
			}
		}
	}
	for i := range files {
		if stem, ok := strings.CutSuffix(files[i].name(), metaEnd); ok && len(partners(files, stem)) == 0 {
			return &files[i]
		}
	}
	return nil
}

// partners returns the files that stem.meta.json describes.
func partners(files []found, stem string) []found {
	var all []found
	for _, f := range files {
		n := f.name()
		if n == stem || strings.HasPrefix(n, stem+".") && !strings.HasSuffix(n, metaEnd) {
			all = append(all, f)
		}
	}
	return all
}

// single yields the files of a folder without a description.
func (w *folderWalk) single(files []found) error {
	taken := map[string]bool{}
	for i := range files {
		stem, ok := strings.CutSuffix(files[i].name(), metaEnd)
		if !ok {
			continue
		}
		about := &files[i]
		taken[about.path] = true
		own := partners(files, stem)
		for _, f := range own {
			taken[f.path] = true
		}
		if err := w.described(path.Dir(about.path), about, append(own, *about)); err != nil {
			return err
		}
	}
	for i := range files {
		f := &files[i]
		if taken[f.path] || beside(f.name()) {
			continue
		}
		if catalog.FormatOf("", "", f.name()) == "" {
			w.note(f.path, "entry.unknown")
			continue
		}
		if err := w.file(f); err != nil {
			return err
		}
	}
	return nil
}

// beside reports whether a file stands beside the data: it is no dataset.
func beside(name string) bool {
	upper := strings.ToUpper(name)
	for _, start := range []string{"README", "LICENSE", "LICENCE", "CHANGELOG", "INDEX.HTM"} {
		if strings.HasPrefix(upper, start) {
			return true
		}
	}
	return strings.EqualFold(name, "catalog.rdf")
}

// file yields the dataset of one file.
func (w *folderWalk) file(f *found) error {
	m := &mapper{position: "file " + f.key(), identifier: f.key()}
	d := &catalog.Dataset{
		Title: catalog.TitleOf(titleOf(f.name())), AccessLevel: "public", Modified: stamp(f.at),
		Resources: []catalog.Resource{resourceOf(f)},
	}
	raw, err := json.Marshal(map[string]any{"path": f.key(), "bytes": f.size, "modified": stamp(f.at)})
	if err != nil {
		return err
	}
	if !w.yield(m.done(raw, d, nil), nil) {
		return errStop
	}
	return nil
}

// titleOf is a file's name as a title: without its ending, with spaces.
func titleOf(name string) string {
	stem := strings.TrimSuffix(name, path.Ext(name))
	if title := oneLine(strings.NewReplacer("_", " ", "-", " ").Replace(stem)); title != "" {
		return title
	}
	return name
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// resourceOf is the resource of a file of the folder. Its identifier is its
// path: the mirror reads it from there.
func resourceOf(f *found) catalog.Resource {
	return catalog.Resource{
		Identifier: f.key(), Name: f.name(), Format: catalog.FormatOf("", "", f.name()), Size: f.size, Modified: stamp(f.at),
	}
}
