package datasets

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// maxMembers is how many files an archive may hold that are looked at.
const maxMembers = 1000

// loadArchive loads the tables of all members of a ZIP archive. Their names
// are only names: a member is unpacked to a temporary file, one at a time. A
// member that is no table is told of and left out.
func (im *importing) loadArchive(ctx context.Context, f io.ReaderAt, size int64) error {
	members, err := openArchive(f, size)
	if err != nil {
		return err
	}
	for _, m := range members {
		name := tableName(memberName(m))
		err := im.loadMember(ctx, m, name)
		var fault *FileError
		if errors.As(err, &fault) && ctx.Err() == nil {
			im.left = append(im.left, leftOut("left.member", name, fault))
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openArchive returns the members that may be tables, after it has looked
// whether the archive is a bomb.
func openArchive(f io.ReaderAt, size int64) ([]*zip.File, error) {
	if checkDirectory(f, size, "") != nil {
		return nil, fileError("", 0, "archive.directory", maxEntries)
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, fileError("", 0, "archive.broken", "ZIP", err)
	}
	members := slices.DeleteFunc(archive.File, func(e *zip.File) bool { return leftover(e.Name) })
	var packed, unpacked uint64
	for _, e := range members {
		if packed += e.CompressedSize64; packed > uint64(size) {
			return nil, fileError("", 0, "archive.overlap")
		}
		if unpacked += e.UncompressedSize64; unpacked > maxUnpacked {
			return nil, fileError("", 0, "archive.unpacked")
		}
	}
	switch {
	case len(members) == 0:
		return nil, fileError("", 0, "archive.empty")
	case len(members) > maxMembers:
		return nil, fileError("", 0, "archive.members", len(members), maxMembers)
	}
	return members, nil
}

// openDocument names the document whose type stands in the given entry.
func openDocument(e *zip.File) string {
	r, err := e.Open()
	if err != nil {
		return "zip"
	}
	defer func() { _ = r.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(r, 100))
	if err != nil || !bytes.HasPrefix(text, []byte("application/vnd.oasis.opendocument.spreadsheet")) {
		return "zip"
	}
	return "ods"
}

// leftover reports whether a member is a folder, or one of the files that
// desktops put everywhere.
func leftover(name string) bool {
	name = strings.ReplaceAll(name, "\\", "/")
	base := strings.ToLower(path.Base(name))
	return strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, "._") ||
		base == ".ds_store" || base == "thumbs.db" || base == "desktop.ini"
}

// abouts are how the names of texts begin that tell about data and are none.
var abouts = []string{"readme", "license", "licence", "copying", "changelog", "notice", "راهنما"}

// about reports whether a member is a text about the data, by its name.
func about(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".md", ".markdown", ".rst":
		return true
	case ".txt", "":
		return slices.ContainsFunc(abouts, func(a string) bool { return strings.HasPrefix(base, a) })
	}
	return false
}

// loadMember loads the tables of one member.
func (im *importing) loadMember(ctx context.Context, m *zip.File, name string) error {
	switch {
	case m.Flags&1 != 0:
		return fileError("", 0, "member.locked")
	case m.Method != zip.Store && m.Method != zip.Deflate:
		return fileError("", 0, "member.method", methodName(m.Method))
	case m.UncompressedSize64 > freeRatio && m.UncompressedSize64/maxRatio > m.CompressedSize64:
		return fileError("", 0, "member.ratio", maxRatio)
	case about(name):
		return fileError("", 0, "member.about")
	}
	r, err := m.Open()
	if err != nil {
		return fileError("", 0, "member.broken", err)
	}
	defer func() { _ = r.Close() }() // only read
	return im.unpacked(ctx, r, int64(m.UncompressedSize64), func(f *tempFile, size int64) error {
		if kind, err := formatOf(f, size); err != nil || slices.Contains(archives, kind) {
			return cmp.Or(err, error(fileError("", 0, "member.nested", FileKind(kind))))
		}
		return im.loadTables(ctx, f, size, path.Base(name), name)
	})
}

// archives are the kinds of files that hold other files.
var archives = []string{"zip", "gzip", "bzip2", "rar", "7z"}

// methods are names of methods of packing that are met and not read.
var methods = map[uint16]string{9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES encryption"}

func methodName(n uint16) string { return cmp.Or(methods[n], fmt.Sprintf("method %d", n)) }

// loadGzip loads the tables of the one file in a gzip archive.
func (im *importing) loadGzip(ctx context.Context, f io.ReaderAt, size int64) error {
	r, err := gzip.NewReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return fileError("", 0, "archive.broken", "gzip", err)
	}
	limit := min(max(size*maxRatio, freeRatio), maxUnpacked)
	return im.unpacked(ctx, r, limit, func(f *tempFile, size int64) error {
		return im.loadTables(ctx, f, size, strings.TrimSuffix(im.name, path.Ext(im.name)), "")
	})
}

// unpacked writes what r gives, at most limit bytes, to a temporary file and
// hands it to do.
func (im *importing) unpacked(ctx context.Context, r io.Reader, limit int64, do func(f *tempFile, size int64) error) error {
	temp, err := im.files.temp("member-*")
	if err != nil {
		return err
	}
	defer temp.discard()
	w := im.files.Room.Writer(temp.File)
	buf := make([]byte, 256<<10)
	for size := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, broken := r.Read(buf)
		if size += int64(n); size > limit {
			return fileError("", 0, "member.large", Bytes(limit))
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return diskError(err)
		}
		if errors.Is(broken, io.EOF) {
			return do(temp, size)
		}
		if broken != nil {
			return fileError("", 0, "member.cut", broken)
		}
	}
}
