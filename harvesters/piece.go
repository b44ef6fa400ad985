package harvesters

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// Bounds of the files that a source on this machine is made of.
const (
	maxPiece    = 64 << 20 // bytes of one, unpacked
	maxBeside   = 512 << 20
	maxUnpacked = 2 << 30 // of a ZIP
	maxRatio    = 200     // of unpacked to packed
)

// A piece is a file of a source on this machine: the one at its path, one in
// the folder there, or one in a ZIP.
type piece struct {
	name string // its path from the root with slashes in NFC, or its name
	size int64
	open func() (io.ReadCloser, error)
}

// base is its name without folders.
func (p *piece) base() string { return path.Base(p.name) }

// ends reports whether its name ends in one of the endings.
func (p *piece) ends(with ...string) bool {
	return slices.Contains(with, strings.ToLower(path.Ext(p.name)))
}

// read returns what is in it.
func (p *piece) read() ([]byte, error) {
	if p.size > maxPiece {
		return nil, say("piece.large", catalog.Bytes(maxPiece))
	}
	f, err := p.open()
	if err != nil {
		return nil, say("piece.closed").because(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPiece+1))
	switch {
	case len(b) > maxPiece:
		return nil, say("piece.large", catalog.Bytes(maxPiece))
	case err != nil:
		return nil, say("piece.closed").because(err)
	}
	return b, nil
}

// pieces calls do for each file of a source on this machine, by name: the file
// at its path, or those in the folder there. Members of a ZIP are files of it.
func (v *Visit) pieces(ctx context.Context, do func(*piece) error) error {
	at := v.Source.URL
	info, err := os.Stat(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return say("doc.none").because(err)
	case err != nil:
		return say("doc.closed").because(err)
	case info.IsDir():
		return v.folderPieces(ctx, do)
	case !info.Mode().IsRegular():
		return say("doc.folder")
	}
	return v.piece(ctx, &piece{
		name: path.Base(strings.ReplaceAll(at, `\`, "/")), size: info.Size(),
		open: func() (io.ReadCloser, error) { return os.Open(at) },
	}, do)
}

func (v *Visit) folderPieces(ctx context.Context, do func(*piece) error) error {
	root, err := os.OpenRoot(v.Source.URL)
	if err != nil {
		return say("folder.closed").because(err)
	}
	defer root.Close()
	w := &folderWalk{ctx: ctx, root: root, visit: v}
	var walk func(at string, depth int) error
	walk = func(at string, depth int) error {
		files, subs, err := w.list(at, depth)
		if err != nil {
			return err
		}
		for i := range files {
			f := &files[i]
			p := &piece{name: f.key(), size: f.size, open: func() (io.ReadCloser, error) { return openRegular(root, f.path) }}
			if err := v.piece(ctx, p, do); err != nil {
				return err
			}
		}
		for _, sub := range subs {
			if err := walk(sub, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(".", 0)
}

// piece calls do for a file, or for each in it when it is a ZIP.
func (v *Visit) piece(ctx context.Context, p *piece, do func(*piece) error) error {
	if !p.ends(".zip") {
		return do(p)
	}
	f, err := p.open()
	if err != nil {
		return say("piece.closed").because(err)
	}
	defer f.Close()
	at, ok := f.(io.ReaderAt)
	if !ok {
		return say("piece.zip", p.name)
	}
	z, err := zip.NewReader(at, p.size)
	if err != nil {
		return say("piece.zip", p.name).because(err)
	}
	if len(z.File) > maxFolderFiles {
		return say("folder.many", maxFolderFiles)
	}
	slices.SortFunc(z.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var total uint64
	for _, m := range z.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		if m.FileInfo().IsDir() || passing(path.Base(m.Name)) || m.UncompressedSize64 == 0 {
			continue
		}
		if total += m.UncompressedSize64; total > maxUnpacked || m.UncompressedSize64 > maxPiece || m.UncompressedSize64 > maxRatio*(m.CompressedSize64+1<<10) {
			return say("piece.bomb", p.name)
		}
		if err := do(&piece{name: p.name + "/" + cleanText(m.Name), size: int64(m.UncompressedSize64), open: m.Open}); err != nil { //nolint:gosec // it is at most maxPiece
			return err
		}
	}
	return nil
}
